from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles import making
from articles.models import Picture

AT_A_TIME = 20  # after so many the edition turns, and pages name what is made


class Command(BaseCommand):
    help = "Make every rendition of every picture that is missing. Can be stopped at any time and run again."

    def add_arguments(self, parser):
        parser.add_argument(
            "--all",
            action="store_true",
            help="Look too at pictures whose renditions were made once; files may be lost.",
        )

    def handle(self, *_args, **options):
        self.made, self.failed = 0, []
        numbers = [
            picture.pk
            for picture in Picture.objects.order_by("-pk").iterator()
            if options["all"] or not picture.is_made
        ]
        for start in range(0, len(numbers), AT_A_TIME):
            done = [picture for number in numbers[start : start + AT_A_TIME] if (picture := self.make(number))]
            making.mark_made(done, timezone.now())
            self.stdout.write(f"  {min(start + AT_A_TIME, len(numbers))} of {len(numbers)} pictures")
        self.stdout.write(f"{self.made} renditions made.")
        if self.failed:
            raise CommandError(f"Not made, since the file is missing or damaged: {', '.join(self.failed)}.")

    def make(self, number):
        picture = Picture.objects.filter(pk=number).first()
        if picture is None:
            return None
        try:
            self.made += making.make_all(picture)
        except Picture.DoesNotExist:  # changed or removed meanwhile
            return None
        except OSError:
            self.failed.append(f"{picture} ({number})")
            return None
        return picture
