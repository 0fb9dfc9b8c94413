"""Ekstratilskudd for settling more than was requested: Rundskriv 03/2017, kap. 496 post 60."""

from grants.law.rule import Facts, Outcome, Rates, met_if, needs_a_human, rule
from grants.law.scheme import NO_APPEAL, Kind, Scheme, Text, calendar

REQUEST_YEAR = 2015  # Rundskriv 03/2017: the request that the settlements of 2017 are measured against


@rule("Rundskriv 03/2017")
def settled_more_than_requested(facts: Facts, rates: Rates) -> Outcome:
    """Kommunen har bosatt flere enn anmodningen for 2015."""
    return (
        met_if(facts.settled > facts.requested, saw=(facts.settled, facts.requested), source="registeret")
        if facts.settled is not None and facts.requested is not None
        else needs_a_human("bosatte eller anmodning er ikke kjent")
    )


SCHEME = Scheme(
    code="extra_settlement",
    name=Text(
        "Ekstratilskudd ved bosetting av flyktninger utover anmodning",
        "Ekstratilskot ved busetjing av flyktningar utover oppmodinga",
        "Extra grant for settling more refugees than requested",
    ),
    chapter="0496",
    post="60",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 60; Rundskriv 03/2017.",
    purpose=Text(
        "Stimulere kommunene til å bosette flere enn de ble anmodet om.",
        "Stimulere kommunane til å busetje fleire enn dei vart oppmoda om.",
        "Encourage municipalities to settle more than they were asked to.",
    ),
    target_group="Flyktninger og familiegjenforente bosatt etter avtale; familie som kommer senere, teller ikke.",
    recipients=("municipality",),
    kind=Kind.AUTOMATIC_PER_PERSON,
    calculation=(
        "50 000 kroner for hver person bosatt fra 1. januar til 30. september 2017 ut over anmodningen for 2015."
    ),
    reporting=(
        "Ingen særskilt rapport eller regnskap. IMDi og Riksrevisjonen kan kontrollere bruken "
        "(bevilgningsreglementet § 10, riksrevisjonsloven § 12)."
    ),
    codes=("EKS50",),
    calendar=calendar(((9, 30), (12, 10))),
    deadline="Ingen; betales automatisk innen utgangen av året.",
    rules=(settled_more_than_requested,),
    assumptions=("A6: anmodninger til sammenslåtte kommuner summeres; mangler en anmodning, stopper kjøringen.",),
    appeal=NO_APPEAL,
)
