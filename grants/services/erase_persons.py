"""Erase persons whose time in the register is over; the sums in the lines and the ledger stay."""

from datetime import date
from uuid import uuid4

from django.db import transaction

from grants.jobs.queue import hand_over
from grants.law.assumptions import assumption
from grants.models import AuditEvent, ClaimFact, EventFact, Person, ProtectedPerson, Role, SettlementFact, User
from grants.register import facts
from grants.shared.errors import NotAllowed, Refused


@transaction.atomic
def erase_persons(*, settled_before: int, on: date, by: User) -> int:
    """Erase everybody whose last known settlement was before a year; returns how many.

    Refused while any of them may still be needed: retention is a named assumption (retention.years_after_settlement).
    """
    if not by.has_directorate_role(Role.ADMINISTRATOR):
        raise NotAllowed(f"{by.username} may not erase persons: that takes the role administrator.")
    years = int(assumption("retention", "years_after_settlement"))
    if settled_before > on.year - years:
        raise Refused(
            f"Persons are kept {years} years after settlement: on {on} only those settled before {on.year - years} "
            "may be erased. Change retention.years_after_settlement if the rule is another."
        )
    facts.lock_register()
    late = SettlementFact.objects.filter(settled_on__gte=date(settled_before, 1, 1)).values("person")
    gone = Person.objects.filter(erased_on=None, settlements__isnull=False).exclude(pk__in=late).values("pk")
    number = Person.objects.filter(pk__in=gone).update(erased_on=on, person_ref=None)
    for model in (ProtectedPerson, SettlementFact, EventFact, ClaimFact):
        model.objects.filter(person__erased_on__isnull=False).delete()
    hand_over("persons_erased", f"persons_erased:{uuid4()}", {})
    AuditEvent.objects.create(
        by=by, verb="erase_persons", subject=f"settled before {settled_before}",
        details={"persons": number, "settled_before": settled_before},
    )  # fmt: skip
    return number
