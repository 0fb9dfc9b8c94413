"""System checks: the system does not start on a database that cannot keep its promises."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from grants.shared import guards

SQLITE_PRAGMAS = {"recursive_triggers": 1, "foreign_keys": 1}


@register(Tags.database)
def guards_are_in_place(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Every guard stands in the database as it is written in grants/shared/guards.py."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        if "grants_ledgerentry" not in connections[alias].introspection.table_names():
            continue  # Not migrated yet: migrate installs them.
        found += [
            Error(f"The guard {name} is missing or altered.", hint="Run `manage.py migrate`.", id="grants.E001")
            for name in guards.missing(using=alias)
        ]
    return found


@register(Tags.database)
def sqlite_is_set_up_safely(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """SQLite keeps its promises only with immediate transactions, recursive triggers and foreign keys."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        if settings.DATABASES[alias].get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE":
            found.append(Error("SQLite must run with transaction_mode IMMEDIATE.", id="grants.E002"))
        with connection.cursor() as cursor:
            for pragma, wanted in SQLITE_PRAGMAS.items():
                cursor.execute(f"PRAGMA {pragma}")
                if cursor.fetchone()[0] != wanted:
                    found.append(Error(f"SQLite must run with PRAGMA {pragma}={wanted}.", id="grants.E003"))
    return found
