"""`manage.py worker`: do the jobs without Celery or Redis."""

import logging
import signal
from threading import Event
from time import monotonic
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, close_old_connections

from grants.jobs.daily import hand_over_todays
from grants.jobs.queue import counts, drain
from grants.management.base import Command as BaseCommand
from grants.management.base import add_json
from grants.management.progress import counted

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
EVERY_SECONDS = 60  # between two looks at what the day brings

log = logging.getLogger("tilskudd.jobs")


class Command(BaseCommand):
    help = "Do the jobs that wait and those of every day, and keep looking. SIGTERM stops after the job in hand."
    look_again = 0.0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when no job is left")
        parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="how often to look (default 2)")
        add_json(parser)

    def work(self, **options: Any) -> None:
        stop = Event()
        before = {number: signal.signal(number, lambda _number, _frame: stop.set()) for number in STOP_SIGNALS}
        tried = 0
        self.look_again = monotonic() + EVERY_SECONDS
        waiting = counts()["waiting"]
        try:
            with counted("Jobs", waiting) as progress:
                while not stop.is_set():
                    if not options["once"]:
                        self._keep_the_day()
                    if self._next_job(patient=not options["once"]):
                        tried += 1
                        progress(tried)
                    elif options["once"]:
                        break
                    else:
                        stop.wait(options["every"])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        self.tell(f"{tried} jobs were tried. See `manage.py jobs`.", tried=tried)

    def _keep_the_day(self) -> None:
        """Once a minute, the jobs of today whose hour has come."""
        if monotonic() < self.look_again:
            return
        self.look_again = monotonic() + EVERY_SECONDS
        try:
            hand_over_todays()
        except DatabaseError:
            self._wait_for_the_database()

    def _wait_for_the_database(self) -> None:
        log.exception("The database did not answer; the worker tries again.")
        close_old_connections()

    def _next_job(self, *, patient: bool) -> int:
        """One job. A database that is away for a while is waited for, not died of."""
        try:
            return drain(limit=1)
        except DatabaseError:
            if not patient:
                raise
            self._wait_for_the_database()
            return 0
