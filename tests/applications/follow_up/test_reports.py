"""The report is written, adds up, is sent by who signs, and is approved, returned or found to leave money unspent."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from applications.intake.completeness import Progress
from applications.intake.report import goals_in, read_accounts, states_of_report, themes_of_report
from applications.models import (
    Attachment,
    CaseDocument,
    Deadline,
    Report,
    ReportReview,
    ReportSubmission,
    UnspentFinding,
)
from applications.models.terms import due_on
from applications.services.attach import attach
from applications.services.reports import (
    IncompleteReport,
    SomebodyElseWrote,
    late_reports,
    save_report,
    submit_report,
)
from applications.services.review_report import (
    approve_report,
    approve_unspent,
    propose_unspent,
    reject_unspent,
    return_report,
)
from grants.jobs.queue import drain
from grants.models import Approval, Role
from grants.shared.errors import BadInput, ChangedSince, NotAllowed
from tests.factories.attachments import uploaded
from tests.factories.cases import (
    caseworker,
    decision_maker,
    impartial,
    make_call,
    member,
    moment,
    municipality,
    signatory,
)
from tests.factories.follow_up import (
    REPORT,
    accounts,
    approve_change,
    decision_of,
    make_accepted,
    make_recommended,
    make_report,
    make_submitted,
    terms_of,
    underspent,
)
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db
# What the rules of a call of 2019 ask for; no source gives the rates of that year.
NUMBERS = {"least_refugees": "100", "least_share_of_immigrants": "0.05"}
TERMS: dict[str, Any] = {
    "granted_ore": 500_000_00, "deviation_percent": 10, "auditors_statement": False, "goals": ["20 i arbeid."],
    "budget": {"costs": [["Lønn", 500_000_00], ["Kurs", 100_000_00]], "financing": [["Nav", 50_000_00]], "own_ore": 50_000_00},
}  # fmt: skip


# --- What is asked, and the sums ----------------------------------------------------------------------------------------


def test_every_goal_that_was_applied_for_is_asked_about():
    assert goals_in("- 20 i arbeid\n2. Tre kurs\n\n• En håndbok") == ["20 i arbeid", "Tre kurs", "En håndbok"]
    results, *_ = themes_of_report(TERMS | {"goals": ["Ett", "To"]})
    assert [q.code for q in results.questions] == [
        f"goal_{n}_{what}" for n in (1, 2) for what in ("result", "indicator", "number")
    ]
    [general] = themes_of_report(TERMS | {"goals": []})[0].questions
    assert general.code == "came_of"


@pytest.mark.parametrize(
    ("actual", "unspent"),
    [
        (600_000_00, 0),
        (480_000_00, 100_000_00),  # 500/600 of 480 000 is 400 000
        (700_000_00, 0),  # never more than was granted
        (0, 500_000_00),
        (599_999_00, 83),  # 500/600 of it is 49 999 916,67 øre, rounded half up
    ],
)
def test_the_unspent_amount_is_what_the_grants_share_of_the_actual_costs_leaves(actual: int, unspent: int):
    typed = accounts([(str(actual // 100), "Avvik"), ("0", "Ikke kjøpt")], total=str(actual // 100), own="200 000")
    found = read_accounts(typed, TERMS)

    assert found.faults == {}
    assert found.unspent_ore == unspent


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        (accounts([("500 000", ""), ("100 000", "")], total="610 000"), "total", "610"),
        (accounts([("440 000", ""), ("100 000", "")], total="540 000"), "why-0", "Forklar avviket"),
        (accounts([("500 000", ""), ("", "")], total="500 000"), "actual-1", "eller 0"),
        (accounts([("500 000", ""), ("-5", "")], total="500 000"), "actual-1", "hele kroner"),
        (accounts([("900 000", "Dyrere"), ("100 000", "")], total="1 000 000"), "own", "ikke betalt av noen"),
        (accounts([("500 000", ""), ("100 000", "")], total="1e9"), "total", "hele kroner"),
        (REPORT["accounts"] | {"more": [{"text": "Mat", "kroner": "5", "why": ""}]}, "more-0-why", "Forklar"),
        (REPORT["accounts"] | {"more": [{"text": "", "kroner": "5", "why": "x"}]}, "more-0-text", "Skriv hva"),
    ],
)
def test_accounts_that_do_not_add_up_are_told_field_by_field(typed: dict[str, Any], field: str, says: str):
    found = read_accounts(typed, TERMS)

    assert says in found.faults[field].replace("\N{NO-BREAK SPACE}", " ")


def test_a_deviation_within_the_threshold_needs_no_words():
    typed = accounts([("450 000", ""), ("110 000", "")], total="560 000")

    assert read_accounts(typed, TERMS).faults == {}


def test_a_scheme_that_asks_for_an_auditor_waits_for_the_statement():
    terms = TERMS | {"auditors_statement": True}
    application = make_accepted()
    *_, (files, _) = states_of_report(REPORT, terms, Attachment.objects.of_report(application))
    assert files.progress is Progress.NOT_STARTED and files.faults == {"report_statement": "Last opp dokumentet."}

    attach(application, "report_statement", uploaded("uttalelse.pdf"), by=application.created_by)
    *_, (files, _) = states_of_report(REPORT, terms, Attachment.objects.of_report(application))
    assert files.progress is Progress.DONE
    *_, (files, _) = states_of_report(REPORT, TERMS, ())
    assert files.progress is Progress.DONE, "where nobody asks, nothing is missing"


# --- Writing and sending ------------------------------------------------------------------------------------------------


def test_a_signatory_sends_a_report_and_it_is_kept_and_recorded():
    submission = make_submitted()
    drain()

    assert (submission.number, submission.costs_ore, submission.unspent_ore) == (1, 600_000_00, 0)
    assert submission.answers["participants"] == {"reached": "19"}
    report = Report.objects.get()
    assert report.state == "submitted"
    assert CaseDocument.objects.get(kind=f"report:{report.pk}-1").direction == "in"
    assert report.application.events.filter(verb="submit_report", open_to_applicant=True).count() == 1


@pytest.mark.parametrize(
    ("theme", "typed"),
    [
        ("results", {}),
        ("participants", {"reached": "mange"}),
        ("accounts", underspent() | {"total": "1"}),
    ],
)
def test_what_is_not_ready_is_not_sent(theme: str, typed: dict[str, Any]):
    report = make_report(**{theme: typed})

    with pytest.raises(IncompleteReport, match="ikke ferdig"):
        submit_report(report, by=report.application.created_by)
    assert Report.objects.get().state == "open" and not ReportSubmission.objects.exists()


def test_the_accountant_writes_and_the_signatory_sends():
    report = make_report()
    accountant = member(Role.ACCOUNTANT, username="regnskap")
    save_report(report, "accounts", REPORT["accounts"], version=report.version, by=accountant)

    with pytest.raises(NotAllowed):
        submit_report(report, by=accountant)
    with pytest.raises(NotAllowed):
        save_report(report, "accounts", {}, version=report.version, by=signatory(municipality("0104"), "fremmed"))
    with pytest.raises(BadInput):
        save_report(report, "finnes_ikke", {}, version=report.version, by=accountant)


def test_the_second_of_two_windows_is_told_and_nothing_is_overwritten():
    report = make_report()
    version, by = report.version, report.application.created_by
    save_report(report, "participants", {"reached": "1"}, version=version, by=by)

    with pytest.raises(SomebodyElseWrote):
        save_report(report, "participants", {"reached": "2"}, version=version, by=by)
    assert Report.objects.get().answers["participants"] == {"reached": "1"}


def test_a_report_is_sent_once_by_two_who_press_at_once():
    report = make_report()
    other = Report.objects.get()
    submit_report(report, by=report.application.created_by)

    with pytest.raises(ChangedSince):
        submit_report(other, by=report.application.created_by)
    with pytest.raises(ChangedSince):
        save_report(other, "results", {}, version=other.version, by=report.application.created_by)
    assert ReportSubmission.objects.count() == 1


def test_an_approved_change_is_what_the_report_is_measured_against():
    application = make_accepted()
    approve_change(make_recommended(
        application, changes_budget="yes", costs=[{"text": "Alt", "kroner": "600 000"}],
        financing=[{"text": "Nav", "kroner": "50 000"}], own="50 000",
    ))  # fmt: skip
    submission = make_submitted(application, accounts=accounts([("600 000", "")], total="600 000"))

    assert submission.terms == terms_of(application) and submission.terms.number == 2


# --- Review -------------------------------------------------------------------------------------------------------------


def test_a_caseworker_approves_and_a_letter_goes_out():
    report = make_submitted().report
    approve_report(report, by=caseworker())
    drain()

    assert report.state == "approved"
    assert CaseDocument.objects.get(kind__startswith="report_answer:").direction == "out"
    assert not UnspentFinding.objects.exists()


def test_money_that_is_left_is_not_passed_over_in_silence():
    report = make_submitted(accounts=underspent()).report
    assert report.submissions.get().unspent_ore == 100_000_00

    with pytest.raises(BadInput, match="100.000 kroner ubrukt"):
        approve_report(report, by=caseworker())
    assert approve_report(report, reason="Etterslep som er avtalt.", by=caseworker()).reason


def test_a_report_is_returned_with_what_to_mend_and_a_new_deadline_and_sent_again():
    report = make_submitted().report
    sara = caseworker()
    with time_machine.travel(moment("2018-03-05 09:00"), tick=False):
        return_report(report, reason="Forklar mål 1 bedre.", last_day=date(2018, 3, 20), by=sara)
    drain()
    assert report.state == "returned"
    assert due_on(report.decision, Deadline.What.REPORT) == date(2018, 3, 20)
    by = report.application.created_by
    save_report(report, "participants", {"reached": "20"}, version=report.version, by=by)

    again = submit_report(report, by=by)

    assert (again.number, report.state) == (2, "submitted")
    assert ReportSubmission.objects.get(number=1).answers["participants"] == {"reached": "19"}
    drain()
    assert CaseDocument.objects.filter(kind__startswith=f"report:{report.pk}-").count() == 2
    assert approve_report(report, by=sara).submission == again


def test_returning_takes_words_and_a_day_to_come():
    report = make_submitted().report
    with pytest.raises(BadInput, match="rette"):
        return_report(report, reason="", last_day=date(2100, 1, 1), by=caseworker())
    with pytest.raises(BadInput, match="senere"):
        return_report(report, reason="x", last_day=date(2017, 1, 1), by=caseworker())
    with pytest.raises(NotAllowed):
        return_report(report, reason="x", last_day=date(2100, 1, 1), by=decision_maker())
    assert Report.objects.get().state == "submitted"


def test_unspent_money_is_found_by_one_and_approved_by_another():
    report = make_submitted(accounts=underspent()).report
    propose_unspent(report, amount_ore=100_000_00, reason="Etter regelen i vilkårene.", by=caseworker())
    assert not UnspentFinding.objects.exists()

    finding = approve_unspent(report, by=decision_maker())
    drain()

    assert (finding.amount_ore, report.state) == (100_000_00, "unspent")
    approval = Approval.objects.get(subject__startswith="report_review:")
    assert (str(approval.proposed_by), str(approval.approved_by)) == ("sara", "david")
    assert "Svar på rapport" in CaseDocument.objects.get(kind__startswith="report_answer:").title
    with pytest.raises(ChangedSince):
        approve_unspent(report, by=decision_maker())


def test_nobody_approves_what_they_found():
    report = make_submitted(accounts=underspent()).report
    sara = make_user("sara", Role.DECISION_MAKER)
    propose_unspent(report, amount_ore=100_000_00, reason="x", by=sara)

    with pytest.raises(NotAllowed, match="En annen"):
        approve_unspent(report, by=sara)
    siri = impartial(caseworker("siri"), report.application.call)
    with pytest.raises(NotAllowed, match="rollen"):
        approve_unspent(report, by=siri)
    assert not UnspentFinding.objects.exists() and not Approval.objects.filter(subject__startswith="report").exists()


def test_a_finding_that_is_sent_back_can_be_made_again():
    report = make_submitted(accounts=underspent()).report
    propose_unspent(report, amount_ore=90_000_00, reason="x", by=caseworker())
    reject_unspent(report, reason="Regn på nytt.", by=decision_maker())
    assert report.state == "submitted"
    propose_unspent(report, amount_ore=100_000_00, reason="Regnet på nytt.", by=caseworker())

    assert approve_unspent(report, by=decision_maker()).amount_ore == 100_000_00


@pytest.mark.parametrize("amount_ore", [0, -100, 500_000_01])
def test_an_unspent_amount_that_cannot_be_is_refused(amount_ore: int):
    report = make_submitted(accounts=underspent()).report

    with pytest.raises(BadInput):
        propose_unspent(report, amount_ore=amount_ore, reason="x", by=caseworker())
    with pytest.raises(BadInput):
        propose_unspent(report, amount_ore=1, reason="", by=caseworker())


# --- Late ---------------------------------------------------------------------------------------------------------------


def test_late_reports_are_known_from_the_day_after_until_they_are_sent():
    application = make_accepted(call=make_call(year=2019, numbers=NUMBERS))
    halden = application.organisation
    with time_machine.travel(moment("2020-02-29 23:59:59"), tick=False):
        assert late_reports(halden) == []
    with time_machine.travel(moment("2020-03-01 00:00:00"), tick=False):
        [late] = late_reports(halden)
        assert (late.application, late.due_on, late.days) == (application, date(2020, 2, 29), 1)
        assert late_reports(municipality("0104")) == []
    make_submitted(application, at="2020-03-02 08:00")
    with time_machine.travel(moment("2020-03-03 00:00:00"), tick=False):
        assert late_reports(halden) == []


# --- What the database holds --------------------------------------------------------------------------------------------

ATTACKS = {
    "sent report changed": "UPDATE applications_reportsubmission SET unspent_ore = 0",
    "sent report removed": "DELETE FROM applications_reportsubmission",
    "review changed": "UPDATE applications_reportreview SET amount_ore = 1",
    "unspent without finding": "UPDATE applications_report SET state = 'unspent'",
    "past the second person": "UPDATE applications_report SET state = 'approved'",
    "removed": "DELETE FROM applications_report",
}


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_keeps_reports_and_reviews(sql: str):
    report = make_submitted(accounts=underspent()).report
    propose_unspent(report, amount_ore=100_000_00, reason="x", by=caseworker())

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Report.objects.get().state == "proposed"


def finding_of(review: ReportReview, **changes: Any) -> UnspentFinding:
    report = review.submission.report
    usual = {
        "application": report.application, "decision": decision_of(report.application), "review": review,
        "amount_ore": review.amount_ore, "found_on": date(2018, 3, 1), "by": decision_maker(),
    }  # fmt: skip
    return UnspentFinding.objects.create(**usual | changes)


def test_the_database_takes_no_finding_without_a_second_person_and_of_another_amount():
    report = make_submitted(accounts=underspent()).report
    review = propose_unspent(report, amount_ore=100_000_00, reason="x", by=caseworker())
    with pytest.raises(DatabaseError, match="approved by another"), transaction.atomic():
        finding_of(review)
    Approval.objects.create(
        subject=f"report_review:{review.pk}", digest=review.digest, proposed_by=review.by, approved_by=decision_maker()
    )

    with pytest.raises(DatabaseError, match="approved by another"), transaction.atomic():
        finding_of(review, amount_ore=200_000_00)
    assert finding_of(review)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        UnspentFinding.objects.update(amount_ore=1)
