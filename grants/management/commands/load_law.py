"""Make the schemes and rates known to the database."""

from typing import Any

from grants.law.registry import SCHEMES
from grants.management.base import Command as Base
from grants.services.load_law import load_law


class Command(Base):
    help = "Make the schemes and their dated rates known to the database. Doing it again changes nothing."

    def work(self, **options: Any) -> None:
        new = load_law()
        self.say(f"{len(SCHEMES)} schemes; {new} new rates.")
