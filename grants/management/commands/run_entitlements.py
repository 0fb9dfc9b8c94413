"""Prepare an entitlement run, or show what it would come to."""

from typing import Any

from django.core.management.base import CommandParser

from grants.entitlements.working_out import Outcome
from grants.law.municipalities import name
from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, day, user_named
from grants.management.progress import persons_progress
from grants.models import EntitlementRun, Role
from grants.services.prepare_run import prepare_run, preview_run
from grants.shared.errors import NotAllowed
from grants.shared.money import kr


class Command(Base):
    help = "Prepare an entitlement run: what is due minus what is booked, for another person to approve."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scheme", metavar="SCHEME")
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--term", type=int, required=True, metavar="N")
        parser.add_argument("--as-of", type=day, metavar="DATE", help="only facts known by this day")
        parser.add_argument("--dry-run", action="store_true", help="show the difference and write nothing")
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        by = user_named(options["by"])
        scheme, year, term, as_of = options["scheme"], options["year"], options["term"], options["as_of"]
        with persons_progress(f"{scheme} {year} term {term}") as progress:
            if options["dry_run"]:
                if not by.has_directorate_role(Role.FINANCE):
                    raise NotAllowed(f"{by.username} may not prepare runs: that takes the role finance.")
                document = of_preview(preview_run(scheme, year, term, as_of=as_of, progress=progress))
            else:
                run = prepare_run(scheme, year, term, by=by, as_of=as_of, progress=progress)
                document = of_run(run)
        if options["json"]:
            self.answer(document)
            return
        number = "would be a run" if options["dry_run"] else f"is run {document['run']}"
        self.say(
            f"{scheme} {year} term {term} {number}: {document['lines']} lines, {kr(document['total_ore'])} kroner."
        )
        for kind, change in document["difference"]["changes"].items():
            self.say(f"  {kind:<16}{change['lines']:>9} lines {kr(change['total_ore']):>22}")
        self.say(f"  carried forward {kr(document['carried_forward_ore']):>38}")
        self.say("Largest changes:")
        for row in document["difference"]["largest"][:10]:
            where = f"{row['municipality']} {name(row['municipality'])}"
            self.say(f"  {where:<28}{kr(row['due_ore']):>20}  corrections {kr(row['corrections_ore']):>16}")
        if not options["dry_run"]:
            self.say(
                f"Another person of the finance role approves it: manage.py approve_run {document['run']} --by USERNAME"
            )


def of_preview(outcome: Outcome) -> dict[str, Any]:
    """The document of a run that was not written: its number is null."""
    window = outcome.window
    return {
        "run": None, "scheme": window.scheme.code, "year": window.year, "term": window.term,
        "lines": outcome.difference.lines, "total_ore": outcome.difference.total_ore,
        "paid_ore": sum(payable.paid_ore for payable in outcome.payables),
        "carried_forward_ore": sum(payable.carried_out_ore for payable in outcome.payables),
        "municipalities": len(outcome.payables), "difference": outcome.summary(),
    }  # fmt: skip


def of_run(run: EntitlementRun) -> dict[str, Any]:
    """The document of a run."""
    payables = list(run.payables.values_list("paid_ore", "carried_out_ore"))
    return {
        "run": run.pk, "scheme": run.scheme, "year": run.year, "term": run.term, "lines": run.lines_count,
        "total_ore": run.total_ore, "paid_ore": sum(paid for paid, _ in payables),
        "carried_forward_ore": sum(carried for _, carried in payables), "municipalities": len(payables),
        "difference": run.difference, "state": run.state,
    }  # fmt: skip
