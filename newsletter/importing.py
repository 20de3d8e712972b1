"""Readers that staff bring from elsewhere, with a statement of consent: a person begins a file and workers read it.

A file is cut into portions. A worker reads one portion in one transaction with everything that follows from it, so that
a kill at any instant repeats nothing and loses nothing. Nobody who left, complained or was closed out comes back so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from articles.models import AuditEntry
from newsletter import address_file, tokens
from newsletter.address_file import Line
from newsletter.models import (
    Consent,
    Deed,
    Delivery,
    Intake,
    Portion,
    RefusedLine,
    SignUp,
    Subscriber,
    Suppression,
    Wording,
)
from newsletter.states import DeliveryState, Reader, Why

PORTION: Final = 1_000
AT_A_TIME: Final = 5
"""Portions in one call, so that the worker's other duties have their turn."""
ASKED_AT_A_TIME: Final = 50
"""Those who sign up on the site never wait behind more letters of an import than this."""
LEASE: Final = timedelta(minutes=2)
HOUR: Final = timedelta(hours=1)

UNTOUCHED: Final = (DeliveryState.QUEUED, DeliveryState.SKIPPED)
GONE_BEFORE: Final = frozenset({Reader.UNSUBSCRIBED, Reader.BOUNCED, Reader.COMPLAINED})


class NotUndone(Exception):
    """It is too late to undo the import, or it is undone already."""


# ---------------------------------------------------------------- what staff do


def begin(name: str, raw: bytes, statement: str, by: Any, at: datetime, *, confirmed_elsewhere: bool = False) -> Intake:
    """Take a file in; address_file.NotRead where it cannot be read. Workers do the rest.

    `confirmed_elsewhere`: the statement says that these people have confirmed already, so nobody asks them again.
    """
    found = address_file.read(raw)
    with transaction.atomic():
        intake = Intake.objects.create(
            name=name[:200],
            statement=statement,
            confirmed_elsewhere=confirmed_elsewhere,
            ignored=", ".join(found.ignored)[:300],
            by=by,
            at=at,
            total=len(found.lines),
        )
        parts = (found.lines[first : first + PORTION] for first in range(0, len(found.lines), PORTION))
        Portion.objects.bulk_create((Portion(intake=intake, lines=part) for part in parts), batch_size=50)
        AuditEntry.objects.note("import", intake, by=by, at=at, note=f"{len(found.lines)} lines")
    return intake


def undo(intake: Intake, by: Any, at: datetime) -> None:
    """Stop the import and have workers erase those it added who are `erasable`; NotUndone where the time is over."""
    with transaction.atomic():
        intake.refresh_from_db(from_queryset=Intake.objects.select_for_update())
        if not intake.may_be_undone(at):
            raise NotUndone
        intake.portions.all().delete()
        intake.state = Intake.State.UNDOING
        intake.save(update_fields=["state"])
        AuditEntry.objects.note("undo_import", intake, by=by, at=at)


def erasable(intake: Intake) -> QuerySet[Subscriber]:
    """Those an import added who are as it left them: they got no issue, and did not confirm themselves since."""
    written_to = Delivery.objects.filter(subscriber=OuterRef("pk")).exclude(state__in=UNTOUCHED)
    as_brought = Q(state=Reader.PENDING) | Q(state=Reader.ACTIVE, confirmed_at=F("signed_up_at"))
    return intake.subscribers.filter(as_brought, ~Exists(written_to))


# ---------------------------------------------------------------- what workers do


def read_some(at: datetime, owner: str) -> int:
    """Read some portions of the oldest import that nobody else has in hand; gives back how many lines that were."""
    forget_reports(at)
    intake, done = claim(at, owner), 0
    if intake is None:
        return 0
    for _turn in range(AT_A_TIME):
        with transaction.atomic():
            held = Intake.objects.select_for_update().filter(pk=intake.pk, owner=owner, state__in=Intake.OPEN).first()
            more = do_portion(held, at) if held else 0
        if not more:
            break
        done += more
    Intake.objects.filter(pk=intake.pk, owner=owner).update(owner="", lease_until=None)
    return done


def claim(at: datetime, owner: str) -> Intake | None:
    """Hold an import for a while; a worker that is killed loses it when the lease is over."""
    with transaction.atomic():
        intake = Intake.objects.select_for_update(skip_locked=True).open_to(owner, at).first()
        if intake:
            intake.owner, intake.lease_until = owner, at + LEASE
            intake.state = Intake.State.RUNNING if intake.state == Intake.State.WAITING else intake.state
            intake.save(update_fields=["owner", "lease_until", "state"])
        return intake


def do_portion(intake: Intake, at: datetime) -> int:
    """In the caller's transaction, with the import held; gives back how many lines or readers that were."""
    if intake.state == Intake.State.UNDOING:
        return erase_portion(intake, at)
    most = PORTION if intake.confirmed_elsewhere else pace(at)
    return read_portion(intake, most, at) if most else 0


