"""Days are Norwegian days. A moment is stored in UTC; a day is decided in Europe/Oslo."""

import re
from datetime import date

from django.utils import timezone

from grants.shared.errors import BadInput

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def today() -> date:
    """The day it is in Norway."""
    return timezone.localdate()


def read_day(text: str) -> date:
    """A day written as ISO 8601, for example 2017-06-01."""
    try:
        if not _ISO.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("a day as YYYY-MM-DD, for example 2017-06-01") from None
