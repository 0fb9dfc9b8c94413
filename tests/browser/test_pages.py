"""Every page in a real browser: accessible, within its policy, and readable on the smallest screen."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from config.policy import POLICY
from grants.models import Role, User
from grants.models.user import DIRECTORATE_ROLES
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.browser.rounds import make_rounds
from tests.factories.claims import with_access
from tests.factories.register import make_user
from tests.factories.runs import make_member
from tests.test_access import ELSEWHERE, EXPECTED, ONLY_POST, world

__all__ = ["world"]  # a fixture: one of everything that an address can name
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
World = dict[str, dict[str, Any]]
WIDTHS = (1280, 390, 320)
MENU_HEIGHT = "document.querySelector('.app-nav')?.offsetHeight ?? 0"
ONE_LINE = 60
# Addresses that answer with something else than a page: files, JSON, and those that only lead on to another.
NO_PAGES = {
    "live", "calls_json", "set_language", "year_ends", "run_letter", "application_receipt_file", "case_document",
    "year_end_file", "year_end_pdf", "payment_batch_file", "payment_batch_export", "ledger_export",
    "recovery_letter", "our_payments_csv",
    "our_run_csv",
}  # fmt: skip
# What stands after the address, where the page asks for it.
QUERIES = {"owner_call_new": "?scheme=kum:&year=2026"}
# Who looks at a page: the first of these who may open it, but for pages where another has more to do.
LOOKS = (
    None,
    Role.CASEWORKER,
    Role.SCHEME_OWNER,
    Role.SIGNATORY,
    Role.DECISION_MAKER,
    Role.FINANCE,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
HAS_MORE_TO_DO = dict.fromkeys(("front_page", "runs", "run", "year_end", "recoveries", "recovery"), Role.FINANCE) | {
    "proposals": Role.DECISION_MAKER,
    "case_decide": Role.DECISION_MAKER,
    "call": Role.SIGNATORY,
    "account": Role.SIGNATORY,
    # Open to nobody by role alone: somebody is let in by name.
    "case_health": Role.CASEWORKER,
}


def who_looks_at(name: str) -> Role | None:
    """Somebody to whom the page is open, by the table of what each role gets."""
    stranger, by_role = EXPECTED[name]
    closed = (302, 403, 404)
    able = (role for role in LOOKS if (stranger if role is None else by_role[role]) not in closed)
    return HAS_MORE_TO_DO[name] if name in HAS_MORE_TO_DO else next(able)


def world_at_work(world: World) -> World:
    """The world with a round under way in it: cases of every kind, scenarios, proposals that wait."""
    made = make_rounds()
    of_call = {"pk": made["round"].pk}
    return world | {
        "call_compare": of_call,
        "scenario_differences": of_call,
        "round_decide": of_call,
        "scenario_send": {"pk": made["scenario"].pk},
        "case_decide": {"pk": made["case_proposed"].pk},
    }


def person(role: Role | None) -> User | None:
    """Somebody with one role; those of organisations act for Halden."""
    if role is None:
        return None
    name = f"one-{role}"
    return make_user(name, role) if role in DIRECTORATE_ROLES else make_member(name, "0101", role)


def sign_in_as(page: Page, user: User | None, server: str) -> None:
    """Let the window be this person's, without the page for signing in."""
    page.context.clear_cookies()
    if user is not None:
        client = Client()
        client.force_login(user)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}])


def complaints_about(page: Page) -> list[str]:
    """What is wrong with the page that is open, at every width, and what the console said while it was."""
    said = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        said += [f"{width}: {fault}" for fault in faults(page)]
        if too_wide := sideways(page):
            said.append(f"{width}: {too_wide} points too wide")
        if width == WIDTHS[0] and (tall := page.evaluate(MENU_HEIGHT)) > ONE_LINE:
            said.append(f"the menu takes more than one line: {tall} points")
    if page.locator("h1").count() != 1 or page.locator("html").get_attribute("lang") != "nb":
        said.append("not one first heading, or not in Norwegian")
    # That the page itself was not found, or not to be had, is no fault of the page.
    return said + [one for one in page.complaints if "the server responded with a status of" not in one]  # type: ignore[attr-defined]


def test_the_walk_leaves_no_page_of_the_policy_table_out():
    pages = {name for name in POLICY if not name.startswith("api_")}
    assert pages == set(WALKED) | NO_PAGES | ELSEWHERE | {name for name in ONLY_POST if not name.startswith("api_")}


WALKED = [name for name in EXPECTED if name not in NO_PAGES and not name.startswith("api_")]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", LOOKS, ids=str)
def test_every_page_is_accessible_keeps_to_its_policy_and_fits_every_width(
    role: Role | None, world: World, open_page: Open, live_server: Any
):
    world = world_at_work(world)
    user = person(role)
    if user is not None and role == Role.CASEWORKER:
        with_access(user)
    page = open_page(reverse("sign_in"))
    sign_in_as(page, user, live_server.url)
    wrong: dict[str, list[str]] = {}
    for name in (name for name in WALKED if who_looks_at(name) == role):
        page.complaints.clear()  # type: ignore[attr-defined]
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        answer = page.goto(live_server.url + reverse(name, kwargs=world.get(name, {})) + QUERIES.get(name, ""))
        assert answer is not None and answer.headers["content-type"].startswith("text/html"), name
        assert answer.status not in (302, 403, 404), name
        assert "unsafe" not in answer.headers["content-security-policy"], name
        if said := complaints_about(page):
            wrong[name] = said
    assert wrong == {}


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
