"""What the organisation got before: other cases, what may be paid twice, and what the ledger says."""

import pytest
import time_machine

from applications.models import Declaration, State
from applications.workflow.earlier import earlier, got_last_year
from grants.models import Account
from tests.factories.books import book
from tests.factories.cases import ANSWERS, APPLIED_ORE, caseworker, make_call, make_case, moment, municipality
from tests.factories.follow_up import make_accepted

pytestmark = pytest.mark.django_db
OTHER = {"project_name": "Noe helt annet", "starts_on": "2018-03-01", "ends_on": "2018-06-01"}


def record(case, user=None):
    return earlier(case.organisation, seen_by=user or caseworker(), beside=case)


def test_the_same_project_in_two_schemes_is_flagged_and_others_are_not():
    case = make_case(State.IN_PROGRESS)
    twin = make_case(
        call=make_call(scheme="entrepreneurship"), project=ANSWERS["project"] | {"project_name": "«Raskere i JOBB»"}
    )
    other = make_case(project=ANSWERS["project"] | OTHER)
    make_case(organisation=municipality("0104"))

    found = {one.case: (one.same_name, one.same_period) for one in record(case).cases}

    assert found == {twin: (True, True), other: (False, False)}
    assert [one.case for one in record(case).warnings] == [twin]


def test_what_was_refused_or_withdrawn_is_not_paid_twice():
    case = make_case(State.IN_PROGRESS)
    make_case(State.REFUSED)

    assert len(record(case).cases) == 1 and record(case).warnings == []


def test_a_case_that_is_hidden_from_the_person_is_not_shown_here_either():
    case, other = make_case(State.IN_PROGRESS), make_case(call=make_call(scheme="entrepreneurship"))
    siri = caseworker("siri")
    assert len(record(case, siri).cases) == 1

    Declaration.objects.create(call=other.call, user=siri, has_interest=True, reason="Søster.")
    assert record(case, siri).cases == []


def test_the_ledger_says_what_is_committed_and_paid_by_scheme():
    granted = make_case(State.GRANTED)
    book(Account.COMMITTED, Account.OWED, APPLIED_ORE, municipality(), post="62", scheme="kum", key="owed")
    book(Account.OWED, Account.PAID, 300_000_00, municipality(), post="62", scheme="kum", key="paid")

    [one] = record(make_case(State.IN_PROGRESS)).sums
    assert tuple(one) == ("kum", 2017, APPLIED_ORE, 300_000_00)
    shown = {other.case: other.granted_ore for other in record(make_case(State.IN_PROGRESS)).cases}
    assert shown[granted] == APPLIED_ORE


def test_what_was_undone_is_taken_off():
    make_case(State.GRANTED)
    book(Account.COMMITTED, Account.APPROPRIATION, 100_000_00, municipality(), post="62", scheme="kum", key="back")

    [one] = record(make_case(State.IN_PROGRESS)).sums
    assert one.committed_ore == APPLIED_ORE - 100_000_00


def test_a_report_that_is_late_is_told_of():
    granted = make_accepted()
    case = make_case(State.IN_PROGRESS)

    [late] = record(case).late_reports

    assert late.application == granted
    assert record(make_case(organisation=municipality("0104"))).late_reports == []
    with time_machine.travel(moment("2017-06-02 12:00")):
        assert record(case).late_reports == []


def test_last_year_is_the_year_before_the_calls_in_the_same_scheme():
    numbers = {"least_share_of_immigrants": 0, "least_refugees": 100}
    make_case(State.GRANTED, call=make_call(year=2016, numbers=numbers))
    case = make_case(State.IN_PROGRESS)

    assert got_last_year(case) == APPLIED_ORE
    assert got_last_year(make_case(call=make_call(scheme="entrepreneurship"))) == 0
    assert got_last_year(make_case(organisation=municipality("0104"))) == 0
