"""What the municipality of the demo can claim and report: for a person, for places, and a frame to hand on.

The persons are settled weeks before the demo is made, so that their 13 months run; they belong to no year that is told
of. The rates of the years after 2017 are the demo's own (config/demo/rates, named by TILSKUDD_RATES in the Makefile).
"""

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from applications.models import Call, HealthAccess, Invitation
from applications.services.announce import prepare_call, publish_call
from applications.services.health import give_access
from applications.services.invite import invite
from config.demo.calls import ABOUT_NB, ABOUT_NN, OPEN_FOR
from config.demo.files import SETTLEMENTS
from grants.law.registry import SCHEMES
from grants.models import Organisation, Person, User
from grants.services.demo_users import THEIR_MUNICIPALITY
from grants.services.import_register import import_register

SETTLED_BEFORE = timedelta(days=40)
# The references that one can claim for, with a year of birth and a category.
PERSONS = (("DEMO-1", 1985, "adult"), ("DEMO-2", 2010, "child"), ("DEMO-3", 1992, "single_adult"))
# Who tries it must know whom to claim for.
TRY_NB = " Personene man kan kreve tilskudd for her, er oppdiktet og har referansene {refs}."
TRY_NN = " Personane ein kan krevje tilskot for her, er oppdikta og har referansane {refs}."
ADMINISTRATOR = "liv.strand"
LOOKS_AT_HEALTH = ("amir.haugen", "ingrid.dahl")
WHY = "Behandler krav om tilskudd 1 og 2 i demoen."


class Claimable(NamedTuple):
    """A call that a municipality can claim in, with its envelope: what was paid in 2017 (Årsrapport 2017)."""

    scheme: str
    part: str
    kroner: int


CALLS = (
    Claimable("disability", "disability_2", 552_000_000),
    Claimable("integration_reception", "", 9_999_720),
    Claimable("local_organisations", "", 13_430_000),
)
# 13.43 millions to 20 municipalities; how they were shared is not known, so this is an even share.
FRAME_KRONER = CALLS[-1].kroner // 20


@transaction.atomic
def open_demo_claims(folder: Path, *, by: User) -> int:
    """Publish what is not open yet, with persons to claim for and a frame to hand on; how many calls that was."""
    _settle(folder)
    now = timezone.now().replace(second=0, microsecond=0)
    new = [one for one in CALLS if not Call.objects.open_at(now).filter(scheme=one.scheme).exists()]
    for one in new:
        law = SCHEMES[one.scheme]
        name = next((sub.name for sub in law.sub_schemes if sub.code == one.part), law.name)
        refs = ", ".join(ref for ref, _born, _category in PERSONS)
        hints = [hint.format(refs=refs) if law.on_health else "" for hint in (TRY_NB, TRY_NN)]
        call = prepare_call(
            one.scheme, one.part, timezone.localdate().year, by=by, title_nb=name.nb, title_nn=name.nn,
            about_nb=ABOUT_NB + hints[0], about_nn=ABOUT_NN + hints[1], envelope_ore=one.kroner * 100, opens_at=now, closes_at=now + OPEN_FOR,
        )  # fmt: skip
        publish_call(call, by=by)
        if call.by_invitation:
            _invite(call, by)
    _let_look()
    return len(new)


def _settle(folder: Path) -> None:
    """Persons of the municipality, settled some weeks ago, through the ordinary import; once."""
    if Person.objects.filter(person_ref=PERSONS[0][0]).exists():
        return
    settled_on = timezone.localdate() - SETTLED_BEFORE
    path = folder / "settlements_to_claim_for.csv"
    rows = [f"{ref},{born}-06-01,{category},{settled_on},{THEIR_MUNICIPALITY},5,0,0" for ref, born, category in PERSONS]
    path.write_text("\n".join([",".join(SETTLEMENTS), *rows]) + "\n", encoding="utf-8")
    import_register(path, None, known_on=timezone.localdate())


def _invite(call: Call, by: User) -> None:
    theirs = Organisation.objects.municipalities().filter(municipality_number=THEIR_MUNICIPALITY).first()
    if theirs is not None and not Invitation.objects.filter(call=call).exists():
        invite(call, theirs, ground="Demo: en av de 20 kommunene", amount_ore=FRAME_KRONER * 100, by=by)


def _let_look() -> None:
    administrator = User.objects.get(username=ADMINISTRATOR)
    for username in LOOKS_AT_HEALTH:
        user = User.objects.get(username=username)
        if not HealthAccess.objects.let_look(user):
            give_access(user, reason=WHY, by=administrator)
