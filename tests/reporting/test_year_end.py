"""The year-end report: frozen with its figures, written whole, and as a PDF that a director would sign."""

import csv
import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pypdf
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from grants.services.close_year import close_year
from grants.services.import_appropriations import import_appropriations
from reporting.models import YearEndReport
from reporting.reports.freeze import sha256_of, thawed
from reporting.services.year_end import make_year_end, write_year_end
from tests.factories.books import (
    APPROPRIATION_COLUMNS,
    appropriation_row,
    import_2017,
    make_organisation,
    pay,
    write_file,
)
from tests.factories.register import finance

pytestmark = pytest.mark.django_db
TABLES_OF_2017 = "84d45252b66582605cf2a1c0f5e45c34999d20b4bcaf9d2845950dad78878b18"
NAMES = ("bevilgningsrapportering", "inntekter", "note_a", "note_b", "note_7", "soknadsbaserte", "oremerkede")


def test_the_command_writes_every_table_in_three_formats_and_one_pdf(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_2017(tmp_path)

    call_command("year_end", 2017, out=tmp_path / "out", json=True)

    told = capsys.readouterr()
    document = json.loads(told.out)
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {f"{name}.{kind}" for name in NAMES for kind in ("csv", "xlsx", "json")} | {"arsrapport_2017.pdf"}
    assert set(document["files"]) == written
    assert "version 1" in told.err
    for name in NAMES:
        as_json = json.loads((tmp_path / "out" / f"{name}.json").read_text(encoding="utf-8"))
        assert as_json == document["tables"][name]
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            as_csv = list(csv.DictReader(file))
        assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in as_json] == as_csv
        page = openpyxl.load_workbook(tmp_path / "out" / f"{name}.xlsx")[name]
        as_xlsx = [list(row) for row in page.iter_rows(min_row=2, values_only=True)]
        assert as_xlsx == [[value if value != "" else None for value in row.values()] for row in as_json]
    assert document["sums"]["bevilgningsrapportering"]["regnskap"] == 18_330_028_507
    assert {line["what"]: line["difference_kroner"] for line in document["published"]["lines"]}["Sum utgiftsført"] == 1


def test_the_same_figures_make_no_new_version_and_the_same_bytes(tmp_path: Path) -> None:
    import_2017(tmp_path)

    files = [write_year_end(make_year_end(2017), tmp_path / name) for name in ("a", "b")]

    assert YearEndReport.objects.count() == 1
    for name in files[0]:
        assert Path(files[0][name]).read_bytes() == Path(files[1][name]).read_bytes(), name


def test_changed_figures_are_a_new_version_and_the_first_stays(tmp_path: Path) -> None:
    import_2017(tmp_path)
    first = make_year_end(2017).report
    pay(1_000_00, make_organisation())

    second = make_year_end(2017)

    assert (second.report.version, second.is_new) == (2, True)
    before = thawed(YearEndReport.objects.get(pk=first.pk))[0]["bevilgningsrapportering"].sum_of("regnskap")
    assert second.tables["bevilgningsrapportering"].sum_of("regnskap") - before == 1_000


@pytest.mark.parametrize(
    "sql", ["UPDATE reporting_yearendreport SET version = 9", "DELETE FROM reporting_yearendreport"]
)
def test_a_frozen_report_is_never_changed(tmp_path: Path, sql: str) -> None:
    import_2017(tmp_path)
    make_year_end(2017)

    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_hash_is_of_the_figures_and_a_report_that_does_not_fit_its_hash_is_not_read(tmp_path: Path) -> None:
    import_2017(tmp_path)
    report = make_year_end(2017).report
    report.refresh_from_db()
    assert report.sha256 == sha256_of(report.figures)

    report.figures["tables"]["note_a"][0][2] += 1

    with pytest.raises(ValueError, match="hash does not fit"):
        thawed(report)


def test_the_figures_are_the_same_on_both_databases(tmp_path: Path) -> None:
    """The hash is written down here, so that SQLite and PostgreSQL must both come to it."""
    import_2017(tmp_path)

    figures = make_year_end(2017).report.figures

    tables = json.dumps(figures["tables"], ensure_ascii=False, sort_keys=True)
    assert hashlib.sha256(tables.encode()).hexdigest() == TABLES_OF_2017


def test_a_year_of_which_nothing_is_known_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing is known of 2031"):
        call_command("year_end", 2031, out=tmp_path / "out")

    assert not (tmp_path / "out").exists()
    assert not YearEndReport.objects.exists()


def test_a_year_without_published_figures_is_set_beside_nothing(tmp_path: Path) -> None:
    pay(1_00, make_organisation(), value_date=date(2018, 6, 15))

    result = make_year_end(2018)

    assert result.comparison is None
    assert result.tables["note_7"].columns[1:] == ("belop_2018", "belop_2017")


@pytest.fixture
def pdf(tmp_path: Path) -> pypdf.PdfReader:
    import_2017(tmp_path)
    close_year(2017, by=finance())
    files = write_year_end(make_year_end(2017), tmp_path / "out")
    return pypdf.PdfReader(files["arsrapport_2017.pdf"])


def test_the_pdf_is_tagged_titled_and_norwegian(pdf: pypdf.PdfReader) -> None:
    catalog = pdf.trailer["/Root"]

    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "nb"
    assert pdf.metadata is not None and pdf.metadata.title == "Årsoppgjør for tilskudd 2017"
    assert b"pdfuaid" in catalog["/Metadata"].get_data()


def test_the_pdf_has_cover_tables_notes_page_numbers_and_a_place_to_sign(pdf: pypdf.PdfReader) -> None:
    pages = [" ".join((page.extract_text() or "").replace("\xa0", " ").split()) for page in pdf.pages]
    text = " ".join(pages)

    assert "Regnskapsåret er lukket" in pages[0] and "SHA-256" in pages[0]
    assert "Direktør" in pages[1] and "Sted og dato" in pages[1]
    for expected in (
        "12 100 617 020", "18 330 028 507", "kontantprinsippet", "R-115", "R-2", "overslagsbevilgning", "ikke aktuell",
        "1 krone lavere enn summen av de publiserte linjene", "avrundet til nærmeste krone",
    ):  # fmt: skip
        assert expected in text, expected
    for number, page in enumerate(pages[1:], start=2):
        assert f"Side {number} av {len(pages)}" in page


def test_hostile_text_in_a_name_fetches_nothing_and_stays_text(tmp_path: Path) -> None:
    pay(1_00, make_organisation(), post="70")
    evil = '<img src="http://127.0.0.1:9/x"><link rel=attachment href="file:///etc/passwd">'
    file = write_file(tmp_path / "b.csv", APPROPRIATION_COLUMNS, appropriation_row(posttekst=evil))
    import_appropriations(file, year=2017)

    files = write_year_end(make_year_end(2017), tmp_path / "out")

    reader = pypdf.PdfReader(files["arsrapport_2017.pdf"])
    assert not reader.attachments
    assert "http://127.0.0.1:9/x" in "".join(page.extract_text() for page in reader.pages).replace("\n", "")


def test_importing_the_report_does_not_import_weasyprint() -> None:
    code = (
        "import django, sys; django.setup(); import reporting.services.year_end; sys.exit('weasyprint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, timeout=60)
    assert done.returncode == 0
