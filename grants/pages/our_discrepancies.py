"""«Dette stemmer ikke»: a recipient says what is wrong, follows what comes of it, and takes it back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.entitlements import why
from grants.models import EntitlementLine, Organisation, PaymentOrder, RunPayable, User
from grants.pages.asking import page_of, signed_in, typed_again
from grants.pages.our_why import payable_of
from grants.pages.words import WRONG
from grants.payments.discrepancies import events_of, of_recipients
from grants.payments.recipients import recipients_of
from grants.services.discrepancies import ask_to_be_paid, is_unpaid, open_discrepancy, withdraw_discrepancy, write_to
from grants.services.look_at_person import log_look
from grants.shared.errors import Refused


@dataclass(frozen=True)
class About:
    """What the form is about: the whole of an organisation's statement, an order, or a line."""

    organisation: Organisation
    order: PaymentOrder | None = None
    payable: RunPayable | None = None
    line: why.PersonLine | None = None


@require_safe
def our_discrepancies(request: HttpRequest) -> HttpResponse:
    """All that the person's organisations have reported, open ones first."""
    page = page_of(request, of_recipients(recipients_of(signed_in(request))))
    return render(request, "applicant/our_discrepancies.html", {"page": page, "rows": list(page)})


@require_http_methods(["GET", "POST"])
def our_discrepancy_new(request: HttpRequest) -> HttpResponse:
    """The form; what it is about stands in the address, and must be the person's own."""
    user, fault = signed_in(request), ""
    about = _about(request, user)
    if request.method == "POST":
        try:
            opened = open_discrepancy(
                about.organisation,
                what=request.POST.get("what", ""),
                explanation=request.POST.get("explanation", ""),
                by=user,
                order=about.order,
                line=about.line.line if about.line else None,
                pay_meanwhile={"yes": True, "no": False}.get(request.POST.get("meanwhile", "")),
            )
            messages.success(request, _("Meldt. Vi svarer dere her, og i et brev."))
            return redirect("our_discrepancy", opened.pk)
        except Refused as refused:
            fault = str(refused)
    found = {
        "about": about,
        "asks_meanwhile": about.order is not None and is_unpaid(about.order),
        "choices": WRONG.items(),
        "typed": typed_again(request, "what", "explanation", "meanwhile", fault=fault),
        "fault": fault,
    }
    return render(request, "applicant/our_discrepancy_new.html", found, status=422 if fault else 200)


@require_http_methods(["GET", "POST"])
def our_discrepancy(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the person's own, with all that was said; words may be added while it is open."""
    user, fault = signed_in(request), ""
    found = get_object_or_404(of_recipients(recipients_of(user)), pk=pk)
    if request.method == "POST":
        try:
            asked = request.POST.get("do")
            if asked == "write":
                write_to(found, request.POST.get("text", ""), by=user)
            elif asked == "meanwhile":
                ask_to_be_paid(found, by=user)
            elif asked == "withdraw":
                withdraw_discrepancy(found, by=user)
            else:
                raise Http404
            return redirect("our_discrepancy", pk)
        except Refused as refused:
            fault = str(refused)
    return render(
        request, "applicant/our_discrepancy.html",
        {"one": found, "events": events_of(found), "typed": typed_again(request, "text", fault=fault), "fault": fault},
        status=422 if fault else 200,
    )  # fmt: skip


def _about(request: HttpRequest, user: User) -> About:
    """Another's order, run or line answers like one that does not exist."""
    recipients = recipients_of(user)
    if request.GET.get("order"):
        order = get_object_or_404(PaymentOrder.objects.of_recipients(recipients), pk=_number(request, "order"))
        return About(order.recipient, order)
    if request.GET.get("run"):
        payable = payable_of(user, _number(request, "run"), request.GET.get("number", ""))
        organisation = next(
            one for one in recipients if one.municipality_number == payable.municipality_number and not one.parent_id
        )
        line = _line(request, user, payable) if request.GET.get("line") else None
        return About(organisation, PaymentOrder.objects.for_payable(payable), payable, line)
    if not recipients:
        raise Http404
    wanted = request.GET.get("organisation", "")
    return About(next((one for one in recipients if str(one.pk) == wanted), recipients[0]))


def _line(request: HttpRequest, user: User, payable: RunPayable) -> why.PersonLine:
    line: EntitlementLine = get_object_or_404(why.lines_of(payable), pk=_number(request, "line"))
    if line.person_id is not None:
        log_look(None, by=user, actor=user.username, what=f"discrepancy about line {line.pk}", persons=1)
    return why.as_read(payable.run, [line])[0]


def _number(request: HttpRequest, name: str) -> int:
    text: Any = request.GET.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Http404
    return int(text)
