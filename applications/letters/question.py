"""What the letters around a question say: the question itself, a reminder of it, and the applicant's answer."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from applications.models import Appeal, CaseEvent

VERSION = 1  # of the templates letters/{nb,nn}/question.html, appeal_question.html and answer.html
# What is answered by what: about the application, and about an appeal.
ASKED_BY = {"answer": "ask", "appeal_answered": "appeal_asked"}


def question_letter(event: CaseEvent, *, on: date, reminder: str = "") -> dict[str, Any]:
    """A question to the applicant, in their language; `reminder` is "soon" or "passed" for a reminder of it."""
    due_on = date.fromisoformat(event.details["due_on"])
    with override(event.application.language):
        return _about(event, on) | {
            "due": date_format(due_on, "j. F Y"),
            "reminder": reminder,
            "asked": date_format(timezone.localdate(event.at), "j. F Y"),
        }


def answer_record(event: CaseEvent) -> dict[str, Any]:
    """The applicant's answer as it is recorded, with the question that it answers."""
    asked = event.application.events.filter(verb=ASKED_BY[event.verb], pk__lt=event.pk)
    question = asked.order_by("pk").last()
    with override(event.application.language):
        return _about(event, timezone.localdate(event.at)) | {
            "question": _paragraphs(question.text) if question else [],
            "moment": date_format(timezone.localtime(event.at), "j. F Y H.i"),
        }


def _about(event: CaseEvent, on: date) -> dict[str, Any]:
    application = event.application
    call, language = application.call, application.language
    appeal = Appeal.objects.filter(pk=event.details["appeal"]).first() if "appeal" in event.details else None
    return {
        "version": VERSION,
        "language": language,
        "recipient": application.organisation,
        "number": appeal.reference if appeal else application.reference,
        "dated": date_format(on, "j. F Y"),
        "dated_iso": on.isoformat(),
        "title": call.title(language),
        "year": call.year,
        "chapter": call.law.chapter.lstrip("0"),
        "post": call.law.post,
        "paragraphs": _paragraphs(event.text),
        "by": str(event.by),
    }


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]
