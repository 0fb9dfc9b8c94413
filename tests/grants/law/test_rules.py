"""Every rule with facts that meet it, facts that do not, and facts that leave it to a caseworker."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grants.law.rates.lookup import rates_on
from grants.law.registry import SCHEMES
from grants.law.rule import Facts, Verdict, assess

MET, NOT_MET, HUMAN = Verdict.MET, Verdict.NOT_MET, Verdict.NEEDS_A_HUMAN
DAY = {"norwegian_training": date(2018, 6, 1)}

# scheme, rule: (facts, verdict), ...
EXAMPLES: dict[tuple[str, str], tuple[tuple[dict[str, Any], Verdict], ...]] = {
    ("integration", "has_a_permit_that_counts"): (
        ({"permit": "asylum"}, MET), ({"permit": "independent"}, MET), ({"permit": "limited_minor"}, MET),
        ({"permit": "student"}, NOT_MET), ({}, HUMAN),
    ),
    ("integration", "is_not_family_of_somebody_settled_long_ago"): (
        ({"permit": "family", "reference_years": 5}, MET), ({"permit": "family", "reference_years": 6}, NOT_MET),
        ({"permit": "family"}, HUMAN), ({"permit": "asylum"}, MET), ({}, HUMAN),
    ),
    ("disability", "arose_before_settlement"): (
        ({"arose_before_settlement": True}, MET), ({"arose_before_settlement": False}, NOT_MET), ({}, HUMAN),
    ),
    ("disability", "is_settled_by_agreement"): (
        ({"settled_by_agreement": True}, MET), ({"settled_by_agreement": False}, NOT_MET), ({}, HUMAN),
    ),
    ("disability", "is_claimed_in_time"): (
        ({"months_since_settlement": 13}, MET), ({"months_since_settlement": 14}, NOT_MET), ({}, HUMAN),
        ({"months_since_settlement": 40, "claimed_before": True}, MET),
        ({"months_since_settlement": 14, "claimed_before": False}, NOT_MET),
    ),
    ("disability", "lives_in_the_municipality"): (
        ({"lives_in_the_municipality": True}, MET), ({"lives_in_the_municipality": False}, NOT_MET), ({}, HUMAN),
    ),
    ("disability", "is_within_the_grant_years"): (
        ({"grant_year": 5, "last_grant_year": 5}, MET), ({"grant_year": 6, "last_grant_year": 5}, NOT_MET),
        ({"grant_year": 0, "last_grant_year": 5}, NOT_MET), ({"last_grant_year": 5}, HUMAN), ({"grant_year": 1}, HUMAN),
    ),
    ("disability", "is_claimed_once"): (
        ({"granted_already": False}, MET), ({"granted_already": True}, NOT_MET), ({}, HUMAN),
    ),
    ("disability", "has_consent"): (
        ({"has_consent": True}, MET), ({"has_consent": False}, NOT_MET), ({}, HUMAN),
    ),
    ("extra_settlement", "settled_more_than_requested"): (
        ({"settled": 11, "requested": 10}, MET), ({"settled": 10, "requested": 10}, NOT_MET), ({"settled": 11}, HUMAN),
    ),
    ("extra_institution", "is_settled_from_institution"): (
        ({"from_institution": True}, MET), ({"from_institution": False}, NOT_MET), ({}, HUMAN),
    ),
    ("unaccompanied_minors", "is_at_most_20"): (
        ({"age_by_year": 20}, MET), ({"age_by_year": 21}, NOT_MET), ({}, HUMAN),
    ),
    ("jobbsjansen", "is_the_right_kind_of_applicant"): (
        ({"part": "B", "organisation_kind": "county"}, MET), ({"part": "A", "organisation_kind": "municipality"}, MET),
        ({"part": "A", "organisation_kind": "county"}, NOT_MET), ({"organisation_kind": "county"}, HUMAN),
        ({"part": "A"}, HUMAN),
    ),
    ("jobbsjansen", "has_enough_participants"): (
        ({"part": "A", "participants": 10}, MET), ({"part": "A", "participants": 9}, NOT_MET), ({"part": "A"}, HUMAN),
        ({"part": "C"}, MET), ({}, HUMAN),
    ),
    ("kum", "has_enough_immigrants_or_refugees"): (
        ({"share_of_immigrants": Decimal("0.05"), "refugees": 0}, MET),
        ({"share_of_immigrants": Decimal("0.01"), "refugees": 100}, MET),
        ({"share_of_immigrants": Decimal("0.049"), "refugees": 99}, NOT_MET), ({}, HUMAN),
    ),
    ("entrepreneurship", "brings_own_money"): (
        ({"own_ore": 100_00, "applied_ore": 100_00}, MET), ({"own_ore": 99_99, "applied_ore": 100_00}, NOT_MET),
        ({"applied_ore": 100_00}, HUMAN),
    ),
    ("integration_reception", "hosts_a_centre_by_agreement"): (
        ({"has_agreement": True}, MET), ({"has_agreement": False}, NOT_MET), ({}, HUMAN),
    ),
    ("integration_reception", "claims_the_places_of_the_agreement"): (
        ({"places": 80, "agreed_places": 80}, MET), ({"places": 81, "agreed_places": 80}, NOT_MET),
        ({"places": 80, "months": 12}, HUMAN),
    ),
    ("attitudes", "is_a_voluntary_organisation"): (
        ({"organisation_kind": "ngo"}, MET), ({"organisation_kind": "enterprise"}, NOT_MET), ({}, HUMAN),
    ),
    ("information", "is_non_profit"): (
        ({"organisation_kind": "ngo"}, MET), ({"organisation_kind": "enterprise"}, NOT_MET), ({}, HUMAN),
    ),
    ("information", "has_an_agreement_for_part_2"): (
        ({"part": "2", "has_agreement": True}, MET), ({"part": "2", "has_agreement": False}, NOT_MET),
        ({"part": "1"}, MET), ({"part": "2"}, HUMAN), ({}, HUMAN),
    ),
    ("reception_projects", "does_not_run_a_centre"): (
        ({"runs_a_centre": False}, MET), ({"runs_a_centre": True}, NOT_MET), ({}, HUMAN),
    ),
    ("local_organisations", "is_one_of_the_municipalities"): (
        ({"has_assignment": True}, MET), ({"has_assignment": False}, NOT_MET), ({}, HUMAN),
    ),
    ("resource_centres", "is_named_in_the_budget"): (
        ({"is_named": True}, MET), ({"is_named": False}, NOT_MET), ({}, HUMAN),
    ),
    ("vulnerable_groups", "is_named_in_the_proposition"): (
        ({"is_named": True}, MET), ({"is_named": False}, NOT_MET), ({}, HUMAN),
    ),
    ("mentor_trainee", "declares_economic_activity"): (
        ({"declared_economic_activity": True}, MET), ({"declared_economic_activity": False}, NOT_MET), ({}, HUMAN),
    ),
    ("norwegian_training", "is_in_the_target_group"): (
        ({"year_in_group": 3}, MET), ({"year_in_group": 4}, NOT_MET), ({}, HUMAN),
    ),
    ("asylum_training", "is_over_16"): (
        ({"age": 17}, MET), ({"age": 15}, NOT_MET), ({"age": 16}, HUMAN), ({}, HUMAN),
    ),
    ("asylum_training", "municipality_has_confirmed"): (
        ({"has_confirmed": True}, MET), ({"has_confirmed": False}, NOT_MET), ({}, HUMAN),
    ),
}  # fmt: skip
CASES = [(scheme, name, facts, verdict) for (scheme, name), rows in EXAMPLES.items() for facts, verdict in rows]


@pytest.mark.parametrize(("scheme", "name", "facts", "verdict"), CASES)
def test_each_rule_by_example(scheme: str, name: str, facts: dict[str, Any], verdict: Verdict) -> None:
    [rule] = [one for one in SCHEMES[scheme].rules if one.name == name]
    outcome = rule.outcome(Facts(facts), rates_on(scheme, DAY.get(scheme, date(2017, 6, 1))))
    assert outcome.verdict is verdict
    assert outcome.saw not in (None, ""), "the letter must be able to say what was seen, or why nobody could tell"


@pytest.mark.parametrize("code", SCHEMES)
def test_every_rule_is_shown_met_not_met_and_left_to_a_human(code: str) -> None:
    for rule in SCHEMES[code].rules:
        assert {verdict for _, verdict in EXAMPLES[code, rule.name]} == set(Verdict), rule.name


def test_all_rules_are_tried_after_the_first_failure() -> None:
    rules = SCHEMES["disability"].rules
    findings = assess(rules, Facts({"arose_before_settlement": False}), rates_on("disability", date(2017, 6, 1)))
    assert [finding.rule for finding in findings] == list(rules)
    assert [finding.outcome.verdict for finding in findings] == [NOT_MET, *[HUMAN] * (len(rules) - 1)]


def test_a_finding_names_the_source_of_what_it_saw() -> None:
    rule = SCHEMES["integration_reception"].rules[0]
    facts = Facts({"has_agreement": True}, {"has_agreement": "avtaleregisteret"})
    outcome = rule.outcome(facts, rates_on("integration_reception", date(2017, 6, 1)))
    assert (outcome.saw, outcome.source) == (True, "avtaleregisteret")


def test_a_rule_asks_for_no_number_that_it_does_not_name():
    """So that a call can be refused before it is published when one of its numbers is not known."""
    for (scheme, name), examples in EXAMPLES.items():
        [rule] = [rule for rule in SCHEMES[scheme].rules if rule.name == name]
        asked: set[str] = set()

        def note(number: str, asked: set[str] = asked, scheme: str = scheme) -> Any:
            asked.add(number)
            return rates_on(scheme, DAY.get(scheme, date(2017, 6, 1)))(number)

        for facts, _ in examples:
            rule.outcome(Facts(facts), note)
        assert asked == set(rule.asks), name
