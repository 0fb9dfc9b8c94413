"""What may stand in a cell of the budget files. Each refuses with what was expected."""

import re

from grants.models import AppropriationDecision
from grants.models.organisation import SECTORS
from grants.shared.errors import BadInput, Refused
from grants.shared.money import Ore, read_kroner

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_NAME = 200
LONGEST_CLASS = 20
KEYWORDS = tuple(AppropriationDecision.Keyword.values)
# The plural and the words of note 7 are taken too.
SECTOR_WORDS = {sector: sector for sector in SECTORS.values()} | {
    "kommuner": "kommune",
    "fylkeskommuner": "fylkeskommune",
    "ikke-finansielle foretak": "foretak",
    "ideelle organisasjoner": "ideell",
}
_CHAPTER = re.compile(r"[0-9]{4}", re.ASCII)
_POST = re.compile(r"[0-9]{2}", re.ASCII)


def chapter(text: str) -> str:
    """A chapter of the state budget."""
    if not _CHAPTER.fullmatch(text) or text == "0000":
        raise BadInput("a chapter of four digits, for example 0496")
    return text


def post(text: str) -> str:
    """A post of a chapter."""
    if not _POST.fullmatch(text) or text == "00":
        raise BadInput("a post of two digits from 01 to 99, for example 60")
    return text


def name(text: str) -> str:
    """A name that must be given."""
    if not text.strip():
        raise BadInput("a name, not an empty cell")
    return optional_name(text)


def optional_name(text: str) -> str:
    """A name, or nothing."""
    if len(text) > LONGEST_NAME:
        raise BadInput(f"at most {LONGEST_NAME} characters")
    return text.strip()


def keyword(text: str) -> str:
    """A keyword (stikkord) of the appropriation, or nothing."""
    if text not in KEYWORDS:
        raise BadInput("«kan overføres», «overslagsbevilgning» or nothing")
    return text


def sector(text: str) -> str:
    """The recipients' sector, or nothing."""
    if not text:
        return ""
    known = SECTOR_WORDS.get(text.casefold())
    if known is None:
        raise BadInput(f"one of {', '.join(sorted(SECTORS.values()))}, or nothing")
    return known


def account_class(text: str) -> str:
    """The account (artskonto) of the standard chart of accounts, or nothing."""
    if len(text) > LONGEST_CLASS:
        raise BadInput(f"at most {LONGEST_CLASS} characters")
    return text.strip()


def granted(text: str) -> Ore:
    """An appropriation: whole kroner, never below zero."""
    amount = read_kroner(text)
    if amount < 0:
        raise BadInput("whole kroner, zero or more")
    return amount


def granted_or_unknown(text: str) -> Ore | None:
    """An appropriation that may be unknown."""
    return granted(text) if text else None


def budget_year(year: int) -> int:
    """A year that can be a budget year here."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"{year} can't be a budget year: give one from {FIRST_YEAR} to {LAST_YEAR}.")
    return year
