"""The papers of a case in a real browser: files beside what is typed, documents with what came with them, the case's frame."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from applications.models import Appeal, State
from applications.services.attach import attach
from applications.services.reverse import propose_reversal
from grants.jobs.queue import drain
from tests.browser.conftest import Open, sign_in
from tests.browser.test_follow_up import is_good
from tests.factories.appeals import handler, make_appeal, make_decided, make_outcome, make_reversal
from tests.factories.attachments import uploaded
from tests.factories.cases import decision_maker, impartial, make_case, make_question, municipality, signatory
from tests.factories.follow_up import make_accepted, make_report, make_submitted
from tests.grants.documents.gate.makers import pdf_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = pytest.mark.parametrize("width", [1280, 390, 320])


def opened(open_page: Open, who: str, address: str, width: int) -> Page:
    page = sign_in(open_page(reverse("sign_in"), width=width), who)
    return open_page(address, page=page)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """A file that is taken in, and one that is not."""
    good, bad = tmp_path / "avtale med Halden frivilligsentral.pdf", tmp_path / "regning.pdf"
    good.write_bytes(pdf_with())
    bad.write_bytes(b"MZ")
    return {"good": str(good), "bad": str(bad)}


@WIDTHS
def test_an_answer_takes_files_without_losing_what_is_typed(
    width: int, open_page: Open, demo: dict[str, Any], files: dict[str, str]
):
    application = make_question(demo["case"])
    signe = signatory(application.organisation, "signe.dahl").username
    page = opened(open_page, signe, reverse("application", args=[application.pk]), width)
    page.locator("#answer").fill("Kurset koster 5 000 kroner.")
    page.locator("#file-answer").set_input_files(files["bad"])
    page.get_by_role("button", name="Last opp").click()
    page.wait_for_load_state()
    assert page.locator("#answer").input_value() == "Kurset koster 5 000 kroner."
    is_good(page, "answer-file-fault")
    page.locator("#file-answer").set_input_files(files["good"])
    page.get_by_role("button", name="Last opp").click()
    page.wait_for_load_state()
    assert page.locator("#answer").input_value() == "Kurset koster 5 000 kroner."
    is_good(page, "answer-file")
    page.get_by_role("button", name="Send svaret").click()
    page.wait_for_load_state()
    drain()
    page.reload()
    assert "Vedlegg: avtale med Halden" in page.locator("main").inner_text()
    is_good(page, "case-documents-applicant")
    page = sign_in(page, "sara")
    open_page(reverse("case_documents", args=[application.pk]), page=page)
    is_good(page, "case-documents")


@WIDTHS
def test_an_appeal_takes_files(width: int, open_page: Open, demo: dict[str, Any], files: dict[str, str]):
    decision = make_decided(call=demo["call"], organisation=municipality("0105"))
    signe = signatory(decision.application.organisation, "signe.dahl").username
    page = opened(open_page, signe, reverse("application_appeal", args=[decision.application_id]), width)
    page.get_by_label("Hva mener dere er feil").fill("Dere har oversett at planen er vedtatt.")
    page.get_by_label("Hva ønsker dere endret").fill("Hele beløpet.")
    page.locator("#file-appeal").set_input_files(files["bad"])
    page.get_by_role("button", name="Last opp").click()
    page.wait_for_load_state()
    is_good(page, "appeal-file-fault")
    page.locator("#file-appeal").set_input_files(files["good"])
    page.get_by_role("button", name="Send klagen").click()
    page.wait_for_load_state()
    drain()
    page.reload()
    is_good(page, "appeal-sent-with-file")
    page = sign_in(page, "sara")
    open_page(reverse("appeal", args=[Appeal.objects.get(decision=decision).pk]), page=page)
    is_good(page, "appeal-read-with-file")


@WIDTHS
def test_a_report_takes_files_and_is_followed_up_in_the_frame(
    width: int, open_page: Open, demo: dict[str, Any], files: dict[str, str]
):
    application = make_accepted(call=demo["call"], organisation=municipality("0105"))
    make_report(application)
    signe = signatory(application.organisation, "signe.dahl").username
    address = reverse("application_report_theme", args=[application.pk, "attachments"])
    page = opened(open_page, signe, address, width)
    page.locator("#file-report_accounts").set_input_files(files["good"])
    page.get_by_role("button", name="Last opp Regnskapet").click()
    page.wait_for_load_state()
    is_good(page, "report-files")
    make_submitted(application)
    drain()
    open_page(reverse("application_report", args=[application.pk]), page=page)
    is_good(page, "report-sent-with-files")
    page = sign_in(page, "sara")
    open_page(reverse("case_follow_up", args=[application.pk]), page=page)
    is_good(page, "follow-up-frame")
    open_page(reverse("case", args=[application.pk]), page=page)
    is_good(page, "case-with-more")


@WIDTHS
def test_what_waits_for_a_second_person_stands_where_it_belongs(width: int, open_page: Open, demo: dict[str, Any]):
    call = demo["call"]
    at_work = make_appeal(Appeal.State.IN_PROGRESS, decision=make_decided(call=call, organisation=municipality("0105")))
    make_outcome("reverse_in_part", amount_ore=400_000_00, appeal=at_work)
    decision = make_decided(call=call, organisation=municipality("0106"))
    reversal = make_reversal(450_000_00, decision=decision)
    propose_reversal(reversal, reason="Vi hadde regnet feil.", by=handler(reversal.application))
    impartial(decision_maker(), call)
    page = opened(open_page, "david", reverse("proposals"), width)
    is_good(page, "proposals-with-appeals")
    page.locator("#replacements-h").scroll_into_view_if_needed()
    open_page(reverse("case_reverse", args=[reversal.application_id]), page=page)
    is_good(page, "reverse-in-frame")
    open_page(reverse("case", args=[reversal.application_id]), page=page)
    is_good(page, "case-decided")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_notice_takes_files_and_a_question_shows_its_reminders(width: int, open_page: Open, demo: dict[str, Any]):
    reversal = make_reversal(100_000_00, decision=make_decided(call=demo["call"], organisation=municipality("0105")))
    signe = signatory(reversal.application.organisation, "signe.dahl").username
    attach(reversal.application, "notice", uploaded("forklaring.pdf"), by=reversal.application.created_by)
    page = opened(open_page, signe, reverse("application_notice", args=[reversal.application_id]), width)
    is_good(page, "notice-with-file")
    application = make_question(make_case(State.IN_PROGRESS, call=demo["call"], organisation=municipality("0106")))
    page = sign_in(page, "sara")
    open_page(reverse("case", args=[application.pk]), page=page)
    is_good(page, "case-with-reminders")
