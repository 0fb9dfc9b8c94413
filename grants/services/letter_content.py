"""What a run's letter to a municipality says: its sums, proved against the run and the ledger, and its person-lines."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import override

from grants.law.registry import scheme as scheme_of
from grants.law.scheme import NO_APPEAL
from grants.models import (
    Account,
    EntitlementLine,
    EntitlementRun,
    LedgerEntry,
    Organisation,
    ProtectedPerson,
    RunPayable,
)
from grants.services.letter_words import CODES, name_of_code
from grants.shared.errors import Refused
from grants.shared.money import kr

# How many characters of the annex's typewriter face fit on a line, and how far apart the references stand.
LINE_WIDTH = 92
GAP = 3
REPORTS_NOTHING = "Ingen særskilt rapport"
_ORDER = tuple(CODES)

Origin = tuple[str, int, int]
BY_THE_HEAD = "EKS50"  # lines that are not about one person, but count them


@dataclass(frozen=True)
class Line:
    """A line of the run, as the letter knows it: protected and erased persons have no reference."""

    person_id: int | None
    reference: str | None
    is_protected: bool
    code: str
    origin_year: int
    origin_term: int
    kind: str
    amount_ore: int


@dataclass(frozen=True)
class Sums:
    """What the run says of a municipality."""

    due_ore: int
    carried_in_ore: int
    paid_ore: int
    carried_out_ore: int


def letter_content(run: EntitlementRun, number: str) -> dict[str, Any]:
    """All that the letter's template needs. Refused unless run, payable, lines and ledger say the same to the øre."""
    recipient = _recipient(number)
    payable = RunPayable.objects.filter(run=run, municipality_number=number).first()
    if payable is None:
        raise Refused(
            f"Run {run.pk} pays municipality {number} nothing and carries nothing: there is no letter to make."
        )
    sums = Sums(payable.due_ore, payable.carried_in_ore, payable.paid_ore, payable.carried_out_ore)
    lines = _lines(run, number)
    _require_equal_sums(run, recipient, sums, lines)
    with override(recipient.language):
        return _written(run, recipient, sums, lines)


def _written(run: EntitlementRun, recipient: Organisation, sums: Sums, lines: Sequence[Line]) -> dict[str, Any]:
    scheme, language = scheme_of(run.scheme), recipient.language
    assert run.booked_on is not None and scheme.calendar is not None  # what is approved is booked, and has terms
    kroner = _kroner(sums, lines)
    return {
        "run": run,
        "number": letter_number(run, recipient.municipality_number),
        "recipient": recipient,
        "language": language,
        "dated": _day(run.booked_on),
        "dated_iso": run.booked_on.isoformat(),
        "scheme": scheme.name.nn if language == "nn" else scheme.name.nb,
        "chapter": scheme.chapter.lstrip("0"),
        "post": scheme.post,
        "legal_basis": scheme.legal_basis.removesuffix("."),
        "has_terms": len(scheme.calendar.numbers) > 1,
        "cutoff": _day(scheme.calendar.cutoff(run.year, run.term)),
        "known": _day(run.as_of or localdate(run.prepared_at)),
        "is_no_individual_decision": scheme.appeal == NO_APPEAL,
        "reports_nothing": scheme.reporting.startswith(REPORTS_NOTHING),
        "persons": len({line.person_id for line in lines} - {None}),
        "paid_ore": sums.paid_ore,
        "codes": _codes(run, lines, language, kroner),
        "due": kroner(sums.due_ore),
        "carried_in": kroner(sums.carried_in_ore) if sums.carried_in_ore else "",
        "paid": kroner(sums.paid_ore),
        # Written as what is taken out of this run, so that the column adds up to what is paid.
        "carried_out": kroner(-sums.carried_out_ore) if sums.carried_out_ore else "",
        "has_corrections": any(line.kind == EntitlementLine.Kind.CORRECTION for line in lines),
        "annex": _annex(lines, language, kroner),
        **_unnamed(lines, kroner),
    }


def letter_number(run: EntitlementRun, number: str) -> str:
    """A letter is numbered by its run and its municipality; the payment carries the same number."""
    return f"{run.pk}-{number}"


# --- What is read -----------------------------------------------------------------------------------------------------


def _recipient(number: str) -> Organisation:
    recipient = Organisation.objects.municipalities().filter(municipality_number=number).first()
    if recipient is None:
        raise Refused(f"Municipality {number} is not known here. Run `manage.py migrate`, which installs the list.")
    return recipient


def _lines(run: EntitlementRun, number: str) -> list[Line]:
    protected = set(ProtectedPerson.objects.values_list("person_id", flat=True))
    rows = (
        EntitlementLine.objects.filter(run=run, municipality_number=number)
        .order_by()
        .values_list("person_id", "person__person_ref", "code", "origin_year", "origin_term", "kind", "amount_ore")
    )
    return [
        Line(row[0], None if row[0] in protected else row[1], row[0] in protected, *row[2:])
        for row in rows
    ]  # fmt: skip


