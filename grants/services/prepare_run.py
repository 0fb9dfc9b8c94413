"""Prepare an entitlement run: work out what is due, take the difference to what is booked, write its lines."""

from collections import deque
from datetime import date

from django.db import transaction
from django.utils import timezone

from grants.entitlements.compared import compared
from grants.entitlements.working_out import Outcome, Progress, lines_of, open_window, settle
from grants.models import AuditEvent, EntitlementLine, EntitlementRun, Role, RunPayable, User
from grants.shared.bulk import write_groups, write_rows
from grants.shared.errors import NotAllowed

LINE_COLUMNS = (
    "run_id", "person_id", "municipality_number", "code", "origin_year", "origin_term", "kind", "amount_ore",
)  # fmt: skip
PAYABLE_COLUMNS = ("run_id", "municipality_number", "due_ore", "carried_in_ore", "paid_ore", "carried_out_ore")


def preview_run(
    scheme: str, year: int, term: int, *, as_of: date | None = None, progress: Progress | None = None
) -> Outcome:
    """What a run would come to. Writes nothing."""
    window, rates = open_window(scheme, year, term)
    outcome = Outcome(window, rates)
    deque(lines_of(outcome, as_of=as_of, progress=progress), maxlen=0)
    settle(outcome, paid_on=window.paid_on)
    return outcome


@transaction.atomic
def prepare_run(
    scheme: str, year: int, term: int, *, by: User, as_of: date | None = None, progress: Progress | None = None
) -> EntitlementRun:
    """Prepare a run for approval by somebody else. Everything up to its term is recomputed and compared (rule A4)."""
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(f"{by.username} may not prepare runs: that takes the role finance.")
    window, rates = open_window(scheme, year, term)
    outcome = Outcome(window, rates)
    seen = compared(window, as_of=as_of)  # before reading: what comes in while we read makes the approval refuse
    run = EntitlementRun.objects.create(
        scheme=scheme, year=year, term=term, as_of=as_of, prepared_by=by, prepared_at=timezone.now()
    )
    write_groups(EntitlementLine, LINE_COLUMNS, lines_of(outcome, run_id=run.pk, as_of=as_of, progress=progress))
    settle(outcome, paid_on=window.paid_on)
    write_rows(
        RunPayable,
        PAYABLE_COLUMNS,
        (
            (run.pk, p.municipality, p.due_ore, p.carried_in_ore, p.paid_ore, p.carried_out_ore)
            for p in outcome.payables
        ),
    )
    run.lines_count = outcome.difference.lines
    run.total_ore = outcome.difference.total_ore
    run.compared = seen
    run.rates_used = rates
    run.difference = outcome.summary()
    run.digest = outcome.digest
    run.state = EntitlementRun.State.PREPARED
    run.save()
    AuditEvent.objects.create(by=by, verb="prepare_run", subject=f"run:{run.pk}", details={"digest": run.digest})
    return run
