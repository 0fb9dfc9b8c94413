"""Lokale innvandrerorganisasjoner: frames to 20 municipalities, kap. 496 post 71."""

from grants.law.question import Answer, Question, Theme
from grants.law.rule import Facts, Outcome, Rates, holds, rule
from grants.law.scheme import Kind, Scheme, Text, Unknown
from grants.law.themes import ATTACHMENTS, CONTACT


@rule("IMDi Årsrapport 2017", certainty="R")
def is_one_of_the_municipalities(facts: Facts, rates: Rates) -> Outcome:
    """Kommunen har ansvar for ordningen."""
    return holds(facts, "has_assignment")


DISTRIBUTION = Theme(
    "distribution",
    Text("Rammen og fordelingen", "Ramma og fordelinga", "The frame and its distribution"),
    (
        Question(
            "takes_responsibility",
            Text(
                "Tar kommunen ansvaret for å kunngjøre og dele ut rammen?",
                "Tek kommunen ansvaret for å kunngjere og dele ut ramma?",
                "Does the municipality take responsibility for announcing and distributing the frame?",
            ),
            Answer.YES_NO,
            help=Text(
                "Rammen står i invitasjonen. Den er det meste dere kan dele ut.",
                "Ramma står i invitasjonen. Ho er det meste de kan dele ut.",
                "The frame is in the invitation. It is the most you can distribute.",
            ),
        ),
        Question(
            "announced_on",
            Text("Når kunngjør dere midlene?", "Når kunngjer de midlane?", "When do you announce the money?"),
            Answer.DATE,
        ),
        Question(
            "criteria",
            Text(
                "Hva legger dere vekt på når dere velger?",
                "Kva legg de vekt på når de vel?",
                "What do you consider when you choose?",
            ),
        ),
        Question(
            "admin_share",
            Text(
                "Hvor stor del av rammen går til administrasjon?",
                "Kor stor del av ramma går til administrasjon?",
                "How much of the frame goes to administration?",
            ),
            Answer.PERCENT,
        ),
    ),
)

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
    themes=(CONTACT, DISTRIBUTION, ATTACHMENTS),
    unknowns=(Unknown("Fordelingsnøkkel og andel til administrasjon i 2017.", "Rammen per kommune føres som tall."),),
)
