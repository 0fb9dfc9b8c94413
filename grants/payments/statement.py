"""One statement for a recipient across all schemes: promised, paid, on its way, held back and why, set off, owed, expected.

Each krone stands in one place: what is paid in the year that it left (the cash principle), what is ordered in the year that
it is due, what is promised and not yet ordered in the year of its commitment.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef

from grants.law.municipalities import successor
from grants.models import (
    Account,
    EntitlementRun,
    Hold,
    Instalment,
    LedgerEntry,
    Letter,
    Organisation,
    Payment,
    PaymentBatch,
    PaymentOrder,
    PaymentPart,
    RunPayable,
)
from grants.payments.recipients import numbers_of, with_predecessors

WITH_THE_BANK = (PaymentBatch.State.SENT, PaymentBatch.State.ANSWERED)


@dataclass
class Sums:
    """What one scheme comes to for a recipient in a year, øre."""

    scheme: str
    promised_ore: int = 0
    paid_ore: int = 0
    sent_ore: int = 0
    held_ore: int = 0
    expected_ore: int = 0
    set_off_ore: int = 0

    @property
    def whole_ore(self) -> int:
        """All that is the recipient's in the year; what is set off is left out, since it is not paid."""
        return max(self.paid_ore, 0) + self.sent_ore + self.held_ore + self.expected_ore + self.promised_ore

    @property
    def parts(self) -> list[tuple[str, int]]:
        """What the bar is made of."""
        return [
            ("paid", max(self.paid_ore, 0)), ("sent", self.sent_ore), ("held", self.held_ore),
            ("expected", self.expected_ore), ("promised", self.promised_ore),
        ]  # fmt: skip


@dataclass(frozen=True)
class HeldBack:
    """An instalment that waits although it is due or will be, with all that holds it."""

    instalment: Instalment
    holds: tuple[Hold, ...]


@dataclass(frozen=True)
class Owes:
    """What a recipient owes the state, and how it is settled."""

    scheme: str
    amount_ore: int
    what: str  # "carried": taken out of the next payment; "claim": claimed back, and `about` is the number of the claim
    about: str = ""


@dataclass(frozen=True)
class Move:
    """Something that was decided or paid: a run's sum, or an order; `state` says how far it has come."""

    on: date
    scheme: str
    amount_ore: int
    state: str
    order: PaymentOrder | None = None
    payable: RunPayable | None = None
    letter: Letter | None = None
    payment: Payment | None = None


@dataclass
class Statement:
    """All that a recipient's page shows of a year."""

    organisation: Organisation
    year: int
    years: list[int]
    rows: list[Sums]
    held: list[HeldBack]
    owes: list[Owes]
    moves: list[Move]
    months: list[tuple[int, int, int]] = field(default_factory=list)
    merged: list[Organisation] = field(default_factory=list)

    @property
    def whole(self) -> Sums:
        """All schemes together."""
        total = Sums("")
        for row in self.rows:
            for name in ("promised_ore", "paid_ore", "sent_ore", "held_ore", "expected_ore", "set_off_ore"):
                setattr(total, name, getattr(total, name) + getattr(row, name))
        return total

    @property
    def largest_ore(self) -> int:
        """The largest scheme of the year, which the others are drawn beside."""
        return max((row.whole_ore for row in self.rows), default=0)

    @property
    def owed_ore(self) -> int:
        return sum(one.amount_ore for one in self.owes)


# Whoever else knows what a recipient owes adds a question here: recipients in, what they owe out.
OWED: list[Callable[[list[Organisation]], Iterable[Owes]]] = []
# And what payments of a year were less by, øre by scheme.
OFFSET: list[Callable[[list[Organisation], int], Mapping[str, int]]] = []


def statement(organisation: Organisation, year: int | None = None, *, on: date) -> Statement:
    """The statement of a year; without one, of the latest that has something."""
    recipients = with_predecessors(organisation)
    years = years_of(recipients) or [on.year]
    chosen = year if year in years else years[0]
    held = _held(recipients)
    return Statement(
        organisation,
        chosen,
        years,
        _sums(recipients, chosen, {one.instalment.pk for one in held}),
        held,
        [*_carried(recipients, on), *(owes for ask in OWED for owes in ask(recipients))],
        moves_of(recipients, chosen),
        _months(recipients, chosen),
        recipients[1:],
    )


