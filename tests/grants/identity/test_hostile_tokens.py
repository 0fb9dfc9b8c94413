"""Id tokens that somebody else made, or made for something else: none is let in, where the good one is."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from grants.models import User
from tests.grants.identity.conftest import SignIn, at_the_provider, go_out, is_signed_in
from tests.identity_server import Claims, IdentityServer

pytestmark = pytest.mark.django_db
ANOTHER = RSAKey.generate_key(2048)


def changed(**claims: Any) -> Callable[[Claims], None]:
    """The claims with some of them replaced; `None` takes one away."""

    def spoil(good: Claims) -> None:
        good.update(claims)
        for name in [name for name, value in claims.items() if value is None]:
            del good[name]

    return spoil


def later(**seconds: int) -> Callable[[Claims], None]:
    return lambda good: good.update({name: int(time.time()) + value for name, value in seconds.items()})


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


SPOILT: dict[str, Callable[[Claims], None]] = {
    "for another client": changed(aud="another-client"),
    "for many, and the one it was made for is another": changed(aud=["tilskudd", "other"], azp="other"),
    "for many, and nobody says for whom": changed(aud=["tilskudd", "other"]),
    "made for another party": changed(azp="another-client"),
    "no audience": changed(aud=None),
    "another issuer": changed(iss="https://elsewhere.example"),
    "no issuer": changed(iss=None),
    "no nonce": changed(nonce=None),
    "another nonce": changed(nonce="of another sign-in"),
    "a list of nonces": lambda good: good.update(nonce=[good["nonce"]]),
    "expired": later(exp=-60, iat=-180),
    "no expiry": changed(exp=None),
    "an expiry that is no number": changed(exp="tomorrow"),
    "an expiry that never comes": changed(exp=float("nan")),
    "issued in the future": later(iat=120, exp=240),
    "no time of issue": changed(iat=None),
    "not valid yet": later(nbf=120),
    "no subject": changed(sub=None),
    "an empty subject": changed(sub=""),
    "a subject that is no text": changed(sub=17),
    "a subject too long to keep": changed(sub="x" * 300),
    "a subject with a null character": changed(sub="person\0-1"),
    "too low a level": changed(acr="idporten-loa-low"),
    "a level of another kind": changed(acr="entraid"),
    "no level": changed(acr=None),
    "several levels": changed(acr=["idporten-loa-low", "idporten-loa-high"]),
}


def unsigned(server: IdentityServer) -> Callable[[Claims], str]:
    return lambda claims: f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims)}."


def signed_with_the_public_key(server: IdentityServer) -> Callable[[Claims], str]:
    """The public key is known to all; as a shared secret it would let all of them in. Libraries refuse to make this."""

    def sign(claims: Claims) -> str:
        text = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
        digest = hmac.digest(server.key.as_pem(private=False), text.encode(), "sha256")
        return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    return sign


def signed_with_the_client_secret(server: IdentityServer) -> Callable[[Claims], str]:
    return lambda claims: jwt.encode(
        {"alg": "HS256", "kid": "one"}, claims, OctKey.import_key("a secret of the client")
    )


def forged(server: IdentityServer) -> Callable[[Claims], str]:
    another = RSAKey.import_key(ANOTHER.as_dict(private=True) | {"kid": "one"})
    return lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, another)


def unknown_key(server: IdentityServer) -> Callable[[Claims], str]:
    another = RSAKey.import_key(ANOTHER.as_dict(private=True) | {"kid": "two"})
    return lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, another)


def unnamed_key(server: IdentityServer) -> Callable[[Claims], str]:
    return lambda claims: jwt.encode({"alg": "RS256"}, claims, server.key)


def own_key_in_the_header(server: IdentityServer) -> Callable[[Claims], str]:
    header = {"alg": "RS256", "kid": "one", "jwk": ANOTHER.as_dict(private=False)}
    return lambda claims: jwt.encode(header, claims, ANOTHER)


def changed_after_signing(server: IdentityServer) -> Callable[[Claims], str]:
    def sign(claims: Claims) -> str:
        head, _body, tail = server.signed(claims).split(".")
        return f"{head}.{part(claims | {'sub': 'the-director'})}.{tail}"

    return sign


def no_token_at_all(server: IdentityServer) -> Callable[[Claims], str]:
    return lambda claims: "nonsense"


SIGNED = (
    unsigned, signed_with_the_public_key, signed_with_the_client_secret, forged, unknown_key, unnamed_key,
    own_key_in_the_header, changed_after_signing, no_token_at_all,
)  # fmt: skip


def the_good_one_is_let_in(server: IdentityServer, sign_in: SignIn) -> None:
    server.be_good()
    client = Client()
    assert sign_in(client).status_code == 302
    assert is_signed_in(client)


def nobody_is_let_in(server: IdentityServer, sign_in: SignIn) -> None:
    client = Client()
    answer = sign_in(client)
    assert answer.status_code == 400
    assert "Du er ikke logget inn" in answer.content.decode()
    assert not is_signed_in(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_a_token_with_a_false_claim_lets_nobody_in(
    spoil: Callable[[Claims], None], server: IdentityServer, sign_in: SignIn
):
    server.spoil = spoil
    nobody_is_let_in(server, sign_in)
    the_good_one_is_let_in(server, sign_in)


@pytest.mark.parametrize("made", SIGNED, ids=lambda made: made.__name__)
def test_a_token_with_a_false_signature_lets_nobody_in(
    made: Callable[[IdentityServer], Callable[[Claims], str]], server: IdentityServer, sign_in: SignIn
):
    server.sign = made(server)
    nobody_is_let_in(server, sign_in)
    the_good_one_is_let_in(server, sign_in)


def test_an_audience_of_many_is_good_when_it_says_that_we_are_the_one(server: IdentityServer, sign_in: SignIn):
    server.spoil = changed(aud=["tilskudd", "other"], azp="tilskudd")
    client = Client()

    sign_in(client)

    assert is_signed_in(client)


def test_clocks_may_differ_a_little(server: IdentityServer, sign_in: SignIn):
    server.spoil = later(iat=5, nbf=5)
    client = Client()

    sign_in(client)

    assert is_signed_in(client)


def test_a_new_key_of_the_provider_is_fetched_when_a_token_names_it(
    server: IdentityServer, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    the_good_one_is_let_in(server, sign_in)
    monkeypatch.setattr("grants.identity.metadata.KEYS_AT_MOST_EVERY_SECONDS", -1)
    server.key = RSAKey.import_key(ANOTHER.as_dict(private=True) | {"kid": "newer"})
    server.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "newer"}, claims, server.key)
    client = Client()

    sign_in(client)

    assert is_signed_in(client)


# --- The way there and back -------------------------------------------------------------------------------------------


def test_an_answer_is_good_once(server: IdentityServer):
    client = Client()
    back = at_the_provider(go_out(client))
    assert client.get(back).status_code == 302
    client.post("/sign-out/")

    again = client.get(back)

    assert again.status_code == 400
    assert not is_signed_in(client)


def test_a_code_that_has_been_used_lets_nobody_in_with_a_new_state(server: IdentityServer):
    client = Client()
    used = at_the_provider(go_out(client))
    client.get(used)
    client.post("/sign-out/")
    fresh = at_the_provider(go_out(client))

    answer = client.get(fresh.split("?")[0], {"code": parameter(used, "code"), "state": parameter(fresh, "state")})

    assert answer.status_code == 400
    assert not is_signed_in(client)


def test_the_answer_to_another_browser_lets_nobody_in(server: IdentityServer):
    mine, another = Client(), Client()
    go_out(mine)
    back = at_the_provider(go_out(another))

    assert mine.get(back).status_code == 400
    assert not is_signed_in(mine)
    assert another.get(back).status_code == 302
    assert is_signed_in(another)


def test_a_code_stolen_from_another_is_worth_nothing_without_their_verifier(server: IdentityServer):
    victim, thief = Client(), Client()
    stolen = at_the_provider(go_out(victim))
    own = at_the_provider(go_out(thief))

    answer = thief.get(own.split("?")[0], {"code": parameter(stolen, "code"), "state": parameter(own, "state")})

    assert answer.status_code == 400
    assert not is_signed_in(thief)


@pytest.mark.parametrize(
    "asked",
    [{}, {"state": "x"}, {"code": "x"}, {"state": "x", "code": "x"}, {"error": "access_denied"}, {"state": "\0"}],
)
def test_an_answer_to_nothing_lets_nobody_in(asked: dict[str, str], server: IdentityServer):
    client = Client()
    go_out(client)

    assert client.get("/sign-in/idporten/callback/", asked).status_code == 400
    assert not is_signed_in(client)


def test_an_answer_from_another_issuer_lets_nobody_in(server: IdentityServer):
    client = Client()
    back = at_the_provider(go_out(client))

    answer = client.get(back.replace("iss=http", "iss=https"))

    assert answer.status_code == 400
    assert not is_signed_in(client)


def test_an_answer_to_one_provider_is_no_answer_to_another(server: IdentityServer):
    client = Client()
    back = at_the_provider(go_out(client))

    assert client.get(back.replace("/idporten/", "/staff/")).status_code == 400
    assert not is_signed_in(client)


def test_an_answer_that_comes_too_late_lets_nobody_in(server: IdentityServer, monkeypatch: pytest.MonkeyPatch):
    client = Client()
    back = at_the_provider(go_out(client))
    monkeypatch.setattr("grants.identity.code_flow.ATTEMPT_SECONDS", -1)

    assert client.get(back).status_code == 400
    assert not is_signed_in(client)


def test_the_wrong_secret_lets_nobody_in(server: IdentityServer, settings: Any, sign_in: SignIn):
    good = settings.IDENTITY_PROVIDERS
    settings.IDENTITY_PROVIDERS = (replace(good[0], client_secret="guessed"),)
    client = Client()

    assert sign_in(client).status_code == 400
    assert not is_signed_in(client)


def parameter(address: str, name: str) -> str:
    return parse_qs(urlsplit(address).query)[name][0]
