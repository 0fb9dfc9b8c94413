"""Claims to get money back in a real browser: every state of them is accessible and fits, and works without JavaScript."""

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from grants.models import Approval, RecoveryClaim, Role, User
from grants.services.demand_recovery import agree_on_plan, comment_on_claim, even_parts, remind_of_claims
from grants.services.receive_recovery import book_by_hand
from grants.services.write_off_recovery import approve_write_off, propose_write_off
from grants.shared.dates import today
from tests.browser.conftest import Open, faults, sideways
from tests.factories.books import pay
from tests.factories.cases import municipality
from tests.factories.recoveries import DUE, Standing, make_claim, now, on_day, second, told_of_offset
from tests.factories.register import appropriate, finance
from tests.factories.runs import make_member, make_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1280, 390, 320)
PICTURES = os.environ.get("TILSKUDD_SHOTS", "")


def in_every_state() -> dict[str, RecoveryClaim]:
    """A claim on Halden in each main state."""
    appropriate()
    make_run("approved")
    halden, by = municipality("0101"), finance()
    pay(50_000_00, halden)
    editor = make_member("ola", "0101", Role.EDITOR)
    made = {standing: make_claim(standing, to=halden) for standing in (Standing.PROPOSED, Standing.NOTICED)}
    made["commented"] = make_claim(Standing.NOTICED, to=halden)
    with on_day(date(2017, 3, 5)):
        comment_on_claim(
            made["commented"], "Vi mener at kurset var en del av det vi søkte om.\n\nSe vedlegget.", by=editor
        )
    made["late"] = make_claim(to=halden)
    remind_of_claims(DUE + timedelta(days=1))
    made["told"] = told_of_offset(to=halden, kind=RecoveryClaim.Kind.UNSPENT)
    made["plan"] = make_claim(to=halden, kind=RecoveryClaim.Kind.NO_REPORT)
    with on_day(DUE):
        agree_on_plan(made["plan"], even_parts(100_000_00, 4, date(2017, 5, 15)), words="Lite på konto.", by=by)
        book_by_hand(made["plan"], amount_ore=30_000_00, on=DUE, words="Kontoutskrift 44.", by=by)
        made["proposed write-off"] = make_claim(to=halden)
    with on_day(DUE):
        propose_write_off(made["proposed write-off"], amount_ore=100_000_00, reason="Avviklet.", by=by)
        made["written off"] = make_claim(to=halden)
    with on_day(DUE):
        propose_write_off(made["written off"], amount_ore=100_000_00, reason="Konkurs.", by=by)
        approve_write_off(made["written off"], by=second())
    return made


def sign_in_as(page: Page, user: User, server: str) -> None:
    page.context.clear_cookies()
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}])


def complaints(page: Page, name: str) -> list[str]:
    said = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        said += [f"{name} {width}: {fault}" for fault in faults(page)]
        if too_wide := sideways(page):
            said.append(f"{name} {width}: {too_wide} points too wide")
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name.replace(' ', '-')}-{width}.png"), full_page=True)
    return said + [one for one in page.complaints if "the server responded with a status of" not in one]  # type: ignore[attr-defined]


@pytest.mark.timeout(600)
def test_every_state_of_a_claim_is_accessible_and_fits_for_finance_and_for_the_recipient(
    open_page: Open, live_server: Any
):
    made = in_every_state()
    page = open_page(reverse("sign_in"))
    wrong: list[str] = []
    for who, user, one, all_of_them in (
        ("finance", second(), "recovery", "recoveries"),
        ("recipient", User.objects.get(username="ola"), "our_recovery", "our_recoveries"),
    ):
        sign_in_as(page, user, live_server.url)
        open_page(reverse(all_of_them), page=page)
        wrong += complaints(page, f"{who} list")
        if who == "finance":
            open_page(reverse("recovery_new") + "?recipient=0101", page=page)
            wrong += complaints(page, "finance new")
        for name, claim in made.items():
            if who == "recipient" and name == Standing.PROPOSED:
                continue
            open_page(reverse(one, args=[claim.number]), page=page)
            assert page.locator("h1").count() == 1
            for details in page.locator("main details").all():
                details.evaluate("one => one.open = true")
            wrong += complaints(page, f"{who} {name}")
    assert wrong == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_claim_by_hand_is_raised_approved_and_commented_on(javascript: bool, open_page: Open, live_server: Any):
    appropriate()
    pay(80_000_00, municipality("0101"), value_date=today().replace(month=1, day=15))
    page = open_page(reverse("sign_in"), javascript=javascript)
    sign_in_as(page, finance(), live_server.url)
    open_page(reverse("recoveries"), page=page, javascript=javascript)
    page.get_by_role("link", name="Reis et krav").click()
    page.get_by_label("Hvem skal betale tilbake?").fill("halden")
    page.get_by_role("button", name="Søk").click()
    page.get_by_role("link", name="Halden kommune").click()
    page.get_by_label("Hvilken utbetaling gjelder det?").select_option(index=1)
    page.get_by_label("Hva gjelder kravet?").select_option("wrong")
    page.get_by_label("Beløp, kroner").fill("80 000")
    page.get_by_label("Hvorfor kreves pengene tilbake? Mottakeren leser det.").fill("Betalt to ganger.")
    page.get_by_role("button", name="Reis kravet").click()
    assert page.get_by_text("Du har reist kravet.").is_visible()

    sign_in_as(page, second(), live_server.url)
    claim = RecoveryClaim.objects.get()
    open_page(reverse("recovery", args=[claim.number]), page=page, javascript=javascript)
    page.get_by_role("button", name="Godkjenn kravet").click()
    page.wait_for_load_state()
    assert Approval.objects.get().approved_by == second()

    sign_in_as(page, make_member("ola", "0101", Role.ACCOUNTANT), live_server.url)
    open_page(reverse("our_recoveries"), page=page, javascript=javascript)
    page.get_by_role("link", name=str(claim)).click()
    page.get_by_label("Hva mener dere?").fill("Vi er enige.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_load_state()
    assert page.get_by_text("Takk, vi har fått det dere skrev.").is_visible()
    assert now(claim).events.get(kind="commented").words == "Vi er enige."
    assert page.complaints == []  # type: ignore[attr-defined]
