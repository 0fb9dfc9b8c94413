"""When a person is erased from the register, what was told of their health goes too; that it was looked at, stays."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from applications.models import Attachment, HealthAnswer, HealthRecord, HealthSubmission
from grants.documents import quarantine
from grants.jobs.registry import job


@job("persons_erased")
def erase_health(payload: Mapping[str, Any]) -> None:
    """Remove what is told of everybody who has been erased, and the files of their claims. Safe to run twice."""
    gone = HealthRecord.objects.filter(person__erased_on__isnull=False)
    cases = list(gone.values_list("application", flat=True))
    # The files first: where this stops half way, the rows still say which files are left.
    for path in Attachment.objects.filter(application__in=cases).values_list("path", flat=True):
        quarantine.erase(path)
    with transaction.atomic():
        for model in (HealthSubmission, HealthAnswer, HealthRecord):
            model.objects.filter(person__erased_on__isnull=False).delete()
