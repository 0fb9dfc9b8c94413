"""A provider that runs, a client that signs in with it, and nothing remembered between tests."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from grants.identity import metadata
from grants.identity.providers import Provider
from tests.identity_server import CLIENT, SECRET, IdentityServer

LEVELS = ("idporten-loa-substantial", "idporten-loa-high")
RESOURCES = {"urn:altinn:resource:imdi-sign": "signatory", "urn:altinn:resource:imdi-write": "editor"}
SignIn = Callable[..., Any]


@pytest.fixture
def server(settings: Any) -> Iterator[IdentityServer]:
    """One provider in three parts, as the settings would name them."""
    found = IdentityServer()
    of = {"issuer": found.issuer, "client_id": CLIENT, "client_secret": SECRET}
    settings.IDENTITY_PROVIDERS = (
        Provider("idporten", **of, acr=LEVELS),
        Provider("ansattporten", **of, acr=("substantial", "high"), resources=RESOURCES),
        Provider("staff", **of, scope="openid profile"),
    )
    for provider in settings.IDENTITY_PROVIDERS:
        path = reverse("sign_in_callback", kwargs={"provider": provider.code})
        found.redirect_uris.add(f"http://testserver{path}")
    metadata.forget()
    yield found
    metadata.forget()
    if found.thread.is_alive():
        found.stop()


def go_out(client: Client, provider: str = "idporten", going_to: str = "") -> str:
    """Begin to sign in: the address at the provider that the browser is sent to."""
    address = reverse("sign_in_with", kwargs={"provider": provider})
    answer = client.get(address, {"next": going_to} if going_to else {})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)  # type: ignore[attr-defined]


def at_the_provider(address: str) -> str:
    """Let the browser go there; the address back that the provider answers with."""
    answer = httpx.get(address, follow_redirects=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix("http://testserver")


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def sign_in() -> SignIn:
    """The whole road, there and back."""

    def signed_in(client: Client, provider: str = "idporten", going_to: str = "") -> Any:
        return client.get(at_the_provider(go_out(client, provider, going_to)))

    return signed_in
