"""Guards of the cases: what is published or sent in never changes, and a decision takes two people and fits its envelope."""

from grants.shared.guards import Guard, append_only

_APPROVED_BY_ANOTHER = (
    "EXISTS (SELECT 1 FROM grants_approval a WHERE a.subject = 'decision:' || OLD.id AND a.digest = OLD.digest "
    "AND a.proposed_by_id = OLD.prepared_by_id AND a.approved_by_id <> OLD.prepared_by_id)"
)
_MOVES = f"""NOT (
  (OLD.state = 'proposed' AND NEW.state = 'returned' AND NEW.decided_on IS NULL)
  OR (OLD.state = 'proposed' AND NEW.state = 'decided' AND {_APPROVED_BY_ANOTHER})
)"""
_FROZEN = (
    "id", "application_id", "call_id", "outcome", "applied_ore", "amount_ore", "reason", "digest", "prepared_by_id",
    "prepared_at",
)  # fmt: skip
_CHANGED = (
    " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _FROZEN)
    + " OR CAST(NEW.grounds AS TEXT) <> CAST(OLD.grounds AS TEXT)"
)
_BEYOND_ENVELOPE = """NEW.state = 'decided' AND (
  SELECT COALESCE(SUM(d.amount_ore), 0) FROM applications_decision d
  WHERE d.call_id = NEW.call_id AND d.state = 'decided' AND d.id <> NEW.id
) + NEW.amount_ore > (SELECT c.envelope_ore FROM applications_call c WHERE c.id = NEW.call_id)"""

GUARDS: tuple[Guard, ...] = (
    Guard(
        "call_published_never_changes", "applications_call", "UPDATE",
        "a published call is never changed: announce a new one", when="OLD.published_at IS NOT NULL",
    ),
    Guard(
        "call_published_never_goes", "applications_call", "DELETE",
        "a published call is never removed", when="OLD.published_at IS NOT NULL",
    ),
    Guard(
        "application_never_goes", "applications_application", "DELETE",
        "a case is never removed: it is withdrawn",
    ),
    *append_only("applications_submission"),
    *append_only("applications_caseevent"),
    *append_only("applications_casedocument"),
    *append_only("applications_finding"),
    *append_only("applications_ruling"),
    *append_only("applications_score"),
    *append_only("applications_declaration"),
    Guard(
        "decision_is_born_as_proposal", "applications_decision", "INSERT",
        "a decision begins as a proposal; approval comes later", when="NEW.state <> 'proposed'",
    ),
    Guard(
        "decision_moves_with_approval", "applications_decision", "UPDATE",
        "a decision is made by another person than the one who proposed it", when=_MOVES,
    ),
    Guard(
        "decision_is_frozen", "applications_decision", "UPDATE",
        "a proposal is never changed: propose again", when=_CHANGED,
    ),
    Guard(
        "decision_within_envelope", "applications_decision", "UPDATE",
        "the decisions of a call never pass its envelope", when=_BEYOND_ENVELOPE,
        lock_postgresql="PERFORM 1 FROM applications_call c WHERE c.id = NEW.call_id FOR UPDATE;",
    ),
    Guard("decision_never_goes", "applications_decision", "DELETE", "a decision is never removed"),
)  # fmt: skip
