"""The public list of calls, and each call as it was published; for people and as JSON."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from applications.intake.completeness import themes_of
from applications.models import Call
from applications.services.draft import may_begin_for
from grants.models import User
from grants.pages.words import RECIPIENTS


@login_not_required
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Open calls by deadline, then those that come, then the last that closed."""
    now = timezone.now()
    published = Call.objects.published()
    groups = {
        "open": [_shown(call) for call in published.open_at(now).order_by("closes_at")],
        "coming": [_shown(call) for call in published.coming_at(now).order_by("opens_at")],
        "closed": [_shown(call) for call in published.closed_at(now).order_by("-closes_at")[:20]],
    }
    return render(request, "public/calls.html", groups)


@login_not_required
@require_safe
def calls_json(request: HttpRequest) -> JsonResponse:
    """The published calls for machines, the newest deadline first."""
    found = Call.objects.published().order_by("-closes_at")[:200]
    return JsonResponse({"calls": [_data(call) for call in found]}, json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def call_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One call: what, who, how much, until when, and what it is judged by."""
    call = get_object_or_404(Call.objects.published(), pk=pk)
    organisations = may_begin_for(request.user, call) if isinstance(request.user, User) else []
    found = _shown(call) | {
        "is_open": call.is_open(),
        "organisations": organisations,
        "rules": call.terms["rules"],
        "criteria": [(criterion["text"][_language()], criterion["weight"]) for criterion in call.criteria()],
        "themes": themes_of(call),
        "legal_basis": call.terms["legal_basis"],
    }
    return render(request, "public/call.html", found)


def _shown(call: Call) -> dict[str, Any]:
    language = _language()
    left = (call.closes_at - timezone.now()).days
    return {
        "call": call,
        "title": call.title(language),
        "about": call.about(language),
        "recipients": [str(RECIPIENTS.get(kind, kind)) for kind in call.terms["recipients"]],
        "days_left": left if 0 <= left < SOON else None,
    }


def _data(call: Call) -> dict[str, Any]:
    return {
        "id": str(call.pk), "scheme": call.scheme, "part": call.part, "year": call.year,
        "title": {"nb": call.title_nb, "nn": call.title_nn}, "about": {"nb": call.about_nb, "nn": call.about_nn},
        "envelope_ore": call.envelope_ore, "opens_at": call.opens_at.isoformat(), "closes_at": call.closes_at.isoformat(),
        "is_open": call.is_open(), "recipients": call.terms["recipients"], "criteria": call.criteria(),
        "rules": call.terms["rules"],
    }  # fmt: skip


def _language() -> str:
    return "nn" if get_language() == "nn" else "nb"


SOON = 14
