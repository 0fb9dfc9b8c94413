"""An appeal in a browser, with JavaScript and without: written, kept, refused in words, sent, taken and proposed on."""

from typing import Any

import pytest
from django.urls import reverse

from applications.models import Appeal
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.appeals import make_decided
from tests.factories.cases import caseworker, impartial, signatory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_appeal_is_written_sent_and_proposed_on(javascript: bool, open_page: Open, settings: Any):
    settings.DEMO = True
    decision = make_decided()
    signatory(username="signe")
    impartial(caseworker("hanne"), decision.call)
    page = sign_in(open_page(reverse("sign_in"), width=390, javascript=javascript), "signe")
    open_page(reverse("application", args=[decision.application_id]), page=page, javascript=javascript)
    page.get_by_role("link", name="Klag på vedtaket").click()
    page.get_by_label("Hva mener dere er feil i vedtaket?").fill("Planen er vedtatt.")
    page.get_by_role("button", name="Send klagen").click()

    assert page.title().startswith("Feil: ")
    assert "Hva ønsker dere endret?: Må fylles ut." in page.locator(".ds-error-summary").inner_text()
    if javascript:  # axe needs it
        assert faults(page) == []
    assert sideways(page) == 0

    page.get_by_label("Hva ønsker dere endret?").fill("Hele beløpet.")
    page.get_by_role("button", name="Send klagen").click()
    assert "Klagen er sendt." in page.locator("[role=status]").first.inner_text()

    page = sign_in(open_page(reverse("sign_in"), width=390, javascript=javascript), "hanne")
    open_page(reverse("appeal", args=[Appeal.objects.get().pk]), page=page, javascript=javascript)
    page.get_by_role("button", name="Ta klagen").click()
    page.get_by_label("Begrunnelse").first.fill("Kan ikke lastes for det.")
    page.get_by_role("button", name="Ta klagen til behandling").click()
    page.get_by_label("Hva skal klagen føre til?").select_option("reverse")
    page.get_by_label("Begrunnelse").first.fill("De har rett.")
    page.get_by_role("button", name="Send til avgjørelse").click()
    assert "Skriv beløpet som skal innvilges i alt." in page.locator(".ds-error-summary").inner_text()
    if javascript:  # axe needs it
        assert faults(page) == []
    assert sideways(page) == 0

    page.get_by_label("Nytt beløp i alt, kroner").fill("500 000")
    page.get_by_role("button", name="Send til avgjørelse").click()
    assert Appeal.objects.get().state == "proposed"
