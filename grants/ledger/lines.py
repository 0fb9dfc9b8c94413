"""The ledger as people read it: the lines that touch one account, the newest first, with the balance after each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from grants.models import Account, LedgerEntry, Organisation
from grants.models.ledger_entry import LedgerEntryQuerySet

MOST_RECIPIENTS = 500


@dataclass(frozen=True)
class Chosen:
    """What the lines are narrowed to: an account, and of it a year, post, scheme, recipient or kind of transfer. Empty: all."""

    account: Account = Account.PAID
    year: int | None = None
    chapter: str = ""
    post: str = ""
    scheme: str = ""
    recipient: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """A line as it stands on the account: what it added (below zero: took), and what stood there after it; øre."""

    entry: LedgerEntry
    amount_ore: int
    balance_ore: int


@dataclass(frozen=True)
class Page:
    """Some lines, the balance above them, and the places of the pages before and after; None where there is none."""

    lines: Sequence[Line]
    newer: int | None
    older: int | None


def lines_of(chosen: Chosen) -> LedgerEntryQuerySet:
    """The lines that touch the account and fit."""
    return narrowed(chosen).filter(Q(debit=chosen.account) | Q(credit=chosen.account))


def narrowed(chosen: Chosen) -> LedgerEntryQuerySet:
    """The lines of all accounts that fit."""
    found = LedgerEntry.objects.all()
    if chosen.year is not None:
        found = found.filter(budget_year=chosen.year)
    if chosen.chapter:
        found = found.filter(chapter=chosen.chapter)
    if chosen.post:
        found = found.filter(post=chosen.post)
    if chosen.scheme:
        found = found.filter(scheme=chosen.scheme)
    if chosen.recipient:
        found = found.filter(recipient__in=_recipients(chosen.recipient))
    if _kind(chosen.kind):
        debit, _dash, credit = chosen.kind.partition("-")
        found = found.filter(debit=debit, credit=credit)
    return found


def asked_for(
    *,
    year: int | None = None,
    chapter: str = "",
    post: str = "",
    scheme: str = "",
    recipient: str = "",
    account: str = "",
    after: int | None = None,
) -> LedgerEntryQuerySet:
    """The lines as another system asks for them: of one organisation number, and booked after a line that it knows."""
    found = narrowed(Chosen(year=year, chapter=chapter, post=post, scheme=scheme))
    if recipient:
        found = found.filter(recipient__orgnr=recipient)
    if account:
        found = found.filter(Q(debit=account) | Q(credit=account))
    if after is not None:
        found = found.filter(pk__gt=after)
    return _full(found)


def page(
    chosen: Chosen, *, before: int | None = None, after: int | None = None, size: int, balance_ore: int | None = None
) -> Page:
    """The lines older than `before`, or newer than `after`, or the newest. The hundredth page costs what the first does.

    `balance_ore` is what stands on the account now, where that is known: above the newest line nothing is to be asked.
    """
    rows = lines_of(chosen)
    if after is not None:
        newer = list(_full(rows.filter(pk__gt=after).order_by("pk"))[: size + 1])
        if len(newer) > size:
            found = newer[size - 1 :: -1]
            return Page(_with_balance(chosen, found, None), found[0].pk, found[-1].pk)
        before = None  # these are the newest: whole, from the top
    older = rows.filter(pk__lt=before) if before is not None else rows
    found = list(_full(older.order_by("-pk"))[: size + 1])
    shown = found[:size]
    return Page(
        _with_balance(chosen, shown, balance_ore if before is None else None),
        newer=shown[0].pk if before is not None and shown else None,
        older=shown[-1].pk if len(found) > size else None,
    )


@dataclass(frozen=True)
class Overview:
    """What stands on every account, of what fits; and what the year can be narrowed to."""

    balances: dict[Account, int]
    posts: Sequence[str]
    schemes: Sequence[str]
    kinds: Sequence[str]

    @property
    def adds_up(self) -> bool:
        """The sum of all accounts is nothing, whatever lines are looked at."""
        return sum(self.balances.values()) == 0


def overview(chosen: Chosen) -> Overview:
    """All of it from one pass over the year, which the index `ledger_year_end` answers alone.

    Lines of some recipients are asked for by themselves: the index does not know recipients.
    """
    grouped = ("chapter", "post", "scheme", "debit", "credit")
    rows = list(narrowed(Chosen(year=chosen.year)).order_by().values_list(*grouped).annotate(ore=Sum("amount_ore")))
    found = dict.fromkeys(Account, 0)
    for chapter, post, scheme, debit, credit, ore in rows:
        if _fits(chosen, chapter, post, scheme, f"{debit}-{credit}"):
            found[Account(debit)] -= int(ore)
            found[Account(credit)] += int(ore)
    return Overview(
        balances_of(narrowed(chosen)) if chosen.recipient else found,
        posts=sorted({f"{row[0]}/{row[1]}" for row in rows}),
        schemes=sorted({row[2] for row in rows if row[2]}),
        kinds=sorted({f"{row[3]}-{row[4]}" for row in rows}),
    )


def _fits(chosen: Chosen, chapter: str, post: str, scheme: str, kind: str) -> bool:
    wanted = ((chosen.chapter, chapter), (chosen.post, post), (chosen.scheme, scheme), (_kind(chosen.kind), kind))
    return all(not want or want == has for want, has in wanted)


def _kind(text: str) -> str:
    """A kind of transfer as it was asked for, or nothing where it is none."""
    debit, _dash, credit = text.partition("-")
    return text if debit in Account.values and credit in Account.values else ""


def balances_of(entries: LedgerEntryQuerySet) -> dict[Account, int]:
    """What stands on every account, of these lines; øre."""
    found = dict.fromkeys(Account, 0)
    rows = entries.order_by().values_list("debit", "credit").annotate(ore=Sum("amount_ore"))
    for debit, credit, ore in rows:
        found[Account(debit)] -= int(ore)
        found[Account(credit)] += int(ore)
    return found


def years() -> list[int]:
    """The years that have lines, the newest first: one look in the index for each, not one for each line."""
    found = list[int]()
    rows = LedgerEntry.objects.order_by("-budget_year").values_list("budget_year", flat=True)
    year = rows.first()
    while year is not None:
        found.append(year)
        year = rows.filter(budget_year__lt=year).first()
    return found


def signed_ore(entry: LedgerEntry, account: Account) -> int:
    """What a line adds to an account, øre."""
    return entry.amount_ore if entry.credit == account else -entry.amount_ore


def _with_balance(chosen: Chosen, entries: Sequence[LedgerEntry], balance: int | None) -> list[Line]:
    """The balance is asked once, up to the first line that is shown, and counted down from there."""
    if not entries:
        return []
    if balance is None:
        balance = lines_of(chosen).filter(pk__lte=entries[0].pk).balance_ore(chosen.account)
    found = []
    for entry in entries:
        amount = signed_ore(entry, chosen.account)
        found.append(Line(entry, amount, balance))
        balance -= amount
    return found


def _full(rows: LedgerEntryQuerySet) -> LedgerEntryQuerySet:
    return rows.select_related("recipient", "by")


def _recipients(words: str) -> list[UUID]:
    """Recipients whose name has all the words in it, or whose number it is."""
    found: QuerySet[Organisation, Any] = Organisation.objects.all()
    for word in words.casefold().split():
        found = found.filter(Q(search_key__contains=word) | Q(orgnr=word) | Q(municipality_number=word))
    return list(found.order_by("name").values_list("pk", flat=True)[:MOST_RECIPIENTS])
