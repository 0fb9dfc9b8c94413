"""Gather the lines of a year from the appropriations, the ledger and the imported accounts. Here øre become kroner.

Regnskap is rounded once, per post, to whole kroner; everything else on the line is worked out from that, so that each
printed line adds up as printed. Sums are the sums of the printed lines.
"""

from dataclasses import dataclass

from grants.budget.appropriations import Post, decisions, outside_accounts
from grants.law.registry import SCHEMES
from grants.law.scheme import Kind, Scheme
from grants.shared.money import whole_kroner
from reporting.figures.applications import AppliedFor, applied_for
from reporting.figures.carry_over import EXTRA_INCOME_COUNTS_FOR, Rule, carry_over, rule_for
from reporting.figures.ledger_sums import LedgerSum, booked
from reporting.figures.posts import PostFigures, post_figures
from reporting.figures.recipients import granted_by_code, is_grant, organisations_granted, paid_by_sector
from reporting.reports.lines import (
    AllotmentLine,
    ApplicationSchemeLine,
    AppropriationLine,
    CarryOverLine,
    EarmarkedLine,
    IncomeLine,
    RecipientLine,
)

RECIPIENT_GROUPS = {
    "kommune": "Tilskudd til kommuner post 60-85",
    "fylkeskommune": "Tilskudd til fylkeskommuner post 60-85",
    "foretak": "Tilskudd til ikke-finansielle foretak",
    "ideell": "Tilskudd til ideelle organisasjoner post 70-85",
}
# Printed only when something was paid: the published note has no such line.
FURTHER_GROUPS = {"stat": "Tilskudd til statlige virksomheter"}
REPORTED_PART_BY_PART = frozenset({"jobbsjansen"})


@dataclass(frozen=True, slots=True)
class YearEnd:
    """All lines of a year's report, with the figures in øre that they were made from."""

    year: int
    posts: tuple[PostFigures, ...]
    expenses: tuple[AppropriationLine, ...]
    income: tuple[IncomeLine, ...]
    allotments: tuple[AllotmentLine, ...]
    carry_overs: tuple[CarryOverLine, ...]
    recipients: tuple[RecipientLine, ...]
    without_sector_ore: int
    application_schemes: tuple[ApplicationSchemeLine, ...]
    earmarked: tuple[EarmarkedLine, ...]


def gather(year: int) -> YearEnd:
    """Everything the year-end report says, from what is recorded now."""
    sums = booked(year)
    outside = outside_accounts(year)
    posts = post_figures(year, sums, outside, decisions(year))
    income = [_income_line(figures) for figures in posts if figures.is_income]
    expenses = [_expense_line(figures) for figures in posts if not figures.is_income]
    by_sector = paid_by_sector(sums, outside)
    return YearEnd(
        year=year,
        posts=tuple(posts),
        expenses=tuple(expenses),
        income=tuple(income),
        allotments=tuple(_allotment_line(f) for f in posts if f.is_appropriated and not f.is_income),
        carry_overs=tuple(_carry_over_lines(posts, expenses, income)),
        recipients=tuple(_recipient_lines(by_sector, _sectors_of(year - 1))),
        without_sector_ore=by_sector.get("", 0),
        application_schemes=tuple(_application_lines(sums, applied_for(year))),
        earmarked=tuple(_earmarked_lines(year, sums)),
    )


def _expense_line(figures: PostFigures) -> AppropriationLine:
    spent = whole_kroner(figures.spent_ore)
    total = whole_kroner(figures.total_ore) if figures.is_appropriated else None
    return AppropriationLine(
        figures.chapter, figures.post, figures.chapter_name, figures.post_text, total, spent,
        None if total is None else total - spent, figures.keyword,
    )  # fmt: skip


def _income_line(figures: PostFigures) -> IncomeLine:
    """More or less income is asked of posts with an income appropriation, and of those with a merinntektsfullmakt.

    Income that belongs to the state at large (5309 tilfeldige inntekter, 5700 arbeidsgiveravgift) is only reported.
    """
    total, received = whole_kroner(figures.total_ore), whole_kroner(figures.spent_ore)
    answered_for = figures.total_ore != 0 or (figures.chapter, figures.post) in EXTRA_INCOME_COUNTS_FOR
    return IncomeLine(
        figures.chapter, figures.post, figures.chapter_name, figures.post_text, total, received,
        received - total if answered_for else None,
    )  # fmt: skip


def _allotment_line(figures: PostFigures) -> AllotmentLine:
    return AllotmentLine(
        figures.chapter, figures.post, whole_kroner(figures.carried_in_ore or 0),
        whole_kroner(figures.allotted_ore or 0), whole_kroner(figures.total_ore),
    )  # fmt: skip


