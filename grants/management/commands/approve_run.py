"""Approve an entitlement run by command, where an operator has allowed that."""

from typing import Any

from django.core.management.base import CommandParser

from grants.entitlements.runs import run_numbered
from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, day, require_operator_approval, user_named
from grants.management.commands.run_entitlements import of_run
from grants.services.approve_run import approve_run
from grants.shared.money import kr


class Command(Base):
    help = "Approve a prepared run and book it as owed. Another person than the one who prepared it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, metavar="RUN")
        parser.add_argument("--on", type=day, metavar="DATE", help="the day it counts; else the term's payment date")
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        require_operator_approval()
        run = approve_run(run_numbered(options["run"]), by=user_named(options["by"]), on=options["on"])
        if options["json"]:
            self.answer(of_run(run))
            return
        self.say(f"Run {run.pk} is approved and booked as owed on {run.booked_on}: {kr(run.total_ore)} kroner.")
