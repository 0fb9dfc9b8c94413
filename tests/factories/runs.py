"""Runs in every state, for the tests of pages. A test names only what it is about."""

from datetime import UTC, date, datetime
from typing import Any

from grants.models import (
    Approval,
    EntitlementLine,
    EntitlementRun,
    Membership,
    Organisation,
    Person,
    Role,
    RunPayable,
    User,
)
from tests.factories.register import finance

State = EntitlementRun.State
PREPARED_AT = datetime(2017, 3, 2, 9, 12, tzinfo=UTC)
RATES = {
    "year_1_adult 2017": {"value": "18500000", "unit": "ore", "citation": "Rundskriv 01/2017 (integreringstilskudd)"},
    "year_2 2017": {"value": "23000000", "unit": "ore", "citation": "Rundskriv 01/2017 (integreringstilskudd)"},
}
# Municipality, code, origin year and term, kind, øre: two ordinary sums and a correction that is carried on.
LINES = (
    ("0101", "AR-1", 2017, 1, "due", 185_000_00),
    ("0101", "AR-2", 2017, 1, "due", 57_500_00),
    ("0104", "AR-2", 2017, 1, "due", 57_500_00),
    ("0105", "AR-2", 2016, 4, "correction", -57_500_00),
)


def make_run(
    state: State = State.PREPARED, *, by: User | None = None, approved_by: User | None = None, **changes: Any
) -> EntitlementRun:
    """A run of the integration grant for three municipalities, step by step, as the guards demand."""
    usual: dict[str, Any] = {"scheme": "integration", "year": 2017, "term": 1}
    run = EntitlementRun.objects.create(prepared_by=by or finance("kari"), prepared_at=PREPARED_AT, **usual | changes)
    for number, (municipality, code, year, term, kind, ore) in enumerate(LINES):
        person, _ = Person.objects.get_or_create(person_ref=f"P-{run.pk}-{number}")
        EntitlementLine.objects.create(
            run=run, person=person, municipality_number=municipality, code=code, origin_year=year, origin_term=term,
            kind=kind, amount_ore=ore,
        )  # fmt: skip
    for municipality in sorted({line[0] for line in LINES}):
        due = sum(line[5] for line in LINES if line[0] == municipality)
        RunPayable.objects.create(
            run=run, municipality_number=municipality, due_ore=due, carried_in_ore=0, paid_ore=max(due, 0),
            carried_out_ore=min(due, 0),
        )  # fmt: skip
    if state == State.PREPARING:
        return run
    run.lines_count, run.total_ore = len(LINES), sum(line[5] for line in LINES)
    run.rates_used, run.difference, run.digest, run.state = RATES, DIFFERENCE, "d" * 64, State.PREPARED
    run.save()
    if state in (State.APPROVED, State.PAID):
        Approval.objects.create(
            subject=f"run:{run.pk}", digest=run.digest, proposed_by=run.prepared_by,
            approved_by=approved_by or finance("mona"),
        )  # fmt: skip
        run.state, run.booked_on = State.APPROVED, date(2017, 3, 15)
        run.approval_number = EntitlementRun.objects.booked().filter(scheme=run.scheme).count() + 1
        run.save()
    if state == State.PAID:
        run.state = State.PAID
        run.save()
    return run


DIFFERENCE = {
    "changes": {
        "new": {"lines": 3, "total_ore": 300_000_00},
        "changed": {"lines": 0, "total_ore": 0},
        "reversed": {"lines": 1, "total_ore": -57_500_00},
    },
    "carried_forward_ore": -57_500_00,
    "carried_in_ore": 0,
    "largest": [
        {"municipality": "0105", "due_ore": -57_500_00, "corrections_ore": -57_500_00},
        {"municipality": "0101", "due_ore": 242_500_00, "corrections_ore": 0},
    ],
}


def make_member(username: str, municipality: str = "0101", role: Role = Role.EDITOR) -> User:
    """Somebody who acts for a municipality."""
    user, _ = User.objects.get_or_create(username=username, defaults={"subject": username})
    organisation = Organisation.objects.municipalities().get(municipality_number=municipality)
    Membership.objects.get_or_create(user=user, organisation=organisation, role=role)
    return user
