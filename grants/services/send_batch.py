"""Send an attested batch to the bank: the same bytes under the same name, by job, and never again by itself.

What the bank's door answers is one of four (`grants/bank/port.py`), and each is handled so that nothing is paid twice.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.bank import payment_file as bank_file
from grants.bank.port import BankRefused, OutcomeUnknown, bank
from grants.jobs.queue import hand_over
from grants.jobs.registry import job
from grants.models import AuditEvent, Job, Payment, PaymentBatch, Role, User
from grants.payments.states import state_in_words
from grants.payments.still_payable import require_still_payable
from grants.register.accounts import number_of_payment
from grants.shared.errors import ChangedSince, NotAllowed, Refused
from grants.shared.text import told_in_words

State = PaymentBatch.State
TROUBLE_LENGTH = 500


@transaction.atomic
def send_batch(batch: PaymentBatch, *, by: User) -> PaymentBatch:
    """Let an attested batch go: from here on its payments count as with the bank, and only the bank says otherwise."""
    _require_finance(by)
    batch = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.ATTESTED:
        raise ChangedSince(
            _("Bunt %(number)s er %(state)s. Bare en attestert bunt sendes.")
            % {"number": batch.number, "state": state_in_words(batch)}
        )
    require_still_payable(batch)
    version = _version(settings.PAYMENT_FILE_VERSION)
    batch.file_sha256 = hashlib.sha256(file_of(batch, version)).hexdigest()
    batch.state, batch.sent_at = State.SENT, timezone.now()
    batch.save(update_fields=["state", "sent_at", "file_sha256"])
    batch.payments.update(state=Payment.State.SENT)
    hand_over("send_batch", f"send_batch:{batch.pk}", {"batch": str(batch.pk), "version": version})
    AuditEvent.objects.create(
        by=by, verb="send_batch", subject=f"batch:{batch.number}", details={"file": batch.file_sha256}
    )
    return batch


@transaction.atomic
def send_again(batch: PaymentBatch, *, words: str, by: User) -> PaymentBatch:
    """A person has found out that the bank does not have the file: the same file goes out again, under the same name."""
    _require_finance(by)
    words = told_in_words(words, most=500, missing=_("Skriv hvordan du vet at banken ikke har filen."))
    batch = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.SENT or batch.receipt or not batch.trouble:
        raise ChangedSince(_("Bunt %(number)s venter ikke på å bli sendt igjen.") % {"number": batch.number})
    batch.trouble = ""
    batch.save(update_fields=["trouble"])
    first = Job.objects.get(key=f"send_batch:{batch.pk}").payload
    times = Job.objects.filter(key__startswith=f"send_batch:{batch.pk}:again:").count() + 1
    hand_over("send_batch", f"send_batch:{batch.pk}:again:{times}", {**first, "again": True})
    AuditEvent.objects.create(by=by, verb="send_again", subject=f"batch:{batch.number}", details={"why": words})
    return batch


@job("send_batch")
def carry_to_bank(payload: Mapping[str, Any]) -> None:
    """Carry the file of a batch to the bank. Run twice it is the same file, which the bank's door knows again."""
    batch = PaymentBatch.objects.get(pk=payload["batch"])
    if batch.receipt:
        return None
    version = _version(payload["version"])
    sealed = sealed_batch(batch)
    content = bank_file.payment_file(sealed, version)
    if hashlib.sha256(content).hexdigest() != batch.file_sha256:
        return _note(batch, trouble="Filen er ikke den som ble sendt ut av huset. Ingenting er sendt; se på bunten.")
    name = bank_file.file_name(sealed, version)
    try:
        sent = bank().send(bank_file.identity(batch.pk), name, content, again=payload.get("again", False))
    except (BankRefused, OutcomeUnknown) as fault:
        return _note(batch, trouble=str(fault)[:TROUBLE_LENGTH])
    return _note(batch, receipt=sent.reference or name, trouble="")


def file_of(batch: PaymentBatch, version: bank_file.Version) -> bytes:
    """The bank file of a sealed batch, the same bytes whenever it is made."""
    return bank_file.payment_file(sealed_batch(batch), version)


@transaction.atomic
def download_file(batch: PaymentBatch, *, by: User) -> tuple[str, bytes]:
    """The name and the bytes of a sealed batch's bank file, for a person to look at.

    It holds account numbers in the clear, so that who fetched it is kept. Sent, it is the very file that was sent.
    """
    if not by.has_directorate_role(Role.FINANCE, Role.AUDITOR):
        raise NotAllowed(
            _("%(who)s kan ikke hente filer til banken: det krever rollen økonomi eller revisor.")
            % {"who": by.username}
        )
    sent = Job.objects.filter(key=f"send_batch:{batch.pk}").first()
    version = _version(sent.payload["version"] if sent else settings.PAYMENT_FILE_VERSION)
    sealed = sealed_batch(batch)
    content = bank_file.payment_file(sealed, version)
    details = {"file": hashlib.sha256(content).hexdigest()}
    AuditEvent.objects.create(by=by, verb="download_batch", subject=f"batch:{batch.number}", details=details)
    return bank_file.file_name(sealed, version), content


def sealed_batch(batch: PaymentBatch) -> bank_file.SealedBatch:
    """A sealed batch as the bank is told of it."""
    if batch.sealed_at is None:
        raise Refused(
            _("Bunt %(number)s er ikke forseglet, så det finnes ingen fil av den.") % {"number": batch.number}
        )
    return bank_file.SealedBatch(
        message_id=batch.pk,
        sealed_at=batch.sealed_at,
        on=batch.pay_on,
        payer=payer(),
        payments=tuple(
            bank_file.Payment(
                id=payment.pk,
                amount_ore=payment.amount_ore,
                name=payment.name,
                account=number_of_payment(payment),
                kid=payment.kid,
                message="" if payment.kid else payment.message,
            )
            for payment in batch.payments.order_by("pk")
        ),
    )


def payer() -> bank_file.Payer:
    """Who pays, by the settings."""
    if not settings.PAYER_ACCOUNT or not settings.PAYER_BIC:
        raise Refused("The payer's account or bank is missing. Set TILSKUDD_PAYER_ACCOUNT and TILSKUDD_PAYER_BIC.")
    return bank_file.Payer(
        name=settings.PAYER_NAME,
        orgnr=settings.PAYER_ORGNR,
        account=settings.PAYER_ACCOUNT,
        bic=settings.PAYER_BIC,
        division=settings.PAYER_DIVISION,
    )


def _version(text: str) -> bank_file.Version:
    for version in bank_file.VERSIONS:
        if text == version:
            return version
    raise Refused(f"There is no pain.001 version {text}. Known here: {', '.join(bank_file.VERSIONS)}.")


def _note(batch: PaymentBatch, **told: str) -> None:
    PaymentBatch.objects.filter(pk=batch.pk, receipt="").update(**told)


def _require_finance(by: User) -> None:
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(_("%(who)s kan ikke sende betalinger: det krever rollen økonomi.") % {"who": by.username})
