"""The recipients of the demo year. Names of municipalities, counties and districts are real; every number only looks real."""

import random
from collections.abc import Iterator

from stdnum.no import kontonr, orgnr

from grants.law.municipalities import MUNICIPALITIES

OSLO = "0301"
DISTRICTS_OF_OSLO = (
    "Gamle Oslo", "Grünerløkka", "Sagene", "St. Hanshaugen", "Frogner", "Ullern", "Vestre Aker", "Nordre Aker", "Bjerke",
    "Grorud", "Stovner", "Alna", "Østensjø", "Nordstrand", "Søndre Nordstrand",
)  # fmt: skip
# Invented, each of them.
VOLUNTARY = (
    "Fellesskap i nord", "Nabohjelpen", "Kvinner sammen", "Språkkafeen", "Ungdom mot vold", "Broen mellom oss",
    "Åpne dører Vestland", "Mangfoldig idrett", "Ressurssenteret Sammen",
)  # fmt: skip
# Local ones: each name in each town.
LOCAL_NAMES = ("Flerkulturelt forum", "Foreldrenettverket", "Språkvenner", "Møteplassen", "Ung i fellesskap", "Stemmen")
TOWNS = ("Bergen", "Drammen", "Tromsø", "Kristiansand", "Fredrikstad", "Bodø", "Stavanger", "Trondheim", "Hamar")
ENTERPRISES = (
    "Mentorhuset AS", "Trainee Vest AS", "Veien til arbeid AS", "Karrierebroen AS", "Nordlys Mentor AS", "Døråpner AS",
    "Fagpartner AS", "Traineeprogrammet Sør AS", "Kompetansehavna AS", "Første skritt AS", "Mangfoldspartner AS",
    "Arbeidslivsnøkkelen AS", "Innlandet Trainee AS", "Kysten Mentor AS",
)  # fmt: skip

Row = tuple[str, str, str, str, str, str]


def organisations(rnd: random.Random) -> Iterator[Row]:
    """The 426 municipalities and 18 counties (Oslo is both in one), Oslo's units, voluntary organisations, enterprises."""
    numbers, accounts = _organisation_numbers(), _accounts(rnd)
    counties: dict[str, str] = {}
    oslo = ""
    for number, municipality in sorted(MUNICIPALITIES.items()):
        if municipality.valid_to is not None:
            continue
        own = next(numbers)
        oslo = own if number == OSLO else oslo
        if number != OSLO:
            counties[municipality.county_number] = municipality.county
        yield (own, f"{municipality.name} kommune", "municipality", number, next(accounts), "")
    for county in counties.values():
        yield (next(numbers), f"{county} fylkeskommune", "county", "", next(accounts), "")
    for unit in (*(f"Bydel {district}" for district in DISTRICTS_OF_OSLO), "Utdanningsetaten i Oslo"):
        yield (next(numbers), unit, "municipality", OSLO, next(accounts), oslo)
    local = tuple(f"{name} {town}" for name in LOCAL_NAMES for town in TOWNS)
    for kind, names in (("ngo", VOLUNTARY + local), ("enterprise", ENTERPRISES)):
        for name in names:
            yield (next(numbers), name, kind, "", next(accounts), "")


def _organisation_numbers() -> Iterator[str]:
    for stem in range(81_000_000, 90_000_000, 1_117):
        yield from (f"{stem}{digit}" for digit in range(10) if orgnr.is_valid(f"{stem}{digit}"))


def _accounts(rnd: random.Random) -> Iterator[str]:
    """Account numbers with a valid check digit, each of them once."""
    given: set[str] = set()
    while True:
        stem = f"{rnd.randint(1_000, 9_999)}{rnd.randint(0, 999_999):06d}"
        for digit in range(10):
            if stem not in given and kontonr.is_valid(f"{stem}{digit}"):
                given.add(stem)
                yield f"{stem}{digit}"
