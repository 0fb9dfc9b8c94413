"""A municipality accepts its frame and reports what it handed on: to whom, for what, and never more than the frame."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from applications.letters.decision import decision_letter
from applications.models import Report, ReportSubmission, State, UnspentFinding
from applications.services.follow_up_letters import in_words
from applications.services.invite import invite
from applications.services.reports import IncompleteReport, submit_report
from applications.services.review_report import approve_unspent, propose_unspent
from applications.services.terms import decline_grant
from grants.models import LedgerEntry
from grants.shared.errors import BadInput
from tests.factories.cases import (
    caseworker,
    decision_maker,
    impartial,
    make_call,
    moment,
    municipality,
    owner,
    signatory,
)
from tests.factories.follow_up import decision_of, terms_of
from tests.factories.frames import FRAME_ORE, ROWS, make_frame, make_handed_on

pytestmark = pytest.mark.django_db


def sent(report: Report) -> ReportSubmission:
    with time_machine.travel(moment("2018-02-20 10:00"), tick=False):
        return submit_report(report, by=report.saved_by)


def test_what_is_applied_for_is_the_frame_of_the_invitation():
    assert make_frame(State.SUBMITTED).applied_ore == FRAME_ORE


def test_an_invitation_to_hand_on_money_names_the_frame():
    with pytest.raises(BadInput, match="Skriv rammen"):
        invite(make_call(scheme="local_organisations"), municipality(), ground="Prop. 1 S", by=owner())


def test_a_granted_frame_is_a_commitment_with_terms_that_speak_of_handing_on():
    case = make_frame()

    assert LedgerEntry.objects.get().amount_ore == FRAME_ORE
    text = " ".join(part for section in terms_of(case).content["sections"] for part in section["paragraphs"])
    assert "deles ut til lokale organisasjoner" in text and "aldri være større enn rammen" in text
    assert "linje for linje mot budsjettet" not in text
    assert decision_letter(decision_of(case))["outcome"] == "grant"


def test_a_frame_can_be_declined_and_is_free_again():
    case = make_frame()
    terms = terms_of(case)
    with time_machine.travel(moment("2017-06-10 12:00"), tick=False):
        by = case.organisation.memberships.get(role="signatory").user
        decline_grant(terms, sha256=terms.sha256, reason="Vi har ikke folk til det.", by=by)

    assert case.call.decisions.granted_ore() == 0


def test_what_is_neither_handed_on_nor_spent_on_administration_is_unspent():
    submission = sent(make_handed_on())

    assert (submission.costs_ore, submission.unspent_ore) == (550_000_00, 50_000_00)
    words = dict(in_words(submission))
    assert ("Språkkafeen: Ukentlige treff", "400\N{NO-BREAK SPACE}000") in words["Videretildeling"]
    assert ("Ikke brukt av tilskuddet", "50\N{NO-BREAK SPACE}000") in words["Sum"]


def test_the_whole_frame_may_be_used_to_the_krone():
    assert sent(make_handed_on(admin="80 000")).unspent_ore == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"admin": "80 001"},
        {"rows": []},
        {"rows": [ROWS[0] | {"organisation": ""}]},
        {"rows": [ROWS[0] | {"purpose": " "}]},
        {"rows": [ROWS[0] | {"kroner": "mye"}]},
        {"rows": [ROWS[0] | {"kroner": "-5"}]},
        {"rows": [ROWS[0] | {"organisation": "x" * 201}]},
        {"admin": ""},
    ],
)
def test_more_than_the_frame_and_rows_that_say_too_little_are_not_sent_in(typed: dict[str, Any]):
    with pytest.raises(IncompleteReport, match="Videretildeling"):
        sent(make_handed_on(**typed))
    assert not ReportSubmission.objects.exists()


def test_what_is_unspent_takes_two_people_like_that_of_any_grant():
    submission = sent(make_handed_on())
    call = submission.report.application.call
    report = submission.report
    propose_unspent(report, amount_ore=submission.unspent_ore, reason="Ikke delt ut.", by=impartial(caseworker(), call))
    report.refresh_from_db()
    approve_unspent(report, by=impartial(decision_maker(), call))

    assert UnspentFinding.objects.get().amount_ore == 50_000_00


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_municipality_writes_whom_it_gave_money_row_by_row():
    report = make_handed_on()
    client = signed_in(report.saved_by)
    address = reverse("application_report_theme", kwargs={"pk": report.application_id, "theme": "regrants"})
    page = client.get(address).content.decode()
    assert "Språkkafeen" in page and "Rammen er" in page and "600\N{NO-BREAK SPACE}000" in page

    posted = {
        "regrant-organisation": ["Språkkafeen", "", "Møteplassen"], "regrant-purpose": ["Treff", "", "Leir"],
        "regrant-kroner": ["500 000", "", "90 000"], "admin": "20 000", "version": report.version,
    }  # fmt: skip
    answer = client.post(address, posted)
    assert answer.status_code == 422
    assert "mer enn rammen på 600\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in answer.content.decode()
    report.refresh_from_db()
    assert [row["organisation"] for row in report.answers["regrants"]["rows"]] == ["Språkkafeen", "Møteplassen"]
    fixed = client.post(address, posted | {"admin": "10 000", "version": report.version})
    assert fixed.status_code == 302


def test_the_caseworker_sees_what_was_handed_on_and_the_share_of_administration():
    submission = sent(make_handed_on())
    case = submission.report.application
    page = signed_in(impartial(caseworker(), case.call)).get(reverse("case_follow_up", kwargs={"pk": case.pk}))

    told = page.content.decode()
    assert all(
        word in told for word in ("Språkkafeen", "Svømmekurs", "Administrasjon (5,0 %)", "50\N{NO-BREAK SPACE}000")
    )


def test_another_municipality_does_not_find_the_report():
    report = make_handed_on()
    stranger = signed_in(signatory(municipality("0104"), "stranger"))
    address = reverse("application_report_theme", kwargs={"pk": report.application_id, "theme": "regrants"})
    assert stranger.get(address).status_code == 404
