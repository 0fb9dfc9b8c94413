"""A recipient's statement across all schemes: a year at a time, as a page and as a file."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grants.entitlements.shown import acts_for
from grants.models import Organisation, User
from grants.pages.asking import signed_in
from grants.pages.month_chart import month_chart
from grants.pages.words import MOVES
from grants.payments.statement import Statement, statement
from grants.shared.dates import today
from grants.shared.spreadsheet import csv_answer
from grants.templatetags.ui import scheme_name

COLUMNS = (
    "date", "scheme", "scheme_name", "what", "amount_ore", "state", "paid_on", "payment", "held_because", "way_out",
)  # fmt: skip


@require_safe
def our_payments(request: HttpRequest) -> HttpResponse:
    """The statement of one organisation and year; those who act for several choose."""
    organisations, chosen = chosen_organisation(request, signed_in(request))
    found: dict[str, Any] = {"organisations": organisations, "organisation": chosen}
    if chosen is not None:
        said = statement(chosen, _year(request), on=today())
        found |= {"said": said, "chart": month_chart(said.months)}
    return render(request, "applicant/our_payments.html", found)


@require_safe
def our_payments_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What the statement lists, one line each, to keep beside one's own accounts."""
    _organisations, chosen = chosen_organisation(request, signed_in(request))
    said = statement(chosen, _year(request), on=today()) if chosen is not None else None
    name = f"utbetalinger-{said.year}" if said else "utbetalinger"
    return csv_answer(name, COLUMNS, _rows(said) if said else ())


def chosen_organisation(request: HttpRequest, user: User) -> tuple[list[Organisation], Organisation | None]:
    """The organisations that the person acts for, and the one that the page is about: never another's."""
    organisations = acts_for(user)
    try:
        key = UUID(request.GET.get("organisation", ""))
    except ValueError:
        key = None
    first = organisations[0] if organisations else None
    return organisations, next((one for one in organisations if one.pk == key), first)


def _year(request: HttpRequest) -> int | None:
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else None


def _rows(said: Statement) -> Iterator[tuple[Any, ...]]:
    held = {one.instalment.order_id: one.holds for one in said.held}
    for move in said.moves:
        holds = held.get(move.order.pk, ()) if move.order else ()
        what = (
            _("Termin %(term)s, %(year)s") % {"term": move.payable.run.term, "year": move.payable.run.year}
            if move.payable
            else move.order.about
            if move.order
            else ""
        )
        yield (
            move.on.isoformat(), move.scheme, scheme_name(move.scheme), what, move.amount_ore, str(MOVES[move.state][0]),
            move.payment.paid_on or "" if move.payment else "", move.payment.pk if move.payment else "",
            " ".join(one.reason for one in holds), " ".join(one.way_out for one in holds),
        )  # fmt: skip
    for owes in said.owes:
        yield (
            "", owes.scheme, scheme_name(owes.scheme), owes.about or str(_("Trekkes fra neste utbetaling")),
            -owes.amount_ore, str(_("Skyldig")), "", "", "", "",
        )  # fmt: skip
