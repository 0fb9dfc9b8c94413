"""A recipient asks for a change; one person recommends, another decides; a yes gives the next terms, never more money."""

from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from applications.models import CaseDocument, ChangeRequest, State, Terms
from applications.services.change_requests import FaultyRequest, ask_for_change, decide_change, recommend_change
from applications.services.terms import decline_grant, digest_of
from grants.jobs.queue import drain
from grants.models import Approval, Role
from grants.shared.errors import BadInput, ChangedSince, NotAllowed
from tests.factories.cases import ANSWERS, APPLIED_ORE, caseworker, decision_maker, impartial, member, moment
from tests.factories.follow_up import (
    approve_change,
    decision_of,
    make_accepted,
    make_change,
    make_grant,
    make_recommended,
    make_submitted,
    terms_of,
)
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db
BUDGET: dict[str, Any] = {
    "changes_budget": "yes",
    "costs": [{"text": "Lønn", "kroner": "520 000"}, {"text": "Kurs", "kroner": "80 000"}],
    "financing": [{"text": "Nav", "kroner": "50 000"}],
    "own": "50 000",
}


def test_an_approved_change_becomes_the_terms_in_force_and_the_chain_can_be_tried():
    application = make_accepted()
    request = make_recommended(application, **BUDGET, activity="Praksis også i Moss.")

    terms = approve_change(request)

    assert (terms.number, terms.amount_ore) == (2, APPLIED_ORE)
    assert terms.content["budget"]["costs"] == [["Lønn", 520_000_00], ["Kurs", 80_000_00]]
    assert terms.content["ends_on"] == "2018-06-30" and terms.content["activity"] == "Praksis også i Moss."
    first = Terms.objects.get(number=1)
    assert first.content["ends_on"] == "2017-12-31"
    assert terms.previous_sha256 == first.sha256 == digest_of(first.content, "")
    assert terms.sha256 == digest_of(terms.content, first.sha256)
    request.refresh_from_db()
    assert (request.state, request.answer) == ("approved", "Greit.")


def test_request_and_answer_are_recorded_and_told():
    application = make_accepted()
    approve_change(make_recommended(application, **BUDGET))
    drain()

    kinds = {d.kind.partition(":")[0]: d.direction for d in CaseDocument.objects.filter(application=application)}
    assert (kinds["change_request"], kinds["change_answer"]) == ("in", "out")
    told = list(application.events.filter(open_to_applicant=True).values_list("verb", flat=True))
    assert "ask_change" in told and "approve_change" in told and "recommend_change" not in told


def test_a_refusal_leaves_the_terms_as_they_were():
    application = make_accepted()
    request = make_recommended(application)
    decide_change(request, approve=False, reason="For sent på året.", by=decision_maker())
    drain()

    assert terms_of(application).number == 1
    assert CaseDocument.objects.get(kind=f"change_answer:{request.pk}").title.startswith("Svar på søknad om endring")
    assert make_change(application).number == 2  # one may ask again


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": ""}, "text"),
        ({"ends_on": "2016-01-01"}, "ends_on"),
        ({"ends_on": "30. februar"}, "ends_on"),
        ({"ends_on": "2017-12-31"}, "activity"),  # nothing is to be otherwise
        ({"text": "x" * 4_001}, "text"),
        (BUDGET | {"costs": [{"text": "Lønn", "kroner": "700 000"}]}, "costs"),  # costs that nobody covers
        (BUDGET | {"applied": "600 000", "costs": [{"text": "Lønn", "kroner": "700 000"}]}, "costs"),
        (BUDGET | {"costs": [{"text": "Lønn", "kroner": "-1"}]}, "costs-0-kroner"),
        (BUDGET | {"costs": []}, "costs"),
    ],
)
def test_a_request_that_cannot_be_is_told_field_by_field(typed: dict[str, Any], field: str):
    application = make_accepted()

    with pytest.raises(FaultyRequest) as refused:
        make_change(application, **typed)

    assert field in refused.value.faults
    assert not ChangeRequest.objects.exists()


def test_the_amount_never_rises_whatever_is_typed():
    application = make_accepted()
    terms = approve_change(make_recommended(application, **BUDGET, applied="9 000 000", granted_ore=1))

    assert terms.content["granted_ore"] == terms.amount_ore == APPLIED_ORE


