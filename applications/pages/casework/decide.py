"""One case: the caseworker's proposal with the letter beside it, and the decision by another person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.intake.reading import Fault, clean, read_kroner
from applications.letters.decision import contents_of, template_for
from applications.letters.reason import draft_reason
from applications.letters.templates import preview_of
from applications.models import Application, Decision, State
from applications.services.assess import require_impartial
from applications.services.decide import (
    decide,
    left_of_envelope,
    prepared,
    propose,
    require_amount,
    return_proposal,
)
from applications.services.enter_claim import require_claimable
from applications.services.to_decide import replacements_waiting
from applications.workflow.grounds import grounds_of
from applications.workflow.machine import may_take
from applications.workflow.transitions import PROPOSE
from grants.models import Role, User
from grants.pages.asking import page_of, signed_in, wants_fragment
from grants.shared.errors import BadInput, NotAllowed, Refused
from grants.shared.money import kr

# Where a name will stand that is not known yet.
SOMEBODY = {"nb": "(navnet på beslutteren)", "nn": "(namnet på den som avgjer)"}


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a decision: call by call to be decided as a whole, and case by case."""
    user = signed_in(request)
    waiting = Decision.objects.visible_to(user).proposals()
    found = {
        "page": page_of(request, waiting),
        "calls": waiting.by_call(user),
        "replacements": replacements_waiting(user),
        "may_decide": user.has_directorate_role(Role.DECISION_MAKER),
    }
    return render(request, "casework/proposals.html", found)


@require_safe
def case_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The proposal as it is written, as it waits, or as it was decided."""
    user = signed_in(request)
    return _page(request, _case(user, pk), user)


@require_POST
def case_propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the proposal on, or only see the letter again. htmx asks for the letter alone while one types."""
    user = signed_in(request)
    case = _case(user, pk)
    typed = {"amount": request.POST.get("amount", ""), "reason": clean(request.POST.get("reason", ""))}
    if "propose" not in request.POST:
        if "draft" in request.POST:
            typed["reason"] = ""
        return _page(request, case, user, typed=typed)
    case.version = _version(request)
    try:
        propose(case, amount_ore=_amount(typed["amount"], case), reason=typed["reason"], by=user)
    except Refused as refusal:
        return _page(request, _case(user, pk), user, typed=typed, refusal=refusal)
    messages.success(request, _("Innstillingen er sendt til beslutter."))
    return redirect("case_decide", pk=pk)


