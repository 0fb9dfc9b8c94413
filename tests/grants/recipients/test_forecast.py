"""The forecast: what the engine would give, from those registered, marked where a rate is not decided, and booked nowhere."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from grants.entitlements.due import due, due_near
from grants.entitlements.forecast import forecasts
from grants.law.errors import NoRateInForce
from grants.law.rates.lookup import forecasting, rate
from grants.law.tariff import window
from grants.models import EntitlementRun, Instalment, LedgerEntry, Organisation, RunPayable
from grants.services.approve_run import approve_run
from grants.services.prepare_run import prepare_run
from tests.factories.register import finance, happen, settle
from tests.factories.runs import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]
ON = date(2017, 4, 1)


def run(year: int, term: int) -> EntitlementRun:
    prepared = prepare_run("integration", year, term, by=finance("kari"))
    return approve_run(prepared, by=finance("mona"))


def people() -> None:
    settle("V-1", "2016-05-10")
    settle("V-2", "2014-05-10")
    settle("F-1", "2016-05-10", municipality_number="0104")
    happen(settle("F-2", "2015-05-10", municipality_number="0104"), "moved", "2017-02-01", "0101")
    happen(settle("B-1", "2015-05-10"), "moved", "2017-02-01", "0104")


def test_the_forecast_of_a_term_whose_rates_are_known_is_what_the_run_then_gives():
    people()
    run(2017, 1)
    [found] = forecasts(["0101"], on=ON)
    coming = {(one.year, one.term): one for one in found.terms}

    given = RunPayable.objects.get(run=run(2017, 2), municipality_number="0101")

    assert coming[2017, 2].amount_ore == found.next_ore == given.due_ore > 0
    assert (coming[2017, 2].persons, coming[2017, 2].is_decided) == (3, True)
    assert sorted(coming) == [(2017, 2), (2017, 3), (2017, 4), (2018, 1), (2018, 2), (2018, 3), (2018, 4)]


def test_a_rate_that_is_not_decided_is_the_last_one_known_and_says_so():
    people()
    run(2017, 1)

    [found] = forecasts(["0101"], on=ON)
    next_year = [one for one in found.terms if one.year == 2018]

    # Years 3, 5 and 4 in 2018 at the rates of 2017.
    whole = sum(int(rate("integration", f"year_{n}", on=date(2017, 1, 1)).value) for n in (3, 5, 4))
    assert sum(one.amount_ore for one in next_year) == whole
    assert not any(one.is_decided for one in next_year)


def test_outside_a_forecast_an_undecided_rate_still_stops_and_a_run_with_it_is_refused():
    with forecasting() as guessed:
        assert rate("integration", "year_2", on=date(2018, 1, 1)).valid_from.year == 2017
    assert guessed == {("integration", "year_2", 2018)}

    with pytest.raises(NoRateInForce):
        rate("integration", "year_2", on=date(2018, 1, 1))
    with pytest.raises(NoRateInForce), forecasting():
        rate("integration", "year_2", on=date(2001, 1, 1))
    people()
    with pytest.raises(NoRateInForce):
        prepare_run("integration", 2018, 1, by=finance("kari"))


def test_a_forecast_books_and_orders_nothing():
    people()
    run(2017, 1)
    before = LedgerEntry.objects.count(), Instalment.objects.count(), EntitlementRun.objects.count()

    forecasts(["0101"], on=ON)

    assert (LedgerEntry.objects.count(), Instalment.objects.count(), EntitlementRun.objects.count()) == before


def test_what_became_known_since_stands_as_a_correction_and_below_zero_nothing_is_expected():
    person = settle("V-1", "2016-05-10")
    run(2017, 1)
    happen(person, "died", "2017-02-01")

    [found] = forecasts(["0101"], on=ON)

    assert found.corrections_ore == -int(rate("integration", "year_2", on=ON).value) // 4
    assert found.total_ore == 0 and found.next_ore < 0
    second = RunPayable.objects.get(run=run(2017, 2), municipality_number="0101")
    assert (second.paid_ore, second.carried_out_ore) == (0, found.next_ore)
    [after] = forecasts(["0101"], on=ON)
    assert (after.corrections_ore, after.carried_ore) == (0, found.next_ore)


def test_looking_near_a_municipality_gives_what_looking_everywhere_gives():
    people()
    of = window("integration", 2017, 4)

    def given(source: object) -> list[object]:
        return sorted((person, part) for person, parts in source for part in parts if part.municipality == "0101")

    assert given(due_near(of, ["0101"])) == given(due(of)) != []


def test_a_merged_municipality_is_forecast_under_the_one_that_took_over():
    old = Organisation.objects.municipalities().exclude(successor=None).first()
    assert old is not None and old.successor is not None
    settle("G-1", "2016-05-10", municipality_number=old.municipality_number)
    run(2017, 1)
    client = Client()
    client.force_login(make_member("ny", old.successor.municipality_number))

    page = client.get(reverse("our_forecast")).content.decode()

    assert "Ikke vedtatt" in page and "Vedtatt" in page
    assert "ikke et tilsagn" in page


def test_one_who_is_no_municipality_gets_a_page_that_says_so():
    from grants.models import Membership

    user = make_member("nora", "0101")
    Membership.objects.filter(user=user).delete()
    ngo = Organisation.objects.create(name="Språkkafeen", search_key="språkkafeen", kind="ngo", orgnr="910000001")
    Membership.objects.create(user=user, organisation=ngo, role="editor")
    client = Client()
    client.force_login(user)

    assert "Anslaget gjelder kommuner" in client.get(reverse("our_forecast")).content.decode()
