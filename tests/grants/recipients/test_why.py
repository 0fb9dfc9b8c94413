"""Why this amount: the lines add up to the sum to the øre, each has its rate and source, and no person has a name."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.entitlements.why import as_read, every_line, groups_of, lines_of
from grants.law.codes import Ground, How, ground_of
from grants.models import EntitlementLine, PersonLook, ProtectedPerson, Role, RunPayable
from grants.services.approve_run import approve_run
from grants.services.make_orders import Line, Planned
from grants.services.prepare_run import prepare_run
from tests.factories.batches import ON, State, make_batch, make_order, recipient
from tests.factories.register import finance, happen, settle
from tests.factories.runs import make_member, make_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]


def signed_in(number: str = "0101") -> Client:
    client = Client()
    client.force_login(make_member(f"medlem-{number}", number, Role.ACCOUNTANT))
    return client


def a_real_run() -> RunPayable:
    """Four persons of every kind in Halden, by the engine."""
    settle("V-1", "2016-05-10")
    settle("V-2", "2014-05-10")
    settle("N-1", "2017-02-01", category="single_adult")
    settle("N-2", "2017-02-02", category="child", born_on=date(2015, 3, 3))
    settle("M-1", "2016-05-10", municipality_number="0104")
    run = prepare_run("integration", 2017, 1, by=finance("kari"))
    approve_run(run, by=finance("mona"))
    return RunPayable.objects.booked().get(run=run, municipality_number="0101")


def test_the_groups_and_the_lines_add_up_to_what_is_due_to_the_ore_and_each_has_its_source():
    payable = a_real_run()
    groups = groups_of(payable)

    assert sum(one.total_ore for one in groups) == payable.due_ore
    assert sum(one.line.amount_ore for one in every_line(payable)) == payable.due_ore
    assert all(one.basis and one.basis.citation and one.basis.valid_from == date(2017, 1, 1) for one in groups)
    assert {one.code: one.basis.ground.how for one in groups if one.basis} == {
        "AR-1 EV": How.WHOLE, "AR-1 B": How.WHOLE, "BHT": How.WHOLE, "AR-2": How.QUARTER, "AR-4": How.QUARTER,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "year", "term", "ore", "settled", "ground"),
    [
        ("AR-2", 2017, 4, 33, None, Ground(How.QUARTER, "year_2", 2017)),
        ("AR-2", 2017, 1, -25, None, Ground(How.QUARTER, "year_2", 2017)),
        ("AR-2", 2017, 1, 24, None, Ground(How.DIFFERENCE, "year_2", 2017)),
        ("AR-1", 2018, 1, 111, 2017, Ground(How.WHOLE, "year_1_adult", 2017)),
        ("AR-1", 2018, 1, 111, None, Ground(How.WHOLE, "year_1_adult", 2017)),
        ("EMINB", 2017, 2, 50, None, Ground(How.HALF, "high", 2017)),
        ("EMINB", 2017, 2, 25, None, Ground(How.MONTHS, "high", 2017, 3)),
        ("EKS50", 2017, 1, 70, None, Ground(How.HEADS, "per_person", 2017, 7)),
        ("FHT2", 2017, 1, 12345, None, Ground(How.ABOVE, "threshold_2", 2017)),
        ("AP-X", 2017, 1, 1, None, None),
    ],
)
def test_the_way_back_from_an_amount_to_its_rate(code: str, year: int, term: int, ore: int, settled: Any, ground: Any):
    rates = {("year_2", 2017): 102, ("year_1_adult", 2017): 111, ("high", 2017): 100, ("per_person", 2017): 10}
    rates |= {("year_2", 2016): 96}
    if term == 4:
        rates["year_2", 2017] = 108 + 24  # 33 each

    assert ground_of(code, year, term, ore, lambda name, of: rates.get((name, of)), settled=settled) == ground


def test_a_line_tells_a_year_of_birth_and_a_day_of_settlement_and_a_protected_person_tells_nothing():
    payable = a_real_run()
    protected = EntitlementLine.objects.filter(run=payable.run, person__person_ref="V-1").get().person
    ProtectedPerson.objects.create(
        person=protected, person_ref="V-1", level="strictly_confidential", since=date(2017, 4, 1), reason="Trusler"
    )
    type(protected).objects.filter(pk=protected.pk).update(person_ref=None)

    page = signed_in().get(reverse("our_run", args=[payable.run_id, "0101"])).content.decode()
    file = signed_in().get(reverse("our_run_csv", args=[payable.run_id, "0101"])).getvalue().decode()

    assert "N-2" in page and "2015" in page and "1. februar 2017".replace(" ", "\N{NO-BREAK SPACE}") in page
    assert "V-1" not in page + file and "1985-06-01" not in page + file and "Skjermet" in page
    rows = list(csv.DictReader(io.StringIO(file)))
    assert sum(int(row["amount_ore"]) for row in rows) == payable.due_ore
    [hidden] = [row for row in rows if row["code"] == "AR-2"]
    assert (hidden["person_ref"], hidden["birth_year"], hidden["settled_on"]) == ("", "", "")
    assert all(row["citation"].startswith("Rundskriv") for row in rows)


def test_each_look_is_logged_before_it_is_shown():
    payable = a_real_run()
    client = signed_in()

    client.get(reverse("our_run", args=[payable.run_id, "0101"]))
    client.get(reverse("our_run_csv", args=[payable.run_id, "0101"]))

    looks = PersonLook.objects.filter(what__startswith=f"why run {payable.run_id}")
    assert sorted(look.persons for look in looks) == [4, 4]


def test_another_municipality_finds_neither_page_file_order_nor_payment():
    payable = a_real_run()
    order = make_order("transfer:A-1")
    payment = make_batch(State.SENT, on=ON).payments.filter(recipient=recipient()).get()
    stranger, ours = signed_in("0104"), signed_in("0101")

    for name, key in (
        ("our_run", [payable.run_id, "0101"]), ("our_run_csv", [payable.run_id, "0101"]), ("our_order", [order.pk]),
        ("our_payment", [payment.pk]),
    ):  # fmt: skip
        assert ours.get(reverse(name, args=key)).status_code == 200, name
        assert stranger.get(reverse(name, args=key)).status_code == 404, name


def test_a_run_that_is_not_approved_is_nobodys_yet():
    run = make_run("prepared")

    assert signed_in().get(reverse("our_run", args=[run.pk, "0101"])).status_code == 404


def test_a_negative_sum_is_explained_and_a_correction_says_what_it_is():
    run = make_run("approved")

    page = signed_in("0105").get(reverse("our_run", args=[run.pk, "0105"])).content.decode()

    assert "dere skal ikke betale noe tilbake" in page and "Korrigering" in page


def test_a_move_that_became_known_late_is_a_line_of_its_own_with_the_rate_of_its_time():
    payable = a_real_run()
    happen(EntitlementLine.objects.filter(run=payable.run, person__person_ref="V-2").get().person, "died", "2017-02-01")
    run = prepare_run("integration", 2017, 2, by=finance("kari"))
    approve_run(run, by=finance("mona"))
    later = RunPayable.objects.booked().get(run=run, municipality_number="0101")

    [taken_back] = [one for one in as_read(run, lines_of(later)) if one.line.amount_ore < 0]

    assert taken_back.reference == "V-2" and taken_back.line.kind == "correction"
    assert taken_back.basis is not None and taken_back.basis.ground == Ground(How.QUARTER, "year_4", 2017)


def test_the_plan_of_an_order_shows_what_waits_and_for_what():
    parts = [Line("AR-2", 2017, 1, 80_000_00)], [Line("AR-2", 2017, 1, 20_000_00)]
    order = make_order(
        "transfer:A-2", plan=[Planned(ON, parts[0]), Planned(ON, parts[1], waits_for="report_approved")],
        lines=[Line("AR-2", 2017, 1, 100_000_00)],
    )  # fmt: skip

    page = signed_in().get(reverse("our_order", args=[order.pk])).content.decode()

    assert "går når rapporten er godkjent" in page and "100\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in page


@pytest.mark.parametrize(("language", "word"), [("nn", "Kvifor dette beløpet?"), ("en", "Why this amount?")])
def test_the_page_is_in_the_three_languages(language: str, word: str):
    payable = a_real_run()
    client = signed_in()
    client.post(reverse("set_language"), {"language": language, "next": "/"})

    page = client.get(reverse("our_run", args=[payable.run_id, "0101"])).content.decode()

    assert word in page and f'<html lang="{language}"' in page
