"""Payment orders: made with the approval that makes the state owe, released by what they wait for, or fallen away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grants.models import (
    Account,
    AuditEvent,
    EntitlementRun,
    Instalment,
    InstalmentLine,
    Organisation,
    PaymentOrder,
    User,
)
from grants.shared.errors import ChangedSince, Refused


@dataclass(frozen=True)
class Line:
    """What an instalment is made of, as the ledger names it; a correction downwards is below zero."""

    code: str
    origin_year: int
    origin_term: int
    amount_ore: int


@dataclass(frozen=True)
class Planned:
    """An instalment of a plan: when it is due, what it waits for, and its lines."""

    due_on: date
    lines: Sequence[Line]
    waits_for: Instalment.Event = Instalment.Event.NONE

    @property
    def amount_ore(self) -> int:
        return sum(line.amount_ore for line in self.lines)


@dataclass(frozen=True)
class Ordered:
    """An order as it is asked for: whom, from which post and account, under which words, by which plan."""

    subject: str
    recipient: Organisation
    scheme: str
    chapter: str
    post: str
    account_class: str
    about: str
    plan: Sequence[Planned]
    takes_from: Account = Account.OWED
    run: EntitlementRun | None = None


@transaction.atomic
def make_orders(wanted: Iterable[Ordered], *, by: User) -> int:
    """Make the orders that are not made yet, in the caller's transaction; how many were new.

    An order stands for ever: the same subject with another sum is refused.
    """
    wanted = list(wanted)
    known = dict(PaymentOrder.objects.filter(subject__in=[one.subject for one in wanted]).values_list("subject", "pk"))
    for one in wanted:
        if any(part.amount_ore <= 0 for part in one.plan):
            raise Refused(f"{one.subject}: an instalment is above zero; a negative sum is carried forward, never paid.")
        if one.subject in known:
            _require_same(known[one.subject], one)
    fresh = [one for one in wanted if one.subject not in known]
    orders = PaymentOrder.objects.bulk_create([_order(one, by) for one in fresh], batch_size=500)
    instalments = Instalment.objects.bulk_create(
        [
            Instalment(
                order=order, number=number, amount_ore=part.amount_ore, due_on=part.due_on, waits_for=part.waits_for
            )
            for order, one in zip(orders, fresh, strict=True)
            for number, part in enumerate(one.plan, start=1)
        ],
        batch_size=500,
    )
    parts = [part for one in fresh for part in one.plan]
    InstalmentLine.objects.bulk_create(
        [
            InstalmentLine(
                instalment=instalment,
                code=line.code,
                origin_year=line.origin_year,
                origin_term=line.origin_term,
                amount_ore=line.amount_ore,
            )
            for instalment, part in zip(instalments, parts, strict=True)
            for line in part.lines
        ],
        batch_size=500,
    )
    return len(fresh)


@transaction.atomic
def release(subject: str, event: Instalment.Event, *, on: date, by: User | None) -> int:
    """The event came that instalments of an order waited for; how many it released."""
    released = (
        Instalment.objects.outstanding()
        .filter(order__subject=subject, waits_for=event, released_on=None)
        .update(released_on=on)
    )
    if released:
        AuditEvent.objects.create(by=by, verb="release_instalments", subject=subject, details={"event": event.value})
    return released


@transaction.atomic
def cancel_outstanding(subjects: Iterable[str], *, on: date, by: User, why: str) -> int:
    """What is left of these orders falls away, øre; refused while any of it is on its way to the bank."""
    left = Instalment.objects.outstanding().filter(order__subject__in=list(subjects))
    on_its_way = left.filter(parts__is_alive=True).select_related("order").first()
    if on_its_way is not None:
        raise ChangedSince(
            _(
                "En utbetaling etter %(subject)s ligger i en bunt. La økonomi ta den ut av bunten, eller vent til banken har "
                "svart."
            )
            % {"subject": on_its_way.order.subject}
        )
    fallen = sum(left.values_list("amount_ore", flat=True))
    for subject in left.values_list("order__subject", flat=True).distinct():
        AuditEvent.objects.create(by=by, verb="cancel_instalments", subject=subject, details={"why": why})
    left.update(cancelled_on=on)
    return fallen


def _order(one: Ordered, by: User) -> PaymentOrder:
    return PaymentOrder(
        subject=one.subject,
        recipient=one.recipient,
        scheme=one.scheme,
        chapter=one.chapter,
        post=one.post,
        account_class=one.account_class,
        takes_from=one.takes_from,
        about=one.about,
        run=one.run,
        made_by=by,
    )


def _require_same(order_id: int, one: Ordered) -> None:
    standing = Instalment.objects.filter(order=order_id).order_by("number").values_list("amount_ore", flat=True)
    if list(standing) != [part.amount_ore for part in one.plan]:
        raise Refused(f"{one.subject} is ordered already, with other sums. Correct it with an order of its own.")
