"""The demo year meets the published counts of 2017, fits every rule of the imports, and is the same each time."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from stdnum.no import kontonr, orgnr

from config.demo.budget import PAID_BY_ROUNDS, PAID_BY_RUNS
from config.demo.files import DemoYear, write_demo_year
from config.demo.population import SETTLED_2013_ASSUMED, population
from grants.law.municipalities import MUNICIPALITIES, exists, successor
from grants.shared.errors import Refused
from tests.factories.books import golden
from tests.grants.entitlements.reference import LATER, YEAR_1, Refugee, integration, minors

Rows = list[dict[str, str]]
INTEGRATION_APPROPRIATION, MINORS_APPROPRIATION = 12_102_704_000, 3_347_366_000
# Bosatte, enslige mindreårige, av dem under 15, barn i familier, personer i familier, barnefamilier.
PUBLISHED = {
    2014: (7_784, 536, 83, 1_981, 3_685, 926),
    2015: (11_342, 691, 120, 2_683, 4_833, 1_123),
    2016: (15_291, 1_599, 461, 3_930, 7_061, 1_561),
    2017: (11_078, 759, 273, 3_420, 6_170, 1_361),
}


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> DemoYear:
    return write_demo_year(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def table(made: DemoYear) -> Callable[[str], Rows]:
    return lambda name: read(made.paths[name])


@pytest.fixture(scope="module")
def refugees(made: DemoYear) -> dict[str, Refugee]:
    return refugees_of([made.paths["settlements"]], [made.paths["events"]])


def refugees_of(settlements: Iterable[Path], events: Iterable[Path]) -> dict[str, Refugee]:
    """The persons of the files with what happened to them, what was taken back left out."""
    found = {
        row["person_ref"]: Refugee(
            date.fromisoformat(row["born_on"]), row["category"], date.fromisoformat(row["settled_on"]),
            row["kommunenummer"], int(row["grant_years"]),
        )
        for path in settlements for row in read(path)
    }  # fmt: skip
    rows = [row for path in events for row in read(path)]
    taken_back = {(row["person_ref"], row["on"]) for row in rows if row["event"] == "retracted"}
    for row in rows:
        if (row["person_ref"], row["on"]) not in taken_back:
            happened = (date.fromisoformat(row["on"]), row["event"], row["kommunenummer"])
            found[row["person_ref"]].events.append(happened)
    return found


def age(refugee: Refugee) -> int:
    return refugee.settled_on.year - refugee.born_on.year


@pytest.mark.parametrize("year", PUBLISHED)
def test_each_cohort_has_the_published_counts(year: int, refugees: dict[str, Refugee]) -> None:
    cohort = [person for person in refugees.values() if person.settled_on.year == year]
    categories = Counter(person.category for person in cohort)
    settled, alone, under_15, children, in_families, _ = PUBLISHED[year]

    assert len(cohort) == settled
    assert categories == {
        "unaccompanied_minor": alone, "child": children, "adult": in_families - children,
        "single_adult": settled - alone - in_families,
    }  # fmt: skip
    assert sum(person.category == "unaccompanied_minor" and age(person) <= 14 for person in cohort) == under_15


def test_the_cohort_of_2013_is_the_named_assumption(refugees: dict[str, Refugee]) -> None:
    assert sum(person.settled_on.year == 2013 for person in refugees.values()) == SETTLED_2013_ASSUMED == 6_500
    assert len(refugees) == 51_995


def test_families_are_as_many_as_published_and_are_settled_together() -> None:
    families = defaultdict(list)
    for person in population(seed=2017).settled:
        if person.family:
            families[person.family].append(person)
    in_year = Counter(family[0].settled_on.year for family in families.values())

    assert {year: in_year[year] for year in PUBLISHED} == {year: counts[5] for year, counts in PUBLISHED.items()}
    for family in families.values():
        assert {person.category for person in family} == {"adult", "child"}
        assert len({(person.settled_on, person.municipality, person.grant_years) for person in family}) == 1


@pytest.mark.parametrize(("year", "municipalities"), [(2016, 187), (2017, 133)])
def test_unaccompanied_minors_live_in_as_many_municipalities_as_published(
    year: int, municipalities: int, refugees: dict[str, Refugee]
) -> None:
    alone = [p for p in refugees.values() if p.category == "unaccompanied_minor" and p.settled_on.year == year]

    assert len({person.municipality for person in alone}) == municipalities


def test_everybody_fits_the_category_and_a_municipality_of_the_day(refugees: dict[str, Refugee]) -> None:
    ages = {"child": (0, 17), "unaccompanied_minor": (6, 17), "adult": (18, 90), "single_adult": (18, 90)}
    for person in refugees.values():
        low, high = ages[person.category]
        assert low <= age(person) <= high, person
        assert person.born_on <= person.settled_on, person
        assert exists(person.municipality, person.settled_on), person

    settled_in = {successor(person.municipality, date(2017, 12, 31)) for person in refugees.values()}
    assert len(settled_in) == 426
    assert {p.municipality for p in refugees.values() if p.settled_on.year < 2017} >= {"0706", "0719", "0720"}
    size = Counter(person.municipality for person in refugees.values())
    assert [number for number, _ in size.most_common(3)] == ["0301", "1201", "1601"]
    assert size["1151"] < 30  # Utsira, with some two hundred people


def test_the_shares_nobody_published_are_plausible(refugees: dict[str, Refugee]) -> None:
    everybody = len(refugees)
    kinds = Counter(kind for person in refugees.values() for _, kind, _ in person.events)

    assert 0.013 < sum(age(person) >= 60 for person in refugees.values()) / everybody < 0.02
    assert 0.01 < sum(person.grant_years == 3 for person in refugees.values()) / everybody < 0.03
    newly_settled = [person for person in refugees.values() if person.settled_on.year == 2017]
    assert 0.08 < sum(age(person) <= 5 for person in newly_settled) / len(newly_settled) < 0.15
    assert 0.13 < kinds["moved"] / everybody < 0.16
    assert all(0 < kinds[kind] < 0.02 * everybody for kind in ("died", "emigrated", "returned", "withdrawn"))


def test_36_persons_came_from_institutions_to_27_municipalities(table: Callable[[str], Rows]) -> None:
    marked = [row for row in table("settlements") if row["from_institution"] == "1"]

    assert len(marked) == 36
    assert len({row["kommunenummer"] for row in marked}) == 27
    assert {row["settled_on"][:4] for row in marked} == {"2017"}


def test_events_come_after_the_settlement_one_a_day_where_municipalities_exist(
    table: Callable[[str], Rows], refugees: dict[str, Refugee]
) -> None:
    rows = table("events")
    happened = [(row["person_ref"], row["on"]) for row in rows if row["event"] != "retracted"]
    taken_back = [(row["person_ref"], row["on"]) for row in rows if row["event"] == "retracted"]

    assert len(set(happened)) == len(happened)
    assert len(set(taken_back)) == len(taken_back) > 0
    assert set(taken_back) <= set(happened)
    assert max(row["on"] for row in rows) <= "2017-12-31"
    for row in rows:
        person, on = refugees[row["person_ref"]], date.fromisoformat(row["on"])
        assert on > person.settled_on
        assert exists(row["kommunenummer"], on) if row["event"] in ("moved", "returned") else not row["kommunenummer"]
        assert row["event"] != "moved" or row["kommunenummer"] != successor(person.municipality, on)


def test_nothing_follows_a_death_or_withdrawal_and_only_emigrants_return(refugees: dict[str, Refugee]) -> None:
    for person in refugees.values():
        kinds = [kind for _, kind, _ in sorted(person.events)]
        assert not {"died", "withdrawn"} & set(kinds[:-1]), person
        assert "returned" not in kinds or kinds == ["emigrated", "returned"], person


def test_the_waves_together_are_the_whole_register(made: DemoYear) -> None:
    whole = {"settlements": read(made.paths["settlements"]), "events": read(made.paths["events"])}
    waves = {"settlements": [], "events": []}
    for known_on, settlements, events in made.waves:
        rows = read(settlements)
        assert all(row["settled_on"] <= known_on.isoformat() for row in rows)
        waves["settlements"] += rows
        waves["events"] += read(events)

    assert waves == whole
    assert made.persons == made.rows["settlements"] == len(whole["settlements"])


def test_548_persons_in_67_municipalities_come_beyond_the_requests(table: Callable[[str], Rows]) -> None:
    last = date(2017, 9, 30)
    withdrawn = {row["person_ref"] for row in table("events") if row["event"] == "withdrawn"}
    settled: Counter[str] = Counter(
        row["kommunenummer"]
        for row in table("settlements")
        if "2017-01-01" <= row["settled_on"] <= "2017-09-30"
        and row["counts_for_request"] == "1"
        and row["person_ref"] not in withdrawn
    )
    requested: Counter[str] = Counter()
    for row in table("requests"):
        requested[successor(row["kommunenummer"], last)] += int(row["requested"])
    beyond = {number: settled[number] - asked for number, asked in requested.items() if settled[number] > asked}

    assert (sum(beyond.values()), len(beyond)) == (548, 67)
    assert {(row["year"], int(row["requested"]) >= 0) for row in table("requests")} == {("2015", True)}
    asked = sorted(row["kommunenummer"] for row in table("requests"))
    assert asked == sorted(number for number in MUNICIPALITIES if exists(number, date(2015, 1, 1)))
    assert {"0706", "0719", "0720"} < set(asked)


def test_the_appropriations_are_those_of_note_a(table: Callable[[str], Rows]) -> None:
    ours = [
        (r["kapittel"], r["post"], r["overfort_fra_i_fjor"], r["arets_tildelinger"]) for r in table("appropriations")
    ]

    assert ours == [
        (r["kapittel"], r["post"], r["overfort_fra_i_fjor"], r["arets_tildelinger"]) for r in golden("note_a")
    ]


def test_accounts_and_what_runs_and_rounds_pay_are_the_published_accounts(table: Callable[[str], Rows]) -> None:
    ours: Counter[tuple[str, str]] = Counter()
    for row in table("accounts"):
        ours[row["kapittel"], row["post"]] += int(row["belop_kroner"])
    for (chapter, post, _), kroner in [*PAID_BY_RUNS.items(), *PAID_BY_ROUNDS.items()]:
        ours[chapter, post] += kroner
    published = {
        (row["kapittel"], row["post"]): int(row["regnskap"])
        for row in [*golden("bevilgningsrapportering"), *golden("inntekter")]
        if (row["kapittel"], row["post"]) not in {("0496", "60"), ("0496", "61")}
    }

    assert ours == published


def test_sectors_give_note_7_when_posts_60_and_61_are_the_published_ones(table: Callable[[str], Rows]) -> None:
    ours = Counter({"kommune": 12_100_617_020 + 3_290_165_674 + sum(PAID_BY_RUNS.values())})
    for (_, _, sector), kroner in PAID_BY_ROUNDS.items():
        ours[sector] += kroner
    for row in table("accounts"):
        if 60 <= int(row["post"]) <= 85 and row["kapittel"] < "3000":
            ours[row["sektor"]] += int(row["belop_kroner"])

    assert ours.pop("") == 974_206
    in_order = [ours["kommune"], ours["fylkeskommune"], ours["foretak"], ours["ideell"]]
    assert in_order == [int(row["belop_2017"]) for row in golden("note_7")]


def test_organisations_have_valid_numbers_of_their_own(table: Callable[[str], Rows]) -> None:
    rows = table("organisations")
    whole = [row for row in rows if not row["parent_orgnr"]]
    districts = [row for row in rows if row["parent_orgnr"]]
    [oslo] = [row for row in whole if row["kommunenummer"] == "0301"]

    assert Counter(row["kind"] for row in whole) == {"municipality": 426, "county": 18, "ngo": 63, "enterprise": 14}
    assert len(districts) == 16
    assert {(row["parent_orgnr"], row["kommunenummer"]) for row in districts} == {(oslo["orgnr"], "0301")}
    for column, check in (("orgnr", orgnr), ("account_number", kontonr)):
        assert all(check.is_valid(row[column]) for row in rows)
        assert len({row[column] for row in rows}) == len(rows)
    assert all(bool(row["kommunenummer"]) == (row["kind"] == "municipality") for row in rows)
    assert len({row["kommunenummer"] for row in rows}) == 427  # and the empty one


def test_disability_claims_come_near_552_million(table: Callable[[str], Rows], refugees: dict[str, Refugee]) -> None:
    rows = table("disability")

    assert len({row["claim_ref"] for row in rows}) == len({row["person_ref"] for row in rows}) == 1_379
    assert abs(sum(disability_grant(row) for row in rows) - 552_000_000) < 5_000_000
    for row in rows:
        person = refugees[row["person_ref"]]
        assert not person.events
        assert person.settled_on < date.fromisoformat(row["received_on"])
        assert (row["kommunenummer"], row["part"]) == (successor(person.municipality, date(2017, 12, 31)), "2")


def disability_grant(row: dict[str, str]) -> int:
    return min(1_157_000, max(0, int(row["documented_costs_kroner"]) - 200_000))


def test_claims_for_places_and_training_have_the_published_volume(
    table: Callable[[str], Rows], refugees: dict[str, Refugee]
) -> None:
    places, training = table("integration_reception"), table("asylum_training")
    norwegian = {row["person_ref"]: row["kommunenummer"] for row in training if row["kind"] == "norwegian"}
    culture = {row["person_ref"]: row["kommunenummer"] for row in training if row["kind"] == "culture"}

    assert (len(places), sum(int(row["places"]) for row in places)) == (5, 540)
    assert {row["months"] for row in places} == {"12"}
    assert (len(norwegian), len(culture), len(training)) == (4_000, 1_613, 5_613)
    assert len(set(culture.values())) == 36
    assert culture.items() <= norwegian.items()  # the same person in the same place
    assert not norwegian.keys() & refugees.keys()
    assert all(exists(row["kommunenummer"], date.fromisoformat(row["registered_on"])) for row in training)


def withdrawn(person: Refugee) -> bool:
    return any(kind == "withdrawn" for _, kind, _ in person.events)


def minors_due(person: Refugee) -> int:
    if person.category != "unaccompanied_minor" or withdrawn(person):
        return 0
    return sum(minors(person).values()) // 100


def integration_due(person: Refugee) -> int:
    """What 2017 gives for one person in kroner, by rules A1 to A3 and A8."""
    events = sorted(person.events)
    if withdrawn(person):
        return 0
    if person.settled_on.year == 2017:
        if person.settled_on > date(2017, 12, 1):
            return 0
        born = person.born_on
        sixty = (born.year + 60, born.month, born.day)
        settled = (person.settled_on.year, person.settled_on.month, person.settled_on.day)
        return YEAR_1[person.category][1] + 25_100 * (age(person) <= 5) + 164_200 * (sixty <= settled)
    number = 2017 - person.settled_on.year + 1
    if number > person.grant_years:
        return 0
    terms = 0
    for month in (3, 6, 9, 12):
        before = [kind for on, kind, _ in events if on <= date(2017, month, 1) and kind != "moved"]
        terms += not before or before[-1] == "returned"
    return LATER[number] * terms // 4


def integration_post(made: DemoYear, refugees: dict[str, Refugee]) -> int:
    """Everything that post 0496/60 gives in 2017, at most."""
    institution = sum(row["from_institution"] == "1" for row in read(made.paths["settlements"]))
    disability = sum(disability_grant(row) for row in read(made.paths["disability"]))
    return sum(map(integration_due, refugees.values())) + 500_000 * institution + disability + 27_400_000


def test_the_integration_post_keeps_within_its_appropriation(made: DemoYear, refugees: dict[str, Refugee]) -> None:
    for person in list(refugees.values())[::400]:
        assert integration_due(person) * 100 == (0 if withdrawn(person) else sum(integration(person).values()))

    due = integration_post(made, refugees)

    assert due < INTEGRATION_APPROPRIATION
    assert 12_100_617_020 - due > 70_500 * 40_000  # more than any cohort of 2013 could close


def test_the_sums_known_at_the_last_runs_are_those_that_the_package_states(made: DemoYear) -> None:
    """A tenth of a million, for `__init__.py` rounds."""
    known = [wave for wave in made.waves if wave[0] <= date(2017, 12, 10)]
    refugees = refugees_of([wave[1] for wave in known], [wave[2] for wave in known]).values()

    assert abs(sum(map(integration_due, refugees)) - 8_545_300_000) < 100_000
    assert abs(sum(map(minors_due, refugees)) - 3_281_700_000) < 100_000


def test_the_post_of_unaccompanied_minors_comes_near_the_published_sum(refugees: dict[str, Refugee]) -> None:
    due = sum(map(minors_due, refugees.values()))

    assert due < MINORS_APPROPRIATION
    assert abs(due - 3_290_165_674) < 10_000_000


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.iterdir()):
        yield path.name, path.read_bytes()


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(made: DemoYear, tmp_path: Path) -> None:
    again = write_demo_year(tmp_path / "again")
    one, other = (write_demo_year(tmp_path / str(seed), seed=seed, persons=2_000) for seed in (1, 2))

    assert dict(files_of(again.folder)) == dict(files_of(made.folder))
    assert other.paths["settlements"].read_bytes() != one.paths["settlements"].read_bytes()
    assert other.rows["settlements"] == one.rows["settlements"]


@pytest.mark.parametrize("persons", [1, 30, 200, 3_000, 60_000])
def test_a_scaled_register_has_everybody_and_the_money_it_needs(persons: int, tmp_path: Path) -> None:
    made = write_demo_year(tmp_path, persons=persons)
    refugees = refugees_of([made.paths["settlements"]], [made.paths["events"]])
    [post_60] = [
        int(row["arets_tildelinger"])
        for row in read(made.paths["appropriations"])
        if (row["kapittel"], row["post"]) == ("0496", "60")
    ]

    assert abs(made.persons - persons) <= max(30, persons // 100)
    kinds = {(person.settled_on.year, person.category) for person in refugees.values()}
    assert len(kinds) == 5 * 4
    assert sum(row["from_institution"] == "1" for row in read(made.paths["settlements"])) >= 1
    assert integration_post(made, refugees) - 27_400_000 + 50_000 * round(548 * min(1, persons / 51_995)) <= post_60


def test_progress_is_told_file_by_file(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    made = write_demo_year(tmp_path, persons=50, progress=lambda *step: told.append(step))

    assert [name for name, _, _ in told] == list(made.paths)
    assert [done for _, done, _ in told] == list(range(1, len(told) + 1))
    assert {total for _, _, total in told} == {len(made.paths)}


def test_another_year_or_no_persons_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="2018"):
        write_demo_year(tmp_path / "none", year=2018)
    with pytest.raises(Refused, match="from 1 up"):
        write_demo_year(tmp_path / "none", persons=0)

    assert not (tmp_path / "none").exists()
