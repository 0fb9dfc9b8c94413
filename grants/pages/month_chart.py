"""A year of payments as columns, drawn in whole points: what was paid, and above it what is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.dates import MONTHS_3

WIDTH, HEIGHT, FOOT, HEAD = 720, 200, 28, 22
GAP = 10


@dataclass(frozen=True)
class Column:
    """A month: where its parts stand, and its name."""

    x: int
    width: int
    paid_y: int
    paid_height: int
    coming_y: int
    coming_height: int
    middle: int
    name: str


@dataclass(frozen=True)
class MonthChart:
    """The columns, the sum of the highest, and the size of it all."""

    columns: tuple[Column, ...]
    highest_ore: int
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = HEIGHT - FOOT
    text_at: int = HEIGHT - 8


def month_chart(months: Sequence[tuple[int, int, int]]) -> MonthChart | None:
    """The chart of (month, paid, coming), øre; nothing to draw, none."""
    highest = max((max(paid, 0) + coming for _, paid, coming in months), default=0)
    if highest <= 0:
        return None
    room, step = HEIGHT - FOOT - HEAD, WIDTH // len(months)
    columns = []
    for place, (month, paid, coming) in enumerate(months):
        solid, rest = room * max(paid, 0) // highest, room * coming // highest
        columns.append(
            Column(
                place * step + GAP, step - 2 * GAP, HEIGHT - FOOT - solid, solid, HEIGHT - FOOT - solid - rest, rest,
                place * step + step // 2, str(MONTHS_3[month]).rstrip("."),
            )
        )  # fmt: skip
    return MonthChart(tuple(columns), highest)
