"""Transfers outside the 18 schemes: prepared from a file, approved by another person, marked as paid; each once, ever."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from grants.budget import cover
from grants.law.other_transfers import OTHER_TRANSFERS, OtherTransfer, other_transfer
from grants.ledger.posting import Transfer, post_all
from grants.models import (
    Account,
    Approval,
    AuditEvent,
    LedgerEntry,
    Organisation,
    Role,
    TransferLine,
    TransferList,
    User,
)
from grants.register import cells
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from grants.shared.money import read_kroner
from grants.shared.table_file import TableFile, read_table

COLUMNS = ("reference", "code", "orgnr", "year", "amount_kroner", "about")
ACCOUNT_CLASS = "tilskudd"
State = TransferList.State


@transaction.atomic
def prepare_transfers(path: Path, *, by: User) -> TransferList:
    """Take in a file of transfers for approval by somebody else. A reference that is booked already is refused."""
    _require_finance(by, "prepare transfers")
    table = read_table(path, required=COLUMNS)
    lines = list(_read(table))
    table.refuse_if_wrong()
    made = TransferList.objects.create(name=path.name, prepared_by=by, prepared_at=timezone.now())
    TransferLine.objects.bulk_create(TransferLine(list=made, **line) for line in lines)
    made.total_ore = sum(line["amount_ore"] for line in lines)
    made.digest = digest_of(made)
    made.state = State.PREPARED
    made.save()
    AuditEvent.objects.create(by=by, verb="prepare_transfers", subject=f"transfers:{made.pk}")
    return made


@transaction.atomic
def approve_transfers(transfers: TransferList, *, by: User, on: date | None = None) -> TransferList:
    """Book a prepared list as owed on a day (today when none is given), if the appropriations cover it."""
    _require_finance(by, "approve transfers")
    on = on or today()
    found = TransferList.objects.select_for_update().select_related("prepared_by").get(pk=transfers.pk)
    if found.prepared_by_id == by.pk:
        raise NotAllowed(f"{by.username} prepared list {found.pk}, so another person must approve it.")
    if found.state != State.PREPARED:
        raise ChangedSince(f"List {found.pk} is {found.state} already.")
    if digest_of(found) != found.digest:
        raise Refused(f"List {found.pk} can't be approved: its lines are not those that were prepared.")
    for (chapter, post), ore in sorted(_by_post(found).items()):
        cover.require(on.year, chapter, post, ore)
    Approval.objects.create(
        subject=f"transfers:{found.pk}", digest=found.digest, proposed_by=found.prepared_by, approved_by=by
    )
    _move(found, State.APPROVED, booked_on=on)
    post_all(_booked(found, "owed", Account.APPROPRIATION, Account.OWED, on=on), by=by)
    AuditEvent.objects.create(by=by, verb="approve_transfers", subject=f"transfers:{found.pk}")
    return found


@transaction.atomic
def pay_transfers(transfers: TransferList, *, by: User, on: date | None = None) -> TransferList:
    """Mark an approved list as paid, on a day (the day it was booked when none is given)."""
    _require_finance(by, "mark transfers as paid")
    found = TransferList.objects.select_for_update().get(pk=transfers.pk)
    if found.state != State.APPROVED or found.booked_on is None:
        raise ChangedSince(f"List {found.pk} can't be marked as paid: it is {found.state}.")
    _move(found, State.PAID)
    post_all(_booked(found, "paid", Account.OWED, Account.PAID, on=on or found.booked_on), by=by)
    AuditEvent.objects.create(by=by, verb="pay_transfers", subject=f"transfers:{found.pk}")
    return found


def list_numbered(number: int) -> TransferList:
    """The list of this number, or a refusal."""
    found = TransferList.objects.filter(pk=number).first()
    if found is None:
        raise Refused(f"There is no list of transfers {number}.")
    return found


def digest_of(transfers: TransferList) -> str:
    """SHA-256 over the lines of a list, in their order."""
    rows = transfers.lines.order_by("reference").values_list(
        "reference", "code", "recipient__orgnr", "year", "amount_ore", "about"
    )
    return hashlib.sha256(json.dumps([list(row) for row in rows], ensure_ascii=False).encode()).hexdigest()


def _read(table: TableFile) -> Iterator[dict[str, Any]]:
    recipients = {row.orgnr: row for row in Organisation.objects.exclude(orgnr=None)}
    booked = set(
        LedgerEntry.objects.filter(key__startswith="transfer:", key__endswith=":owed").values_list("key", flat=True)
    )
    seen: dict[str, int] = {}
    for row in table.rows:
        reference = table.cell(row, "reference", cells.reference, "")
        code = table.cell(row, "code", _code, "")
        orgnr = table.cell(row, "orgnr", cells.organisation_number, "")
        if orgnr and orgnr not in recipients:
            table.fault(row.line, "orgnr", orgnr, "an organisation that is imported (manage.py import_organisations)")
        if reference in seen:
            table.fault(
                row.line, "reference", reference, f"a reference of its own; line {seen[reference]} has this one"
            )
        if f"transfer:{reference}:owed" in booked:
            table.fault(row.line, "reference", reference, "a transfer that is not booked already")
        seen[reference] = row.line
        yield {
            "reference": reference,
            "code": code,
            "recipient": recipients.get(orgnr),
            "year": table.cell(row, "year", cells.year, 0),
            "amount_ore": table.cell(row, "amount_kroner", _above_zero, 0),
            "about": table.cell(row, "about", _about, ""),
        }


def _code(text: str) -> str:
    if other_transfer(text) is None:
        raise BadInput(f"one of {', '.join(known.code for known in OTHER_TRANSFERS)}")
    return text


def _above_zero(text: str) -> int:
    ore = read_kroner(text)
    if ore <= 0:
        raise BadInput("whole kroner above zero")
    return ore


def _about(text: str) -> str:
    if not text.strip() or len(text) > 200:
        raise BadInput("what the money is for, in 1 to 200 characters")
    return text.strip()


def _by_post(transfers: TransferList) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for line in transfers.lines.all():
        law = _law(line)
        found[law.chapter, law.post] += line.amount_ore
    return found


def _booked(transfers: TransferList, event: str, debit: Account, credit: Account, *, on: date) -> Iterator[Transfer]:
    for line in transfers.lines.select_related("recipient").order_by("pk"):
        law = _law(line)
        yield Transfer(
            key=f"transfer:{line.reference}:{event}",
            debit=debit,
            credit=credit,
            amount_ore=line.amount_ore,
            value_date=on,
            chapter=law.chapter,
            post=law.post,
            scheme=law.code,
            code=law.code,
            origin_year=line.year,
            origin_term=1,
            recipient_id=line.recipient_id,
            recipient_sector=line.recipient.sector,
            account_class=ACCOUNT_CLASS,
        )


def _law(line: TransferLine) -> OtherTransfer:
    found = other_transfer(line.code)
    if found is None:
        raise Refused(f"The transfer {line.code} is not known any more. Add it to grants/law/other_transfers.py.")
    return found


def _move(transfers: TransferList, state: TransferList.State, **fields: object) -> None:
    transfers.state = state
    for name, value in fields.items():
        setattr(transfers, name, value)
    transfers.save(update_fields=["state", *fields])


def _require_finance(by: User, what: str) -> None:
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(f"{by.username} may not {what}: that takes the role finance.")
