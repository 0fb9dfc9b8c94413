"""Mark a run as paid, where no bank file is used."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grants.models import AuditEvent, EntitlementRun, Instalment, Role, User
from grants.services.order_run import order_run
from grants.services.settle import BY_HAND, settle
from grants.shared.errors import ChangedSince, NotAllowed


@transaction.atomic
def mark_paid(run: EntitlementRun, *, by: User, on: date | None = None) -> EntitlementRun:
    """Book what the run pays each municipality as paid, on a day (the day the run was booked when none is given)."""
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(_("%(who)s kan ikke føre utbetalinger: det krever rollen økonomi.") % {"who": by.username})
    run = EntitlementRun.objects.select_for_update().get(pk=run.pk)
    if run.state != EntitlementRun.State.APPROVED or run.booked_on is None:
        raise ChangedSince(
            _("Kjøring %(run)s kan ikke føres som utbetalt: den er %(state)s. Bare en godkjent kjøring kan det.")
            % {"run": run.pk, "state": run.get_state_display().lower()}
        )
    order_run(run, by=by)  # a run that was approved before there were orders
    unpaid = Instalment.objects.outstanding().filter(order__run=run)
    if unpaid.filter(parts__is_alive=True).exists():
        raise ChangedSince(
            _(
                "Kjøring %(run)s kan ikke føres som utbetalt: den er i en bunt på vei til banken. "
                "Banken sier når den er betalt."
            )
            % {"run": run.pk}
        )
    settle(dict.fromkeys(unpaid.values_list("pk", flat=True), BY_HAND), on=on or run.booked_on, by=by)
    run.refresh_from_db(fields=["state"])
    AuditEvent.objects.create(by=by, verb="mark_paid", subject=f"run:{run.pk}")
    return run
