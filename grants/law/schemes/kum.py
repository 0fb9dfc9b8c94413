"""Kommunale utviklingsmidler (KUM): kap. 496 post 62."""

from grants.law.question import Answer, Question, Theme
from grants.law.rule import Facts, Outcome, Rates, met_if, needs_a_human, rule
from grants.law.scheme import CRITERIA_ARE_OURS, Criterion, Kind, Scheme, Text, Unknown
from grants.law.themes import ATTACHMENTS, BUDGET, CONTACT, GOALS, PROJECT


@rule("JD regelverk 2018, lagt til grunn for 2017", certainty="G", asks=("least_share_of_immigrants", "least_refugees"))
def has_enough_immigrants_or_refugees(facts: Facts, rates: Rates) -> Outcome:
    """Minst 5 prosent innvandrere fra landgruppe 2, eller minst 100 flyktninger med under fem års botid."""
    share, refugees = facts.share_of_immigrants, facts.refugees
    if share is None and refugees is None:
        return needs_a_human("verken andel innvandrere eller antall flyktninger er kjent")
    by_share = share is not None and share >= rates("least_share_of_immigrants")
    by_number = refugees is not None and refugees >= rates("least_refugees")
    return met_if(by_share or by_number, saw=(share, refugees), source=facts.source_of("share_of_immigrants"))


MUNICIPALITY = Theme(
    "municipality",
    Text("Om kommunen", "Om kommunen", "About the municipality"),
    (
        Question(
            "share_of_immigrants",
            Text(
                "Hvor stor andel av innbyggerne er innvandrere fra landgruppe 2?",
                "Kor stor del av innbyggjarane er innvandrarar frå landgruppe 2?",
                "What share of the inhabitants are immigrants from country group 2?",
            ),
            Answer.PERCENT,
            required=False,
        ),
        Question(
            "refugees",
            Text(
                "Hvor mange flyktninger har bodd i Norge i mindre enn fem år?",
                "Kor mange flyktningar har budd i Noreg i mindre enn fem år?",
                "How many refugees have lived in Norway for less than five years?",
            ),
            Answer.NUMBER,
            required=False,
        ),
    ),
)
SCHEME = Scheme(
    code="kum",
    name=Text(
        "Kommunale utviklingsmidler",
        "Kommunale utviklingsmidlar",
        "Municipal development funds",
    ),
    chapter="0496",
    post="62",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 62; JD regelverk (2018: regjeringen.no id2582922).",
    purpose=Text(
        "Utvikle kommunenes arbeid med kvalifisering av nyankomne innvandrere.",
        "Utvikle arbeidet i kommunane med kvalifisering av nykomne innvandrarar.",
        "Develop municipal work to qualify newly arrived immigrants.",
    ),
    target_group="Kommuner, bydeler og samarbeid mellom kommuner.",
    recipients=("municipality",),
    kind=Kind.PROJECT_APPLICATION,
    calculation="Beløp etter søknad og vurdering innenfor rammen for utlysningen.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=("kum",),
    rules=(has_enough_immigrants_or_refugees,),
    criteria=(
        Criterion("transfer", Text("Overføringsverdi", "Overføringsverdi", "Value to others"), 2),
        Criterion("goals", Text("Mål og resultater", "Mål og resultat", "Goals and results"), 2),
        Criterion("plan", Text("Gjennomføring og forankring", "Gjennomføring og forankring", "Plan and support"), 1),
    ),
    themes=(CONTACT, MUNICIPALITY, PROJECT, GOALS, BUDGET, ATTACHMENTS),
    unknowns=(
        CRITERIA_ARE_OURS,
        Unknown("Regelverket for 2017 og høyeste beløp.", "Vilkårene for 2018 er lagt til grunn."),
    ),
)
