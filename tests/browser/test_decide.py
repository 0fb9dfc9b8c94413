"""Sharing, proposing and deciding in a real browser: sums follow while one types, the letter follows, and progress is told."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application, Batch, Decision, Scenario, State
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.browser.rounds import make_rounds
from tests.factories.rounds import work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def rounds(demo: dict[str, Any]) -> dict[str, Any]:
    return make_rounds()


def amount(rounds: dict[str, Any], place: int) -> str:
    return f"#amount-{rounds['cases'][place].pk}"


def test_sums_and_the_bar_follow_while_one_types(open_page: Open, rounds: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in")), "sara")
    open_page(reverse("call_compare", args=[rounds["round"].pk]) + f"?scenario={rounds['scenario'].pk}", page=page)
    left = page.locator("[data-status]")
    expect(left).to_contain_text("250 000 kr igjen å fordele")

    page.locator(amount(rounds, 2)).fill("500.000 kr")
    page.locator(amount(rounds, 4)).fill("300 000")

    expect(left).to_have_text("150 000 kr over rammen")
    row = page.locator("[data-row]", has=page.locator(amount(rounds, 4)))
    assert row.locator("[data-remaining]").inner_text() == f"\N{MINUS SIGN}150{NBSP}000{NBSP}kr"
    assert page.locator(".app-envelope__over").count() == 1
    page.locator(amount(rounds, 4)).fill("")
    expect(left).to_have_text("150 000 kr igjen å fordele")
    assert page.locator(".app-envelope__over").count() == 0
    assert faults(page) == [] and page.complaints == []  # type: ignore[attr-defined]


def test_sharing_goes_by_keyboard_and_a_line_shows_how_far_it_reaches(open_page: Open, rounds: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in")), "sara")
    open_page(reverse("call_compare", args=[rounds["round"].pk]) + f"?scenario={rounds['scenario'].pk}", page=page)
    before = Scenario.objects.count()
    page.locator(amount(rounds, 2)).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("300 000")
    page.keyboard.press("Tab")  # the next applicant, and then the amount
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == amount(rounds, 3)[1:]
    page.keyboard.press("Control+A")
    page.keyboard.type("0")
    cut = page.locator("[data-row][data-cut]")
    assert cut.locator("input").get_attribute("id") == amount(rounds, 3)[1:]
    expect(cut).to_contain_text("Hit rekker forslaget")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert Scenario.objects.count() == before
    kept = rounds["scenario"].lines.get(application=rounds["cases"][2])
    assert kept.amount_ore == 300_000_00


@pytest.mark.parametrize("width", [1280, 320])
def test_faults_are_told_at_the_top_and_at_the_field(width: int, open_page: Open, rounds: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), width=width), "sara")
    open_page(reverse("call_compare", args=[rounds["round"].pk]), page=page)
    page.locator(amount(rounds, 2)).fill("-5")
    page.locator(amount(rounds, 3)).fill("900 000")
    page.get_by_role("button", name="Lagre forslaget").click()
    page.wait_for_load_state()

    assert page.title().startswith("Feil: ")
    assert page.locator(".ds-error-summary li").count() == 2
    assert page.locator(amount(rounds, 3)).input_value() == "900 000"
    assert faults(page) == [] and sideways(page) == 0
    page.locator(".ds-error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == amount(rounds, 2)[1:]


def test_sharing_goes_without_javascript(open_page: Open, rounds: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), javascript=False), "sara")
    address = reverse("call_compare", args=[rounds["round"].pk]) + f"?scenario={rounds['scenario'].pk}"
    open_page(address, page=page, javascript=False)
    page.locator(amount(rounds, 4)).fill("200 000")
    page.get_by_role("button", name="Regn ut").click()
    assert "50 000 kr igjen" in page.locator("[data-status]").inner_text().replace(NBSP, " ")
    page.get_by_role("button", name="Lagre forslaget").click()
    assert rounds["scenario"].lines.get(application=rounds["cases"][4]).amount_ore == 200_000_00

    page.get_by_role("button", name="Fordel etter rangering").click()
    assert Scenario.objects.filter(name="Etter rangering").exists()
    page.get_by_role("link", name="Se over og send til beslutter").click()
    page.get_by_role("button", name="til beslutter").click()
    work()
    page.get_by_role("link", name="Oppdater siden").click()
    assert "Alle sakene er ferdige" in page.locator("#progress").inner_text()


def test_the_letter_follows_what_is_typed(open_page: Open, rounds: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in")), "sara")
    open_page(reverse("case_decide", args=[rounds["case_at_work"].pk]), page=page)

    page.locator("#amount").fill("123 000")
    expect(page.locator("#letter .paid-sum")).to_have_text("123 000 kr")
    page.locator("#reason").fill("Kort begrunnelse.")
    expect(page.locator("#letter")).to_contain_text("Kort begrunnelse.")
    page.locator("#amount").fill("mye")
    expect(page.locator("#letter")).to_contain_text("Skriv beløpet i hele kroner")
    assert faults(page) == []
    page.locator("#amount").fill("0")
    expect(page.locator("#letter h3")).to_contain_text("Avslag på søknad")
    page.get_by_role("button", name="Send til beslutter").click()
    page.wait_for_load_state()

    assert Decision.objects.get(application=rounds["case_at_work"]).reason == "Kort begrunnelse."
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_another_person_decides_one_and_then_the_rest(javascript: bool, open_page: Open, rounds: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), javascript=javascript), "david")
    open_page(reverse("case_decide", args=[rounds["case_proposed"].pk]), page=page, javascript=javascript)
    page.get_by_role("button", name="Fatt vedtak").click()
    page.wait_for_load_state()
    assert "Vedtaket er fattet" in page.locator("[role=status]").first.inner_text()
    if javascript:
        assert faults(page) == []

    open_page(reverse("proposals"), page=page, javascript=javascript)
    page.get_by_role("link", name="Se over og fatt alle").click()
    page.get_by_role("button", name="Fatt 1 vedtak").click()
    page.wait_for_load_state()
    assert "Arbeidet er i gang" in page.locator("#progress").inner_text()
    work()
    if not javascript:
        page.get_by_role("link", name="Oppdater siden").click()
    expect(page.locator("#progress")).to_contain_text("Alle sakene er ferdige", timeout=10_000)

    assert Batch.objects.filter(kind="decide").count() == 1
    decided = Application.objects.filter(call=rounds["round"], state=State.GRANTED)
    assert decided.count() == 2
    assert page.complaints == []  # type: ignore[attr-defined]
