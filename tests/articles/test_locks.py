"""Turns that processes take."""

import subprocess
import sys

from articles import locks


def test_a_lock_is_had_by_one_at_a_time():
    with locks.held("alone") as first, locks.held("alone") as second:
        assert (first, second) == (True, False)
    with locks.held("alone") as again:
        assert again


def test_as_many_have_it_as_there_are_places():
    def turn():
        return locks.held("two", places=2)

    with turn() as first, turn() as second, turn() as third:
        assert (first, second, third) == (True, True, False)


def test_an_error_lets_it_go():
    try:
        with locks.held("broken"):
            raise ValueError
    except ValueError:
        pass
    with locks.held("broken") as again:
        assert again


def test_another_process_holds_it_until_it_is_killed(settings):
    program = f"""
import time, django
from django.conf import settings
settings.configure(VAR_DIR={str(settings.VAR_DIR)!r})
from articles import locks
with locks.held("shared"):
    print("held", flush=True)
    time.sleep(60)
"""
    other = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR)
    assert other.stdout.readline() == "held\n"
    with locks.held("shared") as mine:
        assert not mine
    other.kill()
    other.wait()
    other.stdout.close()
    with locks.held("shared") as mine:
        assert mine
