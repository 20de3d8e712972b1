import logging
import signal

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsletter.jobs import JOBS
from newsletter.working import Work, new_name

SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger("newsletter.working")


class Command(BaseCommand):
    help = "Send the round-up and do all else that nobody waits for, until it is asked to stop (SIGTERM or Ctrl-C)."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do everything that is due, then end. For cron.")

    def handle(self, *_args, once, verbosity, **_options):
        logging.getLogger("newsletter").setLevel({0: logging.ERROR, 1: logging.INFO}.get(verbosity, logging.DEBUG))
        work = Work(jobs=JOBS, owner=new_name(), clock=timezone.now)
        self.listen(work)
        if once:
            if not work.once():
                raise CommandError(f"Not done, and said why above: {', '.join(sorted(work.failed))}.")
            return
        log.info("%s is at work.", work.owner)
        if not work.until_stopped():
            raise CommandError("A part of the worker broke, and said why above; it has to be started again.")
        log.info("%s has ended.", work.owner)

    def listen(self, work):
        """The first signal asks; a second one ends the process there and then, which its leases are made for."""

        def ask(number, _frame):
            for each in SIGNALS:
                signal.signal(each, signal.SIG_DFL)
            work.asked.put(number)

        for number in SIGNALS:
            signal.signal(number, ask)
