"""Integreringstilskudd, with eldretilskudd and barnehagetilskudd: Rundskriv 01/2017, kap. 496 post 60."""

from grants.law.rule import Facts, Outcome, Rates, met_if, needs_a_human, one_of, rule
from grants.law.scheme import NO_APPEAL, Kind, Scheme, Text, Unknown, calendar

# independent: own grounds since 1 July 2011. limited_minor: unaccompanied minors with a limited permit, from 2 February 2017.
# born_here: children born up to six months after the mother was settled.
PERMITS = (
    "asylum", "humanitarian", "collective", "resettlement", "family", "independent", "limited_minor", "born_here",
)  # fmt: skip


@rule("Rundskriv 01/2017; JD regelverk")
def has_a_permit_that_counts(facts: Facts, rates: Rates) -> Outcome:
    """Personen har en oppholdstillatelse som utløser tilskudd."""
    return one_of(facts, "permit", PERMITS)


@rule("imdi.no (2018), unntak, lagt til grunn for 2017", certainty="G")
def is_not_family_of_somebody_settled_long_ago(facts: Facts, rates: Rates) -> Outcome:
    """Ved familieinnvandring: referansepersonen hadde vært bosatt i høyst fem år da søknaden ble fremmet."""
    if facts.permit is None:
        return needs_a_human("oppholdsgrunnlaget er ikke kjent")
    if facts.permit != "family":
        return met_if(True, saw=facts.permit, source=facts.source_of("permit"))
    return (
        met_if(facts.reference_years <= 5, saw=facts.reference_years, source=facts.source_of("reference_years"))
        if facts.reference_years is not None
        else needs_a_human("referansepersonens botid er ikke kjent")
    )


SCHEME = Scheme(
    code="integration",
    name=Text(
        "Integreringstilskudd, inkludert eldretilskudd og barnehagetilskudd",
        "Integreringstilskot, medrekna eldretilskot og barnehagetilskot",
        "Integration grant, with supplements for elderly and nursery age",
    ),
    chapter="0496",
    post="60",
    legal_basis=("Stortingets budsjettvedtak for 2017; Prop. 1 S (2016-2017) kap. 496 post 60; Rundskriv 01/2017."),
    purpose=Text(
        "Rask bosetting, og rimelig dekning av kommunenes gjennomsnittlige merutgifter i bosettingsåret og de fire neste årene.",
        "Rask busetjing, og rimeleg dekning av dei gjennomsnittlege meirutgiftene til kommunane i busetjingsåret og dei fire neste åra.",
        "Fast settlement, and reasonable cover of the average extra costs of municipalities in the year of settlement and the next four.",
    ),
    target_group=(
        "Personer bosatt etter asyl, kollektiv beskyttelse, humanitært grunnlag etter asylsøknad, som "
        "overføringsflyktninger, deres familieinnvandrede, og barn født inntil seks måneder etter mors "
        "bosetting."
    ),
    recipients=("municipality",),
    kind=Kind.AUTOMATIC_PER_PERSON,
    calculation=(
        "År 1 betales én gang til bosettingskommunen. År 2 til 5 betales i fire terminer til kommunen "
        "der personen bor på skjæringsdatoen. Årstallet er betalingsåret minus bosettingsåret pluss 1. "
        "Barnehagetilskudd og eldretilskudd betales én gang, sammen med år 1."
    ),
    reporting=(
        "Ingen særskilt rapport eller regnskap. IMDi og Riksrevisjonen kan kontrollere bruken "
        "(bevilgningsreglementet § 10, riksrevisjonsloven § 12)."
    ),
    codes=(
        "AR-1",
        "AR-1 EV",
        "AR-1 B",
        "AR-1 EM",
        "BHT",
        "ELDR",
        "AR-2",
        "AR-3",
        "AR-4",
        "AR-5",
    ),
    calendar=calendar(((3, 1), (3, 15)), ((6, 1), (6, 15)), ((9, 1), (9, 15)), ((12, 1), (12, 5))),
    deadline="År 1: så raskt som mulig etter bosetting. År 2 til 5: ingen, betales automatisk.",
    rules=(
        has_a_permit_that_counts,
        is_not_family_of_somebody_settled_long_ago,
    ),
    assumptions=(
        "A1: betalingsår minus bosettingsår pluss 1.",
        (
            "A2: hel årssats i år 1 uansett måned; eldretilskudd fra fylte 60 år på bosettingsdagen (kildene "
            "sier «over 60»)."
        ),
        (
            "A3: skjæringsdatoer 1. mars, 1. juni, 1. september og 1. desember; hver termin til "
            "bostedskommunen på skjæringsdatoen."
        ),
    ),
    unknowns=(
        Unknown(
            "Satsene for 2014, 2015, 2016 og 2018, år for år.",
            "En kjøring for et år uten sats stopper og sier hvilken sats som mangler.",
        ),
        Unknown(
            "Ordlyden om deling mellom kommuner ved flytting i 2017.",
            "Terminen følger bostedet på skjæringsdatoen (A3).",
        ),
    ),
    appeal=NO_APPEAL,
)
