"""Why a grant's payment is what it is: the case, the decision, the terms, and what waits for the report."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Decision
from grants.models import PaymentOrder
from grants.payments.grounds import facts_of
from tests.factories.cases import make_call, municipality, signatory
from tests.factories.follow_up import make_accepted
from tests.factories.runs import make_member

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


def order_of(case: object) -> PaymentOrder:
    return PaymentOrder.objects.get(subject=f"decision:{Decision.objects.get(application=case).pk}")


def test_the_page_names_the_decision_the_terms_and_the_share_that_is_withheld():
    case = make_accepted(call=make_call(numbers={"withheld_percent": "25"}))
    order = order_of(case)
    client = Client()
    client.force_login(case.created_by)

    page = client.get(reverse("our_order", args=[order.pk])).content.decode()

    granted = sum(one.amount_ore for one in order.instalments.all())
    assert case.reference in page and reverse("application_terms", args=[case.pk]) in page
    assert "(25 prosent)" in page and "går når rapporten er godkjent" in page
    assert f"{granted // 100:,}".replace(",", NBSP) + f"{NBSP}kr" in page
    assert len(facts_of(order)) == 4


def test_nothing_is_withheld_where_the_call_withholds_nothing_and_another_organisation_finds_nothing():
    case = make_accepted()
    order = order_of(case)
    stranger = Client()
    stranger.force_login(make_member("fremmed", "0104"))

    assert [fact.what for fact in facts_of(order)] == ["Sak", "Vedtak", "Vilkår"]
    assert stranger.get(reverse("our_order", args=[order.pk])).status_code == 404


def test_the_money_of_a_grant_stands_in_the_statement_as_to_come():
    case = make_accepted()
    client = Client()
    client.force_login(signatory(municipality()))

    page = client.get(reverse("our_payments")).content.decode()

    assert case.reference in page and "Kommer" in page
