"""Tilskudd 1 og 2 for persons with serious, known disabilities or behavioural difficulties: kap. 496 post 60."""

from datetime import date

from grants.law.calculators.months import months_after, months_begun
from grants.law.question import Answer, Document, Question, Theme
from grants.law.rule import Facts, Outcome, Rates, holds, met_if, needs_a_human, rule
from grants.law.scheme import Kind, Scheme, SubScheme, Text, Unknown, calendar
from grants.law.themes import CONTACT, attachments

MONTHS_TO_CLAIM = 13
IN_TIME = "imdi.no (2017)"


@rule("JD regelverk 6.1.2017")
def arose_before_settlement(facts: Facts, rates: Rates) -> Outcome:
    """Tilstanden oppsto før bosettingen."""
    return holds(facts, "arose_before_settlement")


@rule("JD regelverk 6.1.2017")
def is_settled_by_agreement(facts: Facts, rates: Rates) -> Outcome:
    """Personen er bosatt etter avtale mellom IMDi og kommunen."""
    return holds(facts, "settled_by_agreement")


@rule("JD regelverk 6.1.2017")
def lives_in_the_municipality(facts: Facts, rates: Rates) -> Outcome:
    """Personen er bosatt i kommunen i året kravet gjelder."""
    return holds(facts, "lives_in_the_municipality")


@rule("JD regelverk 6.1.2017")
def is_within_the_grant_years(facts: Facts, rates: Rates) -> Outcome:
    """Året er et av dem tilskuddet kan gis for: første eller andre år for tilskudd 1, inntil fem år for tilskudd 2."""
    if facts.grant_year is None or facts.last_grant_year is None:
        return needs_a_human("dagen for bosetting er ikke kjent")
    return met_if(
        1 <= facts.grant_year <= facts.last_grant_year, saw=facts.grant_year, source=facts.source_of("grant_year")
    )


@rule(IN_TIME)
def is_claimed_in_time(facts: Facts, rates: Rates) -> Outcome:
    """Kravet kom innen 13 måneder etter bosetting, eller det første kravet for personen gjorde det."""
    if facts.claimed_before:
        return met_if(True, saw="et tidligere år er innvilget", source=facts.source_of("claimed_before"))
    if facts.months_since_settlement is None:
        return needs_a_human("dagen for bosetting er ikke kjent")
    return met_if(
        facts.months_since_settlement <= MONTHS_TO_CLAIM,
        saw=facts.months_since_settlement,
        source=facts.source_of("months_since_settlement"),
    )


@rule("JD regelverk 6.1.2017")
def is_claimed_once(facts: Facts, rates: Rates) -> Outcome:
    """Det er ikke innvilget tilskudd 1 eller 2 for personen i samme kommune og år, og tilskudd 1 bare én gang."""
    if facts.granted_already is None:
        return needs_a_human("tidligere krav er ikke kjent")
    return met_if(not facts.granted_already, saw=facts.granted_already, source=facts.source_of("granted_already"))


@rule("imdi.no (2020): informert samtykke og legeerklæring", certainty="I")
def has_consent(facts: Facts, rates: Rates) -> Outcome:
    """Personen eller vergen har samtykket til at legeerklæringen deles."""
    return holds(facts, "has_consent")


def granted_ore(costs_ore: int, part: str, rates: Rates) -> int:
    """A9: documented costs above the threshold, up to the cap per person and year."""
    above = max(0, costs_ore - int(rates(f"threshold_{part}")))
    return min(int(rates(f"cap_{part}")), above)


def costs_behind(amount_ore: int, part: str, rates: Rates) -> int:
    """The costs that come to an amount above zero, by the same sum."""
    return amount_ore + int(rates(f"threshold_{part}"))


def last_day(settled_on: date) -> date:
    """The last day to claim the first time."""
    return months_after(settled_on, MONTHS_TO_CLAIM)


def months_since(settled_on: date, on: date) -> int:
    """How many months a claim came after the settlement; a month that has begun counts."""
    return months_begun(settled_on, on)


def last_grant_year(part: str, *, grant_years: int, settled_in: int, minor_born_in: int | None) -> int:
    """The last year of the grant, counted from the settlement year as 1; a minor has it to the year of 20 at least."""
    if part == "1":
        return 2
    return grant_years if minor_born_in is None else max(grant_years, minor_born_in + 20 - settled_in + 1)


