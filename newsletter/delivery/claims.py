"""The one statement that sending stands on: the message that is out is noted and the next one claimed, in one commit.

A message is claimed before it is sent and noted after. Who is killed in between leaves one claimed delivery, of which
nobody can say whether it went out; every other one is sent and noted, or not begun. Whether the reader still wants
mail, the issue is still being sent, and the lease still ours, is asked by the same statement.
"""

import re
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db import connection

from articles.prepared import FAR, mark
from newsletter.delivery.message import Addressee
from newsletter.models import Subscriber

NEXT: Final = """
    UPDATE newsletter_delivery SET
        state = CASE WHEN id = %(former)s THEN %(state)s ELSE 'claimed' END,
        reply = CASE WHEN id = %(former)s THEN %(reply)s ELSE '' END,
        attempts = attempts + CASE WHEN id = %(former)s THEN 1 ELSE 0 END,
        at = %(at)s
    WHERE id IN (%(former)s, %(next)s) AND {held} AND (
        (id = %(former)s AND state = 'claimed')
        OR (
            id = %(next)s AND state = %(waiting)s
            AND EXISTS (SELECT 1 FROM newsletter_issue WHERE id = %(issue)s AND state = 'sending')
            AND EXISTS ({reader})
        )
    )
    RETURNING id
"""
NOTE: Final = """
    UPDATE newsletter_delivery
    SET state = %(state)s, reply = %(reply)s, attempts = attempts + %(tried)s, at = %(at)s
    WHERE id = %(former)s AND state = 'claimed' AND {held}
"""
BY_BATCH: Final = "EXISTS (SELECT 1 FROM newsletter_batch WHERE id = %(lot)s AND owner = %(owner)s)"
BY_RETRY: Final = (
    "EXISTS (SELECT 1 FROM newsletter_retry WHERE delivery_id = newsletter_delivery.id AND owner = %(owner)s)"
)
"""How a delivery is held: with its whole batch, or singly when it is tried again."""

NOBODY: Final = Addressee(0, 0, "", "")


@cache
def statement(held: str, vendor: str) -> tuple[str, dict[str, Any]]:
    """NEXT with the rule of who gets mail in it, as Subscriber.objects.mailable spells it, and that rule's values."""
    instant, number, key, email = mark(FAR, 0), mark(0, 1), mark("", 2), mark("", 3)
    readers = Subscriber.objects.mailable(instant).filter(pk=number, key=key, email=email).order_by().values("pk")
    sql, values = readers.query.sql_with_params()
    places = {adapted(instant): "at", number: "reader", key: "key", email: "email"}
    names = [places.get(value) or f"fixed{place}" for place, value in enumerate(values)]
    waiting = iter(names)
    rule = re.sub("%s", lambda _found: f"%({next(waiting)})s", sql)
    fixed = {name: value for name, value in zip(names, values, strict=True) if name.startswith("fixed")}
    return NEXT.format(held=held, reader=rule), fixed


def adapted(at: datetime) -> Any:
    """An instant as the driver takes it."""
    return connection.ops.adapt_datetimefield_value(at)


class Claims:
    """Claims and notes for one lot that is held under a name."""

    def __init__(self, *, held: str, waiting: str, issue: int, lot: int, owner: str) -> None:
        self.held = held
        self.sql, fixed = statement(held, connection.vendor)
        self.cursor = connection.cursor()
        self.values = fixed | {"issue": issue, "lot": lot, "owner": owner, "waiting": waiting}

    def next(self, former: Addressee, state: str, to: Addressee, at: datetime) -> bool:
        """Note the former (its state "sent"; NOBODY for none) and claim the next, in one commit; False: not claimed."""
        values = self.values | {
            "former": former.delivery,
            "state": state,
            "reply": "",
            "next": to.delivery,
            "reader": to.subscriber,
            "key": to.key,
            "email": to.email,
            "at": adapted(at),
        }
        self.cursor.execute(self.sql, values)
        return (to.delivery,) in self.cursor.fetchall()

    def note(self, former: Addressee, state: str, reply: str, at: datetime, *, tried: bool = True) -> bool:
        """Note what became of the one that is claimed; False where it is ours no more."""
        own = {"former": former.delivery, "state": state, "reply": reply, "tried": int(tried), "at": adapted(at)}
        with connection.cursor() as cursor:
            cursor.execute(NOTE.format(held=self.held), self.values | own)
            return bool(cursor.rowcount)
