"""What the bank tells, in our words. Amounts are øre, days are Norwegian, and nothing here is from one version only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from grants.bank.reasons import Outcome, outcome, reason_text, status_text
from grants.shared.money import kr

_OURS = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class Kind(StrEnum):
    """The four kinds of answer."""

    STATUS = "status"  # pain.002: what the bank thinks of a file of ours
    NOTIFICATION = "notification"  # camt.054: what has been booked, as it happens
    STATEMENT = "statement"  # camt.053: the account for a period, with balances
    RETURN = "return"  # pacs.004: payments that come back


def identity_of(reference: str) -> UUID | None:
    """The payment or batch that a reference of ours names, or None for what is not a reference of ours."""
    return UUID(hex=reference.replace("-", "")) if _OURS.fullmatch(reference) else None


@dataclass(frozen=True)
class Reason:
    """Why: ISO's code, and what the bank adds in its own words."""

    code: str
    added: str = ""

    @property
    def text(self) -> str:
        """In plain Norwegian, followed by the bank's own words."""
        return f"{reason_text(self.code)}. {self.added}".strip() if self.added else reason_text(self.code)


@dataclass(frozen=True)
class Verdict:
    """What the bank says of a file or a block of payments. `status` is empty where it says nothing of the whole."""

    reference: str
    status: str = ""
    reasons: tuple[Reason, ...] = ()
    payments: int | None = None
    sum_ore: int | None = None

    @property
    def outcome(self) -> Outcome:
        """What it means for the money."""
        return outcome(self.status)

    @property
    def batch(self) -> UUID | None:
        """The batch of ours that it is about. A block is named after its file, with a number."""
        return identity_of(self.reference.removesuffix("-1"))


@dataclass(frozen=True)
class PaymentStatus:
    """What the bank says of one payment."""

    end_to_end_id: str
    status: str
    reasons: tuple[Reason, ...] = ()
    bank_reference: str = ""
    amount_ore: int | None = None

    @property
    def outcome(self) -> Outcome:
        """What it means for the money."""
        return outcome(self.status)

    @property
    def text(self) -> str:
        """The status in words, with the reasons."""
        return ": ".join([status_text(self.status), *filter(None, ["; ".join(r.text for r in self.reasons)])])

    @property
    def payment(self) -> UUID | None:
        """The payment of ours, or None."""
        return identity_of(self.end_to_end_id)


@dataclass(frozen=True)
class StatusReport:
    """pain.002: the file it is about, its blocks, and the payments that are named one by one.

    A bank may name all payments, or only those that it rejects. Where a payment is not named, the status of its block
    counts, and then that of the file; `PART` alone says nothing of a payment that is not named.
    """

    file: Verdict
    blocks: tuple[Verdict, ...] = ()
    payments: tuple[PaymentStatus, ...] = ()

    def of(self, payment: UUID) -> PaymentStatus:
        """What the report says of one payment of the file. The status is empty where it says nothing."""
        for named in self.payments:
            if named.payment == payment:
                return named
        for whole in (*self.blocks, self.file):
            if whole.status and whole.outcome is not Outcome.PARTLY:
                return PaymentStatus(payment.hex, whole.status, whole.reasons)
        return PaymentStatus(payment.hex, "")


@dataclass(frozen=True)
class Detail:
    """One payment within an entry. `amount_ore` is positive; `credit` says which way it went."""

    amount_ore: int
    credit: bool
    end_to_end_id: str = ""
    instruction_id: str = ""
    message_id: str = ""
    bank_reference: str = ""
    returned: Reason | None = None
    party: str = ""
    party_account: str = ""
    kid: str = ""
    text: str = ""

    @property
    def signed_ore(self) -> int:
        """Positive for money in, negative for money out."""
        return self.amount_ore if self.credit else -self.amount_ore

    @property
    def payment(self) -> UUID | None:
        """The payment of ours, or None."""
        return identity_of(self.end_to_end_id) or identity_of(self.instruction_id)


@dataclass(frozen=True)
class Entry:
    """One booking on the account, and the payments it is made of, where the bank tells them."""

    number: int
    amount_ore: int
    credit: bool
    status: str
    booked_on: date | None
    valued_on: date | None
    reference: str = ""
    bank_reference: str = ""
    reversal: bool = False
    code: str = ""
    batch_message_id: str = ""
    text: str = ""
    details: tuple[Detail, ...] = ()

    @property
    def signed_ore(self) -> int:
        """Positive for money in, negative for money out. A reversal already has the sign of what it does now."""
        return self.amount_ore if self.credit else -self.amount_ore

    @property
    def booked(self) -> bool:
        """Has it moved money? What is pending or for information has not."""
        return self.status == "BOOK"


@dataclass(frozen=True)
class Statement:
    """An account for a period (camt.053), or what has happened on it (camt.054, which has no balances)."""

    id: str
    account: str
    created: datetime | None
    sequence: int | None
    legal_sequence: int | None
    opening_ore: int | None
    opening_on: date | None
    closing_ore: int | None
    closing_on: date | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class PaymentReturn:
    """A payment that comes back (pacs.004), by which day and why."""

    end_to_end_id: str
    amount_ore: int
    original_ore: int | None
    on: date | None
    reason: Reason
    reference: str = ""
    message_id: str = ""

    @property
    def payment(self) -> UUID | None:
        """The payment of ours, or None."""
        return identity_of(self.end_to_end_id)


@dataclass(frozen=True)
class BankMessage:
    """One file from the bank, read whole. Only what belongs to its kind is filled in."""

    kind: Kind
    version: str
    id: str
    created: datetime
    report: StatusReport | None = None
    statements: tuple[Statement, ...] = ()
    returns: tuple[PaymentReturn, ...] = ()

    @property
    def entries(self) -> Iterator[tuple[Statement, Entry]]:
        """All entries, each with the statement it stands in."""
        return ((statement, entry) for statement in self.statements for entry in statement.entries)


def gap(before: Statement, after: Statement) -> str:
    """What is missing between two statements of one account that should follow each other; nothing where they do.

    Banks number statements by the year, so a number that starts again at 1 is no gap. The balance tells in any case.
    """
    faults = []
    if before.sequence is not None and after.sequence not in {None, 1, before.sequence + 1}:
        faults.append(f"etter kontoutskrift {before.sequence} kommer {after.sequence}")
    if before.closing_ore is not None and after.opening_ore is not None and before.closing_ore != after.opening_ore:
        faults.append(
            f"utgående saldo var {kr(before.closing_ore)}, og neste inngående saldo er {kr(after.opening_ore)}: "
            f"forskjellen er {kr(after.opening_ore - before.closing_ore)}"
        )
    return "; ".join(faults)
