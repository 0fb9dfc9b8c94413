"""Read an id token: who signed it, for whom, when, in answer to what, and how surely the person is known."""

import time
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import GuestProtocol, KeySet

from grants.identity.metadata import keys_of
from grants.identity.providers import Provider
from grants.identity.refusals import SignInRefused

# Signatures only, and none of them with a shared secret: a public key is no secret.
ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY_SECONDS = 10
LONGEST_SUBJECT = 200


class OurIDToken(CodeIDToken):  # type: ignore[misc]
    """Authlib's checks, but for `amr`, which we do not use and ID-porten may write as one word."""

    def validate_amr(self) -> None:
        """Nothing is decided by it."""


def read_id_token(text: str, provider: Provider, *, nonce: str, access_token: str = "") -> dict[str, Any]:
    """The claims of a token that is genuine, fresh and meant for us; any doubt refuses the sign-in."""
    try:
        token = jwt.decode(text, lambda signed: _keys_for(signed, provider), algorithms=ALGORITHMS)
        claims = OurIDToken(
            token.claims,
            token.header,
            options=_options(provider, nonce),
            params={"nonce": nonce, "client_id": provider.client_id, "access_token": access_token},
        )
        claims.validate(now=int(time.time()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError) as error:
        raise SignInRefused(f"{provider.code}: the id token is refused: {error!r}.") from error
    return dict(claims)


def _options(provider: Provider, nonce: str) -> dict[str, Any]:
    """What each claim must be. A claim that is essential and missing refuses the token."""
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "sub": {"essential": True, "validate": _is_a_subject},
        "aud": {"essential": True, "value": provider.client_id},
        "azp": {"value": provider.client_id},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    } | ({"acr": {"essential": True, "values": list(provider.acr), "validate": _is_text}} if provider.acr else {})


def _is_a_subject(_claims: Any, value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and len(value) <= LONGEST_SUBJECT


def _is_text(_claims: Any, value: Any) -> bool:
    return isinstance(value, str)


def _keys_for(signed: GuestProtocol, provider: Provider) -> KeySet:
    """The provider's keys, among them the one that the token names. One not seen before makes us look once more."""
    kid = signed.headers().get("kid")
    if not isinstance(kid, str):
        raise InvalidKeyIdError("The id token does not name its key.")
    keys = keys_of(provider)
    return keys if any(key.kid == kid for key in keys) else keys_of(provider, look_again=True)
