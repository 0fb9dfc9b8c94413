"""Nasjonale ressursmiljøer: earmarked by Stortinget, kap. 496 post 71."""

from grants.law.rule import Facts, Outcome, Rates, holds, rule
from grants.law.scheme import Kind, Scheme, Text
from grants.law.themes import PROJECT_THEMES


@rule("Stortingets budsjettvedtak 2017")
def is_named_in_the_budget(facts: Facts, rates: Rates) -> Outcome:
    """Mottakeren er navngitt i budsjettvedtaket."""
    return holds(facts, "is_named")


SCHEME = Scheme(
    code="resource_centres",
    name=Text(
        "Nasjonale ressursmiljøer",
        "Nasjonale ressursmiljø",
        "National resource centres",
    ),
    chapter="0496",
    post="71",
    legal_basis="Stortingets budsjettvedtak for 2017, kap. 496 post 71: navngitte mottakere.",
    purpose=Text(
        "Nasjonale ressursmiljøer på integreringsfeltet.",
        "Nasjonale ressursmiljø på integreringsfeltet.",
        "National resource centres on integration.",
    ),
    target_group="16 navngitte organisasjoner.",
    recipients=("ngo",),
    kind=Kind.EARMARKED,
    calculation="Beløpet er fastsatt av Stortinget; betales i terminer.",
    reporting=(
        "Revisorgodkjent regnskap; ny termin holdes tilbake når det mangler (praksis). Mottakeren "
        "rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per utlysning. "
        "IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, riksrevisjonsloven "
        "§ 12)."
    ),
    auditors_statement=True,
    codes=("resource_centres",),
    rules=(is_named_in_the_budget,),
    themes=PROJECT_THEMES,
)
