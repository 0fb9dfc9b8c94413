"""What may stand in a cell of the register's files. Each refuses with what was expected."""

import re
from collections.abc import Callable
from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.no import kontonr, orgnr

from grants.law import municipalities
from grants.shared.dates import read_day
from grants.shared.errors import BadInput

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
_REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,7}", re.ASCII)


def day(text: str) -> date:
    """A day within reason."""
    found = read_day(text)
    if not EARLIEST <= found <= LATEST:
        raise BadInput(f"a day between {EARLIEST} and {LATEST}")
    return found


def reference(text: str) -> str:
    """A pseudonym: letters, digits and . _ : - alone, so that it is harmless wherever it is shown."""
    if not _REFERENCE.fullmatch(text):
        raise BadInput("a reference of 1 to 64 letters, digits or . _ : -")
    return text


def number(text: str) -> int:
    """A whole number from zero up."""
    if not _NUMBER.fullmatch(text):
        raise BadInput("a whole number in plain digits")
    return int(text)


def flag(text: str) -> bool:
    """0 or 1."""
    return one_of("0", "1")(text) == "1"


def year(text: str) -> int:
    """A year within reason."""
    found = number(text)
    if not 1990 <= found <= 2100:
        raise BadInput("a year between 1990 and 2100")
    return found


def one_of(*allowed: str) -> Callable[[str], str]:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise BadInput(f"one of {', '.join(allowed)}")
        return text

    return read


def municipality(text: str) -> str:
    """The number of a municipality that has existed."""
    if municipalities.find(text) is None:
        raise BadInput("the four-digit number of a known municipality, for example 0301")
    return text


def municipality_on(text: str, on: date) -> str:
    """The number of a municipality that existed on a day."""
    municipality(text)
    if not municipalities.exists(text, on):
        raise BadInput(f"a municipality that existed on {on}")
    return text


def organisation_number(text: str) -> str:
    """An organisation number with the right check digit."""
    try:
        return str(orgnr.validate(text)) if text.isdigit() else _refuse("organisation number of nine digits")
    except ValidationError:
        raise BadInput("an organisation number of nine digits with the right check digit") from None


def account_number(text: str) -> str:
    """An account number with the right check digit."""
    try:
        return str(kontonr.validate(text)) if text.isdigit() else _refuse("account number of eleven digits")
    except ValidationError:
        raise BadInput("an account number of eleven digits with the right check digit") from None


def text(text: str) -> str:
    """Something written, kept as it stands: what looks like a formula is text here and harmless in every export."""
    if not text.strip() or len(text) > 200:
        raise BadInput("1 to 200 characters")
    return text


def _refuse(what: str) -> str:
    raise BadInput(f"an {what}")
