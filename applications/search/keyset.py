"""Pages by where the last one ended, both ways: the hundredth page costs what the first does, and nothing is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Expression, F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

APART = "~"


@dataclass(frozen=True)
class Order:
    """An order of rows by one value that is never empty, and by id where it is equal."""

    column: str
    descending: bool
    read: Callable[[str], Any]
    expression: Expression | F

    def write(self, row: Any) -> str:
        """Where a row stands in the order, as it is written in an address."""
        value = getattr(row, self.column)
        return f"{value.isoformat() if isinstance(value, date | datetime) else value}{APART}{row.id}"


@dataclass(frozen=True)
class Slice[Row]:
    """Some rows, and where the page before and after begin; empty where there is none."""

    rows: Sequence[Row]
    before: str
    after: str


def slice_of[Rows: QuerySet[Any, Any], Row](
    rows: Rows,
    order: Order,
    read: Callable[[Rows], list[Row]],
    *,
    after: str = "",
    before: str = "",
    size: int,
) -> Slice[Row]:
    """The page after or before a place; the first page where none is named, or where the place makes no sense.

    `read` fetches rows that are chosen, sorted and cut to a page.
    """
    if before and (end := _place(order, before)):
        found = read(_ordered(rows.filter(_beyond(order, end, back=True)), order, back=True)[: size + 1])
        if len(found) > size:
            page = found[size - 1 :: -1]
            return Slice(page, order.write(page[0]), order.write(page[-1]))
        after = ""  # the page before is the first one: whole, from its beginning
    start = _place(order, after) if after else None
    if start:
        rows = rows.filter(_beyond(order, start, back=False))
    found = read(_ordered(rows, order, back=False)[: size + 1])
    page = found[:size]
    return Slice(
        page,
        before=order.write(page[0]) if start and page else "",
        after=order.write(page[-1]) if len(found) > size else "",
    )


def _place(order: Order, text: str) -> tuple[Any, UUID] | None:
    value, apart, key = text.partition(APART)
    try:
        return (order.read(value), UUID(key)) if apart else None
    except ValueError:
        return None


def _beyond(order: Order, place: tuple[Any, UUID], *, back: bool) -> Any:
    """Both columns are compared at once, so that the index is entered at the very row."""
    is_greater = order.descending == back
    compared = TupleGreaterThan if is_greater else TupleLessThan
    key = Tuple(order.expression, F("id"))
    return compared(key, place)


def _ordered[Rows: QuerySet[Any, Any]](rows: Rows, order: Order, *, back: bool) -> Rows:
    down = order.descending != back
    by = [order.expression, F("id")]
    return rows.order_by(*(one.desc() if down else one.asc() for one in by))
