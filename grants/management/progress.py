"""Progress on long work: counts and time left, on standard error, and only where a person is watching."""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from grants.models import Person
from grants.register.watching import Watch, unwatched

ROWS_PER_MOVE = 2_000


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


@contextmanager
def watched(title: str) -> Iterator[Watch]:
    """A bar for each stage of an import; the first moves without a count, while the file is read."""
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield unwatched
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        reading = bar.add_task(title, total=None)

        def watch[Row](stage: str, rows: Collection[Row], /) -> Iterable[Row]:
            bar.update(reading, visible=False)
            task = bar.add_task(stage, total=len(rows))
            for number, row in enumerate(rows):
                if number % ROWS_PER_MOVE == 0:
                    bar.update(task, completed=number)
                yield row
            bar.update(task, completed=len(rows))

        yield watch
