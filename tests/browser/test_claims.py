"""Claims and frames in a real browser: accessible at every width, with what is shielded, and whole without JavaScript."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Application, Call, HealthLook, HealthRecord
from applications.services.draft import begin_application
from applications.services.health import look_at_details
from config.demo.open_claims import open_demo_claims
from grants.jobs.queue import drain
from grants.models import User
from grants.services.demo_users import make_demo_users
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.cases import impartial, municipality
from tests.factories.claims import COSTS, SECRET, make_claim_draft, make_places_draft, person_answers, sent, taken
from tests.factories.frames import make_handed_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("TILSKUDD_SHOTS", "")
WIDTHS = [1280, 390, 320]
APPLICANT = ("person", "costs", "attachments", "check", "places", "person_sent")


@pytest.fixture
def calls(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Call]:
    """The demo's open ways to claim, and its people."""
    settings.DEMO = True
    monkeypatch.setenv("TILSKUDD_RATES", str(project.BASE_DIR / "config" / "demo" / "rates"))
    monkeypatch.setattr("applications.services.attach.media_type_of", lambda path, suffix: "application/pdf")
    make_demo_users()
    open_demo_claims(tmp_path, by=User.objects.get(username="samira.ali"))
    return {call.scheme: call for call in Call.objects.all()}


def claim_for(calls: dict[str, Call], ref: str = "DEMO-1") -> Application:
    return make_claim_draft(calls["disability"], municipality("0602"), person=person_answers(ref), costs=COSTS)


def address_of(name: str, draft: Application, places: Application, case: Application) -> str:
    if name == "check":
        return reverse("application_check", args=[draft.pk])
    if name == "person_sent":
        return reverse("application_health", args=[case.pk])
    return reverse("application_theme", args=[places.pk if name == "places" else draft.pk, name])


def proved(page: Page) -> None:
    if SHOTS:
        name = re.sub(r"\W+", "-", page.title().strip())
        page.screenshot(path=f"{SHOTS}/{name}-{page.viewport_size['width']}.png", full_page=True)  # type: ignore[index]
    assert faults(page) == []
    assert sideways(page) == 0
    assert page.locator("h1").count() == 1
    # A refusal's status is told by the browser as an error of its own.
    assert [one for one in page.complaints if "status of 422" not in one] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_municipality_writes_is_accessible(width: int, open_page: Open, calls: dict[str, Call]):
    draft, case = claim_for(calls), sent(claim_for(calls, "DEMO-2"))
    places = make_places_draft(calls["integration_reception"], of=municipality("0602"))
    page = sign_in(open_page(reverse("sign_in"), width=width), "anne.vik")

    for name in APPLICANT:
        open_page(address_of(name, draft, places, case), page=page)
        proved(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_caseworker_sees_is_accessible(width: int, open_page: Open, calls: dict[str, Call]):
    case = sent(claim_for(calls))
    drain()
    amir = impartial(User.objects.get(username="amir.haugen"), case.call)
    page = sign_in(open_page(reverse("sign_in"), width=width), amir.username)
    health = reverse("case_health", args=[case.pk])
    for address in (reverse("case", args=[case.pk]), reverse("case_application", args=[case.pk]), health):
        open_page(address, page=page)
        proved(page)

    page.get_by_role("button", name="Vis opplysningene").click()
    page.wait_for_load_state()
    assert page.title().strip().startswith("Feil:")
    page.get_by_label("Hvorfor må du se opplysningene?").fill("Fordeler saker i dag.")
    page.get_by_role("button", name="Vis opplysningene").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(SECRET)
    proved(page)
    page.get_by_role("link", name="Legeerklæring 1.pdf").click()
    page.wait_for_load_state()
    proved(page)
    assert HealthLook.objects.filter(by=amir).values_list("why", flat=True).get() == "Fordeler saker i dag."


@pytest.mark.parametrize("width", WIDTHS)
def test_the_log_and_the_list_of_who_is_let_in_are_accessible(width: int, open_page: Open, calls: dict[str, Call]):
    case = sent(claim_for(calls))
    look_at_details(case, by=User.objects.get(username="amir.haugen"), why="Fordeler saker i dag.")
    for username, name in (("per.moe", "health_looks"), ("per.moe", "health_access"), ("liv.strand", "health_access")):
        page = sign_in(open_page(reverse("sign_in"), width=width), username)
        open_page(reverse(name), page=page)
        proved(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_report_of_a_frame_is_accessible_to_both_sides(width: int, open_page: Open, settings: Any):
    settings.DEMO = True
    report = make_handed_on(admin="900 000")
    page = sign_in(open_page(reverse("sign_in"), width=width), report.saved_by.username)
    open_page(reverse("application_report_theme", args=[report.application_id, "regrants"]), page=page)
    proved(page)
    page.get_by_role("button", name="Neste steg").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("mer enn rammen")
    proved(page)


def test_a_claim_is_written_without_javascript_and_saves_by_itself_with_it(open_page: Open, calls: dict[str, Call]):
    anne = User.objects.get(username="anne.vik")
    draft = begin_application(calls["disability"], municipality("0602"), by=anne)
    person = reverse("application_theme", args=[draft.pk, "person"])
    page = sign_in(open_page(reverse("sign_in"), javascript=False), "anne.vik")
    open_page(person, page=page, javascript=False)
    page.get_by_label("Personens referanse").fill("DEMO-3")
    for group in ("settled_by_agreement", "arose_before_settlement", "has_consent"):
        page.locator(f"input[name='{group}'][value='yes']").check()
    page.get_by_label("Hva gjør at personen trenger").fill(SECRET)
    page.get_by_role("button", name="Neste steg").last.click()
    expect(page.locator("h1")).to_have_text("Utgiftene")

    page = sign_in(open_page(reverse("sign_in")), "anne.vik")
    open_page(reverse("application_theme", args=[draft.pk, "costs"]), page=page)
    page.get_by_label("Miljøarbeider og støttekontakt").fill("350000")
    expect(page.locator("#saved")).to_contain_text("150\N{NO-BREAK SPACE}000")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    record = HealthRecord.objects.get(application=draft)
    assert record.opened()["costs"]["cost_support"] == "350000"
    assert record.opened()["person"]["condition"] == SECRET


def test_a_case_that_is_taken_needs_no_reason(open_page: Open, calls: dict[str, Call]):
    case = taken(sent(claim_for(calls)))
    amir = User.objects.get(username="amir.haugen")
    Application.objects.filter(pk=case.pk).update(handler=impartial(amir, case.call))
    page = sign_in(open_page(reverse("sign_in")), "amir.haugen")
    open_page(reverse("case_health", args=[case.pk]), page=page)
    page.get_by_role("button", name="Vis opplysningene").click()

    expect(page.locator("main")).to_contain_text(SECRET)
    assert HealthLook.objects.get(by=amir).why == "saksbehandler i saken"
