"""Approve a list of transfers by command, where an operator has allowed that."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, day, require_operator_approval, user_named
from grants.management.commands.prepare_transfers import of_list
from grants.services.book_transfers import approve_transfers, list_numbered
from grants.shared.money import kr


class Command(Base):
    help = "Approve a prepared list of transfers and book it as owed. Another person than the one who prepared it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("transfers", type=int, metavar="LIST")
        parser.add_argument("--on", type=day, metavar="DATE", help="the day it counts; default today")
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        require_operator_approval()
        done = approve_transfers(list_numbered(options["transfers"]), by=user_named(options["by"]), on=options["on"])
        if options["json"]:
            self.answer(of_list(done))
            return
        self.say(f"List {done.pk} is approved and booked as owed on {done.booked_on}: {kr(done.total_ore)} kroner.")
