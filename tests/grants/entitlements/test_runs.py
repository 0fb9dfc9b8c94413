"""Runs: what is booked, what is refused, what is carried on, and that doing it again changes nothing."""

from datetime import date

import pytest

from grants.law.errors import NoRateInForce
from grants.models import (
    Account,
    EntitlementLine,
    EntitlementRun,
    LedgerEntry,
    Organisation,
    RunPayable,
)
from grants.services.approve_run import approve_run
from grants.services.mark_paid import mark_paid
from grants.services.prepare_run import prepare_run, preview_run
from grants.shared.errors import ChangedSince, NotAllowed, OverBudget, Refused
from tests.factories.register import appropriate, claim, finance, happen, make_user, request, settle

pytestmark = pytest.mark.django_db


def run(scheme: str = "integration", term: int = 1, year: int = 2017, *, paid: bool = True) -> EntitlementRun:
    """A run that one person prepares and another approves."""
    approved = approve_run(prepare_run(scheme, year, term, by=finance("a")), by=finance("b"))
    return mark_paid(approved, by=finance("a")) if paid else approved


def lines(of: EntitlementRun) -> list[tuple[str, str, int, int, str, int]]:
    rows = EntitlementLine.objects.filter(run=of).order_by("origin_year", "origin_term", "code", "municipality_number")
    return list(rows.values_list("municipality_number", "code", "origin_year", "origin_term", "kind", "amount_ore"))


def payable(of: EntitlementRun, municipality: str) -> tuple[int, int, int, int]:
    found = RunPayable.objects.get(run=of, municipality_number=municipality)
    return (found.due_ore, found.carried_in_ore, found.paid_ore, found.carried_out_ore)


def test_running_twice_pays_once():
    settle("P1")
    appropriate()
    run(term=1)

    again = prepare_run("integration", 2017, 1, by=finance("a"))

    assert (again.lines_count, again.total_ore) == (0, 0)


def test_a_late_move_is_corrected_in_the_next_run_with_its_origin():
    person = settle("P1")
    appropriate()
    run(term=1)
    happen(person, "moved", "2017-03-01", "0301", known_on=date(2017, 5, 1))

    second = run(term=2)

    assert lines(second) == [
        ("0101", "AR-2", 2017, 1, "correction", -57_500_00),
        ("0301", "AR-2", 2017, 1, "correction", 57_500_00),
        ("0301", "AR-2", 2017, 2, "due", 57_500_00),
    ]
    assert payable(second, "0101") == (-57_500_00, 0, 0, -57_500_00)
    assert payable(second, "0301") == (115_000_00, 0, 115_000_00, 0)


def test_a_negative_sum_is_carried_into_the_next_run_and_never_paid():
    person = settle("P1")
    appropriate()
    run(term=1)
    happen(person, "moved", "2017-02-01", "0301")
    run(term=2)
    settle("P2", known_on=date(2017, 8, 1))

    third = run(term=3)

    # P2 gives Halden terms 1 to 3 of year 2: 172 500 kroner, of which 57 500 settles what it owes.
    assert payable(third, "0101") == (172_500_00, -57_500_00, 115_000_00, 0)
    halden = Organisation.objects.get(municipality_number="0101", parent=None)
    assert LedgerEntry.objects.balance_ore(Account.OWED, recipient=halden) == 0
    assert LedgerEntry.objects.balance_ore(Account.PAID, recipient=halden) == 172_500_00
    assert LedgerEntry.objects.balance_ore(Account.OWED) == 0


def test_the_carried_sum_follows_a_municipality_that_is_in_no_run():
    person = settle("P1")
    appropriate()
    run(term=1)
    happen(person, "moved", "2017-02-01", "0301")
    run(term=2)

    third = run(term=3)

    assert payable(third, "0101") == (0, -57_500_00, 0, -57_500_00)


def test_a_withdrawn_person_gives_nothing_and_what_was_paid_is_taken_back():
    person = settle("P1")
    appropriate()
    run(term=1)
    happen(person, "withdrawn", "2017-12-24")

    assert run(term=2).total_ore == -57_500_00


def test_a_retracted_death_gives_the_terms_back():
    person = settle("P1")
    happen(person, "died", "2017-02-01")
    appropriate()
    assert run(term=1).total_ore == 0
    happen(person, "retracted", "2017-02-01", known_on=date(2017, 5, 1))

    assert run(term=2).total_ore == 2 * 57_500_00


def test_a_run_sees_only_what_was_known_on_its_day():
    settle("P1", known_on=date(2017, 1, 10))
    settle("P2", known_on=date(2017, 4, 10))
    appropriate()

    early = prepare_run("integration", 2017, 1, by=finance("a"), as_of=date(2017, 3, 1))

    assert early.total_ore == 57_500_00
    settle("P3", known_on=date(2017, 5, 1))  # known later than the run looks: nothing it compared has changed
    assert approve_run(early, by=finance("b")).state == "approved"


