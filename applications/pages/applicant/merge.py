"""Two people wrote at once: both texts are shown, and one chooses question by question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from applications.intake.answers import said
from applications.intake.budget import read_budget
from applications.pages.applicant.fields import TABLE_WORDS, Field, fields_of, typed_in, words_for
from grants.law.question import Contents, Theme
from grants.shared import shown

THEIRS = "theirs"


@dataclass(frozen=True)
class Difference:
    """A question that two people have answered otherwise. `field` is where one's own answer can be written on."""

    code: str
    label: str
    mine: str
    theirs: str
    field: Field | None = None


def differences(theme: Theme, part: str, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """What the two have answered otherwise, in the order of the page."""
    if theme.contents is Contents.BUDGET:
        return [one for one in _of_budget(mine, theirs) if mine.get(one.code) != theirs.get(one.code)]
    fields = {field.id: field for field in fields_of(theme, part, mine, {})}
    return [
        Difference(
            question.code,
            said(question.text),
            words_for(question, mine.get(question.code, "")),
            words_for(question, theirs.get(question.code, "")),
            fields[question.code] if fields[question.code].widget == "text" else None,
        )
        for question in theme.asked_in(part)
        if str(mine.get(question.code, "")) != str(theirs.get(question.code, ""))
    ]


def _of_budget(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    rows = [
        Difference(table, str(words["title"]), _rows(mine.get(table)), _rows(theirs.get(table)))
        for table, words in TABLE_WORDS.items()
    ]
    amounts = [("own", _("Egne midler")), ("applied", _("Beløp dere søker om"))]
    return rows + [
        Difference(code, label, str(mine.get(code, "")), str(theirs.get(code, ""))) for code, label in amounts
    ]


def _rows(rows: Any) -> str:
    """The lines of a table, one under the other, and their sum."""
    listed = [f"{row.get('text', '')}: {row.get('kroner', '')}" for row in rows or []]
    budget = read_budget({"costs": rows or []})
    return "\n".join([*listed, f"{_('Sum')}: {shown.amount(budget.costs_ore)}"]) if listed else ""


def merged(theme: Theme, posted: QueryDict, theirs: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen: one's own, as it stands in the form, or what the other wrote."""
    mine = typed_in(theme, posted)
    return {
        code: theirs.get(code, answer) if posted.get(f"pick-{code}") == THEIRS else answer
        for code, answer in mine.items()
    }
