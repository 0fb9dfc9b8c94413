"""What is told of a person's health: the page of a case, who may look, and who has looked."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import Attachment, HealthAccess, HealthLook
from applications.pages.casework.frame import case_of, framed
from applications.services.health import end_access, give_access, look_at_details, user_named
from applications.workflow.health import may_look, reason_is_known
from grants.models import Role, User
from grants.pages.asking import page_of, signed_in, typed_again
from grants.shared.errors import BadInput, ChangedSince, NotAllowed


@require_http_methods(["GET", "POST"])
def case_health(request: HttpRequest, pk: UUID) -> HttpResponse:
    """First why one must look; then, when that is in the log, what is told. Every time it is shown is a look of its own."""
    application, user = case_of(request, pk), signed_in(request)
    if not application.call.law.on_health:
        raise Http404
    if not may_look(user, application):
        closed = framed(request, application, "case_health") | {"closed": True}
        return render(request, "casework/health.html", closed, status=403)
    why = request.POST.get("why", "")
    context = framed(request, application, "case_health") | {
        "goes_without_saying": reason_is_known(user, application),
        "why": why,
        "fault": "",
    }
    if request.method == "GET":
        return render(request, "casework/health.html", context)
    try:
        context |= {"shown": look_at_details(application, by=user, why=why)}
    except BadInput as fault:
        return render(request, "casework/health.html", context | {"fault": str(fault)}, status=422)
    context |= {"files": Attachment.objects.visible_to(user).sent_in(application)}
    return render(request, "casework/health.html", context)


@require_safe
def health_looks(request: HttpRequest) -> HttpResponse:
    """Everybody's looks, the newest first, in all cases or in one."""
    wanted = request.GET.get("case", "").strip()[:20]
    page = page_of(request, HealthLook.objects.in_case(wanted).newest_first())
    return render(request, "casework/health_looks.html", {"page": page, "case": wanted})


@require_http_methods(["GET", "POST"])
def health_access(request: HttpRequest) -> HttpResponse:
    """Who may look, and since when; an administrator gives the access and ends it."""
    by, fault = signed_in(request), ""
    may_change = by.has_directorate_role(Role.ADMINISTRATOR)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        try:
            return _change(request, by)
        except (BadInput, ChangedSince, NotAllowed) as refused:
            fault = str(refused)
    given = HealthAccess.objects.select_related("user", "given_by", "ended_by").order_by("ended_at", "-pk")
    context = {
        "page": page_of(request, given),
        "may_change": may_change,
        "typed": typed_again(request, "username", "reason", fault=fault),
        "fault": fault,
    }
    return render(request, "casework/health_access.html", context, status=422 if fault else 200)


def _change(request: HttpRequest, by: User) -> HttpResponse:
    if "end" in request.POST:
        number = request.POST["end"]
        access = get_object_or_404(HealthAccess, pk=int(number) if number.isascii() and number.isdigit() else 0)
        end_access(access, by=by)
        messages.success(request, _("Tilgangen er avsluttet."))
        return redirect("health_access")
    give_access(user_named(request.POST.get("username", "")), reason=request.POST.get("reason", ""), by=by)
    messages.success(request, _("Tilgangen er gitt."))
    return redirect("health_access")
