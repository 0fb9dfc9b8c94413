"""What the finance pages show of payment orders: questions only, each with a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from grants.models import Hold, Instalment, PaymentOrder, PaymentPart

HELD, WAITING, IN_BATCH, PAID = "held", "waiting", "in_batch", "paid"
STATES = (HELD, WAITING, IN_BATCH, PAID)


@dataclass(frozen=True)
class Found:
    """Instalments in one state: how many orders they belong to, and how much they are, in øre."""

    orders: int
    ore: int


@dataclass(frozen=True)
class Chosen:
    """What the list is narrowed to. Empty: all."""

    scheme: str = ""
    recipient: str = ""
    year: int | None = None
    state: str = ""


def orders(chosen: Chosen) -> QuerySet[PaymentOrder]:
    """Orders that fit, the newest first, with what each has paid, on its way, and left (`paid_ore`, …)."""
    found = PaymentOrder.objects.select_related("recipient").filter(_of_order(chosen))
    if chosen.year is not None:
        found = found.filter(Exists(Instalment.objects.filter(order=OuterRef("pk"), due_on__year=chosen.year)))
    if chosen.state in STATES:
        found = found.filter(Exists(in_state(chosen.state).filter(order=OuterRef("pk"))))
    return (
        found.annotate(
            total_ore=_sum(Instalment.objects.filter(cancelled_on=None)),
            paid_ore=_sum(in_state(PAID)),
            in_batch_ore=_sum(in_state(IN_BATCH)),
            waiting_ore=_sum(in_state(WAITING)),
            held_ore=_sum(in_state(HELD)),
            next_on=Subquery(
                Instalment.objects.outstanding().filter(order=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
            ),
        )
        .prefetch_related(Prefetch("holds", Hold.objects.open().order_by("pk"), to_attr="open_holds"))
        .order_by("-pk")
    )


def in_state(state: str) -> QuerySet[Instalment]:
    """Instalments that are held back, wait, are in a batch, or are paid. Every one that has not fallen away is in one of them."""
    if state == PAID:
        return Instalment.objects.filter(settled_on__isnull=False)
    left = Instalment.objects.outstanding()
    if state == IN_BATCH:
        return left.filter(Exists(PaymentPart.objects.filter(instalment=OuterRef("pk"), is_alive=True)))
    free, is_held = left.in_no_payment(), Exists(Hold.objects.open().filter(order=OuterRef("order")))
    return free.filter(is_held) if state == HELD else free.exclude(is_held)


def sums(chosen: Chosen) -> dict[str, Found]:
    """How much is in each state, of what fits but for the state."""
    of_order = Q(order__in=PaymentOrder.objects.filter(_of_order(chosen)))
    found = {}
    for state in STATES:
        rows = in_state(state).filter(of_order)
        if chosen.year is not None:
            rows = rows.filter(due_on__year=chosen.year)
        counted = rows.aggregate(orders=Count("order", distinct=True), ore=Coalesce(Sum("amount_ore"), 0))
        found[state] = Found(counted["orders"], int(counted["ore"]))
    return found


def schemes_with_orders() -> list[str]:
    """The schemes that have orders."""
    return list(PaymentOrder.objects.order_by("scheme").values_list("scheme", flat=True).distinct())


def years_with_orders() -> list[int]:
    """The years that instalments fall due in, the newest first."""
    return [day.year for day in Instalment.objects.dates("due_on", "year", order="DESC")]


def instalments_of(order: PaymentOrder) -> list[tuple[Instalment, str, PaymentPart | None]]:
    """The plan: each instalment, its state, and the payment that it is in now."""
    is_held = Hold.objects.open().filter(order=order).exists()
    parts = PaymentPart.objects.filter(is_alive=True).select_related("payment__batch")
    rows = order.instalments.prefetch_related("lines", Prefetch("parts", parts, to_attr="alive")).order_by("number")
    return [(one, _state(one, one.alive, is_held), next(iter(one.alive), None)) for one in rows]


def payments_of(order: PaymentOrder) -> QuerySet[PaymentPart]:
    """Every payment that any of it has been in, also those that failed, the newest first."""
    rows = PaymentPart.objects.filter(instalment__order=order).select_related("payment__batch", "instalment")
    return rows.order_by("-pk")


def _state(one: Instalment, alive: Iterable[PaymentPart], is_held: bool) -> str:
    if one.cancelled_on is not None:
        return "cancelled"
    if one.settled_on is not None:
        return PAID
    if any(True for _part in alive):
        return IN_BATCH
    return HELD if is_held else WAITING


def _of_order(chosen: Chosen) -> Q:
    fits = Q()
    if chosen.scheme:
        fits &= Q(scheme=chosen.scheme)
    for word in chosen.recipient.casefold().split():
        fits &= (
            Q(recipient__search_key__contains=word)
            | Q(recipient__orgnr__startswith=word)
            | Q(recipient__municipality_number=word)
        )
    return fits


def _sum(rows: QuerySet[Instalment]) -> Any:
    """The øre of an order's instalments among these."""
    of_order = rows.filter(order=OuterRef("pk")).order_by().values("order").annotate(ore=Sum("amount_ore"))
    return Coalesce(Subquery(of_order.values("ore")), 0)
