"""The national year: register, runs, approvals, payments, accounts and year end, in the order of the calendar.

Every step asks first whether it is done, so that a year that was broken off goes on where it stopped.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from config.demo.calls import open_demo_calls
from config.demo.decide_rounds import decide_rounds
from config.demo.files import DemoYear, write_demo_year
from config.demo.living_claims import make_living_claims
from config.demo.living_payments import make_living_payments
from config.demo.living_year import make_living_year
from config.demo.open_claims import open_demo_claims
from config.demo.recipients import make_recipients_busy
from config.demo.rounds import ROUNDS
from config.pay_out import pay_out
from grants.entitlements.due import NEEDED, SOURCES
from grants.law.errors import NoRateInForce
from grants.law.rates.lookup import rate
from grants.law.registry import SCHEMES
from grants.models import ClosedYear, EntitlementRun, Role, User
from grants.services.add_user import add_user
from grants.services.approve_run import approve_run
from grants.services.close_year import close_year
from grants.services.demo_users import make_demo_users
from grants.services.import_accounts import import_accounts
from grants.services.import_appropriations import import_appropriations
from grants.services.import_claims import import_claims
from grants.services.import_organisations import import_organisations
from grants.services.import_register import import_register
from grants.services.import_requests import import_requests
from grants.services.load_law import load_law
from grants.services.prepare_run import prepare_run
from grants.shared.errors import NotAllowed, Refused

Say = Callable[[str], None]
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
DEMO_YEAR = 2017
PREPARES, APPROVES, ANNOUNCES = "kari.berg", "mona.lien", "samira.ali"
ASSESSES, DECIDES = "amir.haugen", "ingrid.dahl"
ROUNDS_PAID_ON = date(2017, 4, 20)
# Claims on settled persons come when the persons are known; the others at the start of the year.
CLAIMS_KNOWN = {
    "integration_reception": date(2017, 1, 5),
    "asylum_training": date(2017, 1, 5),
    "disability": date(2017, 12, 2),
}


@dataclass(frozen=True, order=True)
class PlannedRun:
    """A run of the year's calendar."""

    paid_on: date
    scheme: str
    term: int


def national_year(year: int, *, persons: int | None, say: Say, progress: Progress) -> None:
    """Run the whole year. A year that is closed is left as it is."""
    if year != DEMO_YEAR:
        raise Refused(f"The demo data is of {DEMO_YEAR}; for {year} import your own files and run each step.")
    if not settings.OPERATOR_APPROVAL:
        raise NotAllowed(
            "The national year prepares and approves by command, which is switched off. "
            "Set TILSKUDD_OPERATOR_APPROVAL=1 (demo and tests) and try again."
        )
    if ClosedYear.objects.filter(year=year).exists():
        say(f"{year} is closed already: nothing is done again.")
        return
    load_law()
    kari, mona = _two_people()
    files = write_demo_year(settings.VAR_DIR / "demo", persons=persons)
    say(f"The synthetic register holds {files.persons} persons.")
    folder = files.folder
    import_organisations(folder / "organisations.csv", known_on=date(year, 1, 1))
    import_appropriations(folder / "appropriations.csv", year=year, decided_on=date(year, 1, 1))
    import_requests(folder / "requests.csv", known_on=date(year, 1, 1))
    calendar = planned_runs(year)
    waves = list(files.waves)
    with progress("Register and runs", len(calendar) + len(waves)) as done:
        for number, run in enumerate(calendar, start=1):
            _take_waves(files, waves, run.paid_on)
            _run(run, year, kari, mona, say)
            if number == len(calendar) or calendar[number].paid_on != run.paid_on:
                _pay(run.paid_on, kari, mona, say)
            done(number + len(files.waves) - len(waves))
        _take_waves(files, waves, date.max)
    _rounds(kari, mona, say, progress)
    import_accounts(folder / "accounts.csv", year=year, known_on=date(year, 12, 31))
    close_year(year, by=kari)
    say(f"{year} is closed.")
    if settings.DEMO:
        make_demo_users()  # again: the voluntary organisation came with the files
        owner, appropriations = User.objects.get(username=ANNOUNCES), files.paths["appropriations_of_open_calls"]
        opened = open_demo_calls(appropriations, by=owner)
        claimable = open_demo_claims(files.folder, by=owner)
        at_work = make_living_year(appropriations)
        paid = make_living_payments(kari, mona)
        make_recipients_busy()
        say(f"{opened} calls are open to apply to, {claimable} to claim in, and {at_work} cases of today are at work.")
        say(
            f"{paid} payment batches of today: one with a payment that the bank rejected, one that waits to be attested."
        )
        claims = make_living_claims()
        say(f"{claims} claims to get money back are made.")


