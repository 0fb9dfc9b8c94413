"""What of a case holds payments back, and that it is lifted by itself when its way out is walked."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
import time_machine

from applications.models import Application, Deadline
from applications.services.reports import submit_report
from applications.services.review_report import return_report
from applications.services.terms import give_new_deadline
from grants.jobs.daily import DAILY
from grants.models import AuditEvent, EntitlementRun, Hold, HoldEnd, Instalment, PaymentBatch, PaymentOrder
from grants.payments import hold_sources
from grants.payments.hold_sources import SOURCES, Source, Why, holds
from grants.services.hold_orders import end_hold_by_hand, refresh_by_job, refresh_holds
from grants.services.make_orders import Line, Ordered, Planned, make_orders
from grants.services.protect_person import protect_person
from grants.shared.errors import Refused
from tests.factories.batches import make_batch, make_order, recipient
from tests.factories.cases import caseworker, impartial, make_call, moment
from tests.factories.follow_up import accept, decision_of, make_accepted, make_grant, make_report
from tests.factories.register import appropriate, finance
from tests.factories.runs import make_run

pytestmark = pytest.mark.django_db
Kind = Hold.Kind
LATE = date(2018, 3, 5)
NUMBERS = {"least_share_of_immigrants": 0, "least_refugees": 100}


def open_kinds(order: PaymentOrder) -> list[str]:
    return sorted(Hold.objects.open().filter(order=order).values_list("kind", flat=True))


def order_of(application: Application) -> PaymentOrder:
    return PaymentOrder.objects.get(subject=f"decision:{decision_of(application).pk}")


def two_grants() -> tuple[Application, Application]:
    """The same recipient has an older grant, whose report is due on 28 February 2018, and a newer one."""
    older = make_accepted()
    Instalment.objects.update(settled_on=date(2017, 7, 1))  # paid long ago
    return older, make_accepted(call=make_call(year=2016, numbers=NUMBERS))


@pytest.fixture
def grants() -> tuple[Application, Application]:
    return two_grants()


def test_an_overdue_report_on_an_earlier_grant_holds_the_next_one_and_its_delivery_lifts_it(
    grants: tuple[Application, Application],
):
    older, newer = grants
    refresh_holds(date(2018, 2, 28))
    assert open_kinds(order_of(newer)) == []
    refresh_holds(date(2018, 3, 1))
    [hold] = Hold.objects.open()
    assert (hold.order, hold.kind) == (order_of(newer), Kind.REPORT_OVERDUE)
    assert older.reference in hold.reason and older.reference in hold.way_out and "28.02.2018" in hold.reason
    refresh_holds(LATE)
    assert Hold.objects.count() == 1  # asked again, it stands
    report = make_report(older)
    with time_machine.travel(moment("2018-03-06 12:00")):
        submit_report(report, by=older.created_by)
    assert open_kinds(order_of(newer)) == []
    assert HoldEnd.objects.get(hold=hold).reason == "Rapporten er levert."
    verbs = AuditEvent.objects.filter(subject=order_of(newer).subject, details__kind="report_overdue")
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == ["hold_order", "end_hold"]


def test_a_new_deadline_lifts_it_and_a_report_that_is_sent_back_and_late_again_holds_again(
    grants: tuple[Application, Application],
):
    older, newer = grants
    sara = impartial(caseworker(), older.call)
    refresh_holds(LATE)
    with time_machine.travel(moment("2018-03-06 12:00")):
        give_new_deadline(decision_of(older), Deadline.What.REPORT, date(2018, 4, 1), reason="Sykdom.", by=sara)
    assert open_kinds(order_of(newer)) == []
    with time_machine.travel(moment("2018-03-20 12:00")):
        report = make_report(older)
        submit_report(report, by=older.created_by)
        return_report(report, reason="Tall mangler.", last_day=date(2018, 4, 10), by=sara)
    refresh_by_job({"day": "2018-04-11"})
    assert "refresh_holds" in DAILY and open_kinds(order_of(newer)) == [Kind.REPORT_OVERDUE]


def test_what_a_municipality_has_a_right_to_by_law_does_not_wait_for_a_report(grants: tuple[Application, Application]):
    older, _ = grants
    of_run = make_order("run:1:0101", to=older.organisation)
    refresh_holds(LATE)
    assert open_kinds(of_run) == []


def test_a_batch_asks_before_it_takes_anything_up(grants: tuple[Application, Application]):
    older, newer = grants
    appropriate(2018, post="62")
    recipient(older.organisation.municipality_number)
    with pytest.raises(Refused, match="Ingenting kan betales"):
        make_batch(PaymentBatch.State.OPEN, on=LATE)
    # What a refused batch found out is found out again by the day's job, and stays.
    refresh_by_job({"day": LATE.isoformat()})
    assert open_kinds(order_of(newer)) == [Kind.REPORT_OVERDUE]


def test_an_order_whose_terms_nobody_has_accepted_waits_for_them():
    application = make_grant()
    decision = decision_of(application)
    plan = [Planned(date(2017, 6, 10), [Line("x", 2017, 1, decision.amount_ore)])]
    order = Ordered(
        f"decision:{decision.pk}", application.organisation, "jobbsjansen", "0496", "62", "tilskudd", "om", plan
    )
    make_orders([order], by=finance())
    refresh_holds(date(2017, 6, 5))
    assert open_kinds(order_of(application)) == [Kind.TERMS]
    accept(application)
    assert open_kinds(order_of(application)) == []


def test_another_part_of_the_house_registers_its_own_reason(monkeypatch: pytest.MonkeyPatch):
    order, other = make_order("run:1:0101"), make_order("run:1:0104", to=recipient("0104"))
    open_cases = {order.pk}

    def ask(orders: Sequence[PaymentOrder], on: date) -> Mapping[int, Why]:
        return {
            one.pk: Why("Avvik 7 er ikke avklart.", "Direktoratet svarer.") for one in orders if one.pk in open_cases
        }

    monkeypatch.setitem(SOURCES, Kind.DISCREPANCY, Source(ask, "Avviket er avklart."))
    refresh_holds(LATE, recipient=other.recipient)
    assert Hold.objects.count() == 0
    refresh_holds(LATE)
    assert (open_kinds(order), open_kinds(other)) == ([Kind.DISCREPANCY], [])
    open_cases.clear()
    refresh_holds(LATE, recipient=order.recipient)
    assert HoldEnd.objects.get().reason == "Avviket er avklart."
    with pytest.raises(ValueError, match="Two functions"):
        holds(Kind.REPORT_OVERDUE, over="")(ask)
    assert hold_sources.SOURCES is SOURCES


def test_what_is_not_paid_of_a_run_waits_when_a_person_in_it_is_protected_until_finance_has_looked():
    run = make_run(EntitlementRun.State.APPROVED)
    order, other = make_order(f"run:{run.pk}:0101"), make_order(f"run:{run.pk}:0104", to=recipient("0104"))
    protect_person(
        f"P-{run.pk}-0",
        level="strictly_confidential",
        reason="Melding fra Skatteetaten.",
        since=date(2017, 3, 1),
        actor="test",
    )
    assert (open_kinds(order), open_kinds(other)) == ([Kind.PROTECTED], [])
    with pytest.raises(Refused, match="ikke for hånd"):
        end_hold_by_hand(order, reason="Sett.", on=LATE, by=finance(), kind=Kind.NO_ACCOUNT)
    end_hold_by_hand(order, reason="Spesifikasjonen er sett over.", on=LATE, by=finance(), kind=Kind.PROTECTED)
    assert open_kinds(order) == []
