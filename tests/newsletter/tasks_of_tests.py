"""Tasks for the tests of the queue. A task is found by its address, so it cannot stand in a test."""

import time

from django_tasks import task

from newsletter.models import Newsletter


@task()
def rename(name: str) -> None:
    Newsletter.objects.filter(pk=1).update(name=name)


@task()
def break_down() -> None:
    raise ValueError("the task broke down")


@task()
def never_end() -> None:
    time.sleep(300)
