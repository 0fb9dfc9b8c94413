"""Open a case for its applicant again after the deadline, with a reason and a new deadline."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from applications.pages.applicant.asking import version_of
from applications.services.reopen import open_again
from applications.workflow.machine import may_take
from applications.workflow.transitions import OPEN_AGAIN
from grants.pages.asking import signed_in


@require_http_methods(["GET", "POST"])
def open_again_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A form with a reason and a deadline. The case comes back when it is sent in, or when the deadline passes."""
    user = signed_in(request)
    application = get_object_or_404(Application.objects.visible_to(user).select_related("call", "organisation"), pk=pk)
    if not may_take(user, OPEN_AGAIN, application):
        raise Http404
    faults: dict[str, str] = {}
    if request.method == "POST":
        until = _moment(request.POST.get("until_on", ""), request.POST.get("until_at", ""))
        reason = request.POST.get("reason", "").strip()
        if until is None or until <= timezone.now():
            faults["until_on"] = _("Sett en dag og et klokkeslett som ligger framover.")
        if not reason:
            faults["reason"] = _("Skriv hvorfor. Søkeren får begrunnelsen.")
        if until is not None and not faults:
            application.version = version_of(request.POST)
            open_again(application, until=until, reason=reason, by=user)
            messages.success(
                request, _("Saken er hos søkeren, og kommer tilbake når den er sendt inn, eller når fristen er ute.")
            )
            return redirect("cases")
    posted = {name: request.POST.get(name, "") for name in ("until_on", "until_at", "reason")}
    context = {"application": application, "faults": faults, "posted": posted}
    return render(request, "casework/open_again.html", context, status=422 if faults else 200)


def _moment(day: str, clock: str) -> datetime | None:
    """A day and a time in Norway, or nothing where they can't be read."""
    try:
        return timezone.make_aware(datetime.fromisoformat(f"{day}T{clock or '23:59'}"))
    except ValueError:
        return None
