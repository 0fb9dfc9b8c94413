"""The demo's claims to get money back: one in each main state, and nothing of 2017 in the books."""

from pathlib import Path

import pytest
from django.utils import timezone

from config.demo.calls import open_demo_calls
from config.demo.living_claims import STORIES, make_living_claims
from config.demo.living_year import make_living_year
from grants.models import Account, LedgerEntry, RecoveryClaim, User
from tests.config.test_living_year import appropriations
from tests.factories.books import pay
from tests.factories.cases import municipality

__all__ = ["appropriations"]  # a fixture
pytestmark = pytest.mark.django_db
Standing = RecoveryClaim.Standing


def test_there_is_a_claim_in_each_main_state_made_once_and_2017_stands(appropriations: Path):
    open_demo_calls(appropriations, by=User.objects.get(username="samira.ali"))
    make_living_year(appropriations)
    pay(90_000_000_00, municipality("0602"))
    before = list(LedgerEntry.objects.filter(budget_year=2017).values_list("key", "amount_ore"))

    assert make_living_claims() == len(STORIES) + 1
    assert make_living_claims() == 0

    claims = RecoveryClaim.objects.with_standing()
    assert {claim.standing for claim in claims} == set(Standing) - {Standing.REJECTED}
    assert any(claim.is_overdue for claim in claims) and any(claim.writes_off for claim in claims)
    kinds = set(claims.values_list("events__kind", flat=True))
    assert {"commented", "reminded", "offset_told", "paid", "planned"} <= kinds
    for username in ("anne.vik", "nora.ek"):  # those who may be signed in as have something to read
        assert claims.filter(recipient__memberships__user__username=username).exists()
    assert list(LedgerEntry.objects.filter(budget_year=2017).values_list("key", "amount_ore")) == before
    recovered = LedgerEntry.objects.filter(credit=Account.RECOVERED)
    assert recovered.exists() and max(recovered.values_list("value_date", flat=True)) <= timezone.localdate()
