"""What is appropriated on each post, and what the state accounts show outside this system. Only questions, no writing."""

from collections.abc import Iterable
from datetime import date

from grants.models import AppropriationDecision, OutsideAccount

Post = tuple[str, str]
FIRST_INCOME_CHAPTER = 3000


def is_income(chapter: str) -> bool:
    """Chapters from 3000 on are income (statsbudsjettets kapittelinndeling)."""
    return int(chapter) >= FIRST_INCOME_CHAPTER


def decisions(year: int) -> dict[Post, list[AppropriationDecision]]:
    """Every decision on every post of a year, the newest last. Posts stand in the order they were first decided."""
    found: dict[Post, list[AppropriationDecision]] = {}
    rows = AppropriationDecision.objects.filter(budget_post__year=year).select_related("budget_post")
    for decision in rows.order_by("pk"):
        found.setdefault((decision.budget_post.chapter, decision.budget_post.post), []).append(decision)
    for history in found.values():
        history.sort(key=lambda decision: (decision.decided_on, decision.pk))
    return found


def in_force(year: int, *, on: date | None = None) -> dict[Post, AppropriationDecision]:
    """The decision that holds on each post: the newest of all, or the newest of those made by a day."""
    return {post: held for post, history in decisions(year).items() if (held := newest(history, on=on)) is not None}


def newest(history: Iterable[AppropriationDecision], *, on: date | None = None) -> AppropriationDecision | None:
    """The last of a post's decisions, or the last one made by a day."""
    made = [decision for decision in history if on is None or decision.decided_on <= on]
    return made[-1] if made else None


def outside_accounts(year: int, *, known_on: date | None = None) -> list[OutsideAccount]:
    """What is booked outside this system: the newest row per post, sector and account class, in the order of the files."""
    rows = OutsideAccount.objects.filter(year=year)
    if known_on is not None:
        rows = rows.filter(known_on__lte=known_on)
    order: dict[tuple[str, ...], int] = {}
    held: dict[tuple[str, ...], OutsideAccount] = {}
    for row in rows.order_by("known_on", "pk"):
        key = account_key(row)
        order[key] = min(order.get(key, row.pk), row.pk)
        held[key] = row
    return [held[key] for key in sorted(held, key=order.__getitem__)]


def account_key(row: OutsideAccount) -> tuple[str, ...]:
    """What makes two rows of the accounts speak of the same thing."""
    return (row.chapter, row.post, row.sector, row.account_class)
