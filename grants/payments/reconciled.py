"""Does the bank say what the ledger says? Day by day, statement by statement, and what the bank has not said anything of."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from grants.law.assumptions import assumption
from grants.models import Account, BankEvent, BankStatement, LedgerEntry, Payment, RecoveryEvent
from grants.shared.banking_days import banking_days_before

# What was booked as paid without the bank: by hand, and transfers outside the schemes that are paid by another way.
_BY_HAND = Q(key__contains=":by_hand:") | (
    Q(key__startswith="transfer:") & ~Q(key__contains=":paid:") & ~Q(key__contains=":returned:")
)


@dataclass(frozen=True)
class Day:
    """One day: what the bank has booked on the account, what the ledger says of it, and what was booked by hand; øre.

    Out is below zero, in above.
    """

    on: date
    bank_ore: int
    ledger_ore: int
    by_hand_ore: int
    events: Sequence[BankEvent]

    @property
    def apart_ore(self) -> int:
        """What the bank has that the ledger has not."""
        return self.bank_ore - self.ledger_ore

    @property
    def agrees(self) -> bool:
        return self.apart_ore == 0


@dataclass(frozen=True)
class Statement:
    """A statement, what is missing between the one before and this, and where the ledger says that the account stands; øre.

    The ledger does not know where the account began, so it is counted from the opening balance of the first statement.
    """

    statement: BankStatement
    before: BankStatement | None
    ledger_ore: int

    @property
    def apart_ore(self) -> int:
        return self.statement.closing_ore - self.ledger_ore

    @property
    def is_skipped(self) -> bool:
        """Is the bank's number not the next one? Banks number by the year, so 1 may come after any."""
        before, number = self.before, self.statement.sequence
        return before is not None and before.sequence is not None and number not in (None, 1, before.sequence + 1)

    @property
    def jump_ore(self) -> int:
        """How much the account has moved between the statements, where one should begin as the other ended."""
        return self.statement.opening_ore - self.before.closing_ore if self.before else 0

    @property
    def agrees(self) -> bool:
        return not (self.is_skipped or self.jump_ore or self.apart_ore)


def days(year: int) -> list[Day]:
    """Every day of a year on which the bank or the ledger has moved money, the newest first."""
    bank, events = defaultdict[date, int](int), defaultdict[date, list[BankEvent]](list)
    told = BankEvent.objects.filter(on__year=year).exclude(amount_ore=0)
    for on, ore in told.order_by().values_list("on").annotate(ore=Sum("amount_ore")):
        bank[on] += int(ore)
    for event in told.exclude(trouble="").select_related("payment__recipient", "payment__batch", "resolution"):
        if event.on is not None:
            events[event.on].append(event)
    ledger, by_hand = _ledger(year)
    found = [
        Day(on, bank[on], ledger[on] - by_hand[on], by_hand[on], events[on])
        for on in sorted({*bank, *ledger, *by_hand}, reverse=True)
    ]
    return [day for day in found if day.bank_ore or day.ledger_ore or day.by_hand_ore or day.events]


def statements(year: int) -> list[Statement]:
    """The statements that close in a year, the newest first."""
    every = list(BankStatement.objects.order_by("closing_on", "sequence", "pk"))
    if not every:
        return []
    anchor = every[0]
    moved = sorted(_all_moved(anchor.first_on).items())
    found, place, ledger = list[Statement](), 0, anchor.opening_ore
    before: BankStatement | None = None
    for one in every:
        while place < len(moved) and moved[place][0] <= one.closing_on:
            ledger += moved[place][1]
            place += 1
        found.append(Statement(one, before, ledger))
        before = one
    return [one for one in reversed(found) if one.statement.closing_on.year == year]


def silent(today: date) -> QuerySet[Payment]:
    """Payments that are with the bank, whose day is longer ago than the bank takes to say that they have left (A25)."""
    until = banking_days_before(today, assumption("payments", "silent_banking_days"))
    return (
        Payment.objects.filter(state__in=(Payment.State.SENT, Payment.State.ACCEPTED), batch__pay_on__lt=until)
        .select_related("batch", "recipient")
        .order_by("batch__pay_on", "-amount_ore")
    )


def years() -> list[int]:
    """The years in which the bank has told of money, the newest first."""
    told = {one.year for one in BankEvent.objects.exclude(on=None).dates("on", "year")}
    closed = {one.year for one in BankStatement.objects.dates("closing_on", "year")}
    return sorted(told | closed, reverse=True)


def _by_hand() -> Q:
    """What was booked without a word from the bank: payments, and money that came back and a person booked on a claim."""
    booked = RecoveryEvent.objects.filter(kind=RecoveryEvent.Kind.PAID, bank_event=None)
    keys = [f"recovery:{claim}:{number}" for claim, number in booked.values_list("claim", "number")]
    return _BY_HAND | Q(key__in=[*keys, *(f"reverse:{key}" for key in keys)])


def _ledger(year: int) -> tuple[dict[date, int], dict[date, int]]:
    """By day: what has left or come back by the ledger, and how much of it was booked by hand."""
    lines = LedgerEntry.objects.filter(budget_year=year)
    return _moved(lines), _moved(lines.filter(_by_hand()))


def _all_moved(first: date) -> dict[date, int]:
    lines = LedgerEntry.objects.filter(budget_year__gte=first.year, value_date__gte=first)
    found = _moved(lines)
    for day, ore in _moved(lines.filter(_by_hand())).items():
        found[day] -= ore
    return found


def _moved(lines: QuerySet[LedgerEntry]) -> dict[date, int]:
    """What the lines move on the bank account, by day: paid is out, returned and recovered is in."""
    found = defaultdict[date, int](int)
    for sign, side in ((-1, "credit"), (1, "debit")):
        rows = lines.filter(**{side: Account.PAID}).order_by().values_list("value_date")
        for day, ore in rows.annotate(ore=Sum("amount_ore")):
            found[day] += sign * int(ore)
    return found