def planned_runs(year: int) -> list[PlannedRun]:
    """The runs of every scheme whose rates are known for the year, in the order in which they are paid."""
    found = []
    for code in SOURCES:
        calendar = SCHEMES[code].calendar
        if calendar is not None and _rates_are_known(code, year):
            found += [PlannedRun(calendar.paid_on(year, term), code, term) for term in calendar.numbers]
    return sorted(found)


def _rates_are_known(scheme: str, year: int) -> bool:
    try:
        for name in NEEDED[scheme]:
            rate(scheme, name, on=date(year, 1, 1))
    except NoRateInForce:
        return False
    return True


def _take_waves(files: DemoYear, waves: list[tuple[date, Path, Path]], until: date) -> None:
    """Import what had become known by a day."""
    while waves and waves[0][0] <= until:
        known_on, settlements, events = waves.pop(0)
        if _has_rows(settlements):
            import_register(settlements, events if _has_rows(events) else None, known_on=known_on)
        for scheme, from_day in CLAIMS_KNOWN.items():
            if from_day == known_on:
                import_claims(scheme, files.folder / f"{scheme}.csv", known_on=known_on)


def _has_rows(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        return sum(1 for _ in zip(file, range(2), strict=False)) == 2


def _run(run: PlannedRun, year: int, kari: User, mona: User, say: Say) -> None:
    """Prepare and approve one run, unless that is done."""
    booked = EntitlementRun.objects.booked().filter(scheme=run.scheme, year=year, term=run.term).first()
    if booked is None:
        prepared = prepare_run(run.scheme, year, run.term, by=kari)
        booked = approve_run(prepared, by=mona)
        say(
            f"{run.paid_on}  {run.scheme:<22} term {run.term}: {booked.lines_count:>7} lines, {booked.total_ore // 100:>14,} kroner"
        )


def _pay(day: date, kari: User, mona: User, say: Say) -> None:
    """Pay what is due on a day through the bank."""
    batch = pay_out(day, preparer=kari, attester=mona)
    if batch is not None:
        say(
            f"{day}  batch {batch.number:<2} is paid: {batch.payments_count:>22} payments, {batch.total_ore // 100:>14,} kroner"
        )


def _rounds(kari: User, mona: User, say: Say, progress: Progress) -> None:
    """Announce, decide and pay the rounds of the year. They come before the accounts, which tell of the rest."""
    for username, role in (
        (ANNOUNCES, Role.SCHEME_OWNER),
        (ASSESSES, Role.CASEWORKER),
        (DECIDES, Role.DECISION_MAKER),
    ):
        add_user(username, role)
    with progress("Rounds", len(ROUNDS)) as done:
        calls = decide_rounds(ANNOUNCES, ASSESSES, DECIDES, done=done)
    say(f"{len(calls)} rounds are decided.")
    _pay(ROUNDS_PAID_ON, kari, mona, say)


def _two_people() -> tuple[User, User]:
    if settings.DEMO:
        make_demo_users()
    return add_user(PREPARES, Role.FINANCE), add_user(APPROVES, Role.FINANCE)
