"""Who may open what: one table, by URL name. What is not in the table does not exist for anybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grants.models import Role, TokenScope
from grants.models.user import DIRECTORATE_ROLES, ORGANISATION_ROLES


@dataclass(frozen=True)
class Audience:
    """The roles that may open an address; `everybody` who has signed in; `public` needs no sign-in at all."""

    roles: frozenset[Role] = frozenset()
    everybody: bool = False
    public: bool = False

    def admits(self, roles: Iterable[Role]) -> bool:
        """May somebody who has signed in, with these roles or none, open it?"""
        return self.public or self.everybody or not self.roles.isdisjoint(roles)


def only(*roles: Role) -> Audience:
    """People with one of these roles."""
    return Audience(frozenset(roles))


PUBLIC = Audience(public=True)
# Also somebody whom nobody has given a role yet.
EVERYBODY = Audience(everybody=True)
SIGNED_IN = only(*DIRECTORATE_ROLES, *ORGANISATION_ROLES)
DIRECTORATE = only(*DIRECTORATE_ROLES)
ORGANISATION = only(*ORGANISATION_ROLES)
FINANCE = only(Role.FINANCE)
# Payments, the bank and the ledger: those who do the work, and the auditor, who reads all and changes nothing.
READS_PAYMENTS = only(Role.FINANCE, Role.AUDITOR)
WRITERS = only(Role.EDITOR, Role.SIGNATORY)
# Person-lines: those who need them for their work, and the auditor. Each look is logged.
SEES_PERSONS = only(Role.FINANCE, Role.CASEWORKER, Role.AUDITOR)
# Claims to get money back: finance's work, and whoever must know why.
SEES_CLAIMS = only(Role.FINANCE, Role.CASEWORKER, Role.DECISION_MAKER, Role.AUDITOR)
# Those who read cases: the auditor reads all and changes nothing, the administrator gives roles and reads none.
CASEWORK_READERS = only(Role.CASEWORKER, Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE, Role.AUDITOR)
CASES = Audience(CASEWORK_READERS.roles | ORGANISATION.roles)
# Casework: those who do it, and those who must be able to see it. Not the administrator.
READS_CASES = only(Role.CASEWORKER, Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE, Role.AUDITOR)
CASEWORKERS = only(Role.CASEWORKER)
# The casework: those who work on cases, and those who read them.
CASEWORK = only(Role.CASEWORKER, Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE, Role.AUDITOR)
KEEPS_VIEWS = only(Role.CASEWORKER, Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE)

POLICY: Mapping[str, Audience] = {
    # Open to all
    "live": PUBLIC,
    "ready": PUBLIC,
    "sign_in": PUBLIC,
    "accessibility": PUBLIC,
    "set_language": PUBLIC,
    "schemes": PUBLIC,
    "scheme": PUBLIC,
    "calls": PUBLIC,
    "calls_json": PUBLIC,
    "call": PUBLIC,
    # Everybody who has signed in
    "sign_out": EVERYBODY,
    "front_page": SIGNED_IN,
    # Finance
    "runs": DIRECTORATE,
    "run": DIRECTORATE,
    "run_approve": FINANCE,
    "run_pay": FINANCE,
    "run_municipality": SEES_PERSONS,
    "run_letter": only(Role.FINANCE, Role.CASEWORKER, Role.AUDITOR, *ORGANISATION_ROLES),
    "payment_batches": READS_PAYMENTS,
    "payment_batch_prepare": FINANCE,
    "payment_batch": READS_PAYMENTS,
    "payment_batch_file": READS_PAYMENTS,
    "payment": READS_PAYMENTS,
    "payment_batch_do": FINANCE,
    "payment_orders": READS_PAYMENTS,
    "payment_order": READS_PAYMENTS,
    "payment_order_do": FINANCE,
    "bank_answers": READS_PAYMENTS,
    "bank_event": READS_PAYMENTS,
    "bank_event_resolve": FINANCE,
    "bank_files": READS_PAYMENTS,
    "bank_file_take_in": FINANCE,
    "ledger": READS_PAYMENTS,
    "ledger_export": READS_PAYMENTS,
    "payment_batch_export": READS_PAYMENTS,
    "reconciliation": READS_PAYMENTS,
    # Getting money back. Who raises, approves and writes off: grants/services/
    "recoveries": SEES_CLAIMS,
    "recovery": SEES_CLAIMS,
    "recovery_new": FINANCE,
    "recovery_letter": only(*SEES_CLAIMS.roles, *ORGANISATION_ROLES),
    # Recipients
    "our_payments": ORGANISATION,
    "our_recoveries": ORGANISATION,
    "our_recovery": ORGANISATION,
    # Whose: grants/pages/our_why.py finds nothing but the person's own
    **dict.fromkeys(
        ("our_payments_csv", "our_run", "our_run_csv", "our_order", "our_payment", "our_forecast"), ORGANISATION
    ),
    # Who proposes, approves and stops: grants/services/change_account.py
    "our_account": ORGANISATION,
    # Whose, and who answers: grants/services/discrepancies.py
    **dict.fromkeys(("our_discrepancies", "our_discrepancy_new", "our_discrepancy"), ORGANISATION),
    **dict.fromkeys(("discrepancies", "discrepancy"), SEES_PERSONS),
    "account_changes": only(Role.FINANCE, Role.AUDITOR),
    # Applicants. Which application, and who signs: applications/workflow/machine.py
    "our_applications": ORGANISATION,
    "application": ORGANISATION,
    "application_begin": WRITERS,
    "application_theme": WRITERS,
    "application_check": WRITERS,
    "application_answer": WRITERS,
    "application_withdraw": only(Role.SIGNATORY),
    # Announcing calls
    "owner_calls": CASEWORK_READERS,
    "owner_call": only(Role.SCHEME_OWNER, Role.AUDITOR),
    "owner_call_new": only(Role.SCHEME_OWNER),
    "owner_call_preview": only(Role.SCHEME_OWNER, Role.AUDITOR),
    "owner_call_publish": only(Role.SCHEME_OWNER),
    "owner_invite": only(Role.SCHEME_OWNER),
    # The API. Which case, and which step: the services, as on the pages
    "api_schema": PUBLIC,
    "api_payment_batches": READS_PAYMENTS,
    "api_payment_batch": READS_PAYMENTS,
    "api_payments": READS_PAYMENTS,
    "api_payment": READS_PAYMENTS,
    "api_ledger": READS_PAYMENTS,
    "api_calls": PUBLIC,
    "api_call": PUBLIC,
    "api_declare": only(Role.CASEWORKER, Role.DECISION_MAKER),
    "api_cases": CASES,
    "api_case": CASES,
    "api_events": CASES,
    "api_theme": WRITERS,
    "api_submit": only(Role.SIGNATORY),
    "api_withdraw": only(Role.SIGNATORY),
    "api_answer": WRITERS,
    "api_findings": CASEWORK_READERS,
    "api_rule": only(Role.CASEWORKER),
    "api_score": only(Role.CASEWORKER),
    "api_take": only(Role.CASEWORKER),
    "api_ask": only(Role.CASEWORKER),
    "api_propose": only(Role.CASEWORKER),
    "api_return": only(Role.DECISION_MAKER),
    "api_decide": only(Role.DECISION_MAKER),
    "api_prepare_call": only(Role.SCHEME_OWNER),
    "api_publish_call": only(Role.SCHEME_OWNER),
    "api_invite": only(Role.SCHEME_OWNER),
    "api_questions": CASES,
    "api_reopen": only(Role.SIGNATORY),
    "api_attachments": CASES,
    "api_attachment": CASES,
    "api_documents": CASES,
    "api_document": CASES,
    "api_decision": CASES,
    "api_receipt": CASES,
    "api_receipt_file": CASES,
    "api_give_back": only(Role.CASEWORKER),
    "api_assign": only(Role.CASEWORKER),
    "api_stop_waiting": only(Role.CASEWORKER),
    "api_open_again": only(Role.CASEWORKER),
    "api_note": only(Role.CASEWORKER),
    "api_terms": CASES,
    "api_accept": only(Role.SIGNATORY),
    "api_decline": only(Role.SIGNATORY),
    "api_deadline": only(Role.CASEWORKER),
    "api_changes": CASES,
    "api_recommend_change": only(Role.CASEWORKER),
    "api_decide_change": only(Role.DECISION_MAKER),
    "api_reports": CASEWORK_READERS,
    "api_report": CASES,
    "api_report_theme": ORGANISATION,
    "api_submit_report": only(Role.SIGNATORY),
    "api_review_report": only(Role.CASEWORKER),
    "api_unspent": only(Role.DECISION_MAKER),
    "api_own_appeal": ORGANISATION,
    "api_send_appeal": only(Role.SIGNATORY),
    "api_withdraw_appeal": WRITERS,
    "api_answer_about_appeal": WRITERS,
    "api_notice": ORGANISATION,
    "api_appeals": CASEWORK_READERS,
    "api_appeal": CASEWORK_READERS,
    **dict.fromkeys(
        (
            "api_take_appeal",
            "api_admit_appeal",
            "api_ask_appellant",
            "api_go_on_with_appeal",
            "api_propose_outcome",
            "api_forward_appeal",
            "api_ministry",
        ),
        only(Role.CASEWORKER),
    ),
    "api_return_outcome": only(Role.DECISION_MAKER),
    "api_decide_appeal": only(Role.DECISION_MAKER),
    "api_reversal": CASEWORK_READERS,
    "api_begin_reversal": only(Role.CASEWORKER),
    "api_propose_reversal": only(Role.CASEWORKER),
    "api_drop_reversal": only(Role.CASEWORKER),
    "api_return_reversal": only(Role.DECISION_MAKER),
    "api_decide_reversal": only(Role.DECISION_MAKER),
    # People: how one signs in, one's own page, who may do what, and who acts for an organisation
    "sign_in_with": PUBLIC,
    "sign_in_callback": PUBLIC,
    "account": EVERYBODY,
    "users": only(Role.ADMINISTRATOR, Role.AUDITOR),
    "user": only(Role.ADMINISTRATOR, Role.AUDITOR),
    "our_people": only(Role.SIGNATORY),
    # After the decision. Who signs, writes, recommends and decides: the services
    "application_terms": ORGANISATION,
    "application_change": ORGANISATION,
    "application_report": ORGANISATION,
    "application_report_theme": ORGANISATION,
    "case_follow_up": READS_CASES,
    "case_deadline": only(Role.CASEWORKER),
    "case_change": only(Role.CASEWORKER, Role.DECISION_MAKER),
    "case_report": only(Role.CASEWORKER, Role.DECISION_MAKER),
    "reports": READS_CASES,
    # Appeals and reversals. Who had no part in the decision: applications/workflow/appeals.py
    "application_appeal": ORGANISATION,
    "application_appeal_withdraw": WRITERS,
    "application_appeal_answer": WRITERS,
    "application_notice": ORGANISATION,
    "appeals": CASEWORK_READERS,
    "appeal": CASEWORK_READERS,
    "appeal_declare": only(Role.CASEWORKER, Role.DECISION_MAKER),
    "appeal_work": only(Role.CASEWORKER),
    "appeal_decide": only(Role.DECISION_MAKER),
    "case_reverse": CASEWORK_READERS,
    "case_reverse_work": only(Role.CASEWORKER),
    "case_reverse_decide": only(Role.DECISION_MAKER),
    # Compare, distribute, propose and decide
    "rounds": CASEWORK_READERS,
    "call_compare": CASEWORK_READERS,
    "scenario_differences": CASEWORK_READERS,
    "scenario_save": only(Role.CASEWORKER),
    "scenario_copy": only(Role.CASEWORKER),
    "scenario_send": only(Role.CASEWORKER),
    "proposals": CASEWORK_READERS,
    "case_decide": CASEWORK_READERS,
    "case_propose": only(Role.CASEWORKER),
    "case_decision": only(Role.DECISION_MAKER),
    "round_decide": only(Role.DECISION_MAKER),
    "batch": CASEWORK_READERS,
    "application_reopen": only(Role.SIGNATORY),
    "application_receipt": ORGANISATION,
    "application_receipt_file": ORGANISATION,
    "case_document": CASES,
    "case_open_again": only(Role.CASEWORKER),
    # The case, for the directorate
    "case": CASEWORK_READERS,
    "case_application": CASEWORK_READERS,
    "case_documents": CASEWORK_READERS,
    "case_history": CASEWORK_READERS,
    "case_presence": CASEWORK_READERS,
    "case_note": CASEWORKERS,
    "case_take": CASEWORKERS,
    "case_rule": CASEWORKERS,
    "case_score": CASEWORKERS,
    "case_ask": CASEWORKERS,
    "case_stop_waiting": CASEWORKERS,
    "case_retry": CASEWORKERS,
    # The casework queue. Which cases, and who may be given them: applications/services/assign.py
    "cases": CASEWORK,
    "cases_assign": only(Role.CASEWORKER),
    "case_give_back": only(Role.CASEWORKER),
    "case_views": KEEPS_VIEWS,
    "case_view": KEEPS_VIEWS,
    "declare": only(Role.CASEWORKER, Role.DECISION_MAKER),
    # Attachments. Which file may be opened by whom: applications/workflow/attaching.py
    "application_attach": ORGANISATION,
    "application_detach": ORGANISATION,
    "attachment": only(
        Role.CASEWORKER, Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE, Role.AUDITOR, *ORGANISATION_ROLES
    ),
    # What is told of a person's health. Who is let in by name, and that the look is logged: applications/services/health.py
    "application_health": WRITERS,
    "case_health": only(Role.CASEWORKER, Role.DECISION_MAKER),
    "health_looks": only(Role.AUDITOR),
    "health_access": only(Role.ADMINISTRATOR, Role.AUDITOR),
    # Year end
    "year_ends": DIRECTORATE,
    "year_end": DIRECTORATE,
    "year_end_file": DIRECTORATE,
    "year_end_pdf": DIRECTORATE,
    "year_end_make": FINANCE,
}


# What a token must be for, where it is not for cases. Somebody signed in by a session needs no scope.
SCOPES: Mapping[str, TokenScope] = {
    "api_payment_batches": TokenScope.PAYMENTS,
    "api_payment_batch": TokenScope.PAYMENTS,
    "api_payments": TokenScope.PAYMENTS,
    "api_payment": TokenScope.PAYMENTS,
    "api_ledger": TokenScope.LEDGER,
}


def scope_of(name: str) -> TokenScope:
    """What a token must be for to open the address of this name."""
    return SCOPES.get(name, TokenScope.CASES)


def may_open(name: str, roles: Iterable[Role]) -> bool:
    """May somebody with these roles open the address of this name? What is not listed, nobody may."""
    audience = POLICY.get(name)
    return audience is not None and audience.admits(roles)
