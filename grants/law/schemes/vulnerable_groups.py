"""Innsats for særlig utsatte innvandrergrupper: earmarked in Prop. 1 S, kap. 496 post 71."""

from grants.law.rule import Facts, Outcome, Rates, holds, rule
from grants.law.scheme import Kind, Scheme, Text
from grants.law.themes import PROJECT_THEMES


@rule("Prop. 1 S (2016-2017)")
def is_named_in_the_proposition(facts: Facts, rates: Rates) -> Outcome:
    """Mottakeren er navngitt i Prop. 1 S."""
    return holds(facts, "is_named")


SCHEME = Scheme(
    code="vulnerable_groups",
    name=Text(
        "Tilskudd til særlig utsatte innvandrergrupper",
        "Tilskot til særleg utsette innvandrargrupper",
        "Grants for particularly vulnerable immigrant groups",
    ),
    chapter="0496",
    post="71",
    legal_basis="Prop. 1 S (2016-2017) kap. 496 post 71: navngitte mottakere.",
    purpose=Text(
        "Hjelp til særlig utsatte innvandrergrupper.",
        "Hjelp til særleg utsette innvandrargrupper.",
        "Help for particularly vulnerable groups.",
    ),
    target_group=(
        "Tre navngitte organisasjoner: MiRA 0,5, Kirkens Bymisjon/PMV 1,0 og Refugee Alliance 0,5 millioner."
    ),
    recipients=("ngo",),
    kind=Kind.EARMARKED,
    calculation="Beløpet er fastsatt i Prop. 1 S.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=("vulnerable_groups",),
    rules=(is_named_in_the_proposition,),
    themes=PROJECT_THEMES,
)
