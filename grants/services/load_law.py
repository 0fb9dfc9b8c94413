"""Make the schemes' rates known to the database, where they are never edited again."""

from datetime import date

from django.db import transaction

from grants.law.rates.lookup import Rate, history
from grants.law.registry import SCHEMES
from grants.models import KnownRate
from grants.shared.errors import Refused


@transaction.atomic
def load_law() -> int:
    """Write the rates that are new here; returns how many. A rate that was known with another value is refused."""
    known = {(rate.scheme, rate.name, rate.valid_from): rate for rate in KnownRate.objects.all()}
    new = []
    for scheme in SCHEMES:
        for rows in history(scheme).values():
            for rate in rows:
                before = known.get((rate.scheme, rate.name, rate.valid_from))
                if before is None:
                    new.append(_known(rate))
                else:
                    _refuse_if_edited(before, _known(rate))
    KnownRate.objects.bulk_create(new)
    return len(new)


def _refuse_if_edited(before: KnownRate, now: KnownRate) -> None:
    """Value, unit and days stay; a citation may be made clearer, and a rate without an end may be given one."""
    kept = ("value", "unit") if before.valid_to == date.max else ("value", "unit", "valid_to")
    for name in kept:
        if getattr(before, name) != getattr(now, name):
            raise Refused(
                f"{now.scheme}.{now.name} from {now.valid_from}: {name} was known as {getattr(before, name)} and is now "
                f"{getattr(now, name)}. A rate is never edited: add a new dated row with its citation."
            )


def _known(rate: Rate) -> KnownRate:
    return KnownRate(
        scheme=rate.scheme, name=rate.name, valid_from=rate.valid_from, valid_to=rate.valid_to,
        value=str(rate.value), unit=rate.unit, citation=rate.citation, certainty=rate.certainty,
    )  # fmt: skip
