"""Is there cover? A post is locked, its lines are asked, and only then may a run or a commitment book."""

from django.utils.translation import gettext as _

from grants.models import Account, AppropriationDecision, BudgetPost, Instalment, LedgerEntry, OutsideAccount
from grants.shared.errors import OverBudget
from grants.shared.shown import figure


def lock(year: int, chapter: str, post: str) -> BudgetPost | None:
    """Take the post for this transaction, so that nobody books on it in between. None: nothing is appropriated."""
    return BudgetPost.objects.select_for_update().filter(year=year, chapter=chapter, post=post).first()


def newest_decision(budget_post: BudgetPost) -> AppropriationDecision | None:
    """The appropriation as it stands: the decision made last."""
    return budget_post.decisions.order_by("decided_on", "pk").last()


def used_ore(budget_post: BudgetPost) -> int:
    """What has left the appropriation: committed, owed or paid here, and what is booked outside this system."""
    ledger = LedgerEntry.objects.on_post(budget_post.year, budget_post.chapter, budget_post.post)
    return _outside_ore(budget_post) - ledger.balance_ore(Account.APPROPRIATION)


def _outside_ore(budget_post: BudgetPost) -> int:
    """What is booked on the post outside this system."""
    outside = OutsideAccount.objects.filter(
        year=budget_post.year, chapter=budget_post.chapter, post=budget_post.post
    ).order_by("known_on", "pk")
    return sum({(row.sector, row.account_class): row.amount_ore for row in outside}.values())


def left_ore(year: int, chapter: str, post: str) -> int | None:
    """What the appropriation still covers: zero where nothing is appropriated, None where it may be exceeded."""
    budget_post = lock(year, chapter, post)
    decision = newest_decision(budget_post) if budget_post else None
    if budget_post is None or decision is None:
        return 0
    if decision.keyword == AppropriationDecision.Keyword.ESTIMATE:
        return None
    return decision.total_ore - used_ore(budget_post)


def left_to_pay_ore(year: int, chapter: str, post: str) -> int | None:
    """What may still be paid on a post in a year: what is neither paid nor on its way. None where it may be exceeded.

    What is owed in one year and paid in the next is charged to the next, so the cover is asked again when it is paid.
    """
    budget_post = lock(year, chapter, post)
    decision = newest_decision(budget_post) if budget_post else None
    if budget_post is None or decision is None:
        return 0
    if decision.keyword == AppropriationDecision.Keyword.ESTIMATE:
        return None
    on_its_way = Instalment.objects.outstanding().filter(parts__is_alive=True, order__chapter=chapter, order__post=post)
    paid = LedgerEntry.objects.on_post(year, chapter, post).balance_ore(Account.PAID)
    return decision.total_ore - _outside_ore(budget_post) - paid - sum(on_its_way.values_list("amount_ore", flat=True))


def require(year: int, chapter: str, post: str, amount_ore: int) -> None:
    """Refuse an amount that the appropriation does not cover; «overslagsbevilgning» may be exceeded.

    Bestemmelser om økonomistyring i staten 2.5.2.1: cover is checked before the state is bound.
    """
    budget_post = lock(year, chapter, post)
    decision = newest_decision(budget_post) if budget_post else None
    if amount_ore <= 0:
        return
    if budget_post is None or decision is None:
        raise OverBudget(
            _(
                "Det er ikke bevilget noe på %(chapter)s/%(post)s for %(year)s. "
                "Les inn bevilgningene først: manage.py import_appropriations FILE --year %(year)s"
            )
            % {"chapter": chapter, "post": post, "year": year}
        )
    if decision.keyword == AppropriationDecision.Keyword.ESTIMATE:
        return
    left = decision.total_ore - used_ore(budget_post)
    if amount_ore > left:
        raise OverBudget(
            _(
                "Bevilgningen på %(chapter)s/%(post)s for %(year)s har %(left)s kroner igjen av %(total)s. "
                "Dette er på %(amount)s kroner. Be om større bevilgning, eller før et mindre beløp."
            )
            % {
                "chapter": chapter,
                "post": post,
                "year": year,
                "left": figure(left),
                "total": figure(decision.total_ore),
                "amount": figure(amount_ore),
            }
        )
