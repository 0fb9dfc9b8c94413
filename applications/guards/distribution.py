"""Guards of the distribution: what is sent on stands, a round keeps its lines, and a line is done once."""

from grants.shared.guards import Guard, append_only


def _sent(row: str) -> str:
    """The row belongs to a scenario that is sent on."""
    return f"EXISTS (SELECT 1 FROM applications_scenario s WHERE s.id = {row}.scenario_id AND s.sent_at IS NOT NULL)"  # noqa: S608


_LINES = "applications_scenarioline"
_LOCKED = "a scenario that is sent on never changes: copy it"
_FROZEN = ("id", "batch_id", "application_id", "version", "amount_ore", "reason")
_MOVES = (
    "OLD.state <> 'waiting' OR NEW.state NOT IN ('done', 'failed') "
    "OR (OLD.decision_id IS NOT NULL AND COALESCE(NEW.decision_id, 0) <> OLD.decision_id)"
    + "".join(f" OR NEW.{column} <> OLD.{column}" for column in _FROZEN)
)

GUARDS: tuple[Guard, ...] = (
    Guard("scenario_sent_never_changes", "applications_scenario", "UPDATE", _LOCKED, when="OLD.sent_at IS NOT NULL"),
    Guard("scenario_never_goes", "applications_scenario", "DELETE", "a scenario is never removed"),
    Guard("scenario_sent_takes_no_line", _LINES, "INSERT", _LOCKED, when=_sent("NEW")),
    Guard("scenario_sent_keeps_its_lines", _LINES, "UPDATE", _LOCKED, when=f"{_sent('OLD')} OR {_sent('NEW')}"),
    Guard("scenario_sent_loses_no_line", _LINES, "DELETE", _LOCKED, when=_sent("OLD")),
    *append_only("applications_batch"),
    Guard(
        "batch_line_is_born_waiting", "applications_batchline", "INSERT",
        "a line of a round begins as waiting", when="NEW.state <> 'waiting'",
    ),
    Guard(
        "batch_line_is_done_once", "applications_batchline", "UPDATE",
        "a line of a round is done once, as it was put in", when=_MOVES,
    ),
    Guard("batch_line_never_goes", "applications_batchline", "DELETE", "a line of a round is never removed"),
)  # fmt: skip
