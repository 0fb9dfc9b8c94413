"""What a bank file tells, one thing at a time, in the order in which it can have happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from grants.bank.messages import BankMessage, Detail, Entry, StatusReport, identity_of
from grants.bank.reasons import Outcome
from grants.models import BankEvent, Payment, PaymentBatch

OF_OUTCOME = {
    Outcome.ACCEPTED: BankEvent.Kind.ACCEPTED,
    # That the account was charged is booked by the entry that charges it, which has the day.
    Outcome.SETTLED: BankEvent.Kind.ACCEPTED,
    Outcome.PENDING: BankEvent.Kind.PENDING,
    Outcome.UNKNOWN: BankEvent.Kind.PENDING,
    Outcome.REJECTED: BankEvent.Kind.REJECTED,
}


@dataclass(frozen=True)
class Told:
    """One thing that the bank has told. `amount_ore` is above zero for what came in, below for what went out."""

    kind: BankEvent.Kind
    key: str
    payment: UUID | None
    reference: str
    amount_ore: int = 0
    on: date | None = None
    reason_code: str = ""
    reason: str = ""
    kid: str = ""


def told(message: BankMessage) -> list[Told]:
    """All that a file tells: statuses first, then what went out, then what came back."""
    order = {kind: place for place, kind in enumerate(BankEvent.Kind)}
    return sorted(_told(message), key=lambda one: order[one.kind])


def _told(message: BankMessage) -> Iterator[Told]:
    if message.report is not None:
        yield from _statuses(message.report, message.id)
    for statement, entry in message.entries:
        if entry.booked:
            yield from _entry(entry, f"{statement.account}:{statement.id}")
    for number, back in enumerate(message.returns, start=1):
        yield Told(
            BankEvent.Kind.RETURNED,
            f"returned:{back.end_to_end_id}:{back.reference or f'{message.id}:{number}'}",
            back.payment,
            back.end_to_end_id,
            back.amount_ore,
            back.on,
            back.reason.code,
            back.reason.text,
        )


def _statuses(report: StatusReport, message_id: str) -> Iterator[Told]:
    """A status for every payment of the file, by its own name or by what the bank says of the whole."""
    named = {one.payment for one in report.payments}
    batch = PaymentBatch.objects.filter(pk=report.file.batch).first() if report.file.batch else None
    if batch is None and not named:
        yield Told(BankEvent.Kind.OTHER, f"status:{message_id}", None, report.file.reference)
    for payment in Payment.objects.filter(batch=batch).exclude(pk__in=[one for one in named if one]).order_by("pk"):
        status = report.of(payment.pk)
        if status.status:
            yield Told(
                OF_OUTCOME[status.outcome],
                f"{OF_OUTCOME[status.outcome].value}:{payment.pk}:{message_id}",
                payment.pk,
                payment.pk.hex,
                reason_code=status.reasons[0].code if status.reasons else status.status,
                reason=status.text,
            )
    for number, status in enumerate(report.payments, start=1):
        if status.outcome is Outcome.PARTLY:
            continue
        kind = OF_OUTCOME[status.outcome]
        yield Told(
            kind,
            f"{kind.value}:{status.end_to_end_id}:{message_id}:{number}",
            status.payment,
            status.end_to_end_id,
            reason_code=status.reasons[0].code if status.reasons else status.status,
            reason=status.text,
        )


def _entry(entry: Entry, where: str) -> Iterator[Told]:
    """A booked entry: its payments one by one, or the whole batch that it charges at once."""
    if entry.details:
        for number, detail in enumerate(entry.details, start=1):
            yield _detail(entry, detail, f"{where}:{entry.number}:{number}")
        return
    charged = identity_of(entry.batch_message_id or entry.reference)
    batch = PaymentBatch.objects.filter(pk=charged).first() if charged else None
    payments = list(batch.payments.exclude(state=Payment.State.REJECTED).order_by("pk")) if batch else []
    if payments and sum(one.amount_ore for one in payments) == -entry.signed_ore:
        for one in payments:
            yield Told(
                BankEvent.Kind.PAID, f"paid:{one.pk.hex}:{entry.bank_reference or where}", one.pk, one.pk.hex,
                -one.amount_ore, entry.booked_on,
            )  # fmt: skip
        return
    yield Told(
        BankEvent.Kind.OTHER, f"other:{entry.bank_reference or f'{where}:{entry.number}'}", None,
        entry.batch_message_id or entry.reference, entry.signed_ore, entry.booked_on, entry.code, entry.text,
    )  # fmt: skip


def _detail(entry: Entry, detail: Detail, where: str) -> Told:
    reference = detail.end_to_end_id or detail.instruction_id or detail.kid
    if detail.payment is None and not detail.returned:
        kind = BankEvent.Kind.OTHER
    elif detail.credit or entry.reversal or detail.returned:
        kind = BankEvent.Kind.RETURNED
    else:
        kind = BankEvent.Kind.PAID
    return Told(
        kind,
        f"{kind.value}:{reference}:{detail.bank_reference or entry.bank_reference or where}",
        detail.payment,
        reference,
        detail.signed_ore,
        entry.booked_on,
        detail.returned.code if detail.returned else entry.code,
        detail.returned.text if detail.returned else (detail.text or entry.text),
        detail.kid,
    )
