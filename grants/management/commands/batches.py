"""List the payment batches."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_json
from grants.models import PaymentBatch
from grants.shared.money import kr


def of_batch(batch: PaymentBatch) -> dict[str, Any]:
    """A batch as the commands tell of it."""
    return {
        "batch": batch.number,
        "state": batch.state,
        "payments": batch.payments_count,
        "total_ore": batch.total_ore,
        "pay_on": batch.pay_on.isoformat(),
        "digest": batch.digest,
        "file_sha256": batch.file_sha256,
        "trouble": batch.trouble,
    }


class Command(Base):
    help = "List the payment batches, oldest first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, metavar="Y", help="only those paid in this year")
        add_json(parser)

    def work(self, **options: Any) -> None:
        batches = PaymentBatch.objects.order_by("number")
        if options["year"]:
            first, last = f"{options['year']:04}-01-01", f"{options['year']:04}-12-31"
            batches = batches.filter(pay_on__range=(first, last))
        if options["json"]:
            self.answer([of_batch(batch) for batch in batches])
            return
        for batch in batches:
            self.say(
                f"{batch.number:>5}  {batch.pay_on}  {batch.state:<9} {batch.payments_count:>5} payments "
                f"{kr(batch.total_ore):>20} kroner  {batch.trouble}".rstrip()
            )
