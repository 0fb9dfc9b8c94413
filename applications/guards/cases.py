"""Guards of the cases: what is published or sent in never changes, and a decision takes two people and fits its envelope."""

from grants.shared.guards import Guard, append_only

_APPROVED_BY_ANOTHER = (
    "EXISTS (SELECT 1 FROM grants_approval a WHERE a.subject = 'decision:' || OLD.id AND a.digest = OLD.digest "
    "AND a.proposed_by_id = OLD.prepared_by_id AND a.approved_by_id <> OLD.prepared_by_id)"
)
# A decision that takes another's place springs from an appeal that is decided, or from a reversal that is, of which the
# recipient has been told where it is to loss; and the other has given way.
_HAS_ITS_CAUSE = """(
  EXISTS (SELECT 1 FROM applications_appealoutcome o WHERE o.successor_id = OLD.id AND o.state = 'decided')
  OR EXISTS (SELECT 1 FROM applications_reversal v WHERE v.successor_id = OLD.id AND v.state = 'decided'
    AND (v.to_ore > v.from_ore OR v.answered_at IS NOT NULL OR v.answer_by < NEW.decided_on))
)"""
_PLACE_IS_FREE = f"""(OLD.replaces_id IS NULL OR (
  EXISTS (SELECT 1 FROM applications_decision r WHERE r.id = OLD.replaces_id AND r.state = 'reversed'
    AND r.replaced_by_id = OLD.id)
  AND {_HAS_ITS_CAUSE}
))"""  # noqa: S608
_GIVES_WAY = """EXISTS (
  SELECT 1 FROM applications_decision s JOIN grants_approval a ON a.subject = 'decision:' || s.id
  WHERE s.id = NEW.replaced_by_id AND s.replaces_id = OLD.id AND s.state = 'proposed' AND a.digest = s.digest
  AND a.proposed_by_id = s.prepared_by_id AND a.approved_by_id <> s.prepared_by_id
)"""
_MOVES = f"""NOT (
  (OLD.state = 'proposed' AND NEW.state = 'returned' AND NEW.decided_on IS NULL)
  OR (OLD.state = 'proposed' AND NEW.state = 'decided' AND {_APPROVED_BY_ANOTHER} AND {_PLACE_IS_FREE})
  OR (OLD.state = 'decided' AND NEW.state = 'reversed' AND NEW.decided_on = OLD.decided_on AND {_GIVES_WAY})
)"""
# What a proposal replaces stands in its own case.
_REPLACES_A_STRANGER = """NEW.replaces_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM applications_decision r WHERE r.id = NEW.replaces_id AND r.application_id = NEW.application_id
  AND r.call_id = NEW.call_id AND r.state = 'decided'
)"""
_FROZEN = (
    "id", "application_id", "call_id", "outcome", "applied_ore", "amount_ore", "reason", "digest", "prepared_by_id",
    "prepared_at",
)  # fmt: skip
_CHANGED = (
    " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _FROZEN)
    + " OR CAST(NEW.grounds AS TEXT) <> CAST(OLD.grounds AS TEXT)"
    + " OR COALESCE(NEW.replaces_id, 0) <> COALESCE(OLD.replaces_id, 0)"
)
_BEYOND_ENVELOPE = """NEW.state = 'decided' AND (
  SELECT COALESCE(SUM(d.amount_ore), 0) FROM applications_decision d
  WHERE d.call_id = NEW.call_id AND d.state = 'decided' AND d.id <> NEW.id
  AND NOT EXISTS (SELECT 1 FROM applications_acceptance a WHERE a.decision_id = d.id AND a.answer = 'declined')
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
        "decision_replaces_in_its_case", "applications_decision", "INSERT",
        "a decision takes the place of the one that stands in its case", when=_REPLACES_A_STRANGER,
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
