"""Mark a run as paid, where no bank file is used."""

from datetime import date

from django.db import transaction

from grants.models import AuditEvent, EntitlementRun, Instalment, Role, User
from grants.services.order_run import order_run
from grants.services.settle import BY_HAND, settle
from grants.shared.errors import ChangedSince, NotAllowed


@transaction.atomic
def mark_paid(run: EntitlementRun, *, by: User, on: date | None = None) -> EntitlementRun:
    """Book what the run pays each municipality as paid, on a day (the day the run was booked when none is given)."""
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(f"{by.username} may not mark runs as paid: that takes the role finance.")
    run = EntitlementRun.objects.select_for_update().get(pk=run.pk)
    if run.state != EntitlementRun.State.APPROVED or run.booked_on is None:
        raise ChangedSince(f"Run {run.pk} can't be marked as paid: it is {run.state}, and only an approved run can.")
    order_run(run, by=by)  # a run that was approved before there were orders
    unpaid = Instalment.objects.outstanding().filter(order__run=run)
    if unpaid.filter(parts__is_alive=True).exists():
        raise ChangedSince(
            f"Run {run.pk} can't be marked as paid: it is in a batch on its way to the bank, which will say when it is."
        )
    settle(dict.fromkeys(unpaid.values_list("pk", flat=True), BY_HAND), on=on or run.booked_on, by=by)
    run.refresh_from_db(fields=["state"])
    AuditEvent.objects.create(by=by, verb="mark_paid", subject=f"run:{run.pk}")
    return run
