"""`manage.py jobs`: what waits, what is done, what has stopped."""

from typing import Any

from django.core.management.base import CommandParser

from grants.jobs.queue import counts, retry
from grants.management.base import Command as BaseCommand
from grants.management.base import add_json
from grants.models import Job


class Command(BaseCommand):
    help = "Count the jobs by state and list the dead ones; --retry lets a dead one be tried again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", type=int, metavar="ID", help="the dead job to try again")
        add_json(parser)

    def work(self, **options: Any) -> None:
        if options["retry"] is not None:
            job = retry(options["retry"])
            self.say(f"Job {job.pk} ({job.key}) waits to be tried again.")
        dead = Job.objects.filter(state=Job.State.DEAD).order_by("pk")
        if options["json"]:
            rows = dead.values("id", "kind", "key", "attempts", "last_error")
            self.answer({"counts": counts(), "dead": list(rows)})
            return
        for state, number in counts().items():
            self.stdout.write(f"{state:8} {number:8}")
        for job in dead:
            error = job.last_error.splitlines()[0] if job.last_error else ""
            self.stdout.write(f"dead {job.pk} {job.key} after {job.attempts} attempts: {error}")
        if dead:
            self.stdout.write("Find out why, then: manage.py jobs --retry ID")
