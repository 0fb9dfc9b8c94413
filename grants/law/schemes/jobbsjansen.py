"""Jobbsjansen, parts A to D: kap. 496 post 62."""

from grants.law.rule import Facts, Outcome, Rates, at_least, met_if, needs_a_human, one_of, rule
from grants.law.scheme import CRITERIA_ARE_OURS, Criterion, Kind, Scheme, SubScheme, Text, Unknown
from grants.law.themes import PROJECT_THEMES


@rule("JD regelverk Jobbsjansen")
def is_the_right_kind_of_applicant(facts: Facts, rates: Rates) -> Outcome:
    """Del A, C og D: kommune. Del B: fylkeskommune."""
    if facts.part is None:
        return needs_a_human("delen det søkes om, er ikke kjent")
    return one_of(facts, "organisation_kind", ("county",) if facts.part == "B" else ("municipality",))


@rule("imdi.no (senere versjon)", certainty="G", asks=("least_participants_a",))
def has_enough_participants(facts: Facts, rates: Rates) -> Outcome:
    """Del A har minst ti deltakere."""
    if facts.part is None:
        return needs_a_human("delen det søkes om, er ikke kjent")
    if facts.part != "A":
        return met_if(True, saw=facts.part, source=facts.source_of("part"))
    return at_least(facts, "participants", rates("least_participants_a"))


SCHEME = Scheme(
    code="jobbsjansen",
    name=Text(
        "Jobbsjansen",
        "Jobbsjansen",
        "The Job Opportunity",
    ),
    chapter="0496",
    post="62",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 62; JD regelverk for Jobbsjansen del A, B, C og D.",
    purpose=Text(
        "Øke sysselsettingen og utdanningen blant innvandrere med behov for grunnleggende kvalifisering.",
        "Auke sysselsetjinga og utdanninga blant innvandrarar med behov for grunnleggjande kvalifisering.",
        "Raise employment and education among immigrants who need basic qualification.",
    ),
    target_group=(
        "A: hjemmeværende innvandrerkvinner 18-55 år. B: innvandrerungdom 16-24 år. C: deltakere med "
        "behov for et fjerde år i introduksjonsprogram. D: ungdomsprosjekter under utfasing."
    ),
    recipients=(
        "municipality",
        "county",
    ),
    kind=Kind.PROJECT_APPLICATION,
    calculation="Beløp etter søknad og vurdering innenfor rammen for utlysningen; penger ett år om gangen.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=(
        "jobbsjansen_a",
        "jobbsjansen_b",
        "jobbsjansen_c",
        "jobbsjansen_d",
    ),
    sub_schemes=(
        SubScheme(
            "jobbsjansen_a",
            Text("Jobbsjansen, del A", "Jobbsjansen, del A", "The Job Opportunity, part A"),
            "Kommuner.",
        ),
        SubScheme(
            "jobbsjansen_b",
            Text("Jobbsjansen, del B", "Jobbsjansen, del B", "The Job Opportunity, part B"),
            "Fylkeskommuner.",
        ),
        SubScheme(
            "jobbsjansen_c",
            Text("Jobbsjansen, del C", "Jobbsjansen, del C", "The Job Opportunity, part C"),
            "Kommuner; stønad inntil 1 G per deltaker (2018).",
        ),
        SubScheme(
            "jobbsjansen_d",
            Text("Jobbsjansen, del D", "Jobbsjansen, del D", "The Job Opportunity, part D"),
            "1. januar til 30. mars 2017; frist 9. februar 2017.",
        ),
    ),
    rules=(
        is_the_right_kind_of_applicant,
        has_enough_participants,
    ),
    criteria=(
        Criterion(
            "goals",
            Text("Tallfestede og kvalitative mål", "Talfesta og kvalitative mål", "Measured and qualitative goals"),
            2,
        ),
        Criterion("cooperation", Text("Forpliktende samarbeid", "Forpliktande samarbeid", "Binding cooperation"), 2),
        Criterion(
            "individual",
            Text("Individuelt tilpasset program", "Individuelt tilpassa program", "Individually adapted programme"),
            1,
        ),
    ),
    themes=PROJECT_THEMES,
    unknowns=(
        CRITERIA_ARE_OURS,
        Unknown("Høyeste beløp per prosjekt og egenandel i 2017.", "Settes som tall per utlysning."),
        Unknown("Frister for del A, B og C i 2017.", "Settes per utlysning."),
    ),
)
