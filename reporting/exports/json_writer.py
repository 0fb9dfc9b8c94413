"""JSON: an array of objects, one row per line, written as the rows come."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TextIO


def write_json(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write the rows as objects named by their columns: nothing is kept in memory."""
    out.write("[")
    before = "\n"
    for row in rows:
        out.write(before + json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False))
        before = ",\n"
    out.write("\n]\n")
