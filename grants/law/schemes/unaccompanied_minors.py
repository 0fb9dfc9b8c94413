"""Særskilt tilskudd for unaccompanied minors: kap. 496 post 61, overslagsbevilgning."""

from grants.law.rule import Facts, Outcome, Rates, met_if, needs_a_human, rule
from grants.law.scheme import NO_APPEAL, Kind, Scheme, Text, Unknown, calendar


@rule("IMDi 1.11.2016; regelverk 6.1.2017")
def is_at_most_20(facts: Facts, rates: Rates) -> Outcome:
    """Personen fyller høyst 20 år i året."""
    return (
        met_if(facts.age_by_year <= 20, saw=facts.age_by_year, source="registeret")
        if facts.age_by_year is not None
        else needs_a_human("alder er ikke kjent")
    )


SCHEME = Scheme(
    code="unaccompanied_minors",
    name=Text(
        "Særskilt tilskudd ved bosetting av enslige mindreårige flyktninger",
        "Særskilt tilskot ved busetjing av einslege mindreårige flyktningar",
        "Special grant for settling unaccompanied minor refugees",
    ),
    chapter="0496",
    post="61",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 61; JD regelverk 6.1.2017 (regjeringen.no id2526566).",
    purpose=Text(
        "Rask bosetting av enslige mindreårige i gode omsorgstilbud.",
        "Rask busetjing av einslege mindreårige i gode omsorgstilbod.",
        "Fast settlement of unaccompanied minors in good care.",
    ),
    target_group="Enslige mindreårige flyktninger, til og med året de fyller 20.",
    recipients=("municipality",),
    kind=Kind.AUTOMATIC_PER_PERSON,
    calculation=(
        "Høy sats til og med året personen fyller 16, lav sats fra 17 til og med 20. Bosatt før året: en "
        "halv årssats i hver av to terminer. Bosatt i året: sats ganger måneder fra bosettingsmåneden "
        "delt på 12."
    ),
    reporting=(
        "Ingen særskilt rapport eller regnskap. IMDi og Riksrevisjonen kan kontrollere bruken "
        "(bevilgningsreglementet § 10, riksrevisjonsloven § 12)."
    ),
    codes=(
        "EMINB",
        "EMINU",
    ),
    calendar=calendar(((1, 1), (1, 15)), ((7, 1), (6, 25)), ((12, 1), (12, 10))),
    deadline="Bosatt i året: så raskt som mulig. Bosatt før året: automatisk.",
    rules=(is_at_most_20,),
    assumptions=(
        (
            "A5: alder er betalingsår minus fødselsår; bosettingsåret betales per måned (parameter "
            "unaccompanied_minors.settlement_year)."
        ),
        "1. juli som annen skjæringsdato og 1. desember for dem som er bosatt i året.",
    ),
    unknowns=(
        Unknown("Om bosettingsåret 2017 ble betalt helt eller per måned.", "Parameter: per_month eller full_year."),
    ),
    appeal=NO_APPEAL,
)
