"""Settlements in a file, read and held against what is known."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from grants.models import SettlementFact
from grants.register import cells
from grants.register.watching import Watch, unwatched
from grants.shared.errors import BadInput
from grants.shared.table_file import TableFile, TableRow

COLUMNS = (
    "person_ref", "born_on", "category", "settled_on", "kommunenummer", "grant_years", "from_institution",
    "counts_for_request",
)  # fmt: skip
CATEGORIES = ("adult", "single_adult", "child", "unaccompanied_minor")


class Settlement(NamedTuple):
    """The facts of a settlement, as the table keeps them."""

    born_on: date
    category: str
    settled_on: date
    municipality_number: str
    grant_years: int
    from_institution: bool
    counts_for_request: bool


NOBODY = Settlement(date.min, "", date.min, "", 0, False, False)


def read(table: TableFile, watch: Watch = unwatched) -> dict[str, tuple[int, Settlement]]:
    """The settlements by reference with their line; what is wrong is noted as faults of the table."""
    found: dict[str, tuple[int, Settlement]] = {}
    for row in watch("Settlements: checking", table.rows):
        ref = table.cell(row, "person_ref", cells.reference, "")
        if ref in found:
            table.fault(row.line, "person_ref", ref, f"one settlement per person; line {found[ref][0]} has one already")
            continue
        found[ref] = (row.line, _settlement(table, row))
    return found


def _settlement(table: TableFile, row: TableRow) -> Settlement:
    before = table.number_of_faults
    settlement = Settlement(
        born_on=table.cell(row, "born_on", cells.day, date.min),
        category=table.cell(row, "category", cells.one_of(*CATEGORIES), ""),
        settled_on=table.cell(row, "settled_on", cells.day, date.min),
        municipality_number=table.cell(row, "kommunenummer", cells.municipality, ""),
        grant_years=int(table.cell(row, "grant_years", cells.one_of("3", "5"), "5")),
        from_institution=table.cell(row, "from_institution", cells.flag, False),
        counts_for_request=table.cell(row, "counts_for_request", cells.flag, False),
    )
    if table.number_of_faults > before:
        return NOBODY
    if settlement.settled_on < settlement.born_on:
        table.fault(row.line, "settled_on", row.cells["settled_on"], "a day on or after born_on")
    try:
        cells.municipality_on(settlement.municipality_number, settlement.settled_on)
    except BadInput as refusal:
        table.fault(row.line, "kommunenummer", settlement.municipality_number, str(refusal))
    age = settlement.settled_on.year - settlement.born_on.year
    if expected := _unfit(settlement.category, age):
        table.fault(row.line, "category", settlement.category, f"{expected} (settled in the year of {age})")
    return settlement


def _unfit(category: str, age: int) -> str:
    """What a category demands of the age in the settlement year, where it does not fit."""
    if category == "child" and age > 17:
        return "a child is at most 17 in the settlement year"
    if category in ("adult", "single_adult") and age < 18:
        return "an adult is at least 18 in the settlement year"
    if category == "unaccompanied_minor" and age > 20:
        return "an unaccompanied minor is at most 20 in the settlement year"
    return ""


def known(persons: Iterable[int]) -> dict[int, list[tuple[date, Settlement]]]:
    """All settlement facts of these persons with the day each became known, the newest last."""
    wanted = set(persons)
    facts = SettlementFact.objects.order_by("person", "known_on", "pk")
    if len(wanted) <= 5_000:
        facts = facts.filter(person__in=wanted)
    found: dict[int, list[tuple[date, Settlement]]] = defaultdict(list)
    for person, known_on, *rest in facts.values_list("person_id", "known_on", *Settlement._fields).iterator(10_000):
        if person in wanted:
            found[person].append((known_on, Settlement(*rest)))
    return found


def new_ones(
    table: TableFile,
    settlements: dict[str, tuple[int, Settlement]],
    ids: dict[str, int],
    facts: dict[int, list[tuple[date, Settlement]]],
    *,
    known_on: date,
    correct: bool,
) -> list[tuple[str, Settlement]]:
    """The settlements that say something new; one that contradicts what is known is a fault, unless it corrects."""
    new = []
    for ref, (line, settlement) in settlements.items():
        of_person = facts.get(ids.get(ref, 0), [])
        if not of_person:
            new.append((ref, settlement))
            continue
        last_known, current = of_person[-1]
        if settlement == current or (not correct and any(settlement == fact for _, fact in of_person)):
            continue
        if not correct:
            column = next(n for n in Settlement._fields if getattr(settlement, n) != getattr(current, n))
            value = str(getattr(settlement, column))
            table.fault(line, column.replace("municipality_number", "kommunenummer"), value,
                        f"{getattr(current, column)}, as known since {last_known}; to correct it, import with --correct REASON")  # fmt: skip
        elif known_on < last_known:
            table.fault(
                line, "person_ref", ref, f"a correction known on or after {last_known}, when the fact became known"
            )
        else:
            new.append((ref, settlement))
    return new
