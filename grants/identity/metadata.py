"""What a provider publishes of itself: its addresses and its keys, fetched from the issuer and kept for a while."""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from grants.identity.providers import Provider, is_safe
from grants.identity.refusals import ProviderTrouble

WELL_KNOWN = "/.well-known/openid-configuration"
KEPT_SECONDS = 600
# A token signed with a key we have not seen makes us look again, but not at every token.
KEYS_AT_MOST_EVERY_SECONDS = 5
PATIENCE = httpx.Timeout(5.0)


@dataclass(frozen=True)
class Metadata:
    """The addresses of a provider."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""


_metadata: dict[str, tuple[float, Metadata]] = {}
_keys: dict[str, tuple[float, KeySet]] = {}


def client() -> httpx.Client:
    """The HTTP client for talking to providers: it does not wait for ever, and follows nobody elsewhere."""
    return httpx.Client(timeout=PATIENCE, follow_redirects=False, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates we trust. Reading them takes longer than asking."""
    return httpx.create_ssl_context()


def metadata_of(provider: Provider) -> Metadata:
    """The provider's addresses, by discovery from its issuer."""
    return _kept(_metadata, provider.issuer, KEPT_SECONDS, lambda: _discover(provider))


def keys_of(provider: Provider, *, look_again: bool = False) -> KeySet:
    """The provider's signing keys; `look_again` when a token names a key that we do not have."""
    age = KEYS_AT_MOST_EVERY_SECONDS if look_again else KEPT_SECONDS
    address = metadata_of(provider).jwks_uri
    return _kept(_keys, address, age, lambda: _fetch_keys(address))


def forget() -> None:
    """Forget what is kept, for tests that change what a provider says."""
    _metadata.clear()
    _keys.clear()


def _kept[T](store: dict[str, tuple[float, T]], name: str, seconds: int, fetch: Callable[[], T]) -> T:
    found = store.get(name)
    if found is None or time.monotonic() - found[0] > seconds:
        found = store[name] = (time.monotonic(), fetch())
    return found[1]


def _discover(provider: Provider) -> Metadata:
    said = _json(provider.issuer.rstrip("/") + WELL_KNOWN)
    if said.get("issuer") != provider.issuer:
        raise ProviderTrouble(f"{provider.code} calls itself {said.get('issuer')!r}, not {provider.issuer!r}.")
    addresses = {name: said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if end := said.get("end_session_endpoint"):
        addresses["end_session_endpoint"] = end
    for name, address in addresses.items():
        if not isinstance(address, str) or not is_safe(address, https_only=settings.PRODUCTION):
            raise ProviderTrouble(f"{provider.code}: {name} is not a safe address: {address!r}.")
    return Metadata(**{name: str(address) for name, address in addresses.items()})


def _fetch_keys(address: str) -> KeySet:
    try:
        return KeySet.import_key_set(_json(address))  # type: ignore[arg-type]
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise ProviderTrouble(f"{address} has no keys we can read: {error!r}.") from error


def _json(address: str) -> dict[str, Any]:
    try:
        with client() as http:
            answer = http.get(address, headers={"Accept": "application/json"})
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ProviderTrouble(f"{address} does not answer as it should: {error!r}.") from error
    if not isinstance(found, dict):
        raise ProviderTrouble(f"{address} answers with something else than an object.")
    return found
