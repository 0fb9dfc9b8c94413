"""Log a look at a person's row, before it is shown."""

from grants.models import Person, PersonLook, User


def log_look(person: Person | None, *, by: User | None, actor: str, what: str, persons: int = 1) -> PersonLook:
    """Who looked at whom, and why; `person` is empty for a look at many, and `persons` says how many."""
    return PersonLook.objects.create(person=person, by=by, actor=actor, what=what, persons=persons)
