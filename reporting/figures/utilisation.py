"""What became of the appropriations so far: spent, owed, committed, and what is left. The grant posts, in budget order."""

from dataclasses import dataclass

from grants.budget.appropriations import decisions, outside_accounts
from grants.models import Account
from reporting.figures.ledger_sums import booked, summed
from reporting.figures.posts import post_figures
from reporting.figures.recipients import is_grant_post


@dataclass(frozen=True, slots=True)
class Utilisation:
    """One grant post of a year, in øre."""

    chapter: str
    post: str
    name: str
    keyword: str
    appropriated_ore: int
    paid_ore: int
    owed_ore: int
    committed_ore: int

    @property
    def left_ore(self) -> int:
        """What may still be bound; below zero only where «overslagsbevilgning» allows it."""
        return self.appropriated_ore - self.paid_ore - self.owed_ore - self.committed_ore

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The bar beside the numbers."""
        return [("paid", self.paid_ore), ("owed", self.owed_ore), ("committed", self.committed_ore)]


def utilisation(year: int) -> list[Utilisation]:
    """Every grant post of the year. Paid is what this system has paid and what is booked outside it."""
    sums = booked(year)
    owed = summed(sums, lambda one: (one.chapter, one.post), lambda one: one.onto(Account.OWED))
    committed = summed(sums, lambda one: (one.chapter, one.post), lambda one: one.onto(Account.COMMITTED))
    posts = post_figures(year, sums, outside_accounts(year), decisions(year))
    return [
        Utilisation(
            chapter=one.chapter, post=one.post, name=one.post_text, keyword=one.keyword,
            appropriated_ore=one.total_ore, paid_ore=one.spent_ore, owed_ore=owed.get((one.chapter, one.post), 0),
            committed_ore=committed.get((one.chapter, one.post), 0),
        )
        for one in posts
        if is_grant_post(one.post) and not one.is_income
    ]  # fmt: skip


def whole(posts: list[Utilisation]) -> Utilisation:
    """All posts together."""
    return Utilisation(
        "", "", "", "", sum(p.appropriated_ore for p in posts), sum(p.paid_ore for p in posts),
        sum(p.owed_ore for p in posts), sum(p.committed_ore for p in posts),
    )  # fmt: skip
