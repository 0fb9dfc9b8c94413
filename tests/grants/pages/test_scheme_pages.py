"""The law on screen: every scheme can be read, on any day."""

import pytest
from django.test import Client
from django.urls import reverse

from grants.law.registry import SCHEMES

pytestmark = pytest.mark.django_db


def test_the_list_has_all_eighteen():
    page = Client().get(reverse("schemes")).content.decode()

    assert all(reverse("scheme", args=[code]) in page for code in SCHEMES)
    assert "18 ordninger" in page


@pytest.mark.parametrize("code", SCHEMES)
def test_every_scheme_can_be_read(code: str):
    answer = Client().get(reverse("scheme", args=[code]))

    assert answer.status_code == 200
    assert SCHEMES[code].name.nb in answer.content.decode()


def test_rates_are_those_of_the_day_with_their_source():
    page = Client().get(reverse("scheme", args=["integration"]), {"on": "2017-12-31"}).content.decode()
    assert "235\xa0000\xa0kr" in page
    assert "Rundskriv 01/2017" in page

    later = Client().get(reverse("scheme", args=["integration"]), {"on": "2019-01-01"}).content.decode()
    assert "Ingen satser er kjent" in later


@pytest.mark.parametrize("day", ["1.6.2017", "2017-13-01", "x" * 5000, "0000-00-00"])
def test_a_day_that_cannot_be_read_is_said_at_the_field(day: str):
    answer = Client().get(reverse("scheme", args=["integration"]), {"on": day})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_scheme_that_does_not_exist_is_not_found():
    assert Client().get(reverse("scheme", args=["nope"])).status_code == 404