@require_POST
def case_decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide, or send back with a reason. What is decided is the proposal that was read, in the version that was read."""
    user = signed_in(request)
    case = _case(user, pk)
    proposal = get_object_or_404(case.decisions.all(), pk=_whole(request.POST.get("proposal", "")))
    proposal.application = case
    case.version = _version(request)
    reason = clean(request.POST.get("reason", ""))
    try:
        if "return" in request.POST:
            return_proposal(proposal, reason=reason, by=user)
            messages.success(request, _("Innstillingen er sendt tilbake til saksbehandleren."))
        else:
            decide(proposal, by=user)
            messages.success(request, _("Vedtaket er fattet. Brevet lages nå."))
    except Refused as refusal:
        return _page(request, _case(user, pk), user, typed={"amount": "", "reason": reason}, refusal=refusal)
    return redirect("case_decide", pk=pk)


def _case(user: User, pk: UUID) -> Application:
    rows = Application.objects.visible_to(user).select_related("call", "organisation", "handler")
    return get_object_or_404(rows, pk=pk)


def _amount(text: str, case: Application) -> int:
    try:
        amount = read_kroner(text)
    except Fault as fault:
        raise BadInput(str(fault)) from None
    if case.call.law.is_claimed:
        require_claimable(case, amount)
    require_amount(amount, case.applied_ore or 0)
    return amount


def _page(
    request: HttpRequest,
    case: Application,
    user: User,
    *,
    typed: dict[str, str] | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    found: dict[str, Any] = {
        "case": case,
        "call": case.call,
        "refusal": str(refusal) if refusal else "",
        "envelope_left_ore": left_of_envelope(case.call),
        "mode": "closed",
        "typed": typed or {"amount": "", "reason": ""},
        "document": case.documents.filter(kind__startswith="decision:").order_by("number").last(),
    }
    # What is to take the standing decision's place is decided with its appeal or reversal.
    standing = case.decisions.standing() | case.decisions.proposals()
    decision = standing.select_related("prepared_by", "call").order_by("-pk").first()
    if decision is not None:
        decision.application = case
        found |= _about(decision, user)
    elif case.state == State.IN_PROGRESS and may_take(user, PROPOSE, case):
        found |= _to_write(case, user, typed)
    # A text whose form is gone, because somebody else was first, is shown so that it can be copied.
    is_orphan = found["mode"] != "write" and ("propose" in request.POST or found["mode"] != "waits")
    found["kept"] = found["typed"]["reason"] if refusal and is_orphan else ""
    template = "casework/decide.html"
    if request.method == "POST" and wants_fragment(request):
        return render(request, f"{template}#letter", found)
    status = 200 if refusal is None else 422 if isinstance(refusal, BadInput) else 409
    return render(request, template, found, status=status)


def _to_write(case: Application, user: User, typed: dict[str, str] | None) -> dict[str, Any]:
    """The form, filled with what was typed, or what was sent back, or a draft; and the letter as it would be."""
    grounds = grounds_of(case)
    returned = case.decisions.filter(state=Decision.State.RETURNED).order_by("pk").last()
    is_met = all(finding["met"] is not False for finding in grounds["findings"])
    if typed is None:
        amount_ore = returned.amount_ore if returned else (case.applied_ore or 0) if is_met else 0
        typed = {"amount": kr(amount_ore), "reason": returned.reason if returned else ""}
    found: dict[str, Any] = {
        "mode": "write",
        "is_met": is_met,
        "unsettled": [finding["sentence"] for finding in grounds["findings"] if finding["met"] is None],
        "returned": case.events.filter(verb="return").order_by("pk").last() if returned else None,
        "letter": "",
        "amount_fault": "",
        "prepared_by": user,
    }
    try:
        amount_ore = _amount(typed["amount"], case)
    except Refused as fault:
        return found | {"amount_fault": str(fault), "typed": typed}
    if not typed["reason"]:
        typed["reason"] = draft_reason(
            grounds,
            case.call.criteria(),
            amount_ore=amount_ore,
            applied_ore=case.applied_ore or 0,
            language=case.language,
        )
    proposal = prepared(case, amount_ore=amount_ore, reason=typed["reason"], by=user)
    letter = preview_of(template_for(proposal), contents_of(proposal, decided_by=SOMEBODY[case.language]))
    return found | {"typed": typed, "decision": proposal, "letter": letter}


def _about(decision: Decision, user: User) -> dict[str, Any]:
    """A proposal that waits, or a decision: who stands behind it, what has changed, and the letter."""
    is_decided = decision.state == Decision.State.DECIDED
    approval = decision.approval() if is_decided else None
    may_decide = user.has_directorate_role(Role.DECISION_MAKER) and not is_decided
    decided_by = str(approval.approved_by) if approval else SOMEBODY[decision.application.language]
    if may_decide and decision.prepared_by_id != user.pk:
        decided_by = str(user)
    dated = None if is_decided else timezone.localdate()
    return {
        "mode": "decided" if is_decided else "waits",
        "decision": decision,
        "approval": approval,
        "prepared_by": decision.prepared_by,
        "is_own": decision.prepared_by_id == user.pk,
        "may_decide": may_decide,
        "barred": _barred(user, decision) if may_decide else "",
        "has_changed": not is_decided and decision.grounds != grounds_of(decision.application),
        "amount_fault": "",
        "letter": preview_of(template_for(decision), contents_of(decision, decided_by=decided_by, dated=dated)),
    }


def _barred(user: User, decision: Decision) -> str:
    """Why this person may not decide in the call, or nothing."""
    try:
        require_impartial(user, decision.call)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def _version(request: HttpRequest) -> int:
    return _whole(request.POST.get("version", ""))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
