"""Progress on long work: counts and time left, on standard error, and only where a person is watching."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from grants.models import Person


@contextmanager
def counted(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar that is told how far the work has come."""
    console = Console(file=sys.stderr)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def persons_progress(title: str) -> Iterator[Callable[[int], None]]:
    """A bar over the persons of the register."""
    with counted(title, Person.objects.count()) as progress:
        yield progress
