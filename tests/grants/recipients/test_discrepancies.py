"""«Dette stemmer ikke»: what is claimed stays, what is not paid waits, and another answers, once."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from grants.models import (
    Discrepancy,
    DiscrepancyEvent,
    Hold,
    Instalment,
    Job,
    Membership,
    Organisation,
    PaymentOrder,
    Role,
)
from grants.services.attest_batch import attest_batch
from grants.services.discrepancies import (
    answer_discrepancy,
    ask_to_be_paid,
    open_discrepancy,
    withdraw_discrepancy,
    write_to,
)
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from tests.factories.batches import ON, State, attester, make_batch, make_order, recipient
from tests.factories.register import finance, make_user
from tests.factories.runs import make_member, make_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]


def ola() -> Any:
    return make_member("ola", "0101")


def siri() -> Any:
    return make_user("siri", Role.CASEWORKER)


def report(order: PaymentOrder | None = None, *, meanwhile: bool = False, **changes: Any) -> Discrepancy:
    facts = {"what": "amount", "explanation": "Satsen skal være 250 000.", "by": ola(), "pay_meanwhile": meanwhile}
    return open_discrepancy(recipient(), order=order or make_order(), **facts | changes)


def payable(order: PaymentOrder) -> bool:
    return Instalment.objects.payable(ON).filter(order=order).exists()


def test_what_is_not_paid_of_the_order_waits_until_it_is_answered():
    order = make_order()
    case = report(order)

    hold = Hold.objects.open().get(order=order)
    assert hold.kind == Hold.Kind.DISCREPANCY and str(case.pk) in hold.reason and "ber om" in hold.way_out
    assert not payable(order)
    answer_discrepancy(case, corrected=False, text="Rundskriv 01/2017 sier 230 000.", by=siri())
    assert payable(order)


def test_the_recipient_may_ask_to_be_paid_meanwhile_at_once_or_later():
    order, other = make_order(), make_order("run:2:0101")
    report(order, meanwhile=True)
    later = report(other)
    assert payable(order) and not payable(other)

    ask_to_be_paid(later, by=ola())

    assert payable(other)
    with pytest.raises(ChangedSince):
        ask_to_be_paid(later, by=ola())


def test_two_who_say_that_it_is_wrong_hold_it_until_both_are_answered():
    order = make_order()
    first = report(order)
    run = make_run("approved")
    second = open_discrepancy(
        recipient(), what="person", explanation="Flyttet.", by=ola(), order=order, line=run.lines.first(),
        pay_meanwhile=False,
    )  # fmt: skip

    answer_discrepancy(first, corrected=False, text="Nei.", by=siri())
    assert not payable(order)
    withdraw_discrepancy(second, by=ola())
    assert payable(order)


def test_what_is_sent_is_not_held_and_what_is_sealed_is_not_attested():
    sent = make_order()
    make_batch(State.SENT)
    report(sent, pay_meanwhile=None)
    assert not Hold.objects.open().exists()

    order = make_order("run:3:0101")
    batch = make_batch(State.SEALED)
    report(order)
    with pytest.raises(Refused, match="holdes tilbake"):
        attest_batch(batch, by=attester())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"what": "alt"}, "Velg hva"), ({"explanation": "  "}, "Forklar"), ({"explanation": "x" * 4001}, "for lang"),
        ({"pay_meanwhile": None}, "skal vente"),
    ],
)  # fmt: skip
def test_a_report_that_says_too_little_is_refused_and_holds_nothing(changes: dict[str, Any], fault: str):
    with pytest.raises(BadInput, match=fault):
        report(**changes)

    assert not Discrepancy.objects.exists() and not Hold.objects.open().exists()


def test_the_same_is_reported_once_while_it_is_open():
    order = make_order()
    case = report(order)
    with pytest.raises(ChangedSince, match=f"avvik {case.pk}"):
        report(order)

    answer_discrepancy(case, corrected=False, text="Nei.", by=siri())

    assert report(order).pk


def test_a_correction_names_what_was_corrected_and_the_letter_says_it():
    run = make_run("approved")
    case = report()

    with pytest.raises(BadInput, match="Oppgi kjøringen"):
        answer_discrepancy(case, corrected=True, text="Rettet.", by=siri())
    with pytest.raises(BadInput, match="annen ordning"):
        answer_discrepancy(
            case, corrected=True, text="Rettet.", by=siri(), run=make_run("approved", scheme="disability")
        )
    with pytest.raises(BadInput, match="ikke godkjent"):
        answer_discrepancy(case, corrected=True, text="Rettet.", by=siri(), run=make_run("prepared"))
    answer_discrepancy(case, corrected=True, text="Dere hadde rett.", by=siri(), run=run)

    letter = Job.objects.get(kind="tell_recipient").payload
    assert "Dere hadde rett." in letter["text"] and f"kjøring {run.pk}" in " ".join(letter["text"])


def test_only_one_who_has_no_part_in_it_answers_and_only_once():
    case = report()
    insider = finance("innsider")
    Membership.objects.create(user=insider, organisation=recipient(), role=Role.ACCOUNTANT)

    for by in (ola(), insider, make_user("per", Role.AUDITOR), make_member("fremmed", "0104", Role.SIGNATORY)):
        with pytest.raises(NotAllowed):
            answer_discrepancy(case, corrected=False, text="Nei.", by=by)
    answer_discrepancy(case, corrected=False, text="Nei.", by=finance())
    for act in (
        lambda: answer_discrepancy(case, corrected=False, text="Nei.", by=siri()),
        lambda: write_to(case, "Mer", by=ola()),
        lambda: withdraw_discrepancy(case, by=ola()),
        lambda: ask_to_be_paid(case, by=ola()),
    ):
        with pytest.raises(ChangedSince, match="avsluttet"):
            act()


def test_another_recipient_reports_nothing_of_ours():
    stranger = make_member("fremmed", "0104", Role.SIGNATORY)
    order = make_order()

    with pytest.raises(NotAllowed):
        report(order, by=stranger)
    with pytest.raises(NotAllowed):
        open_discrepancy(
            recipient("0104"), what="amount", explanation="x", by=stranger, order=order, pay_meanwhile=False
        )


@pytest.mark.parametrize(
    "how", ["own answer", "a member's answer", "after the end", "two ends", "update", "delete", "theirs"]
)
def test_ways_round_by_raw_rows_are_refused_by_the_database(how: str):
    order = make_order()
    case = report(order)
    insider = make_member("innsider", "0101", Role.ACCOUNTANT)
    event: dict[str, Any] = {"discrepancy": case, "kind": "kept", "text": "Ja", "at": case.opened_at, "by": siri()}
    if how in ("after the end", "two ends"):
        DiscrepancyEvent.objects.create(**event)
    with pytest.raises(DatabaseError), transaction.atomic():
        if how in ("update", "delete"):
            sql = (
                "UPDATE grants_discrepancy SET what = 'other'" if how == "update" else "DELETE FROM grants_discrepancy"
            )
            with connection.cursor() as cursor:
                cursor.execute(sql)
        elif how == "theirs":
            Discrepancy.objects.create(
                organisation=recipient("0104"), order=order, what="amount", explanation="x", opened_by=ola(),
                opened_at=case.opened_at,
            )  # fmt: skip
        else:
            changes = {
                "own answer": {"by": case.opened_by}, "a member's answer": {"by": insider},
                "after the end": {"kind": "written"}, "two ends": {},
            }[how]  # fmt: skip
            DiscrepancyEvent.objects.create(**event | changes)


def test_the_database_lets_the_right_answer_through():
    case = report()

    assert DiscrepancyEvent.objects.create(discrepancy=case, kind="kept", text="Nei", by=siri(), at=case.opened_at).pk


def test_those_who_took_a_municipality_over_speak_for_it():
    old = Organisation.objects.municipalities().exclude(successor=None).first()
    assert old is not None and old.successor is not None
    order = make_order("run:9:old", to=old)
    by = make_member("ny", old.successor.municipality_number)

    case = open_discrepancy(old, what="amount", explanation="Feil.", by=by, order=order, pay_meanwhile=False)

    client = Client()
    client.force_login(by)
    assert client.get(reverse("our_discrepancy", args=[case.pk])).status_code == 200


# --- The pages --------------------------------------------------------------------------------------------------------


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_road_from_the_button_on_a_line_to_the_answer():
    run = make_run("approved")
    line = run.lines.filter(municipality_number="0101").first()
    ours, theirs = signed_in(ola()), signed_in(siri())
    address = f"{reverse('our_discrepancy_new')}?run={run.pk}&number=0101&line={line.pk}"

    assert f"line={line.pk}" in ours.get(reverse("our_run", args=[run.pk, "0101"])).content.decode()
    wrong = ours.post(address, {"what": "person", "explanation": ""})
    assert wrong.status_code == 422 and 'value="person" checked' in wrong.content.decode()
    ours.post(address, {"what": "person", "explanation": "=HYPERLINK()<script>"})
    case = Discrepancy.objects.get()
    assert case.line == line
    queue = theirs.get(reverse("discrepancies")).content.decode()
    assert "Halden kommune" in queue and 'class="app-count"' in queue
    page = theirs.get(reverse("discrepancy", args=[case.pk])).content.decode()
    assert "&lt;script&gt;" in page and "P-" in page
    assert theirs.post(reverse("discrepancy", args=[case.pk]), {"do": "corrected", "text": "Ja"}).status_code == 422
    assert (
        theirs.post(
            reverse("discrepancy", args=[case.pk]), {"do": "corrected", "text": "Ja", "run": "99999"}
        ).status_code
        == 422
    )
    answer = {"do": "corrected", "text": "Personen er flyttet.", "reference": "Flytting 1. februar registrert"}
    assert theirs.post(reverse("discrepancy", args=[case.pk]), answer).status_code == 302
    assert "Personen er flyttet." in ours.get(reverse("our_discrepancy", args=[case.pk])).content.decode()
    late = ours.post(reverse("our_discrepancy", args=[case.pk]), {"do": "write", "text": "Takk"})
    assert late.status_code == 422 and "avsluttet" in late.content.decode()


def test_another_recipient_finds_nothing_of_it_by_address():
    run = make_run("approved")
    line = run.lines.filter(municipality_number="0101").first()
    order = make_order()
    case = report(order)
    stranger = signed_in(make_member("fremmed", "0104", Role.SIGNATORY))
    new = reverse("our_discrepancy_new")

    for address in (
        reverse("our_discrepancy", args=[case.pk]),
        f"{new}?order={order.pk}",
        f"{new}?run={run.pk}&number=0101",
        f"{new}?run={run.pk}&number=0104&line={line.pk}",  # their own run, and a line of ours
        f"{new}?order=x",
        f"{new}?run={run.pk}",
    ):
        assert stranger.get(address).status_code == 404, address
        assert stranger.post(address, {"what": "amount", "explanation": "x"}).status_code == 404, address
