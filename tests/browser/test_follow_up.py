"""After the decision in a real browser: every state is accessible at every width, and goes without JavaScript."""

import os
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page

from applications.models import Acceptance, Application, Report
from applications.services.review_report import propose_unspent
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.cases import caseworker, decision_maker, impartial, moment, signatory
from tests.factories.follow_up import (
    accounts,
    approve_change,
    make_change,
    make_grant,
    make_recommended,
    make_report,
    make_submitted,
    terms_of,
    underspent,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("TILSKUDD_SHOTS", "")


def is_good(page: Page, name: str) -> None:
    """Accessible, readable on the screen it is on, and without complaints but for the status of a refusal."""
    if SHOTS:
        width = page.viewport_size["width"]  # type: ignore[index]
        page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    assert faults(page) == []
    assert sideways(page) == 0
    complaints = [text for text in page.complaints if "422" not in text and "409" not in text]  # type: ignore[attr-defined]
    assert complaints == []
    assert page.locator("h1").count() == 1


@pytest.fixture
def signe(demo: dict[str, Any]) -> str:
    return signatory(username="signe.dahl").username


def opened(open_page: Open, who: str, name: str, application: Application, width: int, **more: str) -> Page:
    page = sign_in(open_page(reverse("sign_in"), width=width), who)
    return open_page(reverse(name, kwargs={"pk": application.pk} | more), page=page)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_terms_are_accepted_while_it_is_time(width: int, open_page: Open, demo: dict[str, Any], signe: str):
    application = make_grant(call=demo["call"])
    with time_machine.travel(moment("2017-06-10 12:00")):
        page = opened(open_page, signe, "application_terms", application, width)
        is_good(page, "terms")
        page.get_by_role("button", name="Godta vilkårene").click()
        page.wait_for_load_state()
        is_good(page, "terms-unconfirmed")
        page.get_by_label("Jeg har lest vilkårene").check()
        page.get_by_role("button", name="Godta vilkårene").click()
        page.wait_for_load_state()
        assert "Skriv rapporten" in page.locator("main").inner_text()
        is_good(page, "case-accepted")


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_terms_that_are_late_and_changed(width: int, open_page: Open, demo: dict[str, Any], signe: str):
    application = make_grant(call=demo["call"])
    approve_change(make_recommended(application))
    page = opened(open_page, signe, "application_terms", application, width)
    is_good(page, "terms-late")


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_case_says_what_is_next(width: int, open_page: Open, demo: dict[str, Any], signe: str):
    page = opened(open_page, signe, "application", demo["grant"], width)
    assert "Dette skjer videre" in page.locator("main").inner_text()
    is_good(page, "case-report-late")
    open_page(reverse("application_terms", args=[demo["grant"].pk]), page=page)
    is_good(page, "terms-accepted")


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_change_is_asked_for_and_faults_are_told(width: int, open_page: Open, demo: dict[str, Any], signe: str):
    page = opened(open_page, signe, "application_change", demo["grant"], width)
    is_good(page, "change")
    page.get_by_label("Vi ber om å få budsjettet").check()
    page.locator("#costs-0-kroner").fill("mange")
    page.get_by_role("button", name="Send søknaden om endring").click()
    page.wait_for_load_state()
    assert "hele kroner" in page.locator(".ds-error-summary").inner_text()
    is_good(page, "change-faults")
    page.locator("#costs-0-kroner").fill("500 000")
    page.locator("#text").fill("Vi kom sent i gang.")
    page.locator("#ends_on").fill("2018-06-30")
    page.get_by_role("button", name="Send søknaden om endring").click()
    page.wait_for_load_state()
    is_good(page, "change-asked")


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_report_is_written(width: int, open_page: Open, demo: dict[str, Any], signe: str):
    report = make_report(demo["grant"], accounts=accounts([("300 000", ""), ("", "")], total="1"))
    page = opened(open_page, signe, "application_report", demo["grant"], width)
    is_good(page, "report")
    for theme in ("results", "participants", "accounts"):
        open_page(reverse("application_report_theme", args=[demo["grant"].pk, theme]), page=page)
        is_good(page, f"report-{theme}")
    page.get_by_role("button", name="Neste steg").click()
    page.wait_for_load_state()
    assert "Forklar avviket" in page.locator(".ds-error-summary").inner_text()
    is_good(page, "report-accounts-faults")
    assert Report.objects.get(pk=report.pk).version > report.version


def test_sums_follow_while_one_types_and_what_is_typed_is_saved(open_page: Open, demo: dict[str, Any], signe: str):
    page = opened(open_page, signe, "application_report_theme", demo["grant"], 1280, theme="accounts")
    page.locator("#actual-0").fill("300 000")
    page.locator("#actual-0").blur()

    page.locator("#saved", has_text="300\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr").wait_for()
    assert Report.objects.get().answers["accounts"]["lines"][0]["kroner"] == "300 000"
    is_good(page, "report-saved")


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_caseworker_follows_up(width: int, open_page: Open, demo: dict[str, Any]):
    application = demo["grant"]
    approve_change(make_recommended(application))
    make_change(application, activity="Praksis i Moss.", ends_on="2018-07-31")
    page = opened(open_page, "sara", "case_follow_up", application, width)
    is_good(page, "follow-up-change")
    page.get_by_role("button", name="Tilrå godkjenning").click()
    page.wait_for_load_state()
    is_good(page, "follow-up-fault")
    make_submitted(application, accounts=underspent())
    open_page(reverse("case_follow_up", args=[application.pk]), page=page)
    is_good(page, "follow-up-report")
    report = Report.objects.get()
    propose_unspent(report, amount_ore=100_000_00, reason="Etter regelen.", by=caseworker())
    impartial(decision_maker(), application.call)
    sign_in(page, "david")
    open_page(reverse("case_follow_up", args=[application.pk]), page=page)
    is_good(page, "follow-up-unspent")
    open_page(reverse("reports"), page=page)
    is_good(page, "reports")


def test_the_answer_goes_without_javascript(open_page: Open, demo: dict[str, Any], signe: str):
    application = make_grant(call=demo["call"])
    page = sign_in(open_page(reverse("sign_in"), javascript=False), signe)
    open_page(reverse("application_terms", args=[application.pk]), page=page, javascript=False)
    page.locator("summary", has_text="Takk nei").click()
    page.get_by_role("button", name="Takk nei").click()
    assert "hvorfor dere takker nei" in page.locator(".ds-error-summary").inner_text()
    page.locator("#reason").fill("Vi rekker det ikke.")
    page.get_by_role("button", name="Takk nei").click()

    assert "Dere har takket nei" in page.locator("main").inner_text()
    assert Acceptance.objects.get(decision=terms_of(application).decision).answer == "declined"
