"""Tables, one file per subject."""

from applications.models.appeal import Appeal, AppealOutcome, MinistryAnswer
from applications.models.application import Application, CaseCounter, CaseDocument, CaseEvent, State, Submission
from applications.models.assessment import Declaration, Finding, Ruling, Score
from applications.models.attachment import Attachment, AttachmentState, SubmittedAttachment
from applications.models.call import Call
from applications.models.change_request import ChangeRequest
from applications.models.decision import Decision, Succession
from applications.models.distribution import Batch, BatchLine, Scenario, ScenarioLine
from applications.models.health import HealthAccess, HealthAnswer, HealthLook, HealthRecord, HealthSubmission
from applications.models.invitation import Invitation
from applications.models.presence import Note, Presence
from applications.models.queue import CaseText, FirstView, SavedView
from applications.models.report import Report, ReportReview, ReportSubmission, UnspentFinding
from applications.models.reversal import Overpaid, Reversal
from applications.models.terms import Acceptance, Deadline, Terms

__all__ = [
    "Acceptance",
    "Appeal",
    "AppealOutcome",
    "Application",
    "Attachment",
    "AttachmentState",
    "Batch",
    "BatchLine",
    "Call",
    "CaseCounter",
    "CaseDocument",
    "CaseEvent",
    "CaseText",
    "ChangeRequest",
    "Deadline",
    "Decision",
    "Declaration",
    "Finding",
    "FirstView",
    "HealthAccess",
    "HealthAnswer",
    "HealthLook",
    "HealthRecord",
    "HealthSubmission",
    "Invitation",
    "MinistryAnswer",
    "Note",
    "Overpaid",
    "Presence",
    "Report",
    "ReportReview",
    "ReportSubmission",
    "Reversal",
    "Ruling",
    "SavedView",
    "Scenario",
    "ScenarioLine",
    "Score",
    "State",
    "Submission",
    "SubmittedAttachment",
    "Succession",
    "Terms",
    "UnspentFinding",
]
