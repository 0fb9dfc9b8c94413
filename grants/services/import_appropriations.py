"""Take in what Stortinget has granted: each later file is a new decision, and the earlier ones stay on record."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from grants.budget import appropriations, cells
from grants.models import AppropriationDecision, BudgetPost, ClosedYear, ImportedFile
from grants.register.facts import lock_register
from grants.shared.dates import today
from grants.shared.errors import YearIsClosed
from grants.shared.table_file import TableFile, TableRow, read_table

REQUIRED = (
    "kapittel", "post", "kapittelnavn", "posttekst", "stikkord", "overfort_fra_i_fjor", "arets_tildelinger",
)  # fmt: skip
OPTIONAL = ("fjorarets_bevilgning",)
FACTS = ("chapter_name", "post_text", "keyword", "carried_in_ore", "allotted_ore", "last_year_allotted_ore")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to."""

    rows: int
    new_rows: int


@dataclass(frozen=True, slots=True)
class _Decided:
    """A row of the file, read and checked."""

    chapter: str
    post: str
    position: int
    facts: dict[str, Any]

    @property
    def key(self) -> appropriations.Post:
        return self.chapter, self.post


@transaction.atomic
def import_appropriations(path: Path, *, year: int, decided_on: date | None = None) -> Imported:
    """Record a budget or a revision (nysaldering). A post that stands as it stood on that day gets no new decision."""
    year, decided_on = cells.budget_year(year), decided_on or today()
    table = read_table(path, required=REQUIRED, optional=OPTIONAL)
    decided = _read(table)
    lock_register()
    known = appropriations.decisions(year)
    new = [row for row in decided if not _is_known(row, known.get(row.key, []), decided_on)]
    if not new:
        return Imported(len(decided), 0)
    if ClosedYear.objects.filter(year=year).exists():
        raise YearIsClosed(f"The books of {year} are closed: its appropriations can't be changed any more.")
    file = ImportedFile.objects.create(
        kind="appropriations", name=table.name[:200], sha256=table.sha256, rows=len(decided), new_rows=len(new),
        known_on=decided_on,
    )  # fmt: skip
    posts = _budget_posts(year, new)
    AppropriationDecision.objects.bulk_create(
        AppropriationDecision(
            budget_post=posts[row.key], decided_on=decided_on, file=file, position=row.position, **row.facts
        )
        for row in new
    )
    return Imported(len(decided), len(new))


def _read(table: TableFile) -> list[_Decided]:
    rows = [_decided(table, row, position) for position, row in enumerate(table.rows, start=1)]
    first_line: dict[appropriations.Post, int] = {}
    for row, decided in zip(table.rows, rows, strict=True):
        if decided.key in first_line:
            given = f"{decided.chapter}/{decided.post}"
            table.fault(row.line, "post", given, f"each post once; line {first_line[decided.key]} has it already")
        first_line.setdefault(decided.key, row.line)
    table.refuse_if_wrong()
    return rows


def _decided(table: TableFile, row: TableRow, position: int) -> _Decided:
    facts = {
        "chapter_name": table.cell(row, "kapittelnavn", cells.name, ""),
        "post_text": table.cell(row, "posttekst", cells.name, ""),
        "keyword": table.cell(row, "stikkord", cells.keyword, ""),
        "carried_in_ore": table.cell(row, "overfort_fra_i_fjor", cells.granted, cells.granted("0")),
        "allotted_ore": table.cell(row, "arets_tildelinger", cells.granted, cells.granted("0")),
        "last_year_allotted_ore": table.cell(row, "fjorarets_bevilgning", cells.granted_or_unknown, None),
    }
    chapter = table.cell(row, "kapittel", cells.chapter, f"?{row.line}")
    return _Decided(chapter, table.cell(row, "post", cells.post, f"?{row.line}"), position, facts)


def _is_known(row: _Decided, history: list[AppropriationDecision], decided_on: date) -> bool:
    """Does the post already stand so on the day of this decision?"""
    held = appropriations.newest(history, on=decided_on)
    return held is not None and all(getattr(held, fact) == row.facts[fact] for fact in FACTS)


def _budget_posts(year: int, rows: list[_Decided]) -> dict[appropriations.Post, BudgetPost]:
    BudgetPost.objects.bulk_create(
        [BudgetPost(year=year, chapter=row.chapter, post=row.post) for row in rows], ignore_conflicts=True
    )
    return {(post.chapter, post.post): post for post in BudgetPost.objects.select_for_update().filter(year=year)}
