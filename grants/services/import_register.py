"""Take settlements and events into the register: whole or not at all, and never over what is known."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from grants.law.calculators.residence import effective
from grants.models import EventFact, SettlementFact
from grants.register import events, facts, settlements
from grants.register.watching import Watch, unwatched
from grants.shared.bulk import write_rows
from grants.shared.dates import today
from grants.shared.table_file import TableFile, read_table


@dataclass(frozen=True)
class Taken:
    """What an import brought."""

    settlements: int
    events: int
    known: int
    discrepancies: int


@transaction.atomic
def import_register(
    settlements_file: Path,
    events_file: Path | None = None,
    *,
    known_on: date | None = None,
    correct: str = "",
    watch: Watch = unwatched,
) -> Taken:
    """Import settlements, and events when a file is given. `correct` is the reason when known facts are superseded."""
    known_on = known_on or today()
    table = read_table(settlements_file, required=settlements.COLUMNS)
    happened = read_table(events_file, required=events.COLUMNS) if events_file else TableFile("events", "")
    settled = settlements.read(table, watch)
    days = events.read(happened, watch)
    table.refuse_if_wrong()
    happened.refuse_if_wrong()

    facts.lock_register()
    ids = facts.persons_by_reference({*settled, *(ref for ref, _ in days)})
    known_settlements = settlements.known(ids.values())
    known_events = events.known(ids.values())
    new_settlements = settlements.new_ones(
        table, settled, ids, known_settlements, known_on=known_on, correct=bool(correct)
    )
    settled_on = {ref: known_settlements[pk][-1][1].settled_on for ref, pk in ids.items() if pk in known_settlements}
    settled_on |= {ref: settlement.settled_on for ref, settlement in new_settlements}
    _erased_stay_away(table, settled, new_settlements, ids)
    new_events = events.new_ones(
        happened, days, ids, settled_on, known_events, known_on=known_on, correct=bool(correct)
    )
    taken_back = {(ids.get(ref, 0), on) for ref, on, event in new_events if event == events.RETRACTED}
    _events_stay_after_settlement(table, settled, new_settlements, ids, known_events, taken_back)
    table.refuse_if_wrong()
    happened.refuse_if_wrong()

    ids |= facts.add_persons(ref for ref, _ in new_settlements if ref not in ids)
    _write(table, happened, new_settlements, new_events, ids, known_on, correct, watch)
    for ref, on, event in new_events:
        known_events[ids[ref], on].append((known_on, event))
    return Taken(
        settlements=len(new_settlements),
        events=len(new_events),
        known=len(settled) + len(happened.rows) - len(new_settlements) - len(new_events),
        discrepancies=_discrepancies(known_events),
    )


def _write(
    table: TableFile,
    happened: TableFile,
    new_settlements: list[tuple[str, settlements.Settlement]],
    new_events: list[tuple[str, date, events.Event]],
    ids: dict[str, int],
    known_on: date,
    correct: str,
    watch: Watch,
) -> None:
    columns: tuple[str, ...]
    if new_settlements:
        file = facts.note(table, "settlements", new_rows=len(new_settlements), known_on=known_on, reason=correct)
        columns = ("person_id", *settlements.Settlement._fields, *facts.COMMON)
        common = facts.common(file)
        rows = watch("Settlements: writing", new_settlements)
        write_rows(SettlementFact, columns, ((ids[ref], *_stored(fact), *common) for ref, fact in rows))
    if new_events:
        file = facts.note(happened, "events", new_rows=len(new_events), known_on=known_on, reason=correct)
        columns = ("person_id", "on", *events.Event._fields, *facts.COMMON)
        common = facts.common(file)
        days = watch("Events: writing", new_events)
        write_rows(EventFact, columns, ((ids[ref], on.isoformat(), *event, *common) for ref, on, event in days))


def _stored(fact: settlements.Settlement) -> tuple[object, ...]:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in fact)


def _events_stay_after_settlement(
    table: TableFile,
    settled: dict[str, tuple[int, settlements.Settlement]],
    new: list[tuple[str, settlements.Settlement]],
    ids: dict[str, int],
    known_events: dict[tuple[int, date], list[tuple[date, events.Event]]],
    taken_back: set[tuple[int, date]],
) -> None:
    """A correction may not move a settlement past what is known to have happened after it."""
    first: dict[int, date] = {}
    for (pk, on), versions in known_events.items():
        if versions[-1][1] != events.RETRACTED and (pk, on) not in taken_back:
            first[pk] = min(on, first.get(pk, on))
    for ref, settlement in new:
        earliest = first.get(ids.get(ref, 0))
        if earliest is not None and settlement.settled_on >= earliest:
            table.fault(
                settled[ref][0],
                "settled_on",
                settlement.settled_on.isoformat(),
                f"a day before the event on {earliest}",
            )


def _erased_stay_away(
    table: TableFile,
    settled: dict[str, tuple[int, settlements.Settlement]],
    new: list[tuple[str, settlements.Settlement]],
    ids: dict[str, int],
) -> None:
    """Who was erased is not taken in again under the old reference, for the money would be due a second time."""
    year = facts.erased_before()
    for ref, settlement in new:
        if settlement.settled_on.year < year and ref not in ids:
            table.fault(settled[ref][0], "settled_on", settlement.settled_on.isoformat(),
                        f"a day from {year} on: those settled earlier have been erased; leave the row out")  # fmt: skip


def _discrepancies(days: dict[tuple[int, date], list[tuple[date, events.Event]]]) -> int:
    """How many events have no effect because they follow a death or a withdrawal."""
    per_person: dict[int, list[tuple[str, str, str]]] = {}
    for (pk, on), versions in sorted(days.items()):
        event = versions[-1][1]
        if event != events.RETRACTED:
            per_person.setdefault(pk, []).append((on.isoformat(), *event))
    return sum(len(of_person) - len(effective(of_person)) for of_person in per_person.values())
