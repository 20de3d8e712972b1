"""Queries that Django writes once.

To write the SQL of a query as readers' pages need it takes Django two to five times longer than the database takes to
answer. A prepared query is a queryset whose SQL is written when it is first asked for and whose values are filled in
each time: the rules stay spelled in querysets, and the page does not pay for spelling them again.
"""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Build = Callable[..., QuerySet[Any, Any]]

# Values that stand in no query, from which the places of the real ones are learnt.
FAR: Final = datetime(9876, 5, 4, 3, 2, 1, tzinfo=UTC)
HIGH: Final = 9_000_000_000_000_000_000


def mark(value: Any, number: int) -> Any:
    """A value of the same type that no query holds, another for each number."""
    if isinstance(value, datetime):
        return FAR + timedelta(microseconds=number)
    if isinstance(value, int):
        return HIGH + number
    if isinstance(value, str):
        return f"\ue000{number}\ue001"
    raise TypeError(f"A prepared query takes instants, numbers and strings, not {value!r}.")


class Prepared:
    """`Prepared(build)(*values)` is the queryset `build(*values)`, its SQL written once for each number of values.

    `build` uses each value only as a value the database compares with (a Model's instance stands for its key), never to
    decide what to ask; limits and other shapes are fixed in it. The queryset can be iterated and have prefetches added,
    not narrowed further.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        self.written: dict[tuple[str, int], Written] = {}

    def __call__(self, *values: Any) -> QuerySet[Any, Any]:
        keys = [value.pk if isinstance(value, Model) else value for value in values]
        shape = (connections[DEFAULT_DB_ALIAS].vendor, len(keys))
        if shape not in self.written:
            self.written[shape] = Written(self.build, keys)
        return self.written[shape].with_values(keys)


class Written:
    """A queryset, its SQL, and for each parameter the place of the value it takes, or None where it is fixed."""

    def __init__(self, build: Build, values: list[Any]) -> None:
        marks = [mark(value, number) for number, value in enumerate(values)]
        self.queryset = build(*marks)
        self.compiler: SQLCompiler = self.queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, params = self.compiler.as_sql()
        places = {self.adapted(marked): place for place, marked in enumerate(marks)}
        self.params = [(places.get(param), param) for param in params]
        if {place for place, _param in self.params} - {None} != set(range(len(marks))):
            raise TypeError("A prepared query has to hold each of its values as a parameter.")

    def adapted(self, value: Any) -> Any:
        """The value as Django hands it to the database's driver."""
        if isinstance(value, datetime):
            return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value)
        return value

    def with_values(self, values: list[Any]) -> QuerySet[Any, Any]:
        given = [self.adapted(value) for value in values]
        params = tuple(fixed if place is None else given[place] for place, fixed in self.params)
        compiler = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_options: (self.sql, params)  # type: ignore[method-assign]
        queryset = self.queryset.all()
        queryset.query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]
        return queryset
