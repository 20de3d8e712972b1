import secrets

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from articles.demo import desk
from articles.demo.load import NotEmpty, load
from newsletter import demo as round_up

NAME = "demo"
LAPTOP_PASSWORD = "demo-magazine"  # noqa: S105 - printed for everybody; used only with DEBUG on


class Command(BaseCommand):
    help = "Load the demo magazine into an empty site and print how to log in. Run again, it changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--address", default=settings.SITE_URL, help="The address the site is served at, to print.")

    def handle(self, *_args, address, **_options):
        self.done, self.passwords = 0, {}
        superuser = self.login(NAME, is_superuser=True, first_name="Demo")
        try:
            self.load(timezone.now())
            self.stdout.write(f"\r{'The demo magazine is loaded.':76}")
        except NotEmpty:
            self.stdout.write("This site holds articles already; the demo leaves everything as it is.")
        self.stdout.write(f"\n  Read   {address}/\n  Write  {address}/admin/\n  Login  {self.said(superuser)}")
        usernames = [login["username"] for login in desk.plan()["logins"]]
        for user in User.objects.filter(username__in=usernames, groups__isnull=False).distinct().order_by("pk"):
            self.stdout.write(f"         {self.said(user)}")

    @transaction.atomic
    def load(self, at):
        """The magazine and what is on its desk, or nothing of it."""
        load(at, self.progress)
        people = {}
        for login in desk.plan()["logins"]:
            first, last = login["name"]
            person = self.login(login["username"], first_name=first, last_name=last)
            person.groups.add(Group.objects.get(name=login["role"]))
            people[login["username"]] = person
        desk.fill(people, at)
        round_up.fill(at, people["editor"])

    def progress(self, what):
        self.done += 1
        self.stdout.write(f"\r  {self.done:3} {what[:70]:70}", ending="")
        self.stdout.flush()

    @transaction.atomic
    def login(self, username, **fields):
        """A demo login, made once; somebody's own password is left alone and not known here."""
        user, created = User.objects.get_or_create(username=username, defaults={"is_staff": True, **fields})
        if created:
            self.passwords[username] = LAPTOP_PASSWORD if settings.DEBUG else secrets.token_urlsafe(12)
            user.set_password(self.passwords[username])
            user.save()
        return user

    def said(self, user):
        if settings.DEBUG and user.check_password(LAPTOP_PASSWORD):
            return f"{user.username} / {LAPTOP_PASSWORD}"
        return f"{user.username} / {self.passwords.get(user.username, '(the password you gave it)')}"
