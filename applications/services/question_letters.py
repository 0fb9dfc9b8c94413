"""Questions and answers as documents of the case, about the application or an appeal of the decision. All by job."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from applications.letters.question import answer_record, question_letter
from applications.letters.templates import html_of
from applications.models import CaseDocument, CaseEvent
from applications.services.case_letters import STYLESHEET, write_letter
from applications.services.records import Direction, record, record_attachments, recorded
from grants.documents.render import render_pdf
from grants.jobs.registry import job

# Which kind of document an event becomes.
KIND_OF = {"ask": "question", "appeal_asked": "appeal_question", "answer": "answer", "appeal_answered": "appeal_answer"}


@job("record_question")
def record_question(payload: Mapping[str, Any]) -> None:
    """Write the letter with a question. Safe to run twice: a letter that is made is left alone."""
    event = _event(payload)
    kind, on = KIND_OF[event.verb], timezone.localdate(event.at)
    if recorded(event.application, kind, event.pk) is None:
        write_letter(event.application, kind, of=event.pk, content=question_letter(event, on=on), dated=on)


@job("record_answer")
def record_answer(payload: Mapping[str, Any]) -> None:
    """Record the applicant's answer, and the files that came with it. Safe to run twice."""
    event = _event(payload)
    kind = KIND_OF[event.verb]
    record_attachments(recorded(event.application, kind, event.pk) or _record(event, kind), f"{kind}:{event.pk}")


def _record(event: CaseEvent, kind: str) -> CaseDocument:
    content = answer_record(event)
    return record(
        event.application,
        kind,
        of=event.pk,
        content=render_pdf(html_of("answer", content), stylesheet=render_to_string(STYLESHEET)),
        about=content["title"],
        language=content["language"],
        direction=Direction.INCOMING,
        dated=timezone.localdate(event.at),
    )


def write_reminder_of_question(event: CaseEvent, when: str, *, on: date) -> None:
    """A letter that reminds of a question: `soon` or `overdue`. Written once for each."""
    kind = f"{KIND_OF[event.verb]}_reminder"
    if recorded(event.application, kind, f"{event.pk}-{when}") is None:
        content = question_letter(event, on=on, reminder="passed" if when == "overdue" else when)
        write_letter(event.application, kind, of=f"{event.pk}-{when}", content=content, dated=on)


def _event(payload: Mapping[str, Any]) -> CaseEvent:
    rows = CaseEvent.objects.select_related("application__organisation", "application__call", "by")
    return rows.get(pk=payload["event"])