def pace(at: datetime) -> int:
    """How many may be asked to confirm now. Imports take half of what the magazine writes in an hour to people who
    sign up, and leave the rest to those who do."""
    asked = SignUp.objects.filter(at__gt=at - HOUR).count()
    return max(0, min(ASKED_AT_A_TIME, settings.SIGN_UPS_AN_HOUR // 2 - asked))


def read_portion(intake: Intake, most: int, at: datetime) -> int:
    portion = intake.portions.order_by("pk").first()
    if portion is None:
        return finish(intake, Intake.State.DONE, at)
    lines = [Line(*each) for each in portion.lines[:most]]
    portion.lines = portion.lines[most:]
    if portion.lines:
        portion.save(update_fields=["lines"])
    else:
        portion.delete()
    take_in(intake, lines, at)
    if not intake.portions.exists():
        finish(intake, Intake.State.DONE, at)
    return len(lines)


def take_in(intake: Intake, lines: list[Line], at: datetime) -> None:
    """What follows from some lines, and the counts."""
    found = sort(intake, lines)
    added = add(intake, found.new, at)
    RefusedLine.objects.bulk_create(
        RefusedLine(intake=intake, number=line.number, line=line.text[: address_file.KEPT], why=line.why)
        for line in found.refused
    )
    intake.read += len(lines)
    intake.added += added
    intake.known += found.known + len(found.new) - added
    intake.refused += len(found.refused)
    intake.save(update_fields=["read", "added", "known", "refused"])


def erase_portion(intake: Intake, at: datetime) -> int:
    """As if they had never been brought: no suppression is left behind, for nobody asked to be left alone."""
    chosen = list(erasable(intake).order_by("pk").values_list("pk", "key")[:PORTION])
    if not chosen:
        return finish(intake, Intake.State.UNDONE, at)
    keys = [key for _pk, key in chosen]
    login = intake.by.get_username() if intake.by else ""
    Consent.objects.bulk_create(Consent(key=key, deed=Deed.ERASED, at=at, by=login, note=mark(intake)) for key in keys)
    SignUp.objects.filter(key__in=keys, page=mark(intake)).delete()
    Subscriber.objects.filter(pk__in=[pk for pk, _key in chosen]).delete()
    intake.erased += len(chosen)
    intake.save(update_fields=["erased"])
    return len(chosen)


def finish(intake: Intake, state: str, at: datetime) -> int:
    intake.state, intake.finished_at = state, at
    intake.save(update_fields=["state", "finished_at"])
    return 0


def forget_reports(at: datetime) -> None:
    """The lines that were refused name people who are no readers of ours: after thirty days they go."""
    if old := set(Intake.objects.with_old_report(at).values_list("pk", flat=True)):
        RefusedLine.objects.filter(intake__in=old).delete()


# ---------------------------------------------------------------- one portion


@dataclass
class Sorted:
    new: dict[str, Line] = field(default_factory=dict)
    """By the key of the address."""
    known: int = 0
    refused: list[Line] = field(default_factory=list)


def sort(intake: Intake, lines: Iterable[Line]) -> Sorted:
    """Which lines are new readers, which we have, which are refused and why: two questions to the database."""
    keyed = [(line, key_of(line)) for line in lines]
    keys = [key for _line, key in keyed if key]
    there = {
        row[0]: row[1:] for row in Subscriber.objects.filter(key__in=keys).values_list("key", "state", "brought_by")
    }
    shut = dict(Suppression.objects.filter(key__in=keys).values_list("key", "reason"))
    found = Sorted()
    for line, key in keyed:
        state, brought_by = there.get(key, ("", None))
        if not key:
            found.refused.append(line if line.why else line._replace(why=Why.NOT_ADDRESS))
        elif key in found.new or brought_by == intake.pk:
            found.refused.append(line._replace(why=Why.TWICE))
        elif key in shut or state in GONE_BEFORE:
            found.refused.append(line._replace(why=Why(shut.get(key, state))))
        elif state:
            found.known += 1
        else:
            found.new[key] = line
    return found


def key_of(line: Line) -> str:
    """The key of the address; empty where it is none."""
    if line.why:
        return ""
    try:
        validate_email(line.text)
    except ValidationError:
        return ""
    return tokens.key_of(line.text)


def add(intake: Intake, new: dict[str, Line], at: datetime) -> int:
    """Make readers of them, with the record of consent; gives back how many: some may have signed up meanwhile."""
    state, confirmed = (Reader.ACTIVE, at) if intake.confirmed_elsewhere else (Reader.PENDING, None)
    Subscriber.objects.bulk_create(
        (
            Subscriber(
                email=line.text, key=key, state=state, signed_up_at=at, confirmed_at=confirmed, brought_by=intake
            )
            for key, line in new.items()
        ),
        ignore_conflicts=True,
    )
    added = list(Subscriber.objects.filter(key__in=new, brought_by=intake).values_list("key", "email"))
    wording = Wording.objects.current(intake.statement, at)
    login = intake.by.get_username() if intake.by else ""
    Consent.objects.bulk_create(
        Consent(key=key, deed=Deed.IMPORTED, at=at, wording=wording, by=login, note=mark(intake))
        for key, _email in added
    )
    if not intake.confirmed_elsewhere:
        SignUp.objects.bulk_create(
            SignUp(email=email, key=key, at=at, wording=wording, page=mark(intake)) for key, email in added
        )
    return len(added)


def mark(intake: Intake) -> str:
    """What the record of consent says of where a reader came from; the name of a file may be somebody's address."""
    return f"import {intake.pk}"
