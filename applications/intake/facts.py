"""The facts of a case, as the scheme's rules see them, each with where it came from."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from applications.intake.claims import person_facts
from applications.intake.completeness import ThemeState
from applications.models import Application, Invitation
from grants.law.rates.lookup import rate
from grants.law.rule import Facts, Rates

# Kept on a finding in bokmål; the page that shows it asks the catalogue.
APPLICATION, REGISTER = gettext_noop("søknaden"), gettext_noop("organisasjonsregisteret")
CALL, INVITATION = gettext_noop("utlysningen"), gettext_noop("invitasjonen")


def facts_of(application: Application, states: list[ThemeState], person: int | None = None) -> Facts:
    """What the applicant answered, what the registers know of organisation and person, and what part of the call it is."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for state in states:
        for name, value in state.values.items():
            values[name], sources[name] = value, APPLICATION
    known: dict[str, tuple[Any, str]] = {
        "organisation_kind": (str(application.organisation.kind), REGISTER),
        "municipality_number": (application.organisation.municipality_number, REGISTER),
        "part": (application.call.part.rpartition("_")[2].upper() or None, CALL),
        "year": (application.call.year, CALL),
    }
    if application.call.by_invitation:
        invited = Invitation.objects.filter(application=application).exists()
        known |= {"is_named": (invited, INVITATION), "has_assignment": (invited, INVITATION)}
    if person is not None:
        known |= person_facts(application, person)
    for name, (value, source) in known.items():
        values[name], sources[name] = value, source
    return Facts(values, sources)


def rates_of(application: Application) -> Rates:
    """The numbers that rules ask for: those of the call, else the scheme's dated rates on 1 January of its year."""
    call = application.call

    def find(name: str) -> Any:
        if name in call.numbers:
            return Decimal(str(call.numbers[name]))  # exact: a share that JSON gives as 0.05 is five hundredths
        return rate(call.scheme, name, on=date(call.year, 1, 1)).value

    return find
