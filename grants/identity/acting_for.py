"""Whom the person may act for, as Ansattporten says it: organisation numbers by right in Altinn.

The claim is `authorization_details` with entries of one type (docs.digdir.no, "RAR-typer i Ansattporten"). An entry that
is written in any other way gives nothing.
"""

import json
import re
from typing import Any

from stdnum.no import orgnr

from grants.identity.providers import Provider

TYPE = "ansattporten:altinn:resource"
AUTHORITY = "iso6523-actorid-upis"
# 0192 is the scheme of the Norwegian register of legal entities.
ORGANISATION = re.compile(r"0192:(\d{9})")


def asked_for(provider: Provider) -> str:
    """What to write in the request, so that the person is asked whom to act for. Empty: nothing is asked."""
    wanted = [{"type": TYPE, "resource": resource} for resource in provider.resources]
    return json.dumps(wanted) if wanted else ""


def acting_for(provider: Provider, claims: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """Organisation number and role, for each right that both the claim and our settings name."""
    details = claims.get("authorization_details")
    found = set()
    for entry in details if isinstance(details, list) else ():
        if not isinstance(entry, dict) or entry.get("type") != TYPE:
            continue
        resource = entry.get("resource")
        role = provider.resources.get(resource) if isinstance(resource, str) else None
        parties = entry.get("authorized_parties")
        for party in parties if role and isinstance(parties, list) else ():
            if number := _number(party, str(resource)):
                found.add((number, str(role)))
    return frozenset(found)


def _number(party: Any, resource: str) -> str:
    """The organisation number of one party, where it is written as it should be and belongs to this right."""
    if not isinstance(party, dict) or not isinstance(party.get("orgno"), dict):
        return ""
    if party.get("resource", resource) not in (resource, resource.rpartition(":")[2]):
        return ""
    match = ORGANISATION.fullmatch(str(party["orgno"].get("ID")))
    if party["orgno"].get("authority") != AUTHORITY or match is None or not orgnr.is_valid(match[1]):
        return ""
    return match[1]
