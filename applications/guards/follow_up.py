"""Guards of what follows a grant: answers, terms, reports and findings only grow, and two people stand behind each."""

from grants.shared.guards import Guard, append_only

_NOT_THE_TERMS_IN_FORCE = """NOT EXISTS (
  SELECT 1 FROM applications_terms t
  WHERE t.id = NEW.terms_id AND t.decision_id = NEW.decision_id AND t.sha256 = NEW.sha256
  AND t.number = (SELECT MAX(n.number) FROM applications_terms n WHERE n.decision_id = NEW.decision_id)
)"""
_MORE_THAN_GRANTED = """NEW.amount_ore > (SELECT d.amount_ore FROM applications_decision d WHERE d.id = NEW.decision_id)
  OR NEW.amount_ore > (
    SELECT MIN(t.amount_ore) FROM applications_terms t WHERE t.decision_id = NEW.decision_id AND t.number < NEW.number
  )"""
_CHANGE_APPROVED_BY_ANOTHER = (
    "EXISTS (SELECT 1 FROM grants_approval a WHERE a.subject = 'change:' || OLD.id AND a.digest = OLD.digest "
    "AND a.proposed_by_id = OLD.recommended_by_id AND a.approved_by_id <> OLD.recommended_by_id)"
)
_CHANGE_MOVES = f"""NOT (
  (OLD.state = 'asked' AND NEW.state = 'recommended' AND NEW.decided_on IS NULL)
  OR (OLD.state = 'recommended' AND NEW.state IN ('approved', 'refused') AND {_CHANGE_APPROVED_BY_ANOTHER}
    AND NEW.digest = OLD.digest AND NEW.recommended_by_id = OLD.recommended_by_id
    AND NEW.recommendation = OLD.recommendation AND NEW.recommends_approval = OLD.recommends_approval)
)"""
_CHANGE_ASKED = ("id", "application_id", "decision_id", "number", "text", "asked_by_id", "asked_on")
_CHANGE_CHANGED = (
    " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _CHANGE_ASKED)
    + " OR CAST(NEW.wanted AS TEXT) <> CAST(OLD.wanted AS TEXT)"
)
_FINDING_WITHOUT_TWO_PEOPLE = """NOT EXISTS (
  SELECT 1 FROM applications_reportreview r
  JOIN applications_reportsubmission s ON s.id = r.submission_id
  JOIN applications_report p ON p.id = s.report_id
  JOIN grants_approval a ON a.subject = 'report_review:' || r.id
  WHERE r.id = NEW.review_id AND r.verdict = 'unspent' AND r.amount_ore = NEW.amount_ore
  AND p.decision_id = NEW.decision_id AND p.application_id = NEW.application_id
  AND a.digest = r.digest AND a.proposed_by_id = r.by_id AND a.approved_by_id <> r.by_id
)"""
_REPORT_MOVES = """NEW.state <> OLD.state AND NOT (
  (OLD.state IN ('open', 'returned') AND NEW.state = 'submitted')
  OR (OLD.state = 'submitted' AND NEW.state IN ('returned', 'approved', 'proposed'))
  OR (OLD.state = 'proposed' AND NEW.state = 'submitted')
  OR (OLD.state = 'proposed' AND NEW.state = 'unspent'
    AND EXISTS (SELECT 1 FROM applications_unspentfinding f WHERE f.decision_id = OLD.decision_id))
)"""

GUARDS: tuple[Guard, ...] = (
    *append_only("applications_terms"),
    *append_only("applications_acceptance"),
    *append_only("applications_deadline"),
    *append_only("applications_reportsubmission"),
    *append_only("applications_reportreview"),
    *append_only("applications_unspentfinding"),
    Guard(
        "terms_amount_never_rises", "applications_terms", "INSERT",
        "the terms of a grant are never for more than was granted", when=_MORE_THAN_GRANTED,
    ),
    Guard(
        "acceptance_is_of_the_terms_in_force", "applications_acceptance", "INSERT",
        "what is answered is the newest terms of the decision, as they were read", when=_NOT_THE_TERMS_IN_FORCE,
    ),
    Guard(
        "change_is_born_as_asked", "applications_changerequest", "INSERT",
        "a change request begins as asked; the answer comes later", when="NEW.state <> 'asked'",
    ),
    Guard(
        "change_moves_with_approval", "applications_changerequest", "UPDATE",
        "a change request is decided by another person than the one who recommended it", when=_CHANGE_MOVES,
    ),
    Guard(
        "change_is_frozen", "applications_changerequest", "UPDATE",
        "what a recipient asked for is never changed: ask again", when=_CHANGE_CHANGED,
    ),
    Guard("change_never_goes", "applications_changerequest", "DELETE", "a change request is never removed"),
    Guard("report_never_goes", "applications_report", "DELETE", "a report is never removed"),
    Guard(
        "report_moves_step_by_step", "applications_report", "UPDATE",
        "a report changes state only step by step, and unspent money takes a finding", when=_REPORT_MOVES,
    ),
    Guard(
        "unspent_takes_two_people", "applications_unspentfinding", "INSERT",
        "unspent money is found by one person and approved by another", when=_FINDING_WITHOUT_TWO_PEOPLE,
    ),
)  # fmt: skip
