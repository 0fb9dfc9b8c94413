"""A letter about a claim, for the directorate and for those who answer for the recipient."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from grants.entitlements.shown import acts_for
from grants.models import RecoveryLetter
from grants.pages.asking import signed_in
from grants.recoveries import shown
from grants.services.recovery_letters import read_letter
from grants.shared.dates import today


@require_safe
def recovery_letter(request: HttpRequest, claim: int, event: int) -> HttpResponse:
    """A letter about a claim, as it was sent: for the directorate, and for those who answer for the recipient."""
    user = signed_in(request)
    letters = RecoveryLetter.objects.select_related("event__claim")
    if not user.directorate_roles.exists():
        own = shown.claims_on(acts_for(user), today())
        letters = letters.filter(event__claim__in=own.values("pk"))
    letter = get_object_or_404(letters, event__claim__number=claim, event__number=event)
    answer = HttpResponse(read_letter(letter), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{letter.number}.pdf"'
    return answer
