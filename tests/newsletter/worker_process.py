"""A worker as a process of its own, on the database of the tests, that may be killed: it only sends.

`python -m tests.newsletter.worker_process NAME PORT` sends to 127.0.0.1:PORT until no issue is being sent, or SIGTERM.
The name of the database and the seconds a lease lasts come in the environment.
"""

import os
import signal
import sys
import threading
import time
from datetime import timedelta

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
settings.DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", int(sys.argv[2]), False
django.setup()

from django.utils import timezone  # noqa: E402

from newsletter import delivery  # noqa: E402
from newsletter.delivery import line, lots  # noqa: E402
from newsletter.models import Issue  # noqa: E402
from newsletter.states import IssueState  # noqa: E402

PAUSE = 0.05

lots.LEASE = timedelta(seconds=float(os.environ["WORKER_LEASE"]))
line.EACH = lots.LEASE.total_seconds() / 10


def main(name: str) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    while not stop.is_set() and Issue.objects.filter(state=IssueState.SENDING).exists():
        delivery.recover(timezone.now())
        if not delivery.work(name, timezone.now, stop.is_set, seconds=5):
            time.sleep(PAUSE)


if __name__ == "__main__":
    main(sys.argv[1])
