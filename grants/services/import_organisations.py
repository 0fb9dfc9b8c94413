"""Take in organisations, sub-units and their account numbers."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from grants.jobs.queue import hand_over
from grants.models import BankAccount, Organisation, OrganisationChange
from grants.register import cells, facts
from grants.register.accounts import add_account, fingerprint
from grants.shared.dates import today
from grants.shared.table_file import TableFile, TableRow, read_table

COLUMNS = ("orgnr", "name", "kind", "kommunenummer", "account_number", "parent_orgnr")


@transaction.atomic
def import_organisations(path: Path, *, known_on: date | None = None, correct: str = "") -> tuple[int, int]:
    """Import organisations; returns how many rows brought something new and how many were known already."""
    known_on = known_on or today()
    table = read_table(path, required=COLUMNS)
    facts.lock_register()
    wanted = _read(table)
    table.refuse_if_wrong()
    new, renamed = 0, list[str]()
    known = {row.orgnr: row for row in Organisation.objects.exclude(orgnr=None).select_related("parent")}
    municipalities = Organisation.objects.by_municipality_number()
    for line, row in _parents_first(table, wanted):
        parent = known.get(row["parent_orgnr"]) if row["parent_orgnr"] else None
        organisation = known.get(row["orgnr"])
        if organisation is None and row["kind"] == "municipality" and parent is None:
            organisation = municipalities.get(row["kommunenummer"])
            if organisation is not None and organisation.orgnr:
                table.fault(
                    line,
                    "orgnr",
                    row["orgnr"],
                    f"{organisation.orgnr}, the number that municipality {row['kommunenummer']} is known by",
                )
                continue
        if fault := _moves_a_municipality(row, organisation, parent, municipalities):
            table.fault(line, "kommunenummer", row["kommunenummer"], fault)
            continue
        named = organisation and (organisation.name, organisation.orgnr)
        fresh = _take(table, line, row, organisation, parent, known_on=known_on, correct=correct)
        if fresh is not None:
            known[row["orgnr"]] = fresh
            new += 1
            if named and named != (fresh.name, fresh.orgnr):
                renamed.append(str(fresh.pk))
    table.refuse_if_wrong()
    if new:
        file = facts.note(table, "organisations", new_rows=new, known_on=known_on, reason=correct)
        if renamed:  # those who keep names elsewhere, to search by, write them anew
            hand_over("organisations_renamed", f"organisations_renamed:{file.pk}", {"organisations": renamed})
    return new, len(wanted) - new


def _read(table: TableFile) -> dict[str, tuple[int, dict[str, str]]]:
    found: dict[str, tuple[int, dict[str, str]]] = {}
    for row in table.rows:
        orgnr = table.cell(row, "orgnr", cells.organisation_number, "")
        if orgnr and orgnr in found:
            table.fault(row.line, "orgnr", orgnr, f"each organisation once; line {found[orgnr][0]} has it already")
        found[orgnr] = (row.line, _cells(table, row, orgnr))
    known = set(Organisation.objects.exclude(orgnr=None).values_list("orgnr", flat=True))
    for line, row_cells in found.values():
        parent = row_cells["parent_orgnr"]
        if parent and parent not in found and parent not in known:
            table.fault(line, "parent_orgnr", parent, "an organisation in this file or known before")
    return found


def _parents_first(table: TableFile, wanted: dict[str, tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    """The rows, each after the one that it stands below, whatever their order in the file."""
    depths: dict[str, int] = {}
    for orgnr, (line, row) in wanted.items():
        above, parent = [orgnr], row["parent_orgnr"]
        while parent in wanted and parent not in above:
            above.append(parent)
            parent = wanted[parent][1]["parent_orgnr"]
        if parent in above:
            table.fault(line, "parent_orgnr", row["parent_orgnr"], "an organisation that does not stand below this one")
        depths[orgnr] = len(above)
    return [wanted[orgnr] for orgnr in sorted(wanted, key=lambda orgnr: (depths[orgnr], wanted[orgnr][0]))]


def _moves_a_municipality(
    row: dict[str, str],
    organisation: Organisation | None,
    parent: Organisation | None,
    municipalities: dict[str, Organisation],
) -> str:
    """What is expected where a row would take a municipality from its number, or its number from a municipality."""
    if organisation is not None and municipalities.get(organisation.municipality_number) == organisation:
        if row["kind"] != "municipality" or parent or row["kommunenummer"] != organisation.municipality_number:
            return f"{organisation.municipality_number}: this is that municipality itself, and stays so"
    elif row["kind"] == "municipality" and parent is None and row["kommunenummer"] in municipalities:
        return f"another number: {municipalities[row['kommunenummer']].name} is the municipality of this one"
    return ""


def _cells(table: TableFile, row: TableRow, orgnr: str) -> dict[str, str]:
    kind = table.cell(row, "kind", cells.one_of(*Organisation.Kind.values), "")
    number = row.cells["kommunenummer"]
    if number or kind == "municipality":
        number = table.cell(row, "kommunenummer", cells.municipality, "")
    return {
        "orgnr": orgnr,
        "name": table.cell(row, "name", cells.text, ""),
        "kind": kind,
        "kommunenummer": number,
        "account_number": table.cell(row, "account_number", _optional(cells.account_number), ""),
        "parent_orgnr": table.cell(row, "parent_orgnr", _optional(cells.organisation_number), ""),
    }


def _optional(read: Any) -> Any:
    return lambda text: read(text) if text else ""


def _take(
    table: TableFile, line: int, row: dict[str, str], organisation: Organisation | None, parent: Organisation | None,
    *, known_on: date, correct: str,
) -> Organisation | None:  # fmt: skip
    """Write one organisation; None when nothing in it is new."""
    wanted = {
        "orgnr": row["orgnr"],
        "name": row["name"],
        "kind": row["kind"],
        "municipality_number": row["kommunenummer"],
    }
    first_time = organisation is None or not organisation.orgnr
    if organisation is not None and not first_time:
        differs = [name for name, value in wanted.items() if getattr(organisation, name) != value]
        if organisation.parent_id != (parent.pk if parent else None):
            differs.append("parent_orgnr")
        if not correct and organisation.changes.filter(facts=_facts(row)).exists():
            differs = []  # what was known before a correction is known
        account_differs = bool(row["account_number"]) and _account(organisation) != fingerprint(row["account_number"])
        has_account = organisation.bank_accounts.exists()
        if not correct and account_differs:
            account_differs = not organisation.bank_accounts.filter(
                fingerprint=fingerprint(row["account_number"])
            ).exists()
        if not differs and not account_differs:
            return None
        if (differs or has_account) and not correct:
            column = differs[0] if differs else "account_number"
            shown = "(another account)" if column == "account_number" else str(getattr(organisation, column, parent))
            column = column.replace("municipality_number", "kommunenummer")
            table.fault(
                line,
                column,
                "…" if column == "account_number" else row.get(column, ""),
                f"{shown}, as known; to correct it, import with --correct REASON",
            )
            return None
        last_known = organisation.changes.latest("known_on").known_on
        if known_on < last_known:
            table.fault(line, "orgnr", row["orgnr"], f"a correction known on or after {last_known}")
            return None
    organisation = organisation or Organisation()
    for name, value in wanted.items():
        setattr(organisation, name, value)
    organisation.parent, organisation.search_key = parent, row["name"].casefold()
    organisation.save()
    change = OrganisationChange.objects.create(
        organisation=organisation, facts=_facts(row), known_on=known_on, reason=correct
    )
    if not first_time:  # whoever holds something against what was known of it, looks again
        hand_over("organisation_changed", f"organisation_changed:{change.pk}", {"organisation": str(organisation.pk)})
    if row["account_number"] and _account(organisation) != fingerprint(row["account_number"]):
        add_account(organisation, row["account_number"], known_on=known_on, reason=correct)
    return organisation


def _facts(row: dict[str, str]) -> dict[str, str]:
    """What the history keeps; account numbers have their own, encrypted."""
    return {name: value for name, value in row.items() if name != "account_number"}


def _account(organisation: Organisation) -> str:
    """The fingerprint of the account in use."""
    newest = BankAccount.objects.standing().filter(organisation=organisation).last()
    return newest.fingerprint if newest else ""
