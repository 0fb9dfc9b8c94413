"""What the finance pages share: a day as it is typed, and what is shown where a rule says no."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from grants.shared.errors import BadInput, ChangedSince, Refused
from grants.shared.text import seen

# No money of ours is older.
EARLIEST = 1900


@dataclass(frozen=True)
class Fault:
    """A refusal, and the place on the page where it belongs. `is_stale`: somebody else was first."""

    at: str
    text: str
    status: int
    is_stale: bool = False


def fault_of(refused: Refused, at: str) -> Fault:
    """A refusal as the page shows it: 422 where a value can't be used, 409 where the world or a rule says no."""
    return Fault(at, str(refused), 422 if isinstance(refused, BadInput) else 409, isinstance(refused, ChangedSince))


def day_typed(text: str) -> date:
    """A day from a date field."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(_("Velg en dag. Den skrives for eksempel 2026-12-10.")) from None


def year_asked(request: HttpRequest) -> int | None:
    """The year that a list is narrowed to; nonsense is no year."""
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if year >= EARLIEST else None


def text_asked(request: HttpRequest, name: str, most: int) -> str:
    """A choice from the address, without what nobody sees and no longer than it can be."""
    return seen(request.GET.get(name, "")).strip()[:most]


def typed_in(request: HttpRequest, fault: Fault | None) -> defaultdict[str, str]:
    """What was typed, to be shown again where something in it was wrong; otherwise every field is empty."""
    typed = {name: str(text) for name, text in request.POST.items()} if fault else {}
    return defaultdict(str, typed)
