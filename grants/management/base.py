"""What our management commands share: one clear line on bad input, people by user name, JSON alone on standard output."""

import getpass
import json
import sys
from abc import abstractmethod
from argparse import ArgumentTypeError
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grants.law.errors import LawError
from grants.models import User
from grants.shared.dates import read_day
from grants.shared.errors import NotAllowed, Refused


class Command(BaseCommand):
    """A command whose `work` may raise `Refused`: the message is printed on one line and the exit code is 1."""

    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.work(**options)
        except (Refused, LawError) as refusal:
            raise CommandError(str(refusal)) from refusal

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if getattr(self, "_called_from_command_line", False):
            parser.error = self._refuse_arguments  # type: ignore[method-assign]
        return parser

    def _refuse_arguments(self, message: str) -> NoReturn:
        """A wrong argument is one clear line too; `--help` shows the usage."""
        self.stderr.write(f"CommandError: {message}")
        sys.exit(2)

    @abstractmethod
    def work(self, **options: Any) -> None:
        """What the command does; it raises `Refused` where it must not."""

    def say(self, text: str) -> None:
        """For people: standard error where the command answers in JSON, so that the document stands alone."""
        (self.stderr if self.answers_in_json else self.stdout).write(text)

    def tell(self, sentence: str, **facts: Any) -> None:
        """What came of it: a sentence for people, or with `--json` the facts as the one document."""
        if self.answers_in_json:
            self.answer(facts)
        else:
            self.say(sentence)

    def answer(self, document: Any) -> None:
        """The one JSON document of a command with `--json`."""
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))

    answers_in_json = False

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.answers_in_json = bool(options.get("json"))
        return super().execute(*args, **options)


def add_by(parser: CommandParser) -> None:
    """`--by USERNAME`: who does it."""
    parser.add_argument("--by", required=True, metavar="USERNAME", help="the person who does this")


def add_json(parser: CommandParser) -> None:
    """`--json`: one JSON document on standard output."""
    parser.add_argument("--json", action="store_true", help="answer with one JSON document on standard output")


def user_named(username: str) -> User:
    """The active user of this name, or a refusal that says how to add one."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused(f'There is no user "{username}". Add one with: manage.py add_user {username} --role ROLE')
    if not user.is_active:
        raise Refused(f'The user "{username}" is deactivated and may do nothing here.')
    return user


def day(text: str) -> Any:
    """An argument that is a day; argparse prints the refusal."""
    try:
        return read_day(text)
    except Refused as refusal:
        raise ArgumentTypeError(f'"{text}" is not {refusal}') from refusal


def require_operator_approval() -> None:
    """Approving by command takes the operator's setting."""
    if not settings.OPERATOR_APPROVAL:
        raise NotAllowed(
            "Approving by command is switched off: two people on one command line would make four eyes a formality. "
            "Approve in the browser, or set TILSKUDD_OPERATOR_APPROVAL=1 (demo and tests)."
        )


def operator() -> str:
    """The account on this machine that runs the command, for the log of looks at persons."""
    return f"command:{getpass.getuser()}"


def add_import_options(parser: CommandParser) -> None:
    """`--known-on DATE` and `--correct REASON`, as every import of facts has them."""
    parser.add_argument("--known-on", type=day, metavar="DATE", help="the day the facts became known; default today")
    parser.add_argument("--correct", default="", metavar="REASON", help="supersede known facts, for this reason")
