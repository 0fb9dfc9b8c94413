"""`manage.py worker`: do the jobs without Celery or Redis."""

import logging
import signal
from threading import Event
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, close_old_connections

from grants.jobs.queue import counts, drain
from grants.management.base import Command as BaseCommand
from grants.management.base import add_json
from grants.management.progress import counted

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger("tilskudd.jobs")


class Command(BaseCommand):
    help = "Do the jobs that wait, and keep looking for more. SIGTERM stops after the job in hand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when no job is left")
        parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="how often to look (default 2)")
        add_json(parser)

    def work(self, **options: Any) -> None:
        stop = Event()
        before = {number: signal.signal(number, lambda _number, _frame: stop.set()) for number in STOP_SIGNALS}
        tried = 0
        waiting = counts()["waiting"]
        try:
            with counted("Jobs", waiting) as progress:
                while not stop.is_set():
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

    def _next_job(self, *, patient: bool) -> int:
        """One job. A database that is away for a while is waited for, not died of."""
        try:
            return drain(limit=1)
        except DatabaseError:
            if not patient:
                raise
            log.exception("The database did not answer; the worker tries again.")
            close_old_connections()
            return 0
