"""Account numbers: kept encrypted, compared by fingerprint, opened only for the bank file."""

import hashlib
import hmac
import uuid
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.conf import settings

from grants.models import BankAccount, Organisation, Payment
from grants.shared.secrets import decrypt, encrypt


def fingerprint(number: str) -> str:
    """What two equal account numbers share, and nobody can count back from: HMAC-SHA-256 with a key of its own."""
    key = hashlib.sha256(b"fingerprint:" + bytes.fromhex(settings.FIELD_KEY)).digest()
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


def add_account(organisation: Organisation, number: str, *, known_on: date, reason: str) -> BankAccount:
    """Keep an account number that became known on a day; it is the one in use from then on."""
    key = uuid.uuid4()
    return BankAccount.objects.create(
        pk=key, organisation=organisation, number_encrypted=encrypt(number, bound_to=f"bankaccount:number:{key}"),
        fingerprint=fingerprint(number), known_on=known_on, reason=reason,
    )  # fmt: skip


def accounts_in_use(organisations: Iterable[UUID]) -> dict[UUID, BankAccount]:
    """The newest account of each organisation that has one."""
    accounts = BankAccount.objects.filter(organisation__in=list(organisations)).order_by("known_on", "recorded_at")
    return {account.organisation_id: account for account in accounts}


def number_of(account: BankAccount) -> str:
    """The account number in the clear."""
    return decrypt(bytes(account.number_encrypted), bound_to=f"bankaccount:number:{account.pk}")


def bind_to_payment(number: str, payment: UUID) -> bytes:
    """The number as a payment keeps it: readable in that row alone."""
    return encrypt(number, bound_to=f"payment:account:{payment}")


def number_of_payment(payment: Payment) -> str:
    """The account that a payment goes to, in the clear."""
    return decrypt(bytes(payment.account_encrypted), bound_to=f"payment:account:{payment.pk}")
