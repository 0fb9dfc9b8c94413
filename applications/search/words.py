"""The words a case is found by, and the words a person looks for, folded in the same way on every database."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from applications.models import Application

# Letters of their own in Norwegian, whatever Unicode can take them apart into.
_OURS = frozenset("æøå")
_NO_WORD = re.compile(r"[^\w]+|_+")
_CASE_NUMBER = re.compile(r"\d{4}\D\d+", re.ASCII)
MOST_TERMS = 8
MOST_CHARACTERS = 200


def fold(text: str) -> str:
    """Words in small letters with one space between: «Åmot, É-lag» is «åmot e lag»."""
    small = unicodedata.normalize("NFC", text).casefold()
    bare = "".join(character if character in _OURS else _without_marks(character) for character in small)
    return " ".join(_NO_WORD.sub(" ", bare).split())


def text_of(application: Application, answers: Mapping[str, Any]) -> str:
    """The words of a case, each with a space before and after, so that the beginning of a word can be looked for."""
    organisation = application.organisation
    known = (organisation.name, organisation.orgnr or "", application.reference, _project(answers))
    return f" {' '.join(folded for part in known if (folded := fold(part)))} "


def terms_of(typed: str) -> list[str]:
    """What a person looks for: every term must be in the case. A term begins with a space, and is the beginning of words.

    A case number is whole: it ends with a space as well. Organisation numbers may be typed in groups: «974 760 673».
    """
    typed = re.sub(r"\b(\d{3})[ \u00a0](\d{3})[ \u00a0](\d{3})\b", r"\1\2\3", typed[:MOST_CHARACTERS])
    found = []
    for part in typed.split()[:MOST_TERMS]:
        if folded := fold(part):
            found.append(f" {folded} " if _CASE_NUMBER.fullmatch(part) else f" {folded}")
    return found


def _project(answers: Mapping[str, Any]) -> str:
    typed = answers.get("project", {})
    return str(typed.get("project_name", "")) if isinstance(typed, Mapping) else ""


def _without_marks(character: str) -> str:
    apart = unicodedata.normalize("NFKD", character)
    return "".join(part for part in apart if not unicodedata.combining(part)).casefold()
