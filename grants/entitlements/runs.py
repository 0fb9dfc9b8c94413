"""Find a run by its number."""

from grants.models import EntitlementRun
from grants.shared.errors import Refused


def run_numbered(number: int) -> EntitlementRun:
    """The run of this number, or a refusal."""
    run = EntitlementRun.objects.filter(pk=number).first()
    if run is None:
        raise Refused(f"There is no run {number}.")
    return run
