"""Where a settled person lives on a day, from the settlement and the events that followed.

Days are ISO texts: they compare like dates, and the register hands them over as they stand.
Rules A3 and A4: a move on the cut-off day counts; after death nothing counts; abroad means nowhere until the return.
Not handled: residence in two municipalities at once.
"""

from collections.abc import Sequence

# (day, kind, municipality number): the events that hold, in the order of their days.
Event = tuple[str, str, str]


def effective(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events that have an effect: nothing after a death or a withdrawal does."""
    for position, (_, kind, _) in enumerate(events):
        if kind in ("died", "withdrawn"):
            return tuple(events[: position + 1])
    return tuple(events)


def is_withdrawn(events: Sequence[Event]) -> bool:
    """Was the person withdrawn? Then nothing was ever due, whatever the day of the withdrawal."""
    return bool(events) and events[-1][1] == "withdrawn"


def municipality_on(day: str, settled_in: str, events: Sequence[Event]) -> str | None:
    """The municipality a person lives in on a day, or None when dead or abroad. `events` are the effective ones."""
    lives_in: str | None = settled_in
    for on, kind, municipality in events:
        if on > day:
            break
        if kind == "returned":
            lives_in = municipality
        elif kind == "moved":
            lives_in = municipality if lives_in is not None else None
        elif kind in ("died", "emigrated"):
            lives_in = None
    return lives_in
