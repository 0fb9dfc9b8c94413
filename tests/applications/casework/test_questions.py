"""A question to the applicant: a last day, a letter, reminders that stop when it is answered, and the answer on record."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from applications.models import Application, CaseDocument, State
from applications.services.assess import answer_directorate, ask_applicant, stop_waiting
from applications.services.remind import coming, sweep
from grants.documents import archive
from grants.jobs.queue import drain as drain_jobs
from grants.models import Job, Role
from grants.shared.errors import BadInput, ChangedSince, NotAllowed
from tests.factories.cases import handler_of, make_case, make_question, member

pytestmark = pytest.mark.django_db
EIGHT = timedelta(hours=8)


def text_of(document: CaseDocument) -> str:
    """A document's text on one line."""
    pages = PdfReader(BytesIO(archive.read(document.path, sha256=document.sha256))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def titles(application: Application) -> list[str]:
    """What is said about questions, oldest first; the application itself is in the record too."""
    said = application.documents.exclude(kind__startswith="submission").order_by("number")
    return [document.title.partition(":")[0] for document in said]


def drain() -> None:
    """The morning's sweep, and then the jobs."""
    sweep(timezone.localdate())
    drain_jobs()


def noon(day: date) -> object:
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))


def test_a_question_waits_two_weeks_where_nothing_else_is_said():
    application = make_question(make_case(State.IN_PROGRESS))

    assert application.answer_due_on == timezone.localdate() + timedelta(days=14)
    assert application.events.latest("pk").details == {"due_on": application.answer_due_on.isoformat()}


@pytest.mark.parametrize("days", [0, -1, -400, 366, 2_000_000])
def test_the_last_day_lies_ahead(days: int):
    application = make_case(State.IN_PROGRESS)

    with pytest.raises(BadInput, match="framover"):
        make_question(application, due_on=timezone.localdate() + timedelta(days=days))
    with pytest.raises(BadInput, match="Skriv hva"):
        make_question(application, " \x00 ")
    assert (
        Application.objects.get().state == State.IN_PROGRESS
        and not Job.objects.filter(kind__contains="question").exists()
    )


def test_only_an_impartial_caseworker_asks():
    application = make_case(State.IN_PROGRESS)

    with pytest.raises(NotAllowed):
        ask_applicant(application, "Hva?", by=application.created_by)


def test_the_question_is_a_letter_in_the_applicants_language_and_is_made_once():
    application = make_case(State.IN_PROGRESS)
    Application.objects.update(language="nn")
    make_question(Application.objects.get(), "Kva kostar <b>kurset</b>?")
    drain()
    Job.objects.filter(kind="record_question").update(state="waiting", lease_until=None)
    drain()

    document = CaseDocument.objects.get(direction="out")
    assert (document.direction, document.title) == ("out", "Spørsmål til søknaden: Kommunale utviklingsmidlar")
    text = text_of(document)
    assert "Kva kostar <b>kurset</b>?" in text and "Slik svarer de" in text and application.reference in text


def test_reminders_come_three_days_before_and_the_day_after():
    application = make_question(make_case(State.IN_PROGRESS))
    due = application.answer_due_on
    drain()
    assert titles(application) == ["Spørsmål til søknaden"]

    with time_machine.travel(noon(due - timedelta(days=4)), tick=False):
        drain()
        assert len(titles(application)) == 1
    with time_machine.travel(noon(due - timedelta(days=3)), tick=False):
        drain()
        assert titles(application)[1:] == ["Påminnelse om spørsmål"]
        assert "Påminnelse" in text_of(application.documents.get(title__startswith="Påminnelse"))
    with time_machine.travel(noon(due), tick=False):
        drain()
        assert len(titles(application)) == 2
    with time_machine.travel(noon(due + timedelta(days=1)), tick=False):
        drain()
        assert len(titles(application)) == 3
        assert "Fristen var" in text_of(application.documents.latest("number"))


def test_a_short_time_has_no_reminder_before_it_begins():
    application = make_question(make_case(State.IN_PROGRESS), due_on=timezone.localdate() + timedelta(days=2))

    [one] = coming(application)
    assert (one.when, one.on, one.as_letter) == ("overdue", timezone.localdate() + timedelta(days=3), True)
    assert sweep(timezone.localdate() + timedelta(days=1)) == 0


def test_nobody_is_reminded_of_what_is_answered_withdrawn_or_asked_anew():
    answered = make_question(make_case(State.IN_PROGRESS))
    answer_directorate(answered, "100 000 kroner", by=answered.created_by)
    again = make_question(answered, "Og reisen?", due_on=timezone.localdate() + timedelta(days=30))
    stop_waiting(again, by=handler_of(again))

    with time_machine.travel(noon(timezone.localdate() + timedelta(days=40)), tick=False):
        drain()

    assert "Påminnelse om spørsmål" not in titles(answered)
    assert not Job.objects.exclude(state="done").exists()


def test_the_answer_is_recorded_with_the_question_and_the_case_goes_on():
    application = make_question(make_case(State.IN_PROGRESS))
    answer_directorate(application, "Kurset koster 100 000.\n\nSe <vedlegget>.", by=member(Role.EDITOR))
    drain()

    document = application.documents.get(kind__startswith="answer")
    assert (document.title, document.sender) == ("Svar på spørsmål: Kommunale utviklingsmidler", "Halden kommune")
    text = text_of(document)
    assert "Hva koster kurset?" in text and "Se <vedlegget>." in text and "erik" in text
    application.refresh_from_db()
    assert (application.state, application.answer_due_on) == (State.IN_PROGRESS, None)


def test_an_answer_to_a_withdrawn_question_is_told_so():
    application = make_question(make_case(State.IN_PROGRESS))
    old = Application.objects.get()
    stop_waiting(application, by=handler_of(application))

    with pytest.raises(ChangedSince, match="sara var først"):
        answer_directorate(old, "For sent", by=old.created_by)