def test_the_person_who_prepared_cannot_approve():
    settle("P1")
    appropriate()
    prepared = prepare_run("integration", 2017, 1, by=finance("a"))
    with pytest.raises(NotAllowed, match="En annen må godkjenne"):
        approve_run(prepared, by=finance("a"))
    with pytest.raises(NotAllowed, match="rollen økonomi"):
        approve_run(prepared, by=make_user("caseworker"))
    assert not LedgerEntry.objects.exists()


def test_a_fact_that_came_in_since_refuses_the_approval():
    settle("P1")
    appropriate()
    prepared = prepare_run("integration", 2017, 1, by=finance("a"))
    settle("P2")
    with pytest.raises(ChangedSince, match="bosettingene i registeret er endret"):
        approve_run(prepared, by=finance("b"))
    assert not LedgerEntry.objects.exists()


def test_a_rate_that_changed_since_refuses_the_approval(monkeypatch, tmp_path):
    settle("P1")
    appropriate()
    prepared = prepare_run("integration", 2017, 1, by=finance("a"))
    (tmp_path / "assumptions.toml").write_text("[integration]\nelderly_age = 61\n")
    monkeypatch.setenv("TILSKUDD_RATES", str(tmp_path))
    with pytest.raises(ChangedSince, match="en sats eller en forutsetning"):
        approve_run(prepared, by=finance("b"))


def test_the_second_of_two_runs_prepared_side_by_side_is_refused():
    settle("P1")
    appropriate()
    first = prepare_run("integration", 2017, 1, by=finance("a"))
    second = prepare_run("integration", 2017, 1, by=finance("c"))
    approve_run(first, by=finance("b"))
    with pytest.raises(ChangedSince, match="bokført på ordningen"):
        approve_run(second, by=finance("b"))
    assert LedgerEntry.objects.balance_ore(Account.OWED) == 57_500_00


def test_no_run_passes_its_appropriation():
    settle("P1")
    appropriate(kroner=57_499)
    prepared = prepare_run("integration", 2017, 1, by=finance("a"))
    with pytest.raises(OverBudget, match="0496/60"):
        approve_run(prepared, by=finance("b"))


def test_overslagsbevilgning_may_be_exceeded():
    settle("M1", "2016-05-10", category="unaccompanied_minor", born_on=date(2001, 5, 5))
    appropriate(post="61", kroner=1, keyword="overslagsbevilgning")
    assert run("unaccompanied_minors").total_ore == 614_550_00


def test_without_an_appropriation_nothing_is_approved():
    settle("P1")
    with pytest.raises(OverBudget, match="import_appropriations"):
        approve_run(prepare_run("integration", 2017, 1, by=finance("a")), by=finance("b"))


def test_a_year_without_rates_stops_before_anything_is_written():
    settle("P1")
    with pytest.raises(NoRateInForce, match="integration for 2018"):
        prepare_run("integration", 2018, 1, by=finance("a"))
    assert not EntitlementRun.objects.exists()


def test_a_preview_writes_nothing():
    settle("P1")
    assert preview_run("integration", 2017, 1).difference.total_ore == 57_500_00
    assert not EntitlementRun.objects.exists()


def test_a_settlement_after_the_last_cut_off_is_paid_the_next_year_at_its_own_years_rate(monkeypatch, tmp_path):
    rates = "".join(
        f'[[{name}]]\nvalid_from = 2018-01-01\nvalid_to = 2018-12-31\nvalue = "{ore}"\nunit = "ore"\n'
        'citation = "invented for this test"\ncertainty = "G"\n'
        for name, ore in {
            "year_1_adult": 1, "year_1_single_adult": 1, "year_1_child": 1, "year_1_unaccompanied_minor": 1,
            "year_2": 100_000_03, "year_3": 1, "year_4": 1, "year_5": 1, "nursery": 1, "elderly": 1,
        }.items()
    )  # fmt: skip
    (tmp_path / "integration.toml").write_text(rates)
    monkeypatch.setenv("TILSKUDD_RATES", str(tmp_path))
    settle("P1", "2017-12-02")
    appropriate()
    appropriate(year=2018)

    assert run(term=4).total_ore == 0
    assert lines(run(term=1, year=2018)) == [
        ("0101", "AR-1", 2018, 1, "due", 185_000_00),
        ("0101", "AR-2", 2018, 1, "due", 25_000_00),
    ]
    fourth = run(term=4, year=2018)
    assert lines(fourth)[-1] == ("0101", "AR-2", 2018, 4, "due", 25_000_03)


