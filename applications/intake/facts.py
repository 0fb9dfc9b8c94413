"""The facts of a case, as the scheme's rules see them, each with where it came from."""

from datetime import date
from typing import Any

from applications.intake.completeness import ThemeState
from applications.models import Application
from grants.law.rates.lookup import rate
from grants.law.rule import Facts, Rates

APPLICATION, REGISTER, CALL = "søknaden", "organisasjonsregisteret", "utlysningen"


def facts_of(application: Application, states: list[ThemeState]) -> Facts:
    """What the applicant answered, what the register knows of the organisation, and what part of the call it is."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for state in states:
        for name, value in state.values.items():
            values[name], sources[name] = value, APPLICATION
    known = {
        "organisation_kind": (str(application.organisation.kind), REGISTER),
        "municipality_number": (application.organisation.municipality_number, REGISTER),
        "part": (application.call.part.rpartition("_")[2].upper() or None, CALL),
        "year": (application.call.year, CALL),
    }
    for name, (value, source) in known.items():
        values[name], sources[name] = value, source
    return Facts(values, sources)


def rates_of(application: Application) -> Rates:
    """The numbers that rules ask for: those of the call, else the scheme's dated rates on 1 January of its year."""
    call = application.call

    def find(name: str) -> Any:
        if name in call.numbers:
            return call.numbers[name]
        return rate(call.scheme, name, on=date(call.year, 1, 1)).value

    return find
