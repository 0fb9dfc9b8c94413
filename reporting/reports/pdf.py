"""The year-end report as one PDF that a director signs: cover, statement, notes, method. Bokmål."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from grants.documents.render import render_pdf
from grants.shared.money import from_kroner, kr
from reporting.models import YearEndReport
from reporting.reports.notes import Note
from reporting.reports.published import Comparison
from reporting.reports.tables import Cell, Table

FOLDER = "reports/year_end"
NOT_KNOWN = "–"
PrintRow = Callable[[tuple[Cell, ...]], tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Column:
    """A printed column: its heading, its share of the width, and whether it holds numbers."""

    label: str
    width: int
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a common heading, as the posts of a chapter."""

    heading: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A table as it is printed, with a line on what it shows."""

    anchor: str
    title: str
    lead: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    sums: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def label_columns(self) -> int:
        """The label of the sums stretches over the columns that hold text."""
        return sum(not column.is_number for column in self.columns)

    @property
    def printed(self) -> list[tuple[str, list[list[tuple[str, bool]]]]]:
        """Groups of rows of cells; a cell knows whether it is a number, which stands to the right."""
        numeric = [column.is_number for column in self.columns]
        return [(g.heading, [list(zip(row, numeric, strict=True)) for row in g.rows]) for g in self.groups]


def report_pdf(
    report: YearEndReport,
    year_is_closed: bool,
    tables: dict[str, Table],
    notes: Sequence[Note],
    comparison: Comparison | None,
) -> bytes:
    """The frozen version as PDF. The same version gives the same bytes on any day."""
    made_on = timezone.localdate(report.made_at)
    page = {
        "report": report,
        "year": report.year,
        "made_on": made_on,
        "year_is_closed": year_is_closed,
        "key_figures": _key_figures(tables),
        "sections": _sections(report.year, tables),
        "notes": notes,
        "comparison": _comparison(comparison) if comparison else None,
    }
    stylesheet = (settings.BASE_DIR / "templates" / FOLDER / "report.css").read_text(encoding="utf-8")
    return render_pdf(render_to_string(f"{FOLDER}/report.html", page), stylesheet=stylesheet)


def _key_figures(tables: dict[str, Table]) -> list[tuple[str, str]]:
    expenses, income = tables["bevilgningsrapportering"], tables["inntekter"]
    return [
        ("Samlet tildeling", _kroner(expenses.sum_of("samlet_tildeling"))),
        ("Sum utgiftsført", _kroner(expenses.sum_of("regnskap"))),
        ("Sum inntektsført", _kroner(income.sum_of("regnskap"))),
        ("Netto rapportert til bevilgningsregnskapet", _kroner(_net(tables))),
        ("Mulig overførbart til neste år", _kroner(tables["note_b"].sum_of("mulig_overforbart"))),
    ]


def _net(tables: dict[str, Table]) -> int:
    return tables["bevilgningsrapportering"].sum_of("regnskap") - tables["inntekter"].sum_of("regnskap")


def _sections(year: int, tables: dict[str, Table]) -> list[Section]:
    return [
        Section(
            "utgifter", "Bevilgningsrapportering – utgifter",
            "Hva Stortinget har bevilget på hvert kapittel og hver post, hva som er utgiftsført, og differansen.",
            (Column("Post", 7), Column("Posttekst", 39), Column("Samlet tildeling", 18, True),
             Column("Regnskap", 18, True), Column("Mer-/mindreutgift", 18, True)),
            _by_chapter(tables["bevilgningsrapportering"], lambda r: (r[1], _with_keyword(r[3], r[7]), *_numbers(r[4:7]))),
            _sum_line(tables["bevilgningsrapportering"], "Sum utgiftsført", (4, 5, 6)),
        ),
        Section(
            "inntekter", "Bevilgningsrapportering – inntekter",
            "Inntekter rapportert til bevilgningsregnskapet. Mer- eller mindreinntekt vises for inntekter som "
            "direktoratet svarer for.",
            (Column("Post", 7), Column("Posttekst", 39), Column("Samlet tildeling", 18, True),
             Column("Regnskap", 18, True), Column("Mer-/mindreinntekt", 18, True)),
            _by_chapter(tables["inntekter"], lambda r: (r[1], r[3], *_numbers(r[4:7]))),
            _sum_line(tables["inntekter"], "Sum inntektsført", (4, 5, 6)),
            (f"Netto rapportert til bevilgningsregnskapet: {_kroner(_net(tables))} kroner.",),
        ),
        Section(
            "note-a", "Note A. Forklaring av samlet tildeling",
            "Samlet tildeling er det som er overført fra i fjor og årets tildelinger.",
            (Column("Kapittel", 14), Column("Post", 10), Column("Overført fra i fjor", 25, True),
             Column("Årets tildelinger", 25, True), Column("Samlet tildeling", 26, True)),
            _plain(tables["note_a"], lambda r: (r[0], r[1], *_numbers(r[2:5]))),
            _sum_line(tables["note_a"], "Sum", (2, 3, 4)),
        ),
        Section(
            "note-b", "Note B. Mulig overførbart beløp til neste år",
            "Grunnlag og grense etter bevilgningsreglementet § 5 og rundskriv R-2.",
            (Column("Kap./post", 11), Column("Stikkord", 19), Column("Mer-/mindre­utgift", 15, True),
             Column("Mer­inntekter", 13, True), Column("Sum grunnlag", 14, True), Column("Maks. overførbart", 14, True),
             Column("Mulig overførbart", 14, True)),
            _plain(tables["note_b"], lambda r: (f"{r[0]}/{r[1]}", r[2] or "", *_numbers(r[3:8]))),
            _sum_line(tables["note_b"], "Sum", (3, 4, 5, 6, 7)),
        ),
        Section(
            "note-7", "Note 7. Tilskuddsforvaltning og andre overføringer fra staten",
            "Utbetalt tilskudd på post 60–85 etter mottakergruppe.",
            (Column("Mottakergruppe", 56), Column(str(year), 22, True), Column(str(year - 1), 22, True)),
            _plain(tables["note_7"], lambda r: (r[0], *_numbers(r[1:3]))),
            _sum_line(tables["note_7"], "Sum", (1, 2)),
        ),
        Section(
            "soknadsbaserte", "Søknadsbaserte tilskuddsordninger",
            "Søknader og innvilget beløp per ordning. Strek betyr at tallet ikke er kjent i systemet.",
            (Column("Kap./post", 11), Column("Tilskuddsordning", 37), Column("Søknader", 11, True),
             Column("Innvilgede", 11, True), Column("Omsøkt beløp", 15, True), Column("Innvilget beløp", 15, True)),
            _plain(tables["soknadsbaserte"], lambda r: (f"{r[0]}/{r[1]}", r[2], *_numbers(r[3:7]))),
            _sum_line(tables["soknadsbaserte"], "Sum", (3, 4, 5, 6)),
        ),
        Section(
            "oremerkede", "Øremerkede tilskudd",
            "Tilskudd der mottakerne er navngitt i budsjettet.",
            (Column("Kap./post", 11), Column("Tilskuddsordning", 51), Column("Organisasjoner", 17, True),
             Column("Totalbeløp", 21, True)),
            _plain(tables["oremerkede"], lambda r: (f"{r[0]}/{r[1]}", r[2], *_numbers(r[3:5]))),
            _sum_line(tables["oremerkede"], "Sum", (3, 4)),
        ),
    ]  # fmt: skip


def _comparison(comparison: Comparison) -> Section:
    """Our own figures beside the published ones, as an annex."""
    lines = [
        (line.what, *(_kroner(n) for n in (line.own_kroner, line.published_kroner, line.difference_kroner)))
        for line in comparison.lines
    ]
    return Section(
        "sammenligning", "Vedlegg. Egne tall ved siden av publiserte",
        f"De publiserte tallene er hentet fra {comparison.source} og er bare til sammenligning. De inngår ikke i noen "
        "beregning.",
        (Column("Størrelse", 46), Column("Denne rapporten", 18, True), Column("Publisert", 18, True),
         Column("Differanse", 18, True)),
        (Group("", tuple(lines)),),
        remarks=comparison.remarks,
    )  # fmt: skip


def _by_chapter(table: Table, printed: PrintRow) -> tuple[Group, ...]:
    groups: dict[str, list[tuple[str, ...]]] = {}
    for row in table.rows:
        groups.setdefault(f"{row[0]} {row[2]}".strip(), []).append(_texts(printed(row)))
    return tuple(Group(heading, tuple(rows)) for heading, rows in groups.items())


def _plain(table: Table, printed: PrintRow) -> tuple[Group, ...]:
    return (Group("", tuple(_texts(printed(row)) for row in table.rows)),)


def _sum_line(table: Table, label: str, indexes: tuple[int, ...]) -> tuple[str, ...]:
    """The label, then the sums of the number columns; a column that can't be added up is empty."""
    sums = (table.sums[index] for index in indexes)
    return (label, *("" if total is None else _kroner(total) for total in sums))


def _numbers(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(_kroner(cell) if isinstance(cell, int) else (cell or NOT_KNOWN) for cell in cells)


def _texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(str(cell or "") for cell in cells)


def _with_keyword(text: Cell, keyword: Cell) -> str:
    return f"{text}, {keyword}" if keyword else str(text)


def _kroner(amount: int) -> str:
    return kr(from_kroner(amount))
