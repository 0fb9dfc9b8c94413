"""The people of the demo, one for every role, two for finance and for casework. Only where the demo is switched on."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from grants.models import DirectorateRole, Membership, Organisation, Role, User
from grants.models.user import DIRECTORATE_ROLES, ORGANISATION_ROLES
from grants.shared.errors import Refused

ISSUER = "demo"
# Those who signed the applications of the demo year. Nobody signs in as one of them.
APPLICANTS = "demo applicants"
# Nor as somebody whom a real provider vouches for.
MAY_BE_CHOSEN = (ISSUER, "local")
DIRECTORATE_PEOPLE = (
    ("kari.berg", "Kari Berg", Role.FINANCE),
    ("mona.lien", "Mona Lien", Role.FINANCE),
    ("amir.haugen", "Amir Haugen", Role.CASEWORKER),
    ("ingrid.dahl", "Ingrid Dahl", Role.DECISION_MAKER),
    ("samira.ali", "Samira Ali", Role.SCHEME_OWNER),
    ("per.moe", "Per Moe", Role.AUDITOR),
    ("liv.strand", "Liv Strand", Role.ADMINISTRATOR),
    ("siri.holt", "Siri Holt", Role.CASEWORKER),
)
MUNICIPALITY_PEOPLE = (
    ("ola.nes", "Ola Nes", Role.EDITOR),
    ("anne.vik", "Anne Vik", Role.SIGNATORY),
    ("jonas.bakke", "Jonas Bakke", Role.ACCOUNTANT),
)
# One who signs for each other kind of applicant.
SIGNATORIES = (
    ("nora.ek", "Nora Ek", Organisation.Kind.NGO),
    ("hilde.rud", "Hilde Rud", Organisation.Kind.COUNTY),
    ("tor.lund", "Tor Lund", Organisation.Kind.ENTERPRISE),
)
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
    for username, name, kind in SIGNATORIES:
        theirs = Organisation.objects.filter(kind=kind).order_by("name").first()
        if theirs is not None:
            user = _user(username, name)
            Membership.objects.get_or_create(user=user, organisation=theirs, role=Role.SIGNATORY)
            made.append(user)
    return made


def demo_user(username: str) -> User | None:
    """A person one may sign in as in the demo."""
    return _people().filter(username=username).first() if settings.DEMO else None


def demo_users_by_role() -> list[tuple[Role, list[User]]]:
    """The people one may sign in as, role by role, those of finance first. A role that nobody has is left out."""
    people = _people().prefetch_related("memberships__organisation").order_by("username")
    found = []
    for role in dict.fromkeys((Role.FINANCE, *DIRECTORATE_ROLES, *ORGANISATION_ROLES)):
        of_role = people.filter(directorate_roles__role=role) | people.filter(memberships__role=role)
        if users := list(of_role.distinct()):
            found.append((role, users))
    return found


def signatory_of(organisation: Organisation) -> User:
    """The person who signs for an organisation in the rounds of the demo year."""
    username = f"signatur.{organisation.orgnr}"
    user, _ = User.objects.get_or_create(
        username=username, defaults={"name": f"Leder, {organisation}", "issuer": APPLICANTS, "subject": username}
    )
    Membership.objects.get_or_create(user=user, organisation=organisation, role=Role.SIGNATORY)
    return user


def _people() -> QuerySet[User]:
    return User.objects.filter(is_active=True, issuer__in=MAY_BE_CHOSEN)


def _user(username: str, name: str) -> User:
    user, _ = User.objects.get_or_create(
        username=username, defaults={"name": name, "issuer": ISSUER, "subject": username}
    )
    return user
