"""Exports: numbers are numbers, text is harmless, the same rows give the same bytes, nothing is left half written."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from grants.models import Account
from grants.shared.errors import Refused
from reporting.exports.csv_writer import harmless, write_csv
from reporting.exports.json_writer import write_json
from reporting.exports.ledger import export_ledger, ledger_rows
from reporting.exports.ledger_columns import COLUMNS, WIDTHS
from reporting.exports.whole_file import written_whole
from reporting.exports.xlsx_writer import Sheet, write_xlsx
from tests.factories.books import book, make_organisation

ATTACKS = [
    "=cmd()|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1", " =1+1",
    "\N{NO-BREAK SPACE}=1", '=HYPERLINK("http://x","y")',
]  # fmt: skip
PLAIN = ["Halden kommune", "a=b", "", "Ås & Ål", "1-2", 'sitat "her", og komma', "http://eksempel.no"]


@pytest.mark.parametrize("text", ATTACKS)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("value", [*PLAIN, 0, -5, 12_100_617_020, None])
def test_everything_else_is_left_alone(value: object) -> None:
    assert harmless(value) == value


def test_csv_reads_back_as_it_was_written() -> None:
    out = io.StringIO(newline="")

    write_csv(out, ("tekst", "tall"), [(text, -7) for text in PLAIN])

    assert list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1:] == [[text, "-7"] for text in PLAIN]


def test_xlsx_holds_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    texts = [*ATTACKS, *PLAIN, "{=1}", "007"]

    write_xlsx(
        tmp_path / "t.xlsx", [Sheet("t", ("tekst", "tall"), [(text, -7) for text in texts])],
        created=date(2017, 12, 31), title="t",
    )  # fmt: skip

    page = openpyxl.load_workbook(tmp_path / "t.xlsx")["t"]
    cells = [page.cell(line, 1) for line in range(2, len(texts) + 2)]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert [(cell.value or "").replace("_x000D_", "\r") for cell in cells] == texts
    assert {page.cell(line, 2).value for line in range(2, len(texts) + 2)} == {-7}


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / name, [Sheet("t", ("x",), [(1,)])], created=date(2017, 12, 31), title="t")

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(("rows", "sheets"), [(0, 1), (3, 1), (4, 1), (5, 2), (8, 2), (9, 3)])
def test_a_full_sheet_goes_on_in_the_next_with_its_header(tmp_path: Path, rows: int, sheets: int) -> None:
    write_xlsx(
        tmp_path / "t.xlsx", [Sheet("bok", ("x",), ((n,) for n in range(rows)))], created=date(2017, 12, 31), title="t",
        most_rows=5,
    )  # fmt: skip

    book_ = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert len(book_.sheetnames) == sheets
    values = [[row[0] for row in page.values] for page in book_]
    assert all(page[0] == "x" for page in values)
    assert [n for page in values for n in page[1:]] == list(range(rows))


def test_json_is_an_array_of_objects_that_streams() -> None:
    out = io.StringIO()

    write_json(out, ("a", "b"), iter([("=1", None), ("Ål", 2)]))

    assert json.loads(out.getvalue()) == [{"a": "=1", "b": None}, {"a": "Ål", "b": 2}]
    empty = io.StringIO()
    write_json(empty, ("a",), [])
    assert json.loads(empty.getvalue()) == []


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "file.csv"
    target.write_text("before")

    with pytest.raises(RuntimeError), written_whole(target) as part:
        part.write_text("half")
        raise RuntimeError

    assert [path.name for path in tmp_path.iterdir()] == ["file.csv"]
    assert target.read_text() == "before"
    with pytest.raises(Refused, match="can't be written"), written_whole(target / "below_a_file"):
        pass


@pytest.fixture
def three_lines(db: None) -> Iterator[None]:
    """A ledger of three lines, one to an organisation with a hostile name, and one of another year."""
    halden, hostile = make_organisation(), make_organisation('=cmd("x"), A/S', "ngo", orgnr=None)
    book(Account.APPROPRIATION, Account.OWED, 12_345, halden, key="first")
    book(Account.APPROPRIATION, Account.COMMITTED, 1, hostile, key="@second", post="71", account_class="")
    book(Account.OWED, Account.PAID, 12_345, halden, key="third")
    book(Account.APPROPRIATION, Account.OWED, 7, halden, key="later", value_date=date(2018, 1, 1))
    yield


@pytest.mark.usefixtures("three_lines")
def test_the_ledger_tells_the_same_in_every_format(tmp_path: Path) -> None:
    for kind in ("csv", "xlsx", "json"):
        assert export_ledger(2017, file_format=kind, out=tmp_path / f"ledger.{kind}") == 3

    objects = json.loads((tmp_path / "ledger.json").read_text(encoding="utf-8"))
    assert [line["key"] for line in objects] == ["first", "@second", "third"]
    assert tuple(objects[0]) == COLUMNS
    assert len(WIDTHS) == len(COLUMNS)
    assert objects[0]["amount_ore"] == 12_345 and objects[0]["value_date"] == "2017-06-15"
    assert objects[0]["by"] == "fredrik" and objects[0]["recorded_at"].endswith("Z")
    assert objects[1]["recipient_name"] == '=cmd("x"), A/S'
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["key"] for line in lines] == ["first", "'@second", "third"]
    assert lines[1]["recipient_name"] == '\'=cmd("x"), A/S'
    for line, told in zip(lines, objects, strict=True):
        plain = {name: "" if value is None else str(harmless(value)) for name, value in told.items()}
        assert line == plain
    page = openpyxl.load_workbook(tmp_path / "ledger.xlsx")["Hovedbok 2017"]
    cells = [dict(zip(COLUMNS, row, strict=True)) for row in page.iter_rows(min_row=2, values_only=True)]
    assert [{k: v for k, v in line.items() if v not in (None, "")} for line in objects] == [
        {k: v for k, v in row.items() if v is not None} for row in cells
    ]


@pytest.mark.usefixtures("three_lines")
def test_the_csv_of_both_databases_has_the_same_bytes(tmp_path: Path) -> None:
    """PostgreSQL writes with COPY; the rows written in Python must be the very same."""
    for name in (*ATTACKS, *PLAIN):
        if name:
            book(Account.APPROPRIATION, Account.OWED, 5, make_organisation(name, "ngo"))

    export_ledger(2017, file_format="csv", out=tmp_path / "ledger.csv")

    in_python = io.StringIO(newline="")
    write_csv(in_python, COLUMNS, ledger_rows(2017))
    assert (tmp_path / "ledger.csv").read_bytes().decode() == in_python.getvalue()


@pytest.mark.usefixtures("three_lines")
def test_the_command_writes_the_file_and_says_how_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_ledger", 2017, format="csv", out=tmp_path / "new" / "ledger.csv")

    assert "3 ledger lines of 2017" in capsys.readouterr().out
    with pytest.raises(CommandError, match="can't be a budget year"):
        call_command("export_ledger", 3, format="csv", out=tmp_path / "x.csv")


@pytest.mark.usefixtures("three_lines")
def test_sqlite_reads_the_ledger_in_its_own_order_without_sorting() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL sorts on disk when it must")
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN SELECT key FROM grants_ledgerentry WHERE +budget_year = 2017 ORDER BY id")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "TEMP B-TREE" not in plan