def _require_equal_sums(run: EntitlementRun, recipient: Organisation, sums: Sums, lines: Sequence[Line]) -> None:
    """A letter leaves only when it says what the run and the ledger say."""
    said: Counter[Origin] = Counter()
    for line in lines:
        said[line.code, line.origin_year, line.origin_term] += line.amount_ore
    booked: Counter[Origin] = Counter()
    paid_ore = 0
    entries = LedgerEntry.objects.filter(run=run, recipient=recipient)
    for key, debit, credit, code, year, term, ore in entries.values_list(
        "key", "debit", "credit", "code", "origin_year", "origin_term", "amount_ore"
    ):
        if Account.PAID in (debit, credit):
            paid_ore += ore if credit == Account.PAID else -ore
        elif key.startswith(f"run:{run.pk}:owed:"):
            booked[code, year, term] += ore if credit == Account.OWED else -ore
    fault = ""
    if sum(said.values()) != sums.due_ore:
        fault = f"its lines come to {sum(said.values())} øre, its payable says {sums.due_ore}"
    elif _without_zeroes(said) != _without_zeroes(booked):
        fault = f"its lines come to {sum(said.values())} øre, the ledger has {sum(booked.values())}, code by code"
    elif run.state == EntitlementRun.State.PAID and paid_ore != sums.paid_ore:
        fault = f"the ledger has paid {paid_ore} øre, the run pays {sums.paid_ore}"
    if fault:
        raise Refused(
            f"No letter for run {run.pk} to {recipient.municipality_number}: {fault}. Let finance look into it."
        )


def _without_zeroes(sums: Counter[Origin]) -> dict[Origin, int]:
    return {origin: ore for origin, ore in sums.items() if ore}


# --- What is written --------------------------------------------------------------------------------------------------


def _codes(run: EntitlementRun, lines: Sequence[Line], language: str, kroner: "_Kroner") -> list[dict[str, Any]]:
    """One row per code: how many persons, what is due, what is corrected."""
    due: Counter[str] = Counter()
    corrected: Counter[str] = Counter()
    persons: defaultdict[str, set[int]] = defaultdict(set)
    for line in lines:
        if line.kind == EntitlementLine.Kind.CORRECTION:
            corrected[line.code] += line.amount_ore
        else:
            due[line.code] += line.amount_ore
        if line.person_id is not None:
            persons[line.code].add(line.person_id)
    order = [code for code in _ORDER if code in due or code in corrected]
    order += sorted((due.keys() | corrected.keys()) - set(order))
    return [
        {
            "code": code,
            "name": name_of_code(code, language),
            "persons": len(persons[code]) or _heads(run, code, due[code]),
            "due": kroner(due[code]) if code in due else "",
            "corrected": kroner(corrected[code]) if code in corrected else "",
            "total": kroner(due[code] + corrected[code]),
        }
        for code in order
    ]


def _heads(run: EntitlementRun, code: str, due_ore: int) -> int | str:
    """How many persons a sum by the head is for (A6), at the rate the run used; empty for other codes."""
    rate = run.rates_used.get(f"per_person {run.year}")
    return due_ore // int(rate["value"]) if code == BY_THE_HEAD and rate else ""


def _annex(lines: Sequence[Line], language: str, kroner: "_Kroner") -> list[dict[str, Any]]:
    """The person-lines: lines alike in code, origin, kind and amount share a heading; below it stand the references."""
    groups: defaultdict[tuple[int, str, int, int, str, int], list[str]] = defaultdict(list)
    for line in lines:
        if line.reference is not None:
            place = _ORDER.index(line.code) if line.code in _ORDER else len(_ORDER)
            group = (place, line.code, line.origin_year, line.origin_term, line.kind, line.amount_ore)
            groups[group].append(line.reference)
    return [
        {
            "code": code,
            "name": name_of_code(code, language),
            "year": year,
            "term": term,
            "is_correction": kind == EntitlementLine.Kind.CORRECTION,
            "each": kroner(ore),
            "persons": len(references),
            "total": kroner(ore * len(references)),
            "references": in_columns(sorted(references)),
        }
        for (_, code, year, term, kind, ore), references in sorted(groups.items())
    ]


def _unnamed(lines: Sequence[Line], kroner: "_Kroner") -> dict[str, str]:
    """The sums of the lines that name nobody: protected persons, erased persons, and lines not about one person."""
    protected = [line.amount_ore for line in lines if line.is_protected]
    rest = [line for line in lines if line.reference is None and not line.is_protected]
    erased = [line.amount_ore for line in rest if line.person_id is not None]
    impersonal = [line.amount_ore for line in rest if line.person_id is None]
    return {
        "protected": kroner(sum(protected)) if protected else "",
        "erased": kroner(sum(erased)) if erased else "",
        "impersonal": kroner(sum(impersonal)) if impersonal else "",
    }


def in_columns(references: Sequence[str]) -> str:
    """References in even columns, as one text: a page of them is laid out at once, a table of them cell by cell."""
    width = max(map(len, references)) + GAP
    across = max(1, (LINE_WIDTH + GAP) // width)
    rows = [references[start : start + across] for start in range(0, len(references), across)]
    return "\n".join("".join(reference.ljust(width) for reference in row).rstrip() for row in rows)


class _Kroner:
    """Amounts of one letter, alike: with two decimals everywhere when any of them has øre."""

    def __init__(self, *, with_ore: bool) -> None:
        self.with_ore = with_ore

    def __call__(self, ore: int) -> str:
        return kr(ore) + (",00" if self.with_ore and ore % 100 == 0 else "")


def _kroner(sums: Sums, lines: Sequence[Line]) -> _Kroner:
    amounts = (sums.due_ore, sums.carried_in_ore, sums.carried_out_ore, *(line.amount_ore for line in lines))
    return _Kroner(with_ore=any(ore % 100 for ore in amounts))


def _day(day: date) -> str:
    return date_format(day, "j. F Y")
