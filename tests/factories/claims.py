"""Claims for tests: for a person and for places, made through the services. A test names only what it is about."""

from typing import Any

import time_machine

from applications.models import Application, Call, Decision, HealthAccess, State
from applications.services.assess import rule_on, take_case
from applications.services.attach import attach
from applications.services.decide import decide, propose
from applications.services.draft import begin_application, save_answers
from applications.services.health import give_access
from applications.services.submit import submit
from applications.workflow.grounds import newest_findings, settled
from grants.models import Organisation, Role, User
from tests.factories.attachments import uploaded
from tests.factories.cases import (
    caseworker,
    decision_maker,
    impartial,
    make_call,
    municipality,
    proposal_of,
    signatory,
)
from tests.factories.register import make_user, settle
from tests.grants.documents.gate.makers import pdf_with

# A word that stands in what is told of health, and that nothing else may ever say.
SECRET = "Skumringssyndrom"
CONTACT = {"contact_name": "Kari Nordmann", "contact_email": "kari@halden.example"}
COSTS = {"cost_support": "250 000", "cost_education": "50 000"}
GRANTED_ORE = 100_000_00  # 300 000 - 200 000


def person_answers(ref: str = "P1", **changes: str) -> dict[str, str]:
    """What is told of a person for whom all conditions are met."""
    usual = {
        "person_ref": ref, "settled_by_agreement": "yes", "arose_before_settlement": "yes", "condition": SECRET,
        "has_consent": "yes",
    }  # fmt: skip
    return usual | changes


def disability_call(*, part: str = "disability_2", year: int = 2017, **contents: Any) -> Call:
    """A call for claims for persons."""
    usual: dict[str, Any] = {"title_nb": "Tilskudd 2", "title_nn": "Tilskot 2", "envelope_ore": 552_000_000_00}
    return make_call(scheme="disability", part=part, year=year, **usual | contents)


def reception_call(**contents: Any) -> Call:
    """A call for claims for places."""
    usual: dict[str, Any] = {"title_nb": "Plasser", "title_nn": "Plassar", "envelope_ore": 10_000_000_00}
    return make_call(scheme="integration_reception", **usual | contents)


def make_claim_draft(
    call: Call | None = None, organisation: Organisation | None = None, *, files: bool = True, **answers: Any
) -> Application:
    """A claim for the person P1 with everything filled in and attached; `answers` replaces whole themes."""
    organisation = organisation or municipality()
    by = signatory(organisation, f"signe-{organisation.municipality_number}")
    draft = begin_application(call or disability_call(), organisation, by=by)
    for theme, typed in ({"contact": CONTACT, "person": person_answers(), "costs": COSTS} | answers).items():
        save_answers(draft, theme, typed, version=draft.version, by=by)
    for number, place in enumerate(("medical_statement", "costs_documented") if files else ()):
        attach(draft, place, uploaded(f"{place}.pdf", pdf_with(Number=number)), by=by)
    draft.refresh_from_db()
    return draft


def make_places_draft(
    call: Call | None = None, *, places: str = "80", months: str = "12", of: Organisation | None = None
) -> Application:
    """A claim for places with everything filled in, of Halden where nobody else is named."""
    organisation = of or municipality()
    by = signatory(organisation, f"signe-{organisation.municipality_number}")
    draft = begin_application(call or reception_call(), organisation, by=by)
    typed = {
        "has_agreement": "yes", "centre": "Halden mottak", "agreed_on": "2016-11-01", "places": places, "months": months,
    }  # fmt: skip
    for theme, answers in (("contact", CONTACT), ("places", typed)):
        save_answers(draft, theme, answers, version=draft.version, by=by)
    return draft


def sent(draft: Application) -> Application:
    """The draft, sent in by the one who wrote it."""
    submit(draft, by=draft.created_by)
    draft.refresh_from_db()
    return draft


def claimed_case() -> Application:
    """A claim of Halden for P1 that was sent in while it was in time, whatever the day is now."""
    settle("P1")
    with time_machine.travel("2017-06-01T10:00:00+02:00", tick=True):
        return sent(make_claim_draft())


def taken(case: Application) -> Application:
    """The case in the hands of the usual caseworker, with every condition settled that waits for a human."""
    worker = impartial(caseworker(), case.call)
    take_case(case, by=worker)
    for finding in newest_findings(case):
        if settled(finding) is None:
            rule_on(finding, met=True, reason="Sammenlignet med avtalen.", by=worker)
    return case


def proposed(case: Application, amount_ore: int) -> Decision:
    """The usual caseworker proposes."""
    return propose(case, amount_ore=amount_ore, reason="Kravet er dokumentert.", by=impartial(caseworker(), case.call))


def decided(case: Application, amount_ore: int = GRANTED_ORE) -> Decision:
    """A sent claim, taken, proposed and decided by two people."""
    if case.state == State.SUBMITTED:
        taken(case)
    proposed(case, amount_ore)
    made = decide(proposal_of(case), by=impartial(decision_maker(), case.call))
    case.refresh_from_db()
    return made


def with_access(user: User) -> User:
    """The user, to whom an administrator has given the access to health data."""
    if not HealthAccess.objects.let_look(user):
        give_access(user, reason="Behandler krav om tilskudd 1 og 2.", by=make_user("admin", Role.ADMINISTRATOR))
    return user
