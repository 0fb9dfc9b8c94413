"""Book the grants of a round as paid, where no bank file is used."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Call, Decision
from applications.services.order_grant import accepted_on, order_grant, subject_of
from grants.models import AuditEvent, Instalment, Role, User
from grants.services.settle import BY_HAND, settle
from grants.shared.errors import NotAllowed


@transaction.atomic
def pay_round(call: Call, *, by: User, on: date) -> int:
    """Pay what is due of every accepted grant of a call, each from its own commitment; how many instalments that was.

    What lies in a batch is left to the bank.
    """
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(_("%(who)s kan ikke føre utbetalinger: det krever rollen økonomi.") % {"who": by})
    call = Call.objects.select_for_update().get(pk=call.pk)
    decisions = list(
        Decision.objects.standing().granting().accepted().of(call).select_related("application__organisation", "call")
    )
    for decision in decisions:
        order_grant(decision, on=accepted_on(decision), by=by)
    due = Instalment.objects.payable(on).filter(order__subject__in=[subject_of(one) for one in decisions])
    unpaid = list(due.values_list("pk", flat=True))
    settle(dict.fromkeys(unpaid, BY_HAND), on=on, by=by)
    AuditEvent.objects.create(by=by, verb="pay_round", subject=f"call:{call.pk}", details={"grants": len(unpaid)})
    return len(unpaid)
