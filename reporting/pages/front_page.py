"""The national grant year at a glance: what was appropriated, owed, paid, and what is left, post by post."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from grants.entitlements import shown
from grants.models import EntitlementRun
from grants.models.user import DIRECTORATE_ROLES
from grants.pages.asking import signed_in
from reporting.figures.utilisation import utilisation, whole
from reporting.figures.years import chosen_year, is_closed, years

NEWEST_RUNS = 5


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """For the directorate the year; a recipient is sent on to what concerns it."""
    if not signed_in(request).has_directorate_role(*DIRECTORATE_ROLES):
        return redirect("our_payments")
    year = chosen_year(request.GET.get("year", ""))
    posts = utilisation(year)
    waiting = shown.runs(state=EntitlementRun.State.PREPARED).count()
    found = {
        "year": year,
        "years": years(),
        "is_closed": is_closed(year),
        "posts": posts,
        "whole": whole(posts),
        "waiting": waiting,
        "newest": list(shown.runs(year=year)[:NEWEST_RUNS]),
    }
    return render(request, "reporting/front_page.html", found)
