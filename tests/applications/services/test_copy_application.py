"""A new application may begin with the answers of last time, and nothing copied is done before somebody has looked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.intake.completeness import Progress, states_of
from applications.models import Application
from applications.services.copy_application import begin_from_earlier, kept_answers, to_copy_from
from applications.services.draft import save_answers
from applications.services.submit import Incomplete, submit
from grants.shared.errors import NotAllowed, Refused
from tests.factories.cases import ANSWERS, make_call, make_case, make_draft, municipality, signatory

pytestmark = pytest.mark.django_db


@pytest.fixture
def last_year():
    return make_case()


@pytest.fixture
def this_year(last_year):
    numbers = {"least_share_of_immigrants": 0, "least_refugees": 100}  # no source gives those of 2018
    return make_call(year=2018, closes_at=timezone.now() + timedelta(days=60), numbers=numbers)


def test_the_answers_are_copied_and_every_part_must_be_looked_over(last_year, this_year):
    new = begin_from_earlier(this_year, last_year, by=last_year.created_by)

    assert new.answers == ANSWERS
    assert {state.progress for state in states_of(new) if state.theme.code in ANSWERS} == {Progress.COPIED}
    with pytest.raises(Incomplete):
        submit(new, by=last_year.created_by)


def test_a_part_that_is_looked_over_is_done_and_autosave_is_no_look(last_year, this_year):
    new = begin_from_earlier(this_year, last_year, by=last_year.created_by)
    by = last_year.created_by

    save_answers(new, "goals", ANSWERS["goals"], version=new.version, by=by, looked_over=False)
    assert "goals" in new.copied["themes"]
    for theme in ANSWERS:
        save_answers(new, theme, ANSWERS[theme], version=new.version, by=by)

    assert {state.progress for state in states_of(new)} == {Progress.DONE}
    assert submit(new, by=by).number == 1


def test_answers_to_questions_that_are_gone_are_left_behind(this_year):
    kept = kept_answers(this_year, {"goals": {"goals": "Mål", "asked_before": "x"}, "gone": {"a": "b"}})
    assert kept == {"goals": {"goals": "Mål"}}


def test_only_what_the_organisation_itself_has_sent_in_is_offered(last_year, this_year):
    assert to_copy_from(this_year, last_year.organisation) == last_year
    assert to_copy_from(this_year, municipality("0104")) is None
    make_draft(organisation=municipality("0105"))
    assert to_copy_from(this_year, municipality("0105")) is None


def test_another_organisations_application_is_not_copied(last_year, this_year):
    stranger = signatory(municipality("0104"), "fremmed")
    with pytest.raises(NotAllowed):
        begin_from_earlier(this_year, last_year, by=stranger)
    assert not Application.objects.filter(call=this_year).exists()


def test_an_application_to_the_same_call_is_not_copied(last_year):
    with pytest.raises(Refused, match="tidligere"):
        begin_from_earlier(last_year.call, last_year, by=last_year.created_by)
