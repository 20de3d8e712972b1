"""How many rows of another table point at each row: counted in the list's own query."""

from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


def with_number(rows: QuerySet, pointing: type[Model], field: str) -> QuerySet:
    """The rows, each with `number`: how many rows of `pointing` have it in the foreign key `field`."""
    same = pointing.objects.order_by().filter(**{field: OuterRef("pk")}).values(field)
    counted = Subquery(same.annotate(n=Count("*")).values("n"), output_field=IntegerField())
    return rows.annotate(number=Coalesce(counted, 0))
