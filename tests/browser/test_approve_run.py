"""Approving a run the way finance does it, with JavaScript and without."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from grants.models import Approval, EntitlementRun, LedgerEntry, User
from grants.services.prepare_run import prepare_run
from tests.browser.conftest import Open, faults, sign_in
from tests.factories.register import appropriate, finance, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
State = EntitlementRun.State


@pytest.fixture
def prepared(settings: Any) -> EntitlementRun:
    """A run over three persons that Kari has prepared."""
    settings.DEMO = True
    finance("mona.lien")
    for municipality in ("0101", "0104", "0105"):
        settle(f"P-{municipality}", municipality_number=municipality)
    appropriate()
    return prepare_run("integration", 2017, 1, by=finance("kari.berg"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_second_person_approves_and_marks_as_paid(javascript: bool, prepared: EntitlementRun, open_page: Open):
    page = sign_in(open_page(reverse("sign_in"), javascript=javascript), "mona.lien")
    open_page(reverse("run", args=[prepared.pk]), page=page, javascript=javascript)

    page.get_by_role("button", name="Godkjenn").click()
    page.wait_for_load_state()
    assert "Kjøringen er godkjent" in page.locator("[role=status]").first.inner_text()
    page.get_by_role("button", name="Merk som utbetalt").click()
    page.wait_for_load_state()

    prepared.refresh_from_db()
    assert prepared.state == State.PAID
    assert Approval.objects.get().approved_by == User.objects.get(username="mona.lien")
    assert LedgerEntry.objects.count() == 6  # owed and paid, for three municipalities
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_one_who_prepared_is_told_that_another_must_approve(prepared: EntitlementRun, open_page: Open):
    page = sign_in(open_page(reverse("sign_in")), "kari.berg")
    open_page(reverse("run", args=[prepared.pk]), page=page)

    assert page.get_by_role("button", name="Godkjenn").count() == 0
    assert page.get_by_text("En annen må godkjenne").is_visible()


def test_a_run_that_has_been_overtaken_says_so_in_words(prepared: EntitlementRun, open_page: Open):
    page = sign_in(open_page(reverse("sign_in")), "mona.lien")
    open_page(reverse("run", args=[prepared.pk]), page=page)
    settle("P-late", municipality_number="0106")

    page.get_by_role("button", name="Godkjenn").click()
    page.wait_for_load_state()

    assert page.locator("h1").inner_text() == "Det lot seg ikke gjøre"
    assert "Klargjør det på nytt" in page.locator(".ds-alert").inner_text()
    assert faults(page) == []
    prepared.refresh_from_db()
    assert prepared.state == State.PREPARED


def test_a_search_among_the_municipalities_answers_while_one_types(prepared: EntitlementRun, open_page: Open):
    page = sign_in(open_page(reverse("sign_in")), "mona.lien")
    open_page(reverse("run", args=[prepared.pk]), page=page)

    page.get_by_label("Søk etter kommune").fill("mos")
    expect(page.locator("#payables tbody tr")).to_have_count(1)

    assert page.locator("#payables tbody th").inner_text().startswith("Moss")
    assert page.get_by_label("Søk etter kommune").input_value() == "mos"
    assert page.complaints == []  # type: ignore[attr-defined]
