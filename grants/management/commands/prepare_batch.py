"""Prepare and seal a payment batch by command."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, day, user_named
from grants.management.commands.batches import of_batch
from grants.models import Outlier
from grants.services.prepare_batch import explain_outlier, prepare_batch, seal_batch
from grants.shared.dates import today
from grants.shared.money import kr


class Command(Base):
    help = "Gather what is payable on a day in a batch, one payment per recipient, and seal it. Finance role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=day, metavar="DATE", help="the day the bank is asked to pay; default today")
        parser.add_argument(
            "--scheme", action="append", default=[], metavar="SCHEME", help="only this scheme; repeatable"
        )
        parser.add_argument("--explain", default="", metavar="WORDS", help="why the outliers of the batch are right")
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        by = user_named(options["by"])
        batch = prepare_batch(pay_on=options["on"] or today(), by=by, schemes=options["scheme"])
        outliers = list(Outlier.objects.filter(payment__batch=batch))
        if options["explain"]:
            for outlier in outliers:
                explain_outlier(outlier, options["explain"], by=by)
        batch = seal_batch(batch, by=by)
        told = "" if options["explain"] or not outliers else f" {len(outliers)} outliers wait to be explained."
        self.tell(
            f"Batch {batch.number} is sealed: {batch.payments_count} payments, {kr(batch.total_ore)} kroner, "
            f"to be paid {batch.pay_on}.{told}",
            **of_batch(batch),
        )
