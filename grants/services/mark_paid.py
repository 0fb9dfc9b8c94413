"""Mark a run as paid, where no bank file is used."""

from datetime import date

from django.db import transaction

from grants.entitlements.booking import paid
from grants.ledger.posting import post_all
from grants.models import AuditEvent, EntitlementRun, Role, User
from grants.shared.errors import ChangedSince, NotAllowed


@transaction.atomic
def mark_paid(run: EntitlementRun, *, by: User, on: date | None = None) -> EntitlementRun:
    """Book what the run pays each municipality as paid, on a day (the day the run was booked when none is given)."""
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(f"{by.username} may not mark runs as paid: that takes the role finance.")
    run = EntitlementRun.objects.select_for_update().get(pk=run.pk)
    if run.state != EntitlementRun.State.APPROVED or run.booked_on is None:
        raise ChangedSince(f"Run {run.pk} can't be marked as paid: it is {run.state}, and only an approved run can.")
    post_all(paid(run, on=on or run.booked_on), by=by)
    run.state = EntitlementRun.State.PAID
    run.save(update_fields=["state"])
    AuditEvent.objects.create(by=by, verb="mark_paid", subject=f"run:{run.pk}")
    return run
