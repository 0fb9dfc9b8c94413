"""Norsk og norsk kultur og norske verdier for asylsøkere: Rundskriv 15/2017, kap. 497 post 60."""

from grants.law.rule import Facts, Outcome, Rates, at_least, holds, needs_a_human, rule
from grants.law.scheme import NO_APPEAL, Kind, Scheme, Text, calendar


@rule("imdi.no (2018), lagt til grunn for 2017", certainty="G")
def is_over_16(facts: Facts, rates: Rates) -> Outcome:
    """Personen er over 16 år."""
    if facts.age == 16:
        return needs_a_human("kildene sier «over 16 år»; om den som er fylt 16, er med, er ikke kjent")
    return at_least(facts, "age", 17)


@rule("Rundskriv 15/2017")
def municipality_has_confirmed(facts: Facts, rates: Rates) -> Outcome:
    """Kommunen har bekreftet tilbudet i NIR for året."""
    return holds(facts, "has_confirmed")


SCHEME = Scheme(
    code="asylum_training",
    name=Text(
        "Opplæring i norsk, norsk kultur og norske verdier for asylsøkere i mottak",
        "Opplæring i norsk, norsk kultur og norske verdiar for asylsøkjarar i mottak",
        "Norwegian language, culture and values for asylum seekers",
    ),
    chapter="0497",
    post="60",
    legal_basis="Prop. 1 S (2016-2017) kap. 497 post 60; Rundskriv 15/2017, fastsatt 20.12.2016.",
    purpose=Text(
        "Asylsøkere lærer norsk og blir kjent med norsk kultur og norske verdier.",
        "Asylsøkjarar lærer norsk og blir kjende med norsk kultur og norske verdiar.",
        "Asylum seekers learn Norwegian, and about culture and values.",
    ),
    target_group="Asylsøkere over 16 år i mottak uten endelig avslag.",
    recipients=("municipality",),
    kind=Kind.AUTOMATIC_PER_PERSON,
    calculation=(
        "13 000 kroner for norsk (175 timer) og 3 700 kroner for kultur og verdier (50 timer), én gang "
        "per person og tilbud."
    ),
    reporting=(
        "Ingen særskilt rapport eller regnskap. IMDi og Riksrevisjonen kan kontrollere bruken "
        "(bevilgningsreglementet § 10, riksrevisjonsloven § 12)."
    ),
    codes=(
        "ASYL-N",
        "ASYL-K",
    ),
    calendar=calendar(((1, 1), (2, 15)), ((4, 1), (5, 15)), ((7, 1), (8, 15)), ((10, 1), (11, 15))),
    deadline="Kommunen bekrefter hvert år i NIR at den gir tilbudet.",
    rules=(
        is_over_16,
        municipality_has_confirmed,
    ),
    assumptions=("Betales i første kvartalstermin etter registrering; terminene følger kalenderen fra 2016.",),
    appeal=NO_APPEAL,
)
