"""Kvalifisering for beboere i integreringsmottak: kap. 496 post 62."""

from grants.law.question import Answer, Question, Theme
from grants.law.rule import Facts, Outcome, Rates, holds, met_if, needs_a_human, rule
from grants.law.scheme import Kind, Scheme, Text, calendar
from grants.law.themes import ATTACHMENTS, CONTACT


@rule("JD regelverk 2017")
def hosts_a_centre_by_agreement(facts: Facts, rates: Rates) -> Outcome:
    """Kommunen har integreringsmottak etter avtale med IMDi."""
    return holds(facts, "has_agreement")


@rule("JD regelverk 2017")
def claims_the_places_of_the_agreement(facts: Facts, rates: Rates) -> Outcome:
    """Kravet gjelder plassene i avtalen."""
    if facts.agreed_places is None:
        return needs_a_human(f"{facts.places} plasser i {facts.months} måneder må sammenlignes med avtalen")
    return met_if(facts.places <= facts.agreed_places, saw=facts.places, source=facts.source_of("places"))


def granted_ore(places: int, months: int, rates: Rates) -> int:
    """The yearly rate for each place that is there all year, else the monthly one for each month."""
    if months == MONTHS:
        return places * int(rates("per_place_year"))
    return places * months * int(rates("per_place_month"))


def places_behind(amount_ore: int, months: int, rates: Rates) -> int | None:
    """How many places come to an amount; None where no whole number of places does."""
    each = granted_ore(1, months, rates)
    return None if amount_ore % each else amount_ore // each


MONTHS = 12
PLACES = Theme(
    "places",
    Text("Plassene", "Plassane", "The places"),
    (
        Question(
            "has_agreement",
            Text(
                "Har kommunen integreringsmottak etter avtale med IMDi?",
                "Har kommunen integreringsmottak etter avtale med IMDi?",
                "Does the municipality have an integration reception centre by agreement with IMDi?",
            ),
            Answer.YES_NO,
            help=Text(
                "Bare kommuner med avtale kan kreve tilskuddet.",
                "Berre kommunar med avtale kan krevje tilskotet.",
                "Only municipalities with an agreement can claim the grant.",
            ),
        ),
        Question(
            "centre",
            Text("Hva heter mottaket?", "Kva heiter mottaket?", "What is the centre called?"),
            Answer.LINE,
        ),
        Question(
            "agreed_on",
            Text("Når er avtalen fra?", "Når er avtalen frå?", "When was the agreement made?"),
            Answer.DATE,
            help=Text(
                "Datoen på avtalen, så vi finner den igjen.",
                "Datoen på avtalen, så vi finn han att.",
                "The date of the agreement, so that we can find it.",
            ),
        ),
        Question(
            "places",
            Text(
                "Hvor mange plasser gjelder kravet?",
                "Kor mange plassar gjeld kravet?",
                "How many places do you claim for?",
            ),
            Answer.NUMBER,
            between=(1, 10_000),
        ),
        Question(
            "months",
            Text(
                "I hvor mange måneder av året er plassene der?",
                "I kor mange månader av året er plassane der?",
                "For how many months of the year are the places there?",
            ),
            Answer.NUMBER,
            help=Text(
                "Skriv 12 når plassene er der hele året.",
                "Skriv 12 når plassane er der heile året.",
                "Write 12 when they are there all year.",
            ),
            between=(1, MONTHS),
        ),
    ),
)

SCHEME = Scheme(
    code="integration_reception",
    name=Text(
        "Kvalifisering for beboere i integreringsmottak",
        "Kvalifisering for bebuarar i integreringsmottak",
        "Qualification for residents of integration reception centres",
    ),
    chapter="0496",
    post="62",
    legal_basis=(
        "JD regelverk 2017 (regjeringen.no id2526657); siden oppgir post 73, men regnskapet viser at "
        "post 62 er belastet."
    ),
    purpose=Text(
        "Rask kvalifisering av beboere i integreringsmottak.",
        "Rask kvalifisering av bebuarar i integreringsmottak.",
        "Fast qualification of residents.",
    ),
    target_group="Beboere i integreringsmottak.",
    recipients=("municipality",),
    kind=Kind.CLAIM_PER_PERSON,
    calculation="18 518 kroner per plass for et helt år, ellers 1 543 kroner per plass og måned; i to terminer.",
    reporting=(
        "Mottakeren rapporterer til IMDi i februar året etter (Årsrapport 2017, del 4); dagen settes per "
        "utlysning. IMDi og Riksrevisjonen kan kontrollere bruken (bevilgningsreglementet § 10, "
        "riksrevisjonsloven § 12)."
    ),
    codes=("INTMOT",),
    calendar=calendar(((1, 1), (3, 15)), ((7, 1), (9, 15))),
    deadline="10. februar 2017.",
    rules=(hosts_a_centre_by_agreement, claims_the_places_of_the_agreement),
    themes=(CONTACT, PLACES, ATTACHMENTS),
    assumptions=("To like terminer med betaling 15. mars og 15. september; datoene er ikke i kildene.",),
)
