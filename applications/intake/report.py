"""The recipient's report as it is asked and read: the goals applied for, who took part, and accounts against the budget.

The unspent amount is worked out by assumption A12: a grant covers the share of the actual costs that it was of the
budgeted ones, and never more than was granted. Higher income from others than planned is not taken into it; the
caseworker sees it and may find another amount, with a reason.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from applications.intake.completeness import Progress, ThemeState, documents_state, state_of
from applications.intake.reading import Fault, clean, read_kroner
from applications.intake.regrants import REGRANTS, Regrants, read_regrants
from applications.models import Attachment
from grants.law.question import Answer, Contents, Question, Theme
from grants.law.text import Text
from grants.law.themes import report_attachments
from grants.shared.money import fraction_of
from grants.shared.shown import amount

MOST_GOALS = 12
MOST_EXTRA_LINES = 30
ACCOUNTS = Theme("accounts", Text("Regnskap mot budsjett", "Rekneskap mot budsjett", "Accounts against the budget"))
PARTICIPANTS = Theme(
    "participants",
    Text("Deltakere", "Deltakarar", "Participants"),
    (
        Question("reached", Text("Hvor mange deltok?", "Kor mange deltok?", "How many took part?"), Answer.NUMBER),
        Question(
            "why_reached",
            Text(
                "Hvis det ble flere eller færre enn planlagt: Hvorfor?",
                "Dersom det blei fleire eller færre enn planlagt: Kvifor?",
                "If more or fewer than planned took part: Why?",
            ),
            required=False,
        ),
    ),
)
_BULLET = re.compile(r"^\s*(?:[-–•*]|\d+[.)])\s*")


def goals_in(text: str) -> list[str]:
    """The goals of an application, one a line, as the applicant wrote them."""
    lines = (_BULLET.sub("", line).strip() for line in clean(text).split("\n"))
    return [line for line in lines if line][:MOST_GOALS]


def themes_of_report(terms: Mapping[str, Any]) -> tuple[Theme, ...]:
    """The pages of a report, from the terms that it is measured against."""
    attached = report_attachments(auditors_statement=terms["auditors_statement"])
    if terms.get("is_frame"):
        return (_results([]), REGRANTS, attached)
    return (_results(terms["goals"]), PARTICIPANTS, ACCOUNTS, attached)


def _results(goals: list[str]) -> Theme:
    """What came of each goal that was applied for; of all of it, where the application has no goals."""
    title = Text("Mål og resultater", "Mål og resultat", "Goals and results")
    if not goals:
        came_of = Text("Hva kom ut av tilskuddet?", "Kva kom ut av tilskotet?", "What came of the grant?")
        return Theme("results", title, (Question("came_of", came_of),))
    asked: list[Question] = []
    for number, goal in enumerate(goals, start=1):
        asked += [
            Question(
                f"goal_{number}_result",
                Text(
                    f"Mål {number}: Hva oppnådde dere?",
                    f"Mål {number}: Kva oppnådde de?",
                    f"Goal {number}: What did you achieve?",
                ),
                help=Text(f"«{goal}»", f"«{goal}»", f"«{goal}»"),
            ),
            Question(
                f"goal_{number}_indicator",
                Text(
                    f"Mål {number}: Hva har dere talt eller målt?",
                    f"Mål {number}: Kva har de talt eller målt?",
                    f"Goal {number}: What did you count or measure?",
                ),
                Answer.LINE,
            ),
            Question(
                f"goal_{number}_number",
                Text(f"Mål {number}: Hvor mange?", f"Mål {number}: Kor mange?", f"Goal {number}: How many?"),
                Answer.NUMBER,
            ),
        ]
    return Theme("results", title, tuple(asked))


@dataclass(frozen=True)
class Line:
    """A line of the accounts beside its line of the budget; a cost that nobody planned has the budget 0."""

    text: str
    budget_ore: int
    actual_ore: int
    why: str

    @property
    def deviation_ore(self) -> int:
        return self.actual_ore - self.budget_ore

    def deviates(self, percent: int) -> bool:
        """Is it further from the budget than the threshold?"""
        return abs(self.deviation_ore) * 100 > self.budget_ore * percent


@dataclass
class Accounts:
    """Accounts as typed, in øre, with what is wrong: a fault has the field it stands at, for example `actual-2`."""

    granted_ore: int
    budgeted_ore: int
    lines: list[Line] = field(default_factory=list)
    financing: list[tuple[str, int, int]] = field(default_factory=list)
    own_ore: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def costs_ore(self) -> int:
        return sum(line.actual_ore for line in self.lines)

    @property
    def financed_ore(self) -> int:
        """What others and the recipient themselves paid."""
        return sum(actual for _text, _budget, actual in self.financing) + self.own_ore

    @property
    def used_ore(self) -> int:
        """What the grant covers: its share of the actual costs, and never more than was granted."""
        if not self.budgeted_ore:
            return min(self.costs_ore, self.granted_ore)
        return min(fraction_of(self.costs_ore, self.granted_ore, self.budgeted_ore), self.granted_ore)

    @property
    def unspent_ore(self) -> int:
        return self.granted_ore - self.used_ore

    @property
    def surplus_ore(self) -> int:
        """All income less all costs: what a caseworker looks at beside the rule's amount."""
        return self.granted_ore + self.financed_ore - self.costs_ore


