"""Grants that have come further: accepted, changed, reported. A test names only what it is about."""

from datetime import date
from typing import Any

import time_machine

from applications.models import Acceptance, Application, ChangeRequest, Decision, Report, ReportSubmission, State, Terms
from applications.services.change_requests import ask_for_change, decide_change, recommend_change
from applications.services.reports import save_report, submit_report
from applications.services.terms import accept_terms
from grants.models import User
from tests.factories.cases import caseworker, decision_maker, impartial, make_case, moment

# A day in the time to answer: the usual case is decided on 1 June 2017.
IN_TIME = "2017-06-10 12:00"
REPORT: dict[str, dict[str, Any]] = {
    "results": {"goal_1_result": "18 fikk jobb.", "goal_1_indicator": "I arbeid etter et år", "goal_1_number": "18"},
    "participants": {"reached": "19"},
    "accounts": {
        "lines": [{"kroner": "500 000", "why": ""}, {"kroner": "100 000", "why": ""}],
        "more": [],
        "financing": [{"kroner": "50 000"}],
        "own": "50 000",
        "total": "600 000",
    },
}


def make_grant(**changes: Any) -> Application:
    """A granted case whose terms wait for an answer."""
    return make_case(State.GRANTED, **changes)


def decision_of(application: Application) -> Decision:
    """The standing decision of a case."""
    return application.decisions.get(state=Decision.State.DECIDED)


def terms_of(application: Application) -> Terms:
    """The terms in force."""
    terms = Terms.objects.in_force(decision_of(application))
    assert terms is not None
    return terms


def accept(application: Application, *, at: str = IN_TIME, by: User | None = None) -> Acceptance:
    """The usual signatory accepts the terms, in time."""
    terms = terms_of(application)
    with time_machine.travel(moment(at), tick=False):
        return accept_terms(terms, sha256=terms.sha256, by=by or application.created_by)


def make_accepted(**changes: Any) -> Application:
    """A grant with accepted terms: a report is owed."""
    application = make_grant(**changes)
    accept(application)
    return application


def make_change(application: Application, **typed: Any) -> ChangeRequest:
    """The usual signatory asks for a longer period."""
    usual = {"text": "Vi kom sent i gang.", "ends_on": "2018-06-30"}
    return ask_for_change(terms_of(application), usual | typed, by=application.created_by)


def make_recommended(application: Application, **typed: Any) -> ChangeRequest:
    """A change request that waits for the second person."""
    request = make_change(application, **typed)
    by = impartial(caseworker(), application.call)
    return recommend_change(request, approve=True, reason="Rimelig.", by=by)


def approve_change(request: ChangeRequest) -> Terms:
    """The usual decision-maker says yes; the new terms."""
    by = impartial(decision_maker(), request.application.call)
    decide_change(request, approve=True, reason="Greit.", by=by)
    return terms_of(request.application)


def make_report(application: Application | None = None, **answers: Any) -> Report:
    """A report with everything filled in; `answers` replaces whole themes."""
    application = application or make_accepted()
    report = application.reports.get()
    for theme, typed in (REPORT | answers).items():
        save_report(report, theme, typed, version=report.version, by=application.created_by)
    return report


def make_submitted(
    application: Application | None = None, *, at: str = "2018-02-20 10:00", **answers: Any
) -> ReportSubmission:
    """A report that is sent in, in time."""
    report = make_report(application, **answers)
    with time_machine.travel(moment(at), tick=False):
        return submit_report(report, by=report.application.created_by)


def accounts(lines: list[tuple[str, str]], *, total: str, own: str = "50 000", other: str = "50 000") -> dict[str, Any]:
    """Accounts as typed: kroner and why for each line of the budget."""
    return {
        "lines": [{"kroner": kroner, "why": why} for kroner, why in lines],
        "more": [],
        "financing": [{"kroner": other}],
        "own": own,
        "total": total,
    }


def underspent() -> dict[str, Any]:
    """Accounts of 480 000 kroner against a budget of 600 000: a fifth is not used."""
    return accounts([("380 000", "Sen ansettelse."), ("100 000", "")], total="480 000", own="30 000")


def on(day: str) -> date:
    """A day, written as ISO."""
    return date.fromisoformat(day)
