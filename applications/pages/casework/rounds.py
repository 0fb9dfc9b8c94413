"""The rounds: every call whose cases are to be compared and decided, with what is left of its envelope."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Call
from applications.workflow.overview import rounds_of
from grants.pages.asking import page_of, signed_in


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """The calls, the latest deadline first, those with work left before the others. Those in which one has declared an interest are not there."""
    user = signed_in(request)
    page = page_of(request, Call.objects.without_interest_of(user).order_by("-closes_at", "pk"))
    found = rounds_of(page, user=user)
    groups = [
        (_("I arbeid"), [one for one in found if one.is_at_work]),
        (_("Ferdig fordelt"), [one for one in found if not one.is_at_work]),
    ]
    return render(request, "casework/rounds.html", {"page": page, "rounds": found, "groups": groups})
