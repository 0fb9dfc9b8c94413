"""Payment orders: what is owed by which plan, what holds it back and what the way out is, and the hold that finance puts on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grants.models import AuditEvent, Hold, PaymentOrder, Role, User
from grants.pages.asking import page_of, signed_in
from grants.pages.finance.asking import Fault, fault_of, text_asked, year_asked
from grants.payments import orders
from grants.services.hold_orders import end_hold_by_hand, hold_by_hand
from grants.shared.dates import today
from grants.shared.errors import Refused


@require_safe
def payment_orders(request: HttpRequest) -> HttpResponse:
    """Orders by scheme, recipient, year and state, with the sums of each state."""
    chosen = orders.Chosen(
        scheme=text_asked(request, "scheme", 40),
        recipient=text_asked(request, "recipient", 100),
        year=year_asked(request),
        state=text_asked(request, "state", 10),
    )
    query = request.GET.copy()
    for name in ("page", "state"):
        query.pop(name, None)
    found = {
        "page": page_of(request, orders.orders(chosen)),
        "chosen": chosen,
        "sums": orders.sums(chosen),
        "schemes": orders.schemes_with_orders(),
        "years": orders.years_with_orders(),
        "query": query.urlencode(),
    }
    return render(request, "finance/orders.html", found)


@require_safe
def payment_order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order."""
    return _page(request, _order(pk))


@require_POST
def payment_order_do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Hold it back, or release it, with a reason."""
    order, by, reason = _order(pk), signed_in(request), request.POST.get("reason", "")
    try:
        said = _act(order, verb, reason, by)
    except Refused as refused:
        return _page(request, order, fault_of(refused, verb))
    messages.success(request, said)
    return redirect("payment_order", pk=pk)


def _act(order: PaymentOrder, verb: str, reason: str, by: User) -> str:
    if verb == "hold":
        hold_by_hand(order, reason=reason, on=today(), by=by)
        return _("Betalingen holdes tilbake. Ingen bunt tar den opp før økonomi opphever det.")
    if verb == "release":
        end_hold_by_hand(order, reason=reason, on=today(), by=by)
        return _("Økonomi holder ikke lenger betalingen tilbake.")
    raise Http404


def _order(pk: int) -> PaymentOrder:
    return get_object_or_404(PaymentOrder.objects.select_related("recipient", "run", "made_by"), pk=pk)


def _page(request: HttpRequest, order: PaymentOrder, fault: Fault | None = None) -> HttpResponse:
    holds = list(order.holds.select_related("placed_by", "end__ended_by").order_by("-pk"))
    is_open = [one for one in holds if not hasattr(one, "end")]
    instalments = orders.instalments_of(order)
    finance = signed_in(request).has_directorate_role(Role.FINANCE)
    by_hand = any(one.kind == Hold.Kind.BY_HAND for one in is_open)
    found: dict[str, Any] = {
        "order": order,
        "instalments": instalments,
        "total_ore": sum(one.amount_ore for one, state, _part in instalments if state != "cancelled"),
        "left_ore": sum(one.amount_ore for one, state, _part in instalments if state in (orders.HELD, orders.WAITING)),
        "open_holds": is_open,
        "ended_holds": [one for one in holds if hasattr(one, "end")],
        "payments": orders.payments_of(order),
        "events": AuditEvent.objects.about(order.subject),
        "can_hold": finance
        and not by_hand
        and any(state in (orders.HELD, orders.WAITING) for _o, state, _p in instalments),
        "can_release": finance and by_hand,
        "typed": request.POST.get("reason", "") if fault else "",
        "fault": fault,
    }
    return render(request, "finance/order.html", found, status=fault.status if fault else 200)
