"""Mentor- og traineeordninger: Rundskriv 13/2017, kap. 496 post 73."""

from grants.law.question import Answer, Document, Question, Theme
from grants.law.rule import Facts, Outcome, Rates, holds, rule
from grants.law.scheme import CRITERIA_ARE_OURS, Criterion, Kind, Scheme, Text, Unknown
from grants.law.themes import BUDGET, CONTACT, GOALS, PROJECT, attachments


@rule("Rundskriv 13/2017, senere versjon", certainty="G")
def declares_economic_activity(facts: Facts, rates: Rates) -> Outcome:
    """Søkeren har opplyst om økonomisk aktivitet (statsstøtte)."""
    return holds(facts, "declared_economic_activity")


CONDITIONS = Theme(
    "conditions",
    Text("Vilkår", "Vilkår", "Conditions"),
    (
        Question(
            "declared_economic_activity",
            Text(
                "Har dere gitt opplysninger om økonomisk aktivitet?",
                "Har de gitt opplysningar om økonomisk aktivitet?",
                "Have you given information on economic activity?",
            ),
            Answer.YES_NO,
            help=Text(
                "Opplysningene brukes til å vurdere reglene om statsstøtte.",
                "Opplysningane blir brukte til å vurdere reglane om statsstøtte.",
                "The information is used to assess the rules on state aid.",
            ),
        ),
    ),
)
# The rules of 2019 ask for the last annual report and accounts. For 2017 that is not known, so nobody is held to it.
ASKED_FOR = "Rundskriv mentor- og traineeordninger 2019, lagt til grunn for 2017"
ATTACHED = attachments(
    Document(
        "annual_report",
        Text("Siste årsberetning", "Siste årsmelding", "Latest annual report"),
        citation=ASKED_FOR,
        certainty="G",
    ),
    Document(
        "annual_accounts",
        Text("Siste årsregnskap", "Siste årsrekneskap", "Latest annual accounts"),
        help=Text(
            "Regnskapet for det siste året som er avsluttet.",
            "Rekneskapen for det siste året som er avslutta.",
            "The accounts of the latest year that is closed.",
        ),
        citation=ASKED_FOR,
        certainty="G",
    ),
)
SCHEME = Scheme(
    code="mentor_trainee",
    name=Text(
        "Mentor- og traineeordninger for personer med innvandrerbakgrunn",
        "Mentor- og traineeordningar for personar med innvandrarbakgrunn",
        "Mentor and trainee schemes for persons with an immigrant background",
    ),
    chapter="0496",
    post="73",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 73; Rundskriv 13/2017.",
    purpose=Text(
        "Flere med innvandrerbakgrunn i relevant arbeid.",
        "Fleire med innvandrarbakgrunn i relevant arbeid.",
        "More persons with an immigrant background in relevant work.",
    ),
    target_group="Personer med innvandrerbakgrunn med relevant kompetanse.",
    recipients=(
        "enterprise",
        "ngo",
        "municipality",
        "county",
    ),
    kind=Kind.PROJECT_APPLICATION,
    calculation="Prosjekttilskudd etter søknad og vurdering innenfor rammen.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=("mentor_trainee",),
    rules=(declares_economic_activity,),
    criteria=(
        Criterion("goals", Text("Mål og plan", "Mål og plan", "Goals and plan"), 1),
        Criterion(
            "budget",
            Text("Budsjett og annen finansiering", "Budsjett og anna finansiering", "Budget and other funding"),
            1,
        ),
    ),
    themes=(CONTACT, CONDITIONS, PROJECT, GOALS, BUDGET, ATTACHED),
    unknowns=(
        CRITERIA_ARE_OURS,
        Unknown("Egenandel i 2017.", "Settes per utlysning."),
    ),
)
