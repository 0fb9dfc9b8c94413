"""The applicant's pages in English in a real browser: nothing sticks out, nothing is Norwegian without saying so."""

import os
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.cases import signatory
from tests.norwegian import unmarked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("TILSKUDD_SHOTS", "")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_road_in_english(width: int, open_page: Open, demo: dict[str, Any]):
    page = open_page(reverse("calls"), width=width)
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").inner_text() == "Find grants for integration and diversity"
    signe = signatory(username="signe.dahl")
    draft, grant, call = demo["draft"].pk, demo["grant"].pk, demo["call"].pk
    road: list[tuple[str, dict[str, Any]]] = [
        ("calls", {}), ("schemes", {}), ("scheme", {"code": "integration"}), ("call", {"pk": call}), ("sign_in", {}),
        ("our_applications", {}), ("our_payments", {}), ("our_people", {}), ("account", {}),
        ("application", {"pk": draft}), ("application_theme", {"pk": draft, "theme": "project"}),
        ("application_theme", {"pk": draft, "theme": "budget"}),
        ("application_theme", {"pk": draft, "theme": "attachments"}), ("application_check", {"pk": draft}),
        ("application", {"pk": demo["sent"].pk}), ("application_receipt", {"pk": demo["sent"].pk}),
        ("application", {"pk": grant}), ("application_terms", {"pk": grant}), ("application_report", {"pk": grant}),
        ("application_report_theme", {"pk": grant, "theme": "accounts"}), ("application_change", {"pk": grant}),
        ("application_notice", {"pk": demo["decided_case"].pk}), ("application_appeal", {"pk": demo["appeal"].application_id}),
    ]  # fmt: skip
    for number, (name, where) in enumerate(road):
        if name == "our_applications":
            sign_in(page, signe.username)
        open_page(reverse(name, kwargs=where), page=page)
        is_good(page, f"en-{number:02}-{name}-{width}", written=name not in PLAIN)


# Pages on which nobody has written anything.
PLAIN = {"calls", "schemes", "scheme", "call", "our_payments", "our_people"}


def is_good(page: Page, name: str, *, written: bool) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert page.locator("html").get_attribute("lang") == "en"
    assert faults(page) == []
    assert sideways(page) == 0
    assert page.locator("h1").count() == 1
    assert written or unmarked(page.content()) == []
