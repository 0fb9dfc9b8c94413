"""A letter about a claim, for the directorate and for those who answer for the recipient."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from grants.pages.asking import signed_in
from grants.recoveries import shown
from grants.services.recovery_letters import read_letter
from grants.shared.dates import today


@require_safe
def recovery_letter(request: HttpRequest, claim: int, event: int) -> HttpResponse:
    """A letter about a claim, as it was sent: for the directorate, and for those who answer for the recipient."""
    user = signed_in(request)
    letter = get_object_or_404(shown.letters_for(user, today()), event__claim__number=claim, event__number=event)
    answer = HttpResponse(read_letter(letter), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{letter.number}.pdf"'
    return answer
