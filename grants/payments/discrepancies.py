"""Discrepancies as people look for them: a recipient's own, and the directorate's queue."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from grants.models import Discrepancy, DiscrepancyEvent, Organisation
from grants.models.discrepancy import ENDS

Kind = DiscrepancyEvent.Kind


def of_recipients(recipients: Iterable[Organisation]) -> QuerySet[Discrepancy]:
    """Those of these recipients, open ones first."""
    theirs = everything().filter(organisation__in=list(recipients))
    found: QuerySet[Discrepancy] = theirs.order_by("is_closed", "-pk")
    return found


def queue(*, closed: bool = False) -> QuerySet[Discrepancy]:
    """All that wait for an answer, the oldest first; or all that are over, the newest first."""
    found: QuerySet[Discrepancy] = everything().filter(is_closed=closed)
    return found.order_by("-pk" if closed else "pk")


def events_of(discrepancy: Discrepancy) -> list[DiscrepancyEvent]:
    """What happened to it, in order."""
    return list(discrepancy.events.select_related("by", "run").order_by("pk"))


def waits() -> int:
    """How many wait for an answer."""
    return Discrepancy.objects.open().count()


def everything() -> Any:
    """All discrepancies, each with what came of it."""
    ends = DiscrepancyEvent.objects.filter(discrepancy=OuterRef("pk"), kind__in=ENDS)
    meanwhile = DiscrepancyEvent.objects.filter(discrepancy=OuterRef("pk"), kind=Kind.PAY_MEANWHILE)
    found = Discrepancy.objects.annotate(
        is_closed=Exists(ends), is_paid_meanwhile=Exists(meanwhile), end=ends.values("kind")[:1]
    )
    return found.select_related("organisation", "order__run", "line__person", "opened_by")
