"""The year-end tables on screen, and each as a file."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from grants.shared.money import from_kroner, kr
from reporting.exports.csv_writer import write_csv
from reporting.exports.xlsx_writer import Sheet, write_xlsx
from reporting.figures.years import is_closed, versions, years
from reporting.reports.check import check
from reporting.reports.freeze import tables_of, thawed
from reporting.reports.gather import gather
from reporting.reports.notes import notes
from reporting.reports.pdf import report_pdf
from reporting.reports.published import compare
from reporting.reports.tables import Cell, Table
from reporting.services.year_end import make_year_end

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = {
    "kapittel": gettext_lazy("Kapittel"),
    "post": gettext_lazy("Post"),
    "kapittelnavn": gettext_lazy("Kapittelnavn"),
    "posttekst": gettext_lazy("Posttekst"),
    "samlet_tildeling": gettext_lazy("Samlet tildeling"),
    "regnskap": gettext_lazy("Regnskap"),
    "mer_mindreutgift": gettext_lazy("Mindreutgift (−: merutgift)"),
    "mer_mindreinntekt": gettext_lazy("Merinntekt (−: mindreinntekt)"),
    "stikkord": gettext_lazy("Stikkord"),
    "overfort_fra_i_fjor": gettext_lazy("Overført fra i fjor"),
    "arets_tildelinger": gettext_lazy("Årets tildelinger"),
    "merinntekter": gettext_lazy("Merinntekter"),
    "sum_grunnlag": gettext_lazy("Sum grunnlag"),
    "maks_overforbart": gettext_lazy("Høyeste overførbare beløp"),
    "mulig_overforbart": gettext_lazy("Mulig overførbart beløp"),
    "mottakergruppe": gettext_lazy("Mottakergruppe"),
    "ordning": gettext_lazy("Ordning"),
    "antall_soknader": gettext_lazy("Søknader"),
    "antall_innvilgede": gettext_lazy("Innvilget"),
    "omsokt_kroner": gettext_lazy("Omsøkt"),
    "innvilget_kroner": gettext_lazy("Innvilget beløp"),
    "antall_organisasjoner": gettext_lazy("Organisasjoner"),
    "totalbelop_kroner": gettext_lazy("Totalbeløp"),
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
        "versions": versions(year),
        "tables": [_on_screen(table) for table in tables_of(report).values()],
        "notes": notes(report),
    }
    return render(request, "reporting/year_end.html", found)


@require_POST
def year_end_make(request: HttpRequest, year: int) -> HttpResponse:
    """Freeze the figures as a version. The same figures as last time are the same version."""
    if year not in years():
        raise Http404
    made = make_year_end(year)
    if made.is_new:
        messages.success(request, _("Versjon %(version)s av rapporten er laget.") % {"version": made.report.version})
    else:
        messages.success(
            request, _("Tallene er de samme som i versjon %(version)s.") % {"version": made.report.version}
        )
    return redirect("year_end", year=year)


@require_safe
def year_end_pdf(request: HttpRequest, year: int, version: int) -> HttpResponse:
    """A frozen version as one PDF."""
    report = next((one for one in versions(year) if one.version == version), None)
    if report is None:
        raise Http404
    tables, of_method = thawed(report)
    pdf = report_pdf(report, is_closed(year), tables, of_method, compare(year, tables))
    name = f"arsrapport_{year}_versjon_{version}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


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
