"""Take in how many each municipality was asked to settle (anmodning)."""

from collections import defaultdict
from datetime import date
from pathlib import Path

from django.db import transaction

from grants.law.municipalities import existed_in
from grants.models import RequestFact
from grants.register import cells, facts
from grants.shared.bulk import write_rows
from grants.shared.dates import today
from grants.shared.table_file import read_table

COLUMNS = ("kommunenummer", "year", "requested")


@transaction.atomic
def import_requests(path: Path, *, known_on: date | None = None, correct: str = "") -> tuple[int, int]:
    """Import requests; returns how many were new and how many were known already."""
    known_on = known_on or today()
    table = read_table(path, required=COLUMNS)
    facts.lock_register()
    known: dict[tuple[str, int], list[RequestFact]] = defaultdict(list)
    for fact in RequestFact.objects.order_by("known_on", "pk"):
        known[fact.municipality_number, fact.year].append(fact)
    seen: dict[tuple[str, int], int] = {}
    new = []
    for row in table.rows:
        number = table.cell(row, "kommunenummer", cells.municipality, "")
        year = table.cell(row, "year", cells.year, 0)
        requested = table.cell(row, "requested", cells.number, 0)
        if number and year and not existed_in(number, year):
            table.fault(row.line, "kommunenummer", number, f"a municipality that existed in {year}")
        if (number, year) in seen:
            table.fault(
                row.line,
                "kommunenummer",
                number,
                f"one request per municipality and year; line {seen[number, year]} has one",
            )
        seen[number, year] = row.line
        said = known.get((number, year), [])
        before = said[-1] if said else None
        if requested in [fact.requested for fact in (said[-1:] if correct else said)]:
            continue
        if before is not None and not correct:
            table.fault(
                row.line,
                "requested",
                str(requested),
                f"{before.requested}, as known since {before.known_on}; to correct it, import with --correct REASON",
            )
        elif before is not None and known_on < before.known_on:
            table.fault(row.line, "requested", str(requested), f"a correction known on or after {before.known_on}")
        new.append((number, year, requested))
    table.refuse_if_wrong()
    if new:
        common = facts.common(facts.note(table, "requests", new_rows=len(new), known_on=known_on, reason=correct))
        columns = ("municipality_number", "year", "requested", *facts.COMMON)
        write_rows(RequestFact, columns, ((*row, *common) for row in new))
    return len(new), len(table.rows) - len(new)
