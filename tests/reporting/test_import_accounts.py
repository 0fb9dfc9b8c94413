"""Accounts from outside: a known row changes nothing, a contradiction needs a reason, nothing counts twice."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grants.budget.appropriations import outside_accounts
from grants.models import ClosedYear, OutsideAccount
from grants.services.import_accounts import import_accounts
from grants.shared.errors import Refused
from tests.factories.books import write_file
from tests.factories.register import finance

pytestmark = pytest.mark.django_db


def take_in(tmp_path: Path, columns: str, *rows: str, **options: Any) -> int:
    file = write_file(tmp_path / "accounts.csv", columns.split(","), *(row.split(",") for row in rows))
    return import_accounts(file, year=2017, **options).new_rows


def known() -> dict[tuple[str, str, str], int]:
    return {(row.chapter, row.post, row.sector): row.amount_ore // 100 for row in outside_accounts(2017)}


def test_a_longer_file_may_be_imported_over_a_shorter_one(tmp_path: Path) -> None:
    assert take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,100") == 1

    assert take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,100", "3495,01,7") == 1

    assert known() == {("0495", "01", ""): 100, ("3495", "01", ""): 7}


def test_a_contradiction_is_refused_and_with_a_reason_it_supersedes(tmp_path: Path) -> None:
    take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,100")

    with pytest.raises(Refused, match=r'line 2, column belop_kroner: "90" - expected 100.*--correct REASON'):
        take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,90")
    with pytest.raises(Refused, match="--correct REASON"):
        take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,90", correct="  ")
    take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,90", correct="Feil i kontantrapporten")

    assert known() == {("0495", "01", ""): 90}
    assert OutsideAccount.objects.count() == 2  # the first stays on record
    assert OutsideAccount.objects.latest("pk").reason == "Feil i kontantrapporten"


def test_another_keyword_is_a_contradiction_too(tmp_path: Path) -> None:
    take_in(tmp_path, "kapittel,post,belop_kroner,stikkord", "0540,25,700000,kan overføres")

    with pytest.raises(Refused, match="column stikkord"):
        take_in(tmp_path, "kapittel,post,belop_kroner,stikkord", "0540,25,700000,overslagsbevilgning")


def test_an_empty_cell_says_nothing_and_a_name_may_come_later(tmp_path: Path) -> None:
    take_in(tmp_path, "kapittel,post,belop_kroner", "0540,25,700000")
    take_in(tmp_path, "kapittel,post,belop_kroner,kapittelnavn,stikkord", "0540,25,700000,Difi,kan overføres")

    assert take_in(tmp_path, "kapittel,post,belop_kroner", "0540,25,700000") == 0

    [row] = outside_accounts(2017)
    assert (row.chapter_name, row.keyword) == ("Difi", "kan overføres")


def test_a_post_divided_by_sector_does_not_count_beside_its_undivided_sum(tmp_path: Path) -> None:
    take_in(tmp_path, "kapittel,post,belop_kroner", "0496,60,100")
    divided = ("kapittel,post,belop_kroner,sektor", "0496,60,80,kommune", "0496,60,20,fylkeskommuner")

    with pytest.raises(Refused, match="divided as already known"):
        take_in(tmp_path, *divided)
    take_in(tmp_path, *divided, correct="Fordelt på mottakere")

    assert known() == {("0496", "60", ""): 0, ("0496", "60", "kommune"): 80, ("0496", "60", "fylkeskommune"): 20}
    assert take_in(tmp_path, *divided) == 0


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("0495,01,1e400,", "whole kroner"),
        ("0495,01,NaN,", "whole kroner"),
        ("0495,01,1.000,", "whole kroner"),
        ("0495,01,1.50,", "whole kroner"),
        ("495,01,1,", "a chapter of four digits"),
        ("0495,1,1,", "a post of two digits"),
        ("0495,60,1,kommunene", "one of foretak, fylkeskommune, ideell, kommune, stat"),
    ],
)
def test_a_wrong_cell_refuses_the_file(tmp_path: Path, row: str, expected: str) -> None:
    with pytest.raises(Refused, match=expected):
        take_in(tmp_path, "kapittel,post,belop_kroner,sektor", "0496,21,5,", row)

    assert not OutsideAccount.objects.exists()


def test_the_same_post_sector_and_account_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="line 3, column post"):
        take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,1", "0495,01,1")


def test_a_correction_is_not_known_before_what_it_corrects(tmp_path: Path) -> None:
    take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,1", known_on=date(2018, 2, 1))

    with pytest.raises(Refused, match="2018-02-01"):
        take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,2", known_on=date(2018, 1, 1), correct="x")


def test_what_was_known_on_a_day_can_be_asked(tmp_path: Path) -> None:
    take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,1", known_on=date(2018, 1, 1))
    take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,2", known_on=date(2018, 2, 1), correct="Rettet")

    assert [row.amount_ore for row in outside_accounts(2017, known_on=date(2018, 1, 31))] == [100]


def test_a_closed_year_takes_no_new_accounts(tmp_path: Path) -> None:
    take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,1")
    ClosedYear.objects.create(year=2017, closed_by=finance())

    assert take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,1") == 0
    with pytest.raises(Refused, match="books of 2017 are closed"):
        take_in(tmp_path, "kapittel,post,belop_kroner", "0495,01,2", correct="For sent")
