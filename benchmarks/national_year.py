"""The national year from register to closed year: the time, and which part of the work takes it."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from unittest.mock import patch

from django.conf import settings

from config import national_year as year_of
from config import pay_out
from reporting.services.year_end import make_year_end

YEAR = 2017
# What each part is called, and the steps that it is made of, where the year calls them.
PARTS: dict[str, tuple[tuple[Any, str], ...]] = {
    "synthetic register drawn and written": ((year_of, "write_demo_year"),),
    "register and claims taken in": ((year_of, "import_register"), (year_of, "import_claims")),
    "runs prepared": ((year_of, "prepare_run"),),
    "runs approved, booked and ordered": ((year_of, "approve_run"),),
    "batches made, sealed and attested": (
        (pay_out, "prepare_batch"),
        (pay_out, "explain_outlier"),
        (pay_out, "seal_batch"),
        (pay_out, "attest_batch"),
    ),
    "files written and carried to the bank": ((pay_out, "send_batch"), (pay_out, "carry_to_bank")),
    "the demo's bank": ((pay_out, "answer_all"),),
    "answers taken in and booked": ((pay_out, "fetch_answers"),),
    "rounds applied for and decided": ((year_of, "decide_rounds"),),
    "year closed": ((year_of, "import_accounts"), (year_of, "close_year")),
}
TABLES, REST = "year-end tables", "everything else"


def measure() -> dict[str, Any]:
    """Seconds in all and by part, and the persons of the register."""
    taken: dict[str, float] = defaultdict(float)
    persons: list[int] = []

    def said(sentence: str) -> None:
        persons.extend(int(word) for word in sentence.split() if word.isdigit() and "persons" in sentence)

    with TemporaryDirectory() as folder, _settings(Path(folder)), _timed(taken):
        start = perf_counter()
        year_of.national_year(YEAR, persons=None, say=said, progress=_silent)
        before = perf_counter()
        make_year_end(YEAR)
        end = perf_counter()
    taken[TABLES] = end - before
    taken[REST] = (end - start) - sum(taken.values())
    return {"seconds": end - start, "parts": dict(taken), "persons": persons[0]}


@contextmanager
def _settings(folder: Path) -> Iterator[None]:
    """Files go to a folder that is thrown away; approving by command is allowed."""
    with (
        patch.object(settings, "VAR_DIR", folder),
        patch.object(settings, "LETTER_ARCHIVE", folder / "letters"),
        patch.object(settings, "BANK_FOLDER", folder / "bank"),
        patch.object(settings, "OPERATOR_APPROVAL", True),
        patch.object(settings, "DEMO", False),
        patch.object(settings, "PAYER_ACCOUNT", "99990000006"),
        patch.object(settings, "PAYER_BIC", "TESTNOKK"),
        patch.dict(os.environ, {"TILSKUDD_RATES": str(settings.BASE_DIR / "config" / "demo" / "rates")}),
    ):
        yield


@contextmanager
def _timed(taken: dict[str, float]) -> Iterator[None]:
    patches = [
        patch.object(module, name, _clocked(getattr(module, name), part, taken))
        for part, steps in PARTS.items()
        for module, name in steps
    ]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def _clocked(step: Callable[..., Any], part: str, taken: dict[str, float]) -> Callable[..., Any]:
    def clocked(*given: Any, **named: Any) -> Any:
        start = perf_counter()
        try:
            return step(*given, **named)
        finally:
            taken[part] += perf_counter() - start

    return clocked


@contextmanager
def _silent(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _done: None
