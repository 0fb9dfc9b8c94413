"""The municipalities stand in the database as organisations from the first migrate; the list itself is law data."""

from typing import Any

from django.db import connections

from grants.law.municipalities import MUNICIPALITIES
from grants.models import Organisation


def install_municipalities(using: str = "default", **_kwargs: Any) -> None:
    """After every migrate: each municipality of the list has its organisation. Doing it again changes nothing."""
    if Organisation._meta.db_table not in connections[using].introspection.table_names():
        return
    known = set(Organisation.objects.using(using).municipalities().values_list("municipality_number", flat=True))
    new = [municipality for number, municipality in MUNICIPALITIES.items() if number not in known]
    Organisation.objects.using(using).bulk_create(
        Organisation(
            name=f"{municipality.name} kommune",
            search_key=f"{municipality.name} kommune".casefold(),
            kind=Organisation.Kind.MUNICIPALITY,
            municipality_number=municipality.number,
            valid_from=municipality.valid_from,
            valid_to=municipality.valid_to,
        )
        for municipality in new
    )
    if new:
        _join_successors(using)


def _join_successors(using: str) -> None:
    """A municipality that was merged points at the one that took over."""
    organisations = Organisation.objects.using(using).by_municipality_number()
    for number, municipality in MUNICIPALITIES.items():
        if municipality.successor:
            merged = organisations[number]
            merged.successor = organisations[municipality.successor]
            merged.save(update_fields=["successor"])
