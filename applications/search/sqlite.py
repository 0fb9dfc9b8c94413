"""Search on SQLite: words with their beginnings in FTS5, an index over the table of words, kept by triggers.

Django rebuilds a table to alter it and drops its triggers without a word. They are put back after every migrate, and
when one was away, the index is built anew.
"""

from collections.abc import Iterator, Sequence

from django.db import connections, transaction
from django.db.models.expressions import RawSQL

from applications.models import CaseText
from applications.models.application import ApplicationQuerySet

TABLE = CaseText._meta.db_table
INDEX = "applications_casesearch"
# A look at so many cases, spread evenly, tells whether a search meets many: then a walk in the queue's own order finds a
# page of them sooner than the index finds and sorts them all. Both find the same.
SAMPLE, MANY = 200, 3
_FORGET = f"INSERT INTO {INDEX} ({INDEX}, rowid, text) VALUES ('delete', OLD.id, OLD.text);"  # noqa: S608
_LEARN = f"INSERT INTO {INDEX} (rowid, text) VALUES (NEW.id, NEW.text);"  # noqa: S608
# Words are stored folded, so the tokenizer only parts them; beginnings of one to four letters have lists of their own.
CREATE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5 (text, content='{TABLE}', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0', prefix='1 2 3 4', detail='full')"
)
TRIGGERS = {
    f"{INDEX}_insert": f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {TABLE} BEGIN {_LEARN} END",
    f"{INDEX}_update": f"CREATE TRIGGER {INDEX}_update AFTER UPDATE ON {TABLE} BEGIN {_FORGET} {_LEARN} END",
    f"{INDEX}_delete": f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {TABLE} BEGIN {_FORGET} END",
}


class Fts5:
    """The index answers where few cases match; where many do, the queue is walked and each case's words looked at."""

    def matching(self, cases: ApplicationQuerySet, terms: Sequence[str]) -> ApplicationQuerySet:
        """Both ways give the same cases."""
        if _are_many(cases.db, terms):
            for term in terms:
                cases = cases.filter(words__text__contains=term)
            return cases
        found = RawSQL(f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s", [_match(terms)])  # noqa: S608, S611
        return cases.filter(words__id__in=found)

    def install(self, using: str) -> None:
        """The index and its triggers; built anew where something was away or otherwise."""
        away = self.missing(using)
        if not away:
            return
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            if INDEX in away:
                cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")
                cursor.execute(CREATE)
            for name, trigger in TRIGGERS.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(trigger)
            cursor.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')")  # noqa: S608

    def missing(self, using: str) -> list[str]:
        """The index and triggers that are not in place as they are written here."""
        wanted = {INDEX: CREATE, **TRIGGERS}
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'trigger')")
            found = dict(cursor.fetchall())
        return sorted(name for name, sql in wanted.items() if found.get(name) != sql)


def _match(terms: Sequence[str]) -> str:
    """FTS5's own question: a phrase in quotes, with a star where its last word may go on."""
    return " ".join(f'"{term.strip()}"' + ("" if term.endswith(" ") else " *") for term in terms)


def _are_many(using: str, terms: Sequence[str]) -> bool:
    """Do many cases hold these terms, by the look of a sample?"""
    holds = " AND ".join(["instr(text, %s)"] * len(terms))
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {TABLE}")  # noqa: S608
        sample = ", ".join(map(str, _spread(cursor.fetchone()[0] or 0)))
        cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE id IN ({sample}) AND {holds}", list(terms))  # noqa: S608
        return int(cursor.fetchone()[0]) >= MANY


def _spread(last: int) -> Iterator[int]:
    """Ids up to the last, evenly and in no step that the cases themselves might keep (by the golden ratio)."""
    return (1 + (number * 2_654_435_769 % 2**32 * last >> 32) for number in range(SAMPLE))
