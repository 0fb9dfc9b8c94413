"""Money is a whole number of øre. This module alone rounds, reads and writes amounts."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

from django.utils.translation import gettext as _

from grants.shared.errors import BadInput

Ore = NewType("Ore", int)

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
LARGEST_KRONER = 10**13
LARGEST_TYPED = 10**10
_TYPED = re.compile(r"[0-9]{1,11}", re.ASCII)
_SPACES = re.compile(r"[\s.\u00a0\u202f]")
# A comma with three digits after it parts thousands: nobody writes a thousandth of a krone.
_IN_ENGLISH = re.compile(r"[0-9]{1,3}(,[0-9]{3})+", re.ASCII)
_WHOLE_KRONER = re.compile(r"-?[0-9]{1,14}", re.ASCII)


def share_of(amount: int, share: Decimal) -> Ore:
    """The given share of an amount, rounded half up to the nearest øre."""
    exact = amount * share
    return Ore(int(exact.quantize(Decimal(1), ROUND_HALF_UP)))


def fraction_of(amount: int, numerator: int, denominator: int) -> Ore:
    """amount × numerator / denominator, rounded half up to the nearest øre; exact for whole numbers, never negative."""
    return Ore((2 * amount * numerator + denominator) // (2 * denominator))


def instalments(amount: int, number: int) -> list[Ore]:
    """Split a yearly amount in equal terms of whole øre, rounded down; the last term takes the rest."""
    each = amount // number
    return [Ore(each)] * (number - 1) + [Ore(amount - each * (number - 1))]


def from_kroner(kroner: int) -> Ore:
    """Whole kroner as øre."""
    return Ore(kroner * 100)


def read_kroner(text: str) -> Ore:
    """Whole kroner written with plain digits, as files carry them. Refuses `1e400`, `NaN` and `1.000,50`."""
    if not _WHOLE_KRONER.fullmatch(text) or abs(int(text)) > LARGEST_KRONER:
        raise BadInput("whole kroner in plain digits, for example 185000")
    return from_kroner(int(text))


def kroner_as_typed(text: str) -> Ore:
    """Kroner as people type them («1 200 000», «1.200.000 kr», «1200000,-», “NOK 1,200,000”). Øre are not typed."""
    bare = text.lower().strip().removeprefix("nok").strip()
    if _IN_ENGLISH.fullmatch(bare):
        bare = bare.replace(",", "")
    bare = _SPACES.sub("", bare.removesuffix(",-").removesuffix("kr").removesuffix(",00"))
    bare = bare.removeprefix("kr").removesuffix(",-")
    if not _TYPED.fullmatch(bare) or int(bare) > LARGEST_TYPED:
        raise BadInput(_("Skriv beløpet i hele kroner, for eksempel 450 000."))
    return from_kroner(int(bare))


def whole_kroner(amount: int) -> int:
    """Øre as kroner rounded half up (away from zero for negative amounts), for reports in whole kroner."""
    return (abs(amount) + 50) // 100 * (1 if amount >= 0 else -1)


def kr(amount: int | None) -> str:
    """An amount as people read it: «12 100 617 020», with two decimals only where there are øre."""
    if amount is None:
        return ""
    kroner, ore = divmod(abs(amount), 100)
    text = f"{kroner:,}".replace(",", NO_BREAK_SPACE)
    if ore:
        text += f",{ore:02d}"
    return f"{MINUS}{text}" if amount < 0 else text
