"""The line through the year: months added up, what comes back taken away, and round sums at the side."""

from datetime import date

import pytest

from grants.models import Account
from reporting.figures.through_the_year import paid_by_month
from reporting.pages.year_chart import chart
from tests.factories.books import book, make_organisation, pay

MILLION = 100_000_000


@pytest.mark.django_db
def test_what_is_paid_is_added_up_month_by_month_and_what_comes_back_is_taken_away():
    halden = make_organisation()
    pay(3 * MILLION, halden, value_date=date(2017, 3, 15))
    pay(2 * MILLION, halden, value_date=date(2017, 6, 15))
    book(Account.PAID, Account.RECOVERED, 1 * MILLION, halden, value_date=date(2017, 8, 1))
    pay(9 * MILLION, halden, value_date=date(2016, 12, 1))

    months = [ore // MILLION for ore in paid_by_month(2017, today=date(2018, 1, 1))]
    assert months == [0, 0, 3, 3, 3, 5, 5, 4, 4, 4, 4, 4]
    assert paid_by_month(2017, today=date(2017, 4, 2)) == [0, 0, 3 * MILLION, 3 * MILLION]
    assert paid_by_month(2015, today=date(2018, 1, 1)) == []


@pytest.mark.parametrize(
    ("most", "top"), [(1 * MILLION, "1"), (3 * MILLION, "4"), (12_600 * MILLION, "20\N{NO-BREAK SPACE}000")]
)
def test_the_sums_at_the_side_are_round(most: int, top: str):
    drawn = chart([0, most], width=400, height=200)

    assert [level for _, level in drawn.levels][-1] == top
    assert len(drawn.levels) == 5 and drawn.levels[0][1] == "0"


def test_the_line_goes_from_the_ground_to_the_top():
    drawn = chart([0, 4 * MILLION], width=400, height=200)

    assert drawn.points == [("64.0", "172.0"), ("92.7", "16.0")]
    assert [name for _, name in drawn.months] == [
        "jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des",
    ]  # fmt: skip
