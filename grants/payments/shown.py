"""What the finance pages show of batches: questions only, each with a name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from grants.models import (
    Approval,
    BankEvent,
    Hold,
    Instalment,
    Job,
    Organisation,
    Outlier,
    Payment,
    PaymentBatch,
    PaymentPart,
    User,
)
from grants.payments.outliers import before_of

State = PaymentBatch.State
WAITING = (State.OPEN, State.SEALED, State.ATTESTED, State.SENT)


@dataclass(frozen=True)
class Compared:
    """A payment beside what its recipient was paid the time before, for the same schemes; øre."""

    payment: Payment
    before_ore: int | None
    outliers: Sequence[Outlier]

    @property
    def change_ore(self) -> int:
        return self.payment.amount_ore - (self.before_ore or 0)

    @property
    def is_strange(self) -> bool:
        return bool(self.outliers)

    @property
    def waits(self) -> bool:
        """Is something about it not explained yet?"""
        return any(not one.explanation for one in self.outliers)


@dataclass(frozen=True)
class FellOut:
    """Somebody who was paid in the batch before and is not in this one, and what holds it back where something does."""

    recipient: Organisation
    before_ore: int
    hold: Hold | None


@dataclass(frozen=True)
class Difference:
    """A batch beside the batch before of the same schemes, and beside the plan; øre."""

    rows: Sequence[Compared]
    before: PaymentBatch | None
    before_ore: int
    fell_out: Sequence[FellOut]
    planned_ore: int
    held_ore: int

    @property
    def total_ore(self) -> int:
        return sum(row.payment.amount_ore for row in self.rows)

    @property
    def change_ore(self) -> int:
        return self.total_ore - self.before_ore

    @property
    def new(self) -> int:
        """How many are paid for the first time."""
        return sum(1 for row in self.rows if row.before_ore is None)

    @property
    def waits(self) -> int:
        """How many outliers are not explained yet."""
        return sum(1 for row in self.rows for one in row.outliers if not one.explanation)

    @property
    def strange(self) -> int:
        return sum(len(row.outliers) for row in self.rows)


def batches(*, year: int | None = None, waiting: bool = False, state: str = "") -> QuerySet[PaymentBatch]:
    """The batches, the newest first, with what is in each now (`count_now`, `ore_now`) and who attested it."""
    attested = Approval.objects.filter(digest=OuterRef("digest"), proposed_by=OuterRef("prepared_by"))
    by = User.objects.filter(pk=OuterRef("attested_by_id"))
    found = (
        PaymentBatch.objects.select_related("prepared_by")
        .annotate(count_now=Count("payments"), ore_now=Coalesce(Sum("payments__amount_ore"), 0))
        .annotate(attested_by_id=Subquery(attested.values("approved_by")[:1]))
        .annotate(attested_name=Subquery(by.values("name")[:1]), attested_username=Subquery(by.values("username")[:1]))
    )
    if year is not None:
        found = found.filter(pay_on__year=year)
    if waiting:
        found = found.filter(state__in=WAITING)
    if state:
        found = found.filter(state=state)
    return found.order_by("-number")


def years_with_batches() -> list[int]:
    """The years that batches are paid in, the newest first."""
    return [day.year for day in PaymentBatch.objects.dates("pay_on", "year", order="DESC")]


def attestation_of(batch: PaymentBatch) -> Approval | None:
    """Who attested the batch, and when."""
    return Approval.objects.select_related("approved_by").filter(subject=f"batch:{batch.number}").first()


def is_interested(user: User, batch: PaymentBatch) -> bool:
    """Does this person act for somebody who is paid in the batch?"""
    return user.memberships.filter(organisation__in=batch.payments.values("recipient")).exists()


def schemes_of(batch: PaymentBatch) -> list[dict[str, Any]]:
    """Control sums: payments' parts and øre by chapter, post and scheme. They add up to the batch."""
    rows = (
        PaymentPart.objects.filter(payment__batch=batch)
        .order_by("instalment__order__chapter", "instalment__order__post", "instalment__order__scheme")
        .values("instalment__order__chapter", "instalment__order__post", "instalment__order__scheme")
        .annotate(recipients=Count("payment", distinct=True), ore=Sum("instalment__amount_ore"))
    )
    return [
        {
            "chapter": row["instalment__order__chapter"],
            "post": row["instalment__order__post"],
            "scheme": row["instalment__order__scheme"],
            "recipients": row["recipients"],
            "ore": int(row["ore"]),
        }
        for row in rows
    ]


def difference(batch: PaymentBatch) -> Difference:
    """The payments of a batch, the strangest and largest first: unexplained, explained, then by how much has changed."""
    payments = list(batch.payments.select_related("recipient"))
    last = before_of(payments, batch.pay_on)
    outliers: dict[UUID, list[Outlier]] = defaultdict(list)
    for one in outliers_of(batch):
        outliers[one.payment_id].append(one)
    rows = [
        Compared(one, last[one.recipient_id][0] if one.recipient_id in last else None, outliers[one.pk])
        for one in payments
    ]
    rows.sort(
        key=lambda row: (
            not row.waits, not row.is_strange, -abs(row.change_ore), -row.payment.amount_ore, row.payment.name,
        )
    )  # fmt: skip
    schemes = _schemes(batch)
    before = _before(batch, schemes)
    paid_before = _paid_before(before, schemes)
    fell_out = _fell_out(
        {who: ore for who, ore in paid_before.items() if who not in {one.recipient_id for one in payments}}
    )
    planned, held = _planned(batch, schemes)
    return Difference(rows, before, sum(paid_before.values()), fell_out, planned, held)


