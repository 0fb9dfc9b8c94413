"""The directorate's queue of discrepancies, and one of them: what is said of it, the facts beside it, and the answer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.entitlements import shown, why
from grants.models import Discrepancy, EntitlementRun, Hold, User
from grants.pages.asking import page_of, posted_number, signed_in, typed_again
from grants.payments.discrepancies import events_of, everything, queue
from grants.services.discrepancies import answer_discrepancy, may_answer, write_to
from grants.services.look_at_person import log_look
from grants.shared.errors import BadInput, Refused


@require_safe
def discrepancies(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; or those that are answered."""
    closed = request.GET.get("show") == "closed"
    page = page_of(request, queue(closed=closed))
    return render(request, "finance/discrepancies.html", {"page": page, "rows": list(page), "closed": closed})


@require_http_methods(["GET", "POST"])
def discrepancy(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them. The look at its person is logged before it is shown."""
    user, fault = signed_in(request), ""
    found = get_object_or_404(everything(), pk=pk)
    if request.method == "POST":
        try:
            _do(request, found, user)
            return redirect("discrepancy", pk)
        except Refused as refused:
            fault = str(refused)
    line = None
    if found.line is not None:
        if found.line.person_id is not None:
            log_look(None, by=user, actor=user.username, what=f"discrepancy {pk}", persons=1)
        line = why.as_read(found.line.run, [found.line])[0]
    told = {
        "one": found,
        "line": line,
        "events": events_of(found),
        "holds": Hold.objects.on_order(found.order),
        "may_answer": may_answer(found, user),
        "typed": typed_again(request, "text", "run", "reference", "do", fault=fault),
        "fault": fault,
    }
    return render(request, "finance/discrepancy.html", told, status=422 if fault else 200)


def _do(request: HttpRequest, found: Discrepancy, user: User) -> None:
    asked, text = request.POST.get("do"), request.POST.get("text", "")
    if asked == "write":
        write_to(found, text, by=user)
        messages.success(request, _("Meldingen er sendt."))
    elif asked in ("corrected", "kept"):
        corrected = asked == "corrected"
        answer_discrepancy(
            found, corrected=corrected, text=text, by=user, run=_run(request) if corrected else None,
            reference=request.POST.get("reference", ""),
        )  # fmt: skip
        messages.success(request, _("Avviket er besvart, og mottakeren får et brev."))
    else:
        raise Http404


def _run(request: HttpRequest) -> EntitlementRun | None:
    if not request.POST.get("run", "").strip():
        return None
    run = shown.runs().filter(pk=posted_number(request, "run")).first()
    if run is None:
        raise BadInput(_("Det finnes ingen kjøring med dette nummeret."))
    return run
