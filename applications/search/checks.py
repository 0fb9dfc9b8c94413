"""The search index follows every migrate, and the system says so when it is not in place."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from applications.models import CaseText
from applications.search.port import adapter


def install_after_migrate(using: str = "default", **_kwargs: Any) -> None:
    """After every migrate, whatever it did to the tables."""
    if _has_words(using):
        adapter(using).install(using)


@register(Tags.database)
def cases_can_be_found(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """The index of the case search stands in the database, with what keeps it up to date."""
    return [
        Error(f"The case search lacks {name}.", hint="Run `manage.py migrate`.", id="applications.E001")
        for using in databases or []
        if _has_words(using)
        for name in adapter(using).missing(using)
    ]


def _has_words(using: str) -> bool:
    return CaseText._meta.db_table in connections[using].introspection.table_names()
