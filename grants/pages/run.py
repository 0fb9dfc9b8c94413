"""One run: what it would book or has booked, who stands behind it, and what each municipality is paid."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from grants.entitlements import shown
from grants.law.registry import SCHEMES
from grants.models import EntitlementRun, User
from grants.pages.asking import page_of, signed_in, wants_fragment
from grants.services.approve_run import approve_run
from grants.services.mark_paid import mark_paid

LARGEST_SHOWN = 8
CHANGES = {"new": gettext_lazy("Nye"), "changed": gettext_lazy("Endrede"), "reversed": gettext_lazy("Tilbakeførte")}


@require_safe
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The run. A search in the municipalities answers with the list alone when htmx asks."""
    run = get_object_or_404(shown.runs(), pk=pk)
    search = request.GET.get("search", "")
    found = {"run": run, "search": search, "page": page_of(request, shown.payables_of(run, search=search))}
    if wants_fragment(request):
        return render(request, "finance/run.html#municipalities", found)
    return render(request, "finance/run.html", found | _about(run, signed_in(request)))


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person approves; the service refuses everybody else."""
    run = get_object_or_404(shown.runs(), pk=pk)
    approve_run(run, by=signed_in(request))
    messages.success(request, _("Kjøringen er godkjent og bokført som skyldig. Brevene til kommunene lages nå."))
    return redirect("run", pk=pk)


@require_POST
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Book as paid, where no bank file is used."""
    run = get_object_or_404(shown.runs(), pk=pk)
    mark_paid(run, by=signed_in(request))
    messages.success(request, _("Kjøringen er bokført som utbetalt."))
    return redirect("run", pk=pk)


def _about(run: EntitlementRun, user: User) -> dict[str, Any]:
    difference: dict[str, Any] = run.difference
    scheme = SCHEMES.get(run.scheme)
    return {
        "changes": [(label, *_change(difference, kind)) for kind, label in CHANGES.items()],
        "largest": difference.get("largest", [])[:LARGEST_SHOWN],
        "sums": shown.sums_of(run),
        "codes": shown.codes_of(run),
        "rates": sorted(run.rates_used.items()),
        "approval": shown.approval_of(run),
        "letters": shown.letters_of(run),
        "post": f"{scheme.chapter}/{scheme.post}" if scheme else "",
        "is_own": run.prepared_by_id == user.pk,
        "waits": run.state == EntitlementRun.State.PREPARED,
        "is_approved": run.state == EntitlementRun.State.APPROVED,
    }


def _change(difference: dict[str, Any], kind: str) -> tuple[int, int]:
    """Lines and øre of one kind of change."""
    found = difference.get("changes", {}).get(kind, {})
    return found.get("lines", 0), found.get("total_ore", 0)
