"""The payment batches, and how a new one is prepared."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grants.law.registry import SCHEMES
from grants.pages.asking import page_of, signed_in
from grants.pages.finance.asking import Fault, day_typed, fault_of, year_asked
from grants.payments import shown
from grants.payments.pay_day import next_pay_day, require_pay_day
from grants.services.prepare_batch import prepare_batch
from grants.shared.dates import today
from grants.shared.errors import BadInput, Refused


@require_safe
def payment_batches(request: HttpRequest) -> HttpResponse:
    """All batches, the newest first; those that wait for somebody can be shown alone."""
    return _page(request)


@require_POST
def payment_batch_prepare(request: HttpRequest) -> HttpResponse:
    """Gather what is payable on a day in a new batch."""
    schemes = request.POST.getlist("scheme")
    try:
        if not set(schemes) <= set(SCHEMES):
            raise BadInput(_("Velg blant ordningene i listen."))
        pay_on = require_pay_day(day_typed(request.POST.get("pay_on", "")), today=today())
        batch = prepare_batch(pay_on=pay_on, by=signed_in(request), schemes=schemes)
    except Refused as refused:
        return _page(request, fault_of(refused, "prepare"))
    messages.success(
        request, _("Bunt %(number)s er klargjort. Se over endringene før du forsegler den.") % {"number": batch.number}
    )
    return redirect("payment_batch", batch=batch.number)


def _page(request: HttpRequest, fault: Fault | None = None) -> HttpResponse:
    waiting, year = request.GET.get("show") == "waiting", year_asked(request)
    on = next_pay_day(today())
    found = {
        "page": page_of(request, shown.batches(year=year, waiting=waiting)),
        "waiting": waiting,
        "year": year,
        "years": shown.years_with_batches(),
        "to_pay": shown.to_pay(on),
        "on": on,
        "pay_on": request.POST.get("pay_on") or on.isoformat(),
        "schemes": shown.schemes_to_pay(on),
        "chosen": request.POST.getlist("scheme"),
        "fault": fault,
    }
    return render(request, "finance/batches.html", found, status=fault.status if fault else 200)
