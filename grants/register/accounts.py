"""Account numbers: kept encrypted, compared by fingerprint, opened for the bank file and to show their last digits."""

import hashlib
import hmac
import uuid
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.conf import settings

from grants.models import AccountChange, BankAccount, Organisation, Payment
from grants.shared.secrets import decrypt, encrypt


def fingerprint(number: str) -> str:
    """What two equal account numbers share, and nobody can count back from: HMAC-SHA-256 with a key of its own."""
    key = hashlib.sha256(b"fingerprint:" + bytes.fromhex(settings.FIELD_KEY)).digest()
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


LAST_DIGITS = 4


def add_account(
    organisation: Organisation, number: str, *, known_on: date, reason: str, change: AccountChange | None = None
) -> BankAccount:
    """Keep an account number that became known on a day; it is the one in use from then on, unless its change is stopped."""
    key = uuid.uuid4()
    return BankAccount.objects.create(
        pk=key, organisation=organisation, number_encrypted=encrypt(number, bound_to=f"bankaccount:number:{key}"),
        fingerprint=fingerprint(number), known_on=known_on, reason=reason, change=change,
    )  # fmt: skip


def accounts_in_use(organisations: Iterable[UUID]) -> dict[UUID, BankAccount]:
    """The newest account of each organisation that has one."""
    accounts = BankAccount.objects.standing().filter(organisation__in=list(organisations))
    return {account.organisation_id: account for account in accounts}


def number_of(account: BankAccount) -> str:
    """The account number in the clear."""
    return decrypt(bytes(account.number_encrypted), bound_to=f"bankaccount:number:{account.pk}")


def propose_number(change: AccountChange, number: str) -> None:
    """Put a number in a proposal that is not saved yet."""
    change.salt = uuid.uuid4()
    change.number_encrypted = encrypt(number, bound_to=f"accountchange:number:{change.salt}")
    change.fingerprint = fingerprint(number)


def proposed_number(change: AccountChange) -> str:
    """The number of a proposal, in the clear."""
    return decrypt(bytes(change.number_encrypted), bound_to=f"accountchange:number:{change.salt}")


def last_digits(of: BankAccount | AccountChange) -> str:
    """What of a number is shown to people: enough to know it by, and not enough to use it."""
    return (number_of(of) if isinstance(of, BankAccount) else proposed_number(of))[-LAST_DIGITS:]


def bind_to_payment(number: str, payment: UUID) -> bytes:
    """The number as a payment keeps it: readable in that row alone."""
    return encrypt(number, bound_to=f"payment:account:{payment}")


def number_of_payment(payment: Payment) -> str:
    """The account that a payment goes to, in the clear."""
    return decrypt(bytes(payment.account_encrypted), bound_to=f"payment:account:{payment.pk}")
