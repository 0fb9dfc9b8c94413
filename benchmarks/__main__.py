"""Measure, compare and print: `make bench`, or `python -m benchmarks --help`."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.databases import Databases, SqliteFiles, postgresql

ROOT = Path(__file__).resolve().parent.parent
CONTESTANTS = ("ours", "openfisca", "orm", "write_only", "write_by_ours")
FULL_YEAR, SMALL_YEAR = 2017, 2016
Answer = dict[str, Any]


class Row(NamedTuple):
    """One comparison. `at_least` and `at_most` are the target of the ratio (or of the megabytes)."""

    what: str
    ours: str
    peer: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}{self.unit}"
        return f"≤ {self.at_most:g}{self.unit}" if self.at_most is not None else ""

    @property
    def ok(self) -> bool:
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )


def measure(url: str, what: str, number: int = 0, booked: str = "", archive: str = "") -> Answer:
    """One measurement in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.measure", what, str(number)][: 5 if number else 4]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "BENCH_BOOKED": booked}
        | ({"TILSKUDD_VAR": archive} if archive else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{what} failed on {url.split(':')[0]}:\n{done.stderr}")
    answer: Answer = json.loads(done.stdout.splitlines()[-1])
    return answer


def register_to_lines(
    databases: Databases, persons: int, runs: int, say: Callable[[str], None]
) -> tuple[list[Row], Answer]:
    """Ours against two peers and against writing alone; interleaved, each on a fresh copy of the same register."""
    say(f"laying out {persons:,} persons")
    measure(databases.create("register"), "lay_out_register", persons)
    taken: dict[str, list[Answer]] = {name: [] for name in CONTESTANTS}
    booked = ""
    for number in range(1, runs + 1):
        for name in CONTESTANTS:
            say(f"register to lines: {name}, run {number} of {runs}")
            # What ours has booked stays until the round is over: the writing alone writes the same rows.
            to = "booked" if name == "ours" else "copy"
            url = databases.copy("register", to)
            booked = url if name == "ours" else booked
            taken[name].append(measure(url, name, booked=booked))
            if name != "ours":
                databases.drop(to)
        databases.drop("booked")
    databases.drop("register")
    digests = {name: {answer["digest"] for answer in answers} for name, answers in taken.items()}
    if len(set.union(*digests.values())) != 1:
        raise SystemExit(f"The contestants did not come to the same lines: {digests}")
    seconds = {name: median(answer["seconds"] for answer in answers) for name, answers in taken.items()}
    us, lines = seconds["ours"], taken["ours"][0]["lines"]

    def times(name: str, of: str) -> float:
        """How many times longer one takes than another: the median over the rounds, whose runs share the weather."""
        rounds = zip(taken[name], taken[of], strict=True)
        return float(median(one["seconds"] / other["seconds"] for one, other in rounds))

    def row(what: str, peer: str, ratio: float, **target: float) -> Row:
        return Row(
            f"register to {lines:,} booked lines, {what}", f"{us:.2f} s", f"{seconds[peer]:.2f} s", ratio, "x", **target
        )

    rows = [
        row("faster than OpenFisca + bulk_create", "openfisca", times("openfisca", "ours"), at_least=5),
        row("faster than ORM prefetch + bulk_create", "orm", times("orm", "ours"), at_least=8),
        row(
            "times the driver's writing of the same rows alone", "write_only", times("ours", "write_only"), at_most=1.7
        ),
        row("times our own writing of them alone", "write_by_ours", times("ours", "write_by_ours")),
    ]
    return rows, {"seconds": us, "peak_mb": max(answer["peak_mb"] for answer in taken["ours"])}


def million(databases: Databases, small: Answer, persons: int, say: Callable[[str], None]) -> list[Row]:
    """The same for a million persons: time and memory against those of the small register."""
    say("laying out 1,000,000 persons")
    url = databases.create("million")
    measure(url, "lay_out_register", 1_000_000)
    say("register to lines: ours, a million persons")
    large = measure(url, "ours")
    databases.drop("million")
    growth = max(0.0, large["peak_mb"] - small["peak_mb"] - large["cache_mb"])
    what = f"1,000,000 persons against {persons:,}"
    peaks = f"{large['peak_mb']:.0f} MB", f"{small['peak_mb']:.0f} MB"
    return [
        Row(f"{what}: time", f"{large['seconds']:.1f} s", f"{small['seconds']:.2f} s",
            large["seconds"] / small["seconds"], "x", at_most=25),
        Row(f"{what}: memory beyond the database's cache ({large['cache_mb']:.0f} MB)", *peaks, growth, " MB", at_most=20),
    ]  # fmt: skip


def over_the_ledger(databases: Databases, lines: int, say: Callable[[str], None]) -> list[Row]:
    """Year-end figures against a bare GROUP BY; the export's memory at a tenth of the lines and at all of them."""
    say(f"booking {lines:,} ledger lines")
    url = databases.create("ledger")
    measure(url, "lay_out_ledger", lines)
    say("year-end figures")
    figures = measure(url, "year_end_figures")
    say("export of the ledger")
    small, fetched = measure(url, "export", SMALL_YEAR), measure(url, "fetch_only")
    exports = [measure(url, "export", FULL_YEAR) for _ in range(2)]
    databases.drop("ledger")
    large = min(exports, key=lambda answer: float(answer["seconds"]))
    growth = max(0.0, large["peak_mb"] - small["peak_mb"])
    return [
        Row(f"year-end figures over {lines:,} lines, time of a bare GROUP BY",
            f"{1000 * figures['ours']:.0f} ms", f"{1000 * figures['peer']:.0f} ms",
            figures["ours"] / figures["peer"], "x", at_most=2),
        Row(f"CSV of {lines:,} lines, memory beyond that of a tenth of them",
            f"{large['peak_mb']:.0f} MB", f"{small['peak_mb']:.0f} MB", growth, " MB", at_most=10),
        Row(f"CSV of {lines:,} lines, time of only reading them", f"{large['seconds']:.2f} s",
            f"{fetched['seconds']:.2f} s", large["seconds"] / fetched["seconds"], "x"),
    ]  # fmt: skip


def decision_letters(databases: Databases, number: int, runs: int, say: Callable[[str], None]) -> list[Row]:
    """The time of a letter against WeasyPrint as its manual shows it, in turn; two workers against one."""
    say(f"deciding {number} cases")
    url = databases.create("letters")
    measure(url, "lay_out_letters", number)
    taken: dict[str, list[float]] = {"letters": [], "letters_naive": []}
    for turn in range(1, runs + 1):
        for name, seconds in taken.items():
            say(f"{name}, run {turn} of {runs}")
            seconds.append(measure(url, name)["seconds"] / number)
    wall: dict[int, float] = {}
    for workers in (1, 2):
        say(f"letters by {workers} workers")
        copy = databases.copy("letters", "worked")
        with TemporaryDirectory() as archive:
            wall[workers] = measure(copy, "letter_workers", workers, archive=archive)["seconds"]
        databases.drop("worked")
    databases.drop("letters")
    ours, naive = (median(seconds) for seconds in taken.values())
    ratio = median(one / other for one, other in zip(*taken.values(), strict=True))
    return [
        Row(f"{number} decision letters, time per letter of naive WeasyPrint", f"{1000 * ours:.0f} ms",
            f"{1000 * naive:.0f} ms", ratio, "x", at_most=0.7),
        Row(f"{number} decision letters, two workers against one", f"{wall[2]:.1f} s", f"{wall[1]:.1f} s",
            wall[1] / wall[2], "x", at_least=1.8),
    ]  # fmt: skip


def over_the_cases(databases: Databases, cases: int, say: Callable[[str], None]) -> list[Row]:
    """The casework queue's list and search against the bare rows, search in the database, and whole pages for the record."""
    say(f"laying out {cases:,} cases")
    url = databases.create("cases")
    measure(url, "lay_out_cases", cases)
    say("casework queue")
    found = measure(url, "casework_queue")
    databases.drop("cases")
    rows = []
    for name, taken in found.items():
        if not isinstance(taken, dict):
            continue  # what every measurement tells of its process
        what, ours = f"queue of {cases:,} cases, {name}", f"{taken['ours']:.2f} ms"
        if "bare" not in taken:
            rows.append(Row(f"{what}: milliseconds", ours, "", taken["ours"], " ms"))
            continue
        ratio = taken["ours"] / taken["bare"]
        rows.append(Row(f"{what}: times bare values()", ours, f"{taken['bare']:.2f} ms", ratio, "x", at_most=1.5))
        if taken["search"]:
            inside = taken["database"]
            rows.append(Row(f"{what}: in the database", f"{inside:.2f} ms", "", inside, " ms", at_most=5))
    return rows


def whole_year(databases: Databases, say: Callable[[str], None]) -> list[Row]:
    """The national year from register to closed year and tables: in all, and by part."""
    url = databases.create("year")
    say("the national year")
    found = measure(url, "national_year")
    databases.drop("year")
    what = f"national year of {found['persons']:,} persons"
    rows = [Row(f"{what}, in all", f"{found['seconds']:.1f} s", "", found["seconds"], " s")]
    for part, seconds in sorted(found["parts"].items(), key=lambda one: -one[1]):
        rows.append(Row(f"{what}: {part}", f"{seconds:.1f} s", "", 100 * seconds / found["seconds"], " %"))
    return rows


def print_table(title: str, rows: list[Row], console: Console) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("what", overflow="fold")
    for heading in ("ours", "peer", "ratio", "target", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        verdict = "" if not row.target else "ok" if row.ok else "MISSED"
        table.add_row(row.what, row.ours, row.peer, f"{row.value:.2f}{row.unit}", row.target, verdict)
    console.print(table)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench BENCH=...", description=__doc__)
    parser.add_argument("--million", action="store_true", help="also the register of a million persons (minutes)")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database")
    parser.add_argument("--part", choices=["run", "ledger", "cases", "letters", "year"], help="one part")
    parser.add_argument("--persons", type=int, default=55_000)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--letters", type=int, default=430)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    console, progress = Console(width=None if sys.stdout.isatty() else 150), Console(stderr=True)
    servers: list[Databases] = [] if chosen.only == "postgresql" else [SqliteFiles()]
    if chosen.only != "sqlite":
        server = postgresql()
        if server is not None:
            servers.append(server)
        else:
            console.print(
                "PostgreSQL: not measured, no server answers (DATABASE_URL names none, nor is one on this machine)."
            )
    missed = 0
    for databases in servers:
        rows: list[Row] = []
        try:
            with progress.status(f"{databases.title} ...") as status:

                def say(text: str, title: str = databases.title, to: Any = status) -> None:
                    to.update(f"{title}: {text} ...")

                if chosen.part in (None, "run"):
                    found, small = register_to_lines(databases, chosen.persons, chosen.runs, say)
                    rows += found
                    if chosen.million:
                        rows += million(databases, small, chosen.persons, say)
                if chosen.part in (None, "ledger"):
                    rows += over_the_ledger(databases, chosen.lines, say)
                if chosen.part in (None, "letters"):
                    rows += decision_letters(databases, chosen.letters, chosen.runs, say)
                if chosen.part in (None, "cases"):
                    rows += over_the_cases(databases, chosen.cases, say)
                if chosen.part in (None, "year"):
                    rows += whole_year(databases, say)
        finally:
            databases.close()
        print_table(f"{databases.title}: medians of {chosen.runs} interleaved runs", rows, console)
        missed += sum(not row.ok for row in rows)
    console.print("Every target is met." if not missed else f"{missed} targets are missed.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
