"""Banking days in Norway: not Saturdays, Sundays or the holidays of law (lov om helligdager og helligdagsfred § 2, lov om 1. og 17. mai).

Christmas Eve counts as one here, although banks close early; what the bank calls a day is what counts in the books.
"""

from datetime import date, timedelta
from functools import cache

FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
# In days from Easter Day: Maundy Thursday, Good Friday, Easter Monday, Ascension Day and Whit Monday.
FROM_EASTER = (-3, -2, 1, 39, 50)
SATURDAY = 5


def is_banking_day(day: date) -> bool:
    """Do Norwegian banks settle on this day?"""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def banking_days_after(day: date, count: int) -> date:
    """The day that lies so many banking days after another."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_banking_day(day)
    return day


def banking_days_before(day: date, count: int) -> date:
    """The day that lies so many banking days before another."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_banking_day(day)
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    easter = _easter(year)
    moving = (easter + timedelta(days=days) for days in FROM_EASTER)
    return frozenset((*(date(year, month, day) for month, day in FIXED), *moving))


def _easter(year: int) -> date:
    """Easter Day by the Gregorian computus (Meeus, Jones, Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
