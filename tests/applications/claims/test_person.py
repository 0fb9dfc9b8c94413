"""A municipality claims for a person: whom for, until when, once, and what two people grant is paid by the next run."""

from datetime import date

import pytest
import time_machine

from applications.models import Application, HealthRecord, HealthSubmission, State
from applications.services.assess import rule_on
from applications.services.attach import detach
from applications.services.copy_application import begin_from_earlier
from applications.services.decide import decide
from applications.services.decision_letter import make_letter
from applications.services.draft import save_answers
from applications.services.reopen import let_stand, reopen
from applications.services.rules import retry_rules
from applications.services.submit import Incomplete, submit
from applications.services.withdraw import withdraw
from applications.workflow.grounds import newest_findings, settled
from grants.models import AuditEvent, ClaimFact, EntitlementLine, ProtectedPerson, Role
from grants.services.approve_run import approve_run
from grants.services.prepare_run import prepare_run
from grants.shared.errors import Refused
from tests.factories.cases import caseworker, decision_maker, impartial, municipality
from tests.factories.claims import (
    COSTS,
    GRANTED_ORE,
    decided,
    disability_call,
    make_claim_draft,
    person_answers,
    proposed,
    sent,
    taken,
)
from tests.factories.register import claim, finance, happen, make_user, settle

pytestmark = pytest.mark.django_db


def rewrite(draft: Application, theme: str, typed: dict[str, str]) -> Application:
    return save_answers(draft, theme, typed, version=draft.version, by=draft.created_by)


def verdicts(case: Application) -> dict[str, bool | None]:
    return {finding.rule: settled(finding) for finding in newest_findings(case)}


def test_a_claim_in_order_meets_every_condition_and_asks_for_what_is_above_the_threshold():
    settle("P1")
    case = sent(make_claim_draft())

    assert case.applied_ore == GRANTED_ORE
    assert set(verdicts(case).values()) == {True}


def test_nothing_of_the_person_stands_among_the_answers_of_the_case():
    person = settle("P1")
    case = sent(make_claim_draft())

    assert set(case.answers) == {"contact"}
    assert set(case.submissions.get().answers) == {"contact"}
    assert HealthSubmission.objects.get().person == person


@pytest.mark.parametrize(
    ("ref", "why"),
    [
        ("P9", "nobody has the reference"),
        ("ELSEWHERE", "settled in another municipality"),
        ("LATER", "settled after the year"),
        ("GONE", "the settlement was withdrawn"),
        ("HIDDEN", "under address protection"),
    ],
)
def test_whom_the_municipality_may_not_claim_for_answers_like_nobody_at_all(ref: str, why: str):
    settle("ELSEWHERE", municipality_number="0104")
    settle("LATER", "2018-01-10")
    happen(settle("GONE"), "withdrawn", "2017-02-01")
    protect("HIDDEN")
    draft = make_claim_draft(person=person_answers(ref))

    with pytest.raises(Refused, match="Vi finner ingen bosatt person med denne referansen i kommunen i 2017"):
        sent(draft)
    assert HealthRecord.objects.get().person is None


def protect(ref: str) -> None:
    person = settle(ref)
    person.person_ref = None
    person.save()
    ProtectedPerson.objects.create(
        person=person, person_ref=ref, level="confidential", since=date(2017, 1, 1), reason="Kode 7"
    )


def test_both_the_municipality_one_leaves_and_the_one_one_comes_to_may_claim():
    happen(settle("P1"), "moved", "2017-03-01", "0104")
    call = disability_call()

    assert set(verdicts(sent(make_claim_draft(call))).values()) == {True}
    assert set(verdicts(sent(make_claim_draft(call, municipality("0104")))).values()) == {True}


def test_whoever_moved_the_year_before_is_claimed_for_where_they_live():
    happen(settle("P1"), "moved", "2016-12-01", "0104")

    with pytest.raises(Refused, match="Vi finner ingen"):
        sent(make_claim_draft())


@pytest.mark.parametrize("day", ["2017-06-10T23:59:59+02:00", "2016-06-01T12:00:00+02:00"])
def test_a_claim_within_13_months_is_taken_in_to_the_last_second(day: str):
    settle("P1")  # on 10 May 2016
    with time_machine.travel(day, tick=False):
        case = sent(make_claim_draft())

    assert verdicts(case)["is_claimed_in_time"] is True


