"""What one run gives one municipality, down to the person. Each look is logged before it is shown."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from grants.entitlements import shown
from grants.models.user import DIRECTORATE_ROLES
from grants.pages.asking import page_of, signed_in
from grants.payments.recipients import numbers_of, recipients_of
from grants.services.look_at_person import log_look
from grants.services.run_letters import read_letter

LINES_ON_A_PAGE = 50


@require_safe
def municipality_page(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Sums and person-lines. A municipality that is not in the run is not found."""
    user = signed_in(request)
    run = get_object_or_404(shown.runs(), pk=pk)
    payable = shown.payable_of(run, number)
    if payable is None:
        raise Http404
    page = page_of(request, shown.lines_of(run, number), LINES_ON_A_PAGE)
    persons = {line.person_id for line in page if line.person_id is not None}
    if persons:
        what = f"lines of run {run.pk}, municipality {number}, page {page.number}"
        log_look(None, by=user, actor=user.username, what=what, persons=len(persons))
    found: dict[str, Any] = {
        "run": run,
        "payable": payable,
        "number": number,
        "page": page,
        "codes": shown.codes_of(run, municipality_number=number),
        "letter": shown.letter_of(run, number),
    }
    return render(request, "finance/run_municipality.html", found)


@require_safe
def letter(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """The letter as it was sent. Others than the directorate get their own municipalities', and nothing tells of the rest."""
    user = signed_in(request)
    if not user.has_directorate_role(*DIRECTORATE_ROLES) and number not in numbers_of(recipients_of(user)):
        raise Http404
    run = get_object_or_404(shown.runs(), pk=pk)
    found = shown.letter_of(run, number)
    if found is None:
        raise Http404
    pdf = read_letter(found, by=user, actor=user.username)
    name = f"tilskuddsbrev-{found.number}.pdf".replace("/", "-")
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
