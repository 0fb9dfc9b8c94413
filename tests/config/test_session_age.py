"""A session ends on the server, by the clock, whatever the cookie says."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from grants.models import Role
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(make_user("kari", Role.FINANCE))
    assert found.get(reverse("runs")).status_code == 200
    return found


def pass_time(client: Client, *, since_began: int, since_seen: int) -> None:
    session = client.session
    now = int(time.time())
    session["session_began_at"], session["session_seen_at"] = now - since_began, now - since_seen
    session.save()


def test_somebody_who_has_been_away_for_an_hour_must_sign_in_again(client: Client):
    pass_time(client, since_began=2 * HOUR, since_seen=HOUR)

    answer = client.get(reverse("runs"))

    assert answer.url == f"{reverse('sign_in')}?next={reverse('runs')}"  # type: ignore[attr-defined]
    assert "_auth_user_id" not in client.session


def test_somebody_who_is_there_stays_signed_in(client: Client):
    pass_time(client, since_began=2 * HOUR, since_seen=HOUR - 60)

    assert client.get(reverse("runs")).status_code == 200
    assert time.time() - client.session["session_seen_at"] < 60


def test_nobody_stays_signed_in_for_more_than_eight_hours(client: Client):
    pass_time(client, since_began=8 * HOUR, since_seen=10)

    assert client.get(reverse("runs")).status_code == 302


def test_nearly_eight_hours_is_not_eight(client: Client):
    pass_time(client, since_began=8 * HOUR - 60, since_seen=10)

    assert client.get(reverse("runs")).status_code == 200
