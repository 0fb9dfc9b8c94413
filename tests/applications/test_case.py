"""A case from call to commitment, and all that must not happen on the way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from applications.models import Application, CaseEvent, Decision, Finding, State, Submission
from applications.services.announce import change_call, prepare_call, publish_call
from applications.services.assess import declare, rule_on, score, take_case
from applications.services.decide import decide, propose, return_proposal
from applications.services.draft import SomebodyElseSaved, begin_application, save_answers
from applications.services.submit import Incomplete, submit
from applications.workflow.grounds import newest_findings, total
from grants.models import Account, Job, LedgerEntry, Organisation, Role
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, OverBudget, Refused
from tests.factories.cases import (
    ANSWERS,
    APPLIED_ORE,
    call_contents,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    make_case,
    make_draft,
    make_proposal,
    member,
    municipality,
    owner,
    proposal_of,
    signatory,
)
from tests.factories.register import appropriate, make_user

pytestmark = pytest.mark.django_db


# --- The call ---------------------------------------------------------------------------------------------------------


def test_a_published_call_keeps_what_was_asked_tried_and_scored():
    call = make_call()

    assert [question["code"] for question in call.terms["questions"]][:3] == [
        "contact_name", "contact_email", "contact_phone",
    ]  # fmt: skip
    assert [rule["name"] for rule in call.terms["rules"]] == ["has_enough_immigrants_or_refugees"]
    assert sum(criterion["weight"] for criterion in call.criteria()) == 5


def test_a_published_call_never_changes():
    call = make_call()

    with pytest.raises(ChangedSince, match="kan ikke endres"):
        change_call(call, by=owner(), envelope_ore=1)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        type(call).objects.filter(pk=call.pk).update(envelope_ore=1)
    with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
        type(call).objects.filter(pk=call.pk).delete()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"envelope_ore": 0}, "Rammen"),
        ({"envelope_ore": -1}, "Rammen"),
        ({"closes_at": timezone.now() - timedelta(days=9)}, "Fristen"),
        ({"title_nn": " "}, "nynorsk"),
    ],
)
def test_a_call_that_cannot_be_is_refused(changes, says):
    with pytest.raises(BadInput, match=says):
        prepare_call("kum", "", 2017, by=owner(), **call_contents(**changes))


def test_only_a_scheme_owner_announces():
    with pytest.raises(NotAllowed):
        prepare_call("kum", "", 2017, by=caseworker(), **call_contents())


def test_a_scheme_without_applications_is_not_announced():
    with pytest.raises(Refused, match="lyses ikke ut"):
        prepare_call("integration", "", 2017, by=owner(), **call_contents())


def test_a_call_is_published_once():
    call = prepare_call("kum", "", 2017, by=owner(), **call_contents())
    publish_call(call, by=owner())

    with pytest.raises(ChangedSince, match="allerede"):
        publish_call(call, by=owner())


# --- The draft --------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_stored_right_or_wrong():
    application = make_draft(budget={"applied": "<script>alert(1)</script>", "own": "\x00minus"})

    assert Application.objects.get().answers["budget"] == {"applied": "<script>alert(1)</script>", "own": "minus"}
    assert application.version == 1 + len(ANSWERS)


def test_the_second_of_two_windows_is_told_and_nothing_is_overwritten():
    application = make_draft()
    other = Application.objects.get(pk=application.pk)
    save_answers(application, "goals", {"goals": "den første"}, version=application.version, by=application.created_by)

    with pytest.raises(SomebodyElseSaved) as refused:
        save_answers(other, "goals", {"goals": "den andre"}, version=other.version, by=application.created_by)

    assert refused.value.now.answers["goals"] == {"goals": "den første"}
    assert Application.objects.get().answers["goals"] == {"goals": "den første"}


def test_nobody_writes_for_another_organisation():
    application = make_draft()
    stranger = signatory(municipality("0104"), "fremmed")

    with pytest.raises(NotAllowed):
        save_answers(application, "goals", {}, version=application.version, by=stranger)
    with pytest.raises(NotAllowed):
        begin_application(application.call, municipality(), by=stranger)


def test_only_those_whom_the_scheme_is_for_can_begin():
    ngo = Organisation.objects.create(name="Nabohjelpen", search_key="nabohjelpen", kind="ngo")

    with pytest.raises(Refused, match="søkere er kommuner"):
        begin_application(make_call(), ngo, by=signatory(ngo, "nils"))


def test_an_application_is_seen_by_its_organisation_and_once_sent_in_by_the_directorate():
    draft, sent = make_draft(), make_case(organisation=municipality("0104"))

    def seen_by(user):
        return set(Application.objects.visible_to(user))

    assert seen_by(draft.created_by) == {draft}
    assert seen_by(member(Role.ACCOUNTANT)) == {draft}
    assert seen_by(caseworker()) == {sent}
    assert seen_by(make_user("nobody")) == set()


# --- Submission -------------------------------------------------------------------------------------------------------


def test_a_submitted_application_is_a_case_with_a_number_and_its_rules_tried():
    application = make_case()

    assert application.state == State.SUBMITTED
    assert application.reference == f"{timezone.localdate().year}/1"
    assert application.applied_ore == APPLIED_ORE
    submission = Submission.objects.get()
    assert submission.answers == application.answers
    finding = Finding.objects.get()
    assert (finding.verdict, finding.source) == ("met", "søknaden")
    assert "flyktninger" in finding.sentence


def test_case_numbers_follow_each_other():
    call = make_call()
    cases = [make_case(call=call, organisation=municipality(number)) for number in ("0101", "0104", "0105")]

    assert [case.case_number for case in cases] == [1, 2, 3]


@pytest.mark.parametrize(
    ("theme", "typed"),
    [
        ("contact", {}),
        ("project", ANSWERS["project"] | {"ends_on": "2016-01-01"}),
        ("project", ANSWERS["project"] | {"starts_on": "30. februar"}),
        ("goals", ANSWERS["goals"] | {"participants": "mange"}),
        ("budget", ANSWERS["budget"] | {"applied": "500 001"}),
        ("budget", ANSWERS["budget"] | {"applied": "1e9"}),
        ("budget", ANSWERS["budget"] | {"applied": "-5"}),
        ("budget", ANSWERS["budget"] | {"costs": []}),
    ],
)
def test_an_incomplete_application_is_not_sent(theme, typed):
    application = make_draft(**{theme: typed})

    with pytest.raises(Incomplete, match="ikke ferdig"):
        submit(application, by=application.created_by)

    assert Submission.objects.count() == 0
    assert Application.objects.get().state == State.DRAFT


def test_the_deadline_is_to_the_second():
    closes_at = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    call = make_call(closes_at=closes_at)
    first, second = make_draft(call), make_draft(call, municipality("0104"))

    with time_machine.travel(closes_at - timedelta(seconds=1), tick=False):
        submit(first, by=first.created_by)
    with time_machine.travel(closes_at, tick=False), pytest.raises(Refused, match="Fristen var"):
        submit(second, by=second.created_by)


def test_an_editor_writes_but_does_not_sign():
    application = make_draft()

    with pytest.raises(NotAllowed):
        submit(application, by=member(Role.EDITOR))


def test_the_second_of_two_signatories_is_told_that_it_is_sent():
    application = make_draft()
    other = Application.objects.get(pk=application.pk)
    submit(application, by=application.created_by)

    with pytest.raises(ChangedSince, match="var først"):
        submit(other, by=other.created_by)
    assert Submission.objects.count() == 1


def test_what_was_sent_in_never_changes():
    make_case()

    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Submission.objects.update(applied_ore=1)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        CaseEvent.objects.all().delete()


# --- Casework ---------------------------------------------------------------------------------------------------------


def test_casework_takes_a_declaration_and_an_interest_hides_the_case():
    application = make_case()
    sara = caseworker()

    with pytest.raises(NotAllowed, match="habil"):
        take_case(application, by=sara)
    declare(application.call, by=sara, has_interest=True, reason="Søsteren min leder prosjektet.")
    with pytest.raises(NotAllowed, match="inhabil"):
        take_case(application, by=sara)
    assert not Application.objects.visible_to(sara).exists()
    assert Application.objects.visible_to(caseworker("siri")).exists()


def test_a_finding_that_needs_a_human_stops_the_proposal_until_it_is_settled():
    application = make_case(State.IN_PROGRESS, municipality={})
    [finding] = newest_findings(application)
    assert finding.verdict == "needs a human"

    with pytest.raises(Refused, match="Ta stilling"):
        make_proposal(application)
    rule_on(finding, met=True, reason="Tall fra SSB.", by=caseworker())

    assert make_proposal(application).grounds["findings"][0]["met"] is True


def test_no_money_where_a_condition_is_not_met():
    application = make_case(State.IN_PROGRESS, municipality={"share_of_immigrants": "4,9", "refugees": "99"})

    with pytest.raises(Refused, match="ikke oppfylt"):
        make_proposal(application)

    assert make_proposal(application, amount_ore=0).outcome == Decision.Outcome.REFUSE


def test_scores_are_weighted_and_the_newest_of_each_assessor_counts():
    application = make_case(State.IN_PROGRESS)
    sara, siri = caseworker(), impartial(caseworker("siri"), application.call)
    for criterion, points in (("transfer", 1), ("goals", 3), ("plan", 5), ("transfer", 6)):
        score(application, criterion, points, reason="…", by=sara)
    assert total(application) == Decimal("4.60")  # (6·2 + 3·2 + 5·1) / 5

    score(application, "plan", 2, reason="…", by=siri)
    assert total(application) == Decimal("4.30")  # plan: (5 + 2) / 2


@pytest.mark.parametrize("points", [-1, 7])
def test_points_are_from_0_to_6(points):
    application = make_case(State.IN_PROGRESS)

    with pytest.raises(BadInput, match="fra 0 til 6"):
        score(application, "plan", points, reason="…", by=caseworker())


# --- The decision -----------------------------------------------------------------------------------------------------


def test_a_granted_application_is_committed_in_the_ledger_and_its_letter_is_handed_over():
    application = make_case(State.GRANTED)

    entry = LedgerEntry.objects.get()
    assert (entry.debit, entry.credit, entry.amount_ore) == (Account.APPROPRIATION, Account.COMMITTED, APPLIED_ORE)
    assert (entry.chapter, entry.post, entry.scheme, entry.code) == ("0496", "62", "kum", "kum")
    assert (entry.recipient, entry.value_date) == (application.organisation, date(2017, 6, 1))
    assert set(Job.objects.values_list("kind", flat=True)) == {"record_submission", "decision_letter"}


def test_a_refusal_books_nothing():
    application = make_case(State.REFUSED)

    assert application.decisions.get().outcome == Decision.Outcome.REFUSE
    assert LedgerEntry.objects.count() == 0


def test_nobody_decides_their_own_proposal():
    application = make_case(State.PROPOSED)
    sara = make_user("sara", Role.DECISION_MAKER)

    with pytest.raises(NotAllowed, match="En annen"):
        decide(proposal_of(application), by=sara)


def test_a_proposal_is_decided_once():
    application = make_case(State.PROPOSED)
    appropriate(post="62")
    david = impartial(decision_maker(), application.call)
    first, second = proposal_of(application), proposal_of(application)
    decide(first, by=david, on=date(2017, 6, 1))

    with pytest.raises(ChangedSince, match="var først"):
        decide(second, by=david, on=date(2017, 6, 1))
    assert LedgerEntry.objects.count() == 1


def test_the_envelope_cannot_be_passed():
    call = make_call(envelope_ore=APPLIED_ORE + 99_999_00)
    make_case(State.GRANTED, call=call)
    last = make_case(State.PROPOSED, call=call, organisation=municipality("0104"))

    with pytest.raises(OverBudget, match="99.999 kroner igjen"):
        decide(proposal_of(last), by=decision_maker(), on=date(2017, 6, 1))
    assert Application.objects.get(pk=last.pk).state == State.PROPOSED


def test_the_appropriation_cannot_be_passed():
    application = make_case(State.PROPOSED)
    appropriate(post="62", kroner=APPLIED_ORE // 100 - 1)

    with pytest.raises(OverBudget, match="Be om større"):
        decide(proposal_of(application), by=impartial(decision_maker(), application.call), on=date(2017, 6, 1))


def test_a_proposal_can_be_returned_and_made_again():
    application = make_case(State.PROPOSED)
    david = impartial(decision_maker(), application.call)
    return_proposal(proposal_of(application), reason="Kort ned begrunnelsen.", by=david)
    application.refresh_from_db()

    again = propose(application, amount_ore=100_000_00, reason="Kortere.", by=caseworker())

    assert again.outcome == Decision.Outcome.GRANT_IN_PART
    assert [decision.state for decision in application.decisions.order_by("pk")] == ["returned", "proposed"]


@pytest.mark.parametrize("amount_ore", [-100, APPLIED_ORE + 100, 50])
def test_an_amount_that_cannot_be_is_refused(amount_ore):
    application = make_case(State.IN_PROGRESS)

    with pytest.raises(BadInput):
        make_proposal(application, amount_ore=amount_ore)
    assert Decision.objects.count() == 0


ATTACKS = {
    "decided without approval": "UPDATE applications_decision SET state = 'decided', decided_on = '2017-06-01'",
    "amount changed": "UPDATE applications_decision SET amount_ore = 100, outcome = 'grant_in_part'",
    "reason changed": "UPDATE applications_decision SET reason = 'noe annet'",
    "another proposer": "UPDATE applications_decision SET prepared_by_id = "
    "(SELECT id FROM grants_user WHERE username = 'david')",
    "removed": "DELETE FROM applications_decision",
}


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_holds_two_people_and_the_proposal_as_it_was(sql):
    from django.db import connection

    make_case(State.PROPOSED)
    decision_maker()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Decision.objects.get().state == "proposed"


def test_the_database_holds_the_envelope():
    from django.db import connection

    from grants.models import Approval

    call = make_call(envelope_ore=APPLIED_ORE)
    make_case(State.GRANTED, call=call)
    last = make_case(State.PROPOSED, call=call, organisation=municipality("0104"))
    proposal = proposal_of(last)
    Approval.objects.create(
        subject=f"decision:{proposal.pk}", digest=proposal.digest, proposed_by=proposal.prepared_by,
        approved_by=decision_maker(),
    )  # fmt: skip

    with (
        pytest.raises(DatabaseError, match="never pass its envelope"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE applications_decision SET state = 'decided', decided_on = '2017-06-01' WHERE id = %s", [proposal.pk]
        )
