"""Turns that the processes of one machine take: a lock is a file, let go when its holder ends, however it ends."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from django.conf import settings

PAUSE: Final = 0.05  # seconds between two tries


@contextmanager
def held(name: str, seconds: float = 0, places: int = 1) -> Iterator[bool]:
    """Whether one of the `places` of that name could be had within so many seconds; let go at the end of the block."""
    file, until = _taken(name, places), time.monotonic() + seconds
    while file is None and time.monotonic() < until:
        time.sleep(PAUSE)
        file = _taken(name, places)
    try:
        yield file is not None
    finally:
        if file:
            file.close()


def _taken(name: str, places: int) -> IO[bytes] | None:
    """A place nobody holds, or None. The files stay: one removed while another waits for it would be had twice."""
    folder = Path(settings.VAR_DIR, "locks")
    folder.mkdir(parents=True, exist_ok=True)
    for place in range(places):
        file = (folder / f"{name}-{place}").open("wb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            return file
    return None
