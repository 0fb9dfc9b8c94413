"""Book what a run pays as paid, where no bank file is used."""

from typing import Any

from django.core.management.base import CommandParser

from grants.entitlements.runs import run_numbered
from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, day, user_named
from grants.management.commands.run_entitlements import of_run
from grants.services.mark_paid import mark_paid
from grants.shared.money import kr


class Command(Base):
    help = "Book the payable sums of an approved run as paid."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, metavar="RUN")
        parser.add_argument("--on", type=day, metavar="DATE", help="the day it counts; else the day the run was booked")
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        run = mark_paid(run_numbered(options["run"]), by=user_named(options["by"]), on=options["on"])
        document = of_run(run)
        if options["json"]:
            self.answer(document)
            return
        self.say(f"Run {run.pk} is marked as paid: {kr(document['paid_ore'])} kroner.")
