from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsletter.bounces import read_inbox
from newsletter.inbox import NOT_UNDERSTOOD, InboxFailed
from newsletter.working import as_the_magazine


class Command(BaseCommand):
    help = "Read the mailbox that bounces and complaints come back to (BOUNCE_INBOX); the worker does it by itself."

    def handle(self, *_args, **_options):
        if not settings.BOUNCE_INBOX:
            raise CommandError("BOUNCE_INBOX is not set: maildir:///FOLDER or imaps://USER:PASSWORD@HOST/INBOX.")
        try:
            with as_the_magazine():
                counts = read_inbox(settings.BOUNCE_INBOX, timezone.now())
        except InboxFailed as error:
            raise CommandError(f"The mailbox cannot be read: {error}")
        self.stdout.write(f"{counts.understood} understood, {counts.laid_aside} laid aside in “{NOT_UNDERSTOOD}”.")
