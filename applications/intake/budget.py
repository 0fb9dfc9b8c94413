"""The budget of an application: costs, financing by others, own share and the amount applied for. It must add up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from applications.intake.reading import Fault, clean, read_kroner
from grants.shared.shown import amount

MOST_ROWS = 60
TABLES = ("costs", "financing")


@dataclass
class Budget:
    """A budget as typed, in øre, with what is wrong: a fault has the field it stands at, for example `costs-2-kroner`."""

    costs: list[tuple[str, int]] = field(default_factory=list)
    financing: list[tuple[str, int]] = field(default_factory=list)
    own_ore: int = 0
    applied_ore: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def costs_ore(self) -> int:
        return sum(ore for _text, ore in self.costs)

    @property
    def others_ore(self) -> int:
        return sum(ore for _text, ore in self.financing)

    @property
    def too_much_ore(self) -> int:
        """Money beyond the costs; nothing when some is missing."""
        return max(0, -self.missing_ore)

    @property
    def financed_ore(self) -> int:
        """What is covered: by others, by the applicant, and by the amount applied for."""
        return self.others_ore + self.own_ore + self.applied_ore

    @property
    def missing_ore(self) -> int:
        """Costs that nobody covers; below zero: more money than costs."""
        return self.costs_ore - self.financed_ore


def read_budget(typed: Mapping[str, Any]) -> Budget:
    """The budget of what was typed: {"costs": [{"text", "kroner"}], "financing": [...], "own": "", "applied": ""}."""
    found = Budget()
    for table in TABLES:
        rows = typed.get(table) or []
        if len(rows) > MOST_ROWS:
            found.faults[table] = _("Det er plass til %(most)s linjer. Slå sammen noen av dem.") % {"most": MOST_ROWS}
            rows = rows[:MOST_ROWS]
        for number, row in enumerate(rows):
            _read_row(found, table, number, clean(str(row.get("text", ""))), str(row.get("kroner", "")))
    found.own_ore = _amount(found, "own", str(typed.get("own", "")))
    found.applied_ore = _amount(found, "applied", str(typed.get("applied", "")))
    if not found.faults:
        _check(found)
    return found


def _read_row(found: Budget, table: str, number: int, text: str, kroner: str) -> None:
    if not text and not clean(kroner):
        return
    if not text:
        found.faults[f"{table}-{number}-text"] = _("Skriv hva beløpet gjelder.")
    elif len(text) > 200:
        found.faults[f"{table}-{number}-text"] = _("Skriv høyst 200 tegn.")
    ore = _amount(found, f"{table}-{number}-kroner", kroner)
    if not clean(kroner):
        found.faults[f"{table}-{number}-kroner"] = _("Skriv beløpet i hele kroner, for eksempel 450 000.")
    getattr(found, table).append((text, ore))


def _amount(found: Budget, name: str, kroner: str) -> int:
    if not clean(kroner):
        return 0
    try:
        return read_kroner(kroner)
    except Fault as fault:
        found.faults[name] = str(fault)
        return 0


def _check(found: Budget) -> None:
    """Costs there are, something is applied for, and both sides are equal."""
    if not found.costs:
        found.faults["costs"] = _("Skriv inn minst én kostnad.")
    if found.applied_ore <= 0:
        found.faults["applied"] = _("Skriv beløpet dere søker om, i hele kroner.")
    elif found.missing_ore > 0:
        found.faults["applied"] = _("%(amount)s av kostnadene mangler finansiering.") % {
            "amount": amount(found.missing_ore)
        }
    elif found.missing_ore < 0:
        found.faults["applied"] = _("Finansieringen er %(amount)s større enn kostnadene.") % {
            "amount": amount(-found.missing_ore)
        }
