"""Money that recipients pay back in the year-end report: on the post it was paid from, in the year that it comes."""

from datetime import date

import pytest

from grants.services.receive_recovery import book_by_hand
from reporting.reports.check import check
from reporting.reports.gather import YearEnd, gather
from tests.factories.recoveries import make_claim
from tests.factories.register import appropriate, finance

pytestmark = pytest.mark.django_db


def report(year: int) -> YearEnd:
    found = gather(year)
    check(found)
    return found


def kroner(year: int) -> dict[str, int]:
    """What post 60 spent, and what municipalities got."""
    found = report(year)
    return {
        "spent": sum(line.spent_kroner for line in found.expenses),
        "municipalities": found.recipients[0].this_year_kroner,
    }


@pytest.mark.parametrize("on", [date(2018, 1, 1), date(2018, 12, 31)])
def test_what_comes_after_the_year_counts_in_the_year_it_comes_and_leaves_the_old_one_alone(on: date):
    appropriate(kroner=1_000_000)
    appropriate(year=2018, kroner=1_000_000)
    claim = make_claim()

    before = kroner(2017)
    book_by_hand(claim, amount_ore=30_000_00, on=on, words="Kontoutskrift.", by=finance())

    assert before == kroner(2017) == {"spent": 100_000, "municipalities": 100_000}
    assert kroner(2018) == {"spent": -30_000, "municipalities": -30_000}


def test_what_comes_in_the_year_is_subtracted_from_it():
    appropriate(kroner=1_000_000)
    book_by_hand(make_claim(), amount_ore=30_000_00, on=date(2017, 12, 31), words="Kontoutskrift.", by=finance())

    assert kroner(2017) == {"spent": 70_000, "municipalities": 70_000}
