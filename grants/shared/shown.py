"""Amounts, numbers, days and moments as the reader's language writes them. Letters and files have formats of their own."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language

from grants.shared.money import NO_BREAK_SPACE
from grants.shared.money import kr as plain

POINTS = str.maketrans({NO_BREAK_SPACE: ",", ",": "."})


def in_english() -> bool:
    """Is it an applicant who has chosen English that reads?"""
    return get_language() == "en"


def figure(amount_ore: int) -> str:
    """Øre as kroner without the unit: «1 234 567», “1,234,567”."""
    text = plain(amount_ore)
    return text.translate(POINTS) if in_english() else text


def amount(amount_ore: int) -> str:
    """Øre with the unit: «1 234 567 kr», “NOK 1,234,567”."""
    if not in_english():
        return f"{plain(amount_ore)}{NO_BREAK_SPACE}kr"
    sign = "\N{MINUS SIGN}" if amount_ore < 0 else ""
    return f"{sign}NOK{NO_BREAK_SPACE}{figure(abs(amount_ore))}"


def count(number: int) -> str:
    """«45 495», “45,495”."""
    return figure(number * 100)


def point() -> str:
    """What stands before decimals."""
    return "." if in_english() else ","


def percent(share: Decimal) -> str:
    """A share: «7,5 %», “7.5%”."""
    text = f"{(share * 100).normalize():f}".replace(".", point())
    return f"{text}%" if in_english() else f"{text}{NO_BREAK_SPACE}%"


def day(value: date) -> str:
    """«15. mars 2017», “15 March 2017”, in Norway."""
    if isinstance(value, datetime):
        value = localtime(value)
    dot = "" if in_english() else "."
    return str(date_format(value, f"j{dot}{NO_BREAK_SPACE}F{NO_BREAK_SPACE}Y"))


def clock(value: datetime, *, seconds: bool = False) -> str:
    """«kl. 09.12», “at 09:12”, in Norway."""
    here = localtime(value)
    if in_english():
        return f"at{NO_BREAK_SPACE}{here:%H:%M:%S}" if seconds else f"at{NO_BREAK_SPACE}{here:%H:%M}"
    return f"kl.{NO_BREAK_SPACE}{here:%H.%M.%S}" if seconds else f"kl.{NO_BREAK_SPACE}{here:%H.%M}"


def moment(value: datetime, *, seconds: bool = False) -> str:
    """«15. mars 2017 kl. 09.12», “15 March 2017 at 09:12”, in Norway."""
    return f"{day(value)} {clock(value, seconds=seconds)}"


def deadline(value: datetime) -> str:
    """The first moment that is too late, as people say it: midnight is «kl. 24.00» of the day before."""
    last_day, too_late = last_moment(value)
    return f"{day(last_day)} {too_late}"


def last_moment(value: datetime) -> tuple[datetime, str]:
    """The last day that is in time, and the time of it when it is too late."""
    here = localtime(value)
    if (here.hour, here.minute) != (0, 0):
        return here, clock(value)
    return here - timedelta(days=1), f"at{NO_BREAK_SPACE}24:00" if in_english() else f"kl.{NO_BREAK_SPACE}24.00"
