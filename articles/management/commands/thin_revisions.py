from django.core.management.base import BaseCommand
from django.utils import timezone

from articles.thinning import surplus, thin, with_old_autosaves

SHOWN_EVERY = 100


class Command(BaseCommand):
    help = "Thin the texts that were saved by themselves; what somebody saved, said or was shown stays."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say how many would be removed.")

    def handle(self, *_args, dry_run, **_options):
        now, looked_at, removed = timezone.now(), 0, 0
        for looked_at, article in enumerate(with_old_autosaves(now), 1):
            removed += len(surplus(article, now)) if dry_run else thin(article, now)
            if looked_at % SHOWN_EVERY == 0:
                self.stdout.write(f"  {looked_at} articles, {removed} texts")
        verb = "would be removed" if dry_run else "removed"
        self.stdout.write(f"{looked_at} articles looked at, {removed} texts saved by themselves {verb}.")
