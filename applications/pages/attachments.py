"""One attachment, for who may open it: always as a file to save, never shown in the page, never run."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from applications.models import Attachment, AttachmentState
from applications.services.open_attachment import open_attachment
from applications.workflow.attaching import may_open_file
from applications.workflow.health import reason_is_known
from applications.workflow.machine import has_role
from grants.models import Role, User
from grants.pages.asking import signed_in
from grants.shared.errors import BadInput


@require_http_methods(["GET", "POST"])
def attachment_page(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file; for one that no scanner has seen, first a page that says so, and then the file when the person insists."""
    user = signed_in(request)
    rows = Attachment.objects.visible_to(user).select_related("application__organisation", "application__call")
    attachment = get_object_or_404(rows, pk=pk)
    on_health = attachment.application.call.law.on_health and not has_role(user, Role.EDITOR, attachment.application)
    if on_health and request.method == "GET":
        return _why(request, attachment, user)
    if attachment.state == AttachmentState.UNSCANNED and request.method == "GET":
        return _warning(request, attachment, user)
    try:
        file = open_attachment(attachment, by=user, why=request.POST.get("why", ""))
    except BadInput as fault:
        return _why(request, attachment, user, fault=str(fault))
    response = FileResponse(
        file,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _why(request: HttpRequest, attachment: Attachment, user: User, *, fault: str = "") -> HttpResponse:
    """The file may tell of a person's health: first why it must be seen, which goes in the log."""
    found = {
        "attachment": attachment,
        "application": attachment.application,
        "is_unscanned": attachment.state == AttachmentState.UNSCANNED,
        "may_open": may_open_file(user, attachment),
        "why_not": attachment.get_state_display(),
        "goes_without_saying": reason_is_known(user, attachment.application),
        "fault": fault,
    }
    return render(request, "casework/health_file.html", found, status=422 if fault else 200)


def _warning(request: HttpRequest, attachment: Attachment, user: User) -> HttpResponse:
    found = {
        "attachment": attachment,
        "application": attachment.application,
        "may_open": may_open_file(user, attachment),
    }
    return render(request, "casework/unscanned_attachment.html", found)
