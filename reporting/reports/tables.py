"""The seven tables of the year-end report: their names, titles and columns, in the order in which they are printed."""

from collections.abc import Iterable
from dataclasses import dataclass

Cell = int | str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is written to every format. Numbers are numbers; chapter and post are text with leading zeros."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[int | None, ...]

    def as_dicts(self) -> list[dict[str, Cell]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def sum_of(self, column: str) -> int:
        """The sum of a column that may be added up; nothing known is zero."""
        return self.sums[self.columns.index(column)] or 0


COLUMNS: dict[str, tuple[str, ...]] = {
    "bevilgningsrapportering": (
        "kapittel", "post", "kapittelnavn", "posttekst", "samlet_tildeling", "regnskap", "mer_mindreutgift", "stikkord",
    ),
    "inntekter": (
        "kapittel", "post", "kapittelnavn", "posttekst", "samlet_tildeling", "regnskap", "mer_mindreinntekt",
    ),
    "note_a": ("kapittel", "post", "overfort_fra_i_fjor", "arets_tildelinger", "samlet_tildeling"),
    "note_b": (
        "kapittel", "post", "stikkord", "mer_mindreutgift", "merinntekter", "sum_grunnlag", "maks_overforbart",
        "mulig_overforbart",
    ),
    "note_7": ("mottakergruppe", "belop_{year}", "belop_{last_year}"),
    "soknadsbaserte": (
        "kapittel", "post", "ordning", "antall_soknader", "antall_innvilgede", "omsokt_kroner", "innvilget_kroner",
    ),
    "oremerkede": ("kapittel", "post", "ordning", "antall_organisasjoner", "totalbelop_kroner"),
}  # fmt: skip
TITLES = {
    "bevilgningsrapportering": "Oppstilling av bevilgningsrapportering – utgifter",
    "inntekter": "Oppstilling av bevilgningsrapportering – inntekter",
    "note_a": "Note A. Forklaring av samlet tildeling",
    "note_b": "Note B. Beregning av mulig overførbart beløp til neste år",
    "note_7": "Note 7. Tilskuddsforvaltning og andre overføringer fra staten",
    "soknadsbaserte": "Søknadsbaserte tilskuddsordninger",
    "oremerkede": "Øremerkede tilskudd",
}
ADDED_UP = frozenset({
    "samlet_tildeling", "regnskap", "overfort_fra_i_fjor", "arets_tildelinger", "mulig_overforbart",
    "omsokt_kroner", "innvilget_kroner", "totalbelop_kroner",
})  # fmt: skip


def table(name: str, year: int, rows: Iterable[tuple[Cell, ...]]) -> Table:
    """A table with the sums of the columns that may be added up."""
    columns = tuple(column.format(year=year, last_year=year - 1) for column in COLUMNS[name])
    listed = tuple(rows)
    return Table(name, TITLES[name], columns, listed, tuple(_sum(columns, listed, i) for i in range(len(columns))))


def _sum(columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], index: int) -> int | None:
    if columns[index] not in ADDED_UP and not columns[index].startswith("belop_"):
        return None
    numbers = [row[index] for row in rows if isinstance(row[index], int)]
    return sum(number for number in numbers if isinstance(number, int)) if numbers else None
