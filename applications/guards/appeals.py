"""Guards of appeals and reversals: other people than the first two, what is sent stands, and no successor without approval."""

from grants.shared.guards import Guard, append_only


def _changed(*columns: str) -> str:
    """Some of these columns are changed; an empty one counts as a value."""
    return " OR ".join(
        f"COALESCE(CAST(NEW.{column} AS TEXT), '') <> COALESCE(CAST(OLD.{column} AS TEXT), '')" for column in columns
    )


def _one_of_the_first_two(person: str, decision: str) -> str:
    """Did this person prepare or decide this decision?"""
    return f"""(
  EXISTS (SELECT 1 FROM applications_decision f WHERE f.id = {decision} AND f.prepared_by_id = {person})
  OR EXISTS (SELECT 1 FROM grants_approval g WHERE g.subject = 'decision:' || {decision}
    AND g.approved_by_id = {person})
)"""  # noqa: S608


_CLOSED = "('reversed', 'reversed_part', 'confirmed', 'kept', 'dismissed', 'withdrawn')"
_SENT_FROZEN = (
    "OLD.state <> 'draft' AND ("
    + _changed(
        "application_id", "decision_id", "kind", "grounds", "wanted", "late_reason", "submitted_by_id", "submitted_at",
        "case_year", "case_number", "reached_on", "last_day", "is_late",
    )
    + ")"
)  # fmt: skip
_CAME_TO = (
    "EXISTS (SELECT 1 FROM applications_appealoutcome o LEFT JOIN applications_decision s ON s.id = o.successor_id "
    "WHERE o.appeal_id = OLD.id AND o.state = 'decided' AND o.outcome IN ({outcomes}) "
    "AND (o.successor_id IS NULL OR s.state = 'decided'))"
)
_MINISTRY_SAID = (
    "EXISTS (SELECT 1 FROM applications_ministryanswer m WHERE m.appeal_id = OLD.id AND m.outcome = '{outcome}')"
)
_REVERSING = "'reverse', 'reverse_in_part'"
_MOVES = f"""NEW.state <> OLD.state AND NOT (
  (OLD.state = 'draft' AND NEW.state IN ('received', 'withdrawn'))
  OR (OLD.state = 'received' AND NEW.state IN ('in_progress', 'withdrawn'))
  OR (OLD.state = 'in_progress' AND NEW.state IN ('awaiting', 'proposed', 'withdrawn'))
  OR (OLD.state = 'awaiting' AND NEW.state IN ('in_progress', 'withdrawn'))
  OR (OLD.state = 'to_carry_out' AND NEW.state = 'proposed')
  OR (OLD.state = 'proposed' AND NEW.state IN ('in_progress', 'to_carry_out'))
  OR (OLD.state = 'proposed' AND NEW.state IN ('reversed', 'reversed_part')
    AND {_CAME_TO.format(outcomes=_REVERSING)})
  OR (OLD.state = 'proposed' AND NEW.state = 'upheld' AND OLD.kind = 'appeal'
    AND {_CAME_TO.format(outcomes="'uphold'")})
  OR (OLD.state = 'proposed' AND NEW.state = 'kept' AND OLD.kind = 'review'
    AND {_CAME_TO.format(outcomes="'uphold'")})
  OR (OLD.state = 'proposed' AND NEW.state = 'dismissed' AND {_CAME_TO.format(outcomes="'dismiss'")})
  OR (OLD.state = 'upheld' AND NEW.state IN ('forwarded', 'withdrawn'))
  OR (OLD.state = 'forwarded' AND NEW.state = 'withdrawn')
  OR (OLD.state = 'forwarded' AND NEW.state = 'confirmed' AND {_MINISTRY_SAID.format(outcome="upheld")})
  OR (OLD.state = 'forwarded' AND NEW.state = 'to_carry_out' AND {_MINISTRY_SAID.format(outcome="reversed")})
  OR (OLD.state = 'forwarded' AND NEW.state = 'in_progress' AND {_MINISTRY_SAID.format(outcome="sent_back")})
)"""
_OUTCOME_APPROVED = f"""EXISTS (
  SELECT 1 FROM grants_approval a WHERE a.subject = 'appeal_outcome:' || OLD.id AND a.digest = OLD.digest
  AND a.proposed_by_id = OLD.prepared_by_id AND a.approved_by_id <> OLD.prepared_by_id
  AND NOT {_one_of_the_first_two("a.approved_by_id", "OLD.appealed_id")}
)"""  # noqa: S608
_OUTCOME_MOVES = f"""NOT (
  (OLD.state = 'proposed' AND NEW.state = 'returned' AND NEW.decided_on IS NULL)
  OR (OLD.state = 'proposed' AND NEW.state = 'decided' AND {_OUTCOME_APPROVED})
)"""
_OF_ITS_APPEAL = (
    "EXISTS (SELECT 1 FROM applications_appeal p WHERE p.id = NEW.appeal_id AND p.decision_id = NEW.appealed_id "
    "AND p.handler_id = NEW.prepared_by_id)"
)
_SUCCEEDS = (
    "EXISTS (SELECT 1 FROM applications_decision s WHERE s.id = NEW.successor_id AND s.replaces_id = {replaced} "
    "AND s.prepared_by_id = {by})"
)
_APPROVED_SUCCESSOR = (
    "EXISTS (SELECT 1 FROM applications_decision s JOIN grants_approval a ON a.subject = 'decision:' || s.id "
    "WHERE s.id = OLD.successor_id AND a.digest = s.digest AND a.proposed_by_id = s.prepared_by_id "
    "AND a.approved_by_id <> s.prepared_by_id AND s.amount_ore = OLD.to_ore AND s.replaces_id = OLD.decision_id)"
)
_REVERSAL_MOVES = f"""NEW.state <> OLD.state AND NOT (
  (OLD.state IN ('noticed', 'begun') AND NEW.state = 'dropped')
  OR (OLD.state IN ('noticed', 'begun') AND NEW.state = 'proposed')
  OR (OLD.state = 'proposed' AND NEW.state IN ('noticed', 'begun'))
  OR (OLD.state = 'proposed' AND NEW.state = 'decided' AND {_APPROVED_SUCCESSOR})
)"""
_REVERSAL_FROZEN = _changed(
    "application_id", "decision_id", "ground", "from_ore", "to_ore", "reason", "begun_by_id", "begun_at", "answer_by"
)
_SUCCESSION = """NOT EXISTS (
  SELECT 1 FROM applications_decision s JOIN applications_decision r ON r.id = s.replaces_id
  WHERE s.id = NEW.successor_id AND r.id = NEW.replaced_id AND s.state = 'decided' AND r.state = 'reversed'
  AND r.replaced_by_id = s.id
)"""

