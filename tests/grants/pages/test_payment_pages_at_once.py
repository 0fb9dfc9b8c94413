"""Many people and windows at the same moment: one is first, the others are told, and nobody meets an error of ours."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse

from grants.models import Approval, BankEvent, BankMessage, BankResolution, Hold, Job, LedgerEntry, PaymentBatch, User
from grants.services.take_in_bank_file import take_in_bank_file
from tests.factories.batches import ON, entry, make_batch, make_order, notification, recipient, status_report
from tests.factories.payments import ACCOUNT
from tests.factories.register import appropriate, finance

pytestmark = pytest.mark.django_db(transaction=True)
State = PaymentBatch.State
MANY = 6


@pytest.fixture(autouse=True)
def payer(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PAYER_ACCOUNT, settings.PAYER_BIC = ACCOUNT, "DNBANOKK"
    settings.BANK, settings.BANK_FOLDER, settings.LETTER_ARCHIVE = "folder", tmp_path / "bank", tmp_path / "archive"
    monkeypatch.setattr("grants.pages.finance.batches.today", lambda: ON)
    appropriate()


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def posted(clients: Sequence[Client], address: str, typed: Callable[[], dict[str, Any]]) -> Counter[int]:
    """All of them press the button at once; what each was answered."""

    def press(client: Client) -> int:
        try:
            return int(client.post(address, typed()).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        return Counter(pool.map(press, clients))


def people() -> list[Client]:
    return [client_of(finance(f"person-{number}")) for number in range(MANY)]


def test_of_many_who_attest_at_once_one_does():
    make_order()
    batch = make_batch(State.SEALED)
    address = reverse("payment_batch_do", args=[batch.number, "attest"])
    assert posted(people(), address, lambda: {"digest": batch.digest, "compared": "yes"}) == {302: 1, 409: MANY - 1}
    assert Approval.objects.filter(subject=f"batch:{batch.number}").count() == 1


def test_of_many_who_send_at_once_one_does_and_there_is_one_job():
    make_order()
    batch = make_batch(State.ATTESTED)
    address = reverse("payment_batch_do", args=[batch.number, "send"])
    assert posted(people(), address, dict) == {302: 1, 409: MANY - 1}
    assert Job.objects.filter(key__startswith=f"send_batch:{batch.pk}").count() == 1


def test_of_many_who_prepare_at_once_one_gets_what_there_is():
    make_order()
    make_order("run:1:0104", to=recipient("0104"))
    found = posted(people(), reverse("payment_batch_prepare"), lambda: {"pay_on": ON.isoformat()})
    assert found == {302: 1, 409: MANY - 1}
    assert PaymentBatch.objects.get().payments.count() == 2


def test_the_same_bank_file_from_many_windows_is_taken_in_once():
    make_order()
    payment = make_batch(State.SENT).payments.get()
    content = notification(entry(payment))
    found = posted(people(), reverse("bank_file_take_in"), lambda: {"file": SimpleUploadedFile("camt.xml", content)})
    assert found == {302: MANY}
    assert BankMessage.objects.count() == BankEvent.objects.count() == 1
    assert LedgerEntry.objects.filter(credit="paid").count() == 1


def test_of_many_who_decide_at_once_one_does():
    make_order()
    batch = make_batch(State.SENT)
    take_in_bank_file(status_report(batch, batch.payments.get()), name="status.xml")
    address = reverse("bank_event_resolve", args=[BankEvent.objects.get().pk])
    assert posted(people(), address, lambda: {"action": "keep_back", "words": "Feil konto."}) == {302: 1, 409: MANY - 1}
    assert BankResolution.objects.count() == Hold.objects.count() == 1


def test_of_many_who_hold_back_at_once_one_does():
    order = make_order()
    address = reverse("payment_order_do", args=[order.pk, "hold"])
    assert posted(people(), address, lambda: {"reason": "Stopp."}) == {302: 1, 409: MANY - 1}
    assert Hold.objects.open().count() == 1
