"""Who received it: by sector (note 7), and by named organisation (earmarked grants)."""

from collections.abc import Iterable, Sequence

from django.db.models import Count

from grants.models import Account, LedgerEntry, OutsideAccount
from reporting.figures.ledger_sums import LedgerSum, summed

FIRST_GRANT_POST, LAST_GRANT_POST = 60, 85


def is_grant_post(post: str) -> bool:
    """Posts 60 to 85 carry transfers from the state; what is bought or operated stands on the posts below."""
    return FIRST_GRANT_POST <= int(post) <= LAST_GRANT_POST


def paid_by_sector(sums: Iterable[LedgerSum], outside: Iterable[OutsideAccount]) -> dict[str, int]:
    """Øre per recipient sector on the grant posts, this system's payments and the imported accounts together."""
    found = summed(
        (one for one in sums if is_grant_post(one.post)), lambda one: one.sector, lambda one: one.paid_ore
    )
    for row in outside:
        if is_grant_post(row.post):
            found[row.sector] = found.get(row.sector, 0) + row.amount_ore
    return found


def granted_by_code(sums: Iterable[LedgerSum]) -> dict[tuple[str, str], int]:
    """Øre granted per scheme and code: what has left the appropriation, less what was given back."""
    return summed(sums, lambda one: (one.scheme, one.code), lambda one: one.granted_ore)


def organisations_granted(year: int, schemes: Sequence[str]) -> dict[str, int]:
    """How many organisations each of these schemes granted money to."""
    rows = (
        LedgerEntry.objects.filter(budget_year=year, scheme__in=schemes, debit=Account.APPROPRIATION)
        .filter(reversed_by=None)
        .order_by()
        .values_list("scheme")
        .annotate(organisations=Count("recipient_id", distinct=True))
    )
    return dict(rows)