def test_what_is_settled_after_the_last_cut_off_of_2016_gives_no_year_1_money():
    settle("P1", "2016-12-02")
    appropriate()
    assert {line[1] for line in lines(run(term=4))} == {"AR-2"}


def test_sandefjord_gets_what_its_old_municipalities_are_due():
    settle("P1", municipality_number="0719")
    appropriate()
    assert [line[0] for line in lines(run(term=1))] == ["0710"]


def test_extra_settlement_counts_beyond_the_request_and_sums_merged_municipalities():
    for number in range(5):
        settle(f"P{number}", "2017-02-01", municipality_number="0710")
    settle("late", "2017-10-01", municipality_number="0710")
    settle("uncounted", "2017-02-01", municipality_number="0710", counts_for_request=False)
    happen(settle("withdrawn", "2017-02-01", municipality_number="0710"), "withdrawn", "2017-03-01")
    for number, requested in (("0706", 1), ("0719", 1), ("0720", 0)):
        request(number, requested)
    appropriate()
    assert lines(run("extra_settlement")) == [("0710", "EKS50", 2017, 1, "due", 3 * 50_000_00)]


def test_a_missing_request_stops_the_run():
    settle("P1", "2017-02-01")
    with pytest.raises(Refused, match="request for 2015 is missing for municipality 0101"):
        prepare_run("extra_settlement", 2017, 1, by=finance("a"))


def test_disability_pays_above_the_threshold_up_to_the_cap():
    for number, costs in enumerate((150_000, 200_000, 200_001, 900_000, 2_000_000)):
        claim("disability", f"C{number}", kind="2", costs_ore=costs * 100, person=settle(f"P{number}"))
    appropriate()
    amounts = [line[-1] for line in lines(run("disability"))]
    assert sorted(amounts) == [1_00, 700_000_00, 1_157_000_00]


def test_tilskudd_1_stops_because_its_amount_is_unknown():
    claim("disability", "C1", kind="1", costs_ore=500_000_00, person=settle("P1"))
    with pytest.raises(NoRateInForce, match="cap_1"):
        prepare_run("disability", 2017, 1, by=finance("a"))


def test_integration_reception_pays_places_in_two_terms():
    claim("integration_reception", "C1", quantity=3, months=12)
    claim("integration_reception", "C2", quantity=2, months=5, municipality_number="0301")
    appropriate(post="62")
    run("integration_reception", 1)
    run("integration_reception", 2)
    sums = dict.fromkeys(("0101", "0301"), 0)
    for line in EntitlementLine.objects.all():
        sums[line.municipality_number] += line.amount_ore
    assert sums == {"0101": 3 * 18_518_00, "0301": 2 * 5 * 1_543_00}


def test_asylum_training_is_paid_in_the_quarter_after_registration():
    claim("asylum_training", "C1", kind="norwegian", on=date(2017, 2, 10), person=settle("A1"))
    claim("asylum_training", "C2", kind="culture", on=date(2017, 4, 1), person=settle("A2"))
    appropriate("0497", "60")
    assert lines(run("asylum_training", 2)) == [
        ("0101", "ASYL-K", 2017, 2, "due", 3_700_00),
        ("0101", "ASYL-N", 2017, 2, "due", 13_000_00),
    ]


def test_norwegian_training_follows_the_rates_of_2018_and_stops_for_2017():
    claim("norwegian_training", "C1", year=2018, kind="high", on=date(2017, 5, 1), person=settle("N1"))
    claim("norwegian_training", "C2", year=2018, kind="low", on=date(2018, 2, 1), person=settle("N2"))
    appropriate("0497", "60", year=2018)
    assert lines(run("norwegian_training", 2, year=2018)) == [
        ("0101", "P-AR2-H", 2018, 1, "due", 62_300_00),
        ("0101", "P-AR1-L", 2018, 2, "due", 13_600_00),
    ]
    with pytest.raises(NoRateInForce, match="2017"):
        prepare_run("norwegian_training", 2017, 1, by=finance("a"))


def test_a_run_is_paid_once():
    settle("P1")
    appropriate()
    paid = run()
    with pytest.raises(ChangedSince):
        mark_paid(paid, by=finance("a"))


def test_every_krone_can_be_followed_from_the_ledger_to_the_person():
    settle("P1")
    settle("P2", municipality_number="0301", category="single_adult", settled_on="2017-02-02")
    appropriate()
    booked = run()
    for entry in LedgerEntry.objects.filter(run=booked, credit=Account.OWED):
        persons = EntitlementLine.objects.filter(
            run=booked, municipality_number=entry.recipient.municipality_number, code=entry.code,
            origin_year=entry.origin_year, origin_term=entry.origin_term,
        )  # fmt: skip
        assert sum(line.amount_ore for line in persons) == entry.amount_ore
