"""The pages for people: one's own, the administrator's, and the one of those who sign for an organisation."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from grants.models import MemberInvitation, Membership, Organisation, Role, User
from tests.factories.cases import member, municipality, signatory
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db
NUMBER = "810000007"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def liv() -> Client:
    """The administrator's browser."""
    return signed_in(make_user("liv", Role.ADMINISTRATOR))


@pytest.fixture
def halden() -> Organisation:
    organisation = municipality()
    organisation.orgnr = NUMBER
    organisation.save()
    return organisation


def code_in(page: str) -> str:
    [code] = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page)
    return str(code)


# --- The administrator ------------------------------------------------------------------------------------------------


def test_people_are_found_by_name_and_shown_with_what_they_may_do(liv: Client):
    make_user("kari", Role.FINANCE)
    member(Role.EDITOR)

    page = liv.get(reverse("users")).content.decode()
    assert "Økonomi" in page and "Redaktør for Halden kommune" in page

    page = liv.get(reverse("users"), {"search": "KAR"}).content.decode()
    assert "kari" in page and "erik" not in page
    assert liv.get(reverse("users"), {"search": "\0%'"}).status_code == 200


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    liv: Client, django_assert_max_num_queries: DjangoAssertNumQueries
):
    liv.get(reverse("users"))
    for number in range(20):
        member(Role.EDITOR, username=f"user-{number}")
    with django_assert_max_num_queries(9):
        liv.get(reverse("users"))


def test_a_role_is_given_and_taken_on_the_page(liv: Client):
    kari = make_user("kari")
    address = reverse("user", kwargs={"pk": kari.pk})

    assert liv.post(address, {"do": "give_role", "role": "finance"}).url == address  # type: ignore[attr-defined]
    assert kari.has_directorate_role(Role.FINANCE)
    assert "Fikk rolle: Økonomi" in liv.get(address).content.decode()
    liv.post(address, {"do": "take_role", "role": "finance"})
    assert not kari.has_directorate_role(Role.FINANCE)


def test_a_membership_is_given_and_taken_on_the_page(liv: Client, halden: Organisation):
    nora = make_user("nora")
    address = reverse("user", kwargs={"pk": nora.pk})

    liv.post(address, {"do": "give_membership", "role": "signatory", "orgnr": "810 000 007"})
    membership = nora.memberships.get()
    assert (membership.organisation, membership.role) == (halden, "signatory")
    liv.post(address, {"do": "take_membership", "membership": membership.pk})
    assert not nora.memberships.exists()


