"""Choosing a person in the demo, and the way out. Signing in with a provider is tried in tests/grants/identity."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.models import Membership, Role, User
from grants.services.demo_users import make_demo_users
from grants.shared.errors import Refused
from tests.factories.register import finance

pytestmark = pytest.mark.django_db


def test_the_demo_has_somebody_in_every_role_and_making_them_again_changes_nothing(settings: Any):
    settings.DEMO = True
    make_demo_users()
    make_demo_users()

    page = Client().get(reverse("sign_in")).content.decode()

    assert all(str(role.label) in page for role in Role)
    assert User.objects.filter(directorate_roles__role=Role.FINANCE).count() == 2
    assert Membership.objects.count() == 3


def test_demo_users_are_not_made_outside_the_demo():
    with pytest.raises(Refused):
        make_demo_users()


def test_choosing_a_person_signs_in_with_a_new_session(settings: Any):
    settings.DEMO = True
    finance("kari")
    client = Client()
    client.get(reverse("sign_in"))
    before = client.session.session_key

    answer = client.post(reverse("sign_in"), {"username": "kari"})

    assert answer.url == reverse("front_page")  # type: ignore[attr-defined]
    assert client.session.session_key != before
    assert client.get(reverse("runs")).status_code == 200


def test_outside_the_demo_nobody_signs_in_by_name():
    finance("kari")
    client = Client()

    assert "ikke satt opp" in client.get(reverse("sign_in")).content.decode()
    assert client.post(reverse("sign_in"), {"username": "kari"}).status_code == 404
    assert client.get(reverse("runs")).status_code == 302


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_signing_in_never_sends_anybody_elsewhere(address: str, settings: Any):
    settings.DEMO = True
    finance("kari")

    answer = Client().post(reverse("sign_in"), {"username": "kari", "next": address})

    assert answer.url == reverse("front_page")  # type: ignore[attr-defined]


def test_signing_out_ends_the_session(settings: Any):
    client = Client()
    client.force_login(finance("kari"))

    client.post(reverse("sign_out"))

    assert client.get(reverse("runs")).status_code == 302
