"""Kvalifisering for beboere i integreringsmottak: kap. 496 post 62."""

from grants.law.rule import Facts, Outcome, Rates, holds, rule
from grants.law.scheme import Kind, Scheme, Text, calendar


@rule("JD regelverk 2017")
def hosts_a_centre_by_agreement(facts: Facts, rates: Rates) -> Outcome:
    """Kommunen har integreringsmottak etter avtale med IMDi."""
    return holds(facts, "has_agreement")


SCHEME = Scheme(
    code="integration_reception",
    name=Text(
        "Kvalifisering for beboere i integreringsmottak",
        "Kvalifisering for bebuarar i integreringsmottak",
        "Qualification for residents of integration reception centres",
    ),
    chapter="0496",
    post="62",
    legal_basis=(
        "JD regelverk 2017 (regjeringen.no id2526657); siden oppgir post 73, men regnskapet viser at "
        "post 62 er belastet."
    ),
    purpose=Text(
        "Rask kvalifisering av beboere i integreringsmottak.",
        "Rask kvalifisering av bebuarar i integreringsmottak.",
        "Fast qualification of residents.",
    ),
    target_group="Beboere i integreringsmottak.",
    recipients=("municipality",),
    kind=Kind.CLAIM_PER_PERSON,
    calculation="18 518 kroner per plass for et helt år, ellers 1 543 kroner per plass og måned; i to terminer.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=("INTMOT",),
    calendar=calendar(((1, 1), (3, 15)), ((7, 1), (9, 15))),
    deadline="10. februar 2017.",
    rules=(hosts_a_centre_by_agreement,),
    assumptions=("To like terminer med betaling 15. mars og 15. september; datoene er ikke i kildene.",),
)
