"""What was sent in can be changed: before the deadline by those who sign, after it when a caseworker opens it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from applications.models import Application, CaseDocument, CaseEvent, Finding, State
from applications.services.draft import save_answers
from applications.services.reopen import open_again, reopen
from applications.services.submit import submit
from applications.services.withdraw import withdraw
from grants.jobs.queue import drain
from grants.models import Job, Role
from grants.shared.errors import BadInput, NotAllowed, Refused
from tests.factories.cases import ANSWERS, caseworker, impartial, make_case, make_draft, member

pytestmark = pytest.mark.django_db


def rewritten(case, text="Nye mål."):
    save_answers(case, "goals", ANSWERS["goals"] | {"goals": text}, version=case.version, by=case.created_by)
    return case


def opened(case, **changes):
    usual = {"until": timezone.now() + timedelta(days=3), "reason": "Budsjettet mangler."} | changes
    return open_again(case, by=impartial(caseworker(), case.call), **usual)


def test_before_the_deadline_a_signatory_takes_it_back_and_sends_it_in_as_number_two():
    case = make_case()
    number = case.reference

    reopen(case, by=case.created_by)
    assert case.state == State.DRAFT
    second = submit(rewritten(case), by=case.created_by)

    assert (second.number, case.reference) == (2, number)
    assert case.submissions.get(number=1).answers["goals"]["goals"] == ANSWERS["goals"]["goals"]
    assert Finding.objects.filter(submission=second).exists()


def test_an_editor_does_not_take_it_back():
    case = make_case()
    with pytest.raises(NotAllowed):
        reopen(case, by=member(Role.EDITOR))


def test_after_the_deadline_only_a_caseworker_opens_it():
    case = make_case()
    with time_machine.travel(case.call.closes_at, tick=False):
        with pytest.raises(Refused, match="Fristen er ute"):
            reopen(case, by=case.created_by)

        opened(case)
        assert case.state == State.DRAFT
        with time_machine.travel(case.open_until - timedelta(seconds=1), tick=False):
            assert submit(rewritten(case), by=case.created_by).number == 2


def test_the_new_deadline_is_to_the_second_too():
    case = make_case(State.IN_PROGRESS)
    opened(case)
    with time_machine.travel(case.open_until, tick=False), pytest.raises(Refused, match="Fristen var"):
        submit(rewritten(case), by=case.created_by)


def test_opening_again_takes_a_reason_and_a_deadline_to_come_and_a_caseworker():
    case = make_case()
    with pytest.raises(Refused, match="begrunnelse"):
        opened(case, reason=" ")
    with pytest.raises(BadInput, match="framover"):
        opened(case, until=timezone.now())
    with pytest.raises(NotAllowed):
        open_again(case, until=timezone.now() + timedelta(days=1), reason="x", by=case.created_by)
    case.refresh_from_db()
    assert case.state == State.SUBMITTED


@pytest.mark.parametrize("how", ["reopen", "open_again"])
def test_what_was_sent_in_counts_again_when_the_deadline_passes(how):
    case = make_case()
    if how == "reopen":
        reopen(case, by=case.created_by)
    else:
        opened(case)
    deadline = case.open_until or case.call.closes_at
    rewritten(case, "Halvveis")

    drain()
    assert Application.objects.get().state == State.DRAFT  # not before its time
    with time_machine.travel(deadline + timedelta(seconds=1), tick=False):
        drain()

    case.refresh_from_db()
    assert (case.state, case.applied_ore) == (State.SUBMITTED, 500_000_00)
    assert case.answers["goals"]["goals"] == ANSWERS["goals"]["goals"]
    assert CaseEvent.objects.filter(verb="let_stand", by=None).count() == 1


def test_what_was_sent_in_again_is_left_alone_when_the_deadline_passes():
    case = make_case()
    reopen(case, by=case.created_by)
    submit(rewritten(case), by=case.created_by)

    with time_machine.travel(case.call.closes_at + timedelta(seconds=1), tick=False):
        drain()

    case.refresh_from_db()
    assert case.answers["goals"]["goals"] == "Nye mål."
    assert not Job.objects.exclude(state="done").exists()


def test_nobody_opens_again_what_was_never_sent_in_also_not_with_sql():
    draft = make_draft()
    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.filter(pk=draft.pk).update(open_until=timezone.now())


def test_the_directorate_does_not_see_it_while_it_is_open():
    case = make_case()
    worker = caseworker()
    assert list(Application.objects.visible_to(worker)) == [case]
    reopen(case, by=case.created_by)
    assert list(Application.objects.visible_to(worker)) == []


def test_what_came_in_is_recorded_in_the_order_in_which_it_came():
    case = make_case()
    drain()
    reopen(case, by=case.created_by)
    drain()
    submit(rewritten(case), by=case.created_by)
    drain()
    withdraw(case, by=case.created_by)
    drain()

    documents = CaseDocument.objects.order_by("number")
    assert [d.kind.partition(":")[0] for d in documents] == ["submission", "reopen", "submission", "withdraw"]
    assert {d.direction for d in documents} == {"in"}
    assert {(d.access_code, d.legal_ground) for d in documents} == {("", "")}
    assert documents[0].sender == "Halden kommune"


def test_a_draft_that_is_put_away_is_no_document():
    draft = make_draft()
    withdraw(draft, by=draft.created_by)
    drain()
    assert not CaseDocument.objects.exists()


def test_an_opening_is_a_letter_to_the_applicant():
    case = make_case()
    opened(case)
    drain()
    letter = CaseDocument.objects.get(kind__startswith="open_again")
    assert (letter.direction, letter.recipient) == ("out", "Halden kommune")
