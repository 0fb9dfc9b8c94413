"""Pay what is due on a day: a batch is made, explained, sealed, attested, sent, paid by the demo's bank and answered.

Every step asks first where the batch is, so that a year that was broken off goes on where it stopped.
"""

from collections.abc import Collection
from datetime import date

from django.conf import settings

from config.demo.bank import answer_all
from grants.models import Instalment, Job, Outlier, PaymentBatch, User
from grants.services.attest_batch import attest_batch
from grants.services.fetch_answers import fetch_answers
from grants.services.prepare_batch import explain_outlier, prepare_batch, seal_batch
from grants.services.send_batch import carry_to_bank, send_batch
from grants.shared.errors import Refused

State = PaymentBatch.State
WHY = "Demoåret: personene er oppdiktet, og beløpet følger av dem."


def pay_out(
    day: date, *, preparer: User, attester: User, closed: Collection[str] = (), opening_kroner: int | None = None
) -> PaymentBatch | None:
    """The day's batch, answered; None where nothing is to be paid. What the bank is told besides: config/demo/bank.py."""
    batch = PaymentBatch.objects.alive().filter(pay_on=day).exclude(state=State.ANSWERED).first()
    if batch is None:
        if not Instalment.objects.payable(day).exists():
            return None
        batch = prepare_batch(pay_on=day, by=preparer)
    if batch.state == State.OPEN:
        for outlier in Outlier.objects.filter(payment__batch=batch, explanation=""):
            explain_outlier(outlier, WHY, by=preparer)
        batch = seal_batch(batch, by=preparer)
    if batch.state == State.SEALED:
        batch = attest_batch(batch, by=attester)
    if batch.state == State.ATTESTED:
        batch = send_batch(batch, by=preparer)
    carry_to_bank(Job.objects.get(key=f"send_batch:{batch.pk}").payload)
    answer_all(settings.BANK_FOLDER, closed=closed, opening_kroner=opening_kroner)
    fetch_answers()
    batch.refresh_from_db()
    if batch.state != State.ANSWERED:
        raise Refused(f"The bank has not answered batch {batch.number} of {day}. Look at it before the year goes on.")
    return batch
