"""Opplæring i norsk og samfunnskunnskap for voksne innvandrere: kap. 497 post 60."""

from grants.law.rule import Facts, Outcome, Rates, one_of, rule
from grants.law.scheme import NO_APPEAL, Kind, Scheme, Text, Unknown, calendar


@rule("imdi.no, Norsktilskudd (2018)")
def is_in_the_target_group(facts: Facts, rates: Rates) -> Outcome:
    """Personen kom i målgruppen i år eller i ett av de to foregående årene."""
    return one_of(facts, "year_in_group", (1, 2, 3))


SCHEME = Scheme(
    code="norwegian_training",
    name=Text(
        "Opplæring i norsk og samfunnskunnskap for voksne innvandrere",
        "Opplæring i norsk og samfunnskunnskap for vaksne innvandrarar",
        "Norwegian language and social studies for adult immigrants",
    ),
    chapter="0497",
    post="60",
    legal_basis="Introduksjonsloven; Prop. 1 S kap. 497 post 60; imdi.no, Norsktilskudd (2018).",
    purpose=Text(
        "Kommunene kan gi voksne innvandrere god opplæring i norsk og samfunnskunnskap.",
        "Kommunane kan gi vaksne innvandrarar god opplæring i norsk og samfunnskunnskap.",
        "Municipalities can give adult immigrants good training.",
    ),
    target_group="Voksne innvandrere med rett og plikt til opplæring.",
    recipients=("municipality",),
    kind=Kind.AUTOMATIC_PER_PERSON,
    calculation=("Persontilskudd i tre årlige deler etter året personen kom i målgruppen, med høy eller lav sats."),
    reporting=(
        "Ingen særskilt rapport eller regnskap. IMDi og Riksrevisjonen kan kontrollere bruken "
        "(bevilgningsreglementet § 10, riksrevisjonsloven § 12)."
    ),
    codes=(
        "P-AR1-H",
        "P-AR1-L",
        "P-AR2-H",
        "P-AR2-L",
        "P-AR3-H",
        "P-AR3-L",
    ),
    calendar=calendar(((1, 1), (2, 15)), ((4, 1), (5, 15)), ((7, 1), (8, 15)), ((10, 1), (11, 15))),
    rules=(is_in_the_target_group,),
    assumptions=(
        (
            "År 1 betales i første termin med skjæringsdato på eller etter dagen personen kom i målgruppen; "
            "år 2 og 3 i termin 1."
        ),
    ),
    unknowns=(Unknown("Satsene for 2017 og grunntilskuddet.", "En kjøring for 2017 stopper."),),
    appeal=NO_APPEAL,
)
