"""Write the person-lines of a run."""

from typing import Any

from django.core.management.base import CommandParser

from grants.entitlements.files import write_lines
from grants.entitlements.runs import run_numbered
from grants.management.base import Command as Base
from grants.management.base import operator
from grants.services.look_at_person import log_look


class Command(Base):
    help = "Write the lines of a run. Persons under address protection stand without their reference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, metavar="RUN")
        parser.add_argument("--out", required=True, metavar="FILE")

    def work(self, **options: Any) -> None:
        run = run_numbered(options["run"])
        persons = run.lines.exclude(person=None).values("person").distinct().count()
        log_look(None, by=None, actor=operator(), what=f"export_lines run:{run.pk}", persons=persons)
        rows = write_lines(run, options["out"])
        self.say(f"{rows} lines written to {options['out']}.")
