"""The payments of a batch and the lines of the ledger as files, written while they are read."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from grants.models import PaymentBatch
from grants.pages.finance.ledger import chosen_in
from grants.shared.dates import today
from reporting.exports.payments import ledger_lines, payments_of
from reporting.exports.streamed import FORMATS, answer


@require_safe
def payment_batch_export(request: HttpRequest, batch: int, kind: str) -> HttpResponseBase:
    """The payments of a batch as CSV, XLSX or JSON."""
    found = get_object_or_404(PaymentBatch, number=batch)
    return answer(payments_of(found), _known(kind))


@require_safe
def ledger_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The lines that fit what the ledger's page was narrowed to."""
    return answer(ledger_lines(chosen_in(request), file_format=_known(kind), on=today()), kind)


def _known(kind: str) -> str:
    if kind not in FORMATS:
        raise Http404
    return kind
