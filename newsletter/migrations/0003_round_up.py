"""The round-up: readers with a state and a record of consent, issues with their items, deliveries in batches."""

import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import articles.models.magazine
import newsletter.models.issue
from newsletter import tokens


def give_keys(apps, schema_editor):
    """Each address its key. Of two spellings of one address, neither of which has been written to yet, the first stays."""
    subscribers, seen = apps.get_model("newsletter", "Subscriber").objects, set()
    for subscriber in subscribers.order_by("pk").iterator():
        subscriber.key = tokens.key_of(subscriber.email)
        if subscriber.key in seen:
            subscriber.delete()
        else:
            seen.add(subscriber.key)
            subscriber.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_round_up"),
        ("newsletter", "0002_send_issue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.PositiveBigIntegerField()),
                ("last", models.PositiveBigIntegerField()),
                ("done", models.BooleanField(default=False)),
                ("owner", models.CharField(blank=True, max_length=60)),
                ("lease_until", models.DateTimeField(null=True)),
                ("sent", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Bounce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hard", "For good"),
                            ("soft", "For now"),
                            ("policy", "Policy or spam filter: not the reader’s fault"),
                            ("complaint", "Complaint of spam"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("source", models.CharField(max_length=10, verbose_name="known by")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("detail", models.CharField(blank=True, max_length=300, verbose_name="what the other side said")),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "verbose_name": "bounce",
                "verbose_name_plural": "bounces",
                "ordering": ["-at", "-pk"],
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_index=True, max_length=32, verbose_name="key of the address")),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("signed_up", "Signed up"),
                            ("confirmed", "Confirmed"),
                            ("not_me", "Said: that was not me"),
                            ("left", "Left"),
                            ("paused", "Paused for four weeks"),
                            ("went_on", "Ended the pause"),
                            ("moved_away", "Changed to another address"),
                            ("moved_here", "Came from another address"),
                            ("exported", "Took a copy of the data"),
                            ("erased", "Erased"),
                            ("bounced", "Mail came back for good"),
                            ("complained", "Complained of spam"),
                            ("imported", "Imported with a statement of consent"),
                            ("suppressed", "Closed by staff"),
                            ("lifted", "Opened again by staff"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("page", models.CharField(blank=True, max_length=300, verbose_name="page")),
                ("network", models.CharField(blank=True, max_length=45, verbose_name="from the network address")),
                ("token", models.CharField(blank=True, max_length=16, verbose_name="token")),
                ("by", models.CharField(blank=True, max_length=150, verbose_name="by")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "ordering": ["at", "pk"],
                "default_permissions": ["view"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("claimed", "Being sent"),
                            ("sent", "Sent"),
                            ("deferred", "Tried again later"),
                            ("failed", "Refused"),
                            ("skipped", "Left out"),
                            ("in_doubt", "In doubt"),
                        ],
                        default="queued",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("at", models.DateTimeField(null=True, verbose_name="last change")),
                ("reply", models.CharField(blank=True, max_length=300, verbose_name="what the server said")),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("lines", models.TextField(blank=True)),
                ("statement", models.TextField(verbose_name="statement of consent")),
                ("at", models.DateTimeField(verbose_name="brought")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="done")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="lines")),
                ("read", models.PositiveIntegerField(default=0, verbose_name="read")),
                ("added", models.PositiveIntegerField(default=0, verbose_name="added")),
                ("known", models.PositiveIntegerField(default=0, verbose_name="known already")),
                ("refused", models.JSONField(default=list, verbose_name="refused")),
                ("owner", models.CharField(blank=True, max_length=60)),
                ("lease_until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "import of subscribers",
                "verbose_name_plural": "imports of subscribers",
                "ordering": ["-at", "-pk"],
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Issue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.CharField(
                        default=newsletter.models.issue.new_uid, editable=False, max_length=16, unique=True
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        editable=False,
                        help_text="Given when it is first scheduled.",
                        null=True,
                        unique=True,
                        verbose_name="number",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("scheduled", "Scheduled"),
                            ("preparing", "Preparing"),
                            ("sending", "Sending"),
                            ("paused", "Paused"),
                            ("sent", "Sent"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                            ("missed", "Missed"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("why", models.CharField(blank=True, editable=False, max_length=300, verbose_name="why")),
                ("subject", models.CharField(blank=True, max_length=150, verbose_name="subject")),
                (
                    "preheader",
                    models.CharField(
                        blank=True,
                        help_text="What a mail program shows after the subject.",
                        max_length=150,
                        verbose_name="preheader",
                    ),
                ),
                ("intro", models.TextField(blank=True, verbose_name="words before the pieces")),
                ("outro", models.TextField(blank=True, verbose_name="words after the pieces")),
                ("by_section", models.BooleanField(default=True, verbose_name="sections as headings")),
                ("since", models.DateTimeField(editable=False, null=True, verbose_name="pieces from")),
                ("until", models.DateTimeField(editable=False, null=True, verbose_name="pieces to")),
                ("scheduled_for", models.DateTimeField(editable=False, null=True, verbose_name="goes out")),
                (
                    "on_doubt",
                    models.CharField(
                        choices=[
                            ("hold", "Hold: nobody gets it twice; staff decide"),
                            ("resend", "Send again, with the same Message-ID"),
                        ],
                        default="hold",
                        editable=False,
                        max_length=6,
                    ),
                ),
                ("frozen_at", models.DateTimeField(editable=False, null=True)),
                ("html", models.TextField(blank=True, editable=False)),
                ("text", models.TextField(blank=True, editable=False)),
                ("web", models.TextField(blank=True, editable=False)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64, verbose_name="SHA-256")),
                ("began_at", models.DateTimeField(editable=False, null=True, verbose_name="sending began")),
                ("worked_at", models.DateTimeField(editable=False, null=True, verbose_name="last worked on")),
                ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="sending ended")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("saved_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
            ],
            options={
                "verbose_name": "issue",
                "verbose_name_plural": "issues",
                "ordering": ["-created_at", "-pk"],
                "permissions": [("send_issue", "Can send an issue of the newsletter")],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("piece", "Piece"), ("update", "Updated since we sent it")],
                        default="piece",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("pinned", models.BooleanField(default=False, verbose_name="pinned")),
                (
                    "title",
                    models.CharField(
                        blank=True, help_text="Empty: the headline.", max_length=200, verbose_name="title"
                    ),
                ),
                (
                    "blurb",
                    models.TextField(blank=True, help_text="Empty: the dek.", max_length=600, verbose_name="blurb"),
                ),
                ("shows_picture", models.BooleanField(default=True, verbose_name="with a picture")),
                ("clicks", models.PositiveIntegerField(default=0, editable=False, verbose_name="clicks")),
            ],
            options={
                "verbose_name": "item",
                "verbose_name_plural": "items",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Newsletter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Empty: “The week” and the magazine’s name.",
                        max_length=100,
                        verbose_name="name",
                    ),
                ),
                (
                    "weekly",
                    models.BooleanField(
                        default=False,
                        help_text="Staff are told, and nothing is sent by that alone.",
                        verbose_name="make a draft every week",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        default=4,
                        verbose_name="day",
                    ),
                ),
                ("hour", models.TimeField(default=datetime.time(9, 0), verbose_name="time")),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the magazine’s. For example Europe/Lisbon.",
                        max_length=64,
                        validators=[articles.models.magazine.known_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "fewest_pieces",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="With fewer there is no issue that week, and staff are told.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="fewest new pieces",
                    ),
                ),
                (
                    "most_pieces",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(40),
                        ],
                        verbose_name="most pieces",
                    ),
                ),
                (
                    "by_itself",
                    models.BooleanField(
                        default=False,
                        help_text="The weekly draft is scheduled as soon as it is made, and goes when the time to undo is over.",
                        verbose_name="send it by itself",
                    ),
                ),
                (
                    "undo_minutes",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes to undo",
                    ),
                ),
                (
                    "from_name",
                    models.CharField(
                        blank=True, help_text="Empty: the magazine.", max_length=100, verbose_name="from, name"
                    ),
                ),
                (
                    "from_address",
                    models.EmailField(
                        blank=True,
                        help_text="Empty: the address the whole site sends from.",
                        max_length=254,
                        verbose_name="from, address",
                    ),
                ),
                ("reply_to", models.EmailField(blank=True, max_length=254, verbose_name="answers go to")),
                (
                    "test_addresses",
                    models.TextField(blank=True, help_text="One a line.", verbose_name="test addresses"),
                ),
                (
                    "late_hours",
                    models.PositiveSmallIntegerField(
                        default=6,
                        help_text="An issue that is later than this is held for a person and never goes by itself.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="too late after, hours",
                    ),
                ),
                (
                    "on_doubt",
                    models.CharField(
                        choices=[
                            ("hold", "Hold: nobody gets it twice; staff decide"),
                            ("resend", "Send again, with the same Message-ID"),
                        ],
                        default="hold",
                        max_length=6,
                        verbose_name="when it is in doubt whether a mail went out",
                    ),
                ),
                (
                    "per_second",
                    models.PositiveIntegerField(
                        default=0, help_text="0: no limit.", verbose_name="mails a second, at most"
                    ),
                ),
                (
                    "per_hour",
                    models.PositiveIntegerField(
                        default=0, help_text="0: no limit.", verbose_name="mails an hour, at most"
                    ),
                ),
                (
                    "per_domain",
                    models.PositiveIntegerField(
                        default=0, help_text="0: no limit.", verbose_name="mails a minute to one domain, at most"
                    ),
                ),
                (
                    "per_connection",
                    models.PositiveIntegerField(
                        default=0, help_text="0: no limit.", verbose_name="mails over one connection, at most"
                    ),
                ),
                (
                    "connections",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="connections of each worker",
                    ),
                ),
                (
                    "warm_up",
                    models.CharField(
                        blank=True,
                        help_text="Mails a day, day by day, for a new sending address: 500, 1000, 2000, 5000. Empty: none.",
                        max_length=200,
                        verbose_name="warm-up plan",
                    ),
                ),
                ("warm_up_from", models.DateField(blank=True, null=True, verbose_name="first day of the plan")),
                (
                    "failure_percent",
                    models.DecimalField(
                        decimal_places=1, default=2, max_digits=4, verbose_name="pause by itself at failures, %"
                    ),
                ),
                (
                    "failures_in_row",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="pause by itself after failures in a row"
                    ),
                ),
                (
                    "counts_clicks",
                    models.BooleanField(
                        default=False,
                        help_text="How often each piece is opened, and not by whom. Opened mails are never counted.",
                        verbose_name="count clicks",
                    ),
                ),
                ("drafted_for", models.DateTimeField(editable=False, null=True, verbose_name="last draft was for")),
            ],
            options={
                "verbose_name": "newsletter settings",
                "verbose_name_plural": "newsletter settings",
            },
        ),
        migrations.CreateModel(
            name="Retry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(db_index=True)),
                ("owner", models.CharField(blank=True, max_length=60)),
                ("lease_until", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("key", models.CharField(max_length=32, verbose_name="key of the address")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("page", models.CharField(blank=True, max_length=300, verbose_name="page")),
                ("network", models.CharField(blank=True, max_length=45, verbose_name="from the network address")),
                ("block", models.CharField(blank=True, max_length=45, verbose_name="network")),
                ("handled_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("mailed_at", models.DateTimeField(null=True, verbose_name="mailed")),
            ],
            options={
                "verbose_name": "sign-up",
                "verbose_name_plural": "sign-ups",
                "ordering": ["at", "pk"],
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32, unique=True, verbose_name="key of the address")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unsubscribed", "Unsubscribed"),
                            ("bounced", "Mail comes back"),
                            ("complained", "Complained"),
                            ("staff", "Closed by staff"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="since")),
            ],
            options={
                "verbose_name": "suppressed address",
                "verbose_name_plural": "suppressed addresses",
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="words")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="SHA-256")),
                ("first_used_at", models.DateTimeField(verbose_name="first used")),
            ],
            options={
                "verbose_name": "wording",
                "verbose_name_plural": "wordings",
            },
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("doing", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "default_permissions": [],
            },
        ),
        migrations.AlterModelOptions(
            name="subscriber",
            options={
                "ordering": ["-signed_up_at", "-pk"],
                "verbose_name": "subscriber",
                "verbose_name_plural": "subscribers",
            },
        ),
        migrations.RemoveConstraint(
            model_name="subscriber",
            name="subscriber_once",
        ),
        migrations.AddField(
            model_name="subscriber",
            name="bounce_score",
            field=models.DecimalField(
                decimal_places=1, default=0, editable=False, max_digits=4, verbose_name="bounce points"
            ),
        ),
        migrations.AddField(
            model_name="subscriber",
            name="bounced_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="mail last came back"),
        ),
        migrations.AddField(
            model_name="subscriber",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
        ),
        migrations.AddField(
            model_name="subscriber",
            name="key",
            field=models.CharField(default="", editable=False, max_length=32, verbose_name="key of the address"),
            preserve_default=False,
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="subscriber",
            name="key",
            field=models.CharField(editable=False, max_length=32, unique=True, verbose_name="key of the address"),
        ),
        migrations.AddField(
            model_name="subscriber",
            name="left_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="left"),
        ),
        migrations.AddField(
            model_name="subscriber",
            name="paused_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="paused until"),
        ),
        migrations.AlterField(
            model_name="subscriber",
            name="signed_up_at",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="signed up"),
        ),
        migrations.AlterField(
            model_name="subscriber",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Waiting for confirmation"),
                    ("active", "Subscribed"),
                    ("unsubscribed", "Unsubscribed"),
                    ("bounced", "Mail comes back"),
                    ("complained", "Complained"),
                ],
                default="pending",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriber",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "active", "unsubscribed", "bounced", "complained"])),
                name="subscriber_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriber",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "active"), _negated=True), ("confirmed_at__isnull", False), _connector="OR"
                ),
                name="active_has_confirmed",
            ),
        ),
        migrations.AddField(
            model_name="bounce",
            name="subscriber",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="bounces",
                to="newsletter.subscriber",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="subscriber",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="deliveries",
                to="newsletter.subscriber",
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="issue",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="issue",
            name="scheduled_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="issue",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="newsletter.issue",
            ),
        ),
        migrations.AddField(
            model_name="bounce",
            name="issue",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="bounces", to="newsletter.issue"
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="issue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="batches", to="newsletter.issue"
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="article",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="issue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="newsletter.issue"
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: the article’s own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.picture",
                verbose_name="picture",
            ),
        ),
        migrations.AddConstraint(
            model_name="newsletter",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_newsletter"),
        ),
        migrations.AddField(
            model_name="retry",
            name="delivery",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="retry", to="newsletter.delivery"
            ),
        ),
        migrations.AddField(
            model_name="retry",
            name="issue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="retries", to="newsletter.issue"
            ),
        ),
        migrations.AddField(
            model_name="signup",
            name="wording",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="newsletter.wording", verbose_name="wording"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="wording",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="newsletter.wording", verbose_name="wording"
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "scheduled",
                            "preparing",
                            "sending",
                            "paused",
                            "sent",
                            "cancelled",
                            "failed",
                            "missed",
                        ],
                    )
                ),
                name="issue_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "cancelled"]),
                    models.Q(("frozen_at__isnull", False), ("number__isnull", False)),
                    _connector="OR",
                ),
                name="issue_is_frozen",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("subscriber", "issue"), name="one_delivery_each"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "claimed", "sent", "deferred", "failed", "skipped", "in_doubt"])
                ),
                name="delivery_state_known",
            ),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(condition=models.Q(("done", False)), fields=["issue"], name="batch_open"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=("issue", "article"), name="article_once_in_an_issue"),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(fields=["block", "at"], name="sign_up_block"),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(fields=["key", "mailed_at"], name="sign_up_key"),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(condition=models.Q(("handled_at__isnull", True)), fields=["at"], name="sign_up_waits"),
        ),
    ]
