"""A finished report is frozen with its figures and their hash. The same figures again make no new version."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from grants.shared.errors import ChangedSince
from reporting.models import YearEndReport
from reporting.reports.gather import YearEnd
from reporting.reports.lines import Line
from reporting.reports.notes import Note, notes
from reporting.reports.tables import COLUMNS, Table, table


def tables_of(report: YearEnd) -> dict[str, Table]:
    """The seven tables of a gathered report."""
    lines: dict[str, Sequence[Line]] = {
        "bevilgningsrapportering": report.expenses,
        "inntekter": report.income,
        "note_a": report.allotments,
        "note_b": report.carry_overs,
        "note_7": report.recipients,
        "soknadsbaserte": report.application_schemes,
        "oremerkede": report.earmarked,
    }
    return {name: table(name, report.year, [line.cells() for line in of]) for name, of in lines.items()}


def figures_of(report: YearEnd) -> dict[str, Any]:
    """What is frozen: the rows of every table and the notes."""
    return {
        "year": report.year,
        "tables": {name: [list(row) for row in made.rows] for name, made in tables_of(report).items()},
        "notes": [{"title": note.title, "sentences": list(note.sentences)} for note in notes(report)],
    }


def sha256_of(figures: dict[str, Any]) -> str:
    """The hash of the figures, the same whatever database kept them."""
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def freeze(year: int, figures: dict[str, Any]) -> tuple[YearEndReport, bool]:
    """The version that holds these figures, and whether it is new."""
    newest = YearEndReport.objects.filter(year=year).order_by("version").last()
    sha256 = sha256_of(figures)
    if newest is not None and newest.sha256 == sha256:
        return newest, False
    version = newest.version + 1 if newest else 1
    try:
        with transaction.atomic():
            return YearEndReport.objects.create(year=year, version=version, figures=figures, sha256=sha256), True
    except IntegrityError:
        raise ChangedSince(
            f"Version {version} of {year} was made by somebody else a moment ago. Run it again."
        ) from None


def thawed(report: YearEndReport) -> tuple[dict[str, Table], list[Note]]:
    """The tables and notes of a frozen report, proved to be those that were frozen."""
    if sha256_of(report.figures) != report.sha256:
        raise ValueError(f"Version {report.version} of {report.year} is not what was frozen: its hash does not fit.")
    tables = {name: table(name, report.year, map(tuple, report.figures["tables"][name])) for name in COLUMNS}
    return tables, [Note(note["title"], tuple(note["sentences"])) for note in report.figures["notes"]]
