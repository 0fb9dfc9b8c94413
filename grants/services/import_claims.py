"""Take in claims: what a municipality claims per person, place or participant."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from grants.models import ClaimFact
from grants.register import cells, facts
from grants.register.claims import FACTS, LIMITS, as_mapping, known_claims, once, settled_among
from grants.register.watching import Watch, unwatched
from grants.shared.bulk import write_rows
from grants.shared.dates import today
from grants.shared.errors import BadInput, Refused
from grants.shared.money import read_kroner
from grants.shared.table_file import TableFile, TableRow, read_table


@dataclass(frozen=True)
class Layout:
    """The columns of a scheme's claim file, and how a row becomes the facts of a claim."""

    columns: tuple[str, ...]
    read: Callable[[TableFile, TableRow], dict[str, Any]]


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
        ("claim_ref", "person_ref", "kommunenummer", "year", "part", "documented_costs_kroner", "received_on"), _disability
    ),
    "integration_reception": Layout(
        ("claim_ref", "kommunenummer", "year", "places", "months"), _integration_reception
    ),
    "asylum_training": Layout(
        ("claim_ref", "person_ref", "kommunenummer", "kind", "registered_on"), _asylum_training
    ),
    "norwegian_training": Layout(
        ("claim_ref", "person_ref", "kommunenummer", "year", "entered_on", "rate_group"), _norwegian_training
    ),
}  # fmt: skip


@transaction.atomic
def import_claims(
    scheme: str, path: Path, *, known_on: date | None = None, correct: str = "", watch: Watch = unwatched
) -> tuple[int, int]:
    """Import the claims of a scheme; returns how many were new and how many were known already."""
    layout = LAYOUTS.get(scheme)
    if layout is None:
        raise Refused(f"{scheme} takes no claim file. Schemes with claims: {', '.join(sorted(LAYOUTS))}.")
    limits, known_on = LIMITS[scheme], known_on or today()
    table = read_table(path, required=layout.columns)
    facts.lock_register()
    ids = facts.persons_by_reference(row.cells.get("person_ref", "") for row in table.rows)
    known = known_claims(scheme)
    taken = {once(scheme, said[-1][1][0], as_mapping(said[-1][1])): claim_ref for claim_ref, said in known.items()}
    settled = settled_among(list(ids.values())) if limits.of_settled_person else set()
    erased = facts.erased_before()
    seen: dict[str, int] = {}
    new: list[tuple[str, str, dict[str, Any]]] = []
    for row in watch("Claims: checking", table.rows):
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
            _check_place(table, row, claim)
        person = ids.get(person_ref)
        values = tuple(claim[name] for name in FACTS)
        said = known.get(claim_ref, [])
        if (person, values) in [(fact[0], fact[1:]) for _, fact in (said[-1:] if correct else said)]:
            continue
        if limits.of_settled_person and person not in settled:
            table.fault(row.line, "person_ref", person_ref, "a person who is settled")
        if person_ref and person is None and claim["year"] < erased:
            table.fault(row.line, "year", str(claim["year"]),
                        f"{erased} or later: those settled earlier have been erased; leave the row out")  # fmt: skip
        if said and (not correct or known_on < said[-1][0]):
            table.fault(
                row.line,
                "claim_ref",
                claim_ref,
                f"what is known since {said[-1][0]}; to correct it, import with --correct REASON, known later",
            )
        if limits.once_per_person_and:
            one = once(scheme, person or person_ref, claim)
            if taken.setdefault(one, claim_ref) != claim_ref:
                table.fault(
                    row.line,
                    "person_ref",
                    person_ref,
                    f"one claim per person and {', '.join(limits.once_per_person_and)}; {taken[one]} is one already",
                )
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
            (
                (scheme, claim_ref, ids.get(ref), *_stored(claim), *common)
                for claim_ref, ref, claim in watch("Claims: writing", new)
            ),
        )
    return len(new), len(table.rows) - len(new)


def _check_place(table: TableFile, row: TableRow, claim: dict[str, Any]) -> None:
    try:
        cells.municipality_on(claim["municipality_number"], claim["on"])
    except BadInput as refusal:
        table.fault(row.line, "kommunenummer", claim["municipality_number"], str(refusal))


def _stored(claim: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(claim[name].isoformat() if name == "on" else claim[name] for name in FACTS)
