"""One payment batch: what has changed, what is strange about it, who stands behind it, and what the bank has answered.

Each button is an address below the batch. A refusal comes back on the same page, where it belongs, with what was typed.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from grants.models import AuditEvent, Job, Payment, PaymentBatch, Role, User
from grants.pages.asking import page_of, signed_in, wants_fragment
from grants.pages.finance.asking import Fault, fault_of, typed_in
from grants.payments import shown
from grants.register.accounts import number_of_payment
from grants.services.attest_batch import attest_batch
from grants.services.prepare_batch import discard_batch, explain_outlier, seal_batch
from grants.services.send_batch import download_file, send_again, send_batch
from grants.shared.errors import BadInput, Refused

State = PaymentBatch.State
FELL_OUT_SHOWN = 8
# The steps of a batch as a line on the page.
ROAD = (
    (State.OPEN, gettext_lazy("Klargjort")),
    (State.SEALED, gettext_lazy("Forseglet")),
    (State.ATTESTED, gettext_lazy("Attestert")),
    (State.SENT, gettext_lazy("Sendt")),
    (State.ANSWERED, gettext_lazy("Besvart")),
)


@require_safe
def payment_batch(request: HttpRequest, batch: int) -> HttpResponse:
    """The batch. While its file is carried to the bank, htmx asks for that part alone."""
    found = _batch(batch)
    if wants_fragment(request) and request.GET.get("part") == "sending":
        return render(request, "finance/batch.html#sending", _sending(found) | {"batch": found})
    return _page(request, found)


@require_POST
def payment_batch_do(request: HttpRequest, batch: int, verb: str) -> HttpResponse:
    """Explain, seal, attest, discard, send or send again; the services decide whether this person may, now."""
    found, by = _batch(batch), signed_in(request)
    act = VERBS.get(verb)
    if act is None:
        raise Http404
    try:
        said = act(found, by, request.POST)
    except Refused as refused:
        at = getattr(refused, "at", verb)
        return _page(request, _batch(batch), fault_of(refused, at))
    messages.success(request, said)
    return redirect("payment_batch", batch=batch)


@require_safe
def payment_batch_file(request: HttpRequest, batch: int) -> HttpResponse:
    """The sealed file, the same bytes whenever it is fetched. Who fetched it is kept."""
    name, content = download_file(_batch(batch), by=signed_in(request))
    return HttpResponse(
        content,
        content_type="application/xml",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-SHA256": hashlib.sha256(content).hexdigest(),
        },
    )


@require_safe
def payment(request: HttpRequest, batch: int, pk: UUID) -> HttpResponse:
    """One payment: its specification, and all that the bank has told of it."""
    rows = Payment.objects.select_related("recipient", "batch")
    found = get_object_or_404(rows, batch__number=batch, pk=pk)
    return render(
        request,
        "finance/payment.html",
        {
            "payment": found,
            "batch": found.batch,
            "account": f"•••• •• •{number_of_payment(found)[-4:]}",
            "parts": shown.parts_of(found),
            "events": found.events.select_related("message", "resolution__by").order_by("pk"),
            "outliers": found.outliers.select_related("explained_by").order_by("kind"),
        },
    )


# --- What the buttons do ----------------------------------------------------------------------------------------------

Typed = Mapping[str, str]


def _explain(batch: PaymentBatch, by: User, typed: Typed) -> str:
    """Every explanation that is written on the page; what nobody has written is left as it is."""
    written = {key: text for key, text in typed.items() if key.startswith("outlier-") and text.strip()}
    if not written:
        raise BadInput(_("Skriv minst én forklaring. Den som attesterer, leser den."))
    for key, text in written.items():
        one = get_object_or_404(
            shown.outliers_of(batch), pk=int(key[8:]) if key[8:].isdecimal() and len(key) < 24 else 0
        )
        try:
            explain_outlier(one, text, by=by)
        except Refused as refused:
            refused.at = key  # type: ignore[attr-defined]
            raise
    return ngettext("Forklaringen er lagret.", "%(count)s forklaringer er lagret.", len(written)) % {
        "count": len(written)
    }


def _seal(batch: PaymentBatch, by: User, typed: Typed) -> str:
    seal_batch(batch, by=by)
    return _("Bunten er forseglet. En annen person i økonomi må attestere den.")


def _attest(batch: PaymentBatch, by: User, typed: Typed) -> str:
    if typed.get("compared") != "yes":
        raise BadInput(_("Kryss av for at du har sett over bunten og kontrollsummene."))
    attest_batch(batch, by=by, digest=typed.get("digest", ""))
    return _("Bunten er attestert. Nå kan den sendes til banken.")


def _discard(batch: PaymentBatch, by: User, typed: Typed) -> str:
    discard_batch(batch, by=by, why=typed.get("why", ""))
    return _("Bunten er forkastet. Det som lå i den, kan tas opp i en ny.")


def _send(batch: PaymentBatch, by: User, typed: Typed) -> str:
    send_batch(batch, by=by)
    return _("Bunten er på vei til banken. Ingenting er bokført før banken sier at pengene har gått.")


def _send_again(batch: PaymentBatch, by: User, typed: Typed) -> str:
    send_again(batch, words=typed.get("words", ""), by=by)
    return _("Den samme filen er på vei til banken igjen.")


VERBS: dict[str, Callable[[PaymentBatch, User, Typed], str]] = {
    "explain": _explain,
    "seal": _seal,
    "attest": _attest,
    "discard": _discard,
    "send": _send,
    "send-again": _send_again,
}


# --- What is shown ----------------------------------------------------------------------------------------------------


def _batch(number: int) -> PaymentBatch:
    return get_object_or_404(shown.batches(), number=number)


def _page(request: HttpRequest, batch: PaymentBatch, fault: Fault | None = None) -> HttpResponse:
    user = signed_in(request)
    difference = shown.difference(batch)
    page = page_of(request, difference.rows)
    answers = shown.answers_of(row.payment for row in page)
    typed = typed_in(request, fault)
    found = {
        "batch": batch,
        "difference": difference,
        "fell_out": difference.fell_out[:FELL_OUT_SHOWN],
        "page": page,
        "rows": [(row, answers.get(row.payment.pk)) for row in page],
        "to_explain": [
            (row, one, f"outlier-{one.pk}", typed.get(f"outlier-{one.pk}", ""))
            for row in page
            for one in row.outliers
            if not one.explanation
        ],
        "schemes": shown.schemes_of(batch),
        "states": shown.states_of(batch),
        "road": _road(batch),
        "attestation": shown.attestation_of(batch),
        "events": AuditEvent.objects.about(f"batch:{batch.number}"),
        "typed": typed,
        "fault": fault,
        "can": _can(batch, user, difference.waits),
    }
    return render(request, "finance/batch.html", found | _sending(batch), status=fault.status if fault else 200)


def _can(batch: PaymentBatch, user: User, waits: int) -> dict[str, Any]:
    """Which buttons this person gets now, and why not the one that they may look for. The services ask it all again."""
    finance = user.has_directorate_role(Role.FINANCE)
    own, interested = batch.prepared_by_id == user.pk, finance and shown.is_interested(user, batch)
    sealed = batch.state == State.SEALED
    return {
        "explain": finance and batch.state in (State.OPEN, State.SEALED) and waits > 0,
        "seal": finance and batch.state == State.OPEN,
        "attest": finance and sealed and not own and not interested and not waits,
        "discard": finance and batch.state in (State.OPEN, State.SEALED, State.ATTESTED),
        "send": finance and batch.state == State.ATTESTED,
        "send_again": finance and batch.state == State.SENT and bool(batch.trouble) and not batch.receipt,
        "own": sealed and own,
        "interested": sealed and interested,
        "file": batch.sealed_at is not None and batch.state != State.DISCARDED,
    }


def _road(batch: PaymentBatch) -> list[tuple[str, Any]]:
    """Where the batch is on its way, as `done`, `now` or `later`. An answered one is all done."""
    states = [state for state, _label in ROAD]
    if batch.state == State.DISCARDED:
        return []
    at = states.index(State(batch.state))
    ended = batch.state == State.ANSWERED
    return [
        ("done" if place < at or (place == at and ended) else "now" if place == at else "later", label)
        for place, (_state, label) in enumerate(ROAD)
    ]


def _sending(batch: PaymentBatch) -> dict[str, Any]:
    """The jobs that carry the file, and whether the page should ask again."""
    jobs = shown.jobs_of(batch)
    moving = not batch.receipt and any(job.state in (Job.State.WAITING, Job.State.TAKEN) for job in jobs)
    return {"jobs": jobs, "moving": moving}
