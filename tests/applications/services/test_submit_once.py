"""Sending in happens once: the same form, two signatories, a replay, and many at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from applications.models import Application, State, Submission
from applications.services.submit import submit
from grants.models import Job, Role
from grants.shared.errors import ChangedSince, NotAllowed, Refused
from tests.factories.cases import make_call, make_case, make_draft, member, municipality, signatory


@pytest.mark.django_db
def test_the_same_form_sent_again_gives_the_same_submission():
    application, key = make_draft(), uuid4()
    again = Application.objects.get(pk=application.pk)

    first = submit(application, by=application.created_by, key=key)
    second = submit(again, by=application.created_by, key=key)

    assert first == second == Submission.objects.get()
    assert Job.objects.filter(kind="record_submission").count() == 1


@pytest.mark.django_db
def test_the_same_form_with_another_content_is_refused():
    application, key = make_draft(), uuid4()
    submit(application, by=application.created_by, key=key)
    other = make_draft(application.call, municipality("0104"))

    for changed in (application, other):  # another version of the same, and another application
        with pytest.raises(ChangedSince, match="et annet innhold"):
            submit(changed, by=changed.created_by, key=key)

    other.refresh_from_db()
    assert other.state == State.DRAFT


@pytest.mark.django_db
def test_a_form_gives_its_submission_to_those_who_sign_only():
    application, key = make_draft(), uuid4()
    stale = Application.objects.get(pk=application.pk)
    submit(application, by=application.created_by, key=key)

    with pytest.raises(NotAllowed):
        submit(stale, by=member(Role.EDITOR), key=key)
    assert submit(stale, by=signatory(username="sverre"), key=key).number == 1


@pytest.mark.django_db
def test_the_second_of_two_signatories_is_told_who_was_first():
    application = make_draft()
    stale = Application.objects.get(pk=application.pk)
    submit(application, by=application.created_by, key=uuid4())

    with pytest.raises(ChangedSince, match="signe-0101 var først"):
        submit(stale, by=signatory(username="sverre"), key=uuid4())
    assert Submission.objects.count() == 1


def _at_once(tasks):
    def run(task):
        try:
            return task()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_eight_times_at_once_is_one_submission_and_eight_receipts():
    application, key = make_draft(), uuid4()
    by = application.created_by
    copies = [Application.objects.get(pk=application.pk) for _ in range(8)]

    answers = _at_once([lambda copy=copy: submit(copy, by=by, key=key) for copy in copies])

    assert set(answers) == {Submission.objects.get()}


@pytest.mark.django_db(transaction=True)
def test_eight_signatories_at_once_make_one_submission():
    application = make_draft()
    people = [signatory(username=f"signe{n}") for n in range(8)]
    copies = [Application.objects.get(pk=application.pk) for _ in people]

    answers = _at_once(
        [lambda copy=copy, by=by: submit(copy, by=by, key=uuid4()) for copy, by in zip(copies, people, strict=True)]
    )

    assert [type(answer).__name__ for answer in answers].count("Submission") == 1
    assert all(isinstance(answer, Submission | ChangedSince) for answer in answers)
    assert Submission.objects.count() == 1


@pytest.mark.django_db
def test_the_deadline_is_to_the_second_and_has_no_grace_unless_the_call_gives_one():
    strict, kind = make_call(), make_call(numbers={"grace_seconds": 60})
    late = strict.closes_at
    with time_machine.travel(late, tick=False), pytest.raises(Refused, match="Fristen var"):
        submit(make_draft_before(late, strict), by=signatory(username="signe-0101"))
    with time_machine.travel(kind.closes_at + timedelta(seconds=60), tick=False), pytest.raises(Refused):
        submit(make_draft_before(late, kind), by=signatory(username="signe-0101"))
    with time_machine.travel(kind.closes_at + timedelta(seconds=59), tick=False):
        assert submit(Application.objects.get(call=kind), by=signatory(username="signe-0101")).number == 1


def make_draft_before(moment, call):
    """A draft that was written in time."""
    with time_machine.travel(moment - timedelta(minutes=5), tick=False):
        return make_draft(call)


@pytest.mark.django_db
def test_a_key_is_used_once_whatever_somebody_writes_in_the_database():
    case = make_case()
    key = uuid4()
    usual = {
        "application": case, "answers": {}, "applied_ore": 1, "sha256": "0" * 64, "submitted_by": case.created_by,
        "submitted_at": timezone.now(), "key": key,
    }  # fmt: skip
    Submission.objects.create(number=8, **usual)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.create(number=9, **usual)
