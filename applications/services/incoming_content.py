"""What the document of an application says: every question with its answer as it was sent, and the receipt for it."""

from typing import Any

from applications.intake.answers import answers_of
from applications.intake.completeness import open_themes_of, state_of
from applications.models import Attachment, CaseEvent, Submission
from applications.records import DIRECTORATE
from applications.workflow.deadline import closes_at
from applications.workflow.transitions import OPEN_AGAIN
from grants.law.question import Contents


def submission_contents(submission: Submission) -> dict[str, Any]:
    """The contents of the document, from the submission alone: what was written later does not change it."""
    application = submission.application
    call = application.call
    themes = []
    for theme in open_themes_of(call):
        if theme.contents is Contents.ATTACHMENTS:
            continue
        state = state_of(theme, call.part, submission.answers.get(theme.code, {}))
        themes.append((theme, answers_of(theme, call.part, submission.answers.get(theme.code, {})), state.budget))
    return {
        "language": application.language,
        "title": call.title(application.language),
        "call": call,
        "application": application,
        "organisation": application.organisation,
        "sender": application.organisation,
        "addressee": DIRECTORATE,
        "submission": submission,
        # The recorded document, where this is a copy of it for reading.
        "copy_of": None,
        "themes": themes,
        "files": Attachment.objects.sent_with(f"submission:{submission.pk}"),
    }


def event_contents(event: CaseEvent) -> dict[str, Any]:
    """The contents of a short document: the applicant withdrew, took back, or was let in again."""
    application = event.application
    return {
        "language": application.language,
        "title": application.call.title(application.language),
        "application": application,
        "organisation": application.organisation,
        "sender": DIRECTORATE if event.verb == OPEN_AGAIN.name else application.organisation,
        "addressee": application.organisation if event.verb == OPEN_AGAIN.name else DIRECTORATE,
        "event": event,
        "until": closes_at(application),
    }
