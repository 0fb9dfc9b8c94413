"""A batch gathers what is payable, says what is strange, and is never changed once it is sealed."""

import pytest
from django.db import IntegrityError, transaction

from grants.models import Hold, Instalment, Outlier, Payment, PaymentBatch, PaymentPart, Role
from grants.services.attest_batch import attest_batch
from grants.services.hold_orders import end_hold_by_hand, hold_by_hand
from grants.services.make_orders import Line, Planned, cancel_outstanding, release
from grants.services.prepare_batch import discard_batch, explain_outlier, prepare_batch, seal_batch
from grants.shared.errors import ChangedSince, NotAllowed, Refused
from tests.factories.batches import ON, attester, day_after, make_batch, make_order, recipient
from tests.factories.cases import member, municipality
from tests.factories.register import appropriate, finance

pytestmark = pytest.mark.django_db
State = PaymentBatch.State


def open_holds(order) -> set[str]:
    return set(Hold.objects.open().filter(order=order).values_list("kind", flat=True))


def test_one_payment_per_recipient_with_all_that_is_due(covered):
    make_order("run:1:0101", 100_00)
    make_order("run:2:0101", 250_00)
    make_order("run:1:0104", 70_00, to=recipient("0104"))
    make_order("run:3:0101", 999_00, due_on=day_after(1))
    batch = make_batch(State.SEALED)
    assert sorted(batch.payments.values_list("recipient__municipality_number", "amount_ore")) == [
        ("0101", 350_00), ("0104", 70_00),
    ]  # fmt: skip
    assert (batch.payments_count, batch.total_ore) == (2, 420_00)


def test_what_is_in_a_batch_is_in_no_other_until_that_is_discarded(covered):
    order = make_order()
    batch = make_batch()
    with pytest.raises(Refused, match="Ingenting kan betales"):
        prepare_batch(pay_on=ON, by=finance())
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentPart.objects.create(payment=batch.payments.get(), instalment=order.instalments.get())
    discard_batch(batch, by=finance(), why="Feil dag.")
    assert prepare_batch(pay_on=ON, by=finance()).payments.count() == 1


def test_a_recipient_without_an_account_waits_and_is_told_why(covered):
    order = make_order(to=recipient("0104", account=None))
    make_order("run:9:0101")
    batch = make_batch()
    assert batch.payments.get().recipient.municipality_number == "0101"
    assert open_holds(order) == {Hold.Kind.NO_ACCOUNT}
    recipient("0104")
    assert prepare_batch(pay_on=ON, by=finance()).payments.get().recipient.municipality_number == "0104"
    assert open_holds(order) == set()


def test_a_changed_account_waits_its_days(covered):
    from grants.register.accounts import add_account

    order = make_order()
    add_account(order.recipient, "12345678903", known_on=day_after(-13), reason="Ny bank")
    with pytest.raises(Refused, match="Ingenting kan betales"):
        prepare_batch(pay_on=ON, by=finance())
    assert prepare_batch(pay_on=day_after(1), by=finance()).payments.count() == 1


def test_what_the_appropriation_no_longer_covers_waits():
    appropriate(kroner=100)
    small, large = make_order("run:1:0101", 60_00), make_order("run:2:0101", 50_00)
    assert make_batch().payments.get().amount_ore == 60_00
    assert (open_holds(small), open_holds(large)) == (set(), {Hold.Kind.APPROPRIATION})
    appropriate(kroner=200)
    assert prepare_batch(pay_on=ON, by=finance()).payments.get().amount_ore == 50_00


def test_an_instalment_waits_for_its_event(covered):
    plan = [Planned(ON, [Line("AR-2", 2017, 1, 5_00)], Instalment.Event.TERMS_ACCEPTED)]
    make_order(plan=plan, amount_ore=5_00)
    with pytest.raises(Refused, match="Ingenting kan betales"):
        prepare_batch(pay_on=ON, by=finance())
    assert release("run:1:0101", Instalment.Event.REPORT_APPROVED, on=ON, by=None) == 0
    assert release("run:1:0101", Instalment.Event.TERMS_ACCEPTED, on=ON, by=None) == 1
    assert prepare_batch(pay_on=ON, by=finance()).payments.count() == 1


