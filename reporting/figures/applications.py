"""What the cases say of a budget year: how many applied and for how much, and how many were granted."""

from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Sum

from applications.models import Application, Decision


class AppliedFor(NamedTuple):
    """The applications to the calls of a year in one scheme, or one part of it."""

    applications: int
    granted: int
    applied_ore: int


def applied_for(year: int) -> dict[tuple[str, str], AppliedFor]:
    """By scheme and code. What was never sent in, or was withdrawn, does not count; an application is counted once."""
    granted = Exists(Decision.objects.standing().granting().filter(application=OuterRef("pk")))
    rows = (
        Application.objects.to_be_answered(year)
        .order_by()
        .values_list("call__scheme", "call__part")
        .annotate(applications=Count("pk"), granted=Count("pk", filter=granted), applied=Sum("applied_ore"))
    )
    return {
        (scheme, part or scheme): AppliedFor(applications, granted, int(applied_ore or 0))
        for scheme, part, applications, granted, applied_ore in rows
    }
