"""Lokale innvandrerorganisasjoner: frames to 20 municipalities, kap. 496 post 71."""

from grants.law.rule import Facts, Outcome, Rates, holds, rule
from grants.law.scheme import Kind, Scheme, Text, Unknown
from grants.law.themes import PROJECT_THEMES


@rule("IMDi Årsrapport 2017", certainty="R")
def is_one_of_the_municipalities(facts: Facts, rates: Rates) -> Outcome:
    """Kommunen har ansvar for ordningen."""
    return holds(facts, "has_assignment")


SCHEME = Scheme(
    code="local_organisations",
    name=Text(
        "Lokale innvandrerorganisasjoner og frivillig virksomhet i lokalsamfunn",
        "Lokale innvandrarorganisasjonar og frivillig verksemd i lokalsamfunn",
        "Local immigrant organisations and voluntary work",
    ),
    chapter="0496",
    post="71",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 71; delegert til 20 kommuner.",
    purpose=Text(
        "Innvandrere deltar i lokalsamfunnet.",
        "Innvandrarar deltek i lokalsamfunnet.",
        "Immigrants take part in local life.",
    ),
    target_group="Lokale innvandrerorganisasjoner og frivillige lag i 20 kommuner.",
    recipients=("municipality",),
    kind=Kind.DELEGATED,
    calculation=(
        "Ramme til hver av 20 kommuner, som kunngjør og fordeler videre. Samlet ramme 13,43 millioner i 2017."
    ),
    reporting="Kommunene rapporterer til IMDi; IMDi rapporterer posten samlet innen 1. juni.",
    codes=("local_organisations",),
    rules=(is_one_of_the_municipalities,),
    themes=PROJECT_THEMES,
    unknowns=(Unknown("Fordelingsnøkkel og andel til administrasjon i 2017.", "Rammen per kommune føres som tall."),),
)
