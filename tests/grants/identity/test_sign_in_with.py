"""Signing in with a provider: who one becomes, whom one may act for, and what happens when the provider fails."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from grants.identity import metadata
from grants.identity.providers import BadSettings, providers_from
from grants.models import AuditEvent, Membership, Organisation, Role, User
from grants.services.change_roles import close_user, give_role
from tests.factories.cases import municipality
from tests.factories.register import make_user
from tests.grants.identity.conftest import SignIn, go_out, is_signed_in
from tests.identity_server import IdentityServer

pytestmark = pytest.mark.django_db
HALDEN = "810000007"
SIGN, WRITE = "urn:altinn:resource:imdi-sign", "urn:altinn:resource:imdi-write"


@pytest.fixture
def halden() -> Organisation:
    organisation = municipality("0101")
    organisation.orgnr = HALDEN
    organisation.save()
    return organisation


def details(resource: str, *numbers: str, **changes: Any) -> dict[str, Any]:
    """What Ansattporten writes of whom somebody may act for."""
    parties = [
        {
            "orgno": {"authority": "iso6523-actorid-upis", "ID": f"0192:{number}"},
            "resource": resource.rpartition(":")[2],
            "unit_type": "KOMM",
        }
        for number in numbers
    ]
    usual = {"type": "ansattporten:altinn:resource", "resource": resource, "authorized_parties": parties}
    return usual | changes


def acting(server: IdentityServer, *entries: Any) -> None:
    server.person = {"sub": "person-1", "acr": "high", "authorization_details": list(entries)}


def held(user: User) -> set[tuple[str, str]]:
    return set(user.memberships.values_list("organisation__orgnr", "role"))


# --- Who one becomes --------------------------------------------------------------------------------------------------


def test_somebody_new_becomes_a_user_without_roles_and_is_told_who_can_give_one(
    server: IdentityServer, sign_in: SignIn
):
    client = Client()

    answer = sign_in(client, going_to=reverse("runs"))

    user = User.objects.get()
    assert (user.issuer, user.subject) == (server.issuer, "person-1")
    assert not user.directorate_roles.exists() and not user.memberships.exists()
    assert answer.url == reverse("account")
    page = client.get(answer.url).content.decode()
    assert "har ikke fått noen rolle ennå" in page
    assert user.username in page
    assert client.get(reverse("runs")).status_code == 404
    assert client.post(reverse("sign_out")).status_code == 200


def test_the_same_person_is_the_same_user_whatever_their_address_and_name(server: IdentityServer, sign_in: SignIn):
    server.person |= {"email": "a@example.no", "name": "Anna"}
    sign_in(Client())
    server.person |= {"email": "b@example.no", "name": "Anna Nilsen"}
    sign_in(Client())

    assert User.objects.get().name == "Anna Nilsen"


def test_the_same_address_of_another_person_is_another_user(server: IdentityServer, sign_in: SignIn):
    server.person |= {"email": "a@example.no"}
    sign_in(Client())
    server.person |= {"sub": "person-2"}
    sign_in(Client())

    assert User.objects.count() == 2


def test_a_demo_user_of_the_same_name_is_not_taken_over(server: IdentityServer, sign_in: SignIn):
    make_user("person-1", Role.ADMINISTRATOR)

    sign_in(Client())

    assert User.objects.filter(issuer=server.issuer).get().directorate_roles.count() == 0


def test_no_national_identity_number_is_kept_in_the_clear(server: IdentityServer, sign_in: SignIn):
    server.person |= {"pid": "20914695016"}
    client = Client()
    sign_in(client)
    id_token = server.signed(server.person)

    kept = json.dumps(client.session._session) + json.dumps(list(AuditEvent.objects.values("details", "subject")))

    assert "20914695016" not in kept
    assert id_token.split(".")[0] not in kept, "the token is encrypted"
    assert len(client.session["signed_in_with"]["id_token"]) > 300, "and it is there"


def test_somebody_with_a_role_comes_to_the_page_they_asked_for(server: IdentityServer, sign_in: SignIn):
    make_user("kari", Role.FINANCE)
    User.objects.update(issuer=server.issuer, subject="person-1")
    client = Client()

    assert sign_in(client, "staff", going_to=reverse("runs")).url == reverse("runs")
    assert client.get(reverse("runs")).status_code == 200


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\x"]
)
def test_nobody_is_sent_elsewhere(address: str, server: IdentityServer, sign_in: SignIn):
    make_user("kari", Role.FINANCE)
    User.objects.update(issuer=server.issuer, subject="person-1")

    assert sign_in(Client(), "staff", going_to=address).url == reverse("front_page")


def test_a_closed_user_is_not_let_in(server: IdentityServer, sign_in: SignIn):
    sign_in(Client())
    close_user(User.objects.get(), by=make_user("liv", Role.ADMINISTRATOR))
    client = Client()

    answer = sign_in(client)

    assert answer.status_code == 400
    assert "Brukeren din er stengt" in answer.content.decode()
    assert not is_signed_in(client)


def test_somebody_of_a_provider_is_not_chosen_from_the_list_of_the_demo(
    server: IdentityServer, sign_in: SignIn, settings: Any
):
    settings.DEMO = True
    sign_in(Client())
    user = User.objects.get()
    give_role(user, Role.FINANCE, by=make_user("liv", Role.ADMINISTRATOR))
    client = Client()

    assert user.username not in client.get(reverse("sign_in")).content.decode()
    assert client.post(reverse("sign_in"), {"username": user.username}).status_code == 404
    assert client.post(reverse("sign_in"), {"username": "liv"}).status_code == 302


# --- What is asked of the provider ------------------------------------------------------------------------------------


def test_the_provider_is_asked_for_the_level_and_with_pkce(server: IdentityServer):
    asked = parse_qs(urlsplit(go_out(Client())).query)

    assert asked["acr_values"] == ["idporten-loa-substantial"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["scope"] == ["openid"]
    assert len(asked["state"][0]) >= 43 and len(asked["nonce"][0]) >= 43
    assert "authorization_details" not in asked


def test_ansattporten_is_asked_whom_the_person_acts_for(server: IdentityServer):
    asked = parse_qs(urlsplit(go_out(Client(), "ansattporten")).query)

    assert [one["resource"] for one in json.loads(asked["authorization_details"][0])] == [SIGN, WRITE]
    assert asked["acr_values"] == ["substantial"]


def test_a_provider_that_is_not_set_up_is_not_found(server: IdentityServer):
    assert Client().get(reverse("sign_in_with", kwargs={"provider": "elsewhere"})).status_code == 404
    assert Client().get(reverse("sign_in_callback", kwargs={"provider": "elsewhere"})).status_code == 404


# --- Acting for an organisation ---------------------------------------------------------------------------------------


def test_rights_in_altinn_become_memberships(server: IdentityServer, sign_in: SignIn, halden: Organisation):
    acting(server, details(SIGN, HALDEN), details(WRITE, HALDEN))
    client = Client()

    sign_in(client, "ansattporten")

    assert held(User.objects.get()) == {(HALDEN, "signatory"), (HALDEN, "editor")}
    assert client.get(reverse("our_people")).status_code == 200
    event = AuditEvent.objects.get(verb="refresh_memberships")
    assert event.details["given"] == [[str(halden.pk), "editor"], [str(halden.pk), "signatory"]]


def test_what_is_taken_away_in_altinn_is_taken_away_at_the_next_sign_in(
    server: IdentityServer, sign_in: SignIn, halden: Organisation
):
    acting(server, details(SIGN, HALDEN), details(WRITE, HALDEN))
    sign_in(Client(), "ansattporten")
    acting(server, details(WRITE, HALDEN))
    sign_in(Client(), "ansattporten")
    assert held(User.objects.get()) == {(HALDEN, "editor")}

    acting(server)
    sign_in(Client(), "ansattporten")

    assert held(User.objects.get()) == set()
    assert AuditEvent.objects.filter(verb="refresh_memberships").latest("pk").details["taken"] == [
        [str(halden.pk), "editor"]
    ]


def test_what_somebody_else_gave_is_not_taken_away_by_a_sign_in(
    server: IdentityServer, sign_in: SignIn, halden: Organisation
):
    acting(server)
    sign_in(Client(), "ansattporten")
    Membership.objects.create(user=User.objects.get(), organisation=halden, role=Role.EDITOR)

    sign_in(Client(), "ansattporten")

    assert held(User.objects.get()) == {(HALDEN, "editor")}


FALSE_DETAILS = {
    "another type": details(SIGN, HALDEN, type="ansattporten:entra"),
    "a right that gives nothing here": details("urn:altinn:resource:other", HALDEN),
    "a party of another right": details(
        SIGN,
        authorized_parties=[
            {"orgno": {"authority": "iso6523-actorid-upis", "ID": f"0192:{HALDEN}"}, "resource": "other"}
        ],
    ),
    "another authority": details(SIGN, authorized_parties=[{"orgno": {"authority": "x", "ID": f"0192:{HALDEN}"}}]),
    "another country": details(
        SIGN, authorized_parties=[{"orgno": {"authority": "iso6523-actorid-upis", "ID": f"0007:{HALDEN}"}}]
    ),
    "a number with a slip in it": details(SIGN, "810000008"),
    "an organisation we do not know": details(SIGN, "974760673"),
    "parties that are no list": details(SIGN, authorized_parties={"orgno": HALDEN}),
    "a party that is no object": details(SIGN, authorized_parties=[HALDEN, None, 7]),
    "an entry that is no object": HALDEN,
    "a resource that is a list": details(SIGN, HALDEN) | {"resource": [SIGN]},
}


@pytest.mark.parametrize("entry", FALSE_DETAILS.values(), ids=FALSE_DETAILS.keys())
def test_a_right_that_is_written_otherwise_gives_nothing(
    entry: Any, server: IdentityServer, sign_in: SignIn, halden: Organisation
):
    acting(server, entry)
    sign_in(Client(), "ansattporten")
    assert held(User.objects.get()) == set()

    acting(server, entry, details(SIGN, HALDEN))
    sign_in(Client(), "ansattporten")
    assert held(User.objects.get()) == {(HALDEN, "signatory")}


def test_rights_that_idporten_claims_give_nothing(server: IdentityServer, sign_in: SignIn, halden: Organisation):
    server.person |= {"authorization_details": [details(SIGN, HALDEN)]}

    sign_in(Client(), "idporten")

    assert held(User.objects.get()) == set()


def test_an_organisation_that_we_do_not_know_is_written_down(server: IdentityServer, sign_in: SignIn):
    acting(server, details(SIGN, "974760673"))

    sign_in(Client(), "ansattporten")

    event = AuditEvent.objects.get(verb="refresh_memberships")
    assert event.details["unknown_organisations"] == ["974760673"]


# --- When the provider fails ------------------------------------------------------------------------------------------

NONSENSE = {
    "no answer": (500, ""),
    "no such page": (404, "nothing"),
    "html": (200, "<h1>Vedlikehold</h1>"),
    "a list": (200, "[]"),
    "null": (200, "null"),
    "an empty object": (200, "{}"),
    "another issuer": (200, '{"issuer": "https://elsewhere.example"}'),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE.keys())
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_provider_that_answers_nonsense_gives_a_plain_page(
    path: str, answer: tuple[int, str], server: IdentityServer, sign_in: SignIn
):
    server.answers = {path: answer}
    client = Client()
    if path == "/.well-known/openid-configuration":
        failed = client.get(reverse("sign_in_with", kwargs={"provider": "idporten"}))
    else:
        failed = sign_in(client)

    assert failed.status_code == 503
    assert "svarer ikke slik den skal" in failed.content.decode()
    assert not is_signed_in(client)


def test_a_provider_with_an_unsafe_address_is_not_used(server: IdentityServer):
    said = server.metadata() | {"token_endpoint": "http://elsewhere.example/token"}
    server.answers = {"/.well-known/openid-configuration": (200, json.dumps(said))}

    assert Client().get(reverse("sign_in_with", kwargs={"provider": "idporten"})).status_code == 503


def test_a_provider_that_is_down_gives_a_plain_page(server: IdentityServer):
    server.stop()

    answer = Client().get(reverse("sign_in_with", kwargs={"provider": "idporten"}))

    assert answer.status_code == 503


def test_a_provider_that_goes_down_meanwhile_does_not_stop_the_sign_out(server: IdentityServer, sign_in: SignIn):
    client = Client()
    sign_in(client)
    server.stop()
    metadata.forget()

    assert client.post(reverse("sign_out")).url == reverse("sign_in")  # type: ignore[attr-defined]
    assert not is_signed_in(client)


def test_somebody_who_cancels_is_told_so(server: IdentityServer):
    client = Client()
    state = parse_qs(urlsplit(go_out(client)).query)["state"][0]

    answer = client.get("/sign-in/idporten/callback/", {"error": "access_denied", "state": state})

    assert "avbrutt" in answer.content.decode()


# --- Sessions ---------------------------------------------------------------------------------------------------------


def test_signing_in_gives_a_new_session_and_leaves_nothing_of_the_old_one(server: IdentityServer, sign_in: SignIn):
    client = Client()
    go_out(client)
    before = client.session.session_key

    sign_in(client)

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_in_again_gives_a_new_session_too(server: IdentityServer, sign_in: SignIn):
    client = Client()
    sign_in(client)
    before = client.session.session_key

    sign_in(client)

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_ends_the_session_here_and_then_there(server: IdentityServer, sign_in: SignIn):
    client = Client()
    sign_in(client)
    key = client.session.session_key

    answer = client.post(reverse("sign_out"))

    assert not Session.objects.filter(session_key=key).exists()
    address = urlsplit(answer.headers["Refresh"].removeprefix("0; url="))
    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{server.issuer}/end"
    assert asked["post_logout_redirect_uri"] == ["http://testserver/sign-in/"]
    assert asked["id_token_hint"][0].count(".") == 2
    assert "no-store" in answer.headers["Cache-Control"], "the token in the link is kept by no cache"
    assert "Folk hos dere" not in answer.content.decode(), "the menu is that of somebody who is signed out"


def test_the_sign_in_page_offers_the_providers_and_keeps_where_one_is_going(server: IdentityServer):
    page = Client().get(reverse("sign_in"), {"next": "/calls/?x=1&y=2"}).content.decode()

    assert "/sign-in/idporten/?next=%2Fcalls%2F%3Fx%3D1%26y%3D2" in page
    assert "Logg inn med Ansattporten" in page
    assert "Logg inn som ansatt" in page


# --- Settings ---------------------------------------------------------------------------------------------------------

GOOD = {
    "TILSKUDD_ANSATTPORTEN_ISSUER": "https://ansattporten.example",
    "TILSKUDD_ANSATTPORTEN_CLIENT_ID": "x",
    "TILSKUDD_ANSATTPORTEN_CLIENT_SECRET": "y",
    "TILSKUDD_ANSATTPORTEN_RESOURCES": f"{SIGN}=signatory, {WRITE}=editor",
}


def test_the_environment_names_the_providers():
    [provider] = providers_from(GOOD, https_only=True)

    assert provider.code == "ansattporten"
    assert provider.resources == {SIGN: "signatory", WRITE: "editor"}
    assert provider.acr == ("substantial", "high")
    assert "client_secret" not in repr(provider)
    assert providers_from({}, https_only=True) == ()


def test_an_empty_list_of_levels_is_no_way_to_take_any_level():
    [provider] = providers_from(GOOD | {"TILSKUDD_ANSATTPORTEN_ACR": ""}, https_only=True)

    assert provider.acr == ("substantial", "high")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TILSKUDD_ANSATTPORTEN_CLIENT_SECRET", ""),
        ("TILSKUDD_ANSATTPORTEN_CLIENT_ID", ""),
        ("TILSKUDD_ANSATTPORTEN_ISSUER", "http://ansattporten.example"),
        ("TILSKUDD_ANSATTPORTEN_ISSUER", "http://127.0.0.1:8000"),
        ("TILSKUDD_ANSATTPORTEN_RESOURCES", ""),
        ("TILSKUDD_ANSATTPORTEN_RESOURCES", f"{SIGN}=administrator"),
        ("TILSKUDD_ANSATTPORTEN_RESOURCES", SIGN),
    ],
)
def test_half_a_configuration_is_refused(name: str, value: str):
    with pytest.raises(BadSettings, match=name):
        providers_from(GOOD | {name: value}, https_only=True)
