"""How an import is watched: stage by stage, row by row. Nobody watches unless a command does."""

from collections.abc import Collection, Iterable
from typing import Protocol


class Watch(Protocol):
    """Hands on the rows of a stage, and tells somebody how far it has come."""

    def __call__[Row](self, stage: str, rows: Collection[Row], /) -> Iterable[Row]: ...


def unwatched[Row](_stage: str, rows: Collection[Row], /) -> Iterable[Row]:
    """The rows as they are."""
    return rows
