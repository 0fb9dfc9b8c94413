"""Tilskudd 1 og 2 for persons with serious, known disabilities or behavioural difficulties: kap. 496 post 60."""

from grants.law.rule import Facts, Outcome, Rates, holds, met_if, needs_a_human, rule
from grants.law.scheme import Kind, Scheme, SubScheme, Text, Unknown, calendar


@rule("JD regelverk 6.1.2017")
def arose_before_settlement(facts: Facts, rates: Rates) -> Outcome:
    """Tilstanden oppsto før bosettingen."""
    return holds(facts, "arose_before_settlement")


@rule("JD regelverk 6.1.2017")
def is_settled_by_agreement(facts: Facts, rates: Rates) -> Outcome:
    """Personen er bosatt etter avtale mellom IMDi og kommunen."""
    return holds(facts, "settled_by_agreement")


@rule("imdi.no (2017)")
def is_claimed_in_time(facts: Facts, rates: Rates) -> Outcome:
    """Kravet kom innen 13 måneder etter bosetting."""
    return (
        met_if(facts.months_since_settlement <= 13, saw=facts.months_since_settlement, source="kravet")
        if facts.months_since_settlement is not None
        else needs_a_human("dagen for bosetting er ikke kjent")
    )


SCHEME = Scheme(
    code="disability",
    name=Text(
        "Tilskudd ved bosetting av personer med alvorlige, kjente funksjonsnedsettelser og/eller atferdsvansker",
        "Tilskot ved busetjing av personar med alvorlege, kjende funksjonsnedsetjingar og/eller åtferdsvanskar",
        "Grant for settling persons with serious, known disabilities and/or behavioural difficulties",
    ),
    chapter="0496",
    post="60",
    legal_basis=("Stortingets budsjettvedtak for 2017; Prop. 1 S (2016-2017) kap. 496 post 60; JD regelverk 6.1.2017."),
    purpose=Text(
        "Dekke ekstraordinære kommunale utgifter som integreringstilskuddet og andre ikke dekker.",
        "Dekkje ekstraordinære kommunale utgifter som integreringstilskotet og andre ikkje dekkjer.",
        "Cover extraordinary municipal costs that the integration grant and others do not.",
    ),
    target_group=(
        "Personer med integreringstilskudd, bosatt etter avtale, med en tilstand som oppsto før bosettingen."
    ),
    recipients=("municipality",),
    kind=Kind.CLAIM_PER_PERSON,
    calculation=(
        "Dokumenterte utgifter over innslagssummen. Tilskudd 1 er et engangstilskudd i første eller "
        "andre år; tilskudd 2 er årlig i inntil fem år, inntil taket per person per år."
    ),
    reporting=(
        "Regnskap for utgiftene; ved død regnskap innen tre måneder. IMDi og Riksrevisjonen kan "
        "kontrollere bruken (bevilgningsreglementet § 10, riksrevisjonsloven § 12)."
    ),
    codes=(
        "FHT1",
        "FHT2",
    ),
    calendar=calendar(((12, 31), (12, 10))),
    deadline="Innen 13 måneder etter bosetting.",
    sub_schemes=(
        SubScheme("disability_1", Text("Tilskudd 1", "Tilskot 1", "Grant 1"), "Engangstilskudd; innslagssum 100 000."),
        SubScheme(
            "disability_2", Text("Tilskudd 2", "Tilskot 2", "Grant 2"), "Årlig; innslagssum 200 000, tak 1 157 000."
        ),
    ),
    rules=(
        arose_before_settlement,
        is_settled_by_agreement,
        is_claimed_in_time,
    ),
    assumptions=("A9: min(tak, maks(0, dokumenterte utgifter - innslagssum)).",),
    unknowns=(Unknown("Beløpet for tilskudd 1 i 2017.", "En kjøring med krav om tilskudd 1 stopper."),),
)
