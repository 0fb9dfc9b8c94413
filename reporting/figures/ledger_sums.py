"""What the ledger says of a year, asked once: one GROUP BY that the index `ledger_year_end` answers alone."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.models import Sum

from grants.models import Account, LedgerEntry


class LedgerSum(NamedTuple):
    """The sum of the lines that agree in everything the year-end tables ask for."""

    chapter: str
    post: str
    scheme: str
    code: str
    sector: str
    account_class: str
    debit: str
    credit: str
    amount_ore: int

    def onto(self, account: Account) -> int:
        """What these lines add to an account: plus where it is credited, minus where it is debited."""
        if self.credit == account:
            return self.amount_ore
        return -self.amount_ore if self.debit == account else 0

    @property
    def paid_ore(self) -> int:
        """Cash basis: what was paid out, less what came back or was reversed."""
        return self.onto(Account.PAID)

    @property
    def granted_ore(self) -> int:
        """What has left the appropriation, committed or owed, less what was given back to it."""
        return -self.onto(Account.APPROPRIATION)


GROUPED_BY = ("chapter", "post", "scheme", "code", "recipient_sector", "account_class", "debit", "credit")


def booked(year: int) -> list[LedgerSum]:
    """All sums of a budget year: some hundred rows, whatever the number of lines. Sorted, so both databases agree."""
    rows = (
        LedgerEntry.objects.filter(budget_year=year)
        .order_by()
        .values_list(*GROUPED_BY)
        .annotate(total=Sum("amount_ore"))
    )
    return sorted(LedgerSum._make((*row[:-1], int(row[-1]))) for row in rows)


def summed[Key](
    sums: Iterable[LedgerSum], by: Callable[[LedgerSum], Key], what: Callable[[LedgerSum], int]
) -> dict[Key, int]:
    """The sums added up by something they have in common."""
    found: dict[Key, int] = {}
    for one in sums:
        key = by(one)
        found[key] = found.get(key, 0) + what(one)
    return found
