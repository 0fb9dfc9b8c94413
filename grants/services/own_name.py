"""Say what one is called, where the identity provider does not."""

from django.db import transaction
from django.utils.translation import gettext as _

from grants.models import AuditEvent, User
from grants.shared.errors import BadInput, NotAllowed


@transaction.atomic
def change_own_name(name: str, *, by: User) -> None:
    """The name that others in the organisation and in the directorate see."""
    name = " ".join(name.split())
    if by.directorate_roles.exists():
        raise NotAllowed(_("Navn på ansatte kommer fra direktoratets innlogging."))
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise BadInput(_("Skriv navnet ditt, med høyst 200 tegn."))
    AuditEvent.objects.create(by=by, verb="change_own_name", subject=f"user:{by.pk}", details={"before": by.name})
    User.objects.filter(pk=by.pk).update(name=name)
