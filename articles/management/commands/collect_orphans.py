from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.orphans import orphans, remove_emptied


class Command(BaseCommand):
    help = "Remove pictures and renditions that no picture knows and that are older than a day."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only name them.")

    def handle(self, *_args, dry_run, **_options):
        names = []
        try:
            for name in orphans(default_storage, timezone.now()):
                names.append(name)
                self.stdout.write(f"  {name}")
                if not dry_run:
                    default_storage.delete(name)
            if not dry_run:
                remove_emptied(default_storage, names)
        except NotImplementedError as error:
            raise CommandError("This storage cannot list what is in it.") from error
        self.stdout.write(f"{len(names)} files {'would be removed' if dry_run else 'removed'}.")
