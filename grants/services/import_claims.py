"""Take in claims: what a municipality claims per person, place or participant."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from grants.models import ClaimFact, SettlementFact
from grants.register import cells, facts
from grants.shared.bulk import write_rows
from grants.shared.dates import today
from grants.shared.errors import BadInput, Refused
from grants.shared.money import read_kroner
from grants.shared.table_file import TableFile, TableRow, read_table

FACTS = ("municipality_number", "year", "kind", "quantity", "months", "costs_ore", "on")


@dataclass(frozen=True)
class Layout:
    """The columns of a scheme's claim file, and how a row becomes the facts of a claim."""

    columns: tuple[str, ...]
    read: Callable[[TableFile, TableRow], dict[str, Any]]
    of_settled_person: bool = False
    once_per_person_and: tuple[str, ...] = ()


def _costs(text: str) -> int:
    amount = read_kroner(text)
    if amount < 0:
        raise BadInput("whole kroner from zero up")
    return amount


def _months(text: str) -> int:
    months = cells.number(text)
    if not 1 <= months <= 12:
        raise BadInput("a number of months from 1 to 12")
    return months


def _disability(table: TableFile, row: TableRow) -> dict[str, Any]:
    return {
        "year": table.cell(row, "year", cells.year, 0),
        "kind": table.cell(row, "part", cells.one_of("1", "2"), ""),
        "costs_ore": table.cell(row, "documented_costs_kroner", _costs, 0),
        "on": table.cell(row, "received_on", cells.day, date.min),
    }


def _integration_reception(table: TableFile, row: TableRow) -> dict[str, Any]:
    year = table.cell(row, "year", cells.year, 2000)
    return {
        "year": year,
        "quantity": table.cell(row, "places", cells.number, 0),
        "months": table.cell(row, "months", _months, 12),
        "on": date(year, 1, 1),
    }


def _asylum_training(table: TableFile, row: TableRow) -> dict[str, Any]:
    on = table.cell(row, "registered_on", cells.day, date.min)
    return {"year": on.year, "kind": table.cell(row, "kind", cells.one_of("norwegian", "culture"), ""), "on": on}


def _norwegian_training(table: TableFile, row: TableRow) -> dict[str, Any]:
    return {
        "year": table.cell(row, "year", cells.year, 0),
        "kind": table.cell(row, "rate_group", cells.one_of("low", "high"), ""),
        "on": table.cell(row, "entered_on", cells.day, date.min),
    }


LAYOUTS = {
    "disability": Layout(
        ("claim_ref", "person_ref", "kommunenummer", "year", "part", "documented_costs_kroner", "received_on"),
        _disability, of_settled_person=True, once_per_person_and=("year", "kind", "municipality_number"),
    ),
    "integration_reception": Layout(
        ("claim_ref", "kommunenummer", "year", "places", "months"), _integration_reception
    ),
    "asylum_training": Layout(
        ("claim_ref", "person_ref", "kommunenummer", "kind", "registered_on"),
        _asylum_training, once_per_person_and=("kind",),
    ),
    "norwegian_training": Layout(
        ("claim_ref", "person_ref", "kommunenummer", "year", "entered_on", "rate_group"),
        _norwegian_training, once_per_person_and=("year",),
    ),
}  # fmt: skip


@transaction.atomic
def import_claims(scheme: str, path: Path, *, known_on: date | None = None, correct: str = "") -> tuple[int, int]:
    """Import the claims of a scheme; returns how many were new and how many were known already."""
    layout = LAYOUTS.get(scheme)
    if layout is None:
        raise Refused(f"{scheme} takes no claim file. Schemes with claims: {', '.join(sorted(LAYOUTS))}.")
    known_on = known_on or today()
    table = read_table(path, required=layout.columns)
    facts.lock_register()
    ids = facts.persons_by_reference(row.cells.get("person_ref", "") for row in table.rows)
    known, taken = _known(scheme, layout)
    seen: dict[str, int] = {}
    new: list[tuple[str, str, dict[str, Any]]] = []
    for row in table.rows:
        claim_ref = table.cell(row, "claim_ref", cells.reference, "")
        person_ref = table.cell(row, "person_ref", cells.reference, "") if "person_ref" in layout.columns else ""
        if claim_ref in seen:
            table.fault(
                row.line, "claim_ref", claim_ref, f"one claim per reference; line {seen[claim_ref]} has it already"
            )
            continue
        seen[claim_ref] = row.line
        claim = {
            "municipality_number": table.cell(row, "kommunenummer", cells.municipality, ""),
            "kind": "", "quantity": 0, "months": 0, "costs_ore": 0, **layout.read(table, row),
        }  # fmt: skip
        if claim["on"] != date.min:
            _check(table, row, layout, claim, person_ref, ids)
        before = known.get(claim_ref)
        now = (ids.get(person_ref) if person_ref else None, *(claim[name] for name in FACTS))
        if before is not None and before[1] == now:
            continue
        if before is not None and (not correct or known_on < before[0]):
            table.fault(
                row.line,
                "claim_ref",
                claim_ref,
                f"what is known since {before[0]}; to correct it, import with --correct REASON, known later",
            )
        if layout.once_per_person_and and before is None:
            once = (person_ref, *(claim[name] for name in layout.once_per_person_and))
            if once in taken:
                table.fault(
                    row.line,
                    "person_ref",
                    person_ref,
                    f"one claim per person and {', '.join(layout.once_per_person_and)}",
                )
            taken.add(once)
        new.append((claim_ref, person_ref, claim))
    table.refuse_if_wrong()
    if new:
        ids |= facts.add_persons(dict.fromkeys(ref for _, ref, _ in new if ref and ref not in ids))
        common = facts.common(
            facts.note(table, f"claims:{scheme}", new_rows=len(new), known_on=known_on, reason=correct)
        )
        columns = ("scheme", "claim_ref", "person_id", *FACTS, *facts.COMMON)
        write_rows(
            ClaimFact,
            columns,
            ((scheme, claim_ref, ids.get(ref), *_stored(claim), *common) for claim_ref, ref, claim in new),
        )
    return len(new), len(table.rows) - len(new)


def _check(
    table: TableFile, row: TableRow, layout: Layout, claim: dict[str, Any], person_ref: str, ids: dict[str, int]
) -> None:
    try:
        cells.municipality_on(claim["municipality_number"], claim["on"])
    except BadInput as refusal:
        table.fault(row.line, "kommunenummer", claim["municipality_number"], str(refusal))
    if layout.of_settled_person and not SettlementFact.objects.filter(person=ids.get(person_ref, 0)).exists():
        table.fault(row.line, "person_ref", person_ref, "a person who is settled")


def _known(scheme: str, layout: Layout) -> tuple[dict[str, tuple[date, tuple[Any, ...]]], set[tuple[Any, ...]]]:
    """The newest facts of each claim, and what persons have claimed once already."""
    known: dict[str, tuple[date, tuple[Any, ...]]] = {}
    refs: dict[str, str] = {}
    rows = ClaimFact.objects.filter(scheme=scheme).order_by("known_on", "pk")
    for claim in rows.select_related("person").iterator(10_000):
        known[claim.claim_ref] = (claim.known_on, (claim.person_id, *(getattr(claim, name) for name in FACTS)))
        refs[claim.claim_ref] = (claim.person.person_ref or "") if claim.person else ""
    positions = [FACTS.index(name) + 1 for name in layout.once_per_person_and]
    taken = {(refs[ref], *(values[position] for position in positions)) for ref, (_, values) in known.items()}
    return known, taken


def _stored(claim: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(claim[name].isoformat() if name == "on" else claim[name] for name in FACTS)
