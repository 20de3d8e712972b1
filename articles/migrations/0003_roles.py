"""The roles as groups, the stage of what is published already, and an audit log that the database itself keeps."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITE = {
    "articles.add_article",
    "articles.change_article",
    "articles.delete_article",
    "articles.view_article",
    "articles.add_picture",
    "articles.view_author",
    "articles.view_picture",
    "articles.view_section",
    "articles.view_tag",
}
EDIT = WRITE | {
    "articles.change_others_article",
    "articles.review_article",
    "articles.change_picture",
    "articles.add_author",
    "articles.change_author",
    "articles.add_tag",
    "articles.change_tag",
    "articles.view_page",
    "articles.view_frontpage",
    "articles.view_redirect",
}
PUBLISH = EDIT | {
    "articles.publish_article",
    "articles.delete_picture",
    "articles.delete_author",
    "articles.delete_tag",
    "articles.change_frontpage",
    "articles.add_page",
    "articles.change_page",
    "articles.delete_page",
    "articles.add_redirect",
    "articles.change_redirect",
    "articles.delete_redirect",
    "articles.add_section",
    "articles.change_section",
    "articles.view_magazine",
    "articles.view_auditentry",
    "newsletter.add_subscriber",
    "newsletter.change_subscriber",
    "newsletter.view_subscriber",
    "newsletter.send_issue",
}
ADMINISTER = PUBLISH | {
    "articles.change_magazine",
    "articles.delete_section",
    "articles.export_auditentry",
    "articles.add_staffmember",
    "articles.change_staffmember",
    "articles.view_staffmember",
    "newsletter.delete_subscriber",
    "auth.add_user",
    "auth.change_user",
    "auth.delete_user",
    "auth.view_user",
    "auth.add_group",
    "auth.change_group",
    "auth.delete_group",
    "auth.view_group",
}
ROLES = {"Contributor": WRITE, "Editor": EDIT, "Publisher": PUBLISH, "Administrator": ADMINISTER}


def make_roles(apps, schema_editor):
    """Each group with its permissions; a group of that name that is there already gets them too and loses none."""
    permissions = apps.get_model("auth", "Permission")
    for label in ("articles", "newsletter", "auth"):
        config = apps.get_app_config(label)
        # Django makes permissions only after all migrations, and only for apps that have models; here both are early.
        before, config.models_module = getattr(config, "models_module", None), True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = before
    for name, wanted in ROLES.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        for code in wanted:
            label, codename = code.split(".")
            group.permissions.add(permissions.objects.get(content_type__app_label=label, codename=codename))


def leave_roles(apps, schema_editor):
    """The groups stay: somebody may be in them."""


def settle(apps, schema_editor):
    apps.get_model("articles", "Article").objects.filter(status="published").update(stage="settled")


TRIGGERS = {
    "sqlite": [
        """
        CREATE TRIGGER audit_is_kept BEFORE UPDATE ON articles_auditentry
        BEGIN SELECT RAISE(ABORT, 'The audit log is not changed.'); END
        """
    ],
    "postgresql": [
        """
        CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'The audit log is not changed.'; END $$
        """,
        """
        CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON articles_auditentry
        FOR EACH ROW EXECUTE FUNCTION audit_is_kept()
        """,
    ],
}
NO_TRIGGERS = {
    "sqlite": ["DROP TRIGGER audit_is_kept"],
    "postgresql": ["DROP TRIGGER audit_is_kept ON articles_auditentry", "DROP FUNCTION audit_is_kept()"],
}


def keep_the_log(apps, schema_editor):
    """What was noted is not changed, whoever asks; on PostgreSQL not deleted either (SQLite's owner holds the file)."""
    for statement in TRIGGERS.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


def let_the_log_go(apps, schema_editor):
    for statement in NO_TRIGGERS.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_the_desk"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("newsletter", "0002_send_issue"),
    ]

    operations = [
        migrations.RunPython(settle, migrations.RunPython.noop),
        migrations.RunPython(make_roles, leave_roles),
        migrations.RunPython(keep_the_log, let_the_log_go),
    ]
