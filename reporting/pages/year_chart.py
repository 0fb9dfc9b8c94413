"""The line of what is paid through the year: geometry here, drawn in a template with classes and no style."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

NAMES = (
    _("jan"),
    _("feb"),
    _("mar"),
    _("apr"),
    _("mai"),
    _("jun"),
    _("jul"),
    _("aug"),
    _("sep"),
    _("okt"),
    _("nov"),
    _("des"),
)
# Room for the figures at the left, the months below, and the end of the line at the right.
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 16, 28
STEPS = 4
ORE_PER_MILLION = 100_000_000


@dataclass(frozen=True)
class Chart:
    """A line chart of a width: points, the line through them, the ground under it, and where words stand."""

    width: int
    height: int
    line: str
    ground: str
    points: list[tuple[str, str]]
    months: list[tuple[str, str]]  # x, name
    levels: list[tuple[str, str]]  # y, million kroner
    left: int = LEFT

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def text_at(self) -> int:
        return self.height - 8


def chart(paid_ore: Sequence[int], *, width: int, height: int, every: int = 1) -> Chart:
    """The chart in a size; a narrow one names every second month or so."""
    top = _level(max(paid_ore))
    at = [LEFT + month * (width - LEFT - RIGHT) / 11 for month in range(12)]
    ground = height - BOTTOM

    def down(ore: int) -> str:
        return f"{ground - (ground - TOP) * ore / top:.1f}"

    points = [(f"{at[month]:.1f}", down(ore)) for month, ore in enumerate(paid_ore)]
    line = " ".join(f"{x},{y}" for x, y in points)
    return Chart(
        width=width,
        height=height,
        line=line,
        ground=f"{points[0][0]},{ground} {line} {points[-1][0]},{ground}",
        points=points,
        months=[(f"{at[month]:.1f}", str(NAMES[month])) for month in range(0, 12, every)],
        levels=[(down(top * step // STEPS), _million(top * step // STEPS)) for step in range(STEPS + 1)],
    )


def _level(ore: int) -> int:
    """The first round sum at or above: 1, 2, 4 or 8 times a power of ten million kroner, so that quarters of it are round."""
    step = ORE_PER_MILLION
    while step * 8 < ore:
        step *= 10
    return next(step * times for times in (1, 2, 4, 8) if step * times >= ore)


def _million(ore: int) -> str:
    return f"{ore / ORE_PER_MILLION:,.2f}".rstrip("0").rstrip(".").replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
