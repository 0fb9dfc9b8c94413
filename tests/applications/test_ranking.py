"""All cases of a call side by side: the same as case by case, in the same number of questions for any number of cases."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import State
from applications.services.assess import declare, rule_on, score
from applications.workflow.distribution import distribution, suggested_by_rank, suggested_same_share
from applications.workflow.grounds import grounds_of, newest_findings
from applications.workflow.ranking import ranked
from grants.models import Role
from tests.factories.cases import APPLIED_ORE, caseworker, impartial, make_call, make_case, municipality
from tests.factories.register import make_user
from tests.factories.rounds import make_cases

pytestmark = pytest.mark.django_db


def auditor():
    return make_user("rita", Role.AUDITOR)


def test_the_best_stands_first_the_unscored_last_and_the_unmet_apart():
    low, unscored, high, unmet = make_cases((2, None, 6, 5), unmet=(3,))

    ranking = ranked(low.call, user=auditor())

    assert [case.application for case in ranking.cases] == [high, low, unscored]
    assert [case.application for case in ranking.unmet] == [unmet]
    assert [case.score for case in ranking.cases] == [Decimal("6.00"), Decimal("2.00"), None]


def test_equal_scores_are_ranked_by_amount_and_then_by_case_number():
    from applications.models import Application

    first, second, third = make_cases((4, 4, 4))
    Application.objects.filter(pk=third.pk).update(applied_ore=APPLIED_ORE - 100)

    assert [case.application for case in ranked(first.call, user=auditor()).cases] == [third, first, second]


def test_the_grounds_are_those_of_each_case():
    cases = make_cases((3, 5), unmet=(1,))
    siri = impartial(caseworker("siri"), cases[0].call)
    score(cases[0], "plan", 1, reason="Svakere.", by=siri)
    score(cases[0], "plan", 2, reason="Litt bedre.", by=siri)
    rule_on(newest_findings(cases[1])[0], met=True, reason="Tall fra SSB.", by=caseworker())

    ranking = ranked(cases[0].call, user=auditor())

    assert {case.application: case.grounds for case in ranking} == {case: grounds_of(case) for case in cases}
    assert ranking.unmet == []


def test_the_number_of_questions_does_not_grow_with_the_cases():
    def questions(number: int) -> int:
        call = make_cases((1, 2, 3, 4, 5, 6)[:number])[0].call
        user = auditor()
        with CaptureQueriesContext(connection) as asked:
            assert len(list(ranked(call, user=user))) == number
        return len(asked)

    assert questions(2) == questions(6) <= 9


def test_an_interest_hides_the_cases():
    [case] = make_cases((4,))
    siri = caseworker("siri")
    declare(case.call, by=siri, has_interest=True, reason="Ektefellen leder prosjektet.")

    assert list(ranked(case.call, user=siri)) == []
    assert len(list(ranked(case.call, user=auditor()))) == 1


def test_what_is_decided_keeps_its_place_and_its_money():
    call = make_call(envelope_ore=APPLIED_ORE + 300_000_00)
    decided = make_case(State.GRANTED, call=call)
    others = [make_case(State.IN_PROGRESS, call=call, organisation=municipality(number)) for number in ("0104", "0105")]
    for case, points in zip(others, (6, 2), strict=True):
        for criterion in call.criteria():
            score(case, criterion["code"], points, reason="…", by=caseworker())
    ranking = ranked(call, user=auditor())

    amounts = suggested_by_rank(call, ranking)
    shared = distribution(call, ranking, amounts)

    assert amounts == {others[0].pk: 300_000_00, others[1].pk: 0}
    assert {share.case.application: share.amount_ore for share in shared.shares}[decided] == APPLIED_ORE
    assert (shared.left_ore, shared.over_ore) == (0, 0)


def test_the_same_share_is_for_those_with_enough_points():
    cases = make_cases((6, 5, 2), call=make_call(envelope_ore=600_000_00))
    ranking = ranked(cases[0].call, user=auditor())

    amounts = suggested_same_share(cases[0].call, ranking, least=Decimal(5))

    assert amounts == {cases[0].pk: 300_000_00, cases[1].pk: 300_000_00, cases[2].pk: 0}


def test_nothing_is_suggested_for_a_case_that_is_not_scored_or_settled():
    cases = make_cases((None, 3))

    assert set(suggested_by_rank(cases[0].call, ranked(cases[0].call, user=auditor()))) == {cases[1].pk}
