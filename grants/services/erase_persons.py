"""Erase persons whose time in the register is over; the sums in the lines and the ledger stay."""

from datetime import date

from django.db import transaction

from grants.law.assumptions import assumption
from grants.models import AuditEvent, ClaimFact, EventFact, Person, ProtectedPerson, Role, SettlementFact, User
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
            f"Persons are kept {years} years after settlement: on {on} only those settled before {on.year - years + 1} "
            "may be erased. Change retention.years_after_settlement if the rule is another."
        )
    late = SettlementFact.objects.filter(settled_on__gte=date(settled_before, 1, 1)).values("person")
    gone = Person.objects.filter(erased_on=None, settlements__isnull=False).exclude(pk__in=late).distinct().values("pk")
    keys = [row["pk"] for row in gone]
    Person.objects.filter(pk__in=keys).update(erased_on=on, person_ref=None)
    ProtectedPerson.objects.filter(person__in=keys).delete()
    for facts in (SettlementFact, EventFact, ClaimFact):
        facts.objects.filter(person__in=keys).delete()
    AuditEvent.objects.create(
        by=by, verb="erase_persons", subject=f"settled before {settled_before}", details={"persons": len(keys)}
    )
    return len(keys)
