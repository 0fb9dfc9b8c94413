"""What the pages show of runs: questions only, each with a name. Somebody else's run or letter is simply not found."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from grants.law.municipalities import MUNICIPALITIES
from grants.law.registry import SCHEMES
from grants.models import (
    Approval,
    EntitlementLine,
    EntitlementRun,
    Letter,
    Membership,
    Organisation,
    RunPayable,
    User,
)


def runs(*, year: int | None = None, state: str = "") -> QuerySet[EntitlementRun]:
    """The runs, the newest first."""
    found = EntitlementRun.objects.select_related("prepared_by").exclude(state=EntitlementRun.State.PREPARING)
    if year is not None:
        found = found.filter(year=year)
    if state:
        found = found.filter(state=state)
    return found.order_by("-pk")


def years_with_runs() -> list[int]:
    """The years that have runs, the newest first."""
    return list(EntitlementRun.objects.order_by("-year").values_list("year", flat=True).distinct())


def paid_ore(chosen: Iterable[EntitlementRun]) -> dict[int, int]:
    """What each run pays, by its number."""
    sums = RunPayable.objects.filter(run__in=[run.pk for run in chosen]).order_by().values_list("run")
    return {run: int(ore) for run, ore in sums.annotate(sum=Sum("paid_ore"))}


def approval_of(run: EntitlementRun) -> Approval | None:
    """Who approved the run, and when."""
    return Approval.objects.select_related("approved_by").filter(subject=f"run:{run.pk}").first()


def payables_of(run: EntitlementRun, *, search: str = "") -> QuerySet[RunPayable]:
    """What each municipality is paid in a run, found by number or by any part of the name."""
    found = RunPayable.objects.filter(run=run).order_by("municipality_number")
    words = search.strip().casefold()
    if not words:
        return found
    named = [number for number, one in MUNICIPALITIES.items() if words in one.name.casefold()]
    return found.filter(Q(municipality_number__in=named) | Q(municipality_number__startswith=words))


def payable_of(run: EntitlementRun, municipality_number: str) -> RunPayable | None:
    """What one municipality is paid in a run."""
    return RunPayable.objects.filter(run=run, municipality_number=municipality_number).first()


def sums_of(run: EntitlementRun) -> dict[str, int]:
    """The bottom line of the payables: due, carried in, paid and carried out."""
    columns = ("due_ore", "carried_in_ore", "paid_ore", "carried_out_ore")
    sums = {column: Coalesce(Sum(column), 0) for column in columns}
    found = RunPayable.objects.filter(run=run).aggregate(**sums, municipalities=Count("pk"))
    return {name: int(value) for name, value in found.items()}


def codes_of(run: EntitlementRun, *, municipality_number: str = "") -> list[dict[str, Any]]:
    """Lines and sums by code and kind, of the whole run or of one municipality."""
    lines = EntitlementLine.objects.filter(run=run)
    if municipality_number:
        lines = lines.filter(municipality_number=municipality_number)
    rows = lines.order_by("code", "kind").values("code", "kind")
    return [{**row, "sum": int(row["sum"])} for row in rows.annotate(lines=Count("pk"), sum=Sum("amount_ore"))]


def lines_of(run: EntitlementRun, municipality_number: str) -> QuerySet[EntitlementLine]:
    """The person-lines of one municipality in a run. A person under address protection has no reference here."""
    return (
        EntitlementLine.objects.filter(run=run, municipality_number=municipality_number)
        .select_related("person")
        .order_by("code", "origin_year", "origin_term", "pk")
    )


def letter_of(run: EntitlementRun, municipality_number: str) -> Letter | None:
    """The letter of a run to a municipality, when it has been made."""
    letters = Letter.objects.select_related("run", "recipient").filter(run=run)
    return letters.filter(recipient__municipality_number=municipality_number, recipient__parent=None).first()


def letters_of(run: EntitlementRun) -> int:
    """How many letters of the run have been made."""
    return Letter.objects.filter(run=run).count()


def is_scheme(code: str) -> bool:
    """Is it one of the schemes (and not a transfer outside them)?"""
    return code in SCHEMES


def acts_for(user: User) -> list[Organisation]:
    """The organisations that a person acts for."""
    acting = Membership.objects.filter(user=user).values("organisation")
    return list(Organisation.objects.filter(pk__in=acting).order_by("name"))


def payments_to(organisations: Iterable[Organisation]) -> QuerySet[RunPayable]:
    """What booked runs pay the municipalities among these organisations, the newest first."""
    numbers = [one.municipality_number for one in organisations if one.municipality_number and one.parent_id is None]
    booked = EntitlementRun.objects.booked()
    found = RunPayable.objects.filter(run__in=booked, municipality_number__in=numbers)
    return found.select_related("run").order_by("-run__booked_on", "-run")