def test_a_number_that_nobody_has_is_said_at_the_field(liv: Client):
    address = reverse("user", kwargs={"pk": make_user("nora").pk})

    answer = liv.post(address, {"do": "give_membership", "role": "signatory", "orgnr": "123"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Feil: " in page and "Kontroller de ni sifrene" in page and 'value="123"' in page


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 404),
        ({"do": "make_coffee"}, 404),
        ({"do": "give_role", "role": "king"}, 422),
        ({"do": "give_role"}, 422),
        ({"do": "give_role", "role": "editor"}, 422),
        ({"do": "take_membership", "membership": "9" * 30}, 404),
        ({"do": "take_membership", "membership": "²"}, 404),
        ({"do": "take_membership"}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict[str, str], status: int, liv: Client):
    assert liv.post(reverse("user", kwargs={"pk": make_user("nora").pk}), asked).status_code == status


def test_nobody_takes_somebody_elses_membership_through_another_user(liv: Client):
    erik = member(Role.EDITOR).memberships.get()

    address = reverse("user", kwargs={"pk": make_user("nora").pk})
    assert liv.post(address, {"do": "take_membership", "membership": erik.pk}).status_code == 404
    assert Membership.objects.filter(pk=erik.pk).exists()


def test_ones_own_page_has_no_buttons_and_refuses(liv: Client):
    address = reverse("user", kwargs={"pk": User.objects.get(username="liv").pk})

    assert "Dette er deg" in liv.get(address).content.decode()
    assert "Gi rollen" not in liv.get(address).content.decode()
    assert liv.post(address, {"do": "give_role", "role": "finance"}).status_code == 409


def test_the_auditor_looks_and_changes_nothing():
    per = signed_in(make_user("per", Role.AUDITOR))
    kari = make_user("kari")
    address = reverse("user", kwargs={"pk": kari.pk})

    assert per.get(address).status_code == 200
    assert "Gi rollen" not in per.get(address).content.decode()
    assert per.post(address, {"do": "give_role", "role": "finance"}).status_code == 403
    assert per.post(reverse("users"), {"orgnr": NUMBER}).status_code == 403
    assert not kari.directorate_roles.exists()


def test_the_administrator_invites_the_first_who_signs(liv: Client, halden: Organisation):
    asked = {"orgnr": NUMBER, "name": "Nora Ek", "role": "signatory"}
    code = code_in(liv.post(reverse("users"), asked).content.decode())
    nora = signed_in(make_user("nora"))

    assert nora.post(reverse("account"), {"code": code}).url == reverse("account")  # type: ignore[attr-defined]

    assert nora.get(reverse("our_people")).status_code == 200


# --- Those who sign ---------------------------------------------------------------------------------------------------


def test_an_invitation_from_the_one_who_signs_to_the_first_look(halden: Organisation):
    signe, nora = signed_in(signatory()), signed_in(make_user("nora"))
    asked = {"do": "invite", "organisation": halden.pk, "name": "Nora Ek", "role": "editor"}
    page = signe.post(reverse("our_people"), asked).content.decode()
    code = code_in(page)
    assert "Nora Ek er invitert til Halden kommune" in page
    assert code not in signe.get(reverse("our_people")).content.decode(), "shown once"

    assert nora.get(reverse("our_applications")).status_code == 404
    page = nora.post(reverse("account"), {"code": code}, follow=True).content.decode()

    assert "Du kan nå representere Halden kommune." in page
    assert nora.get(reverse("our_applications")).status_code == 200
    assert "Nora Ek" in signe.get(reverse("our_people")).content.decode()


def test_a_wrong_code_is_said_at_the_field_and_kept_as_typed():
    answer = signed_in(make_user("nora")).post(reverse("account"), {"code": "ABCD"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Koden er ikke gyldig" in page and 'value="ABCD"' in page


def test_another_organisations_people_answer_like_those_that_are_not_there(halden: Organisation):
    erik = member(Role.EDITOR).memberships.get()
    signatory_of_halden = signed_in(signatory())
    asked = {"do": "invite", "organisation": halden.pk, "name": "Nora Ek", "role": "editor"}
    signatory_of_halden.post(reverse("our_people"), asked)
    invitation = MemberInvitation.objects.get()
    stranger = signed_in(signatory(municipality("0104"), "stranger"))

    for foreign in (
        {"do": "remove", "membership": erik.pk},
        {"do": "withdraw", "invitation": invitation.pk},
        asked,
        {"do": "remove", "membership": 987654},
        {"do": "withdraw", "invitation": "nonsense"},
        {"do": "invite", "organisation": "nonsense", "name": "Nora Ek", "role": "editor"},
        {"do": "nothing"},
        {},
    ):
        assert stranger.post(reverse("our_people"), foreign).status_code == 404, foreign
    assert "erik" not in stranger.get(reverse("our_people")).content.decode()
    assert Membership.objects.filter(pk=erik.pk).exists()

    signatory_of_halden.post(reverse("our_people"), {"do": "withdraw", "invitation": invitation.pk})
    signatory_of_halden.post(reverse("our_people"), {"do": "remove", "membership": erik.pk})
    assert not Membership.objects.filter(pk=erik.pk).exists()


def test_a_role_that_one_may_not_give_is_refused(halden: Organisation):
    signe = signed_in(signatory())
    for role in ("signatory", "administrator", "", "x"):
        asked = {"do": "invite", "organisation": halden.pk, "name": "Nora Ek", "role": role}
        assert signe.post(reverse("our_people"), asked).status_code == 422
    assert not MemberInvitation.objects.exists()


def test_html_in_a_name_is_only_text(halden: Organisation):
    signe = signed_in(signatory())
    asked = {"do": "invite", "organisation": halden.pk, "name": "<script>x</script>", "role": "editor"}

    page = signe.post(reverse("our_people"), asked).content.decode()

    assert "<script>x" not in page and "&lt;script&gt;x" in page


# --- One's own page ---------------------------------------------------------------------------------------------------


def test_ones_name_is_changed_where_no_provider_gives_it():
    nora = signed_in(make_user("nora"))

    assert "Navnet er lagret." in nora.post(reverse("account"), {"name": "Nora Ek"}, follow=True).content.decode()
    assert nora.post(reverse("account"), {"name": " "}).status_code == 422
    assert nora.post(reverse("account"), {}).status_code == 422


def test_staff_have_no_field_for_the_name_and_are_refused():
    kari = signed_in(make_user("kari", Role.FINANCE))

    assert "Lagre navnet" not in kari.get(reverse("account")).content.decode()
    assert kari.post(reverse("account"), {"name": "Direktøren"}).status_code == 409
