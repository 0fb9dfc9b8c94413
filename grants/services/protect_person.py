"""Put a person under address protection: the reference moves apart, where no ordinary query or export finds it."""

from datetime import date

from django.db import transaction

from grants.models import AuditEvent, EntitlementLine, Hold, Instalment, PaymentOrder, Person, ProtectedPerson, User
from grants.services.hold_orders import place_hold
from grants.shared.dates import today
from grants.shared.errors import Refused


@transaction.atomic
def protect_person(
    person_ref: str, *, level: str, reason: str, since: date, by: User | None = None, actor: str = ""
) -> ProtectedPerson:
    """Mark a person as protected; doing it again changes level and reason, and the audit keeps what they were."""
    if level not in ProtectedPerson.Level.values:
        raise Refused(f"There is no level {level}: it is one of {', '.join(ProtectedPerson.Level.values)}.")
    if not reason.strip():
        raise Refused("Say why the person is protected: --reason REASON.")
    protected = ProtectedPerson.objects.select_for_update().filter(person_ref=person_ref).first()
    before = {"level": protected.level, "reason": protected.reason} if protected else None
    if protected is not None:
        protected.level, protected.reason = level, reason
        protected.save(update_fields=["level", "reason"])
    else:
        person = Person.objects.select_for_update().filter(person_ref=person_ref).first()
        if person is None:
            raise Refused(f'There is no person with the reference "{person_ref}" in the register.')
        person.person_ref = None
        person.save(update_fields=["person_ref"])
        protected = ProtectedPerson.objects.create(
            person=person, person_ref=person_ref, level=level, since=since, reason=reason
        )
        _hold_what_is_not_paid(person)
    AuditEvent.objects.create(
        by=by,
        verb="protect_person",
        subject=f"person:{protected.person_id}",
        details={"before": before, "after": {"level": level, "reason": reason}, "actor": actor},
    )
    return protected


def _hold_what_is_not_paid(person: Person) -> None:
    """What was ordered from the person's lines before, and is not paid, waits until somebody has looked at what it tells."""
    lines = EntitlementLine.objects.filter(person=person).values_list("run", "municipality_number").distinct()
    subjects = [f"run:{run}:{number}" for run, number in lines]
    waiting = Instalment.objects.outstanding().in_no_payment()
    for order in PaymentOrder.objects.filter(subject__in=subjects, instalments__in=waiting).distinct():
        place_hold(
            order,
            Hold.Kind.PROTECTED,
            reason="En person i grunnlaget har fått adressesperre etter at kjøringen ble godkjent.",
            way_out="Økonomi ser til at brev og spesifikasjon ikke viser personen, og opphever det.",
            on=today(),
            by=None,
        )
