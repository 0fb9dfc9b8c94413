"""The search port: the same question to either database. Which cases contain all these terms?"""

from collections.abc import Sequence
from typing import Protocol

from django.db import connections

from applications.models.application import ApplicationQuerySet
from applications.search import postgresql, sqlite
from applications.search.words import terms_of


class Adapter(Protocol):
    """What a database must be able to do. The terms are those of `applications.search.words.terms_of`."""

    def matching(self, cases: ApplicationQuerySet, terms: Sequence[str]) -> ApplicationQuerySet:
        """Those of the cases that contain every term."""

    def install(self, using: str) -> None:
        """Put the index in place, and bring it up to date; doing it again changes nothing."""

    def missing(self, using: str) -> list[str]:
        """What of the index is not in place."""


ADAPTERS: dict[str, Adapter] = {"sqlite": sqlite.Fts5(), "postgresql": postgresql.Trigrams()}


def adapter(using: str) -> Adapter:
    """The adapter of a database."""
    return ADAPTERS[connections[using].vendor]


def find(cases: ApplicationQuerySet, typed: str) -> ApplicationQuerySet:
    """Those of the cases that contain every word that was typed, or a word that begins with it. Nothing typed: all."""
    terms = terms_of(typed)
    if not terms:
        return cases.none() if typed.strip() else cases
    return adapter(cases.db).matching(cases, terms)
