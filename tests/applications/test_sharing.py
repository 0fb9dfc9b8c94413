"""Sharing an envelope: exact in whole kroner, never above the envelope, never above what was applied for."""

from hypothesis import given
from hypothesis import strategies as st

from applications.workflow.sharing import by_rank, same_share
from grants.shared.money import Ore

AMOUNTS = st.lists(st.integers(0, 10**9).map(lambda kroner: Ore(kroner * 100)), max_size=60)
ENVELOPES = st.integers(-(10**6), 10**11).map(Ore)


@given(AMOUNTS, ENVELOPES)
def test_both_ways_use_the_envelope_and_never_more(applied, envelope):
    for shares in (by_rank(applied, envelope=envelope), same_share(applied, envelope=envelope)):
        assert len(shares) == len(applied)
        assert all(0 <= share <= amount and share % 100 == 0 for share, amount in zip(shares, applied, strict=True))
        assert sum(shares) == min(sum(applied), max(0, envelope) // 100 * 100)


@given(AMOUNTS, ENVELOPES)
def test_by_rank_the_better_is_served_whole_before_the_next_gets_anything(applied, envelope):
    shares = by_rank(applied, envelope=envelope)

    cut = [place for place, (share, amount) in enumerate(zip(shares, applied, strict=True)) if share < amount]
    assert not cut or sum(shares[cut[0] + 1 :]) == 0


@given(AMOUNTS, ENVELOPES)
def test_the_same_share_differs_by_less_than_a_krone(applied, envelope):
    shares = same_share(applied, envelope=envelope)

    whole, given_out = sum(applied), sum(shares)
    for share, amount in zip(shares, applied, strict=True):
        assert abs(share * whole - amount * given_out) < 100 * max(whole, 1)


def test_the_krone_left_over_goes_to_the_largest_remainder_then_to_the_first():
    assert same_share([Ore(300_00), Ore(300_00), Ore(300_00)], envelope=Ore(100_00)) == [34_00, 33_00, 33_00]
    assert same_share([Ore(100_00), Ore(200_00)], envelope=Ore(100_00)) == [33_00, 67_00]


def test_the_last_one_gets_what_is_left():
    applied = [Ore(500_00), Ore(400_00), Ore(300_00)]

    assert by_rank(applied, envelope=Ore(700_00)) == [500_00, 200_00, 0]
