"""Make the schemes' rates known to the database, where they are never edited again."""

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
                elif before.value != str(rate.value):
                    raise Refused(
                        f"{rate.scheme}.{rate.name} from {rate.valid_from} was known as {before.value} and is now "
                        f"{rate.value}. A rate is never edited: add a new dated row with its citation."
                    )
    KnownRate.objects.bulk_create(new)
    return len(new)


def _known(rate: Rate) -> KnownRate:
    return KnownRate(
        scheme=rate.scheme, name=rate.name, valid_from=rate.valid_from, valid_to=rate.valid_to,
        value=str(rate.value), unit=rate.unit, citation=rate.citation, certainty=rate.certainty,
    )  # fmt: skip