GUARDS: tuple[Guard, ...] = (
    Guard(
        "appeal_is_born_as_draft", "applications_appeal", "INSERT",
        "an appeal begins as a draft", when="NEW.state <> 'draft'",
    ),
    Guard(
        "appeal_has_another_handler", "applications_appeal", "UPDATE",
        "an appeal is handled by another person than those who prepared and decided the decision",
        when=f"NEW.handler_id IS NOT NULL AND {_one_of_the_first_two('NEW.handler_id', 'NEW.decision_id')}",
    ),
    Guard(
        "appeal_sent_never_changes", "applications_appeal", "UPDATE",
        "an appeal that is sent in is never changed", when=_SENT_FROZEN,
    ),
    Guard(
        "appeal_closed_never_changes", "applications_appeal", "UPDATE",
        "an appeal that is answered is never changed", when=f"OLD.state IN {_CLOSED}",
    ),
    Guard(
        "appeal_moves_with_its_outcome", "applications_appeal", "UPDATE",
        "an appeal comes to what two people have approved, or to what the ministry answered", when=_MOVES,
    ),
    Guard("appeal_never_goes", "applications_appeal", "DELETE", "an appeal is never removed: it is withdrawn"),
    Guard(
        "appeal_outcome_is_born_as_proposal", "applications_appealoutcome", "INSERT",
        "an outcome begins as a proposal of the handler of the appeal",
        when=f"NEW.state <> 'proposed' OR NOT {_OF_ITS_APPEAL} OR (NEW.successor_id IS NOT NULL AND NOT "
        + _SUCCEEDS.format(replaced="NEW.appealed_id", by="NEW.prepared_by_id") + ")",
    ),
    Guard(
        "appeal_outcome_moves_with_approval", "applications_appealoutcome", "UPDATE",
        "an appeal is decided by another person than its handler and the first two", when=_OUTCOME_MOVES,
    ),
    Guard(
        "appeal_outcome_is_frozen", "applications_appealoutcome", "UPDATE",
        "a proposed outcome is never changed: propose again",
        when=_changed(
            "appeal_id", "appealed_id", "successor_id", "outcome", "reason", "digest", "prepared_by_id", "prepared_at"
        ),
    ),
    Guard(
        "appeal_outcome_never_goes", "applications_appealoutcome", "DELETE", "a proposed outcome is never removed",
    ),
    *append_only("applications_ministryanswer"),
    Guard(
        "reversal_is_born_unproposed", "applications_reversal", "INSERT",
        "a reversal begins with a notice, or unproposed where it is to gain",
        when="NEW.state NOT IN ('noticed', 'begun') OR (NEW.to_ore < NEW.from_ore AND NEW.state <> 'noticed')",
    ),
    Guard(
        "reversal_moves_with_approval", "applications_reversal", "UPDATE",
        "a reversal is decided by another person than the one who proposed it", when=_REVERSAL_MOVES,
    ),
    Guard(
        "reversal_closed_never_changes", "applications_reversal", "UPDATE",
        "a reversal that is decided or put away is never changed", when="OLD.state IN ('decided', 'dropped')",
    ),
    Guard(
        "reversal_answer_never_changes", "applications_reversal", "UPDATE",
        "what the recipient answered is never changed",
        when=f"OLD.answered_at IS NOT NULL AND ({_changed('answer', 'answered_by_id', 'answered_at')})",
    ),
    Guard(
        "reversal_is_frozen", "applications_reversal", "UPDATE",
        "what a reversal gives notice of is never changed: begin another", when=_REVERSAL_FROZEN,
    ),
    Guard("reversal_never_goes", "applications_reversal", "DELETE", "a reversal is never removed: it is put away"),
    Guard(
        "succession_is_of_decided", "applications_succession", "INSERT",
        "a decision takes another place only when it is decided and the other reversed", when=_SUCCESSION,
    ),
    *append_only("applications_succession"),
    *append_only("applications_overpaid"),
)  # fmt: skip
