"""From a line's code to the rate that it was worked out from, and how: the way back along `tariff.py`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from grants.law.tariff import split


class How(StrEnum):
    """How an amount follows from its rate."""

    WHOLE = "whole"  # the whole rate, once
    QUARTER = "quarter"  # one of four terms
    HALF = "half"  # one of two terms
    MONTHS = "months"  # by the month from the settlement on
    HEADS = "heads"  # by the head
    ABOVE = "above"  # what costs exceed the threshold by, up to the cap
    PLACES = "places"  # by place and month, in two terms
    DIFFERENCE = "difference"  # a correction of an earlier amount, not a whole one


@dataclass(frozen=True)
class Ground:
    """The rate behind an amount: its name and year, and how the amount follows; `parts` are months or heads."""

    how: How
    rate_name: str
    rate_year: int
    parts: int = 0


# Øre of a rate (name, year), or None where it is not known.
Value = Callable[[str, int], int | None]
_RATES = {
    "AR-1": "year_1_adult", "AR-1 EV": "year_1_single_adult", "AR-1 B": "year_1_child",
    "AR-1 EM": "year_1_unaccompanied_minor", "BHT": "nursery", "ELDR": "elderly",
    "AR-2": "year_2", "AR-3": "year_3", "AR-4": "year_4", "AR-5": "year_5", "EMINB": "high", "EMINU": "low",
    "FHT1": "threshold_1", "FHT2": "threshold_2", "EKS50": "per_person", "EKS500": "per_person",
    "INTMOT": "per_place_year", "ASYL-N": "norwegian", "ASYL-K": "culture",
    **{f"P-AR{n}-{level[0].upper()}": f"year_{n}_{level}" for n in (1, 2, 3) for level in ("high", "low")},
}  # fmt: skip
_BY_QUARTER = ("AR-2", "AR-3", "AR-4", "AR-5")
_BY_HALF = ("EMINB", "EMINU")
_BY_THE_CASE = {"FHT1": How.ABOVE, "FHT2": How.ABOVE, "INTMOT": How.PLACES}


def ground_of(code: str, year: int, term: int, amount_ore: int, value: Value, *, settled: int | None) -> Ground | None:
    """The ground of an amount: the first way that gives it to the øre; a correction may be a part of none.

    `settled` is the year of settlement, where it is known: what is paid once and late follows that year's rate.
    """
    name = _RATES.get(code)
    if name is None:
        return None
    if code in _BY_THE_CASE:
        return Ground(_BY_THE_CASE[code], name, year)
    for ground, ore in _ways(code, name, year, term, value, settled):
        if ore == abs(amount_ore):
            return ground
        if ground.how == How.HEADS and ore and abs(amount_ore) % ore == 0:
            return Ground(How.HEADS, name, ground.rate_year, abs(amount_ore) // ore)
    return Ground(How.DIFFERENCE, name, year)


def _ways(
    code: str, name: str, year: int, term: int, value: Value, settled: int | None
) -> Iterator[tuple[Ground, int | None]]:
    one_off = code not in _BY_QUARTER and code not in _BY_HALF
    years = (settled,) if settled is not None and one_off else (year, year - 1)
    for of in years:
        ore = value(name, of)
        if ore is None:
            continue
        if code in _BY_QUARTER:
            yield Ground(How.QUARTER, name, of), split(ore, 4, term) if of == year else None
        elif code in _BY_HALF:
            if of == year and term in (1, 2):
                yield Ground(How.HALF, name, of), split(ore, 2, term)
            for months in range(12, 0, -1):
                yield Ground(How.MONTHS, name, of, months), (2 * ore * months + 12) // 24
        else:
            yield Ground(How.HEADS if code == "EKS50" else How.WHOLE, name, of), ore
