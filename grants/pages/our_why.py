"""Why this amount: a run's sum, an order or a payment, down to the line, for its recipient alone."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from grants.entitlements import shown, why
from grants.law.registry import scheme as scheme_of
from grants.models import Hold, Payment, PaymentOrder, RunPayable, User
from grants.pages.asking import page_of, signed_in
from grants.pages.words import CODES, RATES
from grants.payments.grounds import facts_of
from grants.payments.recipients import numbers_of, recipients_of
from grants.register.accounts import number_of_payment
from grants.services.look_at_person import log_look
from grants.shared.spreadsheet import csv_answer

LINES_ON_A_PAGE = 50
COLUMNS = (
    "run", "scheme", "term", "year", "municipality_number", "person_ref", "birth_year", "settled_on", "code", "code_name",
    "for_year", "for_term", "kind", "amount_ore", "rate", "rate_ore", "how", "valid_from", "valid_to", "citation",
)  # fmt: skip


@require_safe
def our_run(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """What one run gives, code by code with rate and source, then line by line. The look is logged before it is shown."""
    user = signed_in(request)
    payable = payable_of(user, pk, number)
    page = page_of(request, why.lines_of(payable), LINES_ON_A_PAGE)
    lines = why.as_read(payable.run, page.object_list)
    _log(user, payable, len({one.line.person_id for one in lines} - {None}), f"page {page.number}")
    order = PaymentOrder.objects.for_payable(payable)
    found: dict[str, Any] = {
        "payable": payable,
        "run": payable.run,
        "number": number,
        "law": scheme_of(payable.run.scheme),
        "groups": why.groups_of(payable),
        "lines": lines,
        "page": page,
        "order": order,
        "letter": shown.letter_of(payable.run, number),
        "holds": Hold.objects.on_order(order),
    }
    return render(request, "applicant/our_run.html", found)


@require_safe
def our_run_csv(request: HttpRequest, pk: int, number: str) -> StreamingHttpResponse:
    """Every line as CSV, to compare with one's own register; written while it is read."""
    user = signed_in(request)
    payable = payable_of(user, pk, number)
    _log(user, payable, why.persons_in(payable), "file")
    return csv_answer(f"linjer-{payable.run_id}-{number}", COLUMNS, _rows(payable))


@require_safe
def our_order(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan of an order, and why it was made; one of a run is told by the run."""
    user = signed_in(request)
    order = get_object_or_404(PaymentOrder.objects.of_recipients(recipients_of(user)), pk=pk)
    if order.run_id is not None and order.recipient.municipality_number:
        return redirect("our_run", order.run_id, order.recipient.municipality_number)
    instalments = list(order.instalments.prefetch_related("lines").order_by("number"))
    found = {
        "order": order,
        "law": scheme_of(order.scheme) if shown.is_scheme(order.scheme) else None,
        "instalments": instalments,
        "whole_ore": sum(one.amount_ore for one in instalments if one.cancelled_on is None),
        "facts": facts_of(order),
        "holds": Hold.objects.on_order(order),
    }
    return render(request, "applicant/our_order.html", found)


@require_safe
def our_payment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A payment as it came to the account, part by part."""
    user = signed_in(request)
    payment = get_object_or_404(Payment.objects.of_recipients(recipients_of(user)), pk=pk)
    parts = payment.parts.select_related("instalment__order__run").order_by("pk")
    found = {
        "payment": payment,
        "parts": [one.instalment for one in parts],
        "digits": number_of_payment(payment)[-4:],
    }
    return render(request, "applicant/our_payment.html", found)


def payable_of(user: User, pk: int, number: str) -> RunPayable:
    """What a booked run gives one of the person's municipalities; another's answers like one that does not exist."""
    ours = number in numbers_of(recipients_of(user))
    found = RunPayable.objects.booked().filter(run=pk, municipality_number=number if ours else "").first()
    if found is None:
        raise Http404
    return found


def _log(user: User, payable: RunPayable, persons: int, part: str) -> None:
    if persons:
        what = f"why run {payable.run_id}, municipality {payable.municipality_number}, {part}"
        log_look(None, by=user, actor=user.username, what=what, persons=persons)


def _rows(payable: RunPayable) -> Iterator[tuple[Any, ...]]:
    run = payable.run
    for one in why.every_line(payable):
        line, basis = one.line, one.basis
        yield (
            run.pk, run.scheme, run.term, run.year, payable.municipality_number, one.reference, one.born_year or "",
            one.settled_on or "", line.code, str(CODES.get(line.code, line.code)), line.origin_year, line.origin_term,
            line.kind, line.amount_ore,
            *(
                (
                    str(RATES.get(basis.ground.rate_name, basis.ground.rate_name)), basis.value_ore, basis.ground.how.value,
                    basis.valid_from or "", basis.valid_to or "", basis.citation,
                )
                if basis
                else ("", "", "", "", "", "")
            ),
        )  # fmt: skip