def years_of(recipients: list[Organisation]) -> list[int]:
    """The years in which something was booked or is due, the newest first."""
    booked = LedgerEntry.objects.filter(recipient__in=recipients).values_list("budget_year", flat=True).distinct()
    due = Instalment.objects.filter(order__recipient__in=recipients).values_list("due_on__year", flat=True).distinct()
    runs = EntitlementRun.objects.booked().filter(payables__municipality_number__in=numbers_of(recipients))
    return sorted({*booked, *due, *runs.values_list("booked_on__year", flat=True).distinct()}, reverse=True)


def _sums(recipients: list[Organisation], year: int, held: set[int]) -> list[Sums]:
    found: dict[str, Sums] = {}

    def of(scheme: str) -> Sums:
        return found.setdefault(scheme, Sums(scheme))

    ordered: dict[tuple[str, int], int] = defaultdict(int)
    for one in _outstanding(recipients):
        scheme = one.order.scheme
        if one.order.takes_from == Account.COMMITTED:
            ordered[scheme, _origin_year(one)] += one.amount_ore
        if one.due_on.year != year:
            continue
        if one.is_sent:  # type: ignore[attr-defined]  # by _outstanding
            of(scheme).sent_ore += one.amount_ore
        elif one.pk in held:
            of(scheme).held_ore += one.amount_ore
        else:
            of(scheme).expected_ore += one.amount_ore
    for scheme, origin, debit, credit, ore in _booked(recipients, Account.COMMITTED):
        if origin == year:
            of(scheme).promised_ore += ore * ((credit == Account.COMMITTED) - (debit == Account.COMMITTED))
    for (scheme, origin), ore in ordered.items():
        if origin == year:
            of(scheme).promised_ore -= ore
    for scheme, paid in _paid(recipients, year).items():
        of(scheme).paid_ore += paid
    for payable in _payables(recipients, year):
        of(payable.run.scheme).set_off_ore += max(0, payable.due_ore) - payable.paid_ore
    for ask in OFFSET:
        for scheme, ore in ask(recipients, year).items():
            of(scheme).set_off_ore += ore
    for row in found.values():
        row.promised_ore = max(0, row.promised_ore)
    return sorted(found.values(), key=lambda row: (-row.whole_ore, row.scheme))


def _booked(recipients: list[Organisation], account: Account) -> Iterable[tuple[str, int, str, str, int]]:
    lines = LedgerEntry.objects.filter(recipient__in=recipients)
    lines = lines.filter(debit=account) | lines.filter(credit=account)
    return lines.values_list("scheme", "origin_year", "debit", "credit", "amount_ore")


def _paid(recipients: list[Organisation], year: int) -> dict[str, int]:
    paid: dict[str, int] = defaultdict(int)
    lines = LedgerEntry.objects.filter(recipient__in=recipients, budget_year=year)
    lines = lines.filter(debit=Account.PAID) | lines.filter(credit=Account.PAID)
    for scheme, credit, ore in lines.values_list("scheme", "credit", "amount_ore"):
        paid[scheme] += ore if credit == Account.PAID else -ore
    return paid


def _months(recipients: list[Organisation], year: int) -> list[tuple[int, int, int]]:
    """What was paid in each month of the year, and what is still to come in it, øre."""
    paid, coming = dict.fromkeys(range(1, 13), 0), dict.fromkeys(range(1, 13), 0)
    lines = LedgerEntry.objects.filter(recipient__in=recipients, budget_year=year)
    lines = lines.filter(debit=Account.PAID) | lines.filter(credit=Account.PAID)
    for day, credit, ore in lines.values_list("value_date", "credit", "amount_ore"):
        paid[day.month] += ore if credit == Account.PAID else -ore
    for one in _outstanding(recipients):
        if one.due_on.year == year:
            coming[one.due_on.month] += one.amount_ore
    return [(month, paid[month], coming[month]) for month in paid]


def _outstanding(recipients: list[Organisation]) -> Iterable[Instalment]:
    sent = PaymentPart.objects.filter(
        instalment=OuterRef("pk"), is_alive=True, payment__batch__state__in=WITH_THE_BANK
    ).exclude(payment__state__in=[Payment.State.REJECTED, Payment.State.RETURNED])
    found = Instalment.objects.outstanding().filter(order__recipient__in=recipients)
    return (
        found.annotate(is_sent=Exists(sent)).select_related("order").prefetch_related("lines").order_by("due_on", "pk")
    )


def _origin_year(one: Instalment) -> int:
    lines = list(one.lines.all())
    return lines[0].origin_year if lines else one.due_on.year


