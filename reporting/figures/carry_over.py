"""What may be carried over to next year: bevilgningsreglementet § 5, rundskriv R-2. Pure, in whole kroner.

The keyword decides. «kan overføres»: at most the sum of this and last year's own appropriations. «overslagsbevilgning»:
nothing. No keyword: operating posts 01-29 except 24 at most 5 % of the year's own appropriation; all else lapses.
Not handled: the ministry's share of a post, savings, and moves between posts 01, 21 and 45 (note B's other columns).
"""

from dataclasses import dataclass
from enum import StrEnum

TRANSFERABLE = "kan overføres"
ESTIMATE = "overslagsbevilgning"
SHARE_PERCENT = 5

# Prop. 1 S (2016-2017): the appropriation on 0495/01 may be exceeded against extra income on 3495/01.
EXTRA_INCOME_COUNTS_FOR = {("3495", "01"): ("0495", "01")}


class Rule(StrEnum):
    """Which rule of R-2 a post falls under."""

    FIVE_PERCENT = "five_percent"
    TRANSFERABLE = "transferable"
    ESTIMATE = "estimate"
    LAPSES = "lapses"


@dataclass(frozen=True, slots=True)
class CarryOver:
    """How much of a post may be carried over, and by which rule and limit."""

    rule: Rule
    basis_kroner: int
    limit_kroner: int | None
    may_carry_kroner: int
    last_year_is_unknown: bool = False

    @property
    def limit_bites(self) -> bool:
        """Is the sum cut by the limit?"""
        return self.limit_kroner is not None and self.basis_kroner > self.limit_kroner


def rule_for(post: str, keyword: str) -> Rule:
    """The keyword goes before the number of the post."""
    if keyword == TRANSFERABLE:
        return Rule.TRANSFERABLE
    if keyword == ESTIMATE:
        return Rule.ESTIMATE
    return Rule.FIVE_PERCENT if 1 <= int(post) <= 29 and int(post) != 24 else Rule.LAPSES


def carry_over(
    *,
    post: str,
    keyword: str,
    unused_kroner: int,
    extra_income_kroner: int,
    allotted_kroner: int,
    last_year_kroner: int | None,
) -> CarryOver:
    """The unused sum with extra income, cut at the limit of the post's rule; less than nothing carries nothing.

    «At most» is taken at its word: five per cent that ends in øre is cut down to the whole krone.
    """
    rule = rule_for(post, keyword)
    basis = unused_kroner + extra_income_kroner
    if rule in (Rule.ESTIMATE, Rule.LAPSES):
        return CarryOver(rule, basis, None, 0)
    share = allotted_kroner * SHARE_PERCENT // 100
    limit = share if rule is Rule.FIVE_PERCENT else allotted_kroner + (last_year_kroner or 0)
    unknown = rule is Rule.TRANSFERABLE and last_year_kroner is None
    return CarryOver(rule, basis, limit, max(0, min(basis, limit)), unknown)
