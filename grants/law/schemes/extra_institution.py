"""Ekstratilskudd for settling from an institution or adapted ward: kap. 496 post 60."""

from grants.law.rule import Facts, Outcome, Rates, holds, rule
from grants.law.scheme import NO_APPEAL, Kind, Scheme, Text, Unknown, calendar


@rule("IMDi Årsrapport 2017, kap. 3.1", certainty="R")
def is_settled_from_institution(facts: Facts, rates: Rates) -> Outcome:
    """Personen er bosatt fra institusjon eller tilrettelagt avdeling."""
    return holds(facts, "from_institution")


SCHEME = Scheme(
    code="extra_institution",
    name=Text(
        "Ekstratilskudd ved bosetting fra institusjon eller tilrettelagt avdeling",
        "Ekstratilskot ved busetjing frå institusjon eller tilrettelagd avdeling",
        "Extra grant for settlement from an institution or adapted ward",
    ),
    chapter="0496",
    post="60",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 60; IMDi Årsrapport 2017, kap. 3.1.",
    purpose=Text(
        "Raskere bosetting av personer med svært tungt oppfølgingsbehov.",
        "Raskare busetjing av personar med svært tungt oppfølgingsbehov.",
        "Faster settlement of persons with very heavy needs.",
    ),
    target_group="Personer bosatt fra institusjon eller tilrettelagt avdeling i asylmottak.",
    recipients=("municipality",),
    kind=Kind.AUTOMATIC_PER_PERSON,
    calculation="500 000 kroner for hver slik person bosatt i året.",
    reporting=(
        "Ingen særskilt rapport eller regnskap. IMDi og Riksrevisjonen kan kontrollere bruken "
        "(bevilgningsreglementet § 10, riksrevisjonsloven § 12)."
    ),
    codes=("EKS500",),
    calendar=calendar(((12, 31), (12, 10))),
    deadline="Ingen; betales automatisk.",
    rules=(is_settled_from_institution,),
    assumptions=("A7: 500 000 kroner per bosetting i året, til bosettingskommunen.",),
    unknowns=(Unknown("Rundskrivets tekst.", "Regelen følger årsrapporten."),),
    appeal=NO_APPEAL,
)
