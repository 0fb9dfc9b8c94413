"""Which budget years there is something to show of."""

from grants.models import Account, BudgetPost, ClosedYear, LedgerEntry
from reporting.models import YearEndReport

USUAL_YEAR = 2017


def years() -> list[int]:
    """The years with an appropriation or a booking, the newest first; the demo year where there is none."""
    appropriated = BudgetPost.objects.order_by().values_list("year", flat=True).distinct()
    booked = LedgerEntry.objects.order_by().values_list("budget_year", flat=True).distinct()
    return sorted({*appropriated, *booked}, reverse=True) or [USUAL_YEAR]


def chosen_year(asked: str) -> int:
    """The year an address asks for; else the newest in which something was owed or paid, or the newest there is."""
    known = years()
    if asked.isascii() and asked.isdigit() and int(asked) in known:
        return int(asked)
    moved = (
        LedgerEntry.objects.filter(credit__in=(Account.OWED, Account.PAID))
        .order_by("-budget_year")
        .values_list("budget_year", flat=True)
        .first()
    )
    return moved or known[0]


def is_closed(year: int) -> bool:
    """Are the books of the year closed?"""
    return ClosedYear.objects.filter(pk=year).exists()


def versions(year: int) -> list[YearEndReport]:
    """The frozen reports of a year, the newest first."""
    return list(YearEndReport.objects.filter(year=year).order_by("-version"))
