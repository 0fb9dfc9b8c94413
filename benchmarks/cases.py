"""A hundred thousand cases, written straight to the tables, and the casework queue over them: list, search, whole page."""

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, Call, CaseText, Finding, State, Submission
from applications.search.choices import Choices, read_choices
from applications.search.queue import PATHS, ROWS_ON_A_PAGE, counts, deviations_of, page_of_queue
from applications.search.words import fold
from benchmarks.register import tidy
from grants.models import DirectorateRole, Organisation, Role, User
from grants.shared.bulk import next_ids, write_rows

TODAY = date(2017, 6, 1)
NOW = datetime(2017, 6, 1, 12, tzinfo=UTC)
CALLS = 40
SCHEMES = ("kum", "attitudes", "mentor_trainee", "integration_reception")
# Of a hundred cases. Most are decided; those in hand are what the queue opens with.
STATES = {
    State.GRANTED: 62, State.REFUSED: 20, State.WITHDRAWN: 3, State.SUBMITTED: 6, State.IN_PROGRESS: 5,
    State.AWAITING_APPLICANT: 2, State.PROPOSED: 2,
}  # fmt: skip
IN_HAND = (State.SUBMITTED, State.IN_PROGRESS, State.AWAITING_APPLICANT, State.PROPOSED)
FIRST = ("Raskere", "Språk", "Ny", "Trygg", "Åpen", "Veien", "Lære", "Sammen", "Ærlig", "Øke")
SECOND = ("jobb", "kafé", "start", "skole", "dør", "bro", "verksted", "mentor", "arena", "kurs")
COLUMNS = (
    "id", "call_id", "organisation_id", "state", "version", "language", "answers", "applied_ore", "created_by_id",
    "created_at", "saved_by_id", "saved_at", "case_year", "case_number", "submitted_at", "handler_id", "due_on", "copied",
)  # fmt: skip
# One project name in a thousand has this word; one case in a hundred thousand has a number of its own.
RARE_WORD, COMMON_WORD = "sjelden", "kommune"


def lay_out(cases: int) -> None:
    """Users, calls, organisations and so many cases, each with its words and its findings."""
    by = User.objects.create(username="sara", subject="sara")
    DirectorateRole.objects.create(user=by, role=Role.CASEWORKER)
    others = [User.objects.create(username=f"worker-{number}", subject=f"worker-{number}") for number in range(20)]
    calls = [_call(number, by) for number in range(CALLS)]
    organisations = list(Organisation.objects.municipalities().order_by("municipality_number"))
    rows = list(_cases(cases, by, [by, *others], calls, organisations))
    with transaction.atomic():
        write_rows(Application, COLUMNS, (row for row, _words in rows))
        ids = next_ids(CaseText, cases)
        words = zip(ids, ((row[0], text) for row, text in rows), strict=True)
        write_rows(CaseText, ("id", "application_id", "text"), ((key, *rest) for key, rest in words))
        _findings([row[0] for row, _words in rows], by)
    tidy()


def _call(number: int, by: User) -> Call:
    opens = datetime(2017, 1, 1, tzinfo=UTC) - timedelta(days=30 * number)
    title = f"Utlysning {number}"
    return Call.objects.create(
        scheme=SCHEMES[number % len(SCHEMES)], year=opens.year, title_nb=title, title_nn=title, about_nb="-",
        about_nn="-", envelope_ore=10**12, opens_at=opens, closes_at=opens + timedelta(days=60), created_by=by,
        published_by=by, published_at=opens,
    )  # fmt: skip


def _cases(
    cases: int, by: User, workers: list[User], calls: list[Call], organisations: list[Organisation]
) -> Iterator[tuple[tuple[Any, ...], str]]:
    rnd = Random(2017)
    states, weights = zip(*STATES.items(), strict=True)
    key = _stored_keys()
    for number in range(1, cases + 1):
        state = rnd.choices(states, weights)[0]
        organisation = rnd.choice(organisations)
        sent = NOW - timedelta(minutes=rnd.randrange(60 * 24 * 1000))
        worker = None if state == State.SUBMITTED else rnd.choice(workers)
        due_on = (sent.date() + timedelta(days=30)).isoformat() if state in IN_HAND else None
        project = f"{rnd.choice(FIRST)} {rnd.choice(SECOND)}" + (f" {RARE_WORD}" if number % 1000 == 0 else "")
        text = f" {fold(organisation.name)} {fold(f'2017/{number}')} {fold(project)} "
        moment = connection.ops.adapt_datetimefield_value(sent)
        yield (
            key(UUID(int=rnd.getrandbits(128), version=4)), key(rnd.choice(calls).pk), key(organisation.pk), state.value, 1,
            "nb", "{}", rnd.randrange(100, 5_000) * 1_000_00, key(by.pk), moment, key(by.pk), moment, 2017, number, moment,
            key(worker.pk) if worker else None, due_on, "{}",
        ), text  # fmt: skip


