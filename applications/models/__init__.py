"""Tables, one file per subject."""

from applications.models.application import Application, CaseCounter, CaseDocument, CaseEvent, State, Submission
from applications.models.assessment import Declaration, Finding, Ruling, Score
from applications.models.call import Call
from applications.models.decision import Decision

__all__ = [
    "Application",
    "Call",
    "CaseCounter",
    "CaseDocument",
    "CaseEvent",
    "Decision",
    "Declaration",
    "Finding",
    "Ruling",
    "Score",
    "State",
    "Submission",
]
