"""Appropriations: refused whole when anything is wrong, and every later file is a decision of its own."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from grants.budget.appropriations import decisions, in_force
from grants.models import AppropriationDecision, BudgetPost, ClosedYear, ImportedFile
from grants.services.import_appropriations import import_appropriations
from grants.shared.errors import Refused
from tests.factories.books import APPROPRIATION_COLUMNS, appropriation_row, write_file
from tests.factories.register import finance

pytestmark = pytest.mark.django_db
POST = ("0496", "60")


def budget(tmp_path: Path, *rows: list[str], columns: tuple[str, ...] = APPROPRIATION_COLUMNS) -> Path:
    return write_file(tmp_path / "budget.csv", columns, *(rows or [appropriation_row()]))


def test_a_later_file_is_a_new_decision_and_the_earlier_one_stays_visible(tmp_path: Path) -> None:
    import_appropriations(budget(tmp_path), year=2017, decided_on=date(2016, 12, 17))
    revised = budget(tmp_path, appropriation_row(arets_tildelinger="900000"))

    import_appropriations(revised, year=2017, decided_on=date(2017, 12, 15))

    assert [d.allotted_ore for d in decisions(2017)[POST]] == [1_000_000_00, 900_000_00]
    assert in_force(2017)[POST].total_ore == 900_000_00
    assert in_force(2017, on=date(2017, 12, 14))[POST].total_ore == 1_000_000_00


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    import_appropriations(budget(tmp_path), year=2017, decided_on=date(2016, 12, 17))

    again = import_appropriations(budget(tmp_path), year=2017)

    assert again.new_rows == 0
    assert AppropriationDecision.objects.count() == ImportedFile.objects.count() == 1


def test_an_older_decision_may_be_told_late_and_the_newest_still_holds(tmp_path: Path) -> None:
    import_appropriations(budget(tmp_path), year=2017, decided_on=date(2017, 12, 15))

    import_appropriations(
        budget(tmp_path, appropriation_row(arets_tildelinger="5")), year=2017, decided_on=date(2016, 12, 17)
    )

    assert in_force(2017)[POST].total_ore == 1_000_000_00
    assert len(decisions(2017)[POST]) == 2


def test_a_revision_of_some_posts_leaves_the_order_of_the_budget(tmp_path: Path) -> None:
    first = [appropriation_row(post=post) for post in ("60", "61", "62")]
    import_appropriations(budget(tmp_path, *first), year=2017, decided_on=date(2016, 12, 17))

    import_appropriations(
        budget(tmp_path, appropriation_row(post="62", arets_tildelinger="7")), year=2017, decided_on=date(2017, 12, 15)
    )

    assert [post for _, post in decisions(2017)] == ["60", "61", "62"]


def test_last_years_appropriation_may_be_given_or_left_open(tmp_path: Path) -> None:
    columns = (*APPROPRIATION_COLUMNS, "fjorarets_bevilgning")
    rows = [[*appropriation_row(), "800000"], [*appropriation_row(post="21"), ""]]

    import_appropriations(budget(tmp_path, *rows, columns=columns), year=2017)

    held = in_force(2017)
    assert held[POST].last_year_allotted_ore == 800_000_00
    assert held["0496", "21"].last_year_allotted_ore is None


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("kapittel", "496", "a chapter of four digits"),
        ("kapittel", "０４９６", "a chapter of four digits"),
        ("post", "6", "a post of two digits"),
        ("post", "00", "a post of two digits"),
        ("kapittelnavn", "", "a name"),
        ("posttekst", " ", "a name"),
        ("posttekst", "x" * 201, "at most 200 characters"),
        ("posttekst", "to\nlinjer", "text without control characters"),
        ("stikkord", "kan overfores", "«kan overføres», «overslagsbevilgning» or nothing"),
        ("arets_tildelinger", "1e400", "whole kroner"),
        ("arets_tildelinger", "NaN", "whole kroner"),
        ("arets_tildelinger", "1.000,50", "whole kroner"),
        ("arets_tildelinger", "1 000", "whole kroner"),
        ("arets_tildelinger", "١٢٣", "whole kroner"),
        ("arets_tildelinger", "-1", "zero or more"),
        ("arets_tildelinger", "", "whole kroner"),
        ("arets_tildelinger", "99999999999999", "whole kroner"),
        ("overfort_fra_i_fjor", "Infinity", "whole kroner"),
    ],
)
def test_a_wrong_cell_is_named_with_file_line_column_and_value(
    tmp_path: Path, column: str, value: str, expected: str
) -> None:
    file = budget(tmp_path, appropriation_row(post="21"), appropriation_row(**{column: value}))

    with pytest.raises(Refused) as refused:
        import_appropriations(file, year=2017)

    message = str(refused.value)
    assert "budget.csv" in message and "line 3" in message and f"column {column}" in message
    assert expected in message
    assert not BudgetPost.objects.exists() and not ImportedFile.objects.exists()


def test_up_to_twenty_faults_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    rows = [appropriation_row(post=f"{number:02d}", arets_tildelinger="NaN") for number in range(1, 26)]

    with pytest.raises(Refused) as refused:
        import_appropriations(budget(tmp_path, *rows), year=2017)

    assert str(refused.value).count("column arets_tildelinger") == 20
    assert str(refused.value).endswith("and 5 more")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"kapittel,post\n0496,60\n", "missing column"),
        (",".join((*APPROPRIATION_COLUMNS, "belop")).encode() + b"\n", "unknown column belop"),
        (",".join((*APPROPRIATION_COLUMNS, "post")).encode() + b"\n", "column given twice"),
        (",".join(APPROPRIATION_COLUMNS).encode() + b"\n", "no rows"),
        (",".join(APPROPRIATION_COLUMNS).encode() + b"\n0496,60\n", "7 values, not 2"),
        (b"kapittel;post;kapittelnavn", "missing column"),
        (",".join(APPROPRIATION_COLUMNS).encode() + "\n0496,60,Bosetting,Før,,0,1\n".encode("latin-1"), "not UTF-8"),
        (",".join(APPROPRIATION_COLUMNS).encode() + b'\n0496,60,"Bosetting,x,,0,1\n', "not a readable CSV row"),
    ],
)
def test_a_file_that_is_no_such_file_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "budget.csv"
    file.write_bytes(content)

    with pytest.raises(Refused, match=expected):
        import_appropriations(file, year=2017)


def test_a_post_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"line 3, column post.*line 2 has it"):
        import_appropriations(budget(tmp_path, appropriation_row(), appropriation_row()), year=2017)


def test_a_missing_file_and_an_impossible_year_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_appropriations", str(tmp_path / "none.csv"), year=2017)
    with pytest.raises(CommandError, match="can't be a budget year"):
        call_command("import_appropriations", str(budget(tmp_path)), year=17)


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path, settings: object) -> None:
    settings.IMPORT_MAX_BYTES = 10  # type: ignore[attr-defined]

    with pytest.raises(Refused, match="are refused. Split it"):
        import_appropriations(budget(tmp_path), year=2017)


def test_a_closed_year_takes_no_new_decision_but_a_known_one_changes_nothing(tmp_path: Path) -> None:
    import_appropriations(budget(tmp_path), year=2017)
    ClosedYear.objects.create(year=2017, closed_by=finance())

    assert import_appropriations(budget(tmp_path), year=2017).new_rows == 0
    with pytest.raises(Refused, match="books of 2017 are closed"):
        import_appropriations(budget(tmp_path, appropriation_row(arets_tildelinger="1")), year=2017)
