"""The bottom lines are checked like the rest: against each other, and against a second question to the books."""

from django.db.models import Case, F, Sum, When

from grants.budget.appropriations import outside_accounts
from grants.models import Account, LedgerEntry
from reporting.figures.recipients import is_grant
from reporting.reports.gather import YearEnd
from reporting.reports.lines import require

HALF_A_KRONE_ORE = 50


def check(report: YearEnd) -> None:
    """Stop the report unless its tables agree with each other and with the books."""
    _posts_are_the_books(report)
    _rounding_is_only_rounding(report)
    _notes_agree_with_the_statement(report)
    _recipients_are_the_grant_posts(report)


def _posts_are_the_books(report: YearEnd) -> None:
    """What the posts show is what the whole ledger and all imported accounts show, asked without grouping."""
    lines = LedgerEntry.objects.filter(budget_year=report.year).order_by()
    signed = Case(When(credit=Account.PAID, then=F("amount_ore")), When(debit=Account.PAID, then=-F("amount_ore")))
    paid = int(lines.aggregate(total=Sum(signed))["total"] or 0)
    outside = sum(row.amount_ore for row in outside_accounts(report.year))
    require(
        paid + outside == sum(p.spent_ore for p in report.posts), "The posts are not what the books show", report.year
    )


def _rounding_is_only_rounding(report: YearEnd) -> None:
    exact = sum(figures.spent_ore for figures in report.posts if not figures.is_income)
    printed = sum(line.spent_kroner for line in report.expenses) * 100
    at_most = HALF_A_KRONE_ORE * len(report.expenses)
    require(abs(printed - exact) <= at_most, "The printed lines are further from the books than rounding", report.year)


def _notes_agree_with_the_statement(report: YearEnd) -> None:
    granted = {
        (line.chapter, line.post): line.total_kroner for line in report.expenses if line.total_kroner is not None
    }
    note_a = {(line.chapter, line.post): line.total_kroner for line in report.allotments}
    require(granted == note_a, "Note A is not the statement's appropriations", report.year)
    unused = {(line.chapter, line.post): line.unused_kroner or 0 for line in report.expenses}
    for line in report.carry_overs:
        require(unused[line.chapter, line.post] == line.unused_kroner, "Note B is not the statement's unused", line)


def _recipients_are_the_grant_posts(report: YearEnd) -> None:
    """Note 7 and what has no sector are together what the grant posts show."""
    grants = sum(f.spent_ore for f in report.posts if is_grant(f.chapter, f.post))
    note_7 = sum(line.this_year_kroner for line in report.recipients) * 100
    at_most = HALF_A_KRONE_ORE * len(report.recipients)
    require(
        abs(note_7 + report.without_sector_ore - grants) <= at_most,
        "Note 7 and payments without sector are not the grant posts", report.year,
    )  # fmt: skip
