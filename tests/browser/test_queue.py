"""The casework queue in a real browser: filters without reloading, Back, taking a case, and all of it without JavaScript."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from applications.models import Application, Finding, State
from applications.services.assess import ask_applicant
from applications.services.saved_views import save_view
from grants.models import User
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.cases import caseworker, impartial, make_case, make_many_cases, municipality

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def picture(page: Page, name: str) -> None:
    """A picture of the page, where QUEUE_PICTURES names a folder."""
    if folder := os.environ.get("QUEUE_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def queue(demo: dict[str, Any]) -> dict[str, Any]:
    """Cases of every kind, some near their deadline, and two saved views."""
    call = demo["call"]
    amir = impartial(caseworker("amir.haugen"), call)
    User.objects.filter(pk=amir.pk).update(name="Amir Haugen")
    impartial(caseworker(), call)
    User.objects.filter(username="sara").update(name="Sara Olsen")
    waiting = make_case(State.IN_PROGRESS, call=call, organisation=municipality("0105"))
    ask_applicant(waiting, "Hvor mange deltar?", by=caseworker())
    proposed = make_case(State.PROPOSED, call=call, organisation=municipality("0106"))
    new = make_case(call=call, organisation=municipality("0104"))
    submission = waiting.submissions.get()
    for rule, verdict in (("a", "not met"), ("b", "needs a human")):
        Finding.objects.create(
            application=waiting, submission=submission, rule=rule, sentence="-", citation="-", verdict=verdict,
            tried_at=timezone.now(),
        )  # fmt: skip
    today = timezone.localdate()
    for case, days in ((waiting, -3), (proposed, 2), (new, 0)):
        Application.objects.filter(pk=case.pk).update(due_on=today + timedelta(days=days))
    make_many_cases(30)
    save_view("Mine som haster", "handler=me&deadline=soon", by=amir)
    save_view("Store nye", "state=submitted&sort=largest", by=caseworker(), is_shared=True)
    return demo | {"new": new, "waiting": waiting}


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_queue_is_accessible_with_cases_and_without(width: int, open_page: Open, queue: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), width=width), "amir.haugen")
    for name, address in (
        ("queue", "/cases/"),
        ("filtered", "/cases/?search=kommune&handler=nobody&at_least=mye&deadline=soon"),
        ("empty", "/cases/?search=finnesikke"),
        ("closed", "/cases/?state=all"),
        ("views", reverse("case_views")),
        ("declare", reverse("declare", args=[queue["call"].pk])),
    ):
        open_page(address, page=page)
        picture(page, f"{name}-{width}")
        assert faults(page) == [], name
        assert sideways(page) == 0, name
        assert page.complaints == [], name  # type: ignore[attr-defined]
        assert page.locator("h1").count() == 1


def test_filters_change_the_list_alone_and_the_address_and_back_works(open_page: Open, queue: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in")), "amir.haugen")
    open_page("/cases/", page=page)
    page.evaluate("window.stayed = true")

    page.get_by_label("Status").select_option("awaiting_applicant")
    page.wait_for_url("**/cases/?state=awaiting_applicant")
    page.get_by_text("1 sak vises").wait_for()
    assert page.evaluate("window.stayed")
    assert page.locator("#list").get_attribute("data-counter") == "waiting"
    assert faults(page) == []
    page.get_by_label("Søk etter søker").fill("finnesikke")
    page.wait_for_url("**/cases/?search=finnesikke&state=awaiting_applicant")
    page.get_by_text("Ingen saker passer").wait_for()
    page.go_back()
    page.get_by_text("1 sak vises").wait_for()
    assert page.url.endswith("/cases/?state=awaiting_applicant")
    assert page.get_by_label("Status").input_value() == "awaiting_applicant"
    page.go_back()
    page.get_by_text("25 saker vises").wait_for()
    assert page.locator("h1").inner_text() == "Arbeidskø"
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_case_is_found_taken_and_shared_out(javascript: bool, open_page: Open, queue: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), javascript=javascript), "amir.haugen")
    open_page("/cases/?state=open", page=page)
    page.get_by_label("Søk etter søker").fill(queue["new"].reference)
    page.get_by_label("Søk etter søker").press("Enter")
    page.get_by_text("1 sak vises").wait_for()

    page.get_by_role("button", name="Ta saken").click()
    page.get_by_text("Du har tatt saken").wait_for()
    assert page.get_by_role("cell", name="Deg").count() == 1
    queue["new"].refresh_from_db()
    assert queue["new"].handler.username == "amir.haugen"

    page.get_by_role("checkbox", name=f"Velg {queue['new'].reference}").check()
    page.get_by_label("Fordel valgte til").select_option(label="Sara Olsen")
    page.get_by_role("button", name="Fordel", exact=True).click()
    page.get_by_text("1 sak er fordelt til Sara Olsen.").wait_for()
    queue["new"].refresh_from_db()
    assert queue["new"].handler.username == "sara"


def test_a_view_is_saved_without_javascript_and_opened_first(open_page: Open, queue: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), javascript=False), "amir.haugen")
    open_page("/cases/?state=submitted", page=page)
    page.get_by_text("Lagre visningen").click()
    page.get_by_label("Navn på visningen").fill("Nye saker")
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.get_by_text("Visningen «Nye saker» er lagret.").wait_for()

    page.get_by_role("link", name="Endre visninger").click()
    page.get_by_role("button", name="Åpne køen med denne (Nye saker)").click()
    page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Arbeidskø").click()

    page.wait_for_url("**/cases/?state=submitted")
