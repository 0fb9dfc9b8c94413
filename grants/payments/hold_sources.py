"""Who knows of reasons to hold orders back: other parts of the house register a question here, and each is asked.

A source is asked about orders that are outstanding, and answers which of them must wait on a day, why, and what the way
out is. What it no longer names is over. So a hold is placed and lifted by the facts, whoever looks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from grants.models import Hold, PaymentOrder


@dataclass(frozen=True)
class Why:
    """Why an order must wait, and what must happen for the money to go."""

    reason: str
    way_out: str


Question = Callable[[Sequence[PaymentOrder], date], Mapping[int, Why]]


@dataclass(frozen=True)
class Source:
    """A question about orders, by order number, and what is said when its hold is over."""

    ask: Question
    over: str


SOURCES: dict[Hold.Kind, Source] = {}


def holds(kind: Hold.Kind, *, over: str) -> Callable[[Question], Question]:
    """This function knows which orders are held back for a reason of this kind. One function for each kind."""

    def register(ask: Question) -> Question:
        known = SOURCES.setdefault(kind, Source(ask, over))
        if known.ask is not ask:
            raise ValueError(f"Two functions want to say which orders wait because of {kind.value}.")
        return ask

    return register