PERSON = Theme(
    "person",
    Text("Personen", "Personen", "The person"),
    (
        Question(
            "person_ref",
            Text("Personens referanse", "Referansen til personen", "The person's reference"),
            Answer.LINE,
            help=Text(
                "Referansen fra IMDis brev om bosetting. Skriv ikke navn eller fødselsnummer.",
                "Referansen frå IMDis brev om busetjing. Skriv ikkje namn eller fødselsnummer.",
                "The reference from IMDi's letter about the settlement. Do not write a name or national identity number.",
            ),
        ),
        Question(
            "settled_by_agreement",
            Text(
                "Er personen bosatt etter avtale mellom IMDi og kommunen?",
                "Er personen busett etter avtale mellom IMDi og kommunen?",
                "Was the person settled by agreement between IMDi and the municipality?",
            ),
            Answer.YES_NO,
        ),
        Question(
            "arose_before_settlement",
            Text(
                "Oppsto tilstanden før bosettingen?",
                "Oppstod tilstanden før busetjinga?",
                "Did the condition arise before the settlement?",
            ),
            Answer.YES_NO,
        ),
        Question(
            "condition",
            Text(
                "Hva gjør at personen trenger ekstraordinære tiltak?",
                "Kva gjer at personen treng ekstraordinære tiltak?",
                "Why does the person need extraordinary measures?",
            ),
            help=Text(
                "Skriv bare det som trengs for å vurdere kravet. Resten står i legeerklæringen.",
                "Skriv berre det som trengst for å vurdere kravet. Resten står i legeerklæringa.",
                "Write only what is needed to assess the claim. The rest is in the medical statement.",
            ),
        ),
        Question(
            "has_consent",
            Text(
                "Har personen eller vergen samtykket til at legeerklæringen deles med IMDi?",
                "Har personen eller verja samtykt til at legeerklæringa blir delt med IMDi?",
                "Has the person or the guardian consented to sharing the medical statement with IMDi?",
            ),
            Answer.YES_NO,
            help=Text(
                "Samtykket skal være informert, og kommunen oppbevarer det.",
                "Samtykket skal vere informert, og kommunen tek vare på det.",
                "The consent must be informed, and the municipality keeps it.",
            ),
        ),
    ),
    apart=True,
)
# What the grant covers beside other grants (imdi.no): the kinds that the public pages name, and room for others.
COSTS = (
    Question(
        "cost_support",
        Text("Miljøarbeider og støttekontakt", "Miljøarbeidar og støttekontakt", "Social worker and support contact"),
        Answer.KRONER,
        required=False,
    ),
    Question(
        "cost_assistance",
        Text(
            "Brukerstyrt personlig assistanse",
            "Brukarstyrt personleg assistanse",
            "User-controlled personal assistance",
        ),
        Answer.KRONER,
        required=False,
    ),
    Question(
        "cost_health",
        Text(
            "Psykiatrisk sykepleier og annet helsepersonell",
            "Psykiatrisk sjukepleiar og anna helsepersonell",
            "Psychiatric nurse and other health personnel",
        ),
        Answer.KRONER,
        required=False,
    ),
    Question(
        "cost_education",
        Text("Pedagogiske tiltak", "Pedagogiske tiltak", "Educational measures"),
        Answer.KRONER,
        required=False,
    ),
    Question(
        "cost_other",
        Text("Andre ekstraordinære utgifter", "Andre ekstraordinære utgifter", "Other extraordinary costs"),
        Answer.KRONER,
        required=False,
    ),
)
MEASURES = Theme(
    "costs",
    Text("Utgiftene", "Utgiftene", "The costs"),
    (
        *COSTS,
        Question(
            "other_costs",
            Text("Hva er de andre utgiftene?", "Kva er dei andre utgiftene?", "What are the other costs?"),
            required=False,
        ),
    ),
    apart=True,
)
DOCUMENTS = (
    Document(
        "medical_statement",
        Text("Legeerklæring", "Legeerklæring", "Medical statement"),
        required=True,
        most=3,
        citation="imdi.no (2020)",
        certainty="I",
    ),
    Document(
        "costs_documented",
        Text("Dokumentasjon på utgiftene", "Dokumentasjon på utgiftene", "Documentation of the costs"),
        help=Text(
            "Regnskap eller vedtak som viser hva tiltakene koster.",
            "Rekneskap eller vedtak som viser kva tiltaka kostar.",
            "Accounts or decisions that show what the measures cost.",
        ),
        required=True,
        most=10,
        citation="JD regelverk 6.1.2017",
        certainty="I",
    ),
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
        lives_in_the_municipality,
        is_within_the_grant_years,
        is_claimed_in_time,
        is_claimed_once,
        has_consent,
    ),
    themes=(CONTACT, PERSON, MEASURES, attachments(*DOCUMENTS)),
    on_health=True,
    assumptions=(
        "A9: min(tak, maks(0, dokumenterte utgifter - innslagssum)).",
        "A14: fristen på 13 måneder gjelder det første kravet for en person; senere år følger fristen i utlysningen.",
    ),
    unknowns=(Unknown("Beløpet for tilskudd 1 i 2017.", "En kjøring med krav om tilskudd 1 stopper."),),
)
