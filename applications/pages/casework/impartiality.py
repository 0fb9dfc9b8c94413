"""Say whether one is impartial in a call, and go on to where one was going."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application, Call
from applications.pages.casework.asking import chosen_cases, where_to
from applications.services.assess import declare, take_case
from applications.workflow.impartiality import declared
from grants.pages.asking import signed_in

ANSWERS = {"no": False, "yes": True}


@require_http_methods(["GET", "POST"])
def declare_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two choices, and a reason where there is an interest. Who came to take a case, has it afterwards."""
    user = signed_in(request)
    call = get_object_or_404(Call.objects.published(), pk=pk)
    said = declared(user, call)
    answer, reason = request.POST.get("interest", ""), request.POST.get("reason", "")
    faults: dict[str, str] = {}
    if request.method == "POST" and said is None:
        faults = _faults(answer, reason)
        if not faults:
            declare(call, by=user, has_interest=ANSWERS[answer], reason=reason)
            return _go_on(request, has_interest=ANSWERS[answer])
    found = {
        "call": call,
        "said": said,
        "answer": answer,
        "reason": reason,
        "faults": faults,
        "applicants": [] if said else Application.objects.sent_in().applicants_of(call),
        "next": where_to(request),
        "take": request.POST.get("take", request.GET.get("take", "")),
    }
    return render(request, "casework/declare.html", found, status=422 if faults else 200)


def _faults(answer: str, reason: str) -> dict[str, str]:
    if answer not in ANSWERS:
        return {"interest": _("Velg om du er habil eller ikke.")}
    if ANSWERS[answer] and not reason.strip():
        return {"reason": _("Skriv kort hvorfor du er inhabil.")}
    return {}


def _go_on(request: HttpRequest, *, has_interest: bool) -> HttpResponse:
    """To where the person was going; with the case, where that is why they came."""
    if has_interest:
        messages.success(request, _("Du er meldt inhabil og ser ikke lenger sakene i denne utlysningen."))
        return redirect(reverse("cases"))
    for case in chosen_cases(request, [request.POST.get("take", "")]):
        take_case(case, by=signed_in(request))
        messages.success(request, _("Du har tatt saken %(case)s.") % {"case": case.reference})
    return redirect(where_to(request))
