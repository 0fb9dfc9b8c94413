"""Somebody has proved who they are: find or make their user, and let what they act for follow from what was proved."""

import hashlib

from django.db import transaction

from grants.identity.code_flow import Identity
from grants.identity.refusals import UserIsClosed
from grants.models import AuditEvent, Membership, Organisation, Role, User


def receive_person(identity: Identity) -> User:
    """The user behind issuer and subject, with fresh memberships. Somebody new gets no role by signing in."""
    user = _receive(identity)
    if not user.is_active:
        raise UserIsClosed(f"user:{user.pk} is closed.")
    return user


@transaction.atomic
def _receive(identity: Identity) -> User:
    user, is_new = User.objects.get_or_create(
        issuer=identity.issuer,
        subject=identity.subject,
        defaults={"username": _username(identity), "name": identity.name},
    )
    if user.is_active:
        if identity.name and identity.name != user.name:
            User.objects.filter(pk=user.pk).update(name=identity.name)
            user.name = identity.name
        AuditEvent.objects.create(
            by=user, verb="sign_in", subject=f"user:{user.pk}", details={"provider": identity.provider, "new": is_new}
        )
        _refresh_memberships(user, identity)
    return user


def _refresh_memberships(user: User, identity: Identity) -> None:
    """What the provider gave before and says no more is taken away; what others gave stands."""
    known = dict(Organisation.objects.filter(orgnr__in={o for o, _ in identity.acting_for}).values_list("orgnr", "pk"))
    said = {(known[orgnr], role) for orgnr, role in identity.acting_for if orgnr in known}
    held = {(m.organisation_id, m.role): m for m in user.memberships.select_related("organisation")}
    of_provider = {key for key, membership in held.items() if membership.source == Membership.Source.PROVIDER}
    given, taken = said - held.keys(), of_provider - said
    Membership.objects.filter(pk__in=[held[key].pk for key in taken]).delete()
    fresh = [
        Membership(user=user, organisation_id=organisation, role=Role(role), source=Membership.Source.PROVIDER)
        for organisation, role in sorted(given, key=str)
    ]
    # Somebody may sign in twice at the same moment.
    Membership.objects.bulk_create(fresh, ignore_conflicts=True)
    unknown = sorted({orgnr for orgnr, _ in identity.acting_for} - known.keys())
    if given or taken or unknown:
        AuditEvent.objects.create(
            by=user,
            verb="refresh_memberships",
            subject=f"user:{user.pk}",
            details={
                "provider": identity.provider,
                "given": sorted([str(organisation), role] for organisation, role in given),
                "taken": sorted([str(organisation), role] for organisation, role in taken),
                "unknown_organisations": unknown,
            },
        )


def _username(identity: Identity) -> str:
    """A name to speak of the user by, that tells nothing of the person."""
    digest = hashlib.sha256(f"{identity.issuer} {identity.subject}".encode()).hexdigest()
    return f"{identity.provider}-{digest[:12]}"
