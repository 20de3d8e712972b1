"""Who may make and send issues, and a record of consent that the database itself keeps."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EDIT = {"newsletter.view_issue", "newsletter.add_issue", "newsletter.change_issue"}
PUBLISH = EDIT | {"newsletter.send_issue", "newsletter.delete_issue", "newsletter.view_newsletter"}
ADMINISTER = PUBLISH | {"newsletter.change_newsletter"}
ROLES = {"Editor": EDIT, "Publisher": PUBLISH, "Administrator": ADMINISTER}


def give_permissions(apps, schema_editor):
    """`send_issue` is about issues now: the permission moves, and whoever had it keeps it."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    issue, _created = types.objects.get_or_create(app_label="newsletter", model="issue")
    permissions.objects.filter(codename="send_issue", content_type__app_label="newsletter").update(content_type=issue)
    config = apps.get_app_config("newsletter")
    before, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = before
    for name, wanted in ROLES.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            codes = [code.partition(".")[2] for code in wanted]
            group.permissions.add(*permissions.objects.filter(content_type__app_label="newsletter", codename__in=codes))


SAME = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in ("id", "key", "deed", "at", "page"))
SAME += " AND NEW.wording_id IS NOT DISTINCT FROM OLD.wording_id AND NEW.token IS NOT DISTINCT FROM OLD.token"
SAME += " AND NEW.by IS NOT DISTINCT FROM OLD.by AND NEW.note IS NOT DISTINCT FROM OLD.note AND NEW.network = ''"
QUOTED = SAME.replace("NEW.by", 'NEW."by"').replace("OLD.by", 'OLD."by"')
QUOTED = QUOTED.replace("NEW.key", 'NEW."key"').replace("OLD.key", 'OLD."key"')
TRIGGERS = {
    "sqlite": [
        f"""
        CREATE TRIGGER consent_is_kept BEFORE UPDATE ON newsletter_consent
        WHEN NOT ({QUOTED.replace("IS NOT DISTINCT FROM", "IS")})
        BEGIN SELECT RAISE(ABORT, 'What was agreed to is not changed.'); END
        """
    ],
    "postgresql": [
        """
        CREATE FUNCTION consent_is_kept() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'What was agreed to is not changed.'; END $$
        """,
        f"""
        CREATE TRIGGER consent_is_kept BEFORE UPDATE ON newsletter_consent
        FOR EACH ROW WHEN (NOT ({QUOTED})) EXECUTE FUNCTION consent_is_kept()
        """,
        """
        CREATE TRIGGER consent_is_not_deleted BEFORE DELETE ON newsletter_consent
        FOR EACH ROW EXECUTE FUNCTION consent_is_kept()
        """,
    ],
}
NO_TRIGGERS = {
    "sqlite": ["DROP TRIGGER consent_is_kept"],
    "postgresql": [
        "DROP TRIGGER consent_is_kept ON newsletter_consent",
        "DROP TRIGGER consent_is_not_deleted ON newsletter_consent",
        "DROP FUNCTION consent_is_kept()",
    ],
}


def keep_the_record(apps, schema_editor):
    """An entry changes in one way only: the network it came from goes when its reader is erased."""
    for statement in TRIGGERS.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


def let_the_record_go(apps, schema_editor):
    for statement in NO_TRIGGERS.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0003_round_up"),
        ("articles", "0005_round_up"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
        migrations.RunPython(keep_the_record, let_the_record_go),
    ]
