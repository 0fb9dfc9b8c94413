"""`manage.py migrate`, which must run on a database whose guards are not those of this version: it is what mends them."""

from typing import Any

from django.core.management.commands import migrate


class Command(migrate.Command):
    """Django's own, without asking beforehand whether the guards stand: they are installed when it is done."""

    def check(self, *arguments: Any, **options: Any) -> None:
        """Every check but those of the database, which `manage.py check --database default` makes afterwards."""
        super().check(*arguments, **options | {"databases": None})
