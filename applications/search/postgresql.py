"""Search on PostgreSQL: trigrams of the folded words in a GIN index (pg_trgm). The planner chooses when it is worth it."""

from collections.abc import Sequence

from django.db import connections

from applications.models import CaseText
from applications.models.application import ApplicationQuerySet

INDEX = "case_text_trigrams"


class Trigrams:
    """The extension is made by a migration, the index stands beside it."""

    def matching(self, cases: ApplicationQuerySet, terms: Sequence[str]) -> ApplicationQuerySet:
        """LIKE over the folded text: the index answers it, or the queue's own order where most cases match."""
        for term in terms:
            cases = cases.filter(words__text__contains=term)
        return cases

    def install(self, using: str) -> None:
        """Make the index, where it is not there."""
        with connections[using].cursor() as cursor:
            # Without a list of entries that wait: a search never has to read what was written last one by one.
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {INDEX} ON {CaseText._meta.db_table} "
                "USING gin (text gin_trgm_ops) WITH (fastupdate = off)"
            )

    def missing(self, using: str) -> list[str]:
        """The index, where it is not there or does not hold."""
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = %s AND i.indisvalid",
                [INDEX],
            )
            return [] if cursor.fetchone() else [INDEX]
