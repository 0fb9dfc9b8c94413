"""What became of each chapter and post in a year: appropriated, paid here, booked outside this system."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grants.budget.appropriations import Post, in_force, is_income
from grants.models import AppropriationDecision, OutsideAccount
from reporting.figures.ledger_sums import LedgerSum, summed


@dataclass(frozen=True, slots=True)
class PostFigures:
    """One chapter and post of a year, in øre. No appropriation of one's own: None, not zero."""

    chapter: str
    post: str
    chapter_name: str
    post_text: str
    keyword: str
    carried_in_ore: int | None
    allotted_ore: int | None
    last_year_ore: int | None
    decisions: int
    paid_ore: int
    outside_ore: int

    @property
    def is_income(self) -> bool:
        return is_income(self.chapter)

    @property
    def is_appropriated(self) -> bool:
        """Is there a decision on this post? A right to charge somebody else's post (belastningsfullmakt) is none."""
        return self.allotted_ore is not None

    @property
    def total_ore(self) -> int:
        """Samlet tildeling."""
        return (self.carried_in_ore or 0) + (self.allotted_ore or 0)

    @property
    def spent_ore(self) -> int:
        """Regnskap: what this system has paid plus what is booked outside it."""
        return self.paid_ore + self.outside_ore


def post_figures(
    year: int,
    sums: Sequence[LedgerSum],
    outside: Sequence[OutsideAccount],
    decided: dict[Post, list[AppropriationDecision]],
) -> list[PostFigures]:
    """Every post that has an appropriation, accounts or payments. Appropriated posts first, in the order of the budget."""
    paid = summed(sums, lambda one: (one.chapter, one.post), lambda one: one.paid_ore)
    by_post: dict[Post, list[OutsideAccount]] = {}
    for row in outside:
        by_post.setdefault((row.chapter, row.post), []).append(row)
    last_year = in_force(year - 1)
    with_payments = sorted(post for post, amount in paid.items() if amount)
    order = list(dict.fromkeys([*decided, *by_post, *with_payments]))
    return [
        _figures(post, decided.get(post, []), by_post.get(post, []), last_year.get(post), paid.get(post, 0))
        for post in order
    ]


def _figures(
    post: Post,
    decided: list[AppropriationDecision],
    outside: list[OutsideAccount],
    last_year: AppropriationDecision | None,
    paid_ore: int,
) -> PostFigures:
    """Names and keyword come from the appropriation; where there is none, from the accounts."""
    held = decided[-1] if decided else None
    known_last_year = held.last_year_allotted_ore if held else None
    if known_last_year is None and last_year is not None:
        known_last_year = last_year.allotted_ore
    return PostFigures(
        chapter=post[0],
        post=post[1],
        chapter_name=held.chapter_name if held else _first(row.chapter_name for row in outside),
        post_text=held.post_text if held else _first(row.post_text for row in outside),
        keyword=held.keyword if held else _first(row.keyword for row in outside),
        carried_in_ore=held.carried_in_ore if held else None,
        allotted_ore=held.allotted_ore if held else None,
        last_year_ore=known_last_year,
        decisions=len(decided),
        paid_ore=paid_ore,
        outside_ore=sum(row.amount_ore for row in outside),
    )


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")
