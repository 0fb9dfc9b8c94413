"""The public list of calls, and each call as it was published; for people and as JSON."""

from collections.abc import Iterable
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
from applications.services.copy_application import to_copy_from
from applications.services.draft import may_begin_for
from grants.law.text import Text
from grants.models import User
from grants.pages.asking import wants_fragment
from grants.pages.words import RECIPIENTS
from grants.templatetags.ui import in_language

# A deadline that is nearer than so many days gets a warning.
SOON = 14
MOST_CLOSED = 20
# Whom one can say that one is, in the order of the page.
WHO = ("municipality", "county", "ngo", "enterprise")


@login_not_required
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Open calls by deadline, then those that come, then the last that closed; searched and chosen by who applies."""
    now = timezone.now()
    search = request.GET.get("search", "").strip()[:100]
    who = [kind for kind in request.GET.getlist("who") if kind in WHO]
    published = Call.objects.announced().with_words(search)
    found = {
        "open": _for(who, published.open_at(now).order_by("closes_at")),
        "coming": _for(who, published.coming_at(now).order_by("opens_at")),
        "closed": _for(who, published.closed_at(now).order_by("-closes_at")[:MOST_CLOSED]),
        "search": search,
        "who": who,
        "kinds": [(kind, RECIPIENTS[kind]) for kind in WHO],
    }
    return render(request, "public/calls.html#found" if wants_fragment(request) else "public/calls.html", found)


def _for(who: list[str], found: Iterable[Call]) -> list[dict[str, Any]]:
    """The calls that these kinds of organisations may apply to; no kind chosen is all of them."""
    return [_shown(call) for call in found if not who or not set(who).isdisjoint(call.terms["recipients"])]


@login_not_required
@require_safe
def calls_json(request: HttpRequest) -> JsonResponse:
    """The published calls for machines, the newest deadline first."""
    found = Call.objects.announced().order_by("-closes_at")[:200]
    return JsonResponse({"calls": [_data(call) for call in found]}, json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def call_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One call: who, what, how much, until when, what it is judged by, and what one is asked."""
    call = get_object_or_404(Call.objects.published(), pk=pk)
    organisations = may_begin_for(request.user, call) if isinstance(request.user, User) else []
    found = page_contents(call) | {
        "is_open": call.is_open(),
        "is_coming": call.opens_at > timezone.now(),
        "is_closed": call.closes_at <= timezone.now(),
        "organisations": organisations,
        "earlier": [one for one in (to_copy_from(call, organisation) for organisation in organisations) if one],
    }
    return render(request, "public/call.html", found)


def page_contents(call: Call) -> dict[str, Any]:
    """What the page of a call says, whoever reads it."""
    return _shown(call) | {
        "rules": call.terms["rules"],
        "criteria": [(in_language(Text(**criterion["text"])), criterion["weight"]) for criterion in call.criteria()],
        "themes": [(theme, len(theme.asked_in(call.part))) for theme in themes_of(call)],
        "legal_basis": call.terms["legal_basis"],
    }


def _shown(call: Call) -> dict[str, Any]:
    language = _language()
    left = (timezone.localdate(call.closes_at) - timezone.localdate()).days
    return {
        "call": call,
        "title": call.title(language),
        "about": call.about(language),
        "purpose": in_language(call.law.purpose),
        "recipients": [str(RECIPIENTS.get(kind, kind)) for kind in call.terms["recipients"]],
        "days_left": left if call.is_open() and left < SOON else None,
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
