"""A whole round in one sitting: look over and send on, decide all, and how far the work has come."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.intake.reading import clean
from applications.models import Batch, Call, Decision, Scenario
from applications.services.decide import left_of_envelope
from applications.services.round import (
    decide_round,
    drafted,
    require_room,
    seal_of,
    send_scenario,
    waiting_in,
)
from applications.services.round_steps import progress_of
from applications.services.scenario import save_reasons
from applications.workflow.distribution import Distribution, amounts_of, distribution
from applications.workflow.ranking import ranked
from grants.pages.asking import page_of, signed_in, wants_fragment
from grants.shared.errors import Refused

CASES_ON_A_PAGE = 50


@require_http_methods(["GET", "POST"])
def scenario_send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each case with its amount and its reason, to be looked over; and sending them all to the decision-maker."""
    user = signed_in(request)
    calls = Call.objects.without_interest_of(user)
    scenario = get_object_or_404(Scenario.objects.select_related("call").in_calls(calls), pk=pk)
    shared = distribution(scenario.call, ranked(scenario.call, user=user), amounts_of(scenario))
    refusal = ""
    if request.method == "POST":
        try:
            reasons = _own_reasons(request, scenario, shared)
            scenario = save_reasons(scenario, reasons, version=_version(request), by=user)
            if "send" in request.POST:
                batch = send_scenario(scenario, version=scenario.version, by=user)
                return redirect("batch", pk=batch.pk)
            messages.success(request, _("Begrunnelsene er lagret."))
            return redirect("scenario_send", pk=pk)
        except Refused as refused:
            refusal = str(refused)
    return _look_over(request, scenario, shared, refusal)


@require_http_methods(["GET", "POST"])
def round_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All proposals of a call that somebody else has made, their sum against what is left, and deciding them all."""
    user = signed_in(request)
    call = get_object_or_404(Call.objects.without_interest_of(user), pk=pk)
    if request.method == "POST":
        batch = decide_round(call, seal=request.POST.get("seal", ""), by=user)
        return redirect("batch", pk=batch.pk)
    decisions = waiting_in(call, by=user)
    total = sum(decision.amount_ore for decision in decisions)
    left = left_of_envelope(call)
    own = Decision.objects.visible_to(user).proposals().filter(call=call, prepared_by=user).count()
    found: dict[str, Any] = {
        "call": call,
        "page": page_of(request, decisions, CASES_ON_A_PAGE),
        "number": len(decisions),
        "granted": sum(1 for decision in decisions if decision.amount_ore),
        "total_ore": total,
        "left_ore": left,
        "after_ore": left - total,
        "own": own,
        "seal": seal_of(decisions),
        "obstacle": _obstacle(call, total),
    }
    return render(request, "casework/round_decide.html", found)


@require_safe
def batch_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a round has come. htmx asks for the progress alone until it is done."""
    batch = get_object_or_404(Batch.objects.visible_to(signed_in(request)).with_people(), pk=pk)
    found: dict[str, Any] = {"batch": batch, "progress": progress_of(batch)}
    if wants_fragment(request):
        return render(request, "casework/batch.html#progress", found)
    return render(request, "casework/batch.html", found | {"page": page_of(request, batch.lines.in_order(), 100)})


def _own_reasons(request: HttpRequest, scenario: Scenario, shared: Distribution) -> dict[UUID, str]:
    """What the caseworker has written. A text that is the draft, or empty, stays a draft."""
    found = {}
    for share in shared.to_send:
        key = share.case.application.pk
        text = request.POST.get(f"reason-{key}")
        if text is not None:
            written = clean(text)
            found[key] = "" if written == drafted(scenario.call, shared, share) else written
    return found


def _look_over(request: HttpRequest, scenario: Scenario, shared: Distribution, refusal: str) -> HttpResponse:
    own = dict(scenario.lines.values_list("application_id", "reason"))
    page = page_of(request, shared.to_send, CASES_ON_A_PAGE)
    rows = []
    for share in page:
        key = share.case.application.pk
        typed = request.POST.get(f"reason-{key}")
        reason = typed if typed is not None else own.get(key) or drafted(scenario.call, shared, share)
        rows.append((share, reason, bool(own.get(key))))
    found = {
        "scenario": scenario,
        "call": scenario.call,
        "shared": shared,
        "page": page,
        "rows": rows,
        "number": len(shared.to_send),
        "granted": sum(1 for share in shared.to_send if share.amount_ore),
        "total_ore": sum(share.amount_ore or 0 for share in shared.to_send),
        "left_behind": shared.left_behind,
        "refusal": refusal,
    }
    return render(request, "casework/scenario_send.html", found, status=409 if refusal else 200)


def _obstacle(call: Call, total_ore: int) -> str:
    """Why the round cannot start, or nothing."""
    try:
        require_room(call, total_ore, on=timezone.localdate())
    except Refused as refusal:
        return str(refusal)
    return ""


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
