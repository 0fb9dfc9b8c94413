"""Holdningsskapende arbeid: Rundskriv 09/2017, kap. 496 post 71."""

from grants.law.rule import Facts, Outcome, Rates, one_of, rule
from grants.law.scheme import CRITERIA_ARE_OURS, Criterion, Kind, Scheme, Text, Unknown
from grants.law.themes import PROJECT_THEMES


@rule("Rundskriv 09/2017")
def is_a_voluntary_organisation(facts: Facts, rates: Rates) -> Outcome:
    """Søkeren er en frivillig organisasjon."""
    return one_of(facts, "organisation_kind", ("ngo",))


SCHEME = Scheme(
    code="attitudes",
    name=Text(
        "Frivillige organisasjoners holdningsskapende/forebyggende arbeid mot negativ sosial kontroll, tvangsekteskap og kjønnslemlestelse",
        "Haldningsskapande/førebyggjande arbeid i frivillige organisasjonar mot negativ sosial kontroll, tvangsekteskap og kjønnslemlesting",
        "Voluntary organisations against negative social control, forced marriage and female genital mutilation",
    ),
    chapter="0496",
    post="71",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 71; Rundskriv 09/2017, fastsatt 6.1.2017.",
    purpose=Text(
        "Forebygge negativ sosial kontroll, tvangsekteskap og kjønnslemlestelse.",
        "Førebyggje negativ sosial kontroll, tvangsekteskap og kjønnslemlesting.",
        "Prevent negative social control, forced marriage and female genital mutilation.",
    ),
    target_group="Foreldre, religiøse ledere, skoler, ungdom, menn og gutter.",
    recipients=("ngo",),
    kind=Kind.PROJECT_APPLICATION,
    calculation="Prosjektstøtte etter søknad og vurdering innenfor rammen.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=("attitudes",),
    rules=(is_a_voluntary_organisation,),
    criteria=(
        Criterion("reach", Text("Når målgruppen", "Når målgruppa", "Reaches the target group"), 2),
        Criterion("method", Text("Metode", "Metode", "Method"), 1),
    ),
    themes=PROJECT_THEMES,
    unknowns=(
        CRITERIA_ARE_OURS,
        Unknown("Frist i 2017.", "Settes per utlysning."),
    ),
)
