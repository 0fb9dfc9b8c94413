"""The authorization code flow: send the person to the provider, and read what comes back. No page, no database."""

import hmac
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.oauth2.client import OAuth2Client

from grants.identity.acting_for import acting_for, asked_for
from grants.identity.id_token import read_id_token
from grants.identity.metadata import client, metadata_of
from grants.identity.providers import Provider
from grants.identity.refusals import ProviderTrouble, SignInRefused

ATTEMPT_SECONDS = 600
LONGEST_NAME = 200


@dataclass(frozen=True)
class Attempt:
    """What is kept in the session between going out and coming back; it is used once."""

    provider: str
    state: str
    nonce: str
    verifier: str
    going_to: str
    begun_at: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_fresh(self) -> bool:
        return 0 <= time.time() - self.begun_at <= ATTEMPT_SECONDS


@dataclass(frozen=True)
class Identity:
    """A person as the provider knows them. Never an e-mail, and never a national identity number."""

    provider: str
    issuer: str
    subject: str
    name: str
    acting_for: frozenset[tuple[str, str]]
    id_token: str


def begin(provider: Provider, *, redirect_uri: str, going_to: str) -> tuple[str, Attempt]:
    """The address at the provider, and the attempt to keep until the person is back."""
    attempt = Attempt(
        provider=provider.code,
        state=generate_token(48),
        nonce=generate_token(48),
        verifier=generate_token(64),
        going_to=going_to,
        begun_at=int(time.time()),
    )
    wanted = {"acr_values": provider.acr[0] if provider.acr else "", "authorization_details": asked_for(provider)}
    with client() as http:
        address, _state = _oauth(provider, http, redirect_uri).create_authorization_url(
            metadata_of(provider).authorization_endpoint,
            state=attempt.state,
            code_verifier=attempt.verifier,
            nonce=attempt.nonce,
            **{name: value for name, value in wanted.items() if value},
        )
    return str(address), attempt


def finish(provider: Provider, attempt: Attempt, answer: Mapping[str, str], *, redirect_uri: str) -> Identity:
    """Who the person is, when all that came back holds; otherwise a refusal."""
    if attempt.provider != provider.code or not attempt.is_fresh:
        raise SignInRefused(f"{provider.code}: the attempt is too old, or was made for another provider.")
    if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise SignInRefused(f"{provider.code}: the state is not the one we sent.")
    # RFC 9207: a provider that says who it is must be the one we went to.
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise SignInRefused(f"{provider.code}: another issuer answers.")
    if answer.get("error") or not answer.get("code"):
        raise SignInRefused(f"{provider.code}: no code came back: {answer.get('error', '')[:80]!r}.")
    tokens = _tokens(provider, answer["code"], attempt, redirect_uri)
    id_token = tokens.get("id_token")
    if not isinstance(id_token, str):
        raise ProviderTrouble(f"{provider.code}: the answer has no id token.")
    access_token = tokens.get("access_token")
    claims = read_id_token(
        id_token, provider, nonce=attempt.nonce, access_token=access_token if isinstance(access_token, str) else ""
    )
    return Identity(
        provider=provider.code,
        issuer=provider.issuer,
        subject=claims["sub"],
        name=_name(claims.get("name")),
        acting_for=acting_for(provider, claims),
        id_token=id_token,
    )


def end_session_address(provider: Provider, *, id_token: str, back_to: str) -> str:
    """Where the person signs out at the provider too. Empty where there is no such place, or it can't be reached."""
    try:
        endpoint = metadata_of(provider).end_session_endpoint
    except ProviderTrouble:
        return ""
    if not endpoint:
        return ""
    asked = {"id_token_hint": id_token, "client_id": provider.client_id, "post_logout_redirect_uri": back_to}
    return endpoint + ("&" if "?" in endpoint else "?") + urlencode(asked)


def _oauth(provider: Provider, http: httpx.Client, redirect_uri: str) -> OAuth2Client:
    return OAuth2Client(
        session=http,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        scope=provider.scope,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )


def _tokens(provider: Provider, code: str, attempt: Attempt, redirect_uri: str) -> dict[str, Any]:
    """Change the code into tokens, with our secret and the verifier that only we know."""
    try:
        with client() as http:
            found = _oauth(provider, http, redirect_uri).fetch_token(
                metadata_of(provider).token_endpoint,
                grant_type="authorization_code",
                code=code,
                redirect_uri=redirect_uri,
                code_verifier=attempt.verifier,
                auth=httpx.BasicAuth(provider.client_id, provider.client_secret),
            )
    except AuthlibBaseError as error:
        raise SignInRefused(f"{provider.code}: the code is refused: {error!r}.") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError) as error:
        raise ProviderTrouble(f"{provider.code}: the token endpoint does not answer: {error!r}.") from error
    return dict(found)


def _name(value: Any) -> str:
    """The name, where the provider gives one that can be shown."""
    return value.strip()[:LONGEST_NAME] if isinstance(value, str) and value.isprintable() else ""
