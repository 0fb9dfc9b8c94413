"""Tables, one file per subject."""

from grants.models.appropriation import AppropriationDecision, BudgetPost, OutsideAccount
from grants.models.approval import Approval
from grants.models.audit import AuditEvent, PersonLook
from grants.models.claim import ClaimFact
from grants.models.job import Job
from grants.models.law import KnownRate
from grants.models.ledger_entry import Account, ClosedYear, LedgerEntry
from grants.models.letter import Letter
from grants.models.organisation import BankAccount, Organisation, OrganisationChange
from grants.models.register import EventFact, ImportedFile, Person, ProtectedPerson, RequestFact, SettlementFact
from grants.models.run import EntitlementLine, EntitlementRun, RunPayable
from grants.models.transfer import TransferLine, TransferList
from grants.models.user import DirectorateRole, Membership, Role, User

__all__ = [
    "Account",
    "AppropriationDecision",
    "Approval",
    "AuditEvent",
    "BankAccount",
    "BudgetPost",
    "ClaimFact",
    "ClosedYear",
    "DirectorateRole",
    "EntitlementLine",
    "EntitlementRun",
    "EventFact",
    "ImportedFile",
    "Job",
    "KnownRate",
    "LedgerEntry",
    "Letter",
    "Membership",
    "Organisation",
    "OrganisationChange",
    "OutsideAccount",
    "Person",
    "PersonLook",
    "ProtectedPerson",
    "RequestFact",
    "Role",
    "RunPayable",
    "SettlementFact",
    "TransferLine",
    "TransferList",
    "User",
]
