"""Changing an account number: two people, a wait, word to those who were there before, and a way to stop it."""

import json
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from grants.jobs.queue import drain
from grants.models import AccountChange, AccountChangeStop, Approval, BankAccount, Hold, Membership, Payment, Role
from grants.register.account_changes import Where, account_of, in_use_from, where_is
from grants.register.accounts import add_account, fingerprint, last_digits, number_of, number_of_payment
from grants.services.attest_batch import attest_batch
from grants.services.change_account import approve_account, choose_kid, stop_account
from grants.services.hold_orders import refresh_account_holds, refresh_every_day
from grants.services.send_batch import send_batch
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from tests.factories.accounts import NEW, OTHER, approved, editor, it_is, proposed, signatory
from tests.factories.batches import ON, State, attester, make_batch, make_order, recipient
from tests.factories.register import appropriate, finance
from tests.factories.runs import make_member

pytestmark = pytest.mark.django_db
DAY = date(2017, 3, 1)


def test_a_proposal_changes_nothing_before_another_person_has_approved_it():
    with it_is(DAY):
        change = proposed()

        assert number_of(account_of(recipient())) == "86011117947"
        assert where_is(change, on=DAY).where == Where.PROPOSED
        assert NEW.encode() not in bytes(change.number_encrypted)
        approve_account(change, by=signatory())

    assert number_of(account_of(recipient())) == NEW
    assert where_is(change, on=DAY).where == Where.WAITING
    assert in_use_from(account_of(recipient())) == DAY + timedelta(days=14)
    assert where_is(change, on=DAY + timedelta(days=14)).where == Where.IN_USE


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("15030012346", "feil kontrollsiffer"), ("NO9386011117948", "feil kontrollsiffer"), ("", "elleve siffer"),
        ("1503", "elleve siffer"), ("86011117947", "har hos oss allerede"), ("NO9386011117947", "har hos oss allerede"),
        ("＝1503001234", "ikke et norsk kontonummer"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_is_refused(number: str, fault: str):
    recipient()

    with pytest.raises(BadInput, match=fault):
        proposed(number)

    assert not AccountChange.objects.exists()


def test_nobody_approves_their_own_proposal():
    change = proposed(by=signatory())

    with pytest.raises(NotAllowed, match="selv"):
        approve_account(change, by=signatory())

    approve_account(change, by=signatory(name="berit"))
    assert number_of(account_of(recipient())) == NEW


def test_an_editor_an_accountant_and_another_municipality_approve_nothing():
    change = proposed()

    for by in (
        make_member("eva", "0101", Role.EDITOR),
        make_member("jon", "0101", Role.ACCOUNTANT),
        signatory("0104", "fremmed"),
    ):
        with pytest.raises(NotAllowed):
            approve_account(change, by=by)
    assert not BankAccount.objects.filter(change=change).exists()


def test_finance_approves_unless_it_acts_for_the_recipient():
    change = proposed()
    insider = finance("innsider")
    Membership.objects.create(user=insider, organisation=recipient(), role=Role.ACCOUNTANT)

    with pytest.raises(NotAllowed):
        approve_account(change, by=insider)

    approve_account(change, by=finance("mona"))
    assert Approval.objects.get(subject=f"account_change:{change.pk}").approved_by == finance("mona")


@pytest.mark.parametrize("how", ["no approval", "own approval", "an editor's", "another number", "stopped"])
def test_the_database_takes_no_account_from_a_proposal_that_another_did_not_approve(how: str):
    change = proposed()
    by = {"own approval": change.proposed_by, "an editor's": make_member("eva", "0101", Role.EDITOR)}.get(
        how, signatory()
    )
    if how != "no approval":
        given = {"proposed_by": change.proposed_by, "approved_by": by, "digest": change.fingerprint}
        if how == "own approval":
            with pytest.raises(DatabaseError), transaction.atomic():
                Approval.objects.create(subject=f"account_change:{change.pk}", **given)
            given["proposed_by"] = signatory()  # another name in the proposer's place
        Approval.objects.create(subject=f"account_change:{change.pk}", **given)
    if how == "stopped":
        AccountChangeStop.objects.create(change=change, reason="Nei", stopped_by=by, stopped_at=change.proposed_at)

    with pytest.raises(DatabaseError), transaction.atomic():
        add_account(recipient(), OTHER if how == "another number" else NEW, known_on=DAY, reason="", change=change)


def test_the_database_lets_what_two_people_did_through():
    """The control of the test above: the same insertion, approved by another, stands."""
    change = proposed()
    Approval.objects.create(
        subject=f"account_change:{change.pk}", proposed_by=change.proposed_by, approved_by=signatory(),
        digest=change.fingerprint,
    )  # fmt: skip

    assert add_account(recipient(), NEW, known_on=DAY, reason="", change=change).pk


@pytest.mark.parametrize("table", ["accountchange", "accountchangestop", "preferredkid"])
def test_the_history_only_grows(table: str):
    change = proposed()
    stop_account(change, reason="Feil bank", by=editor())
    choose_kid(recipient(), "12345674", by=editor())

    for statement in (f"UPDATE grants_{table} SET id = id", f"DELETE FROM grants_{table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_is_first_and_the_other_is_told():
    change = proposed()
    people = [signatory(), finance("mona"), signatory(name="berit")]
    start, said = Barrier(len(people)), list[str]()

    def approve(by: Any) -> None:
        start.wait()
        try:
            approve_account(AccountChange.objects.get(pk=change.pk), by=by)
            said.append("approved")
        except ChangedSince as refused:
            said.append(str(refused))
        finally:
            connection.close()

    threads = [Thread(target=approve, args=(one,)) for one in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(said) == ["Endringen er godkjent allerede."] * 2 + ["approved"]
    assert BankAccount.objects.filter(change=change).count() == 1


def test_one_change_at_a_time_and_not_over_another_account():
    change = proposed()
    with pytest.raises(ChangedSince, match="venter allerede"):
        proposed(OTHER)

    add_account(recipient(), OTHER, known_on=date(2016, 6, 1), reason="import")

    with pytest.raises(ChangedSince, match="endret siden"):
        approve_account(change, by=signatory())


def test_a_proposal_that_nobody_approves_runs_out():
    with it_is(DAY):
        change = proposed()
    with it_is(DAY + timedelta(days=30)), pytest.raises(ChangedSince, match="for gammelt"):
        approve_account(change, by=signatory())
    with it_is(DAY + timedelta(days=30)):
        assert proposed(OTHER).pk  # and another may be proposed


def test_while_it_waits_orders_are_held_with_a_reason_and_a_way_out():
    order = make_order()
    with it_is(ON):
        approved()
        hold = Hold.objects.open().get(order=order)

    assert hold.kind == Hold.Kind.NEW_ACCOUNT
    assert "14 dager" in hold.reason and "29.03.2017" in hold.way_out
    refresh_account_holds(ON + timedelta(days=13))
    assert Hold.objects.open().exists()
    refresh_every_day({"day": (ON + timedelta(days=14)).isoformat()})
    assert not Hold.objects.open().exists()


def test_a_proposal_that_is_not_approved_holds_nothing_back_and_the_old_account_is_paid():
    appropriate()
    make_order()
    with it_is(ON):
        proposed()
        batch = make_batch(State.SENT)

    assert number_of_payment(batch.payments.get()) == "86011117947"


@pytest.mark.parametrize("who", ["editor", "accountant", "finance"])
def test_anybody_of_the_recipient_and_finance_stop_it_and_the_old_account_stands(who: str):
    order = make_order()
    by = {"editor": editor(), "accountant": make_member("jon", "0101", Role.ACCOUNTANT), "finance": finance()}[who]
    with it_is(ON):
        change = approved()
        stop_account(change, reason="Ingen av oss kjenner dette.", by=by)

    assert number_of(account_of(recipient())) == "86011117947"
    assert not Hold.objects.open().filter(order=order).exists()
    with pytest.raises(ChangedSince, match="stoppet"):
        approve_account(change, by=signatory(name="berit"))
    with pytest.raises(ChangedSince, match="stoppet"):
        stop_account(change, reason="En gang til", by=by)


def test_a_stranger_stops_nothing_and_what_is_in_use_is_not_stopped():
    with it_is(DAY):
        change = approved()
    with it_is(DAY), pytest.raises(NotAllowed):
        stop_account(change, reason="Vi vil ha pengene", by=signatory("0104", "fremmed"))
    with it_is(DAY + timedelta(days=14)), pytest.raises(ChangedSince, match="tatt i bruk"):
        stop_account(change, reason="For sent", by=editor())


def test_a_batch_that_was_made_for_a_stopped_account_is_neither_attested_nor_sent():
    appropriate()
    make_order(due_on=ON + timedelta(days=14))
    with it_is(ON):
        change = approved()
        sealed = make_batch(State.SEALED, on=ON + timedelta(days=14))  # it will have waited by then
        assert number_of_payment(sealed.payments.get()) == NEW
        stop_account(change, reason="Nei", by=editor())
        with pytest.raises(Refused, match="ikke lenger er i bruk"):
            attest_batch(sealed, by=attester())


def test_a_batch_that_was_attested_before_a_change_is_not_sent():
    appropriate()
    make_order()
    with it_is(ON):
        batch = make_batch(State.ATTESTED)
        approved()
        with pytest.raises(Refused, match="holdes tilbake"):
            send_batch(batch, by=finance())


def test_the_old_address_and_every_signatory_is_told_also_one_who_has_been_removed():
    gone = signatory(name="gunnar")
    with it_is(DAY):
        change = proposed()
        Membership.objects.filter(user=gone).delete()
        approve_account(change, by=signatory())
        drain()

    cards = [json.loads(one.read_text()) for one in Path(settings.OUTBOX).glob("account_change-*.json")]
    told = {(one["key"].split(":")[2], one["recipient"].split(",")[0]) for one in cards}
    assert told == {
        ("proposed", "Halden kommune"), ("proposed", "gunnar"),
        ("approved", "Halden kommune"), ("approved", "gunnar"), ("approved", "anne"),
    }  # fmt: skip
    assert all(one["orgnr"] == (recipient().orgnr or "") for one in cards)


def test_a_letter_says_no_more_of_a_number_than_its_last_digits():
    from grants.models import Job

    approved()

    said = " ".join(str(one.payload) for one in Job.objects.filter(kind="tell_recipient"))
    assert "2345" in said and "7947" in said
    assert NEW not in said and "86011117947" not in said


def test_the_kid_that_the_recipient_wants_stands_on_the_payment_and_in_the_file():
    appropriate()
    make_order()
    choose_kid(recipient(), "1234 5674", by=editor())

    batch = make_batch(State.SENT)

    assert Payment.objects.get().kid == "12345674"
    assert batch.file_sha256


@pytest.mark.parametrize("kid", ["12345675", "1", "=1+1", "1" * 26])
def test_a_kid_that_cannot_be_is_refused(kid: str):
    with pytest.raises(BadInput):
        choose_kid(recipient(), kid, by=editor())


def test_only_those_who_write_for_a_recipient_propose_and_choose():
    for by in (make_member("jon", "0101", Role.ACCOUNTANT), signatory("0104", "fremmed"), finance()):
        with pytest.raises(NotAllowed):
            proposed(by=by)
        with pytest.raises(NotAllowed):
            choose_kid(recipient(), "12345674", by=by)


# --- The pages --------------------------------------------------------------------------------------------------------


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_road_of_a_change_through_the_pages():
    recipient()
    ola, anne = signed_in(editor()), signed_in(signatory())
    page = reverse("our_account")

    wrong = ola.post(page, {"do": "propose", "organisation": str(recipient().pk), "number": "123", "reason": "Ny bank"})
    assert wrong.status_code == 422 and 'value="123"' in wrong.content.decode()
    ola.post(
        page, {"do": "propose", "organisation": str(recipient().pk), "number": "1503.00.12345", "reason": "Ny bank"}
    )
    change = AccountChange.objects.get()
    assert 'value="approve"' not in ola.get(page).content.decode()
    assert anne.post(page, {"do": "approve", "change": change.pk}).status_code == 302
    twice = anne.post(page, {"do": "approve", "change": change.pk})
    assert twice.status_code == 422 and "godkjent allerede" in twice.content.decode()
    assert ola.post(page, {"do": "stop", "change": change.pk, "reason": ""}).status_code == 422
    assert ola.post(page, {"do": "stop", "change": change.pk, "reason": "Feil konto"}).status_code == 302
    seen = ola.get(page).content.decode()
    assert "stoppet av" in seen and "7947" in seen and "15030012345" not in seen


def test_another_recipient_finds_no_change_and_nobody_proposes_for_it():
    change = proposed()
    stranger = signed_in(signatory("0104", "fremmed"))
    page = reverse("our_account")

    for posted in (
        {"do": "stop", "change": change.pk, "reason": "x"},
        {"do": "approve", "change": change.pk},
        {"do": "approve", "change": 999_999},
        {"do": "propose", "organisation": str(recipient().pk), "number": OTHER, "reason": "x"},
    ):
        assert stranger.post(page, posted).status_code == 404, posted
    assert not AccountChangeStop.objects.exists()


def test_finance_approves_on_its_page_only_when_it_has_called_and_the_auditor_only_reads():
    from tests.factories.register import make_user

    change = proposed()
    page = reverse("account_changes")
    mona = signed_in(finance("mona"))

    assert "slutter på 2345" in mona.get(page).content.decode()
    assert mona.post(page, {"do": "approve", "change": change.pk}).status_code == 422
    auditor = signed_in(make_user("per", Role.AUDITOR))
    assert auditor.post(page, {"do": "approve", "change": change.pk, "called": "yes"}).status_code in (403, 422)
    assert not BankAccount.objects.filter(change=change).exists()
    assert mona.post(page, {"do": "approve", "change": change.pk, "called": "yes"}).status_code == 302
    assert last_digits(account_of(recipient())) == "2345"
    assert fingerprint(NEW) == account_of(recipient()).fingerprint
