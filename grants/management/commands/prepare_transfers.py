"""Prepare transfers outside the 18 schemes for approval."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, user_named
from grants.models import TransferList
from grants.services.book_transfers import COLUMNS, prepare_transfers
from grants.shared.money import kr


class Command(Base):
    help = (
        f"Take in a CSV file of transfers outside the 18 schemes ({','.join(COLUMNS)}) for approval by somebody else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        made = prepare_transfers(options["file"], by=user_named(options["by"]))
        if options["json"]:
            self.answer(of_list(made))
            return
        self.say(
            f"List {made.pk}: {made.lines.count()} transfers of {kr(made.total_ore)} kroner are prepared. "
            f"Another person approves them: manage.py approve_transfers {made.pk} --by USERNAME"
        )


def of_list(transfers: TransferList) -> dict[str, Any]:
    """A list as the commands answer with it."""
    return {
        "transfers": transfers.pk,
        "state": transfers.state,
        "lines": transfers.lines.count(),
        "total_ore": transfers.total_ore,
        "digest": transfers.digest,
        "booked_on": transfers.booked_on and transfers.booked_on.isoformat(),
    }
