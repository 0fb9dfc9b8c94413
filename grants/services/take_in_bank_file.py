"""Take in a file from the bank: whole or not at all, once, and each thing it tells against the payment it is about.

What agrees is booked on the day that the bank says. What does not is kept as an event with its trouble, for a person.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from grants.bank.messages import BankMessage as Read
from grants.bank.particulars import same_account
from grants.bank.read import read
from grants.documents import archive
from grants.law.assumptions import assumption
from grants.models import (
    AuditEvent,
    BankEvent,
    BankMessage,
    BankStatement,
    ClosedYear,
    Payment,
    User,
)
from grants.payments.told import Told, told
from grants.services.move_payments import counts, move_payments
from grants.services.receive_recovery import book_from_bank, trouble_of
from grants.shared.errors import BadInput

Kind, Trouble = BankEvent.Kind, BankEvent.Trouble
LONGEST = {"key": 200, "reference": 140, "reason_code": 20, "reason": 300}


@dataclass
class TakenIn:
    """What came of a file: how many things it told, how many of them were known, and how many a person must look at."""

    message: BankMessage
    is_new: bool
    told: int = 0
    known: int = 0
    to_look_at: int = 0


def take_in_bank_file(content: bytes, *, name: str, by: User | None = None) -> TakenIn:
    """Take in one file. The same bytes again change nothing; a file that can't be read is refused, and nothing is done."""
    message = read(content)
    _require_our_account(message)
    sha256, path = archive.store(content, suffix=".xml")
    with transaction.atomic():
        kept, is_new = BankMessage.objects.get_or_create(
            sha256=sha256,
            defaults={
                "kind": message.version,
                "message_id": message.id,
                "name": name[:200],
                "created": message.created.isoformat(),
                "path": path,
                "taken_in_by": by,
            },
        )
        if not is_new:
            return TakenIn(kept, is_new=False)
        BankStatement.objects.bulk_create(_statements(kept, message))
        found = _Matching(kept).take(told(message))
        AuditEvent.objects.create(by=by, verb="take_in_bank_file", subject=f"bank_message:{kept.pk}")
    return found


