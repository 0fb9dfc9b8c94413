"""What a person has chosen in the queue: read from the address, applied to the cases, and written back to an address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F, Q
from django.http import QueryDict

from applications.intake.reading import Fault, clean, read_kroner
from applications.models.application import IN_HAND, ApplicationQuerySet, OrZero, State
from applications.search.keyset import Order
from applications.search.port import find
from grants.law.registry import SCHEMES
from grants.models import User

SOON = timedelta(days=7)
ME, NOBODY = "me", "nobody"
OPEN, CLOSED, ALL = "open", "closed", "all"
PASSED, NEAR = "passed", "soon"
GROUPS = {OPEN: IN_HAND, CLOSED: (State.GRANTED, State.REFUSED, State.WITHDRAWN)}
MOST_CHARACTERS = 100


def _ore(text: str) -> int:
    if len(text) > 18:  # more than any database counts to
        raise ValueError(text)
    return int(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


DEADLINE, NEWEST, LARGEST = "deadline", "newest", "largest"
ORDERS = {
    DEADLINE: Order("due_on", False, date.fromisoformat, F("due_on")),
    NEWEST: Order("submitted_at", True, _moment, F("submitted_at")),
    LARGEST: Order("asked_ore", True, _ore, OrZero(F("applied_ore"))),
}


@dataclass(frozen=True)
class Choices:
    """Filters and order. What is not chosen is empty; what makes no sense was left out when it was read."""

    search: str = ""
    call: str = ""  # a call's id, or the code of a scheme
    state: str = ""  # a state, or `closed` or `all`; empty is all that is in hand
    handler: str = ""  # a person's id, or `me` or `nobody`
    deadline: str = ""
    at_least: str = ""  # kroner
    at_most: str = ""
    sort: str = ""

    def query(self) -> str:
        """As it stands in an address."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    def but(self, **changes: str) -> "Choices":
        """The same with some changed."""
        return replace(self, **changes)

    @property
    def are_in_hand(self) -> bool:
        """Are only cases chosen that have a deadline?"""
        return not self.state or self.state in IN_HAND

    @property
    def order_name(self) -> str:
        """The order that the rows stand in: closed cases have no deadline to be sorted by."""
        return self.sort or (DEADLINE if self.are_in_hand else NEWEST)

    @property
    def order(self) -> Order:
        return ORDERS[self.order_name]

    def among(self, cases: ApplicationQuerySet, user: User, today: date) -> ApplicationQuerySet:
        """Those of the cases that are chosen. `user` is «me»."""
        cases = find(cases.sent_in(), self.search)
        chosen = Q()
        if self.are_in_hand:
            chosen &= Q(due_on__isnull=False)  # what is in hand has a deadline, and an index by it
        if self.state and self.state != ALL:
            states = GROUPS.get(self.state)
            chosen &= Q(state__in=states) if states else Q(state=self.state)
        if self.call:
            chosen &= Q(call__scheme=self.call) if self.call in SCHEMES else Q(call=self.call)
        if self.handler:
            chosen &= Q(handler={ME: user, NOBODY: None}.get(self.handler, self.handler))
        if self.deadline:
            chosen &= Q(due_on__lt=today) if self.deadline == PASSED else Q(due_on__lte=today + SOON)
        if self.at_least:
            chosen &= Q(applied_ore__gte=int(self.at_least) * 100)
        if self.at_most:
            chosen &= Q(applied_ore__lte=int(self.at_most) * 100)
        return cases.filter(chosen)


def read_choices(typed: Mapping[str, Any]) -> tuple[Choices, dict[str, str]]:
    """The choices in an address, and the faults in what was typed by hand. A choice that nobody could make is left out."""
    text = {name: clean(str(typed.get(name, "")))[:MOST_CHARACTERS] for name in vars(Choices())}
    faults: dict[str, str] = {}
    for name in ("at_least", "at_most"):
        try:
            text[name] = str(read_kroner(text[name]) // 100) if text[name] else ""
        except Fault as fault:
            faults[name], text[name] = str(fault), ""
    states = {*GROUPS, ALL, *State.values} - {OPEN, State.DRAFT.value}
    chosen = Choices(
        search=text["search"],
        call=text["call"] if text["call"] in SCHEMES else _key(text["call"]),
        state=text["state"] if text["state"] in states else "",
        handler=text["handler"] if text["handler"] in (ME, NOBODY) else _key(text["handler"]),
        deadline=text["deadline"] if text["deadline"] in (PASSED, NEAR) else "",
        at_least=text["at_least"],
        at_most=text["at_most"],
        sort=text["sort"] if text["sort"] in ORDERS else "",
    )
    if not chosen.are_in_hand:
        chosen = chosen.but(deadline="")  # nothing is due in a case that is closed
    if chosen.sort == DEADLINE or chosen.sort == chosen.but(sort="").order_name:
        chosen = chosen.but(sort="")
    return chosen, faults


def read_query(query: str) -> Choices:
    """The choices in a saved view."""
    return read_choices(QueryDict(query))[0]


def _key(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        return ""
