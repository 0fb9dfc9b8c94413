"""What the municipality told of the person, as it was sent in: for those who write for it, and each look is logged."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.models import Attachment
from applications.pages.applicant.asking import written_by
from applications.services.health import look_at_details
from grants.pages.asking import signed_in


@require_safe
def application_health(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of a claim that is kept apart, after it has been sent in."""
    application, user = written_by(request, pk), signed_in(request)
    if not application.call.law.on_health or application.submitted_at is None:
        raise Http404
    context = {
        "application": application,
        "shown": look_at_details(application, by=user),
        "files": Attachment.objects.visible_to(user).sent_in(application),
    }
    return render(request, "applicant/health.html", context)
