"""Writing in a real browser in rough weather: no network, an ended session, two windows, and going away too early."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Application, State
from applications.services.draft import save_answers
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.cases import make_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOST = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED", "401", "403", "409", "422")


@pytest.fixture
def writing(open_page: Open, demo: dict[str, Any]) -> Page:
    """Ola has the page of goals open."""
    page = sign_in(open_page(reverse("sign_in")), "ola.nes")
    return open_page(reverse("application_theme", args=[demo["draft"].pk, "goals"]), page=page)


def stored(theme: str = "goals") -> dict[str, Any]:
    return Application.objects.get(state=State.DRAFT).answers[theme]


def saved(page: Page) -> None:
    """Wait until the page says that it has saved, and nothing is in the way."""
    page.wait_for_function(
        "() => !sessionStorage.length || !Object.keys(sessionStorage).some(k => k.startsWith('draft:'))"
    )
    expect(page.locator("#trouble")).to_be_empty()


def only_expected(page: Page) -> list[str]:
    return [said for said in page.complaints if not any(part in said for part in LOST)]  # type: ignore[attr-defined]


def test_without_network_it_is_told_kept_and_saved_when_it_is_back(writing: Page):
    writing.context.set_offline(True)
    writing.locator("#plan").fill("Skrevet på toget")
    expect(writing.locator("#trouble")).to_contain_text("Det du har skrevet, er ikke borte")
    assert faults(writing) == []
    assert stored()["plan"] == "Praksis fra første uke."

    writing.context.set_offline(False)
    saved(writing)

    assert stored()["plan"] == "Skrevet på toget"
    expect(writing.locator("#saved")).to_contain_text("Lagret kl.")
    assert only_expected(writing) == []


def test_a_server_that_fails_is_tried_again(writing: Page):
    writing.route("**/themes/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    writing.locator("#plan").fill("En gang til")
    expect(writing.locator("#trouble")).to_contain_text("Vi kunne ikke lagre")
    writing.unroute("**/themes/**")
    writing.get_by_role("button", name="Prøv igjen nå").click()
    saved(writing)
    assert stored()["plan"] == "En gang til"


def test_next_step_without_network_stays_and_goes_on_when_it_is_back(writing: Page):
    writing.context.set_offline(True)
    writing.locator("#plan").fill("Skrevet i tunnelen")
    writing.get_by_role("button", name="Neste steg").click()
    expect(writing.locator("#trouble")).to_contain_text("er ikke borte")
    assert writing.locator("#plan").input_value() == "Skrevet i tunnelen"

    writing.context.set_offline(False)
    saved(writing)
    writing.get_by_role("button", name="Neste steg").click()
    expect(writing.locator("h1")).to_have_text("Budsjett og finansiering")
    assert stored()["plan"] == "Skrevet i tunnelen"


def test_an_ended_session_is_told_and_saving_goes_on_after_signing_in_in_another_tab(writing: Page):
    Session.objects.all().delete()
    writing.locator("#plan").fill("Skrevet etter at økten var ute")
    expect(writing.locator("#trouble")).to_contain_text("Det du har skrevet, står fortsatt her")
    assert faults(writing) == []

    with writing.context.expect_page() as opened:
        writing.get_by_role("link", name="Logg inn (åpnes i en ny fane)").click()
    other = opened.value
    other.locator("button[value='ola.nes']").click()
    expect(other.locator("h1")).to_have_text("Mål og gjennomføring")
    writing.bring_to_front()
    writing.evaluate("dispatchEvent(new Event('focus'))")  # coming back is enough, but not every headless window tells
    saved(writing)

    assert stored()["plan"] == "Skrevet etter at økten var ute"
    assert Application.objects.get(state=State.DRAFT).saved_by.username == "ola.nes"


def test_another_person_who_signs_in_does_not_save_what_the_first_one_wrote(writing: Page):
    Session.objects.all().delete()
    writing.locator("#plan").fill("Olas tekst")
    expect(writing.locator("#trouble")).to_contain_text("Du er logget ut")
    other = writing.context.new_page()
    other.goto(writing.url)
    other.locator("button[value='signe-0101']").click()
    expect(other.locator("h1")).to_have_text("Mål og gjennomføring")
    assert other.locator("#plan").input_value() == "Praksis fra første uke."

    writing.bring_to_front()
    writing.get_by_role("button", name="Jeg har logget inn, lagre nå").click()
    writing.wait_for_timeout(800)

    expect(writing.locator("#trouble")).to_contain_text("Du er logget ut")
    assert stored()["plan"] == "Praksis fra første uke."


def test_next_step_after_the_session_ended_shows_it_again_after_signing_in(open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), javascript=False), "ola.nes")
    open_page(reverse("application_theme", args=[demo["draft"].pk, "goals"]), page=page, javascript=False)
    page.locator("#plan").fill("Skrevet uten JavaScript")
    Session.objects.all().delete()
    page.get_by_role("button", name="Neste steg").click()
    page.locator("button[value='ola.nes']").click()

    assert page.locator("#plan").input_value() == "Skrevet uten JavaScript"
    assert "Du ble logget ut mens du skrev" in page.locator("main").inner_text()
    page.get_by_role("button", name="Neste steg").click()
    assert stored()["plan"] == "Skrevet uten JavaScript"


def test_two_windows_are_told_shown_both_and_choose(writing: Page, demo: dict[str, Any]):
    other = writing.context.new_page()
    other.goto(writing.url)
    other.locator("#plan").fill("Planen i det andre vinduet")
    other.locator("#plan").blur()
    expect(other.locator("#saved")).to_contain_text("Lagret")
    saved(other)
    writing.locator("#plan").fill("Planen i det første vinduet")
    writing.locator("#plan").blur()
    expect(writing.locator("#saved")).to_contain_text("mens du skrev")
    writing.locator("#goals").fill("Skriver videre likevel")
    writing.wait_for_timeout(1600)
    assert stored()["plan"] == "Planen i det andre vinduet"  # nothing is overwritten unseen

    writing.get_by_role("button", name="Se begge tekstene").click()
    writing.wait_for_load_state()
    assert "Planen i det andre vinduet" in writing.locator("main").inner_text()
    assert faults(writing) == []
    writing.locator("#pick-plan-theirs").check()
    writing.get_by_role("button", name="Lagre det jeg har valgt").click()
    writing.wait_for_load_state()

    assert (stored()["plan"], stored()["goals"]) == ("Planen i det andre vinduet", "Skriver videre likevel")
    assert only_expected(writing) == []


def test_two_people_in_two_themes_do_not_disturb_each_other(writing: Page, demo: dict[str, Any]):
    draft = Application.objects.get(pk=demo["draft"].pk)
    save_answers(draft, "contact", {"contact_name": "Kari"}, version=draft.version, by=draft.created_by)
    writing.locator("#plan").fill("Min plan")
    writing.locator("#plan").blur()
    saved(writing)
    assert (stored()["plan"], stored("contact")) == ("Min plan", {"contact_name": "Kari"})


def test_what_was_not_saved_when_the_page_went_away_can_be_fetched_back(writing: Page):
    writing.on("dialog", lambda dialog: dialog.accept())
    writing.context.set_offline(True)
    writing.locator("#plan").fill("Nesten borte")
    expect(writing.locator("#trouble")).to_contain_text("Vi kunne ikke lagre")
    writing.route("**/themes/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    writing.context.set_offline(False)
    writing.reload()
    expect(writing.locator("#trouble")).to_contain_text("ble ikke lagret")
    assert writing.locator("#plan").input_value() == "Praksis fra første uke."
    writing.unroute("**/themes/**")

    writing.get_by_role("button", name="Hent det fram").click()
    assert writing.locator("#plan").input_value() == "Nesten borte"
    saved(writing)
    assert stored()["plan"] == "Nesten borte"


def test_leaving_with_something_unsaved_is_warned_of(writing: Page):
    warnings: list[str] = []

    def warned(dialog: Any) -> None:
        warnings.append(dialog.type)
        dialog.dismiss()

    writing.on("dialog", warned)
    writing.context.set_offline(True)
    writing.locator("#plan").fill("Ikke lagret")
    expect(writing.locator("#trouble")).to_contain_text("Vi kunne ikke lagre")
    writing.get_by_role("link", name="Forrige steg").click()
    writing.wait_for_timeout(300)

    assert warnings == ["beforeunload"]
    assert writing.locator("#plan").input_value() == "Ikke lagret"


def test_no_copy_is_left_in_the_browser_when_all_is_saved(writing: Page):
    writing.locator("#plan").fill("Lagret")
    writing.locator("#plan").blur()
    saved(writing)
    assert writing.evaluate("Object.keys(sessionStorage)") == []


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_budget_lines_are_added_and_removed_and_told_of(width: int, open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), width=width), "ola.nes")
    open_page(reverse("application_theme", args=[demo["draft"].pk, "budget"]), page=page)
    page.get_by_role("button", name="Legg til kostnad").click()
    assert page.evaluate("document.activeElement.id") == "costs-2-text"
    page.keyboard.type("Reiser")
    page.locator("#costs-2-kroner").fill("25 000")
    page.get_by_role("button", name="Fjern kostnad 1").click()
    assert page.locator("#costs-1-text").input_value() == "Reiser"
    expect(page.locator("#saved")).to_contain_text("125\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr")
    assert [row["text"] for row in stored("budget")["costs"]] == ["Kurs", "Reiser"]

    page.locator("#costs-1-kroner").fill("nitti tusen")
    page.get_by_role("button", name="Neste steg").click()
    expect(page.locator("#faults")).to_be_focused()
    assert page.title().startswith("Feil: ")
    page.get_by_role("link", name="Kostnad 2: Skriv beløpet").click()
    assert page.evaluate("document.activeElement.id") == "costs-1-kroner"
    assert faults(page) == []
    assert sideways(page) == 0
    assert only_expected(page) == []


def test_a_text_that_is_too_long_is_kept_and_counted(writing: Page, demo: dict[str, Any], open_page: Open):
    open_page(reverse("application_theme", args=[demo["draft"].pk, "project"]), page=writing)
    writing.locator("#summary").fill("x" * 812)
    counter = writing.locator("ds-field:has(#summary) [data-field=counter]")
    expect(counter).to_have_attribute("data-label", "12 tegn for mye")
    writing.get_by_role("button", name="Neste steg").click()
    writing.wait_for_load_state()
    assert len(writing.locator("#summary").input_value()) == 812
    assert "12 tegn for lang" in writing.locator("#faults").inner_text()


def test_the_whole_road_from_the_public_call_to_the_receipt_on_a_phone_without_javascript(
    open_page: Open, demo: dict[str, Any]
):
    page = open_page(reverse("calls"), width=390, javascript=False)
    page.get_by_label("Søk i utlysninger").fill("utviklingsmidler")
    page.get_by_role("button", name="Søk", exact=True).click()
    page.locator(f"#found a[href='{reverse('call', args=[demo['call'].pk])}']").click()
    page.get_by_role("region", name="Start søknaden").get_by_role("link", name="Logg inn").click()
    page.locator("button[value='signe-0101']").click()
    page.get_by_role("button", name="Start søknaden").click()
    page.get_by_role("link", name="Fortsett: Kontaktperson").click()
    for name, value in {"contact_name": "Kari", "contact_email": "kari@halden.example"}.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="Neste steg").click()
    page.locator("#refugees").fill("120")
    page.get_by_role("button", name="Neste steg").click()
    for name in ("project_name", "summary", "target_group"):
        page.locator(f"#{name}").fill("Raskere i jobb")
    page.locator("#starts_on").fill("2017-03-01")
    page.locator("#ends_on").fill("2017-12-31")
    page.get_by_role("button", name="Neste steg").click()
    page.locator("#goals").fill("20 i arbeid")
    page.locator("#participants").fill("20")
    page.locator("#plan").fill("Praksis")
    page.locator("#participants").press("Enter")
    page.locator("#costs-0-text").fill("Lønn")
    page.locator("#costs-0-kroner").fill("100 000")
    page.get_by_role("button", name="Legg til kostnad").click()
    page.locator("#costs-1-text").fill("Kurs")
    page.locator("#costs-1-kroner").fill("50 000")
    page.locator("#own").fill("50 000")
    page.locator("#applied").fill("100 000")
    page.get_by_role("button", name="Neste steg").click()
    assert page.locator("h1").inner_text() == "Vedlegg"
    page.get_by_role("button", name="Neste steg").click()
    assert page.locator("h1").inner_text() == "Se over og send inn"
    page.locator("#confirmed").check()
    page.get_by_role("button", name="Send inn søknaden").click()

    assert page.locator("h1").inner_text() == "Søknaden er sendt inn"
    sent = Application.objects.get(state=State.SUBMITTED, applied_ore=100_000_00)
    receipt = page.request.get(page.url.split("/our-")[0] + reverse("application_receipt_file", args=[sent.pk]))
    assert receipt.ok and receipt.body().startswith(b"%PDF")
    page.get_by_role("link", name="Til saken").click()
    assert "Sendt inn" in page.locator("main").inner_text()


@pytest.mark.parametrize("state", [State.AWAITING_APPLICANT, State.REFUSED, State.WITHDRAWN])
def test_the_case_is_accessible_in_every_state(state: State, open_page: Open, demo: dict[str, Any]):
    case = make_case(State.IN_PROGRESS if state != State.REFUSED else state, call=demo["call"])
    if state != State.REFUSED:
        Application.objects.filter(pk=case.pk).update(state=state)
    page = sign_in(open_page(reverse("sign_in"), width=320), "signe-0101")
    open_page(reverse("application", args=[case.pk]), page=page)
    assert faults(page) == []
    assert sideways(page) == 0


def test_calls_are_found_while_one_types(open_page: Open, demo: dict[str, Any]):
    page = open_page(reverse("calls"))
    page.get_by_label("Søk i utlysninger").fill("finnes ikke")
    expect(page.locator("#found")).to_contain_text("Ingen treff")
    page.get_by_label("Søk i utlysninger").fill("utviklingsmidler")
    expect(page.locator("#found")).to_contain_text("Kommunale utviklingsmidler")
    page.get_by_label("Frivillige organisasjoner").check()
    expect(page.locator("#found")).to_contain_text("Ingen treff")
    assert faults(page) == []
    assert page.complaints == []  # type: ignore[attr-defined]
