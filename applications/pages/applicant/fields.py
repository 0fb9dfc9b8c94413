"""Fields of a theme as the pages show them: label, help, what is typed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.intake.answers import in_words, said
from applications.intake.budget import TABLES
from applications.intake.completeness import ThemeState
from applications.templatetags.cases import options
from grants.law.question import Answer, Contents, Question, Theme

Label = str | Promise
WIDGETS = {
    Answer.TEXT: "text", Answer.YES_NO: "choice", Answer.CHOICE: "choice", Answer.DATE: "date",
    Answer.NUMBER: "number", Answer.KRONER: "number", Answer.PERCENT: "decimal",
}  # fmt: skip
TOO_MANY, LEFT = _("%d tegn for mye"), _("%d tegn igjen")
EMPTY_ROW = {"text": "", "kroner": ""}


@dataclass(frozen=True)
class Field:
    """One field. `widget` is line, text, choice, date, number or decimal; `fault` is empty where nothing is to be told."""

    id: str
    name: str
    label: Label
    value: str = ""
    widget: str = "line"
    help: Label = ""
    required: bool = True
    fault: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    limit: int = 0
    # The word in front of the fault in the summary, where the fault does not say which field it is about.
    place: Label = ""

    # What the counter of a long text says, with a place for the number of characters.
    @property
    def over(self) -> Label:
        return TOO_MANY

    @property
    def under(self) -> Label:
        return LEFT

    @property
    def described_by(self) -> str:
        """The ids of the texts that belong to the field: its help and its fault."""
        parts = [f"{self.id}-help"] if self.help else []
        return " ".join([*parts, f"{self.id}-fault"] if self.fault else parts)

    @property
    def first_id(self) -> str:
        """Where a link from the error summary leads: the field, or the first of its choices."""
        return f"{self.id}-0" if self.widget == "choice" else self.id


@dataclass(frozen=True)
class Row:
    """A row of a budget table."""

    number: int
    text: Field
    kroner: Field


def fields_of(theme: Theme, part: str, typed: Mapping[str, Any], faults: Mapping[str, str]) -> list[Field]:
    """The questions of a theme as fields, with the faults that are to be shown."""
    return [_field(question, typed, faults) for question in theme.asked_in(part)]


def _field(question: Question, typed: Mapping[str, Any], faults: Mapping[str, str]) -> Field:
    label = said(question.text)
    return Field(
        id=question.code,
        name=question.code,
        label=label,
        value=str(typed.get(question.code, "")),
        widget=WIDGETS.get(question.answer, "line"),
        help=said(question.help) if question.help else "",
        required=question.required,
        fault=faults.get(question.code, ""),
        options=options(question) if WIDGETS.get(question.answer) == "choice" else [],
        limit=question.most_characters if question.answer is Answer.TEXT else 0,
        place=label,
    )


TABLE_WORDS: dict[str, dict[str, Label]] = {
    "costs": {
        "title": _("Kostnader"), "what": _("Hva skal pengene brukes til?"), "row": _("Kostnad"),
        "add": _("Legg til kostnad"), "remove": _("Fjern kostnad"),
    },
    "financing": {
        "title": _("Penger fra andre"), "what": _("Hvem betaler?"), "row": _("Finansiering"),
        "add": _("Legg til finansiering"), "remove": _("Fjern finansiering"),
    },
}  # fmt: skip


def rows_of(table: str, typed: Mapping[str, Any], faults: Mapping[str, str], *, spare: bool) -> list[Row]:
    """The rows of a budget table; always one to write in, and one more where it was asked for."""
    stored = list(typed.get(table) or [])
    rows = [*stored, EMPTY_ROW] if spare or not stored else stored
    return [_row(table, number, row, faults) for number, row in enumerate(rows)]


def blank_row(table: str) -> Row:
    """The row that the browser copies when one is added."""
    return _row(table, 0, EMPTY_ROW, {})


def _row(table: str, number: int, row: Mapping[str, Any], faults: Mapping[str, str]) -> Row:
    words = TABLE_WORDS[table]
    place = f"{words['row']} {number + 1}"
    text, kroner = f"{table}-{number}-text", f"{table}-{number}-kroner"
    return Row(
        number=number,
        text=Field(
            text, f"{table}-text", words["what"], str(row.get("text", "")), fault=faults.get(text, ""), place=place
        ),
        kroner=Field(
            kroner, f"{table}-kroner", _("Beløp i kroner"), str(row.get("kroner", "")), "number",
            fault=faults.get(kroner, ""), place=place,
        ),
    )  # fmt: skip


def sums_of_budget(typed: Mapping[str, Any], faults: Mapping[str, str]) -> tuple[Field, Field]:
    """Own share and the amount applied for."""
    own = Field(
        "own", "own", _("Egne midler"), str(typed.get("own", "")), "number", _("Det dere selv legger inn i prosjektet."),
        required=False, fault=faults.get("own", ""), place=_("Egne midler"),
    )  # fmt: skip
    applied = Field(
        "applied", "applied", _("Beløp dere søker om"), str(typed.get("applied", "")), "number",
        _("I hele kroner. Finansieringen skal til sammen være like stor som kostnadene."),
        fault=faults.get("applied", ""),
    )  # fmt: skip
    return own, applied


def typed_in(theme: Theme, posted: QueryDict) -> dict[str, Any]:
    """What stands in the posted fields, as it was typed."""
    if theme.contents is Contents.BUDGET:
        tables = {table: _posted_rows(posted, table) for table in TABLES}
        return {**tables, "own": posted.get("own", ""), "applied": posted.get("applied", "")}
    return {question.code: posted.get(question.code, "") for question in theme.questions}


def _posted_rows(posted: QueryDict, table: str) -> list[dict[str, str]]:
    """The rows of a budget table, without those that are empty and the one that was to be removed."""
    texts, kroner = posted.getlist(f"{table}-text"), posted.getlist(f"{table}-kroner")
    removed = posted.get("remove", "")
    rows = [
        {"text": text, "kroner": amount}
        for number, (text, amount) in enumerate(zip(texts, kroner, strict=False))
        if removed != f"{table}-{number}"
    ]
    return [row for row in rows if row["text"].strip() or row["kroner"].strip()]


def told(theme: Theme, state: ThemeState) -> dict[str, str]:
    """The faults of a theme; a table that lacks everything is told of at its first field."""
    faults = dict(state.faults)
    for table in TABLES if theme.contents is Contents.BUDGET else ():
        if table in faults:
            faults.setdefault(f"{table}-0-text", faults.pop(table))
    return faults


def words_for(question: Question, typed: Any) -> str:
    """An answer in words, for those who compare two."""
    return in_words(question, str(typed))
