"""Approve an entitlement run: a second person books it as owed."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grants.budget import cover
from grants.entitlements.booking import moved_to_successors, owed
from grants.entitlements.compared import changed_since, compared
from grants.entitlements.working_out import digest, open_window, sums_of_lines
from grants.jobs.queue import hand_over
from grants.law.registry import scheme as scheme_of
from grants.ledger.posting import post_all
from grants.models import Approval, AuditEvent, EntitlementRun, Role, User
from grants.services.order_run import order_run
from grants.shared.errors import ChangedSince, NotAllowed, Refused


@transaction.atomic
def approve_run(run: EntitlementRun, *, by: User, on: date | None = None) -> EntitlementRun:
    """Book a prepared run as owed, on a day (the term's payment date when none is given).

    Refused when the same person prepared it, when a fact, rate or booking that it compared has changed since, when its
    lines are not those that were prepared, and when the appropriation does not cover it.
    """
    run = EntitlementRun.objects.select_for_update().select_related("prepared_by").get(pk=run.pk)
    _require_second_person(run, by)
    window, _terms = open_window(run.scheme, run.year, run.term)
    scheme = scheme_of(run.scheme)
    if on is None:
        on = window.paid_on
    cover.lock(on.year, scheme.chapter, scheme.post)
    changed = changed_since(run.compared, compared(window, as_of=run.as_of))
    if changed:
        raise ChangedSince(
            _(
                "Kjøring %(run)s kan ikke godkjennes: %(changed)s er endret siden den ble klargjort. Klargjør den på nytt."
            )
            % {"run": run.pk, "changed": ", ".join(changed)}
        )
    sums = sums_of_lines(run)
    if digest(sums) != run.digest:
        raise Refused(
            _("Kjøring %(run)s kan ikke godkjennes: linjene er ikke de som ble klargjort. Klargjør den på nytt.")
            % {"run": run.pk}
        )
    cover.require(on.year, scheme.chapter, scheme.post, run.total_ore)
    Approval.objects.create(subject=f"run:{run.pk}", digest=run.digest, proposed_by=run.prepared_by, approved_by=by)
    run.state = EntitlementRun.State.APPROVED
    run.booked_on = on
    run.approval_number = EntitlementRun.objects.booked().filter(scheme=run.scheme).count() + 1
    run.save(update_fields=["state", "booked_on", "approval_number"])
    post_all(owed(run, sums, on=on), by=by)
    post_all(moved_to_successors(run, on=on), by=by)
    order_run(run, by=by)
    hand_over("run_letters", f"run_letters:{run.pk}", {"run": run.pk})
    AuditEvent.objects.create(by=by, verb="approve_run", subject=f"run:{run.pk}", details={"digest": run.digest})
    return run


def _require_second_person(run: EntitlementRun, by: User) -> None:
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(_("%(who)s kan ikke godkjenne kjøringer: det krever rollen økonomi.") % {"who": by.username})
    if run.prepared_by_id == by.pk:
        raise NotAllowed(
            _("%(who)s har klargjort kjøring %(run)s. En annen må godkjenne den.") % {"who": by.username, "run": run.pk}
        )
    if run.state != EntitlementRun.State.PREPARED:
        raise ChangedSince(
            _("Kjøring %(run)s er %(state)s allerede.") % {"run": run.pk, "state": run.get_state_display().lower()}
        )
