"""`manage.py letters RUN --out DIR`: the letters of an approved run as files, making those that are missing."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from grants.management.base import Command as BaseCommand
from grants.management.base import add_json, operator
from grants.services.run_letters import booked_run, make_letter, read_letter, recipients
from grants.shared.errors import Refused


class Command(BaseCommand):
    help = "Write the letters of an approved run to a folder. Every look at their persons is logged."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int)
        parser.add_argument("--municipality", metavar="NNNN", help="only the letter to this municipality")
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder to write to")
        add_json(parser)

    def work(self, **options: Any) -> None:
        run = booked_run(options["run"])
        numbers = recipients(run)
        if options["municipality"]:
            if options["municipality"] not in numbers:
                raise Refused(f"Run {run.pk} has no letter to municipality {options['municipality']}.")
            numbers = [options["municipality"]]
        folder: Path = options["out"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise Refused(f"{folder} can't be made or is no folder: {fault.strerror}.") from fault
        actor = operator()
        with _progress() as progress:
            for number in progress.track(numbers, description="Letters"):
                letter = make_letter(run, number, actor=actor)
                pdf = read_letter(letter, by=None, actor=actor)
                (folder / f"{letter.number}.pdf").write_bytes(pdf)
        self.tell(
            f"{len(numbers)} letters of run {run.pk} were written to {folder}.",
            letters=len(numbers),
            folder=str(folder),
        )


def _progress() -> Progress:
    """On standard error, so that what a command answers stands alone."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