def outliers_of(batch: PaymentBatch) -> QuerySet[Outlier]:
    """What is strange about the batch."""
    return Outlier.objects.filter(payment__batch=batch).select_related("explained_by").order_by("kind")


def states_of(batch: PaymentBatch) -> dict[str, tuple[int, int]]:
    """How many payments, and how much, are in each state: where the bank has answered, and how."""
    rows = batch.payments.order_by().values_list("state").annotate(count=Count("pk"), ore=Sum("amount_ore"))
    found = {state: (count, int(ore)) for state, count, ore in rows}
    return {state: found[state] for state in Payment.State.values if state in found}


def payments(*, batch: int | None = None, state: str = "", recipient: str = "") -> QuerySet[Payment]:
    """Payments of all batches, or of the batch of a number, in a state, or to the recipient of an organisation number."""
    found = Payment.objects.select_related("batch", "recipient")
    if batch is not None:
        found = found.filter(batch__number=batch)
    if state:
        found = found.filter(state=state)
    if recipient:
        found = found.filter(recipient__orgnr=recipient)
    return found


def answers_of(payments: Iterable[Payment]) -> dict[UUID, BankEvent]:
    """The last thing that the bank has said of each payment."""
    found: dict[UUID, BankEvent] = {}
    for event in BankEvent.objects.filter(payment__in=[one.pk for one in payments]).order_by("pk"):
        if event.payment_id is not None:
            found[event.payment_id] = event
    return found


def jobs_of(batch: PaymentBatch) -> list[Job]:
    """The jobs that carry the batch to the bank, the newest first."""
    return list(Job.objects.filter(key__startswith=f"send_batch:{batch.pk}").order_by("-pk"))


def parts_of(payment: Payment) -> QuerySet[PaymentPart]:
    """What a payment is made of: the specification that goes with it."""
    return (
        PaymentPart.objects.filter(payment=payment)
        .select_related("instalment__order__run")
        .prefetch_related("instalment__lines")
        .order_by("instalment__order__scheme", "instalment")
    )


def _schemes(batch: PaymentBatch) -> list[str]:
    found = PaymentPart.objects.filter(payment__batch=batch).order_by("instalment__order__scheme")
    return list(found.values_list("instalment__order__scheme", flat=True).distinct())


def _before(batch: PaymentBatch, schemes: list[str]) -> PaymentBatch | None:
    """The last batch before this one that paid for one of its schemes."""
    sent = PaymentBatch.objects.filter(state__in=(State.SENT, State.ANSWERED), pay_on__lt=batch.pay_on)
    parts = PaymentPart.objects.filter(payment__batch=OuterRef("pk"), instalment__order__scheme__in=schemes)
    return sent.filter(Exists(parts)).order_by("-pay_on", "-number").first()


def _paid_before(before: PaymentBatch | None, schemes: list[str]) -> dict[UUID, int]:
    """What each recipient had in that batch for these schemes, øre."""
    if before is None:
        return {}
    parts = PaymentPart.objects.filter(payment__batch=before, instalment__order__scheme__in=schemes)
    rows = parts.order_by().values_list("payment__recipient").annotate(ore=Sum("instalment__amount_ore"))
    return {recipient: int(ore) for recipient, ore in rows}


def _fell_out(gone: dict[UUID, int]) -> list[FellOut]:
    """The largest first, with what holds them back."""
    held = Hold.objects.open().filter(order__recipient__in=list(gone)).select_related("order").order_by("-pk")
    holds = {one.order.recipient_id: one for one in held}
    recipients = Organisation.objects.filter(pk__in=list(gone))
    found = [FellOut(one, gone[one.pk], holds.get(one.pk)) for one in recipients]
    return sorted(found, key=lambda one: (-one.before_ore, one.recipient.name))


def _planned(batch: PaymentBatch, schemes: list[str]) -> tuple[int, int]:
    """What the plans of the orders say should have been paid by the day, and how much of it is held back; øre."""
    left = Instalment.objects.outstanding().filter(due_on__lte=batch.pay_on, order__scheme__in=schemes).in_no_payment()
    waits = left.aggregate(ore=Coalesce(Sum("amount_ore"), 0))["ore"]
    held = left.held().aggregate(ore=Coalesce(Sum("amount_ore"), 0))["ore"]
    inside = batch.payments.aggregate(ore=Coalesce(Sum("amount_ore"), 0))["ore"]
    return int(inside + waits), int(held)


def to_pay(on: Any) -> dict[str, Any]:
    """What a batch of a day would take up, as it stands: recipients, øre and the first day that something is due."""
    payable = Instalment.objects.payable(on)
    found = payable.aggregate(
        recipients=Count("order__recipient", distinct=True),
        ore=Coalesce(Sum("amount_ore"), 0),
        first=Min("due_on"),
        schemes=Count("order__scheme", distinct=True),
    )
    return found | {"ore": int(found["ore"])}


def waiting_for(user: User) -> int:
    """How many batches wait for this person: sealed, and prepared by somebody else."""
    return PaymentBatch.objects.filter(Q(state=State.SEALED) & ~Q(prepared_by=user)).count()


def schemes_to_pay(on: Any) -> list[str]:
    """The schemes that something is payable for on a day."""
    return list(
        Instalment.objects.payable(on).order_by("order__scheme").values_list("order__scheme", flat=True).distinct()
    )
