"""The rates: the figures of 2017 by name, no "current" rate, and every fault of a rate file refused by name."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from grants.law.assumptions import assumption, assumptions_of
from grants.law.errors import BadRates, LawError, NoRateInForce
from grants.law.rates.lookup import FOLDER, history, rate, rates_on
from grants.law.registry import SCHEMES

DAY = date(2017, 6, 1)
ROW = """[[{name}]]
valid_from = {first}
valid_to = {last}
value = {value}
unit = "{unit}"
citation = "Prøverundskriv 1"
certainty = "V"
"""


def row(name="x", first="2018-01-01", last="2018-12-31", value='"100"', unit="ore", extra=""):
    return ROW.format(name=name, first=first, last=last, value=value, unit=unit) + extra + "\n"


@pytest.fixture
def kum(further_rates: Path) -> Callable[[str], dict]:
    """Writes further rates of kum and reads them."""

    def read(text: str) -> dict:
        (further_rates / "kum.toml").write_text(text, encoding="utf-8")
        return history("kum")

    return read


# kroner, by scheme and rate: the published figures of 2017
PUBLISHED = [
    ("integration", "year_1_adult", 185_000),
    ("integration", "year_1_single_adult", 235_000),
    ("integration", "year_1_child", 185_000),
    ("integration", "year_1_unaccompanied_minor", 185_000),
    ("integration", "year_2", 230_000),
    ("integration", "year_3", 167_000),
    ("integration", "year_4", 84_000),
    ("integration", "year_5", 70_500),
    ("integration", "nursery", 25_100),
    ("integration", "elderly", 164_200),
    ("unaccompanied_minors", "high", 1_229_100),
    ("unaccompanied_minors", "low", 769_500),
    ("extra_settlement", "per_person", 50_000),
    ("extra_institution", "per_person", 500_000),
    ("disability", "threshold_1", 100_000),
    ("disability", "threshold_2", 200_000),
    ("disability", "cap_2", 1_157_000),
    ("integration_reception", "per_place_year", 18_518),
    ("integration_reception", "per_place_month", 1_543),
    ("asylum_training", "norwegian", 13_000),
    ("asylum_training", "culture", 3_700),
    ("entrepreneurship", "frame", 6_370_000),
    ("entrepreneurship", "nsfv_maximum", 3_500_000),
    ("attitudes", "frame", 9_530_000),
    ("mentor_trainee", "frame", 4_085_000),
    ("local_organisations", "frame", 13_430_000),
    ("resource_centres", "frame", 24_045_000),
    ("vulnerable_groups", "frame", 2_000_000),
]


@pytest.mark.parametrize(("scheme", "name", "kroner"), PUBLISHED)
def test_the_published_amounts_of_2017(scheme: str, name: str, kroner: int) -> None:
    assert rate(scheme, name, on=DAY).value == kroner * 100


def test_five_years_add_up_to_the_published_sum() -> None:
    rates = rates_on("integration", DAY)
    later = sum(int(rates(f"year_{year}")) for year in (2, 3, 4, 5))
    assert int(rates("year_1_adult")) + later == 736_500_00
    assert int(rates("year_1_single_adult")) + later == 786_500_00


@pytest.mark.parametrize(
    ("name", "kroner"),
    [("year_1_low", 13_600), ("year_1_high", 31_900), ("year_2_low", 24_100),
     ("year_2_high", 62_300), ("year_3_low", 15_000), ("year_3_high", 43_350)],
)  # fmt: skip
def test_norwegian_training_is_known_for_2018_and_never_shown_as_2017(name: str, kroner: int) -> None:
    assert rate("norwegian_training", name, on=date(2018, 3, 1)).value == kroner * 100
    with pytest.raises(NoRateInForce):
        rate("norwegian_training", name, on=DAY)


def test_shares_are_exact_decimals() -> None:
    assert rate("kum", "least_share_of_immigrants", on=DAY).value == Decimal("0.05")


@pytest.mark.parametrize("on", [date(2016, 12, 31), date(2018, 1, 1)])
def test_a_rate_holds_to_its_last_day_and_no_longer(on: date) -> None:
    assert rate("integration", "year_2", on=date(2017, 1, 1)) == rate("integration", "year_2", on=date(2017, 12, 31))
    with pytest.raises(NoRateInForce) as stop:
        rate("integration", "year_2", on=on)
    for part in ("year_2", "integration", str(on.year), "grants/law/rates/integration.toml"):
        assert part in str(stop.value)


def test_what_no_source_gives_is_not_there() -> None:
    for scheme, name in (("disability", "cap_1"), ("norwegian_training", "grunntilskudd"), ("jobbsjansen", "ceiling")):
        with pytest.raises(NoRateInForce):
            rate(scheme, name, on=DAY)


@pytest.mark.parametrize("code", SCHEMES)
def test_every_rate_cites_and_ends(code: str) -> None:
    for rows in history(code).values():
        for one in rows:
            assert one.citation.strip()
            assert one.certainty in "VRIG"
            assert one.valid_to < date.max, "a rate without an end would silently become next year's"


def test_every_rate_file_belongs_to_a_scheme() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} <= set(SCHEMES)


def test_further_rates_join_the_known_ones(kum: Callable[[str], dict]) -> None:
    found = kum(row() + row("least_refugees", value='"90"', unit="count"))
    assert found["x"][0].value == 100
    assert [one.value for one in found["least_refugees"]] == [100, 90]


FAULTS = {
    "overlap": (row() + row(first="2018-12-31", last="2019-12-31"), "overlap"),
    "overlap with the known": (row("least_refugees", first="2017-12-31", value='"90"', unit="count"), "overlap"),
    "gap": (row() + row(first="2019-01-02", last="2019-12-31"), "nothing is known between"),
    "gap without a reason": (row() + row(first="2020-01-01", last="2020-12-31", extra='gap = " "'), "gap"),
    "dates the wrong way": (row(first="2018-12-31", last="2018-01-01"), "in that order"),
    "a moment, not a day": (row(first="2018-01-01T00:00:00"), "days"),
    "no citation": (row().replace("citation", "note"), "citation is missing"),
    "empty citation": (row().replace("Prøverundskriv 1", " "), "citation"),
    "a number as citation": (row().replace('"Prøverundskriv 1"', "5"), "citation"),
    "no certainty": (row().replace('certainty = "V"', ""), "certainty is missing"),
    "unknown certainty": (row().replace('"V"', '"Q"'), "certainty"),
    "unknown unit": (row(unit="dollar"), "unit"),
    "unknown key": (row(extra="colour = 1"), "colour"),
    "negative": (row(value='"-1"'), "plain number"),
    "not a number": (row(value='"NaN"'), "plain number"),
    "infinite": (row(value='"inf"', unit="share"), "plain number"),
    "exponent": (row(value='"1e400"'), "plain number"),
    "thousands": (row(value='"1.000,50"'), "plain number"),
    "a number without quotes": (row(value="100"), "plain number"),
    "a float": (row(value="0.1", unit="share"), "plain number"),
    "no rows": ("x = 1", "rows"),
    "a table, not rows": ("[x]\nvalue = '1'", "rows"),
    "broken": ("[[x", "not valid TOML"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_rate_file_is_refused_by_name(kum: Callable[[str], dict], fault: str) -> None:
    text, word = FAULTS[fault]
    with pytest.raises(BadRates, match="kum") as refusal:
        kum(text)
    assert word in str(refusal.value)


def test_an_explained_gap_is_accepted(kum: Callable[[str], dict]) -> None:
    found = kum(row() + row(first="2020-01-01", last="2020-12-31", extra='gap = "The grant was paused in 2019."'))
    assert len(found["x"]) == 2


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILSKUDD_RATES", str(tmp_path / "nowhere"))
    with pytest.raises(BadRates, match="no folder"):
        history("integration")


def test_assumptions_have_their_documented_defaults() -> None:
    assert assumption("integration", "first_year") == 2017
    assert assumption("norwegian_training", "first_year") == 2018
    assert assumption("integration", "nursery_max_age") == 5
    assert assumption("integration", "elderly_age") == 60
    assert assumption("unaccompanied_minors", "settlement_year") == "per_month"
    with pytest.raises(LawError, match="integration.colour"):
        assumption("integration", "colour")


def test_a_further_folder_overrides_an_assumption_key_by_key(further_rates: Path) -> None:
    (further_rates / "assumptions.toml").write_text("[integration]\nelderly_age = 61\nfirst_year = 2016\n")
    assert assumptions_of("integration") == {"first_year": 2016, "nursery_max_age": 5, "elderly_age": 61}
    assert assumption("unaccompanied_minors", "first_year") == 2017


@pytest.mark.parametrize(
    "text",
    [
        '[unaccompanied_minors]\nsettlement_year = "per_mnth"',
        '[unaccompanied_minors]\nsetlement_year = "full_year"',
        "[integraton]\nfirst_year = 2016",
        '[default]\nfirst_year = "2016"',
        "[integration]\nelderly_age = true",
        "[integration]\nelderly_age = -1",
        "default = 1",
        "[default",
    ],
)
def test_a_misspelled_assumption_never_passes_for_a_choice(further_rates: Path, text: str) -> None:
    (further_rates / "assumptions.toml").write_text(text)
    with pytest.raises(LawError):
        assumptions_of("unaccompanied_minors")
