import random

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.seeding import seed


class Command(BaseCommand):
    help = "Add many machine-made articles, to measure with. For a site that holds nothing of worth."

    def add_arguments(self, parser):
        parser.add_argument("--articles", type=int, default=10_000, help="How many (default: 10000).")
        parser.add_argument("--random-seed", type=int, default=1, help="The same number gives the same articles.")

    def handle(self, *_args, articles, random_seed, **_options):
        if not 1 <= articles <= 1_000_000:
            raise CommandError("--articles takes a number from 1 to 1000000.")
        chance = random.Random(random_seed)  # noqa: S311 - test data, not a secret
        seed(articles, timezone.now(), lambda written: self.progress(written, articles), chance)
        self.stdout.write(f"\n{articles} articles added.")

    def progress(self, written, total):
        self.stdout.write(f"\r  {written:7} of {total}", ending="")
        self.stdout.flush()
