"""What a run compared: enough to see, at approval, whether a fact, a rate or a booking has changed since."""

import hashlib
import json
from datetime import date
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from grants.entitlements.due import CLAIMS, rates_used
from grants.law.assumptions import assumptions_of
from grants.law.tariff import Window
from grants.models import ClaimFact, EntitlementRun, EventFact, Person, RequestFact, SettlementFact

WORDS = {
    "settlements": _("bosettingene i registeret"),
    "events": _("hendelsene i registeret"),
    "requests": _("anmodningene"),
    "claims": _("kravene"),
    "erased": _("hvem som er slettet"),
    "rates": _("en sats eller en forutsetning"),
    "bookings": _("det som er bokført på ordningen"),
}


def compared(window: Window, *, as_of: date | None) -> dict[str, Any]:
    """Counts and last ids of the facts known by `as_of`, the rates in use, and the last approved run of the scheme."""
    scheme = window.scheme.code
    known: dict[str, Any] = {} if as_of is None else {"known_on__lte": as_of}
    facts: dict[str, Any] = {"events": EventFact.objects.filter(**known)}
    if scheme in CLAIMS:
        facts["claims"] = ClaimFact.objects.filter(scheme=scheme, **known)
    else:
        facts["settlements"] = SettlementFact.objects.filter(**known)
    if scheme == "extra_settlement":
        facts["requests"] = RequestFact.objects.filter(**known)
    facts["bookings"] = EntitlementRun.objects.booked().filter(scheme=scheme)
    seen: dict[str, Any] = {name: _size(rows) for name, rows in facts.items()}
    seen["erased"] = Person.objects.filter(erased_on__isnull=False).count()
    seen["rates"] = _hash([rates_used(window), assumptions_of(scheme), window.first_year])
    return seen


def changed_since(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What differs, in words."""
    return [str(WORDS[name]) for name in sorted(before.keys() | now.keys()) if before.get(name) != now.get(name)]


def _size(rows: Any) -> list[int]:
    found = rows.aggregate(count=Count("pk"), last=Max("pk"))
    return [found["count"], found["last"] or 0]


def _hash(of: Any) -> str:
    return hashlib.sha256(json.dumps(of, sort_keys=True, default=str).encode()).hexdigest()
