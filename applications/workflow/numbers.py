"""The numbers of a call: those of its rules, the weights of its criteria and the days after a grant, set where needed."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from applications.models.call import GRACE_SECONDS
from grants.law.assumptions import assumption
from grants.law.errors import NoRateInForce
from grants.law.rates.lookup import history, rate
from grants.law.scheme import Scheme
from grants.law.text import Text
from grants.shared.dates import read_day
from grants.shared.errors import BadInput

WEIGHT = "weight_"
WITHHELD = "withheld_percent"
_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)
_PLAIN = {
    "ore": _WHOLE,
    "count": _WHOLE,
    "share": re.compile(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?", re.ASCII),
    "percent": re.compile(r"100|[0-9]{1,2}", re.ASCII),
}
_WRONG = {
    "percent": gettext_lazy("Skriv et helt tall fra 0 til 100."),
    "share": gettext_lazy("Skriv en andel mellom 0 og 1."),
    "day": gettext_lazy("Skriv en dag i året etter budsjettåret, for eksempel 2018-02-28."),
}


@dataclass(frozen=True)
class CallNumber:
    """A number that can be set in a call. `usual` is what holds when it is not; None: it must be set, nobody knows it."""

    code: str
    text: Text
    unit: str  # "ore", "share" or "count", as in the rate files; "day" for a date, "percent" for 0 to 100
    usual: Decimal | date | None
    source: str  # in bokmål; the catalogue has it in other languages


# No source of law gives any grace after a deadline: a call that does not say otherwise has none, to the second.
GRACE = CallNumber(
    GRACE_SECONDS,
    Text(
        "Sekunder etter fristen som likevel godtas",
        "Sekund etter fristen som likevel blir godtekne",
        "Seconds after the deadline that are still accepted",
    ),
    "count",
    Decimal(0),
    gettext_noop("ingen kilde gir lengre tid enn fristen"),
)


def numbers_of(law: Scheme, year: int) -> list[CallNumber]:
    """Every number of a call in a scheme and year, those of the rules first."""
    return [
        *(_of_a_rule(law, name, rule.citation, year) for rule in law.rules for name in rule.asks),
        *(
            CallNumber(
                f"{WEIGHT}{criterion.code}",
                Text(
                    f"Vekt: {criterion.text.nb}", f"Vekt: {criterion.text.nn}", f"Weight: {criterion.text.en}"
                ),
                "count",
                Decimal(criterion.weight),
                gettext_noop("ordningens utgangspunkt"),
            )
            for criterion in law.criteria
        ),
        *after_decision(year),
        GRACE,
    ]  # fmt: skip


def after_decision(year: int) -> list[CallNumber]:
    """What is set for the time after a grant. The sources are silent or vague: A10 to A12 in README.md."""
    return [
        CallNumber(
            "accept_within_days",
            Text("Dager til å godta vilkårene", "Dagar til å godta vilkåra", "Days to accept the terms"),
            "count", _assumed("accept_within_days"), gettext_noop("forutsetning A10"),
        ),
        CallNumber(
            "report_due",
            Text("Siste dag for rapporten", "Siste dag for rapporten", "Last day for the report"),
            "day", last_of_february(year + 1), gettext_noop("«i februar», Årsrapport 2017 del 4; dagen er forutsetning A11"),
        ),
        CallNumber(
            "report_deviation_percent",
            Text(
                "Avvik fra budsjettet som skal forklares, prosent",
                "Avvik frå budsjettet som skal forklarast, prosent",
                "Deviation from the budget to be explained, per cent",
            ),
            "count", _assumed("report_deviation_percent"), gettext_noop("forutsetning A12"),
        ),
        CallNumber(
            WITHHELD,
            Text(
                "Holdes tilbake til rapporten er godkjent, prosent",
                "Blir halde att til rapporten er godkjend, prosent",
                "Withheld until the report is approved, per cent",
            ),
            "percent", _assumed(WITHHELD), gettext_noop("forutsetning A17"),
        ),
    ]  # fmt: skip


def last_of_february(year: int) -> date:
    """28 or 29 February."""
    return date(year, 2, calendar.monthrange(year, 2)[1])


def _assumed(name: str) -> Decimal:
    return Decimal(assumption("after_decision", name))


def unknown(law: Scheme, year: int, numbers: dict[str, Any]) -> list[CallNumber]:
    """The numbers that neither a source nor the call gives."""
    return [number for number in numbers_of(law, year) if number.usual is None and number.code not in numbers]


def faults(law: Scheme, year: int, numbers: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the numbers set in a call, by code. Shares are written as 0.05, counts and øre as whole numbers."""
    known = {number.code: number for number in numbers_of(law, year)}
    found = {code: _("Ordningen spør ikke etter dette tallet.") for code in numbers if code not in known}
    for code, number in known.items():
        if code in numbers and not _is_plain(number, str(numbers[code]), year):
            found[code] = str(_WRONG.get(number.unit, _("Skriv et helt tall.")))
    return found


def _is_plain(number: CallNumber, text: str, year: int) -> bool:
    if number.unit != "day":
        return _PLAIN[number.unit].fullmatch(text) is not None
    try:
        return read_day(text).year == year + 1
    except BadInput:
        return False


def weight(numbers: dict[str, Any], code: str, usual: int) -> int:
    """The weight of a criterion in a call."""
    return int(numbers.get(f"{WEIGHT}{code}", usual))


def _of_a_rule(law: Scheme, name: str, citation: str, year: int) -> CallNumber:
    rows = history(law.code).get(name, ())
    title = rows[-1].title if rows else name
    unit = rows[-1].unit if rows else "count"
    try:
        known = rate(law.code, name, on=date(year, 1, 1))
    except NoRateInForce:
        return CallNumber(name, Text(title, title, title), unit, None, citation)
    return CallNumber(name, Text(title, title, title), unit, Decimal(known.value), known.citation)
