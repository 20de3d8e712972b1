from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.notices import send_due


class Command(BaseCommand):
    help = "Send those at the desk what waits for them, each as they want it. For cron, every five minutes."

    def handle(self, *_args, **_options):
        outcome = send_due(timezone.now())
        self.stdout.write(f"{outcome.told} told.")
        if outcome.failed:
            raise CommandError(f"Not sent, and tried again later: {', '.join(outcome.failed)}.")
