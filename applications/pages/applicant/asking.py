"""Which application the applicant asks for, and which version of it the form was made from."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from applications.models import Application, State
from applications.workflow.machine import has_role
from grants.models import Role
from grants.pages.asking import signed_in


def ours(request: HttpRequest, pk: UUID) -> Application:
    """An application of an organisation that the person acts for."""
    rows = Application.objects.visible_to(signed_in(request)).select_related("call", "organisation", "saved_by")
    return get_object_or_404(rows, pk=pk)


def written_by(request: HttpRequest, pk: UUID) -> Application:
    """An application that the person may write in. An accountant reads on the page of the application alone."""
    application = ours(request, pk)
    if not has_role(signed_in(request), Role.EDITOR, application):
        raise Http404
    return application


def draft(request: HttpRequest, pk: UUID) -> Application:
    """A draft that the person may write in."""
    application = written_by(request, pk)
    if application.state != State.DRAFT:
        raise Http404
    return application


def version_of(posted: Any) -> int:
    """The version that the form was made from; nonsense is none."""
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
