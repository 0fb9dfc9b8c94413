"""Is there cover? A post is locked, its lines are asked, and only then may a run or a commitment book."""

from grants.models import Account, AppropriationDecision, BudgetPost, LedgerEntry, OutsideAccount
from grants.shared.errors import OverBudget
from grants.shared.money import kr


def lock(year: int, chapter: str, post: str) -> BudgetPost | None:
    """Take the post for this transaction, so that nobody books on it in between. None: nothing is appropriated."""
    return BudgetPost.objects.select_for_update().filter(year=year, chapter=chapter, post=post).first()


def newest_decision(budget_post: BudgetPost) -> AppropriationDecision | None:
    """The appropriation as it stands: the decision made last."""
    return budget_post.decisions.order_by("decided_on", "pk").last()


def used_ore(budget_post: BudgetPost) -> int:
    """What has left the appropriation: committed, owed or paid here, and what is booked outside this system."""
    year, chapter, post = budget_post.year, budget_post.chapter, budget_post.post
    ledger = LedgerEntry.objects.on_post(year, chapter, post)
    outside = OutsideAccount.objects.filter(year=year, chapter=chapter, post=post)
    newest = {(row.sector, row.account_class): row.amount_ore for row in outside.order_by("known_on", "pk")}
    return sum(newest.values()) - ledger.balance_ore(Account.APPROPRIATION)


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
            f"Nothing is appropriated on {chapter}/{post} for {year}. "
            f"Import the appropriations first: manage.py import_appropriations FILE --year {year}"
        )
    if decision.keyword == AppropriationDecision.Keyword.ESTIMATE:
        return
    left = decision.total_ore - used_ore(budget_post)
    if amount_ore > left:
        raise OverBudget(
            f"{chapter}/{post} for {year} has {kr(left)} kroner left of {kr(decision.total_ore)}; "
            f"{kr(amount_ore)} is asked for. Ask for a larger appropriation, or book less."
        )
