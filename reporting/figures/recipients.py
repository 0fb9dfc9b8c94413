"""Who received it: by sector (note 7), and by named organisation (earmarked grants)."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Sum

from grants.budget.appropriations import is_income
from grants.law.scheme import Scheme
from grants.models import Account, LedgerEntry, OutsideAccount
from reporting.figures.ledger_sums import LedgerSum, summed

FIRST_GRANT_POST, LAST_GRANT_POST = 60, 85


def is_grant_post(post: str) -> bool:
    """Posts 60 to 85 carry transfers from the state; what is bought or operated stands on the posts below."""
    return FIRST_GRANT_POST <= int(post) <= LAST_GRANT_POST


def is_grant(chapter: str, post: str) -> bool:
    """A grant post of expense. Income has posts of the same numbers, and they are no grants."""
    return is_grant_post(post) and not is_income(chapter)


def paid_by_sector(sums: Iterable[LedgerSum], outside: Iterable[OutsideAccount]) -> dict[str, int]:
    """Øre per recipient sector on the grant posts, this system's payments and the imported accounts together."""
    found = summed(
        (one for one in sums if is_grant(one.chapter, one.post)), lambda one: one.sector, lambda one: one.paid_ore
    )
    for row in outside:
        if is_grant(row.chapter, row.post):
            found[row.sector] = found.get(row.sector, 0) + row.amount_ore
    return found


def granted_by_code(sums: Iterable[LedgerSum]) -> dict[tuple[str, str], int]:
    """Øre granted per scheme and code: what has left the appropriation, less what was given back."""
    return summed(sums, lambda one: (one.scheme, one.code), lambda one: one.granted_ore)


def organisations_granted(year: int, schemes: Iterable[Scheme]) -> dict[str, int]:
    """How many organisations each of these schemes has granted money to that was not wholly given back."""
    asked = list(schemes)
    rows = (
        LedgerEntry.objects.filter(
            # Chapter and post are named so that the index leads straight to the few lines of these schemes.
            budget_year=year,
            chapter__in={scheme.chapter for scheme in asked},
            post__in={scheme.post for scheme in asked},
            scheme__in={scheme.code for scheme in asked},
        )
        .order_by()
        .values_list("scheme", "recipient_id", "debit", "credit")
        .annotate(total=Sum("amount_ore"))
    )
    granted: dict[tuple[str, object], int] = {}
    for code, recipient, debit, credit, total in rows:
        sign = (debit == Account.APPROPRIATION) - (credit == Account.APPROPRIATION)
        granted[code, recipient] = granted.get((code, recipient), 0) + sign * int(total)
    return dict(Counter(code for (code, _), ore in granted.items() if ore > 0))
