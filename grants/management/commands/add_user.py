"""Add a user with a role."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.models import Role
from grants.services.add_user import add_user


class Command(Base):
    help = "Add a user, or give one a further role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--role", required=True, choices=Role.values, metavar="ROLE", help=", ".join(Role.values))
        parser.add_argument("--organisation", default="", metavar="ORGNR")

    def work(self, **options: Any) -> None:
        user = add_user(options["username"], Role(options["role"]), orgnr=options["organisation"])
        self.say(f"{user.username} is {options['role']}.")
