"""The road of a batch in a real browser: prepared and sealed by one, attested by another, sent, answered, and a rejection decided."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from grants.models import BankResolution, Job, PaymentBatch
from grants.services.send_batch import carry_to_bank
from grants.services.take_in_bank_file import take_in_bank_file
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.batches import ON, day_after, entry, make_batch, make_order, notification, recipient, status_report
from tests.factories.payments import ACCOUNT
from tests.factories.register import appropriate, finance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
State = PaymentBatch.State
NEXT = day_after(92)


@pytest.fixture(autouse=True)
def owed(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Halden is to have far more than the term before, Moss what it had."""
    settings.DEMO = True
    monkeypatch.setattr("grants.pages.finance.batches.today", lambda: ON)
    settings.PAYER_ACCOUNT, settings.PAYER_BIC = ACCOUNT, "DNBANOKK"
    settings.BANK, settings.BANK_FOLDER, settings.LETTER_ARCHIVE = "folder", tmp_path / "bank", tmp_path / "archive"
    appropriate()
    finance("kari.berg")
    finance("mona.lien")
    make_order()
    make_order("run:1:0104", to=recipient("0104"), amount_ore=80_000_00)
    first = make_batch(State.SENT)
    take_in_bank_file(notification(*(entry(one) for one in first.payments.all())), name="paid.xml")
    make_order("run:2:0101", amount_ore=1_200_000_00, due_on=NEXT)
    make_order("run:2:0104", to=recipient("0104"), amount_ore=80_000_00, due_on=NEXT)


def is_whole(page: Page) -> None:
    assert faults(page) == []
    assert sideways(page) == 0
    assert [one for one in page.complaints if "responded with a status of" not in one] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("javascript", [True, False], ids=["with_javascript", "without"])
def test_the_road_of_a_batch(open_page: Open, javascript: bool):
    page = sign_in(open_page(reverse("sign_in"), javascript=javascript), "kari.berg")
    page.get_by_role("link", name="Utbetalinger", exact=True).first.click()
    page.get_by_label("Betalingsdag").fill(NEXT.isoformat())
    page.get_by_role("button", name="Klargjør bunt").click()
    assert "Bunt 2" in page.locator("h1").inner_text()
    if javascript:
        is_whole(page)

    page.get_by_role("button", name="Lagre forklaringene").click()
    assert "Skriv minst én forklaring" in page.locator("#faults").inner_text()
    page.get_by_label("Langt fra det forrige").fill("Nytt mottak åpnet i mai.")
    page.get_by_role("button", name="Lagre forklaringene").click()
    assert "Nytt mottak åpnet i mai." in page.locator("main").inner_text()
    page.get_by_role("button", name="Forsegl bunten").click()
    assert "En annen person i økonomi må attestere den" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Attester bunten").count() == 0
    batch = PaymentBatch.objects.get(state=State.SEALED)

    page.get_by_role("button", name="Logg ut").click()
    sign_in(page, "mona.lien")
    address = page.url.split("/", 3)
    page.goto("//".join((address[0], address[2])) + reverse("payment_batch", args=[batch.number]))
    assert batch.digest in page.locator("main").inner_text()
    page.get_by_role("button", name="Attester bunten").click()
    assert "Kryss av" in page.locator("#faults").inner_text()
    page.get_by_label("Jeg har sett over").check()
    page.get_by_role("button", name="Attester bunten").click()
    page.get_by_role("button", name="Send til banken").click()
    assert "Filen sendes nå" in page.locator("#sending").inner_text()

    carry_to_bank(Job.objects.get(key=f"send_batch:{batch.pk}").payload)
    if javascript:
        page.locator("#sending").get_by_text("Banken har tatt imot filen").wait_for()
    halden, moss = batch.payments.order_by("-amount_ore")
    take_in_bank_file(status_report(batch, halden), name="status.xml")
    take_in_bank_file(notification(entry(moss, on=NEXT)), name="paid.xml")
    page.reload()
    told = page.locator("main").inner_text()
    assert "Avvist" in told and "Kontoen er avsluttet" in told and "Utbetalt" in told

    page.get_by_role("link", name="Svar fra banken").first.click()
    page.get_by_role("link", name="Halden kommune").click()
    page.get_by_label("Betal på nytt i en senere bunt").check()
    page.get_by_label("Hva har du funnet ut?").fill("Ny konto er bekreftet.")
    if javascript:
        is_whole(page)
    page.get_by_role("button", name="Avgjør").click()
    assert "Ingenting venter" in page.locator("main").inner_text()
    assert BankResolution.objects.get().action == "pay_again"
    assert PaymentBatch.objects.count() == 2


def test_a_button_that_was_pressed_in_another_window_is_answered_kindly(open_page: Open):
    batch = make_batch(State.SEALED, on=NEXT)
    page = sign_in(open_page(reverse("sign_in")), "mona.lien")
    open_page(reverse("payment_batch", args=[batch.number]), page=page)
    other = page.context.new_page()
    other.goto(page.url)
    for window in (page, other):
        window.get_by_label("Jeg har sett over").check()
        window.get_by_role("button", name="Attester bunten").click()
    assert "Bunten er attestert" in page.locator("main").inner_text()
    assert "Ingenting ble gjort to ganger" in other.locator("#faults").inner_text()
    assert other.get_by_role("button", name="Send til banken").is_visible()
