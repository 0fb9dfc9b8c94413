"""Read the law as the system knows it."""

from typing import Any

from django.core.management.base import CommandParser

from grants.law.print_out import as_data, document, overview
from grants.law.registry import SCHEMES, scheme
from grants.management.base import Command as Base
from grants.management.base import add_json, day
from grants.shared.dates import today


class Command(Base):
    help = "List the schemes, or print one with its rules and the rates in force on a day."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scheme", nargs="?", default="", metavar="SCHEME")
        parser.add_argument("--on", type=day, metavar="DATE", help="the day that counts; default today")
        add_json(parser)

    def work(self, **options: Any) -> None:
        on = options["on"] or today()
        if options["scheme"]:
            found = scheme(options["scheme"])
            if options["json"]:
                self.answer(as_data(found, on))
            else:
                self.stdout.write("\n".join(document(found, on)))
        elif options["json"]:
            self.answer([as_data(each, on) for each in SCHEMES.values()])
        else:
            self.stdout.write("\n".join(overview()))
