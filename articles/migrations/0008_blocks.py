"""Which pictures stand in the bodies of articles, known as rows."""

import re

import django.db.models.deletion
from django.db import migrations, models

FIGURE = re.compile(r'<figure data-picture="([0-9]+)"')


def note_uses(apps, schema_editor):
    """What the bodies name that are there already."""
    uses, pictures = apps.get_model("articles", "PictureUse"), apps.get_model("articles", "Picture")
    articles = apps.get_model("articles", "Article").objects.filter(body__contains='<figure data-picture="')
    there = set(pictures.objects.values_list("pk", flat=True)) if articles.exists() else set()
    for pk, body in articles.values_list("pk", "body").iterator():
        numbers = {int(number) for number in FIGURE.findall(body)} & there
        uses.objects.bulk_create([uses(article_id=pk, picture_id=number) for number in sorted(numbers)])


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_renditions")]

    operations = [
        migrations.CreateModel(
            name="PictureUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="picture_uses",
                        to="articles.article",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="articles.picture",
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a picture",
                "verbose_name_plural": "uses of pictures",
                "constraints": [models.UniqueConstraint(fields=("article", "picture"), name="picture_use_once")],
            },
        ),
        migrations.RunPython(note_uses, migrations.RunPython.noop),
    ]
