"""Events in a file, read and held against the settlements and what is known."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from grants.models import EventFact
from grants.register import cells
from grants.register.watching import Watch, unwatched
from grants.shared.errors import BadInput
from grants.shared.table_file import TableFile

COLUMNS = ("person_ref", "event", "on", "kommunenummer")
KINDS = ("moved", "died", "emigrated", "returned", "withdrawn", "retracted")
NEEDS_MUNICIPALITY = ("moved", "returned")


class Event(NamedTuple):
    """What happened."""

    kind: str
    municipality_number: str


RETRACTED = Event("retracted", "")
# By reference and day: the line, the event that happened (if the file holds one) and whether the file takes it back.
Day = tuple[int, Event | None, bool]


def read(table: TableFile, watch: Watch = unwatched) -> dict[tuple[str, date], Day]:
    """The events by person and day; an event and its retraction may stand in the same file."""
    found: dict[tuple[str, date], Day] = {}
    for row in watch("Events: checking", table.rows):
        ref = table.cell(row, "person_ref", cells.reference, "")
        kind = table.cell(row, "event", cells.one_of(*KINDS), "")
        on = table.cell(row, "on", cells.day, date.min)
        where = row.cells["kommunenummer"]
        if kind in NEEDS_MUNICIPALITY and on != date.min:
            try:
                cells.municipality_on(where, on)
            except BadInput as refusal:
                table.fault(row.line, "kommunenummer", where, str(refusal))
        elif kind and where and kind not in NEEDS_MUNICIPALITY:
            table.fault(row.line, "kommunenummer", where, f"nothing: {kind} has no municipality")
        line, event, taken_back = found.get((ref, on), (row.line, None, False))
        if kind == "retracted":
            if taken_back:
                table.fault(row.line, "event", kind, f"one retraction per person and day; line {line} has one already")
            found[ref, on] = (line, event, True)
        else:
            if event is not None:
                table.fault(
                    row.line, "on", on.isoformat(), f"one event per person and day; line {line} has one already"
                )
            found[ref, on] = (line, Event(kind, where), taken_back)
    return found


def known(persons: Iterable[int]) -> dict[tuple[int, date], list[tuple[date, Event]]]:
    """All event facts of these persons by day, with the day each became known, the newest last."""
    wanted = set(persons)
    facts = EventFact.objects.order_by("person", "on", "known_on", "pk")
    if len(wanted) <= 5_000:
        facts = facts.filter(person__in=wanted)
    found: dict[tuple[int, date], list[tuple[date, Event]]] = defaultdict(list)
    rows = facts.values_list("person_id", "on", "known_on", "kind", "municipality_number")
    for person, on, known_on, kind, where in rows.iterator(10_000):
        if person in wanted:
            found[person, on].append((known_on, Event(kind, where)))
    return found


def new_ones(
    table: TableFile,
    days: dict[tuple[str, date], Day],
    ids: dict[str, int],
    settled_on: dict[str, date],
    facts: dict[tuple[int, date], list[tuple[date, Event]]],
    *,
    known_on: date,
    correct: bool,
) -> list[tuple[str, date, Event]]:
    """The events that say something new; one that contradicts what is known is a fault, unless it corrects."""
    new = []
    for (ref, on), (line, event, taken_back) in days.items():
        settled = settled_on.get(ref)
        if settled is None:
            table.fault(line, "person_ref", ref, "a person who is settled, in this import or before")
            continue
        of_day = facts.get((ids.get(ref, 0), on), [])
        before = [fact for _, fact in of_day]
        adds = _adds(event, taken_back, before, correct=correct)
        if event is None and not before:
            table.fault(line, "event", "retracted", "an event of that person and day to take back")
        elif not adds:
            continue
        elif on <= settled and adds != (RETRACTED,):
            table.fault(line, "on", on.isoformat(), f"a day after the settlement on {settled}")
        elif not correct and _contradicts(event, before):
            table.fault(line, "event", _shown(event or RETRACTED),
                        f"{_shown(before[-1])}, as known since {of_day[-1][0]}; to correct it, import with "
                        "--correct REASON")  # fmt: skip
        elif of_day and known_on < of_day[-1][0]:
            table.fault(
                line,
                "on",
                on.isoformat(),
                f"a fact known on or after {of_day[-1][0]}, when the earlier one became known",
            )
        else:
            new += [(ref, on, fact) for fact in adds]
    return new


def _adds(event: Event | None, taken_back: bool, before: list[Event], *, correct: bool) -> tuple[Event, ...]:
    """What a day of the file adds to what is known of that day; nothing when all of it is known already."""
    if not taken_back:
        said_before = event in before if not correct else before[-1:] == [event]
        return () if event is None or said_before else (event,)
    if event is None:
        return (RETRACTED,) if before and before[-1] != RETRACTED else ()
    if event not in before:
        return (event, RETRACTED)
    since = before[len(before) - before[::-1].index(event) :]
    return () if RETRACTED in since else (RETRACTED,)


def _contradicts(event: Event | None, before: list[Event]) -> bool:
    """Does the register say otherwise? A day that was taken back is free; a second bare retraction names no event."""
    if not before or before[-1] == RETRACTED:
        return False
    return RETRACTED in before if event is None else event != before[-1]


def _shown(event: Event) -> str:
    return f"{event.kind} {event.municipality_number}".strip()
