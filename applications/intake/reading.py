"""From what was typed to what was meant: one answer, in the kind that its question asks for, or a fault in plain words."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from grants.law.question import Answer, Question
from grants.shared.errors import BadInput
from grants.shared.money import kroner_as_typed

_SPACES = re.compile(r"[\s.\u00a0\u202f]")
# Characters that no reader sees and that do harm in files: all controls but the line break and the tab.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class Fault(Exception):
    """An answer that cannot be used, with what to do about it, in Norwegian."""


def clean(text: str) -> str:
    """Text as it is stored: one kind of line break, no control or direction characters, no space around."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read(question: Question, typed: str) -> Any:
    """The answer as a value, or None where nothing was typed. Raises `Fault`."""
    text = clean(typed)
    if not text:
        return None
    return READERS[question.answer](question, text)


def read_kroner(text: str) -> int:
    """Kroner as people type them, in øre. Øre are not applied for."""
    try:
        return kroner_as_typed(clean(text))
    except BadInput as fault:
        raise Fault(str(fault)) from None


def _line(question: Question, text: str) -> str:
    if "\n" in text or len(text) > 200:
        raise Fault(_("Skriv på én linje, med høyst 200 tegn."))
    return text


def _text(question: Question, text: str) -> str:
    if len(text) > question.most_characters:
        raise Fault(
            _("Teksten er %(number)s tegn for lang. Kort den ned.") % {"number": len(text) - question.most_characters}
        )
    return text


def _number(question: Question, text: str) -> int:
    bare = _SPACES.sub("", text)
    if not re.fullmatch(r"[0-9]{1,9}", bare, re.ASCII):
        raise Fault(_("Skriv et helt tall, for eksempel 12."))
    if question.between and not question.between[0] <= int(bare) <= question.between[1]:
        least, most = question.between
        raise Fault(_("Skriv et tall fra %(least)s til %(most)s.") % {"least": least, "most": most})
    return int(bare)


def _percent(question: Question, text: str) -> Decimal:
    bare = _SPACES.sub("", text.removesuffix("%")) if "," in text else text.removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,3}([,.][0-9]{1,2})?", bare, re.ASCII) or Decimal(bare.replace(",", ".")) > 100:
        raise Fault(_("Skriv en prosent mellom 0 og 100, for eksempel 7,5."))
    return Decimal(bare.replace(",", ".")) / 100  # as a share, the way rates give it


def _yes_no(question: Question, text: str) -> bool:
    if text not in ("yes", "no"):
        raise Fault(_("Velg ja eller nei."))
    return text == "yes"


def _choice(question: Question, text: str) -> str:
    if text not in {choice.code for choice in question.choices}:
        raise Fault(_("Velg ett av svarene."))
    return text


def _date(question: Question, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Fault(_("Skriv en dato som finnes, for eksempel 2017-08-15.")) from None
    if not 1990 <= found.year <= 2100:
        raise Fault(_("Året må være mellom 1990 og 2100."))
    return found


READERS = {
    Answer.LINE: _line,
    Answer.TEXT: _text,
    Answer.NUMBER: _number,
    Answer.KRONER: lambda _question, text: read_kroner(text),
    Answer.PERCENT: _percent,
    Answer.YES_NO: _yes_no,
    Answer.CHOICE: _choice,
    Answer.DATE: _date,
}