def _carry_over_lines(
    posts: list[PostFigures], expenses: list[AppropriationLine], income: list[IncomeLine]
) -> list[CarryOverLine]:
    """Posts with a keyword, and appropriated operating posts. What lapses has no line."""
    figures_of = {(figures.chapter, figures.post): figures for figures in posts}
    extra_income = _extra_income(income)
    found = []
    for line in expenses:
        figures = figures_of[line.chapter, line.post]
        rule = rule_for(line.post, line.keyword)
        if rule is Rule.LAPSES or (rule is Rule.FIVE_PERCENT and not figures.is_appropriated):
            continue
        unused, extra = line.unused_kroner or 0, extra_income.get((line.chapter, line.post), 0)
        last_year = figures.last_year_ore
        result = carry_over(
            post=line.post, keyword=line.keyword, unused_kroner=unused, extra_income_kroner=extra,
            allotted_kroner=whole_kroner(figures.allotted_ore or 0),
            last_year_kroner=None if last_year is None else whole_kroner(last_year),
        )  # fmt: skip
        found.append(CarryOverLine(line.chapter, line.post, line.keyword, unused, extra, result))
    return found


def _extra_income(income: list[IncomeLine]) -> dict[Post, int]:
    """Extra income per post of expense that it counts for (merinntektsfullmakt)."""
    found: dict[Post, int] = {}
    for line in income:
        counts_for = EXTRA_INCOME_COUNTS_FOR.get((line.chapter, line.post))
        if counts_for is not None:
            found[counts_for] = found.get(counts_for, 0) + (line.extra_kroner or 0)
    return found


def _sectors_of(year: int) -> dict[str, int] | None:
    """The sums by sector of another year, or None when nothing at all is known of its grants."""
    sums, outside = booked(year), outside_accounts(year)
    anything = any(is_grant(one.chapter, one.post) for one in sums) or any(
        is_grant(row.chapter, row.post) for row in outside
    )
    return paid_by_sector(sums, outside) if anything else None


def _recipient_lines(this_year: dict[str, int], last_year: dict[str, int] | None) -> list[RecipientLine]:
    before = last_year or {}
    further = {s: label for s, label in FURTHER_GROUPS.items() if this_year.get(s) or before.get(s)}
    return [
        RecipientLine(
            label, whole_kroner(this_year.get(sector, 0)),
            None if last_year is None else whole_kroner(before.get(sector, 0)),
        )
        for sector, label in (RECIPIENT_GROUPS | further).items()
    ]  # fmt: skip


def _application_lines(
    sums: list[LedgerSum], applied: dict[tuple[str, str], AppliedFor]
) -> list[ApplicationSchemeLine]:
    """One line per application-based scheme, Jobbsjansen part by part. Counts are empty where no case is known."""
    granted = granted_by_code(sums)
    found = []
    for scheme in SCHEMES.values():
        if scheme.kind is not Kind.PROJECT_APPLICATION:
            continue
        of_scheme = {code: ore for (name, code), ore in granted.items() if name == scheme.code}
        cases = {code: counted for (name, code), counted in applied.items() if name == scheme.code}
        parts = [(scheme.name.nb, tuple(of_scheme | cases))]
        if scheme.code in REPORTED_PART_BY_PART:
            parts = [(part.name.nb, (part.code,)) for part in scheme.sub_schemes]
            rest = tuple(code for code in of_scheme if code not in {part.code for part in scheme.sub_schemes})
            if any(of_scheme[code] for code in rest):
                parts.append((f"{scheme.name.nb}, uten oppgitt del", rest))
        found += [_application_line(scheme, name, codes, of_scheme, cases) for name, codes in parts]
    return found


def _application_line(
    scheme: Scheme, name: str, codes: tuple[str, ...], granted: dict[str, int], cases: dict[str, AppliedFor]
) -> ApplicationSchemeLine:
    known = [cases[code] for code in codes if code in cases]
    return ApplicationSchemeLine(
        scheme.chapter,
        scheme.post,
        name,
        sum(one.applications for one in known) if known else None,
        sum(one.granted for one in known) if known else None,
        whole_kroner(sum(one.applied_ore for one in known)) if known else None,
        whole_kroner(sum(granted.get(code, 0) for code in codes)),
    )


def _earmarked_lines(year: int, sums: list[LedgerSum]) -> list[EarmarkedLine]:
    earmarked = [scheme for scheme in SCHEMES.values() if scheme.kind is Kind.EARMARKED]
    organisations = organisations_granted(year, earmarked)
    granted = granted_by_code(sums)
    return [
        EarmarkedLine(
            scheme.chapter, scheme.post, scheme.name.nb, organisations.get(scheme.code, 0),
            whole_kroner(sum(ore for (name, _), ore in granted.items() if name == scheme.code)),
        )
        for scheme in earmarked
    ]  # fmt: skip
