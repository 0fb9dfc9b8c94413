"""What may be carried over, as a table that an accountant can check (bevilgningsreglementet § 5, R-2)."""

import pytest

from reporting.figures.carry_over import Rule, carry_over, rule_for

# why, post, keyword, unused, extra income, this year's own, last year's own -> limit, may carry
CASES = [
    ("0495/01 in 2017: five per cent cuts", "01", "", 11_136_712, 2_011_373, 262_848_000, None, 13_142_400, 13_142_400),
    ("below five per cent", "01", "", 40_000, 0, 1_000_000, None, 50_000, 40_000),
    ("exactly five per cent", "29", "", 50_000, 0, 1_000_000, None, 50_000, 50_000),
    ("one krone above", "21", "", 50_001, 0, 1_000_000, None, 50_000, 50_000),
    ("five per cent that ends in øre is cut down", "01", "", 50, 0, 999, None, 49, 49),
    ("post 24 is no such post", "24", "", 50, 0, 1_000, None, None, 0),
    ("post 30 without a keyword lapses", "30", "", 50, 0, 1_000, None, None, 0),
    ("a grant without a keyword lapses", "60", "", 316_075, 0, 166_959_500, None, None, 0),
    ("overspent: nothing", "01", "", -1, 0, 1_000_000, None, 50_000, 0),
    ("overspent, but earned more", "01", "", -1_000, 3_000, 1_000_000, None, 50_000, 2_000),
    ("less income than expected takes away", "01", "", 3_000, -2_000, 1_000_000, None, 50_000, 1_000),
    ("kan overføres, last year known", "60", "kan overføres", 150, 0, 100, 100, 200, 150),
    ("kan overføres, cut at the two years", "60", "kan overføres", 250, 0, 100, 100, 200, 200),
    ("kan overføres, last year unknown", "60", "kan overføres", 150, 0, 100, None, 100, 100),
    ("the keyword goes before the post", "21", "kan overføres", 837_086, 0, 14_025_000, None, 14_025_000, 837_086),
    ("post 24 with the keyword", "24", "kan overføres", 5, 0, 100, 0, 100, 5),
    ("an authorisation to charge another's post", "25", "kan overføres", 0, 0, 0, None, 0, 0),
    ("overslagsbevilgning: none", "61", "overslagsbevilgning", 57_200_326, 0, 3_347_366_000, 10**9, None, 0),
    ("overslagsbevilgning on an operating post: none", "21", "overslagsbevilgning", 10, 0, 100, None, None, 0),
]


@pytest.mark.parametrize(
    ("post", "keyword", "unused", "extra", "this_year", "last_year", "limit", "may_carry"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_what_may_be_carried_over(
    post: str,
    keyword: str,
    unused: int,
    extra: int,
    this_year: int,
    last_year: int | None,
    limit: int | None,
    may_carry: int,
) -> None:
    result = carry_over(
        post=post, keyword=keyword, unused_kroner=unused, extra_income_kroner=extra, allotted_kroner=this_year,
        last_year_kroner=last_year,
    )  # fmt: skip

    assert (result.limit_kroner, result.may_carry_kroner) == (limit, may_carry)
    assert result.basis_kroner == unused + extra


def test_only_kan_overfores_depends_on_last_year_so_only_there_it_can_be_missing() -> None:
    asked = {"unused_kroner": 1, "extra_income_kroner": 0, "allotted_kroner": 100, "last_year_kroner": None}

    assert carry_over(post="60", keyword="kan overføres", **asked).last_year_is_unknown
    assert not carry_over(post="01", keyword="", **asked).last_year_is_unknown
    assert rule_for("01", "") is Rule.FIVE_PERCENT
