"""Integreringsprosjekter i asylmottak: kap. 496 post 71."""

from grants.law.question import Answer, Question, Theme
from grants.law.rule import Facts, Outcome, Rates, one_of, rule
from grants.law.scheme import CRITERIA_ARE_OURS, Criterion, Kind, Scheme, Text, Unknown
from grants.law.themes import ATTACHMENTS, BUDGET, CONTACT, GOALS, PROJECT


@rule("JD regelverk 2018, lagt til grunn for 2017", certainty="G")
def does_not_run_a_centre(facts: Facts, rates: Rates) -> Outcome:
    """Søkeren driver ikke mottak."""
    return one_of(facts, "runs_a_centre", (False,))


CONDITIONS = Theme(
    "conditions",
    Text("Vilkår", "Vilkår", "Conditions"),
    (
        Question(
            "runs_a_centre",
            Text("Driver dere asylmottak?", "Driv de asylmottak?", "Do you run a reception centre?"),
            Answer.YES_NO,
        ),
    ),
)
SCHEME = Scheme(
    code="reception_projects",
    name=Text(
        "Integreringsprosjekter i asylmottak i regi av frivillige organisasjoner",
        "Integreringsprosjekt i asylmottak i regi av frivillige organisasjonar",
        "Integration projects in reception centres by voluntary organisations",
    ),
    chapter="0496",
    post="71",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 71; JD regelverk 2018 (regjeringen.no id2582943).",
    purpose=Text(
        "Beboere i asylmottak deltar og blir kjent med lokalsamfunnet.",
        "Bebuarar i asylmottak deltek og blir kjende med lokalsamfunnet.",
        "Residents take part in local life.",
    ),
    target_group="Beboere i asylmottak, hovedsakelig over 18 år.",
    recipients=("ngo",),
    kind=Kind.PROJECT_APPLICATION,
    calculation="Beløp etter søknad og vurdering innenfor rammen.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=("reception_projects",),
    rules=(does_not_run_a_centre,),
    criteria=(
        Criterion(
            "activity", Text("Aktivitet og deltakelse", "Aktivitet og deltaking", "Activity and participation"), 1
        ),
        Criterion("local", Text("Lokal tilknytning", "Lokal tilknyting", "Local ties"), 1),
    ),
    themes=(CONTACT, CONDITIONS, PROJECT, GOALS, BUDGET, ATTACHMENTS),
    unknowns=(
        CRITERIA_ARE_OURS,
        Unknown(
            "Tekst og tabell i årsrapporten oppgir ulike tall (86 og 111 prosjekter).",
            "Tabellens tall brukes ved sammenligning.",
        ),
    ),
)
