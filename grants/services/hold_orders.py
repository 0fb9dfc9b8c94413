"""What holds an order back: a row that says why and what the way out is, until another row says that it is over."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grants.jobs.daily import daily
from grants.law.assumptions import assumption
from grants.models import AuditEvent, BankAccount, Hold, HoldEnd, Instalment, Organisation, PaymentOrder, Role, User
from grants.payments.hold_sources import SOURCES
from grants.shared.dates import read_day
from grants.shared.errors import ChangedSince, NotAllowed, Refused
from grants.shared.text import told_in_words

# The holds that follow from facts alone: placed and ended by `refresh_account_holds`.
BY_FACTS = (Hold.Kind.NO_ACCOUNT, Hold.Kind.NEW_ACCOUNT)
ENDED_BY_HAND = (Hold.Kind.BY_HAND, Hold.Kind.PROTECTED)
MORNING = time(5, 30)
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
    reason = told_in_words(
        reason, most=300, missing=_("Skriv hvorfor betalingen holdes tilbake. Mottakeren kan lese det.")
    )
    order = PaymentOrder.objects.select_for_update().get(pk=order.pk)
    if Hold.objects.open().filter(order=order, kind=Hold.Kind.BY_HAND).exists():
        raise ChangedSince(_("Betalingen holdes tilbake av økonomi allerede."))
    left = Instalment.objects.outstanding().filter(order=order)
    if not left.exists():
        raise Refused(_("Det er ingenting igjen å holde tilbake: alt er betalt eller falt bort."))
    if not left.in_no_payment().exists():
        number = left.filter(parts__is_alive=True).values_list("parts__payment__batch__number", flat=True).first()
        raise Refused(
            _("Alt som gjenstår, ligger i bunt %(number)s. Forkast bunten hvis den ikke er sendt.") % {"number": number}
        )
    AuditEvent.objects.create(by=by, verb="hold_order", subject=order.subject, details={"why": reason})
    return place_hold(order, Hold.Kind.BY_HAND, reason=reason, way_out="Økonomi opphever det.", on=on, by=by)


@transaction.atomic
def end_hold_by_hand(
    order: PaymentOrder, *, reason: str, on: date, by: User, kind: Hold.Kind = Hold.Kind.BY_HAND
) -> int:
    """Finance ends a hold that is its own to end, with a reason; the other kinds end when their way out is walked."""
    _require_finance(by)
    if kind not in ENDED_BY_HAND:
        raise Refused(
            _("«%(kind)s» oppheves ikke for hånd: det som holder pengene tilbake, må bli borte.") % {"kind": kind.label}
        )
    reason = told_in_words(reason, most=300, missing=_("Skriv hvorfor betalingen kan gå."))
    order = PaymentOrder.objects.select_for_update().get(pk=order.pk)
    ended = end_holds([order], kind, reason=reason, on=on, by=by)
    if not ended:
        raise ChangedSince(_("Økonomi holder ikke betalingen tilbake. Andre grunner opphører når veien ut er gått."))
    AuditEvent.objects.create(by=by, verb="end_hold", subject=order.subject, details={"why": reason})
    return ended


@transaction.atomic
def refresh_holds(on: date, *, recipient: Organisation | None = None) -> None:
    """Ask every source which orders must wait on a day: place the holds that they call for, and end those that are over.

    Whoever knows that something has happened to a recipient calls this for it; a batch and the day's own job, for all.
    """
    orders = PaymentOrder.objects.filter(instalments__in=Instalment.objects.outstanding()).distinct()
    orders = orders.filter(recipient=recipient) if recipient else orders
    waiting = {order.pk: order for order in orders.select_related("recipient").order_by("pk")}
    for kind, source in SOURCES.items():
        wanted = source.ask(list(waiting.values()), on) if waiting else {}
        standing = {one.order_id: one for one in Hold.objects.open().filter(kind=kind, order__in=list(waiting))}
        for key in sorted(wanted.keys() - standing.keys()):
            why = wanted[key]
            place_hold(waiting[key], kind, reason=why.reason[:300], way_out=why.way_out[:300], on=on, by=None)
            _note("hold_order", waiting[key], kind)
        for key in sorted(standing.keys() - wanted.keys()):
            end_holds([waiting[key]], kind, reason=source.over, on=on, by=None)
            _note("end_hold", waiting[key], kind)


@daily("refresh_holds", at=MORNING)
def refresh_by_job(payload: Mapping[str, Any]) -> None:
    """The holds of a day, before anybody makes a batch of it."""
    refresh_holds(read_day(payload["day"]))


def _note(verb: str, order: PaymentOrder, kind: Hold.Kind) -> None:
    AuditEvent.objects.create(by=None, verb=verb, subject=order.subject, details={"kind": kind.value})


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
        raise NotAllowed(
            _("%(who)s kan ikke holde tilbake betalinger: det krever rollen økonomi.") % {"who": by.username}
        )
