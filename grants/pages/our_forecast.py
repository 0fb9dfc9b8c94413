"""What a municipality may expect in the coming terms, as things stand now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.entitlements.forecast import forecasts
from grants.pages.asking import signed_in
from grants.pages.our_payments import chosen_organisation
from grants.payments.recipients import numbers_of, with_predecessors
from grants.shared.dates import today


@require_safe
def our_forecast(request: HttpRequest) -> HttpResponse:
    """Scheme by scheme, term by term; marked where a rate is not decided."""
    organisations, chosen = chosen_organisation(request, signed_in(request))
    numbers = numbers_of(with_predecessors(chosen)) if chosen is not None else []
    found = {
        "organisations": organisations,
        "organisation": chosen,
        "is_municipality": bool(numbers),
        "forecasts": forecasts(numbers, on=today()),
    }
    return render(request, "applicant/our_forecast.html", found)