def test_only_a_signatory_asks_and_one_request_at_a_time():
    application = make_accepted()
    typed = {"text": "Lenger", "ends_on": "2018-06-30"}
    for role in (Role.EDITOR, Role.ACCOUNTANT):
        with pytest.raises(NotAllowed):
            ask_for_change(terms_of(application), typed, by=member(role))
    make_change(application)

    with pytest.raises(ChangedSince, match="allerede bedt"):
        make_change(application)


def test_nothing_is_changed_after_a_no_or_after_the_report():
    declined = make_grant()
    terms = terms_of(declined)
    with time_machine.travel(moment("2017-06-10 12:00"), tick=False):
        decline_grant(terms, sha256=terms.sha256, reason="Nei.", by=declined.created_by)
    with pytest.raises(ChangedSince, match="kan ikke endres"):
        make_change(declined)


def test_a_request_that_waits_when_the_report_is_sent_can_only_be_refused():
    application = make_accepted()
    request = make_recommended(application)
    make_submitted(application)
    david = decision_maker()

    with pytest.raises(ChangedSince, match="sendt rapporten"):
        decide_change(request, approve=True, reason="x", by=david)
    assert decide_change(request, approve=False, reason="Rapporten er sendt.", by=david).state == "refused"


def test_nobody_decides_what_they_recommended_and_nothing_is_decided_twice():
    application = make_accepted()
    request = make_recommended(application)
    sara = make_user("sara", Role.DECISION_MAKER)
    with pytest.raises(NotAllowed, match="En annen"):
        decide_change(request, approve=True, reason="x", by=sara)
    second = ChangeRequest.objects.get()
    approve_change(request)

    with pytest.raises(ChangedSince, match="var først"):
        decide_change(second, approve=False, reason="x", by=decision_maker())
    assert terms_of(application).number == 2 and Approval.objects.filter(subject__startswith="change:").count() == 1


def test_recommending_and_deciding_take_the_role_the_declaration_and_a_reason():
    application = make_accepted()
    request = make_change(application)
    with pytest.raises(NotAllowed, match="habil"):
        recommend_change(request, approve=True, reason="x", by=caseworker("siri"))
    with pytest.raises(BadInput):
        recommend_change(request, approve=True, reason=" ", by=caseworker())
    with pytest.raises(NotAllowed, match="rollen"):
        recommend_change(request, approve=True, reason="x", by=decision_maker())
    with pytest.raises(ChangedSince):
        decide_change(request, approve=True, reason="x", by=decision_maker())  # not recommended yet
    request = recommend_change(request, approve=False, reason="Nei.", by=caseworker())
    with pytest.raises(BadInput):
        decide_change(request, approve=True, reason="", by=decision_maker())
    siri = impartial(caseworker("siri"), application.call)
    with pytest.raises(NotAllowed, match="rollen"):
        decide_change(request, approve=True, reason="x", by=siri)


def test_a_change_before_the_answer_asks_for_the_answer_to_the_new_terms():
    application = make_grant(budget=ANSWERS["budget"])
    assert application.state == State.GRANTED
    terms = approve_change(make_recommended(application, **BUDGET))

    assert terms.number == 2 and not hasattr(decision_of(application), "acceptance")


ATTACKS = {
    "approved without approval": "UPDATE applications_changerequest SET state = 'approved', decided_on = '2017-06-20', answer = 'ja'",
    "another wish": "UPDATE applications_changerequest SET text = 'mer penger'",
    "another recommendation": "UPDATE applications_changerequest SET recommendation = 'nei'",
    "removed": "DELETE FROM applications_changerequest",
}


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_holds_two_people_and_the_request_as_it_was(sql: str):
    make_recommended(make_accepted())

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert ChangeRequest.objects.get().state == "recommended"


def test_the_database_takes_no_request_that_is_born_approved():
    application = make_accepted()
    request = make_recommended(application)

    with pytest.raises(DatabaseError, match="begins as asked"), transaction.atomic():
        ChangeRequest.objects.create(
            application=application, decision=request.decision, number=2, state="approved", text="x",
            asked_by=application.created_by, asked_on=request.asked_on, recommends_approval=True, recommendation="x",
            recommended_by=request.recommended_by, digest="x", answer="x", decided_on=request.asked_on,
        )  # fmt: skip