class _Matching:
    """One file against the payments that it names, which are locked while it is taken in."""

    def __init__(self, message: BankMessage) -> None:
        self.message = message
        self.result = TakenIn(message, is_new=True)
        self.closed = set(ClosedYear.objects.values_list("year", flat=True))
        self.received: dict[str, int] = defaultdict(int)
        self.days = timedelta(days=assumption("payments", "bank_days"))

    def take(self, all_told: list[Told]) -> TakenIn:
        """Keep what is new, move the payments where the bank says, and write the book."""
        named = sorted({one.payment for one in all_told if one.payment})
        self.payments = {
            one.pk: one
            for one in Payment.objects.select_for_update().filter(pk__in=named).select_related("batch").order_by("pk")
        }
        self.before: dict[UUID, list[BankEvent]] = defaultdict(list)
        for event in BankEvent.objects.filter(payment__in=named).select_related("message").order_by("pk"):
            if event.payment_id is not None:
                self.before[event.payment_id].append(event)
        keys = set(
            BankEvent.objects.filter(key__in=[_cut("key", one.key) for one in all_told]).values_list("key", flat=True)
        )
        fresh: list[BankEvent] = []
        for one in all_told:
            self.result.told += 1
            if _cut("key", one.key) in keys or self._is_known(one):
                self.result.known += 1
                continue
            keys.add(_cut("key", one.key))
            event = self._event(one)
            fresh.append(event)
            if event.payment_id is not None:
                self.before[event.payment_id].append(event)
        BankEvent.objects.bulk_create(fresh, batch_size=500)
        book_from_bank(fresh)
        move_payments({one.payment_id for one in fresh if one.payment_id is not None})
        self.result.to_look_at = sum(1 for one in fresh if one.trouble)
        return self.result

    def _is_known(self, one: Told) -> bool:
        """Told before, in a file of another kind: a notification and the statement tell of the same entry."""
        if one.kind == Kind.OTHER and one.kid and one.amount_ore > 0:
            told = BankEvent.objects.filter(kind=Kind.RECEIVED, reference=one.kid, amount_ore=one.amount_ore, on=one.on)
            kinds = told.exclude(message=self.message).values_list("message__kind", flat=True)
            return any(kind[:8] != self.message.kind[:8] for kind in kinds)
        return one.kind in (Kind.PAID, Kind.RETURNED) and any(
            (event.kind, event.amount_ore, event.on) == (one.kind, one.amount_ore, one.on)
            and event.message.kind[:8] != self.message.kind[:8]
            for event in (self.before[one.payment] if one.payment else [])
        )

    def _event(self, one: Told) -> BankEvent:
        if one.kind == Kind.OTHER and one.kid and one.amount_ore > 0:
            back = self._paid_back(one)
            if back is not None:
                return back
        payment = self.payments.get(one.payment) if one.payment else None
        return BankEvent(
            message=self.message,
            key=_cut("key", one.key),
            kind=one.kind,
            payment=payment,
            reference=_cut("reference", one.reference),
            amount_ore=one.amount_ore,
            on=one.on,
            reason_code=_cut("reason_code", one.reason_code),
            reason=_cut("reason", one.reason),
            trouble=self._trouble(one, payment),
        )

    def _paid_back(self, one: Told) -> BankEvent | None:
        """An incoming payment with the KID of a claim of ours; None where no claim has it."""
        before = self.received[one.kid]
        trouble = trouble_of(one.kid, one.amount_ore, one.on, closed=self.closed, before_ore=before)
        if trouble is None:
            return None
        if trouble == Trouble.NONE:
            self.received[one.kid] += one.amount_ore
        return BankEvent(
            message=self.message,
            key=_cut("key", one.key),
            kind=Kind.RECEIVED,
            reference=_cut("reference", one.kid),
            amount_ore=one.amount_ore,
            on=one.on,
            reason=_cut("reason", one.reason),
            trouble=trouble,
        )

    def _trouble(self, one: Told, payment: Payment | None) -> BankEvent.Trouble:
        if payment is None:
            return Trouble.UNKNOWN
        if payment.state == Payment.State.PLANNED:
            return Trouble.NOT_SENT
        kinds = {event.kind for event in self.before[payment.pk] if counts(event)}
        if one.kind == Kind.REJECTED:
            return Trouble.CONTRADICTS if Kind.PAID in kinds else Trouble.REJECTED
        if one.kind not in (Kind.PAID, Kind.RETURNED):
            return Trouble.NONE
        if Kind.REJECTED in kinds:
            return Trouble.CONTRADICTS
        if abs(one.amount_ore) != payment.amount_ore:
            return Trouble.AMOUNT
        if one.kind in kinds:
            return Trouble.TWICE
        if one.on is None or one.on.year in self.closed:
            return Trouble.YEAR_CLOSED
        if one.kind == Kind.RETURNED:
            return Trouble.RETURNED
        pay_on = payment.batch.pay_on
        return Trouble.NONE if pay_on <= one.on <= pay_on + self.days else Trouble.DATE


def _statements(kept: BankMessage, message: Read) -> Iterator[BankStatement]:
    """The statements of the file that have balances, with the days that they tell of."""
    for number, one in enumerate(message.statements, start=1):
        if one.opening_ore is None or one.closing_ore is None:
            continue
        booked = [entry.booked_on for entry in one.entries if entry.booked and entry.booked_on]
        closing_on = max([*booked, one.closing_on or localtime(one.created or message.created).date()])
        yield BankStatement(
            message=kept,
            number=number,
            statement_id=one.id[:35],
            sequence=one.sequence,
            opening_ore=one.opening_ore,
            closing_ore=one.closing_ore,
            first_on=min(booked, default=closing_on),
            closing_on=closing_on,
        )


def _require_our_account(message: Read) -> None:
    for statement in message.statements:
        if same_account(statement.account) != same_account(settings.PAYER_ACCOUNT):
            raise BadInput(
                _("Filen fra banken er avvist: den gjelder kontoen %(account)s, som ikke er vår. Ingenting er ført.")
                % {"account": statement.account}
            )


def _cut(field: str, text: str) -> str:
    return text[: LONGEST[field]]
