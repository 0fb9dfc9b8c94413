"""The recipient's pages in English: nothing on them is Norwegian without saying so."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from grants.models import Discrepancy, DiscrepancyEvent, Role
from grants.services.discrepancies import answer_discrepancy, open_discrepancy
from grants.services.hold_orders import hold_by_hand
from grants.shared.errors import ChangedSince
from tests.factories.accounts import proposed, signatory
from tests.factories.batches import ON, State, make_batch, make_order, recipient
from tests.factories.register import finance, make_user
from tests.factories.runs import make_member, make_run
from tests.norwegian import unmarked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]


def test_nothing_is_norwegian_without_saying_so():
    run = make_run("approved")
    sent = make_order("transfer:A-1", about="A-1")
    payment = make_batch(State.SENT).payments.get()
    held = make_order("transfer:A-2", about="A-2")
    hold_by_hand(held, reason="Vi undersøker", on=ON, by=finance())
    proposed(reason="We have changed banks.")
    case = open_discrepancy(
        recipient(), what="amount", explanation="It is too low.", by=make_member("ola", "0101"), order=held,
        pay_meanwhile=False,
    )  # fmt: skip
    client = Client()
    client.force_login(signatory())
    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    new = reverse("our_discrepancy_new")
    for address in (
        reverse("our_payments"), reverse("our_account"), reverse("our_forecast"), reverse("our_discrepancies"),
        reverse("our_run", args=[run.pk, "0101"]), reverse("our_order", args=[sent.pk]), reverse("our_order", args=[held.pk]),
        reverse("our_payment", args=[payment.pk]), reverse("our_discrepancy", args=[case.pk]), f"{new}?order={held.pk}",
        f"{new}?run={run.pk}&number=0101&line={run.lines.first().pk}",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert '<html lang="en"' in page and unmarked(page) == [], address


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_is_first_and_the_other_is_told():
    order = make_order()
    case = open_discrepancy(
        recipient(), what="amount", explanation="Feil.", by=make_member("ola", "0101"), order=order, pay_meanwhile=False
    )
    people = [make_user("siri", Role.CASEWORKER), finance("mona"), make_user("amir", Role.CASEWORKER)]
    start, said = Barrier(len(people)), list[str]()

    def answer(by: Any) -> None:
        start.wait()
        try:
            answer_discrepancy(Discrepancy.objects.get(pk=case.pk), corrected=False, text="Nei.", by=by)
            said.append("answered")
        except ChangedSince:
            said.append("told")
        finally:
            connection.close()

    threads = [Thread(target=answer, args=(one,)) for one in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(said) == ["answered", "told", "told"]
    assert DiscrepancyEvent.objects.filter(discrepancy=case, kind="kept").count() == 1
