"""An administrator gives and takes roles, and closes users. Nobody changes their own; every change ends the sessions."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from grants.models import AuditEvent, DirectorateRole, Membership, Organisation, Role, User
from grants.models.user import DIRECTORATE_ROLES, ORGANISATION_ROLES
from grants.shared.errors import BadInput, NotAllowed


@transaction.atomic
def give_role(user: User, role: Role, *, by: User) -> None:
    """Give somebody a role in the directorate."""
    _may_change(user, by)
    if role not in DIRECTORATE_ROLES:
        raise BadInput(_("Velg en rolle i direktoratet."))
    _given, is_new = DirectorateRole.objects.get_or_create(user=user, role=role, defaults={"given_by": by})
    if is_new:
        _changed(user, "give_role", by, role=role)


@transaction.atomic
def take_role(user: User, role: Role, *, by: User) -> None:
    """Take a role in the directorate from somebody."""
    _may_change(user, by)
    taken, _ = DirectorateRole.objects.filter(user=user, role=role).delete()
    if taken:
        _changed(user, "take_role", by, role=role)


@transaction.atomic
def give_membership(user: User, orgnr: str, role: Role, *, by: User) -> None:
    """Let somebody act for an organisation."""
    _may_change(user, by)
    if role not in ORGANISATION_ROLES:
        raise BadInput(_("Velg en rolle i organisasjonen."))
    organisation = organisation_with(orgnr)
    _given, is_new = Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, defaults={"given_by": by}
    )
    if is_new:
        _changed(user, "give_membership", by, role=role, organisation=organisation)


@transaction.atomic
def take_membership(membership: Membership, *, by: User) -> None:
    """Let somebody act for an organisation no more."""
    _may_change(membership.user, by)
    remove_membership(membership, by=by)


@transaction.atomic
def close_user(user: User, *, by: User) -> None:
    """Let somebody in no more. People are never deleted: what they did stands."""
    _may_change(user, by)
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        _changed(user, "close_user", by)


@transaction.atomic
def open_user(user: User, *, by: User) -> None:
    """Let somebody in again, with the roles they had."""
    _may_change(user, by)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        _changed(user, "open_user", by)


def remove_membership(membership: Membership, *, by: User) -> None:
    """End a membership, whoever is asked first whether `by` may. What Altinn says is changed in Altinn."""
    if membership.source == Membership.Source.PROVIDER:
        raise NotAllowed(
            _("Denne tilgangen kommer fra Altinn, og må fjernes der. Ellers er den tilbake ved neste innlogging.")
        )
    deleted, _kinds = Membership.objects.filter(pk=membership.pk).delete()
    if deleted:
        organisation = membership.organisation
        _changed(membership.user, "take_membership", by, role=membership.role, organisation=organisation)


def organisation_with(orgnr: str) -> Organisation:
    """The organisation with this number, as people write it."""
    number = "".join(orgnr.split())
    organisation = Organisation.objects.filter(orgnr=number).first() if number else None
    if organisation is None:
        raise BadInput(_("Vi kjenner ingen organisasjon med dette organisasjonsnummeret. Kontroller de ni sifrene."))
    return organisation


def _may_change(user: User, by: User) -> None:
    if not by.has_directorate_role(Role.ADMINISTRATOR):
        raise NotAllowed(_("Bare en administrator kan endre roller."))
    if user.pk == by.pk:
        raise NotAllowed(_("Ingen kan endre sine egne roller. Be en annen administrator om det."))


def _changed(user: User, verb: str, by: User, *, role: str = "", organisation: Organisation | None = None) -> None:
    """End the person's sessions, and write down what was changed."""
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    details = {"role": str(role)} if role else {}
    if organisation is not None:
        details |= {"organisation": str(organisation.pk), "name": organisation.name}
    AuditEvent.objects.create(by=by, verb=verb, subject=f"user:{user.pk}", details=details)
