"""Files of readers that staff bring, what is counted of an issue, and who may take addresses out."""

import django.db.models.deletion
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def give_permission(apps, schema_editor):
    """Publishers look after the readers; a list of addresses leaves the house by their hand or an administrator's."""
    config = apps.get_app_config("newsletter")
    before, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = before
    export = apps.get_model("auth", "Permission").objects.get(
        codename="export_subscriber", content_type__app_label="newsletter"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Publisher", "Administrator"]):
        group.permissions.add(export)


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0005_delivery"),
    ]

    operations = [
        migrations.CreateModel(
            name="Figures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="counted")),
                ("counted", models.JSONField()),
            ],
            options={
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Portion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lines", models.JSONField()),
            ],
            options={
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="RefusedLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="line")),
                ("line", models.CharField(max_length=200, verbose_name="what stands there")),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("no_address", "There is no address in it"),
                            ("not_address", "That is no e-mail address"),
                            ("long", "Too long"),
                            ("control", "There are control characters in it"),
                            ("quote", "A quotation mark is opened and never closed"),
                            ("twice", "It stands in the file twice"),
                            ("unsubscribed", "This reader left or was erased: only they can come back, by signing up"),
                            ("bounced", "Mail to this address comes back"),
                            ("complained", "This reader complained of spam"),
                            ("staff", "Staff closed this address"),
                        ],
                        max_length=12,
                        verbose_name="why",
                    ),
                ),
            ],
            options={
                "ordering": ["number", "pk"],
                "default_permissions": [],
            },
        ),
        migrations.AlterModelOptions(
            name="subscriber",
            options={
                "ordering": ["-signed_up_at", "-pk"],
                "permissions": [("export_subscriber", "Can export the addresses of subscribers")],
                "verbose_name": "subscriber",
                "verbose_name_plural": "subscribers",
            },
        ),
        migrations.RemoveField(
            model_name="intake",
            name="lines",
        ),
        migrations.AddField(
            model_name="intake",
            name="confirmed_elsewhere",
            field=models.BooleanField(default=False, verbose_name="confirmed elsewhere"),
        ),
        migrations.AddField(
            model_name="intake",
            name="erased",
            field=models.PositiveIntegerField(default=0, verbose_name="erased again"),
        ),
        migrations.AddField(
            model_name="intake",
            name="ignored",
            field=models.CharField(blank=True, max_length=300, verbose_name="columns that were not read"),
        ),
        migrations.AddField(
            model_name="subscriber",
            name="brought_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="subscribers",
                to="newsletter.intake",
            ),
        ),
        migrations.RemoveField(model_name="intake", name="refused"),
        migrations.AddField(
            model_name="intake",
            name="refused",
            field=models.PositiveIntegerField(default=0, verbose_name="refused"),
        ),
        migrations.AlterField(
            model_name="intake",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                ],
                default="waiting",
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["deed", "at"], name="consent_by_deed"),
        ),
        migrations.AddIndex(
            model_name="subscriber",
            index=models.Index(fields=["state", "-signed_up_at", "-id"], name="subscriber_by_state"),
        ),
        migrations.AddIndex(
            model_name="subscriber",
            index=models.Index(
                condition=models.Q(("brought_by__isnull", False)), fields=["brought_by"], name="subscriber_brought"
            ),
        ),
        migrations.AddField(
            model_name="figures",
            name="issue",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="newsletter.issue"
            ),
        ),
        migrations.AddField(
            model_name="portion",
            name="intake",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="portions", to="newsletter.intake"
            ),
        ),
        migrations.AddField(
            model_name="refusedline",
            name="intake",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="refused_lines", to="newsletter.intake"
            ),
        ),
        migrations.RunPython(give_permission, migrations.RunPython.noop),
    ]
