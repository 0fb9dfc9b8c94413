"""Who handles a case: taken, given, given back and shared out, never by or to somebody too near."""

import pytest
from django.db import DatabaseError, connection, transaction

from applications.models import Application, CaseEvent, State
from applications.services.assess import ask_applicant, declare, take_case
from applications.services.assign import assign, give_back, share_out
from grants.models import Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from tests.factories.cases import caseworker, impartial, make_call, make_case, make_proposal, municipality
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Application:
    return make_case()


@pytest.fixture
def nils() -> User:
    return caseworker("nils")


def last_event(case: Application) -> CaseEvent:
    event = case.events.order_by("pk").last()
    assert event is not None
    return event


def test_a_new_case_that_is_given_to_a_colleague_is_begun_on(case: Application, nils: User):
    assign(case, to=nils, by=caseworker())

    assert (case.state, case.handler) == (State.IN_PROGRESS, nils)
    event = last_event(case)
    assert (event.verb, event.by, event.text, event.open_to_applicant) == ("assign", caseworker(), "Til nils", False)


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.AWAITING_APPLICANT, State.PROPOSED])
def test_a_case_in_hand_changes_hands_and_stands_where_it_stood(state: State, nils: User):
    case = make_case(State.PROPOSED if state == State.PROPOSED else State.IN_PROGRESS)
    if state == State.AWAITING_APPLICANT:
        ask_applicant(case, "Hvor mange?", by=caseworker())
    version = case.version

    assign(case, to=nils, by=caseworker())

    assert (case.state, case.handler, case.version) == (state, nils, version + 1)
    assert last_event(case).open_to_applicant is False


@pytest.mark.parametrize("state", [State.GRANTED, State.REFUSED])
def test_a_case_that_is_decided_changes_hands_no_more(state: State, nils: User):
    with pytest.raises(ChangedSince, match="kan ikke fordeles"):
        assign(make_case(state), to=nils, by=caseworker())


def test_a_stale_form_changes_nothing(case: Application, nils: User):
    stale = Application.objects.get(pk=case.pk)
    take_case(case, by=impartial(caseworker(), case.call))

    with pytest.raises(ChangedSince, match="var først"):
        assign(stale, to=nils, by=caseworker("anna"))
    stale.state = State.IN_PROGRESS
    with pytest.raises(ChangedSince, match="endret av en annen"):
        assign(stale, to=nils, by=caseworker("anna"))

    assert Application.objects.get(pk=case.pk).handler == caseworker()


