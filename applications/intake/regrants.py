"""What a municipality made of its frame: who got money for what, what administration took, and what is left.

The frame is the whole of the grant: what is neither handed on nor spent on administration is unspent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.intake.reading import Fault, clean, read_kroner
from grants.law.question import Theme
from grants.law.text import Text
from grants.shared.shown import amount

MOST_ROWS = 300
LONGEST = 200
REGRANTS = Theme("regrants", Text("Videretildeling", "Vidaretildeling", "What was handed on"))
FIELDS = ("organisation", "purpose", "kroner")
_MISSING = {
    "organisation": gettext_lazy("Skriv hvilken organisasjon som fikk penger."),
    "purpose": gettext_lazy("Skriv hva pengene gikk til."),
    "kroner": gettext_lazy("Skriv beløpet."),
}


@dataclass(frozen=True)
class Regrant:
    """One local organisation with what it got, and what for."""

    organisation: str
    purpose: str
    amount_ore: int


@dataclass
class Regrants:
    """All of it in øre, with what is wrong: a fault has the field it stands at, for example `regrant-2-kroner`."""

    granted_ore: int
    rows: list[Regrant] = field(default_factory=list)
    admin_ore: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def handed_on_ore(self) -> int:
        return sum(row.amount_ore for row in self.rows)

    @property
    def costs_ore(self) -> int:
        """What was handed on, and what administration took."""
        return self.handed_on_ore + self.admin_ore

    @property
    def used_ore(self) -> int:
        return min(self.costs_ore, self.granted_ore)

    @property
    def unspent_ore(self) -> int:
        return self.granted_ore - self.used_ore

    @property
    def admin_percent(self) -> str:
        """The share of the frame that administration took, in per cent with one decimal."""
        tenths = (self.admin_ore * 1000 + self.granted_ore // 2) // self.granted_ore
        return f"{tenths // 10},{tenths % 10}"


def read_regrants(typed: Mapping[str, Any], granted_ore: int) -> Regrants:
    """What was typed, row by row; never more than the frame in all."""
    found = Regrants(granted_ore)
    for number, row in enumerate(rows_of(typed)[:MOST_ROWS]):
        _read_row(found, number, row)
    admin = clean(str(typed.get("admin", "")))
    found.admin_ore = _amount(found, "admin", admin, missing=_("Skriv beløpet, eller 0 hvis det ikke ble noe."))
    if not found.rows and not found.faults:
        found.faults["regrant-0-organisation"] = _("Skriv minst én organisasjon som fikk penger.")
    if not found.faults and found.costs_ore > granted_ore:
        words = {
            "used": amount(found.costs_ore),
            "more": amount(found.costs_ore - granted_ore),
            "frame": amount(granted_ore),
        }
        found.faults["admin"] = (
            _("Dere har delt ut og brukt %(used)s. Det er %(more)s mer enn rammen på %(frame)s.") % words
        )
    return found


def rows_of(typed: Mapping[str, Any]) -> list[dict[str, str]]:
    """The rows as they were typed."""
    return [{name: str(row.get(name, "")) for name in FIELDS} for row in typed.get("rows") or []]


def _read_row(found: Regrants, number: int, row: Mapping[str, str]) -> None:
    organisation, purpose, kroner = (clean(row[name]) for name in FIELDS)
    for name, text in (("organisation", organisation), ("purpose", purpose)):
        if not text:
            found.faults[f"regrant-{number}-{name}"] = str(_MISSING[name])
        elif len(text) > LONGEST or "\n" in text:
            found.faults[f"regrant-{number}-{name}"] = _("Skriv på én linje, med høyst 200 tegn.")
    amount_ore = _amount(found, f"regrant-{number}-kroner", kroner, missing=str(_MISSING["kroner"]))
    found.rows.append(Regrant(organisation, purpose, amount_ore))


def _amount(found: Regrants, name: str, kroner: str, *, missing: str) -> int:
    try:
        return read_kroner(kroner)
    except Fault as fault:
        found.faults[name] = str(fault) if kroner else missing
        return 0