def test_finance_holds_back_and_lets_go_with_a_reason(covered):
    order = make_order()
    with pytest.raises(Refused, match="Skriv hvorfor"):
        hold_by_hand(order, reason=" ", on=ON, by=finance())
    hold_by_hand(order, reason="Mottakeren er under konkursbehandling.", on=ON, by=finance())
    with pytest.raises(Refused, match="Ingenting kan betales"):
        prepare_batch(pay_on=ON, by=finance())
    assert end_hold_by_hand(order, reason="Avklart.", on=ON, by=finance()) == 1
    assert prepare_batch(pay_on=ON, by=finance()).payments.count() == 1


def test_what_has_fallen_away_is_not_paid_and_what_is_on_its_way_does_not_fall_away(covered):
    make_order("decision:1", 10_00)
    make_order("decision:2", 20_00)
    assert cancel_outstanding(["decision:1"], on=ON, by=finance(), why="Omgjort.") == 10_00
    assert make_batch().payments.get().amount_ore == 20_00
    with pytest.raises(ChangedSince, match="ligger i en bunt"):
        cancel_outstanding(["decision:2"], on=ON, by=finance(), why="Omgjort.")


def test_outliers_are_found_beside_the_payment_before(covered):
    from grants.services.take_in_bank_file import take_in_bank_file
    from tests.factories.batches import entry, notification

    make_order("run:1:0101", 1_000_000_00)
    first = make_batch(State.SENT)
    assert not Outlier.objects.exists()  # the first batch of all has nothing to be compared with
    take_in_bank_file(notification(entry(first.payments.get())), name="a.xml")
    make_order("run:2:0101", 1_600_000_00, due_on=day_after(30))
    make_order("run:2:0104", 10_00, to=recipient("0104"), due_on=day_after(30))
    batch = prepare_batch(pay_on=day_after(30), by=finance())
    found = Outlier.objects.filter(payment__batch=batch)
    assert sorted(found.values_list("payment__recipient__municipality_number", "kind", "before_ore")) == [
        ("0101", "changed", 1_000_000_00), ("0104", "first", None),
    ]  # fmt: skip
    batch = seal_batch(batch, by=finance())
    with pytest.raises(Refused, match="2 avvik"):
        attest_batch(batch, by=attester())
    for one in found:
        explain_outlier(one, "Ny bosetting i høst.", by=attester())
    with pytest.raises(ChangedSince, match="forklart allerede"):
        explain_outlier(found[0], "En annen forklaring.", by=finance())
    with pytest.raises(NotAllowed, match="har forklart avvik"):
        attest_batch(batch, by=attester())  # nobody vouches for their own explanation
    assert attest_batch(batch, by=finance("tredje")).state == State.ATTESTED


def test_who_prepared_does_not_attest_and_who_acts_for_a_recipient_does_neither(covered):
    make_order()
    batch = make_batch(State.SEALED)
    with pytest.raises(NotAllowed, match="En annen person"):
        attest_batch(batch, by=finance())
    insider = member(Role.ACCOUNTANT, municipality("0101"), "innsider")
    insider.directorate_roles.create(role=Role.FINANCE)
    with pytest.raises(NotAllowed, match="handler for"):
        attest_batch(batch, by=insider)
    discard_batch(batch, by=finance(), why="Prøve.")
    with pytest.raises(NotAllowed, match="handler for"):
        prepare_batch(pay_on=ON, by=insider)


def test_two_attest_at_once_and_one_is_told(covered):
    make_order()
    batch = make_batch(State.SEALED)
    attest_batch(batch, by=attester())
    with pytest.raises(ChangedSince, match="attestert"):
        attest_batch(batch, by=finance("tredje"))


def test_the_seal_that_was_shown_is_the_one_that_is_attested(covered):
    make_order()
    batch = make_batch(State.SEALED)
    with pytest.raises(ChangedSince, match="ikke den som ble forseglet"):
        attest_batch(batch, by=attester(), digest="f" * 64)
    assert Payment.objects.get().state == "planned"
