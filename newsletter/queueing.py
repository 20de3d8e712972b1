"""The queue of tasks (django-tasks, kept in the database) as the worker works through it.

A task runs **at least once**: one that a killed worker left behind is put back and begins anew, so every task has to be
idempotent. One that raises is not tried again; it stays with its traceback, for a month.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus, task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from newsletter.models import Worker
from newsletter.models.worker import GONE_AFTER

STARTS: Final = 3
"""A task that was begun so often and never ended takes its workers with it, and is given up."""
DONE_KEPT: Final = timedelta(days=7)
FAILED_KEPT: Final = timedelta(days=30)

log = logging.getLogger(__name__)

Kept = DBTaskResult[Any, Any]
"""A task as it is kept, whatever it takes and gives back."""


class WorkerWasLost(Exception):
    """The task's worker ended while it ran, again and again."""


def run_next(owner: str) -> bool:
    """Run the next task that is ready; False when there is none, or the tasks are kept somewhere else (TASKS)."""
    alias = DEFAULT_TASK_BACKEND_ALIAS
    # Asked first, since taking one locks the whole of an SQLite database for a moment.
    if not isinstance(task_backends[alias], DatabaseBackend):
        return False
    if not DBTaskResult.objects.ready().filter(backend_name=alias).exists():
        return False
    QueueWorker(
        queue_names=["*"],
        excluded_queue_names=[],
        backend_name=alias,
        worker_id=owner,
        max_tasks=1,
        batch=True,
        interval=0,
        startup_delay=False,
    ).run()
    return True


def put_back(at: datetime) -> int:
    """What workers that are gone left running is ready again; gives back how many tasks."""
    left = [task for task in begun_long_ago(at) if not is_in_hand(task, at)]
    return sum(give_up(task) if len(task.worker_ids) >= STARTS else make_ready(task) for task in left)


def begun_long_ago(at: datetime) -> list[Kept]:
    """One that was begun a moment ago may be a worker's that has not shown itself yet."""
    return list(DBTaskResult.objects.running().filter(started_at__lt=at - GONE_AFTER))


def is_in_hand(task: Kept, at: datetime) -> bool:
    return Worker.objects.alive(at).filter(name__in=task.worker_ids[-1:]).exists()


def make_ready(task: Kept) -> int:
    """Unless another worker has done so, and begun it again."""
    same = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
    log.warning("Task %s (%s) was left behind by its worker and begins anew.", task.pk, task.task_path)
    return same.update(status=TaskResultStatus.READY)


def give_up(task: Kept) -> int:
    log.error("Task %s (%s) was begun %d times and never ended.", task.pk, task.task_path, len(task.worker_ids))
    task.set_failed(WorkerWasLost(f"Begun {len(task.worker_ids)} times."))
    return 0


def forget_old(at: datetime) -> int:
    """The results nobody looks at any more; gives back how many went."""
    done = DBTaskResult.objects.successful().filter(finished_at__lt=at - DONE_KEPT)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=at - FAILED_KEPT)
    return done.delete()[0] + failed.delete()[0]
