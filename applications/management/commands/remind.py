"""Hand over the reminders that are due, or list those that are to come."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser

from applications.services.remind import coming, sweep
from grants.management.base import Command as Base
from grants.management.base import add_json, day
from grants.shared.dates import today
from grants.shared.errors import BadInput

LISTED_DAYS = 30


class Command(Base):
    help = "Hand over the reminders that are due, each once. A worker does it by itself every morning."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=day, metavar="DATE", help="the day to look from; default today")
        parser.add_argument("--list", action="store_true", help="hand over nothing: say what will be reminded of, when")
        parser.add_argument("--until", type=day, metavar="DATE", help="the last day of the list; default in 30 days")
        add_json(parser)

    def work(self, **options: Any) -> None:
        if options["list"]:
            self._list(options["until"] or today() + timedelta(days=LISTED_DAYS))
            return
        if options["until"]:
            raise BadInput("--until belongs to --list.")
        number = sweep(options["on"] or today())
        self.tell(f"{number} reminders are handed over.", reminders=number)

    def _list(self, until: Any) -> None:
        found = coming(until=until)
        rows = [
            {
                "on": one.on.isoformat(),
                "case": one.application.reference,
                "what": one.what,
                "when": one.when,
                "last_day": one.last_day.isoformat(),
                "letter": one.as_letter,
            }
            for one in found
        ]
        lines = [f"{row['on']}  {row['case']:<12} {row['what']} {row['when']}, by {row['last_day']}" for row in rows]
        self.tell("\n".join([*lines, f"{len(rows)} reminders until {until}."]), until=until.isoformat(), coming=rows)
