"""The people of the demo, one for every role and two for finance. Only where the demo is switched on."""

from django.conf import settings
from django.db import transaction

from grants.models import DirectorateRole, Membership, Organisation, Role, User
from grants.models.user import DIRECTORATE_ROLES, ORGANISATION_ROLES
from grants.shared.errors import Refused

ISSUER = "demo"
DIRECTORATE_PEOPLE = (
    ("kari.berg", "Kari Berg", Role.FINANCE),
    ("mona.lien", "Mona Lien", Role.FINANCE),
    ("amir.haugen", "Amir Haugen", Role.CASEWORKER),
    ("ingrid.dahl", "Ingrid Dahl", Role.DECISION_MAKER),
    ("samira.ali", "Samira Ali", Role.SCHEME_OWNER),
    ("per.moe", "Per Moe", Role.AUDITOR),
    ("liv.strand", "Liv Strand", Role.ADMINISTRATOR),
)
MUNICIPALITY_PEOPLE = (
    ("ola.nes", "Ola Nes", Role.EDITOR),
    ("anne.vik", "Anne Vik", Role.SIGNATORY),
    ("jonas.bakke", "Jonas Bakke", Role.ACCOUNTANT),
)
VOLUNTARY_PEOPLE = (("nora.ek", "Nora Ek", Role.SIGNATORY),)
# Drammen in 2017: a middle-sized municipality with settled persons of every kind.
THEIR_MUNICIPALITY = "0602"


@transaction.atomic
def make_demo_users() -> list[User]:
    """Everybody of the demo. Doing it again changes nothing."""
    if not settings.DEMO:
        raise Refused("Demo users are made only where TILSKUDD_DEMO=1.")
    made = []
    for username, name, role in DIRECTORATE_PEOPLE:
        user = _user(username, name)
        DirectorateRole.objects.get_or_create(user=user, role=role)
        made.append(user)
    municipality = Organisation.objects.municipalities().filter(municipality_number=THEIR_MUNICIPALITY).first()
    for username, name, role in MUNICIPALITY_PEOPLE if municipality else ():
        user = _user(username, name)
        Membership.objects.get_or_create(user=user, organisation=municipality, role=role)
        made.append(user)
    voluntary = Organisation.objects.filter(kind=Organisation.Kind.NGO).order_by("name").first()
    for username, name, role in VOLUNTARY_PEOPLE if voluntary else ():
        user = _user(username, name)
        Membership.objects.get_or_create(user=user, organisation=voluntary, role=role)
        made.append(user)
    return made


def demo_user(username: str) -> User | None:
    """A person one may sign in as in the demo."""
    return User.objects.filter(username=username, is_active=True).first() if settings.DEMO else None


def demo_users_by_role() -> list[tuple[Role, list[User]]]:
    """The people one may sign in as, role by role, those of finance first. A role that nobody has is left out."""
    people = User.objects.filter(is_active=True).order_by("username")
    found = []
    for role in dict.fromkeys((Role.FINANCE, *DIRECTORATE_ROLES, *ORGANISATION_ROLES)):
        of_role = people.filter(directorate_roles__role=role) | people.filter(memberships__role=role)
        if users := list(of_role.distinct()):
            found.append((role, users))
    return found


def _user(username: str, name: str) -> User:
    user, _ = User.objects.get_or_create(
        username=username, defaults={"name": name, "issuer": ISSUER, "subject": username}
    )
    return user
