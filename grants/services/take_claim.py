"""Take in one claim that two people have approved: a fact like those from a file, under the same limits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.models import AuditEvent, ClaimFact, User
from grants.register import cells, facts
from grants.register.claims import FACTS, LIMITS, as_mapping, known_claims, once, settled_among
from grants.shared.errors import Refused


@transaction.atomic
def take_claim(
    scheme: str,
    claim_ref: str,
    *,
    person: int | None,
    values: Mapping[str, Any],
    known_on: date,
    by: User,
    correct: str = "",
) -> bool:
    """Make a claim known from a day on; False where it is known already, as it is.

    `values` are those of grants.register.claims.FACTS. A claim that is known with other values is refused, unless
    `correct` says why it is another now: then the newer fact takes its place, and the next run pays the difference.
    """
    limits = LIMITS[scheme]
    facts.lock_register()
    known = known_claims(scheme)
    said = known.get(claim_ref, [])
    if said and said[-1][1] == (person, *(values[name] for name in FACTS)):
        return False
    if said and not correct:
        raise Refused(
            _("Kravet %(claim)s er kjent fra %(day)s med andre tall.")
            % {"claim": claim_ref, "day": f"{said[-1][0]:%d.%m.%Y}"}
        )
    if limits.of_settled_person and (person is None or person not in settled_among([person])):
        raise Refused(_("Personen i kravet er ikke bosatt i registeret lenger. Se på registeret først."))
    cells.municipality_on(values["municipality_number"], values["on"])
    one = once(scheme, person, values)
    for other, of_other in known.items():
        newest = of_other[-1][1]
        if limits.once_per_person_and and other != claim_ref and once(scheme, newest[0], as_mapping(newest)) == one:
            raise Refused(_("Personen har et krav fra før (%(claim)s) som gjelder det samme.") % {"claim": other})
    ClaimFact.objects.create(
        scheme=scheme, claim_ref=claim_ref, person_id=person, known_on=max([known_on, *(on for on, _ in said[-1:])]),
        recorded_at=timezone.now(), reason=correct, **{name: values[name] for name in FACTS},
    )  # fmt: skip
    AuditEvent.objects.create(by=by, verb="take_claim", subject=f"claim:{scheme}:{claim_ref}"[:80])
    return True
