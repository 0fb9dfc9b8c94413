"""What a claim comes to, what comes to an amount, and until when one may claim."""

from datetime import date

import pytest

from grants.law.calculators.months import months_after, months_begun
from grants.law.errors import NoRateInForce
from grants.law.rates.lookup import rates_on
from grants.law.schemes import disability, integration_reception

IN_2017 = date(2017, 1, 1)
DISABILITY = rates_on("disability", IN_2017)
RECEPTION = rates_on("integration_reception", IN_2017)


@pytest.mark.parametrize(
    ("settled", "last_day"),
    [
        (date(2016, 5, 10), date(2017, 6, 10)),
        (date(2016, 1, 31), date(2017, 2, 28)),
        (date(2015, 1, 30), date(2016, 2, 29)),
        (date(2016, 12, 31), date(2018, 1, 31)),
    ],
)
def test_a_claim_may_come_to_the_end_of_the_same_day_13_months_later(settled: date, last_day: date):
    assert disability.last_day(settled) == last_day
    assert disability.months_since(settled, last_day) == 13
    assert disability.months_since(settled, date.fromordinal(last_day.toordinal() + 1)) == 14


def test_months_are_counted_from_the_day_and_never_below_zero():
    assert months_begun(date(2017, 5, 10), date(2017, 5, 10)) == 0
    assert months_begun(date(2017, 5, 10), date(2017, 5, 11)) == 1
    assert months_begun(date(2017, 5, 10), date(2017, 1, 1)) == 0
    assert months_after(date(2017, 12, 31), 2) == date(2018, 2, 28)


@pytest.mark.parametrize(
    ("costs", "granted"), [(200_000, 0), (200_001, 1), (1_357_000, 1_157_000), (9_000_000, 1_157_000)]
)
def test_costs_come_to_what_is_above_the_threshold_up_to_the_cap(costs: int, granted: int):
    assert disability.granted_ore(costs * 100, "2", DISABILITY) == granted * 100


@pytest.mark.parametrize("granted", [1, 99_999, 1_157_000])
def test_the_costs_behind_an_amount_come_to_the_amount(granted: int):
    costs = disability.costs_behind(granted * 100, "2", DISABILITY)
    assert disability.granted_ore(costs, "2", DISABILITY) == granted * 100


def test_tilskudd_1_stops_because_nobody_knows_its_amount():
    with pytest.raises(NoRateInForce, match="cap_1"):
        disability.granted_ore(300_000_00, "1", DISABILITY)


def test_the_grant_years_of_a_minor_reach_the_year_of_20_and_never_less_than_five():
    def last(born: int | None) -> int:
        return disability.last_grant_year("2", grant_years=5, settled_in=2016, minor_born_in=born)

    assert (last(None), last(2005), last(1998)) == (5, 10, 5)
    assert disability.last_grant_year("1", grant_years=5, settled_in=2016, minor_born_in=2005) == 2


def test_places_all_year_have_the_yearly_rate_and_others_the_monthly_one():
    assert integration_reception.granted_ore(540, 12, RECEPTION) == 9_999_720_00
    assert integration_reception.granted_ore(10, 7, RECEPTION) == 108_010_00


def test_an_amount_is_so_many_places_or_none_at_all():
    assert integration_reception.places_behind(9_999_720_00, 12, RECEPTION) == 540
    assert integration_reception.places_behind(9_999_721_00, 12, RECEPTION) is None