def _held(recipients: list[Organisation]) -> list[HeldBack]:
    holds: dict[int, list[Hold]] = defaultdict(list)
    for hold in Hold.objects.open().filter(order__recipient__in=recipients).order_by("placed_on", "pk"):
        holds[hold.order_id].append(hold)
    return [
        HeldBack(one, tuple(holds[one.order_id]))
        for one in _outstanding(recipients)
        if one.order_id in holds and not one.is_sent  # type: ignore[attr-defined]
    ]


def _payables(recipients: list[Organisation], year: int) -> Iterable[RunPayable]:
    found = RunPayable.objects.filter(
        run__in=EntitlementRun.objects.booked(), run__booked_on__year=year,
        municipality_number__in=numbers_of(recipients),
    )  # fmt: skip
    return found.select_related("run").order_by("-run__booked_on", "-run", "municipality_number")


def _carried(recipients: list[Organisation], on: date) -> Iterable[Owes]:
    """The negative sums that wait for the next run of their scheme: taken out of it, never paid back otherwise (A4)."""
    numbers = set(numbers_of(recipients))
    newest: dict[str, EntitlementRun] = {}
    for run in EntitlementRun.objects.booked().order_by("approval_number"):
        newest[run.scheme] = run
    waiting: dict[str, int] = defaultdict(int)
    for payable in RunPayable.objects.filter(run__in=newest.values(), carried_out_ore__lt=0).select_related("run"):
        if payable.municipality_number in numbers or successor(payable.municipality_number, on) in numbers:
            waiting[payable.run.scheme] -= payable.carried_out_ore
    return [Owes(scheme, ore, "carried") for scheme, ore in sorted(waiting.items())]


def moves_of(recipients: list[Organisation], year: int) -> list[Move]:
    """What was decided or ordered for these in a year, the newest first: runs also where they paid nothing."""
    orders = PaymentOrder.objects.filter(recipient__in=recipients).prefetch_related("instalments")
    by_subject = {one.subject: one for one in orders}
    held = set(Hold.objects.open().filter(order__in=by_subject.values()).values_list("order", flat=True))
    payments = _payments(recipients)
    payables = list(_payables(recipients, year))
    letters = {
        (one.run_id, one.recipient.municipality_number): one
        for one in Letter.objects.filter(run__in=[p.run_id for p in payables], recipient__in=recipients).select_related(
            "recipient", "run"
        )
    }
    found = []
    for payable in payables:
        order = by_subject.pop(f"run:{payable.run_id}:{payable.municipality_number}", None)
        assert payable.run.booked_on is not None  # what is booked has its day
        found.append(
            Move(
                payable.run.booked_on, payable.run.scheme, payable.paid_ore, _state_of(payable, order, held, payments),
                order, payable, letters.get((payable.run_id, payable.municipality_number)),
                payments.get(order.pk) if order else None,
            )
        )  # fmt: skip
    for order in by_subject.values():
        instalments = list(order.instalments.all())
        if order.run_id is None and any(one.due_on.year == year for one in instalments):
            ore = sum(one.amount_ore for one in instalments if one.cancelled_on is None)
            found.append(
                Move(
                    min(one.due_on for one in instalments), order.scheme, ore, _state_of(None, order, held, payments),
                    order, payment=payments.get(order.pk),
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: one.on, reverse=True)


def _payments(recipients: list[Organisation]) -> dict[int, Payment]:
    """The living payment of each order, the newest where there are several."""
    parts = PaymentPart.objects.filter(payment__recipient__in=recipients, is_alive=True)
    parts = parts.select_related("payment__batch", "instalment").order_by("pk")
    return {part.instalment.order_id: part.payment for part in parts}


def _state_of(
    payable: RunPayable | None, order: PaymentOrder | None, held: set[int], payments: dict[int, Payment]
) -> str:
    """How far it has come: paid, partly paid, sent, held, waiting, fallen away; or carried on where nothing is paid."""
    if order is None:
        if payable is not None and not payable.paid_ore:
            return "carried" if payable.carried_out_ore else "nothing"
        return "paid" if payable is not None and payable.run.state == EntitlementRun.State.PAID else "expected"
    instalments = [one for one in order.instalments.all() if one.cancelled_on is None]
    if not instalments:
        return "cancelled"
    settled = [one for one in instalments if one.settled_on is not None]
    if len(settled) == len(instalments):
        return "paid"
    payment = payments.get(order.pk)
    if payment is not None and payment.state in (Payment.State.SENT, Payment.State.ACCEPTED):
        return "sent"
    if order.pk in held:
        return "held"
    return "partly" if settled else "expected"
