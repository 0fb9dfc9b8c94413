"""Somebody has a case open: colleagues see it, so that two don't do the same work unawares."""

from django.utils import timezone

from applications.models import Application, Presence
from applications.workflow.machine import has_role
from grants.models import Role, User


def be_present(application: Application, *, by: User) -> list[Presence]:
    """Note that this person has the case open, if they are one who works in cases; the others who have had it open."""
    if has_role(by, Role.CASEWORKER, application) or has_role(by, Role.DECISION_MAKER, application):
        Presence.objects.update_or_create(application=application, user=by, defaults={"seen_at": timezone.now()})
    return list(application.presences.of_others(by)[:3])
