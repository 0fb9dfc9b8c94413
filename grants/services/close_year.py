"""Close the books of a budget year: a guard in the database refuses every later line."""

from django.db import IntegrityError, transaction

from grants.budget.cells import budget_year
from grants.models import AuditEvent, ClosedYear, LedgerEntry, Role, User
from grants.shared.errors import NotAllowed, YearIsClosed


@transaction.atomic
def close_year(year: int, *, by: User) -> ClosedYear:
    """Close a year for postings. It is never opened again: later corrections are booked in a later year."""
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(f"{by.username} may not close a year: that takes the role finance.")
    year = budget_year(year)
    closed = ClosedYear.objects.select_related("closed_by").filter(year=year).first()
    if closed is not None:
        raise YearIsClosed(f"{year} was closed by {closed.closed_by.username} on {closed.closed_at:%Y-%m-%d} already.")
    try:
        with transaction.atomic():
            closed = ClosedYear.objects.create(year=year, closed_by=by)
    except IntegrityError:
        raise YearIsClosed(f"{year} was closed by somebody else a moment ago.") from None
    lines = LedgerEntry.objects.filter(budget_year=year).count()
    AuditEvent.objects.create(by=by, verb="close_year", subject=f"year:{year}", details={"lines": lines})
    return closed