@pytest.mark.parametrize(
    "role", [Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_only_caseworkers_give_and_are_given_cases(role: Role, case: Application, nils: User):
    other = make_user("annen", role)

    with pytest.raises(NotAllowed, match="rollen saksbehandler"):
        assign(case, to=nils, by=other)
    with pytest.raises(BadInput, match="ikke saksbehandler"):
        assign(case, to=other, by=caseworker())

    assert Application.objects.get(pk=case.pk).handler is None


def test_somebody_who_has_left_is_given_nothing(case: Application, nils: User):
    nils.is_active = False
    nils.save()

    with pytest.raises(BadInput, match="ikke saksbehandler"):
        assign(case, to=nils, by=caseworker())


def test_nobody_too_near_is_given_a_case_or_gives_one(case: Application, nils: User):
    declare(case.call, by=nils, has_interest=True, reason="Søsken i Halden.")

    with pytest.raises(NotAllowed, match="meldt seg inhabil"):
        assign(case, to=nils, by=caseworker())
    with pytest.raises(NotAllowed, match="meldt seg inhabil"):
        assign(case, to=caseworker(), by=nils)


def test_who_gives_a_case_to_themselves_says_first_that_they_are_impartial(case: Application, nils: User):
    with pytest.raises(NotAllowed, match="Si først"):
        assign(case, to=nils, by=nils)

    impartial(nils, case.call)
    assert assign(case, to=nils, by=nils).handler == nils


def test_a_case_is_not_given_to_who_has_it(nils: User):
    case = make_case(State.IN_PROGRESS)

    with pytest.raises(Refused, match="har saken allerede"):
        assign(case, to=caseworker(), by=nils)


# --- Given back -------------------------------------------------------------------------------------------------------


def test_a_case_that_is_given_back_can_be_taken_by_another(nils: User):
    case = make_case(State.IN_PROGRESS)

    give_back(case, by=caseworker())

    assert (case.state, case.handler) == (State.SUBMITTED, None)
    assert last_event(case).open_to_applicant is False
    assert take_case(case, by=impartial(nils, case.call)).handler == nils


def test_only_the_handler_gives_a_case_back(nils: User):
    case = make_case(State.IN_PROGRESS)

    with pytest.raises(NotAllowed, match="Bare saksbehandleren"):
        give_back(case, by=nils)


def test_a_case_that_was_given_back_meanwhile_is_refused_as_changed():
    case = make_case(State.IN_PROGRESS)
    stale = Application.objects.get(pk=case.pk)
    give_back(case, by=caseworker())

    with pytest.raises(ChangedSince):
        give_back(stale, by=caseworker())


def test_who_declares_an_interest_lets_go_of_the_cases_and_others_can_go_on(nils: User):
    call, other_call = make_call(), make_call(title_nb="En annen")
    begun, waits, proposed = (
        make_case(State.SUBMITTED, call=call, organisation=municipality(number)) for number in ("0101", "0104", "0105")
    )
    elsewhere = make_case(State.SUBMITTED, call=other_call, organisation=municipality("0106"))
    for case in (begun, waits, proposed, elsewhere):
        assign(case, to=nils, by=caseworker())
    ask_applicant(waits, "Hvor mange?", by=impartial(caseworker(), call))
    make_proposal(proposed)

    declare(call, by=nils, has_interest=True, reason="Søsken i Halden.")

    for case, state in ((begun, State.SUBMITTED), (waits, State.AWAITING_APPLICANT), (proposed, State.PROPOSED)):
        case.refresh_from_db()
        assert (case.handler, case.state) == (None, state)
    elsewhere.refresh_from_db()
    assert elsewhere.handler == nils
    assert take_case(waits, by=caseworker()).handler == caseworker()  # begun on by another, and taken all the same


# --- Many at once -----------------------------------------------------------------------------------------------------


def test_many_are_shared_out_and_those_that_can_not_be_are_named(nils: User):
    call = make_call()
    good, also, taken = (make_case(call=call, organisation=municipality(number)) for number in ("0101", "0104", "0105"))
    stale = Application.objects.get(pk=taken.pk)
    take_case(taken, by=impartial(caseworker(), call))
    near = make_case(call=make_call(title_nb="Nær"), organisation=municipality("0106"))
    declare(near.call, by=nils, has_interest=True, reason="Søsken.")

    shared = share_out([good, stale, also, near], to=nils, by=caseworker())

    assert [case.pk for case in shared.given] == [good.pk, also.pk]
    assert [case.pk for case, _why in shared.refused] == [taken.pk, near.pk]
    assert "var først" in shared.refused[0][1]
    assert "inhabil" in shared.refused[1][1]
    assert set(Application.objects.filter(handler=nils)) == {good, also}
    assert CaseEvent.objects.filter(verb="assign").count() == 2


def test_none_and_too_many_are_refused(case: Application, nils: User):
    with pytest.raises(BadInput, match="minst én"):
        share_out([], to=nils, by=caseworker())
    with pytest.raises(BadInput, match="høyst 200"):
        share_out([case] * 201, to=nils, by=caseworker())
    with pytest.raises(NotAllowed):
        share_out([case], to=nils, by=make_user("revisor", Role.AUDITOR))


# --- The database -----------------------------------------------------------------------------------------------------


def test_the_database_refuses_a_handler_who_is_too_near(case: Application, nils: User):
    declare(case.call, by=nils, has_interest=True, reason="Søsken i Halden.")

    with pytest.raises(DatabaseError, match="handles none of its cases"), transaction.atomic():
        Application.objects.filter(pk=case.pk).update(handler=nils)
    with pytest.raises(DatabaseError, match="handles none of its cases"), transaction.atomic():
        copy = Application.objects.get(pk=case.pk)
        copy.pk, copy.case_number, copy.handler = None, 999, nils
        copy.save(force_insert=True)
    with (
        pytest.raises(DatabaseError, match="handles none of its cases"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE applications_application SET handler_id = (SELECT id FROM grants_user WHERE username = 'nils')"
        )

    impartial(caseworker(), case.call)
    Application.objects.filter(pk=case.pk).update(handler=caseworker())  # others may
