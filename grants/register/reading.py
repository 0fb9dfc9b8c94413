"""Read the register as it was known on a day, as a stream in the order of the persons.

A run reads every person once. Days come as ISO texts from both databases, which saves two conversions per row.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from grants.law.calculators.residence import Event, effective
from grants.shared.bulk import before_fetch

CHUNK = 10_000
AFTER_ALL: tuple[int, tuple[Event, ...]] = (sys.maxsize, ())


class RegisteredPerson(NamedTuple):
    """A settled person as known: the settlement that holds, and the events that have an effect."""

    person_id: int
    born_on: str
    category: str
    settled_on: str
    municipality: str
    grant_years: int
    from_institution: bool
    counts_for_request: bool
    events: tuple[Event, ...]


def settled_persons(
    *, as_of: date | None = None, person_id: int | None = None, near: Sequence[str] = ()
) -> Iterator[RegisteredPerson]:
    """Everybody settled, as known on `as_of` (all that is imported when None), in the order of their ids.

    With `near`, those alone who were settled in one of these municipalities, or whom an event brought there.
    """
    events_of = _Beside(_events_by_person(as_of, person_id, near))
    where, values = _known(as_of, person_id, near)
    sql = (
        f"SELECT person_id, {_day('born_on')}, category, {_day('settled_on')}, municipality_number, "  # noqa: S608
        f"grant_years, from_institution, counts_for_request FROM grants_settlementfact {where} "
        "ORDER BY person_id, known_on, id"
    )
    held: Any = None
    for row in stream(sql, values):
        if held is not None and held[0] != row[0]:
            yield RegisteredPerson._make((*held, events_of(held[0])))
        held = row  # a newer fact of the same person takes the older one's place
    if held is not None:
        yield RegisteredPerson._make((*held, events_of(held[0])))


class _Beside:
    """The events of the persons, read beside them in the same order, so that only one person's are held."""

    def __init__(self, events: Iterator[tuple[int, tuple[Event, ...]]]) -> None:
        self._events = events
        self._person, self._held = next(events, AFTER_ALL)

    def __call__(self, person: int) -> tuple[Event, ...]:
        while self._person < person:
            self._person, self._held = next(self._events, AFTER_ALL)
        return self._held if self._person == person else ()


def withdrawn_persons(*, as_of: date | None = None) -> set[int]:
    """The persons who were withdrawn: nothing is due for them in any scheme."""
    return {person for person, events in _events_by_person(as_of, None) if events[-1][1] == "withdrawn"}


def requested(year: int, *, as_of: date | None = None) -> dict[str, int]:
    """How many each municipality was asked to settle in a year, as known."""
    where, values = _known(as_of, None)
    sql = (
        f"SELECT municipality_number, requested FROM grants_requestfact {where} "  # noqa: S608
        f"{'AND' if where else 'WHERE'} year = %s ORDER BY known_on, id"
    )
    return dict(stream(sql, [*values, year]))


def _events_by_person(
    as_of: date | None, person_id: int | None, near: Sequence[str] = ()
) -> Iterator[tuple[int, tuple[Event, ...]]]:
    """Those who have events, in the order of their ids, with the effective ones.

    On each day the newest fact holds, and a retraction takes it back.
    """
    where, values = _known(as_of, person_id, near)
    sql = (
        f"SELECT person_id, {_day('on')}, kind, municipality_number FROM grants_eventfact {where} "  # noqa: S608
        'ORDER BY person_id, "on", known_on, id'
    )
    for person, rows in groupby(stream(sql, values), key=itemgetter(0)):
        newest = {row[1]: row[1:] for row in rows}
        events = effective([event for event in newest.values() if event[1] != "retracted"])
        if events:
            yield person, events


def claims(scheme: str, *, as_of: date | None = None) -> Iterator[dict[str, Any]]:
    """The claims of a scheme as known, one per reference, in the order of the persons."""
    where, values = _known(as_of, None)
    names = ("claim_ref", "person_id", "municipality_number", "year", "kind", "quantity", "months", "costs_ore", "on")
    columns = ", ".join(names[:-1])
    sql = (
        f"SELECT {columns}, {_day('on')} FROM grants_claimfact {where} {'AND' if where else 'WHERE'} scheme = %s "  # noqa: S608
        "ORDER BY claim_ref, known_on, id"
    )
    newest: dict[str, tuple[Any, ...]] = {row[0]: row for row in stream(sql, [*values, scheme])}
    per_person: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in newest.values():
        per_person[row[1] or 0].append(dict(zip(names, row, strict=True)))
    for person in sorted(per_person):
        yield from per_person[person]


def _day(column: str) -> str:
    """A day as ISO text, from both databases (on SQLite an expression is not turned into a date)."""
    return f'"{column}"::text' if connection.vendor == "postgresql" else f"\"{column}\" || ''"


def _known(as_of: date | None, person_id: int | None, near: Sequence[str] = ()) -> tuple[str, list[Any]]:
    conditions, values = list[str](), list[Any]()
    if as_of is not None:
        conditions.append("known_on <= %s")
        values.append(as_of.isoformat())
    if person_id is not None:
        conditions.append("person_id = %s")
        values.append(str(person_id))
    if near:
        places = ", ".join(["%s"] * len(near))
        conditions.append(
            f"person_id IN (SELECT s.person_id FROM grants_settlementfact s WHERE s.municipality_number IN ({places}) "  # noqa: S608
            f"UNION SELECT e.person_id FROM grants_eventfact e WHERE e.municipality_number IN ({places}))"
        )
        values += [*near, *near]
    return (f"WHERE {' AND '.join(conditions)}" if conditions else ""), values


def stream(sql: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, fetched in chunks with flat memory; other statements may run between two chunks."""
    if connection.vendor == "postgresql":
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql, values)
            before_fetch()
            while rows := cursor.fetchmany(CHUNK):
                yield from rows
                before_fetch()
    else:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            while rows := cursor.fetchmany(CHUNK):
                yield from rows
