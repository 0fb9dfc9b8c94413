"""Which identity providers people may sign in with, chosen by environment variables. Known names, nothing guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ROLES_FROM_OUTSIDE = frozenset({"editor", "signatory", "accountant"})


class BadSettings(ValueError):
    """The settings of a provider do not hang together; the message says which and how to mend it."""


@dataclass(frozen=True)
class Provider:
    """An identity provider and what we demand of it.

    `acr` are the levels of assurance that are good enough, the lowest first. `resources` are the rights in Altinn that
    give a role in the organisation that the person chose to act for.
    """

    code: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    acr: tuple[str, ...] = ()
    scope: str = "openid"
    resources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What we know beforehand of a provider."""

    code: str
    prefix: str
    acr: str = ""
    scope: str = "openid"


KNOWN = (
    # The level of assurance is a claim to check, not only one to ask for: docs.digdir.no, "id_token from ID-porten".
    Known("idporten", "TILSKUDD_IDPORTEN", acr="idporten-loa-substantial,idporten-loa-high"),
    # Ansattporten names the same levels otherwise, and has a third, `entraid`, that we do not take.
    Known("ansattporten", "TILSKUDD_ANSATTPORTEN", acr="substantial,high"),
    Known("staff", "TILSKUDD_STAFF", scope="openid profile"),
)


def providers_from(environment: Mapping[str, str], *, https_only: bool) -> tuple[Provider, ...]:
    """The providers that the environment names. Half a configuration is refused at once."""
    return tuple(
        _provider(known, environment, https_only) for known in KNOWN if environment.get(f"{known.prefix}_ISSUER")
    )


def is_safe(address: str, *, https_only: bool = False) -> bool:
    """Is this an https address? On this machine itself, http will do, where the settings allow it."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in LOOPBACK and not https_only


def _provider(known: Known, environment: Mapping[str, str], https_only: bool) -> Provider:
    values = {}
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        values[name] = environment.get(f"{known.prefix}_{name}", "")
        if not values[name]:
            raise BadSettings(f"{known.prefix}_{name} is missing: it belongs to {known.prefix}_ISSUER.")
    if not is_safe(values["ISSUER"], https_only=https_only) or len(values["ISSUER"]) > 200:
        raise BadSettings(f"{known.prefix}_ISSUER must be an https address of at most 200 characters.")
    return Provider(
        code=known.code,
        issuer=values["ISSUER"],
        client_id=values["CLIENT_ID"],
        client_secret=values["CLIENT_SECRET"],
        acr=tuple(_listed(environment.get(f"{known.prefix}_ACR") or known.acr)),
        scope=known.scope,
        resources=_resources(f"{known.prefix}_RESOURCES", environment) if known.code == "ansattporten" else {},
    )


def _resources(name: str, environment: Mapping[str, str]) -> dict[str, str]:
    """«urn:altinn:resource:x=signatory,urn:altinn:resource:y=editor» as a table."""
    found = {}
    for entry in _listed(environment.get(name, "")):
        resource, _equals, role = (part.strip() for part in entry.rpartition("="))
        if not resource or role not in ROLES_FROM_OUTSIDE:
            raise BadSettings(f'{name}: "{entry}" is not RESOURCE=ROLE with editor, signatory or accountant as role.')
        found[resource] = role
    if not found:
        raise BadSettings(f"{name} is missing: it says which right in Altinn gives which role.")
    return found


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
