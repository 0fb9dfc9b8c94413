"""The published statement of 2017 comes out by calculation, byte for byte."""

from pathlib import Path

import pytest

from reporting.reports.freeze import tables_of
from reporting.reports.gather import gather
from reporting.services.year_end import make_year_end, write_year_end
from tests.factories.books import GOLDEN, import_2017

pytestmark = pytest.mark.django_db


def test_the_tables_of_2017_come_out_byte_for_byte(tmp_path: Path) -> None:
    import_2017(tmp_path)

    write_year_end(make_year_end(2017), tmp_path / "out")

    for name in ("bevilgningsrapportering", "inntekter", "note_a", "note_b"):
        assert (tmp_path / "out" / f"{name}.csv").read_bytes() == (GOLDEN / f"{name}_2017.csv").read_bytes(), name


def test_the_other_tables_have_the_columns_of_2017(tmp_path: Path) -> None:
    import_2017(tmp_path)

    tables = tables_of(gather(2017))

    for name in ("note_7", "soknadsbaserte", "oremerkede"):
        header = (GOLDEN / f"{name}_2017.csv").read_text(encoding="utf-8").splitlines()[0]
        assert ",".join(tables[name].columns) == header


def test_the_published_total_is_one_krone_below_the_sum_of_its_lines_and_this_is_said(tmp_path: Path) -> None:
    import_2017(tmp_path)

    result = make_year_end(2017)

    assert result.tables["bevilgningsrapportering"].sum_of("regnskap") == 18_330_028_507
    assert result.comparison is not None
    beside = {line.what: line for line in result.comparison.lines}
    assert beside["Sum utgiftsført"].published_kroner == 18_330_028_506
    assert beside["Sum utgiftsført"].difference_kroner == 1
    assert beside["Mulig overførbart beløp"].difference_kroner == 0
    [remark] = result.comparison.remarks
    assert "1 krone lavere enn summen av de publiserte linjene" in remark


def test_the_published_figures_are_never_used_in_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_2017(tmp_path)
    before = tables_of(gather(2017))
    monkeypatch.setattr("reporting.reports.published.FOLDER", tmp_path / "nothing_here")

    assert tables_of(gather(2017)) == before
