"""Signing in with a provider in a real browser: out, back, and out again, within the policy of our pages."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.identity import metadata
from grants.identity.providers import Provider
from grants.models import User
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.register import make_user
from tests.identity_server import CLIENT, SECRET, IdentityServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server(settings: Any, live_server: Any) -> Iterator[IdentityServer]:
    found = IdentityServer()
    of = {"issuer": found.issuer, "client_id": CLIENT, "client_secret": SECRET}
    settings.IDENTITY_PROVIDERS = tuple(Provider(code, **of) for code in ("idporten", "ansattporten", "staff"))
    found.redirect_uris.add(live_server.url + reverse("sign_in_callback", kwargs={"provider": "idporten"}))
    metadata.forget()
    yield found
    metadata.forget()
    found.stop()


def cookie_of(user: User, address: str) -> dict[str, Any]:
    """A session of somebody who has no role, and so can't be chosen on the demo's page."""
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address.split("/sign-in/")[0]}


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_new_signs_in_is_welcomed_and_signs_out_at_both_places(
    javascript: bool, open_page: Open, server: IdentityServer
):
    page = open_page(reverse("sign_in"), width=390, javascript=javascript)

    page.get_by_role("link", name="Logg inn med ID-porten").click()
    assert page.locator("h1").inner_text() == "Din bruker"
    assert page.get_by_text("har ikke fått noen rolle ennå").is_visible()
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url(f"{server.issuer}/end?**")

    assert page.locator("h1").inner_text() == "Signed out at the provider"
    assert page.complaints == []  # type: ignore[attr-defined]
    open_page(reverse("account"), page=page, javascript=javascript)
    assert page.locator("h1").inner_text() == "Logg inn"


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_ways_to_sign_in_and_what_fails_are_accessible(width: int, open_page: Open, server: IdentityServer):
    page = open_page(reverse("sign_in"), width=width)
    assert (faults(page), sideways(page)) == ([], 0)

    server.answers = {"/.well-known/openid-configuration": (500, "")}
    page.get_by_role("link", name="Logg inn som ansatt").click()
    assert page.locator("h1").inner_text() == "Du er ikke logget inn"
    assert page.title().startswith("Feil: ")
    assert (faults(page), sideways(page)) == ([], 0)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_an_invitation_goes_from_hand_to_hand(width: int, open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), width=width), "anne.vik")
    open_page(reverse("our_people"), page=page)
    page.get_by_role("button", name="Lag invitasjon").click()
    assert page.title().startswith("Feil: ")
    assert (faults(page), sideways(page)) == ([], 0)
    page.get_by_label("Navn på den som inviteres").fill("Per Ås")
    page.get_by_role("button", name="Lag invitasjon").click()
    code = page.locator(".app-code__text").inner_text()
    assert (faults(page), sideways(page)) == ([], 0)

    other = open_page(reverse("sign_in"), width=width)
    other.context.add_cookies([cookie_of(make_user("per.aas"), other.url)])
    open_page(reverse("account"), page=other)
    assert (faults(other), sideways(other)) == ([], 0)
    other.get_by_label("Kode").fill("WRONG")
    other.get_by_role("button", name="Ta imot invitasjonen").click()
    assert (faults(other), sideways(other)) == ([], 0)
    other.get_by_label("Kode").fill(code)
    other.get_by_role("button", name="Ta imot invitasjonen").click()
    assert other.get_by_text("Du kan nå representere Halden kommune.").is_visible()
    assert (faults(other), sideways(other)) == ([], 0)
