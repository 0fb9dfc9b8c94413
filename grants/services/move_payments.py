"""Where the events say that payments are: their states move there step by step, and the book is written on the bank's days."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from grants.models import Approval, BankEvent, BankResolution, Payment, PaymentBatch, PaymentPart, User
from grants.services.offset_recovery import book_offsets, undo_offsets
from grants.services.settle import settle, take_back

Kind, State = BankEvent.Kind, Payment.State
# These troubles want a person to decide what now; that it happened is not in doubt.
MOVES = (BankEvent.Trouble.NONE, BankEvent.Trouble.REJECTED, BankEvent.Trouble.RETURNED)


def move_payments(payments: set[UUID]) -> None:
    """Let payments, and the book, be what the events about them come to; in any order that the bank told them."""
    paid: dict[date, dict[int, str]] = defaultdict(dict)
    back: dict[date, dict[int, str]] = defaultdict(dict)
    moved: list[tuple[Payment, list[tuple[Payment.State, date | None]]]] = []
    events: dict[UUID, dict[str, BankEvent]] = defaultdict(dict)
    for event in BankEvent.objects.filter(payment__in=payments).select_related("resolution").order_by("pk"):
        if event.payment_id is not None and counts(event):
            events[event.payment_id].setdefault(event.kind, event)
    parts: dict[UUID, list[int]] = defaultdict(list)
    for payment_id, instalment in PaymentPart.objects.filter(payment__in=payments, is_alive=True).values_list(
        "payment", "instalment"
    ):
        parts[payment_id].append(instalment)
    for payment in Payment.objects.filter(pk__in=payments).order_by("pk"):
        steps = _steps(payment, events[payment.pk])
        moved.append((payment, steps))
        for state, on in steps:
            if on is not None:
                book = paid if state == State.PAID else back
                book[on].update(dict.fromkeys(parts[payment.pk], payment.pk.hex))
    _write(moved, paid, back)


def _write(
    moved: list[tuple[Payment, list[tuple[Payment.State, date | None]]]],
    paid: dict[date, dict[int, str]],
    back: dict[date, dict[int, str]],
) -> None:
    steps = [(payment, state, on) for payment, found in moved for state, on in found]
    for wanted in (State.ACCEPTED, State.REJECTED, State.PAID):
        by_day: dict[date | None, list[UUID]] = defaultdict(list)
        for payment, state, on in steps:
            if state == wanted:
                by_day[on].append(payment.pk)
        for on, keys in by_day.items():
            Payment.objects.filter(pk__in=keys).update(state=wanted, **({"paid_on": on} if on else {}))
    payments = [payment for payment, _ in moved]
    by = _attesters([payment for payment, state, _ in steps if state in (State.PAID, State.RETURNED)])
    for on, instalments in sorted(paid.items()):
        for user, own in _by_attester(instalments, by).items():
            settle(own, on=on, by=user)
            book_offsets(_payments(own), on=on, by=user)
    for payment, state, _ in steps:
        if state == State.RETURNED:
            Payment.objects.filter(pk=payment.pk).update(state=state)
    for on, instalments in sorted(back.items()):
        for user, own in _by_attester(instalments, by).items():
            take_back(own, on=on, by=user)
            undo_offsets(_payments(own), on=on, by=user)
    _close_batches({payment.batch_id for payment in payments})


def _steps(payment: Payment, events: dict[str, BankEvent]) -> list[tuple[Payment.State, date | None]]:
    """The steps from where a payment is to where its events say that it is; with the day, for what is booked."""
    state, steps = Payment.State(payment.state), list[tuple[Payment.State, date | None]]()
    if state == State.SENT and Kind.ACCEPTED in events and Kind.PAID not in events and Kind.REJECTED not in events:
        steps.append((State.ACCEPTED, None))
    if state in (State.SENT, State.ACCEPTED) and Kind.REJECTED in events:
        steps.append((State.REJECTED, None))
    elif state in (State.SENT, State.ACCEPTED) and Kind.PAID in events:
        steps.append((State.PAID, _day(events[Kind.PAID])))
        state = State.PAID
    if state == State.PAID and Kind.RETURNED in events:
        steps.append((State.RETURNED, _day(events[Kind.RETURNED])))
    return steps


def counts(event: BankEvent) -> bool:
    """Does it move the payment? What troubles us moves nothing until a person says that it is as the bank says."""
    if event.trouble in MOVES:
        return True
    resolution = getattr(event, "resolution", None) if event.pk else None
    return resolution is not None and resolution.action == BankResolution.Action.BOOK


def _day(event: BankEvent) -> date:
    """The day it counts here: the bank's, or the one that a person gave where that year is closed."""
    resolution = getattr(event, "resolution", None)
    day = resolution.on if resolution is not None and resolution.on else event.on
    assert day is not None
    return day


def _attesters(payments: list[Payment]) -> dict[str, User]:
    """By payment (hex), who attested its batch: the book is written in their name, on the bank's word."""
    batches = {one.batch_id for one in payments}
    numbers = dict(PaymentBatch.objects.filter(pk__in=batches).values_list("pk", "number"))
    approvals = {
        one.subject: one.approved_by
        for one in Approval.objects.filter(subject__in=[f"batch:{n}" for n in numbers.values()]).select_related(
            "approved_by"
        )
    }
    return {one.pk.hex: approvals[f"batch:{numbers[one.batch_id]}"] for one in payments}


def _by_attester(instalments: dict[int, str], attesters: dict[str, User]) -> dict[User, dict[int, str]]:
    found: dict[User, dict[int, str]] = defaultdict(dict)
    for instalment, payment in instalments.items():
        found[attesters[payment]][instalment] = payment
    return found


def _payments(instalments: dict[int, str]) -> set[UUID]:
    return {UUID(hex=payment) for payment in instalments.values()}


def _close_batches(batches: set[UUID]) -> None:
    """A batch is answered when the bank has the last word on each of its payments."""
    unanswered = Payment.objects.filter(batch__in=batches, state__in=[State.SENT, State.ACCEPTED]).values("batch")
    PaymentBatch.objects.filter(pk__in=batches, state=PaymentBatch.State.SENT).exclude(pk__in=unanswered).update(
        state=PaymentBatch.State.ANSWERED
    )
