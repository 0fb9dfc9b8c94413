"""Tables, one file per subject."""

from grants.models.account_change import AccountChange, AccountChangeStop, PreferredKid
from grants.models.api import AnsweredRequest, ApiToken, TokenScope
from grants.models.appropriation import AppropriationDecision, BudgetPost, OutsideAccount
from grants.models.approval import Approval
from grants.models.audit import AuditEvent, PersonLook
from grants.models.bank import BankEvent, BankMessage, BankResolution, BankStatement, RefusedBankFile
from grants.models.claim import ClaimFact
from grants.models.delivery import Delivery
from grants.models.discrepancy import Discrepancy, DiscrepancyEvent
from grants.models.job import Job
from grants.models.law import KnownRate
from grants.models.ledger_entry import Account, ClosedYear, LedgerEntry
from grants.models.letter import Letter
from grants.models.member_invitation import MemberInvitation
from grants.models.organisation import BankAccount, Organisation, OrganisationChange
from grants.models.payment_batch import Outlier, Payment, PaymentBatch, PaymentPart
from grants.models.payment_order import Hold, HoldEnd, Instalment, InstalmentLine, PaymentOrder
from grants.models.recovery import PaymentOffset, RecoveryClaim, RecoveryEvent, RecoveryLetter
from grants.models.register import EventFact, ImportedFile, Person, ProtectedPerson, RequestFact, SettlementFact
from grants.models.run import EntitlementLine, EntitlementRun, RunPayable
from grants.models.transfer import TransferLine, TransferList
from grants.models.user import DirectorateRole, Membership, Role, User

__all__ = [
    "Account",
    "AccountChange",
    "AccountChangeStop",
    "AnsweredRequest",
    "ApiToken",
    "AppropriationDecision",
    "Approval",
    "AuditEvent",
    "BankAccount",
    "BankEvent",
    "BankMessage",
    "BankResolution",
    "BankStatement",
    "BudgetPost",
    "ClaimFact",
    "ClosedYear",
    "Delivery",
    "DirectorateRole",
    "Discrepancy",
    "DiscrepancyEvent",
    "EntitlementLine",
    "EntitlementRun",
    "EventFact",
    "Hold",
    "HoldEnd",
    "ImportedFile",
    "Instalment",
    "InstalmentLine",
    "Job",
    "KnownRate",
    "LedgerEntry",
    "Letter",
    "MemberInvitation",
    "Membership",
    "Organisation",
    "OrganisationChange",
    "Outlier",
    "OutsideAccount",
    "Payment",
    "PaymentBatch",
    "PaymentOffset",
    "PaymentOrder",
    "PaymentPart",
    "Person",
    "PersonLook",
    "PreferredKid",
    "ProtectedPerson",
    "RecoveryClaim",
    "RecoveryEvent",
    "RecoveryLetter",
    "RefusedBankFile",
    "RequestFact",
    "Role",
    "RunPayable",
    "SettlementFact",
    "TokenScope",
    "TransferLine",
    "TransferList",
    "User",
]
