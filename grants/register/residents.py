"""One settled person, as a municipality may ask for them: by reference, and only where the person lives or lived there."""

from datetime import date

from grants.law.calculators.residence import is_withdrawn, municipality_on
from grants.law.municipalities import successor
from grants.models import Person
from grants.register.reading import RegisteredPerson, settled_persons


def known_person(person_id: int) -> RegisteredPerson | None:
    """A settled person as known now."""
    return next(settled_persons(person_id=person_id), None)


def resident(person_ref: str, municipality_number: str, year: int) -> RegisteredPerson | None:
    """The person of a reference, settled in a municipality in a year.

    None for everybody else, and for a person under address protection: nobody can tell the one from the other.
    """
    person_id = Person.objects.filter(person_ref=person_ref).values_list("pk", flat=True).first()
    found = known_person(person_id) if person_id is not None else None
    return found if found is not None and lived_in(found, municipality_number, year) else None


def lived_in(person: RegisteredPerson, municipality_number: str, year: int) -> bool:
    """Was the person settled in the municipality on any day of the year?"""
    first, last = f"{year}-01-01", f"{year}-12-31"
    if is_withdrawn(person.events) or person.settled_on > last:
        return False
    days = {max(person.settled_on, first), *(on for on, _kind, _number in person.events if first <= on <= last)}
    return any(_is_there(person, municipality_number, day) for day in days)


def _is_there(person: RegisteredPerson, municipality_number: str, day: str) -> bool:
    where = municipality_on(day, person.municipality, person.events)
    return where is not None and municipality_number in (where, successor(where, date.fromisoformat(day)))
