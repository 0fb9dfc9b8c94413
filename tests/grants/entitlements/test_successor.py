"""A municipality that is merged hands what it owes on to its successor, in the payables and in the books."""

from datetime import date
from pathlib import Path

import pytest

from grants.models import Account, EntitlementRun, LedgerEntry, Organisation, RunPayable
from grants.services.approve_run import approve_run
from grants.services.mark_paid import mark_paid
from grants.services.prepare_run import prepare_run
from tests.factories.register import appropriate, finance, happen, settle

NAMES = (
    "year_1_adult", "year_1_single_adult", "year_1_child", "year_1_unaccompanied_minor", "year_2", "year_3", "year_4",
    "year_5", "nursery", "elderly",
)  # fmt: skip


@pytest.fixture
def rates_of_2016(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invented rates for 2016: 100 000 kroner for everything; and the first year is 2016."""
    rows = (
        f'[[{name}]]\nvalid_from = 2016-01-01\nvalid_to = 2016-12-31\nvalue = "10000000"\nunit = "ore"\n'
        'citation = "invented for this test"\ncertainty = "G"\n'
        for name in NAMES
    )
    (tmp_path / "integration.toml").write_text("".join(rows))
    (tmp_path / "assumptions.toml").write_text("[integration]\nfirst_year = 2016\n")
    monkeypatch.setenv("TILSKUDD_RATES", str(tmp_path))


def run(year: int, term: int) -> EntitlementRun:
    approved = approve_run(prepare_run("integration", year, term, by=finance("a")), by=finance("b"))
    return mark_paid(approved, by=finance("a"))


def balance(account: Account, municipality: str) -> int:
    organisation = Organisation.objects.get(municipality_number=municipality, parent=None)
    return LedgerEntry.objects.balance_ore(account, recipient=organisation)


@pytest.mark.django_db
@pytest.mark.usefixtures("rates_of_2016")
def test_what_andebu_owes_at_the_end_of_2016_is_taken_from_what_sandefjord_is_paid():
    person = settle("P1", "2015-05-10", municipality_number="0719")
    appropriate(year=2016)
    appropriate(year=2017)
    run(2016, 1)
    happen(person, "moved", "2016-02-01", "0301")
    last_of_2016 = run(2016, 2)
    assert RunPayable.objects.get(run=last_of_2016, municipality_number="0719").carried_out_ore == -25_000_00

    settle("P2", "2016-05-10", municipality_number="0706", known_on=date(2017, 1, 5))
    first_of_2017 = run(2017, 1)

    sandefjord = RunPayable.objects.get(run=first_of_2017, municipality_number="0710")
    # P2's year 2 term 1 at the rate of 2017; the year-1 money of 2016 goes to the municipality of its time, 0706.
    assert (sandefjord.due_ore, sandefjord.carried_in_ore, sandefjord.paid_ore) == (57_500_00, -25_000_00, 32_500_00)
    assert not RunPayable.objects.filter(run=first_of_2017, municipality_number="0719").exists()
    assert (balance(Account.OWED, "0719"), balance(Account.OWED, "0710")) == (0, 0)
    assert (balance(Account.PAID, "0719"), balance(Account.PAID, "0710")) == (25_000_00, 32_500_00)