def test_a_claim_after_13_months_is_refused_with_the_day_and_the_citation():
    settle("P1")
    draft = make_claim_draft()
    told = r"gikk ut 10\.\sjuni\s2017: .* som var 10\.\smai\s2016, jf\. imdi\.no \(2017\)"
    with time_machine.travel("2017-06-11T00:00:00+02:00", tick=False), pytest.raises(Refused, match=told):
        sent(draft)

    assert Application.objects.get().state == State.DRAFT


def test_a_settlement_that_turns_out_to_be_older_makes_the_claim_late_and_the_letter_says_so():
    settle("P1")
    case = taken(sent(make_claim_draft()))
    settle("P1", "2015-01-10", known_on=date(2017, 5, 1))
    retry_rules(case, by=impartial(caseworker(), case.call))

    assert verdicts(case)["is_claimed_in_time"] is False
    with pytest.raises(Refused, match="Et vilkår er ikke oppfylt: Kravet kom innen 13 måneder"):
        proposed(case, GRANTED_ORE)
    decision = decided(case, 0)
    [found] = [one for one in decision.grounds["findings"] if one["met"] is False]
    assert (found["rule"], found["citation"]) == ("is_claimed_in_time", "imdi.no (2017)")


def test_a_later_year_is_not_late_when_the_first_claim_was_granted():
    person = settle("P1", "2015-05-10")
    claim("disability", "K1", person=person, year=2016, kind="2", costs_ore=300_000_00)

    assert verdicts(sent(make_claim_draft()))["is_claimed_in_time"] is True


def test_a_person_is_claimed_for_once_a_year_in_a_municipality():
    person = settle("P1")
    claim("disability", "K1", person=person, year=2017, kind="1", costs_ore=300_000_00)

    with pytest.raises(Refused, match="allerede innvilget tilskudd for personen i 2017"):
        sent(make_claim_draft())


def test_two_claims_for_the_same_person_at_once_are_granted_once():
    settle("P1")
    call = disability_call()
    first, second = sent(make_claim_draft(call)), sent(make_claim_draft(call))
    taken(first)
    taken(second)
    proposed(second, GRANTED_ORE)
    decided(first)

    with pytest.raises(Refused, match="Personen har et krav fra før"):
        decide(second.decisions.get(), by=impartial(decision_maker(), call))
    assert ClaimFact.objects.count() == 1


@pytest.mark.parametrize(
    ("settled_on", "category", "born", "met"),
    [("2013-05-10", "adult", "1985-06-01", True), ("2012-05-10", "adult", "1985-06-01", False),
     ("2010-05-10", "unaccompanied_minor", "1997-06-01", True),
     ("2010-05-10", "unaccompanied_minor", "1996-06-01", False)],
)  # fmt: skip
def test_tilskudd_2_is_given_for_five_years_and_for_minors_to_the_year_of_20(
    settled_on: str, category: str, born: str, met: bool
):
    person = settle("P1", settled_on, category=category, born_on=date.fromisoformat(born))
    claim("disability", "K1", person=person, year=2014, kind="2", costs_ore=300_000_00)

    assert verdicts(sent(make_claim_draft()))["is_within_the_grant_years"] is met


@pytest.mark.parametrize(
    ("answer", "rule"),
    [("arose_before_settlement", "arose_before_settlement"), ("settled_by_agreement", "is_settled_by_agreement"),
     ("has_consent", "has_consent")],
)  # fmt: skip
def test_what_the_municipality_answers_no_to_is_not_met(answer: str, rule: str):
    settle("P1")
    case = sent(make_claim_draft(person=person_answers(**{answer: "no"})))

    assert verdicts(case)[rule] is False


@pytest.mark.parametrize(
    "costs",
    [{}, {"cost_support": "200 000"}, {"cost_support": "-1"}, {"cost_support": "mye"}, {"cost_other": "300 000"}],
)
def test_costs_that_give_nothing_or_cannot_be_read_are_not_sent_in(costs: dict[str, str]):
    settle("P1")

    with pytest.raises(Incomplete, match="Utgiftene"):
        sent(make_claim_draft(costs=costs))


@pytest.mark.parametrize("place", ["medical_statement", "costs_documented"])
def test_both_documents_must_be_there(place: str):
    settle("P1")
    draft = make_claim_draft()
    detach(draft.attachments.get(place=place), by=draft.created_by)
    draft.refresh_from_db()

    with pytest.raises(Incomplete, match="Vedlegg"):
        sent(draft)


def test_an_editor_writes_and_only_a_signatory_sends():
    settle("P1")
    draft = make_claim_draft()
    editor = make_user("redaktor")
    editor.memberships.create(organisation=draft.organisation, role=Role.EDITOR)
    save_answers(draft, "costs", COSTS, version=draft.version, by=editor)

    with pytest.raises(Refused, match="rollen"):
        submit(draft, by=editor)