def _findings(keys: list[Any], by: User) -> None:
    """Two findings on the submission of each case; one in ten is not met."""
    submissions = next_ids(Submission, len(keys))
    moment = connection.ops.adapt_datetimefield_value(NOW)
    who = _stored_keys()(by.pk)
    write_rows(
        Submission,
        ("id", "application_id", "number", "answers", "applied_ore", "sha256", "submitted_by_id", "submitted_at"),
        ((key, case, 1, "{}", 0, "0" * 64, who, moment) for key, case in zip(submissions, keys, strict=True)),
    )
    ids = count(next_ids(Finding, 2 * len(keys)).start)
    write_rows(
        Finding,
        (
            "id",
            "application_id",
            "submission_id",
            "rule",
            "sentence",
            "citation",
            "verdict",
            "saw",
            "source",
            "tried_at",
        ),
        (
            (next(ids), case, key, rule, "-", "-", "not met" if (key + place) % 10 == 0 else "met", "", "", moment)
            for key, case in zip(submissions, keys, strict=True)
            for place, rule in enumerate(("first", "second"))
        ),
    )


def _stored_keys() -> Callable[[UUID], Any]:
    """Keys as the database stores them."""
    return str if connection.features.has_native_uuid_field else lambda key: key.hex


# --- Measured ---------------------------------------------------------------------------------------------------------


def measure(repeats: int = 40) -> dict[str, dict[str, float]]:
    """Milliseconds of each thing, ours and the bare question, in turn. The medians."""
    user = User.objects.get(username="sara")
    deep = _deep_place(user)
    found: dict[str, dict[str, float]] = {}
    for name, typed in {
        "first page": {}, "deep page": {"after": deep}, "newest first, all": {"state": "all"},
        "rare word": {"search": RARE_WORD}, "case number": {"search": "2017/77777", "state": "all"},
        "common word": {"search": COMMON_WORD}, "two words": {"search": "hald raskere", "state": "all"},
    }.items():  # fmt: skip
        found[name] = _against_bare(user, typed, repeats)
    found["counters"] = {"ours": _median(lambda: counts(_visible(user), user=user, today=TODAY), repeats)}
    client = Client()
    client.force_login(user)
    for name, query in {"whole page": "state=open", "whole page, search": f"search={RARE_WORD}"}.items():
        address = f"{reverse('cases')}?{query}"
        found[name] = {"ours": _median(lambda address=address: client.get(address), repeats)}  # type: ignore[misc]
    found["list alone, as htmx gets it"] = {
        "ours": _median(
            lambda: client.get(f"{reverse('cases')}?search={RARE_WORD}", headers={"hx-request": "true"}), repeats
        )
    }
    return found


def _against_bare(user: User, typed: dict[str, str], repeats: int) -> dict[str, float]:
    """What the page asks for its list against a bare `values()` of the very rows, each question alone.

    `rows`: who may see what, the choices read from the address, search, order and place, and the rows. `ours`: with what
    is amiss in each case. `bare`: the same filters (those of who may see a case among them), joins, order and number of
    rows, and the findings of those cases, by `values()`: with no ruling looked up and nothing else. `database`: the
    statements of `rows` with the rows fetched, without Django.
    """

    def rows() -> list[Any]:
        choices, _faults = read_choices(typed)
        found = page_of_queue(_visible(user), choices, user=user, today=TODAY, after=typed.get("after", ""))
        return list(found.rows)

    def ours() -> list[Any]:
        found = rows()
        deviations_of(row.id for row in found)
        return found

    choices, _faults = read_choices(typed)

    def bare() -> list[Any]:
        return _bare(choices, user, typed.get("after", ""))

    assert [row.id for row in ours()] == [row["id"] for row in bare()][:ROWS_ON_A_PAGE]
    with CaptureQueriesContext(connection) as asked:
        rows()
    statements = [query["sql"] for query in asked]

    def database() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    contest = {"ours": ours, "rows": rows, "bare": bare, "database": database}
    taken: dict[str, list[float]] = {name: [] for name in contest}
    for _ in range(repeats):
        for name, what in contest.items():
            taken[name].append(_ms(what))
    return {name: median(times) for name, times in taken.items()} | {"search": bool(choices.search)}


def _bare(choices: Choices, user: User, after: str) -> list[Any]:
    cases = choices.among(_visible(user), user, TODAY)
    order = choices.order
    if after:
        value, key = after.split("~")
        cases = cases.filter(TupleGreaterThan(Tuple("due_on", "id"), (order.read(value), UUID(key))))
    by = ("-" if order.descending else "") + order.column
    sorted_cases = cases.order_by(by, "-id" if order.descending else "id")
    found = list(sorted_cases.values(*PATHS)[: ROWS_ON_A_PAGE + 1])
    list(Finding.objects.filter(application__in=[row["id"] for row in found]).values("application", "rule", "verdict"))
    return found


def _visible(user: User) -> Any:
    return Application.objects.visible_to(user)


def _deep_place(user: User) -> str:
    """A place far down the queue: nine tenths of what is in hand lies before it."""
    cases = Choices().among(_visible(user), user, TODAY).order_by("due_on", "id")
    return Choices().order.write(cases[cases.count() * 9 // 10])


def _ms(what: Callable[[], object]) -> float:
    start = perf_counter()
    what()
    return 1000 * (perf_counter() - start)


def _median(what: Callable[[], object], repeats: int) -> float:
    what()
    gc.collect()
    return median(_ms(what) for _ in range(repeats))
