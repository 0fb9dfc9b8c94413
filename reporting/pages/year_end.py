"""The year-end tables on screen, and each as a file."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from grants.shared.money import from_kroner, kr
from reporting.exports.csv_writer import write_csv
from reporting.exports.xlsx_writer import Sheet, write_xlsx
from reporting.figures.years import is_closed, years
from reporting.reports.check import check
from reporting.reports.freeze import tables_of
from reporting.reports.gather import gather
from reporting.reports.notes import notes
from reporting.reports.tables import Cell, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = {
    "kapittel": _("Kapittel"),
    "post": _("Post"),
    "kapittelnavn": _("Kapittelnavn"),
    "posttekst": _("Posttekst"),
    "samlet_tildeling": _("Samlet tildeling"),
    "regnskap": _("Regnskap"),
    "mer_mindreutgift": _("Mindreutgift (−: merutgift)"),
    "mer_mindreinntekt": _("Merinntekt (−: mindreinntekt)"),
    "stikkord": _("Stikkord"),
    "overfort_fra_i_fjor": _("Overført fra i fjor"),
    "arets_tildelinger": _("Årets tildelinger"),
    "merinntekter": _("Merinntekter"),
    "sum_grunnlag": _("Sum grunnlag"),
    "maks_overforbart": _("Høyeste overførbare beløp"),
    "mulig_overforbart": _("Mulig overførbart beløp"),
    "mottakergruppe": _("Mottakergruppe"),
    "ordning": _("Ordning"),
    "antall_soknader": _("Søknader"),
    "antall_innvilgede": _("Innvilget"),
    "omsokt_kroner": _("Omsøkt"),
    "innvilget_kroner": _("Innvilget beløp"),
    "antall_organisasjoner": _("Organisasjoner"),
    "totalbelop_kroner": _("Totalbeløp"),
}
# The chapter's name is the same on row after row; on screen the post's own text says enough.
LEFT_OUT = frozenset({"kapittelnavn"})


@require_safe
def year_ends(request: HttpRequest) -> HttpResponse:
    """The newest year there is."""
    return redirect("year_end", year=years()[0])


@require_safe
def year_end(request: HttpRequest, year: int) -> HttpResponse:
    """The seven tables as the directorate owes them to the ministry, with the notes on method."""
    if year not in years():
        raise Http404
    report = gather(year)
    check(report)
    found = {
        "year": year,
        "years": years(),
        "is_closed": is_closed(year),
        "tables": [_on_screen(table) for table in tables_of(report).values()],
        "notes": notes(report),
    }
    return render(request, "reporting/year_end.html", found)


@require_safe
def year_end_file(request: HttpRequest, year: int, name: str, kind: str) -> HttpResponse:
    """One table as CSV or XLSX: the same figures as on screen."""
    if year not in years():
        raise Http404
    table = tables_of(gather(year)).get(name)
    if table is None or kind not in WRITERS:
        raise Http404
    content_type, write = WRITERS[kind]
    response = HttpResponse(content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}_{year}.{kind}"'
    write(response, table, year)
    return response


def _csv(response: HttpResponse, table: Table, year: int) -> None:
    write_csv(response, table.columns, table.rows)  # type: ignore[arg-type]


def _xlsx(response: HttpResponse, table: Table, year: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        sheet = Sheet(table.name, table.columns, table.rows)
        write_xlsx(path, [sheet], created=date(year, 12, 31), title=f"{table.title} {year}")
        response.write(path.read_bytes())


WRITERS = {"csv": ("text/csv; charset=utf-8", _csv), "xlsx": (XLSX, _xlsx)}


def _on_screen(table: Table) -> dict[str, Any]:
    """Columns with their headings, cells as text, and which are numbers."""
    kept = [index for index, column in enumerate(table.columns) if column not in LEFT_OUT]
    numeric = {i for i in kept if any(isinstance(row[i], int) for row in table.rows)}
    return {
        "name": table.name,
        "title": table.title,
        "columns": [{"text": _heading(table.columns[i]), "number": i in numeric} for i in kept],
        "rows": [[_cell(row[i], i in numeric, _heading(table.columns[i])) for i in kept] for row in table.rows],
        "sums": [_cell(table.sums[i], i in numeric, _heading(table.columns[i])) for i in kept]
        if any(table.sums)
        else [],
    }


def _heading(column: str) -> str:
    return column.removeprefix("belop_") if column.startswith("belop_") else str(HEADINGS.get(column, column))


def _cell(value: Cell, is_number: bool, label: str) -> dict[str, Any]:
    text = kr(from_kroner(value)) if isinstance(value, int) else value or ""
    return {"text": text, "number": is_number, "label": label}
