"""Who gives whom which role, invitations that are used once, and what the database refuses whoever asks."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.models import AuditEvent, DirectorateRole, MemberInvitation, Membership, Role, User
from grants.services import invite as invitations
from grants.services.change_roles import close_user, give_membership, give_role, open_user, take_membership, take_role
from grants.services.invite import invite, redeem_invitation, remove_member, withdraw_invitation
from grants.services.own_name import change_own_name
from grants.shared.errors import BadInput, ChangedSince, NotAllowed
from tests.factories.cases import member, municipality, signatory
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def liv() -> User:
    """The administrator."""
    return make_user("liv", Role.ADMINISTRATOR)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- Roles ------------------------------------------------------------------------------------------------------------


def test_a_role_that_is_given_works_and_is_written_down(liv: User):
    kari = make_user("kari")

    give_role(kari, Role.FINANCE, by=liv)

    assert kari.has_directorate_role(Role.FINANCE)
    event = AuditEvent.objects.get()
    assert (event.by, event.verb, event.subject, event.details) == (
        liv, "give_role", f"user:{kari.pk}", {"role": "finance"},
    )  # fmt: skip


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ADMINISTRATOR])
def test_nobody_gives_themselves_a_role(role: Role, liv: User):
    with pytest.raises(NotAllowed, match="egne roller"):
        give_role(liv, role, by=liv)
    with pytest.raises(NotAllowed, match="egne roller"):
        take_role(liv, Role.ADMINISTRATOR, by=liv)
    with pytest.raises(NotAllowed, match="egne roller"):
        close_user(liv, by=liv)
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_an_administrator_gives_roles(role: Role):
    by = make_user("by", role) if role in dict(DirectorateRole._meta.get_field("role").choices) else member(role)

    with pytest.raises(NotAllowed):
        give_role(make_user("kari"), Role.FINANCE, by=by)


def test_an_administrator_who_is_closed_gives_nothing(liv: User):
    liv.is_active = False
    liv.save()

    with pytest.raises(NotAllowed):
        give_role(make_user("kari"), Role.FINANCE, by=liv)


def test_a_role_of_an_organisation_is_no_role_in_the_directorate(liv: User):
    with pytest.raises(BadInput):
        give_role(make_user("kari"), Role.SIGNATORY, by=liv)
    organisation = municipality()
    organisation.orgnr = "810000002"
    organisation.save()
    with pytest.raises(BadInput):
        give_membership(make_user("kari"), "810000002", Role.FINANCE, by=liv)
    with pytest.raises(BadInput, match="ni sifrene"):
        give_membership(make_user("kari"), "", Role.EDITOR, by=liv)


CHANGES: dict[str, Any] = {
    "give_role": lambda user, liv: give_role(user, Role.AUDITOR, by=liv),
    "take_role": lambda user, liv: take_role(user, Role.FINANCE, by=liv),
    "close_user": lambda user, liv: close_user(user, by=liv),
    "take_membership": lambda user, liv: take_membership(user.memberships.get(), by=liv),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_roles_ends_the_sessions_of_that_person_at_once_and_of_nobody_else(change: Any, liv: User):
    kari, mona = make_user("kari", Role.FINANCE), make_user("mona", Role.FINANCE)
    Membership.objects.create(user=kari, organisation=municipality(), role=Role.EDITOR)
    hers, at_home, another = signed_in(kari), signed_in(kari), signed_in(mona)
    assert [one.get(reverse("runs")).status_code for one in (hers, at_home, another)] == [200, 200, 200]

    change(kari, liv)

    assert [one.get(reverse("runs")).status_code for one in (hers, at_home, another)] == [302, 302, 200]


def test_giving_what_somebody_has_changes_nothing_and_ends_nothing(liv: User):
    kari = make_user("kari", Role.FINANCE)
    client = signed_in(kari)

    give_role(kari, Role.FINANCE, by=liv)
    take_role(kari, Role.AUDITOR, by=liv)

    assert client.get(reverse("runs")).status_code == 200
    assert AuditEvent.objects.count() == 0


def test_a_user_who_is_opened_again_has_the_roles_from_before(liv: User):
    kari = make_user("kari", Role.FINANCE)
    close_user(kari, by=liv)
    open_user(kari, by=liv)

    assert signed_in(User.objects.get(pk=kari.pk)).get(reverse("runs")).status_code == 200
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["close_user", "open_user"]


def test_what_altinn_says_is_changed_in_altinn(liv: User):
    kari = make_user("kari")
    membership = Membership.objects.create(
        user=kari, organisation=municipality(), role=Role.EDITOR, source=Membership.Source.PROVIDER
    )

    with pytest.raises(NotAllowed, match="Altinn"):
        take_membership(membership, by=liv)


def test_the_name_of_staff_comes_from_the_directorate():
    change_own_name("Nora  Ek", by=make_user("nora"))
    assert User.objects.get(username="nora").name == "Nora Ek"

    with pytest.raises(NotAllowed):
        change_own_name("Direktøren", by=make_user("kari", Role.FINANCE))
    with pytest.raises(BadInput):
        change_own_name(" ", by=make_user("nora"))


# --- Invitations ------------------------------------------------------------------------------------------------------


def test_an_invitation_is_redeemed_by_somebody_without_roles():
    signe, nora = signatory(), make_user("nora")
    invited = invite(municipality(), Role.EDITOR, name="Nora Ek", by=signe)

    membership = redeem_invitation(invited.code.lower().replace("-", " "), by=nora)

    assert (membership.organisation, membership.role, membership.source) == (municipality(), "editor", "invited")
    assert membership.given_by == signe
    assert User.objects.get(pk=nora.pk).name == "Nora Ek"
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["invite", "redeem_invitation"]


def test_the_code_is_kept_nowhere():
    invited = invite(municipality(), Role.EDITOR, name="Nora Ek", by=signatory())

    plain = invited.code.replace("-", "")
    row = MemberInvitation.objects.values().get()
    assert plain not in str(row) and invited.code not in str(row)
    assert plain not in str(AuditEvent.objects.values().get())
    assert len(set(plain)) > 3 and len(plain) == 12


def test_a_code_is_good_once():
    invited = invite(municipality(), Role.EDITOR, name="Nora Ek", by=signatory())
    redeem_invitation(invited.code, by=make_user("nora"))

    with pytest.raises(BadInput):
        redeem_invitation(invited.code, by=make_user("another"))
    assert not make_user("another").memberships.exists()


def test_a_code_is_good_for_seven_days(monkeypatch: pytest.MonkeyPatch):
    first = invite(municipality(), Role.EDITOR, name="Nora Ek", by=signatory())
    second = invite(municipality(), Role.EDITOR, name="Nora Ek", by=signatory())
    later = timezone.now() + timedelta(days=7)

    monkeypatch.setattr(invitations.timezone, "now", lambda: later - timedelta(minutes=1))
    redeem_invitation(first.code, by=make_user("nora"))
    monkeypatch.setattr(invitations.timezone, "now", lambda: later + timedelta(minutes=1))
    with pytest.raises(BadInput):
        redeem_invitation(second.code, by=make_user("another"))


def test_a_code_that_is_withdrawn_is_good_for_nothing():
    signe = signatory()
    invited = invite(municipality(), Role.EDITOR, name="Nora Ek", by=signe)
    withdraw_invitation(invited.invitation, by=signe)

    with pytest.raises(BadInput):
        redeem_invitation(invited.code, by=make_user("nora"))
    with pytest.raises(ChangedSince):
        withdraw_invitation(invited.invitation, by=signe)


def test_nobody_takes_their_own_invitation():
    signe = signatory()
    invited = invite(municipality(), Role.EDITOR, name="Signe", by=signe)

    with pytest.raises(BadInput):
        redeem_invitation(invited.code, by=signe)


def test_guessing_is_stopped_after_ten_tries_and_the_tries_are_written_down():
    nora = make_user("nora")
    invited = invite(municipality(), Role.EDITOR, name="Nora Ek", by=signatory())
    for _ in range(10):
        with pytest.raises(BadInput):
            redeem_invitation("ABCD-EFGH-2345", by=nora)

    with pytest.raises(NotAllowed, match="Vent en time"):
        redeem_invitation(invited.code, by=nora)
    assert AuditEvent.objects.filter(verb="wrong_code", by=nora).count() == 10
    redeem_invitation(invited.code, by=make_user("another"))


@pytest.mark.parametrize("code", ["", " ", "\0", "ø" * 12, "A" * 100_000, "'; DROP TABLE grants_user; --"])
def test_any_text_may_be_tried_as_a_code(code: str):
    with pytest.raises(BadInput):
        redeem_invitation(code, by=make_user("nora"))


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.ADMINISTRATOR, Role.FINANCE])
def test_a_signatory_invites_editors_and_accountants_only(role: Role):
    with pytest.raises(BadInput):
        invite(municipality(), role, name="Nora Ek", by=signatory())


def test_an_administrator_invites_the_first_signatory(liv: User):
    invited = invite(municipality(), Role.SIGNATORY, name="Nora Ek", by=liv)

    assert redeem_invitation(invited.code, by=make_user("nora")).role == Role.SIGNATORY


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ACCOUNTANT])
def test_only_the_one_who_signs_invites_withdraws_and_removes(role: Role):
    by, invited = member(role), invite(municipality(), Role.EDITOR, name="Nora Ek", by=signatory())
    editor = member(Role.EDITOR, username="erna").memberships.get()

    with pytest.raises(NotAllowed):
        invite(municipality(), Role.EDITOR, name="Nora Ek", by=by)
    with pytest.raises(NotAllowed):
        withdraw_invitation(invited.invitation, by=by)
    with pytest.raises(NotAllowed):
        remove_member(editor, by=by)


def test_a_signatory_of_another_organisation_does_nothing_here():
    stranger = signatory(municipality("0104"), "stranger")
    editor = member(Role.EDITOR).memberships.get()

    with pytest.raises(NotAllowed):
        invite(municipality(), Role.EDITOR, name="Nora Ek", by=stranger)
    with pytest.raises(NotAllowed):
        remove_member(editor, by=stranger)


def test_an_editor_who_is_removed_is_out_at_once():
    signe, erik = signatory(), member(Role.EDITOR)
    client = signed_in(erik)
    assert client.get(reverse("our_applications")).status_code == 200

    remove_member(erik.memberships.get(), by=signe)

    assert client.get(reverse("our_applications")).status_code == 302
    assert AuditEvent.objects.get().verb == "take_membership"


def test_a_signatory_does_not_remove_another():
    with pytest.raises(NotAllowed):
        remove_member(signatory(username="sander").memberships.get(), by=signatory())


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "Nora\0", "Nora\nEk"])
def test_whom_an_invitation_is_for_is_said_in_words(name: str):
    with pytest.raises(BadInput):
        invite(municipality(), Role.EDITOR, name=name, by=signatory())


# --- What the database refuses ----------------------------------------------------------------------------------------


def refused(sql: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError:
        return True
    return False


def test_nobody_gives_themselves_a_role_by_hand_either(liv: User):
    for table in (
        lambda: DirectorateRole.objects.create(user=liv, role=Role.FINANCE, given_by=liv),
        lambda: Membership.objects.create(user=liv, organisation=municipality(), role=Role.EDITOR, given_by=liv),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            table()


ATTACKS = [
    "UPDATE grants_memberinvitation SET role = 'signatory'",
    "UPDATE grants_memberinvitation SET expires_at = '2099-01-01'",
    "UPDATE grants_memberinvitation SET code_hash = 'mine'",
    "DELETE FROM grants_memberinvitation",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_invitation_is_never_changed_or_removed(attack: str):
    invite(municipality(), Role.EDITOR, name="Nora Ek", by=signatory())

    assert refused(attack)


def test_a_redeemed_invitation_cannot_be_opened_again():
    invited = invite(municipality(), Role.EDITOR, name="Nora Ek", by=signatory())
    redeem_invitation(invited.code, by=make_user("nora"))

    assert refused("UPDATE grants_memberinvitation SET redeemed_at = NULL, redeemed_by_id = NULL")


def test_an_invitation_may_be_withdrawn_by_hand():
    """The control: the guards let through what they should."""
    invite(municipality(), Role.EDITOR, name="Nora Ek", by=signatory())

    assert not refused("UPDATE grants_memberinvitation SET withdrawn_at = '2026-01-01'")
