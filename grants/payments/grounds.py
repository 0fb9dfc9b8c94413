"""Why an order was made, told by whoever made it: a kind of subject has one who can tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grants.models import PaymentOrder


@dataclass(frozen=True)
class Fact:
    """A thing that was decided, as a row: what, and how it reads; perhaps with the address of more."""

    what: str
    said: str
    url_name: str = ""
    kwargs: Mapping[str, object] = field(default_factory=dict)


Teller = Callable[[PaymentOrder], list[Fact]]
_TELLERS: dict[str, Teller] = {}


def tells(kind: str) -> Callable[[Teller], Teller]:
    """This function tells of the orders whose subject begins with a word: "decision", "transfer"."""

    def register(teller: Teller) -> Teller:
        _TELLERS[kind] = teller
        return teller

    return register


def facts_of(order: PaymentOrder) -> list[Fact]:
    """What is known of why an order was made; nothing where nobody tells."""
    teller = _TELLERS.get(order.subject.partition(":")[0])
    return teller(order) if teller else []
