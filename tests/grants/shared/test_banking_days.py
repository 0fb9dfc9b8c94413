"""Which days banks settle on, from the calendar of known years."""

from datetime import date

import pytest

from grants.shared.banking_days import banking_days_after, banking_days_before, is_banking_day

HOLIDAYS_OF_2026 = (
    "2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-12-25",
)  # fmt: skip


@pytest.mark.parametrize(
    "day", [*HOLIDAYS_OF_2026, "2024-03-28", "2024-04-01", "2024-05-17", "2017-06-05", "2026-11-28"]
)
def test_holidays_and_weekends_are_none(day: str):
    assert not is_banking_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-04-01", "2026-04-07", "2026-12-24", "2026-05-15", "2024-02-29", "2026-11-30"])
def test_the_days_between_are(day: str):
    assert is_banking_day(date.fromisoformat(day))


def test_days_are_counted_over_easter_and_new_year_both_ways():
    assert banking_days_after(date(2026, 4, 1), 3) == date(2026, 4, 9)
    assert banking_days_before(date(2026, 4, 9), 3) == date(2026, 4, 1)
    assert banking_days_after(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert banking_days_before(date(2026, 4, 5), 0) == date(2026, 4, 5)
