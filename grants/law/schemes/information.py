"""Informasjons- og veiledningstiltak, parts 1 and 2: kap. 496 post 71."""

from grants.law.question import Answer, Question, Theme
from grants.law.rule import Facts, Outcome, Rates, holds, met_if, needs_a_human, one_of, rule
from grants.law.scheme import CRITERIA_ARE_OURS, Criterion, Kind, Scheme, SubScheme, Text
from grants.law.themes import ATTACHMENTS, BUDGET, CONTACT, GOALS, PROJECT


@rule("JD regelverk 20.12.2016")
def is_non_profit(facts: Facts, rates: Rates) -> Outcome:
    """Søkeren er ideell; private firmaer kan ikke søke."""
    return one_of(facts, "organisation_kind", ("ngo",))


@rule("JD regelverk 20.12.2016")
def has_an_agreement_for_part_2(facts: Facts, rates: Rates) -> Outcome:
    """Del 2 krever intensjonsavtale med IMDi."""
    if facts.part is None:
        return needs_a_human("delen det søkes om, er ikke kjent")
    if facts.part != "2":
        return met_if(True, saw=facts.part, source=facts.source_of("part"))
    return holds(facts, "has_agreement")


CONDITIONS = Theme(
    "conditions",
    Text("Vilkår", "Vilkår", "Conditions"),
    (
        Question(
            "has_agreement",
            Text(
                "Har dere en intensjonsavtale med IMDi?",
                "Har de ein intensjonsavtale med IMDi?",
                "Do you have a letter of intent with IMDi?",
            ),
            Answer.YES_NO,
            parts=("information_2",),
        ),
    ),
)
SCHEME = Scheme(
    code="information",
    name=Text(
        "Informasjons- og veiledningstiltak rettet mot innvandrere",
        "Informasjons- og rettleiingstiltak retta mot innvandrarar",
        "Information and guidance for immigrants",
    ),
    chapter="0496",
    post="71",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 71; JD regelverk 20.12.2016 (regjeringen.no id2525551).",
    purpose=Text(
        "Innvandrere får informasjon og veiledning fra frivillige.",
        "Innvandrarar får informasjon og rettleiing frå frivillige.",
        "Immigrants get information and guidance from volunteers.",
    ),
    target_group=(
        "Del 1: arbeidsinnvandrere og andre utenfor introduksjonsordningen. Del 2: flyktninger og innvandrere lokalt."
    ),
    recipients=("ngo",),
    kind=Kind.PROJECT_APPLICATION,
    calculation="Beløp etter søknad og vurdering; brukes i året.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=(
        "information_1",
        "information_2",
    ),
    deadline="26. januar 2017.",
    sub_schemes=(
        SubScheme(
            "information_1",
            Text(
                "Informasjon og veiledning, del 1: informasjonsprosjekter",
                "Informasjon og rettleiing, del 1: informasjonsprosjekt",
                "Information and guidance, part 1: information projects",
            ),
            "",
        ),
        SubScheme(
            "information_2",
            Text(
                "Informasjon og veiledning, del 2: organisasjoner med intensjonsavtale",
                "Informasjon og rettleiing, del 2: organisasjonar med intensjonsavtale",
                "Information and guidance, part 2: organisations with an agreement of intent",
            ),
            "Bare sentralledd.",
        ),
    ),
    rules=(
        is_non_profit,
        has_an_agreement_for_part_2,
    ),
    criteria=(
        Criterion("need", Text("Behov", "Behov", "Need"), 1),
        Criterion("volunteers", Text("Frivillig innsats", "Frivillig innsats", "Voluntary effort"), 1),
    ),
    themes=(CONTACT, CONDITIONS, PROJECT, GOALS, BUDGET, ATTACHMENTS),
    unknowns=(CRITERIA_ARE_OURS,),
)