def test_what_two_people_grant_is_paid_by_the_next_run(money: None):
    person = settle("P1")
    case = sent(make_claim_draft())
    decided(case)

    fact = ClaimFact.objects.get()
    assert (fact.person, fact.kind, fact.costs_ore, fact.on) == (person, "2", 300_000_00, date(2017, 6, 1))
    approve_run(prepare_run("disability", 2017, 1, by=finance()), by=finance("frida"))
    line = EntitlementLine.objects.get()
    assert (line.person_id, line.municipality_number, line.code, line.amount_ore) == (
        person.pk, "0101", "FHT2", GRANTED_ORE,
    )  # fmt: skip


def test_a_part_is_granted_as_the_costs_that_come_to_it(money: None):
    settle("P1")
    decided(sent(make_claim_draft()), 60_000_00)

    assert ClaimFact.objects.get().costs_ore == 260_000_00
    approve_run(prepare_run("disability", 2017, 1, by=finance()), by=finance("frida"))
    assert EntitlementLine.objects.get().amount_ore == 60_000_00


def test_tilskudd_1_is_taken_in_and_stops_before_it_is_granted():
    settle("P1")
    case = taken(sent(make_claim_draft(disability_call(part="disability_1"))))

    assert case.applied_ore is None
    with pytest.raises(Refused, match="satsen ikke er kjent.*cap_1"):
        proposed(case, 100_00)
    assert decided(case, 0).outcome == "refuse"


def test_a_claim_gets_its_amount_when_the_rate_has_been_added(tmp_path, monkeypatch: pytest.MonkeyPatch):
    settle("P1")
    case = taken(sent(make_claim_draft(disability_call(part="disability_1"))))
    (tmp_path / "disability.toml").write_text(
        '[[cap_1]]\ntitle = "Tilskudd 1"\nvalid_from = 2017-01-01\nvalid_to = 2017-12-31\nvalue = "15000000"\n'
        'unit = "ore"\ncitation = "Prøve"\ncertainty = "G"\n'
    )
    monkeypatch.setenv("TILSKUDD_RATES", str(tmp_path))
    retry_rules(case, by=impartial(caseworker(), case.call))
    case.refresh_from_db()

    assert case.applied_ore == 150_000_00  # 300 000 - 100 000, up to the cap of the trial
    decided(case, 150_000_00)
    assert ClaimFact.objects.get().kind == "1"


def test_a_deviation_takes_a_reason_and_then_the_claim_may_be_granted():
    settle("P1")
    case = taken(sent(make_claim_draft(person=person_answers(settled_by_agreement="no"))))
    [finding] = [one for one in newest_findings(case) if one.rule == "is_settled_by_agreement"]
    rule_on(finding, met=True, reason="Avtalen er fra 3. mars.", by=impartial(caseworker(), case.call))

    assert decided(case).amount_ore == GRANTED_ORE


def test_a_claim_that_was_taken_back_and_never_sent_again_counts_as_it_was_sent():
    settle("P1")
    case = sent(make_claim_draft())
    reopen(case, by=case.created_by)
    rewrite(case, "costs", {"cost_support": "900 000"})
    with time_machine.travel("2017-08-01T12:00:00+02:00"):
        let_stand({"application": str(case.pk)})
    case.refresh_from_db()

    assert (case.state, case.applied_ore) == (State.SUBMITTED, GRANTED_ORE)
    assert HealthRecord.objects.get().opened()["costs"] == COSTS


def test_a_draft_that_is_put_away_leaves_nothing_of_the_person():
    settle("P1")
    draft = make_claim_draft()
    withdraw(draft, by=draft.created_by)

    assert not HealthRecord.objects.exists()


def test_nothing_of_a_person_is_copied_to_the_claim_of_next_year():
    settle("P1")
    earlier = sent(make_claim_draft())
    with time_machine.travel("2018-03-01T12:00:00+01:00"):
        draft = begin_from_earlier(disability_call(year=2018), earlier, by=earlier.created_by)

    assert set(draft.answers) <= {"contact"}
    assert not HealthRecord.objects.filter(application=draft).exists()


def test_the_letter_and_the_audit_name_no_person():
    settle("P1")
    decision = decided(sent(make_claim_draft()))

    make_letter(decision)
    assert not AuditEvent.objects.filter(details__icontains="P1").exists()
