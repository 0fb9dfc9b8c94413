"""What is asked for, found among what the person may see; anything else answers as if it did not exist."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from applications.api.shapes import CASE_COLUMNS
from applications.intake.completeness import states_of
from applications.models import Application
from applications.services.follow_up import FollowUp, follow_up_of
from applications.workflow.machine import has_role
from grants.models import Role, User
from grants.models.user import DIRECTORATE_ROLES


def case_of(user: User, pk: UUID, *, version: int | None = None) -> Application:
    """A case that this person may open; in the version that was read, so that the service refuses when it has changed."""
    rows = Application.objects.visible_to(user).select_related("call", "organisation", "saved_by")
    application = get_object_or_404(rows, pk=pk)
    if version is not None:
        application.version = version
    return application


def grant_of(user: User, pk: UUID) -> FollowUp:
    """What follows the grant of a case that this person may open."""
    found = follow_up_of(case_of(user, pk))
    if found is None:
        raise Http404
    return found


def reads_all(user: User) -> bool:
    """Does this person read the case as the directorate does?"""
    return user.has_directorate_role(*DIRECTORATE_ROLES)


def line(application: Application) -> dict[str, Any]:
    """A case as a list gives it."""
    row: dict[str, Any] = {}
    for name, path in CASE_COLUMNS.items():
        found: Any = application
        for step in path.split("__"):
            found = getattr(found, step)
        row[name] = found
    return row


def whole(application: Application, user: User) -> dict[str, Any]:
    """A case with its answers and how far each theme has come; of what is kept apart, only that, and only to who writes."""
    may_write = has_role(user, Role.EDITOR, application)
    themes = [
        {"code": state.theme.code, "progress": state.progress.value, "faults": state.faults}
        for state in states_of(application)
        if not state.theme.apart or may_write
    ]
    return line(application) | {"language": application.language, "answers": application.answers, "themes": themes}
