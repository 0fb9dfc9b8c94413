"""Answers as people read them: dates, amounts and choices in words, what was typed where it can't be read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.intake.reading import Fault, read
from grants.law.question import Answer, Question, Theme
from grants.law.text import Text
from grants.shared import shown


@dataclass(frozen=True)
class Answered:
    """A question with its answer in words; empty where nothing was answered."""

    question: Question
    answer: str


def answers_of(theme: Theme, part: str, typed: dict[str, Any]) -> list[Answered]:
    """The questions of a theme with their answers, in the order in which they are asked."""
    return [
        Answered(question, in_words(question, str(typed.get(question.code, "")))) for question in theme.asked_in(part)
    ]


def in_words(question: Question, typed: str) -> str:
    """An answer in the reader's language: «15. mars 2017», «Ja», «7,5 %»."""
    try:
        value = read(question, typed)
    except Fault:
        return typed
    if value is None:
        return ""
    if question.answer is Answer.CHOICE:
        return next((said(choice.text) for choice in question.choices if choice.code == value), typed)
    return _words(value, question)


def _words(value: Any, question: Question) -> str:
    if isinstance(value, bool):
        return _("Ja") if value else _("Nei")
    if isinstance(value, date):
        return shown.day(value)
    if isinstance(value, Decimal):
        return shown.percent(value)
    if question.answer is Answer.KRONER:
        return shown.amount(value)
    if question.answer is Answer.NUMBER:
        return shown.count(value)
    return str(value)


def said(text: Text) -> str:
    """A text of the law in the reader's language."""
    return {"nn": text.nn, "en": text.en}.get(get_language() or "", text.nb)
