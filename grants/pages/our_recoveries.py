"""The recipient's pages of claims: what is to be paid back, why, by when and how; and its word on the notice."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.entitlements.shown import acts_for
from grants.models import RecoveryClaim, RecoveryEvent
from grants.pages.asking import page_of, signed_in
from grants.pages.recovery_words import OPEN_TO_RECIPIENT
from grants.recoveries import shown
from grants.recoveries.plan import plan_of
from grants.services.demand_recovery import comment_on_claim
from grants.shared.dates import today
from grants.shared.errors import BadInput, Refused

Standing, Kind = RecoveryClaim.Standing, RecoveryEvent.Kind


@require_safe
def our_recoveries(request: HttpRequest) -> HttpResponse:
    """The claims on the organisations that the person acts for, those that are over among them."""
    organisations = acts_for(signed_in(request))
    found = shown.claims_on(organisations, today())
    owing = [one.left_ore for one in found if one.standing in (Standing.CLAIMED, Standing.PLAN)]
    context = {"organisations": organisations, "page": page_of(request, found), "owing_ore": sum(owing)}
    return render(request, "public/our_recoveries.html", context)


@require_http_methods(["GET", "POST"])
def our_recovery(request: HttpRequest, claim: int) -> HttpResponse:
    """One claim; while it is only a notice, the recipient says here what it thinks of it."""
    user, fault, status = signed_in(request), "", 200
    mine = shown.claims_on(acts_for(user), today())
    found = get_object_or_404(mine, number=claim)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            comment_on_claim(
                found, request.POST.get("words", ""), by=user,
                seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else -1,
            )  # fmt: skip
            messages.success(request, _("Takk, vi har fått det dere skrev. Vi svarer i brevet når saken er avgjort."))
            return redirect("our_recovery", claim=claim)
        except Refused as refused:
            fault, status = str(refused), 422 if isinstance(refused, BadInput) else 409
            found = get_object_or_404(mine.all(), number=claim)
    context = _about(found) | {"fault": fault, "words": request.POST.get("words", "") if fault else ""}
    return render(request, "public/our_recovery.html", context, status=status)


def _about(claim: RecoveryClaim) -> dict[str, Any]:
    story = [one for one in shown.story_of(claim) if one.event.kind in OPEN_TO_RECIPIENT]
    told = next((one.event for one in story if one.event.kind == Kind.OFFSET_TOLD), None)
    owes = claim.standing in (Standing.CLAIMED, Standing.PLAN)
    return {
        "claim": claim,
        "story": story,
        "plan": plan_of(claim),
        "told": told if owes else None,
        "owes": owes,
        "may_comment": claim.standing == Standing.NOTICED,
        "account": settings.PAYER_ACCOUNT,
    }
