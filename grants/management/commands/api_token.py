"""`manage.py api_token`: give a system a token, list those in use, or end one."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from grants.management.base import Command as Base
from grants.models import ApiToken, TokenScope, User
from grants.services.api_tokens import LONGEST_DAYS, end_token, give_token
from grants.shared.errors import Refused


class Command(Base):
    help = "Give a user's system a token for the API, list the tokens in use, or end one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", metavar="USERNAME", help="whose token it is")
        parser.add_argument("--name", default="", help="which system uses it")
        parser.add_argument("--days", type=int, default=90, help=f"how long it lasts, at most {LONGEST_DAYS} (90)")
        parser.add_argument(
            "--scope", action="append", choices=TokenScope.values, metavar="SCOPE",
            help=f"what it is for, repeatable: {', '.join(TokenScope.values)} (cases)",
        )  # fmt: skip
        parser.add_argument("--end", type=int, metavar="NUMBER", help="end a token at once")

    def work(self, **options: Any) -> None:
        if options["end"]:
            end_token(options["end"])
            self.say(f"Token {options['end']} is ended.")
        elif options["username"]:
            user = User.objects.filter(username=options["username"]).first()
            if user is None:
                raise Refused(f"There is no user {options['username']}.")
            scopes = [TokenScope(one) for one in options["scope"] or [TokenScope.CASES]]
            token = give_token(user, options["name"] or "unnamed", days=options["days"], scopes=scopes)
            self.say(f"Keep it safe, it is shown this once: {token}")
        else:
            for one in ApiToken.objects.filter(ends_at__gt=timezone.now()).select_related("user").order_by("pk"):
                self.say(f"{one.pk}  {one.user.username}  {one.name}  {one.scopes}  ends {one.ends_at:%Y-%m-%d}")
