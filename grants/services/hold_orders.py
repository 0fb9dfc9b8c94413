"""What holds an order back: a row that says why and what the way out is, until another row says that it is over."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from grants.jobs.daily import daily
from grants.law.assumptions import assumption
from grants.models import AuditEvent, BankAccount, Hold, HoldEnd, Instalment, Organisation, PaymentOrder, Role, User
from grants.shared.errors import NotAllowed, Refused

# The holds that follow from facts alone: placed and ended by `refresh_account_holds`.
BY_FACTS = (Hold.Kind.NO_ACCOUNT, Hold.Kind.NEW_ACCOUNT)
SENTENCES = {
    Hold.Kind.NO_ACCOUNT: (
        "Mottakeren har ikke noe kontonummer hos oss.",
        "Mottakeren melder kontonummer, og en annen person hos mottakeren bekrefter det.",
    ),
    Hold.Kind.NEW_ACCOUNT: (
        "Kontonummeret ble endret for mindre enn {days} dager siden.",
        "Pengene kan gå fra {until}. Kjenner mottakeren ikke endringen, stoppes den før det.",
    ),
}


def place_hold(order: PaymentOrder, kind: Hold.Kind, *, reason: str, way_out: str, on: date, by: User | None) -> Hold:
    """Hold an order back, unless it is held back for that already."""
    standing = Hold.objects.open().filter(order=order, kind=kind).first()
    if standing is not None:
        return standing
    return Hold.objects.create(order=order, kind=kind, reason=reason, way_out=way_out, placed_on=on, placed_by=by)


def end_holds(orders: Iterable[PaymentOrder], kind: Hold.Kind, *, reason: str, on: date, by: User | None) -> int:
    """What held these orders back is over; how many holds that ended."""
    over = list(Hold.objects.open().filter(order__in=list(orders), kind=kind))
    HoldEnd.objects.bulk_create(HoldEnd(hold=one, reason=reason, ended_on=on, ended_by=by) for one in over)
    return len(over)


@transaction.atomic
def hold_by_hand(order: PaymentOrder, *, reason: str, on: date, by: User) -> Hold:
    """Finance holds an order back, with a reason."""
    _require_finance(by)
    if not reason.strip():
        raise Refused("Skriv hvorfor betalingen holdes tilbake. Mottakeren kan lese det.")
    AuditEvent.objects.create(by=by, verb="hold_order", subject=order.subject, details={"why": reason})
    return place_hold(order, Hold.Kind.BY_HAND, reason=reason.strip(), way_out="Økonomi opphever det.", on=on, by=by)


@transaction.atomic
def end_hold_by_hand(order: PaymentOrder, *, reason: str, on: date, by: User) -> int:
    """Finance ends its own hold, with a reason; the other kinds end when their way out is walked."""
    _require_finance(by)
    if not reason.strip():
        raise Refused("Skriv hvorfor betalingen kan gå.")
    AuditEvent.objects.create(by=by, verb="end_hold", subject=order.subject, details={"why": reason})
    return end_holds([order], Hold.Kind.BY_HAND, reason=reason.strip(), on=on, by=by)


@transaction.atomic
def refresh_account_holds(on: date, *, of: Organisation | None = None) -> None:
    """Place the holds that accounts call for on a day, and end those that they no longer do; for all, or one recipient."""
    outstanding = PaymentOrder.objects.filter(instalments__in=Instalment.objects.outstanding()).distinct()
    holds = Hold.objects.open().filter(kind__in=BY_FACTS)
    if of is not None:
        outstanding, holds = outstanding.filter(recipient=of), holds.filter(order__recipient=of)
    accounts = _accounts({order.recipient_id for order in outstanding})
    wanted = {
        (order.pk, kind): sentences
        for order in outstanding
        for kind, sentences in _called_for(accounts.get(order.recipient_id, []), on)
    }
    standing = {(one.order_id, one.kind): one for one in holds}
    Hold.objects.bulk_create(
        [
            Hold(order_id=order, kind=kind, reason=reason, way_out=way_out, placed_on=on)
            for (order, kind), (reason, way_out) in wanted.items()
            if (order, kind) not in standing
        ],
        batch_size=500,
    )
    HoldEnd.objects.bulk_create(
        [
            HoldEnd(hold=one, reason="Kontoen er i orden.", ended_on=on)
            for key, one in standing.items()
            if key not in wanted
        ],
        batch_size=500,
    )


@daily("account_holds", at=time(5))
def refresh_every_day(payload: Mapping[str, Any]) -> None:
    """What has waited long enough is let go in the morning, so that the recipient reads it as it is."""
    refresh_account_holds(date.fromisoformat(payload["day"]))


def _accounts(recipients: set[UUID]) -> dict[UUID, list[BankAccount]]:
    found: dict[UUID, list[BankAccount]] = {}
    for account in BankAccount.objects.standing().filter(organisation__in=recipients):
        found.setdefault(account.organisation_id, []).append(account)
    return found


def _called_for(accounts: list[BankAccount], on: date) -> Iterator[tuple[Hold.Kind, tuple[str, str]]]:
    if not accounts:
        yield Hold.Kind.NO_ACCOUNT, SENTENCES[Hold.Kind.NO_ACCOUNT]
        return
    days = assumption("payments", "account_waiting_days")
    until = accounts[-1].known_on + timedelta(days=days)
    # A first account replaces nothing that money could be lured away from.
    if len(accounts) > 1 and on < until:
        reason, way_out = SENTENCES[Hold.Kind.NEW_ACCOUNT]
        yield Hold.Kind.NEW_ACCOUNT, (reason.format(days=days), way_out.format(until=until.strftime("%d.%m.%Y")))


def _require_finance(by: User) -> None:
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(f"{by.username} kan ikke holde tilbake betalinger: det krever rollen økonomi.")
