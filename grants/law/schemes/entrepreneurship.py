"""Etablereropplæring for innvandrere: Rundskriv 08/2017, kap. 496 post 62."""

from grants.law.rule import Facts, Outcome, Rates, met_if, needs_a_human, rule
from grants.law.scheme import CRITERIA_ARE_OURS, Criterion, Kind, Scheme, Text
from grants.law.themes import PROJECT_THEMES


@rule("Rundskriv 08/2017", asks=("least_own_share",))
def brings_own_money(facts: Facts, rates: Rates) -> Outcome:
    """Egne midler er minst like store som søknadsbeløpet."""
    own, applied = facts.own_ore, facts.applied_ore
    if own is None or applied is None:
        return needs_a_human("egne midler eller søknadsbeløp er ikke kjent")
    return met_if(own >= applied * rates("least_own_share"), saw=(own, applied), source=facts.source_of("own_ore"))


SCHEME = Scheme(
    code="entrepreneurship",
    name=Text(
        "Etablereropplæring for innvandrere",
        "Etableraropplæring for innvandrarar",
        "Business start-up training for immigrants",
    ),
    chapter="0496",
    post="62",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 62; Rundskriv 08/2017.",
    purpose=Text(
        "Flere innvandrere etablerer egen virksomhet.",
        "Fleire innvandrarar etablerer eiga verksemd.",
        "More immigrants start a business.",
    ),
    target_group="Innvandrere som vil starte virksomhet; kvinner prioriteres.",
    recipients=(
        "municipality",
        "county",
        "enterprise",
    ),
    kind=Kind.PROJECT_APPLICATION,
    calculation="Høyst like mye som egne midler (1:1). NSFV kan få inntil 3,5 millioner.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=("entrepreneurship",),
    rules=(brings_own_money,),
    criteria=(
        Criterion(
            "results",
            Text("Deltakere og nye virksomheter", "Deltakarar og nye verksemder", "Participants and new firms"),
            2,
        ),
        Criterion(
            "women",
            Text(
                "Kvinner med innvandrerbakgrunn", "Kvinner med innvandrarbakgrunn", "Women with an immigrant background"
            ),
            1,
        ),
    ),
    themes=PROJECT_THEMES,
    unknowns=(CRITERIA_ARE_OURS,),
)
