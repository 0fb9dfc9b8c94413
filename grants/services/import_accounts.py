"""Take in what the state accounts show outside this system: operating posts, income and other transfers."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.db import transaction

from grants.budget import cells
from grants.budget.appropriations import Post, account_key, outside_accounts
from grants.models import BudgetPost, ClosedYear, ImportedFile, OutsideAccount
from grants.register.facts import lock_register
from grants.services.import_appropriations import Imported
from grants.shared.dates import today
from grants.shared.errors import Refused, YearIsClosed
from grants.shared.money import read_kroner, whole_kroner
from grants.shared.table_file import TableFile, TableRow, read_table

REQUIRED = ("kapittel", "post", "belop_kroner")
OPTIONAL = ("kapittelnavn", "posttekst", "stikkord", "sektor", "artskonto")
NOT_SPLIT = ("", "")


@dataclass(frozen=True, slots=True)
class _Booked:
    """A row of the file, read and checked."""

    line: int
    chapter: str
    post: str
    sector: str
    account_class: str
    amount_ore: int
    chapter_name: str = ""
    post_text: str = ""
    keyword: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.chapter, self.post, self.sector, self.account_class)

    @property
    def split(self) -> tuple[str, str]:
        return (self.sector, self.account_class)

    def joined_with(self, known: OutsideAccount) -> "_Booked":
        """Texts that this file does not give are taken from what is known: an empty cell says nothing."""
        return replace(
            self,
            chapter_name=self.chapter_name or known.chapter_name,
            post_text=self.post_text or known.post_text,
            keyword=self.keyword or known.keyword,
        )

    def says_the_same(self, known: OutsideAccount) -> bool:
        texts = (self.chapter_name, self.post_text, self.keyword)
        return self.amount_ore == known.amount_ore and texts == (known.chapter_name, known.post_text, known.keyword)

    def contradicts(self, known: OutsideAccount) -> bool:
        """Another amount or another keyword; a name where none was known, or in other words, is no contradiction."""
        return self.amount_ore != known.amount_ore or bool(known.keyword and self.keyword != known.keyword)


@transaction.atomic
def import_accounts(path: Path, *, year: int, known_on: date | None = None, correct: str = "") -> Imported:
    """Record accounts. A known row changes nothing; a contradiction needs a reason, and then supersedes what was known."""
    year, known_on, correct = cells.budget_year(year), known_on or today(), correct.strip()
    if len(correct) > 500:
        raise Refused("The reason for the correction is too long: at most 500 characters.")
    table = read_table(path, required=REQUIRED, optional=OPTIONAL)
    rows = _read(table)
    lock_register()
    list(BudgetPost.objects.select_for_update().filter(year=year))  # nobody asks for cover in between
    known = {account_key(row): row for row in outside_accounts(year)}
    new = _new_rows(table, rows, known, known_on, correct=bool(correct))
    if not new:
        return Imported(len(rows), 0)
    if ClosedYear.objects.filter(year=year).exists():
        raise YearIsClosed(f"The books of {year} are closed: its accounts can't be changed any more.")
    file = ImportedFile.objects.create(
        kind="accounts", name=table.name[:200], sha256=table.sha256, rows=len(rows), new_rows=len(new), known_on=known_on,
        reason=correct,
    )  # fmt: skip
    OutsideAccount.objects.bulk_create(
        OutsideAccount(
            year=year, chapter=row.chapter, post=row.post, amount_ore=row.amount_ore, chapter_name=row.chapter_name,
            post_text=row.post_text, keyword=row.keyword, sector=row.sector, account_class=row.account_class,
            known_on=known_on, reason=correct, file=file, position=row.line,
        )
        for row in new
    )  # fmt: skip
    return Imported(len(rows), len(new))


def _read(table: TableFile) -> list[_Booked]:
    rows = [_booked(table, row) for row in table.rows]
    first: dict[tuple[str, ...], _Booked] = {}
    for row in rows:
        if row.key in first:
            given = " ".join(part for part in (f"{row.chapter}/{row.post}", *row.split) if part)
            table.fault(
                row.line, "post", given, f"each post, sector and account once; line {first[row.key].line} has it"
            )
        first.setdefault(row.key, row)
    table.refuse_if_wrong()
    return rows


def _booked(table: TableFile, row: TableRow) -> _Booked:
    return _Booked(
        line=row.line,
        chapter=table.cell(row, "kapittel", cells.chapter, f"?{row.line}"),
        post=table.cell(row, "post", cells.post, f"?{row.line}"),
        sector=table.cell(row, "sektor", cells.sector, ""),
        account_class=table.cell(row, "artskonto", cells.account_class, ""),
        amount_ore=table.cell(row, "belop_kroner", read_kroner, read_kroner("0")),
        chapter_name=table.cell(row, "kapittelnavn", cells.optional_name, ""),
        post_text=table.cell(row, "posttekst", cells.optional_name, ""),
        keyword=table.cell(row, "stikkord", cells.keyword, ""),
    )


def _new_rows(
    table: TableFile,
    rows: list[_Booked],
    known: dict[tuple[str, ...], OutsideAccount],
    known_on: date,
    *,
    correct: bool,
) -> list[_Booked]:
    new = []
    for row in rows:
        held = known.get(row.key)
        if held is None:
            new.append(row)
            continue
        joined = row.joined_with(held)
        if joined.says_the_same(held):
            continue
        if joined.contradicts(held) and not correct:
            _note_contradiction(table, joined, held)
        elif held.known_on > known_on:
            table.fault(row.line, "post", f"{row.chapter}/{row.post}", f"a day of knowledge from {held.known_on} on")
        new.append(joined)
    new += _replaced_splits(table, rows, known, correct=correct)
    table.refuse_if_wrong()
    return new


def _note_contradiction(table: TableFile, row: _Booked, held: OutsideAccount) -> None:
    column, given, known = "stikkord", row.keyword, held.keyword
    if row.amount_ore != held.amount_ore:
        column, given, known = "belop_kroner", str(whole_kroner(row.amount_ore)), str(whole_kroner(held.amount_ore))
    expected = f"{known}, as known since {held.known_on}; to correct it, import with --correct REASON"
    table.fault(row.line, column, given, expected)


def _replaced_splits(
    table: TableFile, rows: list[_Booked], known: dict[tuple[str, ...], OutsideAccount], *, correct: bool
) -> list[_Booked]:
    """A post known as one sum and now given by sector (or the other way) would count twice: the old rows become zero."""
    given: dict[Post, list[_Booked]] = defaultdict(list)
    for row in rows:
        given[row.chapter, row.post].append(row)
    zeroed = []
    for (chapter, post), of_post in given.items():
        held = [row for row in known.values() if (row.chapter, row.post) == (chapter, post) and row.amount_ore]
        splits_given = {row.split for row in of_post}
        left_out = [row for row in held if (row.sector, row.account_class) not in splits_given]
        mixed = [
            row for row in left_out if (NOT_SPLIT in splits_given) != ((row.sector, row.account_class) == NOT_SPLIT)
        ]
        if not mixed:
            continue
        if not correct:
            table.fault(
                of_post[0].line, "sektor", of_post[0].sector,
                f"{chapter}/{post} divided as already known; to divide it anew, import with --correct REASON",
            )  # fmt: skip
        zeroed += [
            _Booked(of_post[0].line, chapter, post, row.sector, row.account_class, 0, row.chapter_name, row.post_text, row.keyword)
            for row in mixed
        ]  # fmt: skip
    return zeroed
