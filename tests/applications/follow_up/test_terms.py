"""Terms are read, accepted or declined: once, in time, by somebody who signs, and as they were read."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from applications.models import Acceptance, CaseDocument, CaseEvent, Deadline, Decision, Report, State, Terms
from applications.models.terms import due_on
from applications.services.decide import decide
from applications.services.terms import (
    accept_terms,
    decline_grant,
    digest_of,
    give_new_deadline,
    issue_terms,
    report_due_on,
)
from grants.jobs.queue import drain
from grants.models import Account, Approval, LedgerEntry, Role
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, OverBudget, Refused
from tests.factories.cases import (
    APPLIED_ORE,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    make_case,
    make_proposal,
    member,
    moment,
    municipality,
    proposal_of,
    signatory,
)
from tests.factories.follow_up import (
    accept,
    approve_change,
    decision_of,
    make_accepted,
    make_grant,
    make_recommended,
    terms_of,
)
from tests.factories.register import appropriate

pytestmark = pytest.mark.django_db
What = Deadline.What
# What the rules of a call ask for where no source gives the rates of its year.
NUMBERS = {"least_refugees": "100", "least_share_of_immigrants": "0.05"}


def text_of(terms: Terms) -> str:
    return "\n".join(paragraph for part in terms.content["sections"] for paragraph in part["paragraphs"])


# --- What they say ----------------------------------------------------------------------------------------------------


def test_a_grant_gets_terms_with_its_own_facts_and_a_deadline():
    application = make_grant()

    terms = terms_of(application)
    text = text_of(terms)
    assert (terms.number, terms.amount_ore, terms.previous_sha256) == (1, APPLIED_ORE, "")
    assert "500 000 kroner for 2017" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "kapittel 496 post 62" in text and "Raskere i jobb" in text
    assert "1. mars 2017 til 31. desember 2017" in text
    assert "senest 28. februar 2018" in text and "10 prosent" in text
    assert "bevilgningsreglementet § 10" in text and "betales tilbake" in text
    assert terms.sha256 == digest_of(terms.content, "")
    assert due_on(decision_of(application), What.ACCEPT) == date(2017, 6, 22)


def test_a_refusal_gets_none():
    make_case(State.REFUSED)

    assert not Terms.objects.exists() and not Deadline.objects.exists()


def test_they_are_written_in_the_form_of_norwegian_that_the_applicant_chose():
    application = make_case(State.PROPOSED)
    type(application).objects.filter(pk=application.pk).update(language="nn")
    appropriate(post="62")
    decide(proposal_of(application), by=impartial(decision_maker(), application.call), on=date(2017, 6, 1))

    assert "skal betalast tilbake" in text_of(terms_of(application))


def test_a_part_grant_says_what_was_applied_for():
    application = make_case(State.IN_PROGRESS)
    make_proposal(application, amount_ore=300_000_00)
    appropriate(post="62")
    decide(proposal_of(application), by=impartial(decision_maker(), application.call), on=date(2017, 6, 1))

    text = text_of(terms_of(application)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Dere får 300 000 kroner" in text and "Dere søkte om 500 000 kroner" in text


@pytest.mark.parametrize(
    ("year", "day"), [(2017, date(2018, 2, 28)), (2019, date(2020, 2, 29)), (2099, date(2100, 2, 28))]
)
def test_the_report_is_due_on_the_last_day_of_february_also_in_leap_years(year: int, day: date):
    assert report_due_on(make_call(year=year, numbers=NUMBERS)) == day


@pytest.mark.parametrize("day", ["2018-02-30", "2017-02-15", "i februar"])
def test_a_call_takes_no_report_day_that_cannot_be(day: str):
    with pytest.raises(BadInput, match="året etter budsjettåret"):
        make_call(numbers={"report_due": day})


def test_a_call_sets_its_own_days():
    call = make_call(numbers={"report_due": "2018-02-15", "accept_within_days": 14, "report_deviation_percent": 5})
    application = make_grant(call=call)

    assert due_on(decision_of(application), What.ACCEPT) == date(2017, 6, 15)
    assert "senest 15. februar 2018" in text_of(terms_of(application)) and "5 prosent" in text_of(terms_of(application))


# --- Accepting --------------------------------------------------------------------------------------------------------


def test_a_signatory_accepts_and_a_report_is_owed_and_the_answer_recorded():
    application = make_grant()

    answer = accept(application)
    drain()

    assert (answer.answer, answer.sha256, answer.answered_on) == (
        "accepted",
        terms_of(application).sha256,
        date(2017, 6, 10),
    )
    assert Report.objects.get().state == Report.State.OPEN
    assert due_on(decision_of(application), What.REPORT) == date(2018, 2, 28)
    document = CaseDocument.objects.get(kind__startswith="acceptance:")
    assert (document.direction, document.sender) == ("in", str(application.organisation))
    assert application.events.get(verb="accept").open_to_applicant


def test_the_last_second_of_the_last_day_is_in_time_and_midnight_in_norway_is_not():
    first, second = make_grant(), make_grant(organisation=municipality("0104"))
    accept(first, at="2017-06-22 23:59:59")

    with pytest.raises(Refused, match="22.\N{NO-BREAK SPACE}juni\N{NO-BREAK SPACE}2017"):
        accept(second, at="2017-06-23 00:00:00")
    assert Acceptance.objects.get().decision == decision_of(first)


def test_two_signatories_accept_once():
    application = make_grant()
    other = signatory(application.organisation, "simen")
    accept(application)

    with pytest.raises(ChangedSince, match="har svart allerede: godtatt"):
        accept(application, by=other)
    assert Acceptance.objects.count() == Report.objects.count() == 1


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ACCOUNTANT])
def test_only_a_signatory_answers(role: Role):
    application = make_grant()

    with pytest.raises(NotAllowed, match="signaturrett"):
        accept(application, by=member(role))
    with pytest.raises(NotAllowed):
        accept(application, by=signatory(municipality("0104"), "fremmed"))


def test_outdated_terms_are_not_accepted():
    application = make_grant()
    old = terms_of(application)
    approve_change(make_recommended(application))

    with pytest.raises(ChangedSince, match="Vilkårene er endret"), time_machine.travel(moment("2017-06-10 12:00")):
        accept_terms(old, sha256=old.sha256, by=application.created_by)
    with pytest.raises(ChangedSince, match="Vilkårene er endret"), time_machine.travel(moment("2017-06-10 12:00")):
        accept_terms(terms_of(application), sha256=old.sha256, by=application.created_by)
    assert accept(application).terms.number == 2


# --- Declining --------------------------------------------------------------------------------------------------------


def decline(application, **changes):
    terms = terms_of(application)
    with time_machine.travel(moment("2017-06-10 12:00"), tick=False):
        return decline_grant(
            terms, **{"sha256": terms.sha256, "reason": "Vi fikk ikke lokaler.", "by": application.created_by} | changes
        )


def test_a_declined_grant_releases_the_commitment():
    application = make_grant()

    decline(application)
    drain()

    released = LedgerEntry.objects.get(key=f"decision:{decision_of(application).pk}:declined")
    assert (released.debit, released.credit, released.amount_ore) == ("committed", "appropriation", APPLIED_ORE)
    assert released.by == application.created_by
    assert LedgerEntry.objects.balance_ore(Account.COMMITTED) == 0
    assert LedgerEntry.objects.balance_ore(Account.APPROPRIATION) == 0
    assert not Report.objects.exists()
    assert CaseDocument.objects.filter(kind__startswith="acceptance:").count() == 1


def test_the_envelope_has_again_what_was_declined():
    call = make_call(envelope_ore=APPLIED_ORE)
    first = make_grant(call=call)
    second = make_case(State.PROPOSED, call=call, organisation=municipality("0104"))
    david = decision_maker()
    with pytest.raises(OverBudget):
        decide(proposal_of(second), by=david, on=date(2017, 6, 11))

    decline(first)

    assert call.decisions.granted_ore() == 0
    decide(proposal_of(second), by=david, on=date(2017, 6, 11))
    assert call.decisions.granted_ore() == APPLIED_ORE
    third = make_case(State.PROPOSED, call=call, organisation=municipality("0105"))
    with pytest.raises(OverBudget):
        decide(proposal_of(third), by=david, on=date(2017, 6, 11))


def test_declining_takes_a_reason_and_happens_once_also_after_the_deadline():
    application = make_grant()
    with pytest.raises(BadInput, match="hvorfor"):
        decline(application, reason=" ")
    terms = terms_of(application)
    decline_grant(terms, sha256=terms.sha256, reason="For sent.", by=application.created_by)  # today: long after

    with pytest.raises(ChangedSince, match="svart allerede: takket nei"):
        decline(application)
    with pytest.raises(ChangedSince):
        accept(application)
    assert LedgerEntry.objects.count() == 2


# --- A new deadline ---------------------------------------------------------------------------------------------------


def test_a_caseworker_gives_a_new_deadline_with_a_reason_that_the_applicant_reads():
    application = make_grant()
    decision = decision_of(application)
    with time_machine.travel(moment("2017-06-23 09:00"), tick=False):
        give_new_deadline(decision, What.ACCEPT, date(2017, 7, 1), reason="Ferie.", by=caseworker())

    assert due_on(decision, What.ACCEPT) == date(2017, 7, 1)
    event = application.events.get(verb="new_deadline")
    assert (event.text, event.open_to_applicant, event.details["due_on"]) == ("Ferie.", True, "2017-07-01")
    assert accept(application, at="2017-07-01 23:59:00")


def test_a_new_deadline_is_refused_without_reason_in_the_past_and_when_nothing_is_awaited():
    application = make_grant()
    decision, sara = decision_of(application), caseworker()
    soon = date.today() + timedelta(days=9)  # noqa: DTZ011
    with pytest.raises(BadInput, match="hvorfor"):
        give_new_deadline(decision, What.ACCEPT, soon, reason="", by=sara)
    with pytest.raises(BadInput, match="i dag eller senere"):
        give_new_deadline(decision, What.ACCEPT, date(2017, 1, 1), reason="x", by=sara)
    with pytest.raises(NotAllowed):
        give_new_deadline(decision, What.ACCEPT, soon, reason="x", by=application.created_by)
    with pytest.raises(ChangedSince):
        give_new_deadline(decision, What.REPORT, soon, reason="x", by=sara)
    accept(application)
    with pytest.raises(ChangedSince):
        give_new_deadline(decision, What.ACCEPT, soon, reason="x", by=sara)
    assert Deadline.objects.filter(what="accept").count() == 1


# --- What the database holds ------------------------------------------------------------------------------------------

ATTACKS = {
    "terms changed": "UPDATE applications_terms SET amount_ore = 1",
    "terms removed": "DELETE FROM applications_terms",
    "answer turned": "UPDATE applications_acceptance SET answer = 'declined', reason = 'x'",
    "answer removed": "DELETE FROM applications_acceptance",
    "deadline moved": "UPDATE applications_deadline SET due_on = '2030-01-01'",
}


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_keeps_what_was_said(sql: str):
    make_accepted()

    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_takes_no_answer_to_other_terms_than_those_in_force():
    application = make_grant()
    old = terms_of(application)
    approve_change(make_recommended(application))
    answer = {
        "application": application, "decision": old.decision, "answer": "accepted", "by": application.created_by,
        "answered_on": date(2017, 6, 10),
    }  # fmt: skip

    for terms, sha256 in ((old, old.sha256), (terms_of(application), "0" * 64)):
        with pytest.raises(DatabaseError, match="newest terms"), transaction.atomic():
            Acceptance.objects.create(**answer, terms=terms, sha256=sha256)
    new = terms_of(application)
    assert Acceptance.objects.create(**answer, terms=new, sha256=new.sha256)  # the same row with what holds is taken


def test_the_database_takes_no_terms_for_more_than_was_granted():
    application = make_grant()
    decision = decision_of(application)
    decision.amount_ore += 100

    with pytest.raises(DatabaseError, match="never for more"), transaction.atomic():
        issue_terms(decision, by=decision_maker())
    assert issue_terms(decision_of(application), by=decision_maker()).number == 2


def test_the_envelope_of_the_database_counts_what_is_declined_as_free_and_nothing_else():
    call = make_call(envelope_ore=APPLIED_ORE)
    first = make_grant(call=call)
    accept(first)
    second = make_case(State.PROPOSED, call=call, organisation=municipality("0104"))
    proposal = proposal_of(second)
    Approval.objects.create(
        subject=f"decision:{proposal.pk}", digest=proposal.digest, proposed_by=proposal.prepared_by,
        approved_by=decision_maker(),
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="never pass its envelope"), transaction.atomic():
        Decision.objects.filter(pk=proposal.pk).update(state="decided", decided_on=date(2017, 6, 1))


def test_what_happened_is_told_to_the_applicant():
    application = make_accepted()

    assert CaseEvent.objects.get(application=application, verb="accept").details["terms"] == 1
