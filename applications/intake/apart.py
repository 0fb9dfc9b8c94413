"""All that was typed in an application: what stands in the case, and what is told of health, which is kept apart.

Nothing here is shown to anybody. Whoever shows what is kept apart logs the look first: applications/services/health.py.
"""

from typing import Any

from applications.models import Application, HealthRecord, HealthSubmission, Submission


def draft_answers(application: Application) -> dict[str, Any]:
    """What is typed in a draft, theme by theme."""
    return {**application.answers, **apart_in_draft(application)}


def apart_in_draft(application: Application) -> dict[str, Any]:
    """What of a draft is kept apart, theme by theme."""
    if not application.call.law.on_health:
        return {}
    record = HealthRecord.objects.filter(application=application).first()
    return dict(record.opened()) if record else {}


def sent_answers(submission: Submission) -> dict[str, Any]:
    """What was sent in, theme by theme."""
    if not submission.application.call.law.on_health:
        return dict(submission.answers)
    apart = HealthSubmission.objects.filter(submission=submission).first()
    return {**submission.answers, **(apart.opened() if apart else {})}


def person_of(submission: Submission) -> int | None:
    """Whom a submission is about, where it is about somebody."""
    return HealthSubmission.objects.filter(submission=submission).values_list("person_id", flat=True).first()
