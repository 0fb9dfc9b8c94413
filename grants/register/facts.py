"""What the imports share: references of persons, and the note of what was taken in."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain

from django.db import connection
from django.utils import timezone

from grants.models import AuditEvent, ImportedFile, Person, ProtectedPerson
from grants.shared.bulk import next_ids, write_rows
from grants.shared.table_file import TableFile

COMMON = ("known_on", "recorded_at", "reason", "file_id")
MANY = 5_000


def persons_by_reference(references: Iterable[str]) -> dict[str, int]:
    """The ids of the persons that are known, protected ones too."""
    wanted = set(references)
    persons, protected = Person.objects.exclude(person_ref=None), ProtectedPerson.objects.all()
    if len(wanted) <= MANY:  # a statement takes only so many values on SQLite
        persons, protected = persons.filter(person_ref__in=wanted), protected.filter(person_ref__in=wanted)
    known = chain(
        persons.values_list("person_ref", "pk").iterator(10_000), protected.values_list("person_ref", "person_id")
    )
    return {ref: pk for ref, pk in known if ref in wanted}


def erased_before() -> int:
    """The year before which settled persons have been erased; 0 while nobody has.

    Their references are gone, so a file that names them again would make new persons and pay a second time.
    """
    erasures = AuditEvent.objects.filter(verb="erase_persons").values_list("details", flat=True)
    return max((told.get("settled_before", 0) for told in erasures if told.get("persons")), default=0)


def add_persons(references: Iterable[str]) -> dict[str, int]:
    """New persons, in the order given."""
    new = list(references)
    ids = next_ids(Person, len(new))
    write_rows(Person, ("id", "person_ref"), zip(ids, new, strict=True))
    return dict(zip(new, ids, strict=True))


def lock_register() -> None:
    """One import at a time: on PostgreSQL by an advisory lock, on SQLite by the one writer there is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('grants.register'))")


def note(table: TableFile, kind: str, *, new_rows: int, known_on: date, reason: str) -> ImportedFile:
    """The note of a file that brought something new."""
    return ImportedFile.objects.create(
        kind=kind, name=table.name[:200], sha256=table.sha256, rows=len(table.rows), new_rows=new_rows,
        known_on=known_on, reason=reason,
    )  # fmt: skip


def common(file: ImportedFile) -> tuple[str, datetime, str, int]:
    """The values of the columns that every fact carries."""
    return (file.known_on.isoformat(), timezone.now(), file.reason, file.pk)
