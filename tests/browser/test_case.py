"""The case page in a real browser: accessible at every width, also with faults, and whole without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from applications.models import Application, Presence, Ruling, Score, State
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.cases import caseworker, impartial, make_case, municipality

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BELOW = {"share_of_immigrants": "4,9", "refugees": "99"}
PARTS = ("case", "case_application", "case_documents", "case_history")


@pytest.fixture
def case(demo: dict[str, Any]) -> Application:
    """A case in work at sara's, with a condition that is not met, and another one of the same organisation."""
    make_case(State.SUBMITTED, call=demo["call"])
    application = make_case(State.IN_PROGRESS, call=demo["call"], municipality=BELOW)
    impartial(caseworker("siri"), application.call)
    return application


def opened(open_page: Open, name: str, case: Application, *, who: str = "sara", **how: Any) -> Page:
    page = sign_in(open_page(reverse("sign_in"), **how), who)
    return open_page(reverse(name, args=[case.pk]), page=page, javascript=how.get("javascript", True))


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_a_case_is_accessible(part: str, width: int, open_page: Open, case: Application):
    page = opened(open_page, part, case, width=width)

    assert faults(page) == []
    assert sideways(page) == 0
    assert page.locator("h1").count() == 1
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_it_is_accessible_with_everything_open_and_with_faults(width: int, open_page: Open, case: Application):
    page = opened(open_page, "case", case, width=width)
    for summary in page.locator("main summary").all():
        summary.click()
    assert faults(page) == []
    assert sideways(page) == 0

    page.get_by_label("Begrunnelse Overføringsverdi").fill("Uten poeng")
    page.get_by_role("button", name="Lagre poengene").click()
    page.wait_for_load_state()

    assert page.title().strip().startswith("Feil:")
    page.get_by_role("link", name="Velg poeng fra 0 til 6.").click()
    assert page.get_by_label("Begrunnelse Overføringsverdi").input_value() == "Uten poeng"
    assert faults(page) == []
    assert sideways(page) == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_a_case_is_worked_through(javascript: bool, open_page: Open, case: Application):
    page = opened(open_page, "case", case, javascript=javascript)

    page.locator("summary", has_text="Gjør unntak med begrunnelse").click()
    form = page.locator("#rule-has_enough_immigrants_or_refugees form")
    form.get_by_label("Oppfylt", exact=True).check()
    form.get_by_label("Begrunnelse").fill("Forsøksordning.")
    form.get_by_role("button").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Unntak gjort")
    assert Ruling.objects.get().met

    for code in ("transfer", "goals", "plan"):
        page.locator(f"label:has(input[name='points-{code}'][value='5'])").click()
        page.locator(f"[name='reason-{code}']").fill("Godt beskrevet.")
    page.get_by_role("button", name="Lagre poengene").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("5,00 av 6")
    assert Score.objects.filter(application=case).count() == 3

    page.get_by_text("Be om opplysninger").click()
    page.get_by_label("Hva vil du vite?").fill("Hva koster kurset?")
    page.get_by_role("button", name="Send spørsmålet").click()
    page.wait_for_load_state()
    expect(page.locator("h2#next-step")).to_have_text("Neste steg: vent på søker")
    case.refresh_from_db()
    assert case.answer_due_on == timezone.localdate() + timedelta(days=14)


def test_a_colleague_who_comes_in_is_seen_without_reloading(open_page: Open, case: Application):
    page = sign_in(open_page(reverse("sign_in")), "sara")
    page.clock.install()
    open_page(reverse("case", args=[case.pk]), page=page)
    assert not page.get_by_text("siri har saken åpen nå.").is_visible()

    Presence.objects.create(application=case, user=caseworker("siri"), seen_at=timezone.now())
    page.clock.fast_forward(21_000)

    expect(page.get_by_text("siri har saken åpen nå.")).to_be_visible()
    assert faults(page) == []


def test_a_new_case_and_its_declaration_are_accessible(open_page: Open, demo: dict[str, Any]):
    case = make_case(State.SUBMITTED, call=demo["call"], organisation=municipality("0105"))
    caseworker("nina")
    page = opened(open_page, "case", case, who="nina", width=390)
    assert faults(page) == []

    page.get_by_role("link", name="Svar på om du er habil").click()
    page.wait_for_load_state()
    assert faults(page) == []
    page.get_by_label("Nei, jeg er habil").check()
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Ta saken").click()
    page.wait_for_load_state()

    expect(page.locator("main")).to_contain_text("nina (deg)")
    assert sideways(page) == 0