def read_accounts(typed: Mapping[str, Any], terms: Mapping[str, Any]) -> Accounts:
    """The accounts of what was typed, line by line against the budget of the terms."""
    budget = terms["budget"]
    found = Accounts(terms["granted_ore"], sum(ore for _text, ore in budget["costs"]))
    lines = _rows(typed, "lines")
    for number, (text, ore) in enumerate(budget["costs"]):
        row = lines[number] if number < len(lines) else {}
        actual = _amount(found, f"actual-{number}", row.get("kroner", ""))
        line = Line(text, ore, actual, clean(row.get("why", "")))
        if f"actual-{number}" not in found.faults and line.deviates(terms["deviation_percent"]) and not line.why:
            found.faults[f"why-{number}"] = _("%(text)s: Forklar avviket på %(amount)s.") % {
                "text": text,
                "amount": amount(line.deviation_ore),
            }
        found.lines.append(line)
    for number, row in enumerate(_rows(typed, "more")[:MOST_EXTRA_LINES]):
        _read_extra(found, number, row)
    paid = _rows(typed, "financing")
    for number, (text, ore) in enumerate(budget["financing"]):
        kroner = paid[number].get("kroner", "") if number < len(paid) else ""
        found.financing.append((text, ore, _amount(found, f"financing-{number}", kroner)))
    found.own_ore = _amount(found, "own", str(typed.get("own", "")))
    total_ore = _amount(found, "total", str(typed.get("total", "")))
    if not found.faults:
        _check(found, total_ore)
    return found


# What the money was spent on: a project's accounts, or what was handed on of a frame.
Spent = Accounts | Regrants


def report_state(
    theme: Theme, typed: dict[str, Any], terms: Mapping[str, Any], files: Iterable[Attachment]
) -> tuple[ThemeState, Spent | None]:
    """What has been typed in a theme of the report, or attached; what the money was spent on too, where it tells of it."""
    if theme in (ACCOUNTS, REGRANTS):
        accounts = read_accounts(typed, terms) if theme is ACCOUNTS else read_regrants(typed, terms["granted_ore"])
        progress = Progress.NOT_STARTED if not typed else Progress.FAULTY if accounts.faults else Progress.DONE
        return ThemeState(theme, progress, {}, accounts.faults), accounts
    if theme.contents is Contents.ATTACHMENTS:
        return documents_state(theme, "", files), None
    return state_of(theme, "", typed), None


def states_of_report(
    answers: Mapping[str, Any], terms: Mapping[str, Any], files: Iterable[Attachment]
) -> list[tuple[ThemeState, Spent | None]]:
    """Every theme of the report, with the files that are attached, or were sent with it."""
    present = list(files)
    return [report_state(theme, answers.get(theme.code, {}), terms, present) for theme in themes_of_report(terms)]


def accounts_in(states: Iterable[tuple[ThemeState, Spent | None]]) -> Spent:
    """What the money was spent on, among the themes; every report tells of it."""
    return next(accounts for _state, accounts in states if accounts is not None)


def _rows(typed: Mapping[str, Any], table: str) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in row.items()} for row in typed.get(table) or []]


def _read_extra(found: Accounts, number: int, row: Mapping[str, str]) -> None:
    text, kroner, why = (clean(row.get(name, "")) for name in ("text", "kroner", "why"))
    if not (text or kroner or why):
        return
    if not text:
        found.faults[f"more-{number}-text"] = _("Skriv hva kostnaden gjelder.")
    if not why:
        found.faults[f"more-{number}-why"] = _("Forklar hvorfor kostnaden kom til.")
    found.lines.append(Line(text, 0, _amount(found, f"more-{number}-kroner", kroner), why))


def _amount(found: Accounts, name: str, kroner: str) -> int:
    try:
        return read_kroner(kroner)
    except Fault as fault:
        found.faults[name] = _("Skriv beløpet, eller 0 hvis det ikke ble noe.") if not clean(kroner) else str(fault)
        return 0


def _check(found: Accounts, total_ore: int) -> None:
    """The lines are what the recipient's own books say in all, and somebody has paid for them."""
    if total_ore != found.costs_ore:
        found.faults["total"] = _("Linjene er til sammen %(costs)s, men dere har skrevet %(total)s som sum.") % {
            "costs": amount(found.costs_ore),
            "total": amount(total_ore),
        }
    elif found.surplus_ore < 0:
        found.faults["own"] = _(
            "%(amount)s av kostnadene er ikke betalt av noen. Skriv hva dere selv og andre har betalt."
        ) % {"amount": amount(-found.surplus_ore)}
