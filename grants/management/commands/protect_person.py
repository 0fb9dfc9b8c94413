"""Put a person under address protection."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import day, operator, user_named
from grants.models import ProtectedPerson
from grants.services.protect_person import protect_person
from grants.shared.dates import today


class Command(Base):
    help = "Mark a person as protected: the reference is kept apart and never in an export."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person_ref", metavar="PERSON_REF")
        parser.add_argument("--level", required=True, choices=ProtectedPerson.Level.values)
        parser.add_argument("--reason", required=True, metavar="REASON")
        parser.add_argument("--since", type=day, metavar="DATE", help="default today")
        parser.add_argument("--by", metavar="USERNAME", help="the person who does this, where not the operator alone")

    def work(self, **options: Any) -> None:
        protect_person(
            options["person_ref"],
            level=options["level"],
            reason=options["reason"],
            since=options["since"] or today(),
            by=user_named(options["by"]) if options["by"] else None,
            actor=operator(),
        )
        self.say("The person is protected.")
