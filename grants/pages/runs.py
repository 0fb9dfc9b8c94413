"""The list of runs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.entitlements import shown
from grants.models import EntitlementRun
from grants.pages.asking import page_of


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, the newest first; those that wait for approval can be shown alone."""
    waiting = request.GET.get("show") == "waiting"
    state = EntitlementRun.State.PREPARED if waiting else ""
    page = page_of(request, shown.runs(state=state))
    paid = shown.paid_ore(page)
    rows = [(run, paid.get(run.pk, 0)) for run in page]
    return render(request, "finance/runs.html", {"page": page, "rows": rows, "waiting": waiting})
