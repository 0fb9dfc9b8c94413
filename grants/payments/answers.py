"""What the finance pages show of the bank's answers: the queue of what a person must decide, and the files. Questions only."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from grants.models import BankEvent, BankMessage, PaymentPart, RefusedBankFile


def to_decide() -> QuerySet[BankEvent]:
    """What the bank has said that could not simply be matched, and nobody has decided on; the oldest first."""
    return _events().exclude(trouble="").filter(resolution=None).order_by("pk")


def decided() -> QuerySet[BankEvent]:
    """What somebody has decided on, the newest first."""
    return _events().filter(resolution__isnull=False).order_by("-resolution__pk")


def event_with(pk: int) -> QuerySet[BankEvent]:
    """One event that a person must look at, or has looked at."""
    return _events().filter(pk=pk).exclude(trouble="")


def waiting() -> int:
    """How many wait for a person."""
    return BankEvent.objects.exclude(trouble="").filter(resolution=None).count()


def by_trouble() -> list[dict[str, Any]]:
    """How many wait, and how much, by what is wrong."""
    rows = BankEvent.objects.exclude(trouble="").filter(resolution=None).order_by("trouble").values("trouble")
    return [{**row} for row in rows.annotate(count=Count("pk"), ore=Coalesce(Sum("payment__amount_ore"), 0))]


def files() -> QuerySet[BankMessage]:
    """The files that were taken in, the newest first, with how much each told (`told`) and how much of it waits (`waits`)."""
    waits = Q(events__trouble__gt="", events__resolution=None)
    return (
        BankMessage.objects.select_related("taken_in_by")
        .annotate(told=Count("events"), waits=Count("events", filter=waits))
        .order_by("-pk")
    )


def refused_files() -> QuerySet[RefusedBankFile]:
    """The files that could not be used, the newest first."""
    return RefusedBankFile.objects.order_by("-pk")


def parts_of(event: BankEvent) -> QuerySet[PaymentPart]:
    """What was in the payment that the event is about."""
    rows = PaymentPart.objects.filter(payment=event.payment_id or None)
    return rows.select_related("instalment__order").order_by("instalment")


def _events() -> QuerySet[BankEvent]:
    return BankEvent.objects.select_related("message", "payment__recipient", "payment__batch", "resolution__by")
