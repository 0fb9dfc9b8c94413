"""Months between days: a deadline of so many months ends on the same day of the month, or on the last where it is missing."""

import calendar
from datetime import date

MONTHS_OF_A_YEAR = 12


def months_after(day: date, months: int) -> date:
    """The day so many months later: 31 January and one month is 28 or 29 February."""
    years, month = divmod(day.month - 1 + months, MONTHS_OF_A_YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_begun(first: date, last: date) -> int:
    """The smallest number of months after the first day that reaches the last; 0 where it is no later."""
    months = max(0, (last.year - first.year) * MONTHS_OF_A_YEAR + last.month - first.month)
    return months + 1 if months_after(first, months) < last else months
