"""Keep the words that a case is found by: when it is sent in, and when its applicant takes another name."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from applications.models import Application, CaseText
from applications.search.words import text_of
from grants.jobs.registry import job


def keep_text(application: Application) -> CaseText:
    """Write the words of a case as it was sent in last. The caller's transaction holds both."""
    sent = application.submissions.order_by("number").last()
    text = text_of(application, sent.answers if sent else application.answers)
    return CaseText.objects.update_or_create(application=application, defaults={"text": text})[0]


@job("organisations_renamed")
def rewrite_texts(payload: Mapping[str, Any]) -> None:
    """All cases of these organisations are found by their names and numbers as they are now. Safe to run twice."""
    cases = Application.objects.sent_in().filter(organisation__in=payload["organisations"])
    for case in cases.select_related("organisation").order_by("pk"):
        with transaction.atomic():
            keep_text(case)
