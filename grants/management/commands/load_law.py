"""Make the schemes and rates known to the database."""

from typing import Any

from django.core.management.base import CommandParser

from grants.law.registry import SCHEMES
from grants.management.base import Command as Base
from grants.management.base import add_json
from grants.services.load_law import load_law


class Command(Base):
    help = "Make the schemes and their dated rates known to the database. Doing it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        add_json(parser)

    def work(self, **options: Any) -> None:
        new = load_law()
        self.tell(f"{len(SCHEMES)} schemes; {new} new rates.", schemes=len(SCHEMES), new_rates=new)
