"""Every page in a real browser: accessible, within its policy, and readable on the smallest screen."""

from typing import Any

import pytest
from django.urls import reverse

from config.policy import POLICY
from tests.browser.conftest import Open, faults, sideways, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1280, 390, 320)
WHO = {"sign_in": "", "calls": ""} | dict.fromkeys(
    ("our_payments", "call", "our_applications", "application", "application_theme", "application_check"), "ola.nes"
)
# Pages by URL name, with what an address needs: `run` takes the number of the run.
PAGES: dict[str, dict[str, Any]] = {
    "sign_in": {},
    "accessibility": {},
    "schemes": {},
    "scheme": {"code": "integration"},
    "front_page": {},
    "runs": {},
    "run": {"pk": "waiting"},
    "run_municipality": {"pk": "paid", "number": "0101"},
    "our_payments": {},
    "calls": {},
    "call": {"pk": "call"},
    "our_applications": {},
    "application": {"pk": "draft"},
    "application_theme": {"pk": "draft", "theme": "budget"},
    "application_check": {"pk": "draft"},
    "year_end": {"year": 2017},
}
NOT_PAGES = {
    "live", "ready", "set_language", "sign_out", "run_approve", "run_pay", "run_letter", "year_ends", "year_end_file",
    "year_end_pdf", "year_end_make", "calls_json", "application_begin", "application_answer", "application_withdraw",
}  # fmt: skip


def test_every_address_is_tried_here_or_is_no_page():
    assert set(PAGES) | NOT_PAGES == set(POLICY)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_faults_and_no_sideways_scrolling(name: str, width: int, open_page: Open, demo: dict[str, Any]):
    page = open_page(reverse("sign_in"), width=width)
    if username := WHO.get(name, "mona.lien"):
        sign_in(page, username)
    address = {key: getattr(demo.get(value), "pk", value) for key, value in PAGES[name].items()}
    open_page(reverse(name, kwargs=address), page=page)

    assert faults(page) == []
    assert sideways(page) == 0
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "nb"


def test_a_closed_and_a_missing_page_are_accessible_too(open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in")), "mona.lien")

    for address, heading in (
        (reverse("our_payments"), "Du har ikke tilgang"),
        ("/finnes-ikke/", "Vi finner ikke siden"),
    ):
        open_page(address, page=page)
        assert heading in page.locator("h1").inner_text()
        assert faults(page) == []


def test_the_first_tab_leads_past_the_menu(open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in")), "mona.lien")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_the_menu_opens_and_closes_on_a_small_screen(open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), width=390), "mona.lien")
    link = page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Kjøringer")
    assert not link.is_visible()

    page.get_by_role("button", name="Meny", exact=True).click()
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert not link.is_visible()


def test_nynorsk_is_chosen_and_kept(open_page: Open, demo: dict[str, Any]):
    page = open_page(reverse("schemes"))

    page.get_by_role("button", name="Nynorsk").click()
    page.wait_for_load_state()

    assert page.locator("html").get_attribute("lang") == "nn"
    assert page.locator("h1").inner_text() == "Tilskotsordningane"
