"""Which function does which kind of job. Services register theirs with `@job("kind")` when they are imported."""

from collections.abc import Callable, Mapping
from typing import Any

Handler = Callable[[Mapping[str, Any]], None]
HANDLERS: dict[str, Handler] = {}


class UnknownKind(Exception):
    """Nobody here knows how to do this kind of job."""


def job(kind: str) -> Callable[[Handler], Handler]:
    """This function does the jobs of a kind. It takes the payload, does one thing, and may run twice."""

    def register(handler: Handler) -> Handler:
        known = HANDLERS.setdefault(kind, handler)
        if known is not handler:
            raise ValueError(f'Two functions want the jobs of the kind "{kind}".')
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """The function that does the jobs of a kind."""
    try:
        return HANDLERS[kind]
    except KeyError:
        raise UnknownKind(f'No handler is registered for jobs of the kind "{kind}".') from None
