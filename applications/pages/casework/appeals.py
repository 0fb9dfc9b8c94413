"""The appeals: those that wait, one's own, and each of them beside the decision it is about."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from applications.models import Appeal
from applications.pages.casework.actions import Action, back_to, offered, take, version_of
from applications.pages.casework.appeal_actions import ACTIONS
from applications.services.appeal_letters import documents_of
from applications.services.appeal_outcome import proposed_outcome
from applications.workflow.appeals import events_of, first_two, first_two_people
from grants.pages.asking import page_of, signed_in

Failed = tuple[Action, forms.Form]


@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """All that are in hand, those that nobody has taken, one's own, or those that are answered."""
    user, show = signed_in(request), request.GET.get("show", "")
    visible = Appeal.objects.visible_to(user)
    lists = {
        "": visible.open(),
        "waiting": visible.waiting(),
        "mine": visible.handled_by(user),
        "to_decide": visible.proposed(),
        "closed": visible.closed(),
    }
    shown = lists.get(show, lists[""])
    found = {
        "page": page_of(request, shown.with_their_case().order_by("submitted_at", "pk")),
        "show": show if show in lists else "",
        "counts": {name or "open": rows.count() for name, rows in lists.items() if name != "closed"},
    }
    return render(request, "casework/appeals.html", found)


@require_safe
def appeal_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One appeal."""
    return _page(request, _visible(request, pk))


@require_POST
def appeal_declare(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """Say whether one is impartial."""
    return _take(request, pk, "appeal_declare", verb)


@require_POST
def appeal_work(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """What a caseworker does with an appeal."""
    return _take(request, pk, "appeal_work", verb)


@require_POST
def appeal_decide(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """What a decision-maker does with an appeal."""
    return _take(request, pk, "appeal_decide", verb)


def _take(request: HttpRequest, pk: UUID, door: str, verb: str) -> HttpResponse:
    appeal = _visible(request, pk)
    appeal.version = version_of(request)

    def again(failed: Failed, status: int) -> HttpResponse:
        return _page(request, _visible(request, pk), failed, status)

    def then() -> HttpResponse:
        still_there = Appeal.objects.visible_to(signed_in(request)).has(pk)
        return back_to("appeal", pk=pk)() if still_there else back_to("appeals")()

    return take(request, ACTIONS, door, verb, appeal, again, then)


def _visible(request: HttpRequest, pk: UUID) -> Appeal:
    rows = Appeal.objects.visible_to(signed_in(request)).with_their_case()
    return get_object_or_404(rows.select_related("decision__prepared_by", "admitted_by", "submitted_by"), pk=pk)


def _page(request: HttpRequest, appeal: Appeal, failed: Failed | None = None, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    actions = offered(ACTIONS, user, appeal, failed)
    proposal = proposed_outcome(appeal)
    found: dict[str, Any] = {
        "appeal": appeal,
        "application": appeal.application,
        "decision": appeal.decision,
        "total": (appeal.decision.grounds["total"] or "").replace(".", ","),
        "first_two": first_two_people(appeal.decision),
        "is_one_of_the_first": user.pk in first_two(appeal.decision),
        "is_own_proposal": proposal is not None and proposal.prepared_by_id == user.pk,
        "proposal": proposal,
        "outcomes": appeal.outcomes.select_related("successor", "prepared_by").order_by("-pk"),
        "answers": appeal.answers.select_related("recorded_by").order_by("-pk"),
        "documents": documents_of(appeal),
        "sent_with": f"appeal:{appeal.pk}",
        "events": events_of(appeal),
        "main": [one for one in actions if not one.action.is_quiet],
        "quiet": [one for one in actions if one.action.is_quiet],
        "failed": failed[1] if failed else None,
    }
    return render(request, "casework/appeal.html", found, status=status)
