"""Calls and cases for tests, in any state, made through the services. A test names only what it is about."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from applications.intake.completeness import themes_of
from applications.models import Application, Call, Decision, State
from applications.services.announce import prepare_call, publish_call
from applications.services.assess import ask_applicant, declare, score, take_case
from applications.services.case_text import keep_text
from applications.services.decide import decide, propose
from applications.services.draft import begin_application, save_answers
from applications.services.submit import next_case_number, submit
from grants.models import BudgetPost, Membership, Organisation, Role, User
from tests.factories.register import appropriate, make_user

ANSWERS: dict[str, dict[str, Any]] = {
    "contact": {"contact_name": "Kari Nordmann", "contact_email": "kari@halden.example"},
    "municipality": {"share_of_immigrants": "7,5", "refugees": "120"},
    "project": {
        "project_name": "Raskere i jobb", "summary": "Kvalifisering i bedrift.", "target_group": "Nyankomne.",
        "starts_on": "2017-03-01", "ends_on": "2017-12-31",
    },
    "goals": {"goals": "20 i arbeid.", "participants": "20", "plan": "Praksis fra første uke."},
    "budget": {
        "costs": [{"text": "Lønn", "kroner": "500 000"}, {"text": "Kurs", "kroner": "100 000"}],
        "financing": [{"text": "Nav", "kroner": "50 000"}],
        "own": "50 000",
        "applied": "500 000",
    },
}  # fmt: skip
APPLIED_ORE = 500_000_00


def owner() -> User:
    """A scheme owner."""
    return make_user("eva", Role.SCHEME_OWNER)


def caseworker(username: str = "sara") -> User:
    """Somebody who prepares cases."""
    return make_user(username, Role.CASEWORKER)


def decision_maker(username: str = "david") -> User:
    """Somebody who decides."""
    return make_user(username, Role.DECISION_MAKER)


def municipality(number: str = "0101") -> Organisation:
    """A municipality of 2017."""
    return Organisation.objects.get(municipality_number=number, parent=None)


def signatory(organisation: Organisation | None = None, username: str = "signe") -> User:
    """Somebody who signs for an organisation."""
    return member(Role.SIGNATORY, organisation, username)


def member(role: Role, organisation: Organisation | None = None, username: str = "erik") -> User:
    """Somebody with a role in an organisation."""
    user = make_user(username)
    Membership.objects.get_or_create(user=user, organisation=organisation or municipality(), role=role)
    return user


def call_contents(**changes: Any) -> dict[str, Any]:
    """The contents of an ordinary call that is open now."""
    now = timezone.now()
    usual = {
        "title_nb": "Kommunale utviklingsmidler", "title_nn": "Kommunale utviklingsmidlar",
        "about_nb": "Midler til utvikling.", "about_nn": "Midlar til utvikling.",
        "envelope_ore": 10 * APPLIED_ORE, "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=30),
    }  # fmt: skip
    return usual | changes


def make_call(*, scheme: str = "kum", part: str = "", year: int = 2017, **contents: Any) -> Call:
    """A published call."""
    call = prepare_call(scheme, part, year, by=owner(), **call_contents(**contents))
    return publish_call(call, by=owner())


def make_draft(
    call: Call | None = None,
    organisation: Organisation | None = None,
    *,
    application: Application | None = None,
    by: User | None = None,
    **answers: Any,
) -> Application:
    """A draft with everything filled in; `answers` replaces whole themes. An invited draft is given as `application`."""
    organisation = organisation or municipality()
    by = by or signatory(organisation, f"signe-{organisation.municipality_number or organisation.pk}")
    application = application or begin_application(call or make_call(), organisation, by=by)
    asked = {theme.code for theme in themes_of(application.call)}
    for theme, typed in (ANSWERS | answers).items():
        if theme in asked:
            save_answers(application, theme, typed, version=application.version, by=by)
    return application


def make_case(
    state: State = State.SUBMITTED,
    *,
    call: Call | None = None,
    organisation: Organisation | None = None,
    **answers: Any,
) -> Application:
    """A case that has come as far as a state, with the usual persons."""
    application = make_draft(call, organisation, **answers)
    if state == State.DRAFT:
        return application
    submit(application, by=application.created_by)
    if state == State.SUBMITTED:
        return application
    worker = impartial(caseworker(), application.call)
    take_case(application, by=worker)
    if state == State.IN_PROGRESS:
        return application
    for criterion in application.call.criteria():
        score(application, criterion["code"], 4, reason="Godt beskrevet.", by=worker)
    make_proposal(application, amount_ore=0 if state == State.REFUSED else APPLIED_ORE)
    if state == State.PROPOSED:
        return application
    if not BudgetPost.objects.filter(post="62").exists():
        appropriate(post="62")
    decide(proposal_of(application), by=impartial(decision_maker(), application.call), on=date(2017, 6, 1))
    application.refresh_from_db()
    return application


def handler_of(application: Application) -> User:
    """The usual caseworker, impartial in the case's call."""
    return impartial(caseworker(), application.call)


def make_question(application: Application, text: str = "Hva koster kurset?", **changes: Any) -> Application:
    """The usual caseworker asks the applicant, with the usual time to answer."""
    return ask_applicant(application, text, by=handler_of(application), **changes)


def make_many_cases(count: int, *, ties: bool = True) -> list[Application]:
    """New cases of municipalities, as the tables hold them, in the newest call; without `ties` no two have the same day."""
    call = Call.objects.published().order_by("published_at").last() or make_call()
    by, now, before = signatory(), timezone.now(), Application.objects.sent_in().count()
    applicants = list(Organisation.objects.municipalities().order_by("municipality_number")[before : before + count])
    made = []
    for number, organisation in enumerate(applicants):
        sent_at = now if ties else now + timedelta(days=number)
        case = Application.objects.create(
            call=call, organisation=organisation, state=State.SUBMITTED, applied_ore=1 if ties else number + 1,
            created_by=by, saved_by=by, saved_at=now, submitted_at=sent_at, due_on=sent_at.date(),
            case_year=2017, case_number=next_case_number(2017),
        )  # fmt: skip
        keep_text(case)
        made.append(case)
    return made


def make_proposal(application: Application, *, amount_ore: int = APPLIED_ORE, by: User | None = None) -> Decision:
    """A proposal of the usual caseworker."""
    worker = impartial(by or caseworker(), application.call)
    return propose(application, amount_ore=amount_ore, reason="Prosjektet er godt forankret.", by=worker)


def proposal_of(application: Application) -> Decision:
    """The proposal that waits for a decision."""
    return application.decisions.get(state=Decision.State.PROPOSED)


def impartial(user: User, call: Call) -> User:
    """The user, who has declared to be impartial in the call."""
    if not call.declarations.filter(user=user).exists():
        declare(call, by=user, has_interest=False)
    return user


def moment(text: str) -> datetime:
    """A moment in Norwegian time, written «2017-03-01 12:00»."""
    return timezone.make_aware(datetime.fromisoformat(text))
