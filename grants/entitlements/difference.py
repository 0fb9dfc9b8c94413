"""The difference between what is due and what is booked, in one pass over both, in the order of the persons."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from grants.entitlements.due import Amount, Amounts, Due
from grants.models import EntitlementLine, EntitlementRun, Person
from grants.register.reading import stream

DUE = EntitlementLine.Kind.DUE.value
CORRECTION = EntitlementLine.Kind.CORRECTION.value
# Where, for what, from which term, and whether an approved run already covered that term.
SumKey = tuple[str, str, int, int, str]
# Run, person and municipality; then, line by line, code, origin year and term, kind and øre.
Head = tuple[int, int | None, str]
Tail = tuple[str, int, int, str, int]
Lines = tuple[Head, tuple[Tail, ...]]
NOTHING: tuple[Amount, ...] = ()


@dataclass
class Difference:
    """What a run would book: sums by municipality, code, term and kind, and how they differ from what is booked."""

    lines: int = 0
    sums: Counter[SumKey] = field(default_factory=Counter)
    counts: Counter[SumKey] = field(default_factory=Counter)
    # Lines and øre by kind of change: new, changed (another amount), reversed (no longer due).
    changes: dict[str, list[int]] = field(
        default_factory=lambda: {"new": [0, 0], "changed": [0, 0], "reversed": [0, 0]}
    )
    corrected: Counter[str] = field(default_factory=Counter)

    @property
    def total_ore(self) -> int:
        return sum(self.sums.values())

    def by_municipality(self) -> dict[str, int]:
        """What is due to each municipality in this run."""
        found: Counter[str] = Counter()
        for key, ore in self.sums.items():
            found[key[0]] += ore
        return dict(sorted(found.items()))

    def largest(self, number: int = 20) -> list[dict[str, Any]]:
        """The municipalities with the largest corrections, then the largest sums."""
        due = self.by_municipality()
        order = sorted(due, key=lambda where: (-abs(self.corrected[where]), -abs(due[where]), where))
        return [
            {"municipality": where, "due_ore": due[where], "corrections_ore": self.corrected[where]}
            for where in order[:number]
        ]


def booked_by_person(
    scheme: str, *, person_id: int | None = None
) -> Iterator[tuple[int, dict[tuple[str, str, int, int], int]]]:
    """What approved runs have booked, summed by municipality, code and origin; erased persons are left in peace."""
    runs = list(EntitlementRun.objects.booked().filter(scheme=scheme).values_list("pk", flat=True))
    if not runs:
        return
    conditions = [f"l.run_id IN ({', '.join(map(str, runs))})"]
    if person_id is not None:
        conditions.append(f"l.person_id = {int(person_id)}")
    if Person.objects.filter(erased_on__isnull=False).exists():
        conditions.append(
            "NOT EXISTS (SELECT 1 FROM grants_person p WHERE p.id = l.person_id AND p.erased_on IS NOT NULL)"
        )
    sql = (
        "SELECT COALESCE(l.person_id, 0), l.municipality_number, l.code, l.origin_year, l.origin_term, "  # noqa: S608
        f"SUM(l.amount_ore) FROM grants_entitlementline l WHERE {' AND '.join(conditions)} "
        "GROUP BY 1, 2, 3, 4, 5 HAVING SUM(l.amount_ore) <> 0 ORDER BY 1"
    )
    for person, rows in groupby(stream(sql, []), key=itemgetter(0)):
        yield person, {(row[1], row[2], row[3], row[4]): int(row[5]) for row in rows}


class _Tails:
    """The lines of a person in each municipality. Equal ones are the same object: a few hundred serve a whole run."""

    def __init__(self, covered: tuple[int, int]) -> None:
        self._covered = covered
        self._kept: dict[tuple[Tail, ...], tuple[Tail, ...]] = {}

    def kind(self, year: int, term: int) -> str:
        """Whether a line of a term is its first (due) or corrects what an approved run has covered already."""
        return CORRECTION if (year, term) <= self._covered else DUE

    def by_municipality(self, amounts: Iterable[Amount]) -> list[tuple[str, tuple[Tail, ...]]]:
        found = []
        for municipality, group in groupby(amounts, key=itemgetter(0)):
            tails = tuple((code, year, term, self.kind(year, term), ore) for _, code, year, term, ore in group)
            found.append((municipality, self._kept.setdefault(tails, tails)))
        return found


def difference(
    run_id: int,
    due: Due,
    booked: Iterator[tuple[int, dict[tuple[str, str, int, int], int]]],
    covered: tuple[int, int],
    into: Difference,
) -> Iterator[Lines]:
    """The lines to book, while `into` gathers their sums. `covered` is the last term that an approved run has covered.

    Most persons have nothing booked and share their lines with many others: these are counted, and summed at the end.
    """
    tails = _Tails(covered)
    counts: Counter[tuple[str, tuple[Tail, ...]]] = Counter()
    kept: dict[int, tuple[tuple[Amount, ...], list[tuple[str, tuple[Tail, ...]]]]] = {}
    waiting = next(booked, None)
    for person, amounts in due:
        while waiting is not None and waiting[0] < person:
            yield from _changed(run_id, waiting[0], NOTHING, waiting[1], tails, into)
            waiting = next(booked, None)
        if waiting is not None and waiting[0] == person:
            yield from _changed(run_id, person, amounts, waiting[1], tails, into)
            waiting = next(booked, None)
            continue
        if isinstance(amounts, tuple):  # shared, and held by `kept`, so that its identity stays its own
            found = kept.get(id(amounts))
            if found is None:
                found = kept[id(amounts)] = (amounts, tails.by_municipality(amounts))
            lines = found[1]
        else:
            lines = tails.by_municipality(amounts)
        for municipality, of_person in lines:
            counts[municipality, of_person] += 1
            yield (run_id, person or None, municipality), of_person
    while waiting is not None:
        yield from _changed(run_id, waiting[0], NOTHING, waiting[1], tails, into)
        waiting = next(booked, None)
    for (municipality, of_each), persons in counts.items():
        for code, year, term, kind, ore in of_each:
            _count(into, (municipality, code, year, term, kind), ore * persons, persons, "new")


def _changed(
    run_id: int,
    person: int,
    amounts: Amounts,
    booked: dict[tuple[str, str, int, int], int],
    tails: _Tails,
    into: Difference,
) -> Iterator[Lines]:
    """A person with something booked: what is due minus what is booked, key by key."""
    due: Counter[tuple[str, str, int, int]] = Counter()
    for municipality, code, year, term, ore in amounts:
        due[municipality, code, year, term] += ore
    if due == booked:
        return
    changes = []
    for key in sorted(due.keys() | booked.keys(), key=lambda k: (k[2], k[3], k[1], k[0])):
        ore = due[key] - booked.get(key, 0)
        if ore:
            change = "new" if key not in booked else "changed" if due[key] else "reversed"
            _count(into, (*key, tails.kind(key[2], key[3])), ore, 1, change)
            changes.append(Amount(*key, ore))
    for municipality, lines in tails.by_municipality(changes):
        yield (run_id, person or None, municipality), lines


def _count(into: Difference, key: SumKey, ore: int, lines: int, change: str) -> None:
    into.sums[key] += ore
    into.counts[key] += lines
    into.lines += lines
    into.changes[change][0] += lines
    into.changes[change][1] += ore
    if key[4] == CORRECTION:
        into.corrected[key[0]] += ore
