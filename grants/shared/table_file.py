"""Read a CSV file strictly: refused whole, with up to twenty faults that name line, column, value and what was expected."""

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from grants.shared.errors import BadInput

MOST_FAULTS_SHOWN = 20
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the file and the line where it begins."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class TableFile:
    """A file that was read, and the faults found in it so far: all are counted, those that are shown are kept."""

    name: str
    sha256: str
    columns: tuple[str, ...] = ()
    rows: list[TableRow] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    number_of_faults: int = 0

    def fault(self, line: int, column: str, value: str, expected: str) -> None:
        """Note what is wrong in a cell; `refuse_if_wrong` then refuses the whole file."""
        self.number_of_faults += 1
        if len(self.faults) == MOST_FAULTS_SHOWN:
            return
        shown = value if len(value) <= LONGEST_SHOWN else value[:LONGEST_SHOWN] + "…"
        self.faults.append(f'line {line}, column {column}: "{_printable(shown)}" - expected {expected}')

    def cell[Read](self, row: TableRow, column: str, read: Callable[[str], Read], otherwise: Read) -> Read:
        """The value of a cell; a value that can't be read is a fault, and the stand-in lets the reading go on."""
        text = row.cells.get(column, "")
        try:
            return read(text)
        except BadInput as refusal:
            self.fault(row.line, column, text, str(refusal))
            return otherwise

    def refuse_if_wrong(self) -> None:
        """Refuse the file when anything is wrong with it; nothing has been written."""
        if not self.faults:
            return
        more = self.number_of_faults - len(self.faults)
        rest = [f"and {more} more"] if more else []
        raise BadInput(f"{self.name} is refused, nothing was imported: " + "; ".join([*self.faults, *rest]))


def read_table(path: Path, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> TableFile:
    """Read a whole file: UTF-8, comma, header row, the named columns in any order and no others."""
    content = _bytes_of(path)
    table = TableFile(path.name, hashlib.sha256(content).hexdigest())
    reader = csv.reader(io.StringIO(_text(path.name, content), newline=""), strict=True)
    try:
        header = next(reader, [])
        table.columns = tuple(header)
        _check_header(path.name, header, required, optional)
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) != len(header):
                table.fault(line, "(whole row)", ",".join(cells), f"{len(header)} values, not {len(cells)}")
            else:
                _take(table, line, dict(zip(header, cells, strict=True)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(f"{path.name}, line {reader.line_num}: not a readable CSV row ({error}).") from None
    table.refuse_if_wrong()
    if not table.rows:
        raise BadInput(f"{path.name} has no rows, only a header. Nothing was imported.")
    return table


def _take(table: TableFile, line: int, cells: dict[str, str]) -> None:
    for column, value in cells.items():
        if not value.isprintable():
            table.fault(line, column, value, "text without control characters")
    table.rows.append(TableRow(line, cells))


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > settings.IMPORT_MAX_BYTES:
            raise BadInput(
                f"{path.name} is {size} bytes; files above {settings.IMPORT_MAX_BYTES} bytes are refused. Split it."
            )
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}.") from None


def _text(name: str, content: bytes) -> str:
    if not content.strip():
        raise BadInput(f"{name} is empty. Nothing was imported.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadInput(
            f"{name}, line {line}: byte {content[error.start]:#04x} is not UTF-8. Save the file as UTF-8 and try again."
        ) from None


def _check_header(name: str, header: list[str], required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    missing = [column for column in required if column not in header]
    unknown = [column for column in header if column not in (*required, *optional)]
    twice = sorted({column for column in header if header.count(column) > 1})
    wrong = [
        f"{what} {', '.join(columns)}"
        for what, columns in (("missing column", missing), ("unknown column", unknown), ("column given twice:", twice))
        if columns
    ]
    if wrong:
        expected = ",".join(required) + (f" and perhaps {','.join(optional)}" if optional else "")
        raise BadInput(f"{name}, line 1: {_printable('; '.join(wrong))}. Expected the header {expected}")


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
