"""Mark an approved list of transfers as paid."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, day, user_named
from grants.management.commands.prepare_transfers import of_list
from grants.services.book_transfers import list_numbered, pay_transfers
from grants.shared.money import kr


class Command(Base):
    help = "Mark an approved list of transfers as paid, where no bank file is used."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("transfers", type=int, metavar="LIST")
        parser.add_argument(
            "--on", type=day, metavar="DATE", help="the day the money left; default the day it was booked"
        )
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        done = pay_transfers(list_numbered(options["transfers"]), by=user_named(options["by"]), on=options["on"])
        if options["json"]:
            self.answer(of_list(done))
            return
        self.say(f"List {done.pk} is marked as paid: {kr(done.total_ore)} kroner.")
