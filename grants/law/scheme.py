"""The shape of a scheme: what its regulation says, in the order in which a regulation says it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NamedTuple

from grants.law.question import Theme
from grants.law.rule import Rule
from grants.law.text import Text as Text


class Kind(Enum):
    """How money comes to be due."""

    AUTOMATIC_PER_PERSON = "automatic per person"
    CLAIM_PER_PERSON = "per person on claim"
    PROJECT_APPLICATION = "project application"
    EARMARKED = "earmarked"
    DELEGATED = "delegated"


class DayOfYear(NamedTuple):
    """A day that returns every year."""

    month: int
    day: int

    def on(self, year: int) -> date:
        return date(year, self.month, self.day)


class Term(NamedTuple):
    """One term of a year: the cut-off decides who and where, the payment day when."""

    number: int
    cutoff: DayOfYear
    paid: DayOfYear


@dataclass(frozen=True)
class Calendar:
    """The terms of every year."""

    terms: tuple[Term, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(term.number for term in self.terms)

    def cutoff(self, year: int, term: int) -> date:
        return self._term(term).cutoff.on(year)

    def paid_on(self, year: int, term: int) -> date:
        return self._term(term).paid.on(year)

    def _term(self, number: int) -> Term:
        return next(term for term in self.terms if term.number == number)


def calendar(*terms: tuple[tuple[int, int], tuple[int, int]]) -> Calendar:
    """Terms written as (cut-off month and day, payment month and day)."""
    return Calendar(
        tuple(Term(n, DayOfYear(*cutoff), DayOfYear(*paid)) for n, (cutoff, paid) in enumerate(terms, start=1))
    )


@dataclass(frozen=True)
class SubScheme:
    """A part of a scheme that is announced and reported by itself."""

    code: str
    name: Text
    about: str = ""


@dataclass(frozen=True)
class Criterion:
    """What applications are scored on, from 0 to 6, with a weight."""

    code: str
    text: Text
    weight: int


@dataclass(frozen=True)
class Unknown:
    """What no source tells, and what the system does about it."""

    what: str
    consequence: str


# Only Jobbsjansen's criteria stand in a source (part C, 2018), and no source gives weights.
CRITERIA_ARE_OURS = Unknown(
    "Ordlyden i vurderingskriteriene for 2017 og vekten mellom dem.",
    "Kriteriene og vektene her er et utgangspunkt som settes endelig per utlysning.",
)


@dataclass(frozen=True)
class Scheme:
    """A scheme as its regulation describes it."""

    code: str
    name: Text
    chapter: str
    post: str
    legal_basis: str
    purpose: Text
    target_group: str
    recipients: tuple[str, ...]
    kind: Kind
    calculation: str
    reporting: str
    codes: tuple[str, ...] = ()
    calendar: Calendar | None = None
    deadline: str = ""
    sub_schemes: tuple[SubScheme, ...] = ()
    rules: tuple[Rule, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    # What an applicant is asked, page by page. Empty: nobody applies.
    themes: tuple[Theme, ...] = ()
    # Do applications tell of a named person's health?
    on_health: bool = False
    # Must the recipient's report carry an auditor's statement?
    auditors_statement: bool = False
    assumptions: tuple[str, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    appeal: str = "Forvaltningsloven kap. VI: klage til departementet innen tre uker (§ 29)."

    @property
    def by_invitation(self) -> bool:
        """Are the recipients named beforehand, so that nobody else applies?"""
        return self.kind in (Kind.EARMARKED, Kind.DELEGATED)

    @property
    def is_claimed(self) -> bool:
        """Is what is granted paid by the scheme's own runs, from the claims that are known?"""
        return self.kind is Kind.CLAIM_PER_PERSON


NO_APPEAL = (
    "Tildeling og tilbakebetalingskrav er ikke enkeltvedtak (forvaltningsloven § 2 b, forutsatt som for enslige "
    "mindreårige); kommunen kan be om ny vurdering og sende korrigering."
)
