"""Record what came in: the application as it was sent, with its receipt; and that it was withdrawn or taken back."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from applications.models import CaseDocument, CaseEvent, Submission
from applications.records import kind_of_submission
from applications.services.case_letters import STYLESHEET
from applications.services.incoming_content import event_contents, submission_contents
from applications.services.records import Direction, record, record_attachments, recorded
from grants.documents import archive
from grants.documents.render import render_pdf
from grants.jobs.registry import job

# By the verb of the event: who wrote to whom.
DIRECTIONS = {"withdraw": Direction.INCOMING, "reopen": Direction.INCOMING, "open_again": Direction.OUTGOING}


@job("record_submission")
def record_submission(payload: Mapping[str, Any]) -> None:
    """Make and record the application as it was sent. Safe to run twice."""
    submission = Submission.objects.select_related(
        "application__organisation", "application__call", "submitted_by"
    ).get(pk=payload["submission"])
    record_attachments(document_of(submission) or _record(submission), f"submission:{submission.pk}")


@job("record_event")
def record_event(payload: Mapping[str, Any]) -> None:
    """Record a withdrawal, a taking back or an opening again. Safe to run twice."""
    event = CaseEvent.objects.select_related("application__organisation", "application__call", "by").get(
        pk=payload["event"]
    )
    case = event.application
    if recorded(case, event.verb, event.pk) is not None:
        return
    record(
        case,
        event.verb,
        of=event.pk,
        content=_pdf("documents/event.html", event_contents(event), case.language),
        about=case.call.title(case.language),
        language=case.language,
        direction=DIRECTIONS[event.verb],
        dated=timezone.localdate(event.at),
    )


def document_of(submission: Submission) -> CaseDocument | None:
    """The recorded document of a submission, when the job has made it."""
    case = submission.application
    return recorded(case, kind_of_submission(case.call.scheme), submission.pk)


def receipt_pdf(submission: Submission) -> bytes:
    """The application as it was sent, with its receipt: the recorded one, or the same pages before they are recorded."""
    document = document_of(submission)
    return archive.read(document.path, sha256=document.sha256) if document else _submission_pdf(submission)


def receipt_copy(submission: Submission, language: str) -> bytes:
    """The same pages in a language that the case is not in: for the applicant to read, and never recorded."""
    contents = submission_contents(submission) | {"language": language, "copy_of": document_of(submission)}
    return _pdf("documents/submission.html", contents, language)


def _record(submission: Submission) -> CaseDocument:
    case = submission.application
    return record(
        case,
        kind_of_submission(case.call.scheme),
        of=submission.pk,
        content=_submission_pdf(submission),
        about=case.call.title(case.language),
        language=case.language,
        direction=Direction.INCOMING,
        dated=timezone.localdate(submission.submitted_at),
    )


def _submission_pdf(submission: Submission) -> bytes:
    return _pdf("documents/submission.html", submission_contents(submission), submission.application.language)


def _pdf(template: str, contents: dict[str, Any], language: str) -> bytes:
    with override(language):
        return render_pdf(render_to_string(template, contents), stylesheet=render_to_string(STYLESHEET))
