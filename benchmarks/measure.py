"""One measurement in a process of its own, on the database that DATABASE_URL names. Answers one line of JSON.

python -m benchmarks.measure WHAT [NUMBER]
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks import cases, ledger, letters, national_year, peer_orm, register, run_to_lines  # noqa: E402
from grants.law.rates.lookup import history  # noqa: E402
from grants.models import Organisation  # noqa: E402


def peak_mb() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cache_mb() -> float:
    """The database's own cache inside this process: SQLite's page cache; PostgreSQL's lies elsewhere."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        return -float(cursor.fetchone()[0]) / 1024


def openfisca() -> run_to_lines.Measured:
    from benchmarks import peer_openfisca  # only the process that measures it has it loaded

    return run_to_lines.peer(peer_openfisca.build)


def lay_out_register(number: int) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    register.lay_out(number)
    return {}


def lay_out_ledger(number: int) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    ledger.lay_out(number)
    return {}


def lay_out_letters(number: int) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    letters.lay_out(number)
    return {}


def lay_out_cases(number: int) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    cases.lay_out(number)
    return {}


def whole_year(_number: int) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    return national_year.measure()


CONTESTS: dict[str, Callable[[], run_to_lines.Measured]] = {
    "ours": run_to_lines.ours,
    "openfisca": openfisca,
    "orm": lambda: run_to_lines.peer(peer_orm.build),
    "write_only": run_to_lines.write_only,
    "write_by_ours": run_to_lines.write_by_ours,
}
OTHERS: dict[str, Callable[[int], dict[str, Any]]] = {
    "lay_out_register": lay_out_register,
    "lay_out_ledger": lay_out_ledger,
    "lay_out_cases": lay_out_cases,
    "casework_queue": lambda _: cases.measure(),
    "year_end_figures": lambda _: ledger.year_end_figures(),
    "export": lambda year: {"seconds": ledger.export(year)},
    "lay_out_letters": lay_out_letters,
    "letters": lambda _: letters.ours(),
    "letters_naive": lambda _: letters.naive(),
    "letter_workers": letters.workers,
    "letter_worker": lambda milliseconds: letters.worker(milliseconds / 1000),
    "national_year": whole_year,
    "fetch_only": lambda _: {"seconds": ledger.fetch_only()},
}


def warm_up() -> None:
    """Open the connection and read the law, so that neither is measured."""
    if "lay_out" not in sys.argv[1] and sys.argv[1] != "national_year":
        Organisation.objects.count()
        history("integration")


def main(what: str, number: int = 0) -> dict[str, Any]:
    warm_up()
    if what in CONTESTS:
        return {**CONTESTS[what]()._asdict(), "peak_mb": peak_mb(), "cache_mb": cache_mb()}
    return {**OTHERS[what](number), "peak_mb": peak_mb(), "cache_mb": cache_mb()}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))))
