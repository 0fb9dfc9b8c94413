"""Add a user, or a role of a user."""

from django.db import transaction

from grants.models import AuditEvent, DirectorateRole, Membership, Organisation, Role, User
from grants.models.user import DIRECTORATE_ROLES
from grants.shared.errors import Refused


@transaction.atomic
def add_user(username: str, role: Role, *, orgnr: str = "") -> User:
    """A user with a role: of the directorate, or of an organisation. Doing it again changes nothing."""
    if not 1 <= len(username.strip()) <= 80 or not username.isprintable():
        raise Refused("A user name has 1 to 80 printable characters.")
    user, is_new = User.objects.get_or_create(username=username, defaults={"subject": username, "name": username})
    if role in DIRECTORATE_ROLES:
        if orgnr:
            raise Refused(f"{role.value} is a role of the directorate: leave --organisation out.")
        _, is_new = DirectorateRole.objects.get_or_create(user=user, role=role)
    else:
        if not orgnr:
            raise Refused(f"{role.value} is a role of an organisation: name it with --organisation ORGNR.")
        organisation = Organisation.objects.filter(orgnr=orgnr).first()
        if organisation is None:
            raise Refused(f"There is no organisation {orgnr}. Import it first: manage.py import_organisations FILE")
        _, is_new = Membership.objects.get_or_create(user=user, organisation=organisation, role=role)
    if is_new:
        AuditEvent.objects.create(
            verb="add_user", subject=f"user:{user.pk}", details={"role": role.value, "organisation": orgnr}
        )
    return user
