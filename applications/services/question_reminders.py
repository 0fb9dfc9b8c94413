"""What is reminded of while a question waits for its answer, about an application or about an appeal: by letter."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.utils import timezone

from applications.models import Appeal, Application, CaseEvent, State
from applications.services.question_letters import write_reminder_of_question
from applications.services.remind import OVERDUE, SOON, Awaited, Reminder, register

# How long before the last day an applicant is reminded (our own choice).
DAYS_BEFORE = 3


def questions(case: Application | None) -> Iterable[Awaited]:
    """Cases that wait for an answer: by the newest question."""
    waiting = Application.objects.in_state(State.AWAITING_APPLICANT).select_related("call", "organisation")
    for application in waiting.filter(pk=case.pk) if case else waiting:
        yield from _awaited(application, application.events.filter(verb="ask").order_by("pk").last())


def questions_about_appeals(case: Application | None) -> Iterable[Awaited]:
    """Appeals that wait for an answer: by the newest question."""
    waiting = Appeal.objects.filter(state=Appeal.State.AWAITING_APPELLANT).with_their_case()
    for appeal in waiting.filter(application=case) if case else waiting:
        asked = appeal.application.events.filter(verb="appeal_asked", details__appeal=str(appeal.pk))
        yield from _awaited(appeal.application, asked.order_by("pk").last())


def say(awaited: Awaited, what: str, when: str) -> None:
    """The question once more, as a letter."""
    rows = CaseEvent.objects.select_related("application__organisation", "application__call", "by")
    write_reminder_of_question(rows.get(pk=awaited.of), when, on=timezone.localdate())


def _awaited(application: Application, question: CaseEvent | None) -> Iterable[Awaited]:
    if question is not None and "due_on" in question.details:
        last_day = date.fromisoformat(question.details["due_on"])
        yield Awaited(application, last_day, str(question.pk), timezone.localdate(question.at))


_by_letter = partial(
    Reminder, say=say, days_before=lambda: DAYS_BEFORE, on_the_day=False, letters=frozenset({SOON, OVERDUE})
)
register(_by_letter("question", questions))
register(_by_letter("appeal_question", questions_about_appeals))
