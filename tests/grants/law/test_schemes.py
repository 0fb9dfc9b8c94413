"""The 18 schemes: complete, in three languages, with the calendars and posts that the runs rely on."""

from datetime import date
from itertools import chain

import pytest

from grants.law.errors import UnknownScheme
from grants.law.other_transfers import OTHER_TRANSFERS
from grants.law.rates.lookup import history
from grants.law.registry import SCHEMES, scheme
from grants.law.scheme import CRITERIA_ARE_OURS, Kind, Scheme

POSTS = {
    "integration": "0496/60", "disability": "0496/60", "extra_settlement": "0496/60", "extra_institution": "0496/60",
    "unaccompanied_minors": "0496/61", "jobbsjansen": "0496/62", "kum": "0496/62", "entrepreneurship": "0496/62",
    "integration_reception": "0496/62", "attitudes": "0496/71", "information": "0496/71",
    "reception_projects": "0496/71", "local_organisations": "0496/71", "resource_centres": "0496/71",
    "vulnerable_groups": "0496/71", "mentor_trainee": "0496/73", "norwegian_training": "0497/60",
    "asylum_training": "0497/60",
}  # fmt: skip
# scheme: (cut-off, payment) of each term of 2017
CALENDARS = {
    "integration": ("03-01 03-15", "06-01 06-15", "09-01 09-15", "12-01 12-05"),
    "unaccompanied_minors": ("01-01 01-15", "07-01 06-25", "12-01 12-10"),
    "extra_settlement": ("09-30 12-10",),
    "extra_institution": ("12-31 12-10",),
    "disability": ("12-31 12-10",),
    "integration_reception": ("01-01 03-15", "07-01 09-15"),
    "asylum_training": ("01-01 02-15", "04-01 05-15", "07-01 08-15", "10-01 11-15"),
    "norwegian_training": ("01-01 02-15", "04-01 05-15", "07-01 08-15", "10-01 11-15"),
}
each_scheme = pytest.mark.parametrize("one", SCHEMES.values(), ids=lambda one: one.code)


def test_there_are_18_on_their_posts() -> None:
    assert {code: f"{one.chapter}/{one.post}" for code, one in SCHEMES.items()} == POSTS
    assert len(SCHEMES) == 18


def test_no_line_code_belongs_to_two_schemes() -> None:
    codes = list(chain.from_iterable(one.codes for one in SCHEMES.values()))
    assert len(codes) == len(set(codes))


@each_scheme
def test_a_scheme_says_all_that_its_regulation_does(one: Scheme) -> None:
    for text in (one.legal_basis, one.target_group, one.calculation, one.reporting, one.appeal):
        assert text.strip()
    assert one.recipients
    assert set(one.recipients) <= {"municipality", "county", "ngo", "enterprise"}
    assert one.rules, "every scheme has an entry condition"
    assert len({rule.name for rule in one.rules}) == len(one.rules)
    for rule in one.rules:
        assert rule.sentence.strip()
        assert rule.citation.strip()
        assert rule.certainty in "VRIG"


@each_scheme
def test_texts_stand_in_three_languages(one: Scheme) -> None:
    texts = [one.name, one.purpose, *(part.name for part in one.sub_schemes), *(each.text for each in one.criteria)]
    for text in texts:
        assert all(part.strip() for part in text), text
    assert one.purpose.nb != one.purpose.en


@each_scheme
def test_a_rule_that_rests_on_another_year_is_marked_as_an_assumption(one: Scheme) -> None:
    for rule in one.rules:
        if "lagt til grunn" in rule.citation or "senere versjon" in rule.citation:
            assert rule.certainty == "G", rule.name


@each_scheme
def test_weights_without_a_source_say_so(one: Scheme) -> None:
    assert (CRITERIA_ARE_OURS in one.unknowns) == bool(one.criteria)


def test_the_calendars() -> None:
    assert {code for code, one in SCHEMES.items() if one.calendar} == set(CALENDARS)
    for code, terms in CALENDARS.items():
        calendar = SCHEMES[code].calendar
        assert calendar is not None
        assert calendar.numbers == tuple(range(1, len(terms) + 1))
        for number, days in enumerate(terms, start=1):
            cutoff, paid = (date.fromisoformat(f"2017-{day}") for day in days.split())
            assert calendar.cutoff(2017, number) == cutoff
            assert calendar.paid_on(2017, number) == paid


def test_only_schemes_per_person_or_place_have_terms() -> None:
    for one in SCHEMES.values():
        assert (one.calendar is not None) == (one.kind in (Kind.AUTOMATIC_PER_PERSON, Kind.CLAIM_PER_PERSON))


def test_the_parts_that_are_announced_by_themselves() -> None:
    parts = {code: [part.code for part in one.sub_schemes] for code, one in SCHEMES.items() if one.sub_schemes}
    assert parts == {
        "disability": ["disability_1", "disability_2"],
        "jobbsjansen": [f"jobbsjansen_{letter}" for letter in "abcd"],
        "information": ["information_1", "information_2"],
    }


def test_what_no_source_gives_is_said() -> None:
    for code in ("integration", "disability", "norwegian_training", "unaccompanied_minors", "jobbsjansen"):
        assert SCHEMES[code].unknowns, code
    assert "cap_1" not in history("disability")


def test_an_unknown_scheme_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownScheme, match='Did you mean "integration"'):
        scheme("integratin")
    with pytest.raises(UnknownScheme, match="The schemes are: integration"):
        scheme("qqq")


def test_other_transfers_stand_outside_the_18() -> None:
    assert {(one.chapter, one.post) for one in OTHER_TRANSFERS} == {("0496", "70"), ("0496", "72"), ("0496", "62")}
    codes = [one.code for one in OTHER_TRANSFERS]
    assert len(codes) == len(set(codes)) == 4
    assert not set(codes) & set(SCHEMES)
