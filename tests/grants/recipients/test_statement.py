"""The statement: each krone in one place, in øre, for a recipient and those it has taken over, and for nobody else."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.models import Account, Hold, Organisation
from grants.payments.recipients import recipients_of
from grants.payments.statement import statement
from grants.services.hold_orders import hold_by_hand
from grants.services.make_orders import Line, Planned
from grants.services.take_in_bank_file import take_in_bank_file
from tests.factories.batches import ON, State, entry, make_batch, make_order, notification, recipient
from tests.factories.books import book
from tests.factories.cases import municipality
from tests.factories.recoveries import make_claim
from tests.factories.register import finance
from tests.factories.runs import make_member, make_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]


def signed_in(number: str = "0101") -> Client:
    client = Client()
    client.force_login(make_member(f"medlem-{number}", number))
    return client


def sums(number: str = "0101", year: int = 2017) -> Any:
    return statement(municipality(number), year, on=ON).whole


def test_an_order_is_expected_then_sent_then_paid_and_stands_in_one_place_at_a_time():
    make_order(amount_ore=57_500_01)
    assert (sums().expected_ore, sums().paid_ore, sums().whole_ore) == (57_500_01, 0, 57_500_01)

    batch = make_batch(State.SENT)
    assert (sums().sent_ore, sums().expected_ore, sums().whole_ore) == (57_500_01, 0, 57_500_01)

    take_in_bank_file(notification(entry(batch.payments.get())), name="svar.xml", by=finance())
    assert (sums().paid_ore, sums().sent_ore, sums().whole_ore) == (57_500_01, 0, 57_500_01)


def test_what_is_held_back_says_why_and_what_the_way_out_is():
    order = make_order()
    hold_by_hand(order, reason="Vi undersøker =1+1", on=ON, by=finance())

    said = statement(recipient(), 2017, on=ON)

    assert said.whole.held_ore == 57_500_00 and said.whole.expected_ore == 0
    assert [one.kind for one in said.held[0].holds] == [Hold.Kind.BY_HAND]
    page = signed_in().get(reverse("our_payments")).content.decode()
    assert "Vi undersøker" in page and "Økonomi opphever det." in page


def test_a_commitment_that_nobody_has_accepted_is_promised_and_what_is_ordered_of_it_is_not_counted_twice():
    book(Account.APPROPRIATION, Account.COMMITTED, 100_000_00, recipient(), value_date=ON, scheme="kum")
    assert sums().promised_ore == 100_000_00

    make_order(
        "decision:1", to=recipient(), scheme="kum", takes_from=Account.COMMITTED,
        plan=[Planned(ON, [Line("AR-2", 2017, 1, 60_000_00)])], lines=[Line("AR-2", 2017, 1, 60_000_00)],
    )  # fmt: skip

    assert (sums().promised_ore, sums().expected_ore) == (40_000_00, 60_000_00)


def test_a_negative_sum_is_shown_as_owed_and_never_as_paid():
    make_run("approved")

    said = statement(municipality("0105"), 2017, on=ON)

    assert said.owed_ore == 57_500_00
    assert said.whole.paid_ore == said.whole.expected_ore == 0
    assert [(move.state, move.amount_ore) for move in said.moves] == [("carried", 0)]
    page = signed_in("0105").get(reverse("our_payments")).content.decode()
    assert "Trekkes neste gang" in page and "trekkes fra neste utbetaling" in page


def test_a_merged_municipality_is_found_under_the_one_that_took_over_and_not_the_other_way():
    old = Organisation.objects.municipalities().exclude(successor=None).first()
    assert old is not None and old.successor is not None
    make_order("run:9:old", to=old)

    new_one = statement(old.successor, 2017, on=date(2018, 1, 1))
    old_one = statement(old, 2017, on=date(2018, 1, 1))

    assert new_one.whole.expected_ore == old_one.whole.expected_ore == 57_500_00
    assert old in new_one.merged
    assert old in recipients_of(make_member("ny", old.successor.municipality_number))
    assert old.successor not in recipients_of(make_member("gammel", old.municipality_number))
    make_order("run:9:new", to=old.successor)
    assert statement(old, 2017, on=date(2018, 1, 1)).whole.expected_ore == 57_500_00


def test_another_recipients_payments_are_neither_shown_nor_chosen_by_address():
    make_order(to=recipient("0104"))
    theirs = municipality("0104")

    page = signed_in("0101").get(reverse("our_payments"), {"organisation": str(theirs.pk)}).content.decode()

    assert "Moss" not in page and "57" + "\N{NO-BREAK SPACE}" + "500" not in page
    file = signed_in("0101").get(reverse("our_payments_csv"), {"organisation": str(theirs.pk)})
    assert len(list(csv.reader(io.StringIO(file.getvalue().decode())))) == 1


def test_the_file_carries_no_formula_and_the_sums_of_the_page():
    order = make_order()
    hold_by_hand(order, reason="=HYPERLINK(1)", on=ON, by=finance())

    file = signed_in().get(reverse("our_payments_csv"))
    [row] = list(csv.DictReader(io.StringIO(file.getvalue().decode())))

    assert row["amount_ore"] == "5750000" and row["held_because"] == "'=HYPERLINK(1)"
    assert file.streaming and file["Content-Type"].startswith("text/csv")


def test_a_year_that_is_none_and_somebody_without_payments_get_a_page():
    for query in ({}, {"year": "x"}, {"year": "99999"}, {"year": "1066"}, {"organisation": "x"}):
        assert signed_in().get(reverse("our_payments"), query).status_code == 200


def test_a_claim_to_get_money_back_stands_in_the_statement_until_it_is_settled():
    claim = make_claim(amount_ore=100_000_00)
    [owes] = statement(claim.recipient, on=ON).owes
    assert (owes.what, owes.about, owes.amount_ore, owes.scheme) == (
        "claim",
        str(claim.number),
        100_000_00,
        claim.scheme,
    )

    page = signed_in().get(reverse("our_payments"))
    assert f'href="{reverse("our_recovery", args=[claim.number])}"' in page.content.decode()
