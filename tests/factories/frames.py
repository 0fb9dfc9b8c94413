"""Frames to municipalities for tests: invited, sent in, granted and accepted through the services."""

from typing import Any

from applications.models import Application, Report, State
from applications.services.assess import take_case
from applications.services.decide import decide, propose
from applications.services.draft import save_answers
from applications.services.invite import invite
from applications.services.reports import save_report
from applications.services.submit import submit
from grants.models import BudgetPost
from tests.factories.cases import (
    caseworker,
    decision_maker,
    impartial,
    make_call,
    municipality,
    owner,
    proposal_of,
    signatory,
)
from tests.factories.follow_up import accept, on
from tests.factories.register import appropriate

FRAME_ORE = 600_000_00
ANSWERS = {
    "contact": {"contact_name": "Kari Nordmann", "contact_email": "kari@halden.example"},
    "distribution": {
        "takes_responsibility": "yes", "announced_on": "2017-06-20", "criteria": "Bredde og deltakelse.", "admin_share": "5",
    },
}  # fmt: skip
ROWS = [
    {"organisation": "Språkkafeen", "purpose": "Ukentlige treff", "kroner": "400 000"},
    {"organisation": "Kvinner sammen", "purpose": "Svømmekurs", "kroner": "120 000"},
]


def make_frame(state: State = State.GRANTED, *, frame_ore: int = FRAME_ORE, **answers: Any) -> Application:
    """A frame to Halden that has come as far as a state; `answers` replaces whole themes."""
    call = make_call(scheme="local_organisations", envelope_ore=13_430_000_00)
    by = signatory(municipality(), "signe-0101")
    case = invite(call, municipality(), ground="Prop. 1 S (2016–2017)", amount_ore=frame_ore, by=owner()).application
    for theme, typed in (ANSWERS | answers).items():
        save_answers(case, theme, typed, version=case.version, by=by)
    if state == State.DRAFT:
        return case
    submit(case, by=by)
    if state == State.SUBMITTED:
        return case
    worker = impartial(caseworker(), call)
    take_case(case, by=worker)
    propose(case, amount_ore=frame_ore, reason="Kommunen har ansvar for ordningen.", by=worker)
    if not BudgetPost.objects.filter(post="71").exists():
        appropriate(post="71")
    decide(proposal_of(case), by=impartial(decision_maker(), call), on=on("2017-06-01"))
    case.refresh_from_db()
    return case


def make_handed_on(
    answers: dict[str, Any] | None = None, *, results: dict[str, str] | None = None, **regrants: Any
) -> Report:
    """An accepted frame with its report filled in; `answers` are those of the application."""
    case = make_frame(**answers or {})
    by = signatory(municipality(), "signe-0101")
    accept(case, by=by)
    report = case.reports.get()
    typed = {"rows": ROWS, "admin": "30 000"} | regrants
    for theme, told in (("results", results or {"came_of": "Flere møteplasser."}), ("regrants", typed)):
        save_report(report, theme, told, version=report.version, by=by)
    return report
