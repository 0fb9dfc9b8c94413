"""What a recipient sees first: the payments to the organisations that the person acts for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.entitlements import shown
from grants.pages.asking import page_of, signed_in


@require_safe
def our_payments(request: HttpRequest) -> HttpResponse:
    """Approved and paid sums with their letters."""
    organisations = shown.acts_for(signed_in(request))
    page = page_of(request, shown.payments_to(organisations))
    rows = [(payable, shown.letter_of(payable.run, payable.municipality_number)) for payable in page]
    return render(request, "public/our_payments.html", {"organisations": organisations, "page": page, "rows": rows})
