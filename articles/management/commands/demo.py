import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from articles.demo.load import NotEmpty, load

NAME = "demo"
LAPTOP_PASSWORD = "demo-magazine"  # noqa: S105 - printed for everybody; used only with DEBUG on


class Command(BaseCommand):
    help = "Load the demo magazine into an empty site and print how to log in. Run again, it changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--address", default=settings.SITE_URL, help="The address the site is served at, to print.")

    def handle(self, *_args, address, **_options):
        self.done = 0
        try:
            load(timezone.now(), self.progress)
            self.stdout.write(f"\r{'The demo magazine is loaded.':76}")
        except NotEmpty:
            self.stdout.write("This site holds articles already; the demo leaves everything as it is.")
        login = self.login()
        self.stdout.write(f"\n  Read   {address}/\n  Write  {address}/admin/\n  Login  {login}\n")

    def progress(self, what):
        self.done += 1
        self.stdout.write(f"\r  {self.done:3} {what[:70]:70}", ending="")
        self.stdout.flush()

    @transaction.atomic
    def login(self):
        """The demo login, made once; somebody's own password is left alone and not known here."""
        user, created = get_user_model().objects.get_or_create(
            username=NAME, defaults={"is_staff": True, "is_superuser": True, "first_name": "Demo"}
        )
        if created:
            password = LAPTOP_PASSWORD if settings.DEBUG else secrets.token_urlsafe(12)
            user.set_password(password)
            user.save()
            return f"{NAME} / {password}"
        known = settings.DEBUG and user.check_password(LAPTOP_PASSWORD)
        return f"{NAME} / {LAPTOP_PASSWORD}" if known else f"{NAME} / (the password you gave it)"
