"""The municipalities of 2017, and Sandefjord, Andebu and Stokke, which became one that year."""

from datetime import date, timedelta

import pytest

from grants.law.municipalities import MUNICIPALITIES, exists, find, name, successor

MERGED = ("0706", "0719", "0720")
BEFORE, AFTER = date(2016, 12, 31), date(2017, 1, 1)


def test_there_are_426_municipalities_in_19_counties_in_2017_and_428_before() -> None:
    in_2017 = [one for one in MUNICIPALITIES.values() if exists(one.number, AFTER)]
    assert len(in_2017) == 426
    assert len({one.county_number for one in in_2017}) == 19
    assert sum(exists(number, BEFORE) for number in MUNICIPALITIES) == 428


def test_every_number_has_four_digits_and_begins_with_its_county() -> None:
    for number, one in MUNICIPALITIES.items():
        assert len(number) == 4
        assert number.isascii()
        assert number.isdigit()
        assert number.startswith(one.county_number)
        assert one.name.strip()


@pytest.mark.parametrize("number", MERGED)
def test_a_merged_municipality_ends_and_has_a_successor(number: str) -> None:
    assert exists(number, BEFORE)
    assert not exists(number, AFTER)
    assert successor(number, BEFORE) == number
    assert successor(number, AFTER) == "0710"


def test_the_new_sandefjord_begins_with_2017() -> None:
    assert not exists("0710", BEFORE)
    assert exists("0710", AFTER)
    assert successor("0710", AFTER) == "0710"
    assert name("0710") == name("0706") == "Sandefjord"


def test_all_others_are_themselves_on_every_day() -> None:
    for number in set(MUNICIPALITIES) - {*MERGED, "0710"}:
        for day in (date(2013, 1, 1), BEFORE, AFTER, date(2017, 12, 31)):
            assert exists(number, day)
            assert successor(number, day) == number


def test_nobody_overlaps_with_the_successor() -> None:
    for one in MUNICIPALITIES.values():
        if one.successor:
            assert one.valid_to is not None
            assert MUNICIPALITIES[one.successor].valid_from == one.valid_to + timedelta(days=1)


def test_a_number_that_never_was() -> None:
    assert find("9999") is None
    assert not exists("9999", AFTER)
    assert name("9999") == "9999"
    assert successor("9999", AFTER) == "9999"


def test_leading_zeros_belong_to_the_number() -> None:
    assert name("0301") == "Oslo"
    assert find("301") is None
