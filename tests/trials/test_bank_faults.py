"""Ten thousand entries from the bank, fifty of them with a fault planted: each is found, named rightly, and nothing else is."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from grants.models import Account, BankEvent, LedgerEntry, Outlier, Payment
from grants.services.attest_batch import attest_batch
from grants.services.prepare_batch import explain_outlier, prepare_batch, seal_batch
from grants.services.send_batch import send_batch
from grants.services.take_in_bank_file import take_in_bank_file
from tests.factories.batches import ON, attester, entry, notification
from tests.factories.payments import ACCOUNT
from tests.factories.register import finance
from tests.trials.paying import lay_out

pytestmark = [pytest.mark.trial, pytest.mark.timeout(1200), pytest.mark.django_db]
ENTRIES, OF_EACH = 10_000, 10
FAULTS = ("amount", "unknown", "twice", "date", "returned")


def test_fifty_planted_faults_are_found_and_no_other(settings: Any):
    settings.PAYER_ACCOUNT, settings.PAYER_BIC, settings.BANK_FOLDER = ACCOUNT, "DNBANOKK", settings.VAR_DIR / "bank"
    lay_out(ENTRIES, 1)
    batch = prepare_batch(pay_on=ON, by=finance())
    for outlier in Outlier.objects.filter(payment__batch=batch):
        explain_outlier(outlier, "Slik skal det være.", by=finance())
    batch = send_batch(attest_batch(seal_batch(batch, by=finance()), by=attester()), by=finance())
    payments = list(batch.payments.order_by("pk"))
    rnd = random.Random(50)
    planted = rnd.sample(payments, OF_EACH * len(FAULTS))
    fault_of = {one.pk: FAULTS[place % len(FAULTS)] for place, one in enumerate(planted)}
    entries = [said for one in payments for said in _entries(one, fault_of.get(one.pk, ""))]
    rnd.shuffle(entries)

    taken = take_in_bank_file(notification(*entries), name="camt.054.xml")

    troubled = BankEvent.objects.exclude(trouble="")
    assert taken.to_look_at == troubled.count() == OF_EACH * len(FAULTS)
    assert Counter(troubled.values_list("trouble", flat=True)) == dict.fromkeys(FAULTS, OF_EACH)
    named = {one.payment_id: one.trouble for one in troubled if one.payment_id}
    assert named == {key: fault for key, fault in fault_of.items() if fault != "unknown"}
    # What has no fault is paid and booked; what is unclear is neither.
    right = [one for one in payments if fault_of.get(one.pk) in (None, "twice")]
    assert Payment.objects.filter(state="paid").count() == len(right)
    assert LedgerEntry.objects.balance_ore(Account.PAID) == sum(one.amount_ore for one in right)


def _entries(payment: Payment, fault: str) -> list[str]:
    """What the bank says of a payment: an ordinary entry, or one with a fault."""
    late = ON + timedelta(days=60)
    ordinary = entry(payment, on=ON)
    faulty = {
        "amount": [entry(payment, on=ON, more_ore=1)],
        "unknown": [entry(payment, on=ON, reference=f"{payment.pk.hex[:-1]}x")],
        "twice": [ordinary, entry(payment, on=ON)],
        "date": [entry(payment, on=late)],
        "returned": [ordinary, entry(payment, on=ON, back=True)],
    }
    return faulty.get(fault, [ordinary])
