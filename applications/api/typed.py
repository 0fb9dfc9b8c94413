"""What a system types in a theme, put as the form would have posted it: known fields alone, tables with all their columns."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from applications.intake.budget import TABLES
from applications.intake.report import ACCOUNTS
from grants.law.question import Contents, Theme
from grants.shared.errors import BadInput

# The columns of each table, and the single fields beside the tables.
BUDGET: tuple[Mapping[str, tuple[str, ...]], frozenset[str]] = (
    dict.fromkeys(TABLES, ("text", "kroner")),
    frozenset({"own", "applied"}),
)
OF_ACCOUNTS: tuple[Mapping[str, tuple[str, ...]], frozenset[str]] = (
    {"lines": ("kroner", "why"), "more": ("text", "kroner", "why"), "financing": ("kroner",)},
    frozenset({"own", "total"}),
)


class WrongFields(BadInput):
    """Fields that the theme does not have, or that are of another kind; `faults` says which."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(_("Noen av feltene passer ikke til denne delen av skjemaet. Se hvilke i «fields»."))


def as_typed(theme: Theme, part: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a theme. An unknown one is refused, so that no answer is lost to a slip in its name."""
    tables, texts = fields_of(theme, part)
    return in_fields(tables, texts, typed)


def fields_of(theme: Theme, part: str) -> tuple[Mapping[str, tuple[str, ...]], frozenset[str]]:
    """The tables of a theme with their columns, and its single fields."""
    if theme.contents is Contents.BUDGET:
        return BUDGET
    if theme is ACCOUNTS:
        return OF_ACCOUNTS
    return {}, frozenset(question.code for question in theme.asked_in(part))


def in_fields(tables: Mapping[str, tuple[str, ...]], texts: frozenset[str], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, once each field is seen to be one of these and of its kind."""
    faults: dict[str, str] = {}
    found: dict[str, Any] = {}
    for code, value in typed.items():
        if code in tables and isinstance(value, list):
            found[code] = [{column: row.get(column, "") for column in tables[code]} for row in value]
            unknown = sorted({column for row in value for column in row} - set(tables[code]))
            if unknown:
                faults[code] = _("Linjene har disse feltene: %(fields)s. «%(field)s» er ikke et av dem.") % {
                    "fields": ", ".join(tables[code]),
                    "field": unknown[0],
                }
        elif code in texts and isinstance(value, str):
            found[code] = value
        else:
            faults[code] = _why_not(code, tables, texts)
    if faults:
        raise WrongFields(faults)
    return found


def _why_not(code: str, tables: Mapping[str, tuple[str, ...]], texts: frozenset[str]) -> str:
    if code in tables:
        return _("Her skal det stå en liste med linjer.")
    if code in texts:
        return _("Her skal det stå tekst.")
    known = ", ".join(sorted({*tables, *texts}))
    return (
        _("Feltet finnes ikke. Feltene er %(fields)s.") % {"fields": known}
        if known
        else _("Denne delen har ingen felt: her legges filer ved.")
    )
