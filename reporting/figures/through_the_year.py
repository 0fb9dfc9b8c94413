"""What was paid, month by month, added up through the year: what the front page draws."""

from datetime import date
from itertools import accumulate

from django.db.models import Q, Sum

from grants.models import Account, LedgerEntry

MONTHS = 12


def paid_by_month(year: int, *, today: date) -> list[int]:
    """Paid so far at the end of each month of a budget year, in øre; of the year that it is now, the months that have come.

    Nothing where nothing is paid by this system.
    """
    months = [0] * MONTHS
    paid = (
        LedgerEntry.objects.filter(budget_year=year).filter(Q(credit=Account.PAID) | Q(debit=Account.PAID)).order_by()
    )
    for day, credit, ore in paid.values_list("value_date", "credit").annotate(sum=Sum("amount_ore")):
        months[day.month - 1] += ore if credit == Account.PAID else -ore
    come = MONTHS if year < today.year else today.month if year == today.year else 0
    return list(accumulate(months[:come])) if any(months) else []
