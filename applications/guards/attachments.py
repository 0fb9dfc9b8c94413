"""Guards of the attachments: a file is what came in, a scanner's word stands, and what was sent in stays."""

from grants.shared.guards import Guard, append_only

_TABLE = "applications_attachment"
_FACTS = (
    "id", "application_id", "place", "name", "media_type", "size", "sha256", "path", "uploaded_by_id", "uploaded_at",
)  # fmt: skip
_MOVES = """NOT (
  OLD.state = NEW.state
  OR (OLD.state = 'quarantined' AND NEW.state IN ('clean', 'unscanned', 'refused'))
  OR (OLD.state = 'unscanned' AND NEW.state IN ('clean', 'refused'))
)"""
_SENT = "EXISTS (SELECT 1 FROM applications_submittedattachment s WHERE s.attachment_id = OLD.id)"
_REMOVED_AGAIN = "OLD.removed_at IS NOT NULL AND (NEW.removed_at IS NULL OR NEW.removed_at <> OLD.removed_at)"
_OF_ITS_CASE = """NEW.attachment_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM applications_casedocument d JOIN applications_attachment a ON a.application_id = d.application_id
  WHERE d.id = NEW.attached_to_id AND d.attached_to_id IS NULL AND d.application_id = NEW.application_id
  AND a.id = NEW.attachment_id AND a.sha256 = NEW.sha256
  AND EXISTS (SELECT 1 FROM applications_submittedattachment s WHERE s.attachment_id = a.id)
)"""

GUARDS: tuple[Guard, ...] = (
    Guard(
        "attachment_begins_in_quarantine", _TABLE, "INSERT",
        "an attachment begins in quarantine", when="NEW.state <> 'quarantined' OR NEW.removed_at IS NOT NULL",
    ),
    Guard(
        "attachment_is_what_came_in", _TABLE, "UPDATE",
        "an attachment is never changed: upload another", when=" OR ".join(f"NEW.{one} <> OLD.{one}" for one in _FACTS),
    ),
    Guard(
        "attachment_keeps_its_verdict", _TABLE, "UPDATE",
        "what the scanner said of an attachment stands", when=_MOVES,
    ),
    Guard(
        "attachment_sent_stays", _TABLE, "UPDATE",
        "an attachment that was sent in is never removed", when=f"NEW.removed_at IS NOT NULL AND {_SENT}",
    ),
    Guard(
        "attachment_removed_stays_removed", _TABLE, "UPDATE",
        "an attachment that was removed does not come back", when=_REMOVED_AGAIN,
    ),
    Guard("attachment_row_never_goes", _TABLE, "DELETE", "the row of an attachment is never removed"),
    Guard(
        "attachment_sent_is_there", "applications_submittedattachment", "INSERT",
        "what is sent in is there, and is not refused",
        when=(
            "EXISTS (SELECT 1 FROM applications_attachment a WHERE a.id = NEW.attachment_id "
            "AND (a.removed_at IS NOT NULL OR a.state = 'refused' OR a.sha256 <> NEW.sha256))"
        ),
    ),
    *append_only("applications_submittedattachment"),
    Guard(
        "attachment_is_recorded_in_its_case", "applications_casedocument", "INSERT",
        "an attachment is recorded with a document of its own case, as the file that was sent", when=_OF_ITS_CASE,
    ),
)  # fmt: skip
