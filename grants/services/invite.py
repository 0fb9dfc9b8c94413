"""Invite somebody to act for an organisation, withdraw that, or redeem the code that came with it."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models import AuditEvent, MemberInvitation, Membership, Organisation, Role, User
from grants.models.user import ORGANISATION_ROLES
from grants.services.change_roles import remove_membership
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

VALID_FOR = timedelta(days=7)
# Letters and digits that are not taken for each other; 12 of them are 60 bits.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 12
# What the one who signs may give; a new signatory is the directorate's to invite.
MAY_INVITE = (Role.EDITOR, Role.ACCOUNTANT)
TRIES_PER_HOUR = 10
WRONG_CODE = gettext_lazy(
    "Koden er ikke gyldig. Den gjelder i sju dager, og kan brukes én gang. Be om en ny hvis du er usikker."
)


@dataclass(frozen=True)
class Invited:
    """An invitation with its code, which is shown now and never again."""

    invitation: MemberInvitation
    code: str


@transaction.atomic
def invite(organisation: Organisation, role: Role, *, name: str, by: User) -> Invited:
    """Make a code for somebody who is to act for an organisation."""
    if role not in (ORGANISATION_ROLES if by.has_directorate_role(Role.ADMINISTRATOR) else MAY_INVITE):
        raise BadInput(_("Velg hvilken rolle den som inviteres skal ha."))
    if not by.has_directorate_role(Role.ADMINISTRATOR):
        _signs_for(organisation, by)
    name = name.strip()
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise BadInput(_("Skriv navnet på den som inviteres, med høyst 200 tegn."))
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    now = timezone.now()
    invitation = MemberInvitation.objects.create(
        organisation=organisation, role=role, name=name, code_hash=_hashed(code), invited_by=by, invited_at=now,
        expires_at=now + VALID_FOR,
    )  # fmt: skip
    _written(invitation, "invite", by)
    return Invited(invitation, "-".join((code[:4], code[4:8], code[8:])))


@transaction.atomic
def withdraw_invitation(invitation: MemberInvitation, *, by: User) -> None:
    """Make a code worthless before anybody has used it."""
    _signs_for(invitation.organisation, by)
    open_ones = MemberInvitation.objects.open_at(timezone.now()).filter(pk=invitation.pk)
    if not open_ones.update(withdrawn_at=timezone.now()):
        raise ChangedSince(_("Invitasjonen er allerede brukt, trukket tilbake eller gått ut."))
    _written(invitation, "withdraw_invitation", by)


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """Let an editor or accountant act no more for the organisation that `by` signs for."""
    _signs_for(membership.organisation, by)
    if membership.role not in MAY_INVITE or membership.user_id == by.pk:
        raise NotAllowed(_("Dere kan fjerne redaktører og regnskapsførere. Andre endringer gjør direktoratet."))
    remove_membership(membership, by=by)


def redeem_invitation(code: str, *, by: User) -> Membership:
    """Become what the invitation says. Every wrong code gets the same answer, is counted, and ten an hour are enough."""
    an_hour_ago = timezone.now() - timedelta(hours=1)
    failed = AuditEvent.objects.about(f"user:{by.pk}").filter(verb="wrong_code", at__gt=an_hour_ago)
    if failed.count() >= TRIES_PER_HOUR:
        raise NotAllowed(_("Du har prøvd for mange koder. Vent en time, og prøv igjen."))
    membership = _redeem(code, by)
    if membership is None:
        AuditEvent.objects.create(by=by, verb="wrong_code", subject=f"user:{by.pk}")
        raise BadInput(str(WRONG_CODE))
    return membership


@transaction.atomic
def _redeem(code: str, by: User) -> Membership | None:
    now = timezone.now()
    of_code = MemberInvitation.objects.filter(code_hash=_hashed(_typed(code)))
    # Compare and set: of two people with the same code, one is first.
    if not of_code.open_at(now).exclude(invited_by=by).update(redeemed_by=by, redeemed_at=now):
        return None
    invitation = of_code.select_related("organisation").get()
    membership, _ = Membership.objects.get_or_create(
        user=by,
        organisation=invitation.organisation,
        role=invitation.role,
        defaults={"source": Membership.Source.INVITED, "given_by": invitation.invited_by},
    )
    if not by.name:
        User.objects.filter(pk=by.pk, name="").update(name=invitation.name)
    _written(invitation, "redeem_invitation", by)
    return membership


def _signs_for(organisation: Organisation, by: User) -> None:
    if not by.is_active or not Organisation.objects.signed_for_by(by).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("Bare den som signerer for organisasjonen, kan invitere og fjerne folk."))


def _typed(code: str) -> str:
    """The code without the hyphens and spaces that people write, in capitals."""
    return "".join(sign for sign in code.upper() if sign in ALPHABET)[: LENGTH + 1]


def _hashed(code: str) -> str:
    return salted_hmac("grants.invitation", code, algorithm="sha256").hexdigest()


def _written(invitation: MemberInvitation, verb: str, by: User) -> None:
    details = {
        "invitation": str(invitation.pk), "role": invitation.role, "organisation": str(invitation.organisation_id),
        "name": invitation.organisation.name, "for": invitation.name,
    }  # fmt: skip
    AuditEvent.objects.create(by=by, verb=verb, subject=f"user:{by.pk}", details=details)
