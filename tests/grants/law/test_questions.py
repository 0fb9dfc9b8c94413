"""What applicants are asked: in three languages, each question once, and for every scheme that scores applications."""

import pytest

from grants.law.question import Answer, Contents, themes_for
from grants.law.registry import SCHEMES
from grants.law.scheme import Kind

APPLIED_FOR = [scheme for scheme in SCHEMES.values() if scheme.themes]


def test_every_scheme_that_scores_applications_asks_for_one():
    assert {scheme.code for scheme in SCHEMES.values() if scheme.criteria} <= {scheme.code for scheme in APPLIED_FOR}


@pytest.mark.parametrize("scheme", APPLIED_FOR, ids=lambda scheme: scheme.code)
def test_each_question_stands_once_in_three_languages_and_projects_have_a_budget(scheme):
    for part in [sub.code for sub in scheme.sub_schemes] or [""]:
        themes = themes_for(scheme.themes, part)
        questions = [question for theme in themes for question in theme.asked_in(part)]
        codes = [question.code for question in questions]
        assert len(codes) == len(set(codes))
        is_named_beforehand = scheme.is_claimed or scheme.kind is Kind.DELEGATED  # by the claim, or by the frame
        assert sum(theme.contents is Contents.BUDGET for theme in themes) == (not is_named_beforehand)
        for text in [theme.title for theme in themes] + [question.text for question in questions]:
            assert all(text)
        assert all(question.choices for question in questions if question.answer is Answer.CHOICE)


def test_a_question_of_one_part_is_not_asked_in_another():
    information = SCHEMES["information"]

    assert "conditions" in [theme.code for theme in themes_for(information.themes, "information_2")]
    assert "conditions" not in [theme.code for theme in themes_for(information.themes, "information_1")]
