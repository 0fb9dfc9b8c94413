"""Appropriations of 2017 (IMDi Årsrapport 2017, note A) and what is booked outside this system.

The chapters' accounts are the published ones, less what the demo's own runs pay on the same post. How posts 62, 71 and
73 split on recipient sectors is an assumption that meets note 7 where the sources allow.
"""

from collections.abc import Iterator

Row = tuple[str, str, str, str, str, int, int]
BOSETTING = "Bosetting av flyktninger og tiltak for innvandrere"
OPPLAERING = "Opplæring i norsk og samfunnskunnskap for voksne innvandrere"

# kapittel, post, kapittelnavn, posttekst, stikkord, overført fra i fjor, årets tildelinger
APPROPRIATIONS: tuple[Row, ...] = (
    ("0495", "01", "Integrering- og mangfoldsdirektoratet", "Driftsutgifter", "", 12_689_000, 262_848_000),
    ("0496", "21", BOSETTING, "Spesielle driftsutgifter, kunnskapsutvikling", "kan overføres", 1_225_000, 14_025_000),
    ("0496", "45", BOSETTING, "Større utstyrsanskaffelser og vedlikehold", "kan overføres", 8_422_000, 40_000_000),
    ("0496", "60", BOSETTING, "Integreringstilskudd", "kan overføres", 0, 12_102_704_000),
    ("0496", "61", BOSETTING, "Særskilt tilskudd ved bosetting av enslige, mindreårige flyktninger", "overslagsbevilgning", 0, 3_347_366_000),
    ("0496", "62", BOSETTING, "Kommunale innvandrertiltak", "", 0, 166_959_500),
    ("0496", "70", BOSETTING, "Bosettingsordningen og integreringstilskudd, oppfølging", "", 0, 2_104_000),
    ("0496", "71", BOSETTING, "Tilskudd til innvandrerorganisasjoner og annen frivillig virksomhet", "", 0, 91_460_000),
    ("0496", "72", BOSETTING, "Statsautorisasjonsordningen for tolker m.m.", "", 0, 2_649_000),
    ("0496", "73", BOSETTING, "Tilskudd", "", 0, 4_085_000),
    ("0497", "21", OPPLAERING, "Spesielle driftsutgifter, opplæring i norsk og samfunnskunnskap", "kan overføres", 0, 2_500_000),
    ("0497", "60", OPPLAERING, "Tilskudd til opplæring i norsk og samfunnskunnskap for voksne innvandrere", "", 0, 2_350_365_000),
    ("0400", "23", "Justis- og beredskapsdepartementet", "Spesielle driftsutgifter, forskning og kunnskapsutvikling", "kan overføres", 0, 500_000),
)  # fmt: skip

# kapittel, post, sektor, beløp, kapittelnavn, posttekst, stikkord
Account = tuple[str, str, str, int, str, str, str]
ACCOUNTS: tuple[Account, ...] = (
    ("0495", "01", "", 264_400_288, "", "", ""),
    ("0496", "21", "", 14_412_914, "", "", ""),
    ("0496", "45", "", 34_924_565, "", "", ""),
    ("0496", "62", "kommune", 137_156_325, "", "", ""),
    ("0496", "62", "fylkeskommune", 28_567_000, "", "", ""),
    ("0496", "62", "foretak", 920_100, "", "", ""),
    ("0496", "70", "kommune", 2_104_000, "", "", ""),
    ("0496", "71", "ideell", 80_247_820, "", "", ""),
    ("0496", "71", "kommune", 9_310_814, "", "", ""),
    # Note 7 is 974 206 below the grant posts: charged there on other accounts than grants. That it is here is a guess.
    ("0496", "71", "", 974_206, "", "", ""),
    ("0496", "72", "kommune", 2_649_000, "", "", ""),
    ("0496", "73", "foretak", 4_085_000, "", "", ""),
    ("0497", "21", "", 1_437_769, "", "", ""),
    ("0497", "60", "kommune", 2_337_810_319, "", "", ""),
    ("0400", "23", "", 278_609, "", "", ""),
    (
        "0540", "25", "", 700_000, "Direktoratet for forvaltning og IKT (belastningsfullmakt)",
        "Medfinansieringsordning for lønnsomme IKT-prosjekter", "kan overføres",
    ),
    ("1633", "01", "", 19_267_084, "Statlig betalt merverdiavgift", "Driftsutgifter", ""),
    ("3495", "01", "", 2_011_373, "Integrerings- og mangfoldsdirektoratet", "Driftsinntekter", ""),
    ("5309", "29", "", 7_833_434, "Tilfeldige inntekter", "Ymse", ""),
    ("5700", "72", "", 20_503_667, "Folketrygdens inntekter", "Arbeidsgiveravgift", ""),
)  # fmt: skip
# What the demo's runs pay on posts that have accounts of their own above: so much less is booked outside.
PLACES, PLACE_KRONER = 540, 18_518
ASYLUM_NORWEGIAN, ASYLUM_CULTURE = 4_000, 1_613
PAID_BY_RUNS = {
    ("0496", "62", "kommune"): PLACES * PLACE_KRONER,
    ("0497", "60", "kommune"): ASYLUM_NORWEGIAN * 13_000 + ASYLUM_CULTURE * 3_700,
}
# What the demo's rounds pay (config/demo/rounds.py), by the sector of the recipients; the rest is booked outside.
PAID_BY_ROUNDS = {
    ("0496", "62", "kommune"): 107_252_500,
    ("0496", "62", "fylkeskommune"): 28_437_000,
    ("0496", "62", "foretak"): 920_000,
    ("0496", "71", "ideell"): 71_574_374,
    ("0496", "73", "foretak"): 4_085_000,
}
# The posts that the demo's open calls draw on, appropriated for the year that it is now with the sums of 2017.
POSTS_OF_OPEN_CALLS = ("60", "62", "71", "73")
# A smaller register gets its share of these posts, and a margin, for a few persons are more uneven than many.
BY_PERSONS = {("0496", "60"), ("0496", "61")}
MARGIN_OF_A_SMALL_REGISTER = 10_000_000


def appropriations(persons: int, *, of: int) -> Iterator[Row]:
    """The appropriations for a register of so many persons `of` the whole."""
    for row in APPROPRIATIONS:
        if row[:2] in BY_PERSONS and persons != of:
            margin = MARGIN_OF_A_SMALL_REGISTER if persons < of else 0
            yield (*row[:6], row[6] * persons // of + margin)
        else:
            yield row


def appropriations_of_open_calls() -> Iterator[Row]:
    """What may be granted in the demo's open calls, so that they can be decided."""
    yield from (row for row in APPROPRIATIONS if row[0] == "0496" and row[1] in POSTS_OF_OPEN_CALLS)


def accounts() -> Iterator[tuple[str, str, int, str, str, str, str]]:
    """What is booked outside this system, as the account file has it: post, kroner, texts, sector."""
    texts = {row[:2]: row[2:5] for row in APPROPRIATIONS}
    for chapter, post, sector, kroner, *own_texts in ACCOUNTS:
        chapter_name, post_text, keyword = texts.get((chapter, post), tuple(own_texts))
        paid_here = PAID_BY_RUNS.get((chapter, post, sector), 0) + PAID_BY_ROUNDS.get((chapter, post, sector), 0)
        yield (chapter, post, kroner - paid_here, chapter_name, post_text, keyword, sector)
