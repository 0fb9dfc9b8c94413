"""Who may open what: every address of the resolver against every role, and nobody finds what is not theirs."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.shortcuts import get_object_or_404
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from applications.models import Appeal, Application, Call, CaseDocument, Decision, Declaration, SavedView
from applications.models import State as CaseState
from applications.models.application import ApplicationQuerySet
from applications.services.announce import prepare_call
from applications.services.records import record
from applications.services.round import send_scenario
from applications.workflow.grounds import newest_findings
from config.policy import POLICY
from grants.identity.providers import Provider
from grants.models import (
    EntitlementRun,
    Letter,
    Membership,
    Organisation,
    PaymentBatch,
    PersonLook,
    RecoveryLetter,
    Role,
    User,
)
from grants.models.user import DIRECTORATE_ROLES, ORGANISATION_ROLES
from grants.services.discrepancies import open_discrepancy
from grants.services.take_in_bank_file import take_in_bank_file
from grants.shared.errors import NotAllowed
from reporting.models import YearEndReport
from tests.factories.appeals import make_appeal, make_reversal
from tests.factories.attachments import make_attachment, sent_attachment
from tests.factories.batches import make_batch, make_order, status_report
from tests.factories.cases import call_contents, caseworker, make_call, make_case, make_draft, municipality, owner
from tests.factories.claims import claimed_case, with_access
from tests.factories.follow_up import make_accepted, make_change
from tests.factories.payments import ACCOUNT
from tests.factories.recoveries import Standing, make_claim
from tests.factories.register import appropriate, make_user
from tests.factories.rounds import make_cases, make_scenario
from tests.factories.runs import make_member, make_run
from tests.foreign import NEVER, VERBS, ask, is_found, leaks

State = EntitlementRun.State
D = dict.fromkeys(DIRECTORATE_ROLES, 200)
O = dict.fromkeys(ORGANISATION_ROLES, 200)  # noqa: E741
NOBODY_OF_THE_DIRECTORATE = dict.fromkeys(DIRECTORATE_ROLES, 403)
NO_ORGANISATION = dict.fromkeys(ORGANISATION_ROLES, 404)
TO_SIGN_IN = 302
WRITERS = NO_ORGANISATION | {Role.EDITOR: 200, Role.SIGNATORY: 200}
ONLY_WRITERS_POST = NO_ORGANISATION | {Role.EDITOR: 405, Role.SIGNATORY: 405}
TWO_PEOPLE_POST = {Role.CASEWORKER: 405, Role.DECISION_MAKER: 405}
READS_CASES = D | {Role.ADMINISTRATOR: 403}
READS_PAYMENTS = {Role.FINANCE: 200, Role.AUDITOR: 200}
READS_CASEWORK = dict.fromkeys(
    (Role.CASEWORKER, Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE, Role.AUDITOR), 200
)
SEES_PERSONS = {Role.FINANCE: 200, Role.CASEWORKER: 200, Role.AUDITOR: 200}
SEES_CLAIMS = dict.fromkeys((Role.FINANCE, Role.CASEWORKER, Role.DECISION_MAKER, Role.AUDITOR), 200)
SEES_USERS = {Role.ADMINISTRATOR: 200, Role.AUDITOR: 200}
READS_ROUNDS = READS_CASES | NO_ORGANISATION

# What each role gets with GET, written out by hand: it does not follow from config/policy.py, it checks it.
# The first number is for somebody who has not signed in.
EXPECTED: dict[str, tuple[int, dict[Role, int]]] = {
    "live": (200, D | O),
    "sign_in": (200, D | O),
    "accessibility": (200, D | O),
    "schemes": (200, D | O),
    "scheme": (200, D | O),
    "calls": (200, D | O),
    "calls_json": (200, D | O),
    "call": (200, D | O),
    "our_applications": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "application": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "application_theme": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | WRITERS),
    "application_check": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | WRITERS),
    # After the decision
    "application_terms": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "application_change": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "application_report": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "application_report_theme": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "case_follow_up": (TO_SIGN_IN, READS_CASES | NO_ORGANISATION),
    "reports": (TO_SIGN_IN, READS_CASES | NO_ORGANISATION),
    "application_withdraw": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.SIGNATORY: 200}),
    "application_reopen": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.SIGNATORY: 200}),
    "application_receipt": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "application_receipt_file": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "case_document": (TO_SIGN_IN, D | O | {Role.ADMINISTRATOR: 403}),
    "case_open_again": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 200}),
    # An attachment: the applicant's, and those who work with cases.
    "attachment": (TO_SIGN_IN, D | O | {Role.ADMINISTRATOR: 403}),
    "set_language": (302, dict.fromkeys((*DIRECTORATE_ROLES, *ORGANISATION_ROLES), 302)),
    "front_page": (TO_SIGN_IN, D | dict.fromkeys(ORGANISATION_ROLES, 302)),
    "runs": (TO_SIGN_IN, D | NO_ORGANISATION),
    "run": (TO_SIGN_IN, D | NO_ORGANISATION),
    "run_municipality": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | SEES_PERSONS),
    "run_letter": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O | SEES_PERSONS),
    "our_payments": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "our_recoveries": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "our_recovery": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "recoveries": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | SEES_CLAIMS),
    "recovery": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | SEES_CLAIMS),
    "recovery_new": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.FINANCE: 200}),
    "recovery_letter": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O | SEES_CLAIMS),
    **dict.fromkeys(
        (
            "our_payments_csv",
            "our_run",
            "our_run_csv",
            "our_order",
            "our_payment",
            "our_discrepancies",
            "our_discrepancy",
            "our_discrepancy_new",
            "our_forecast",
        ),
        (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    ),
    "our_account": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    **dict.fromkeys(
        ("discrepancies", "discrepancy"), (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | SEES_PERSONS)
    ),
    "account_changes": (
        TO_SIGN_IN,
        NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.FINANCE: 200, Role.AUDITOR: 200},
    ),
    "owner_calls": (TO_SIGN_IN, READS_CASES | NO_ORGANISATION),
    "owner_call": (
        TO_SIGN_IN,
        NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.SCHEME_OWNER: 200, Role.AUDITOR: 200},
    ),
    "owner_call_new": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.SCHEME_OWNER: 422}),
    "owner_call_preview": (
        TO_SIGN_IN,
        NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.SCHEME_OWNER: 200, Role.AUDITOR: 200},
    ),
    "owner_invite": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.SCHEME_OWNER: 200}),
    "api_schema": (200, D | O),
    "api_calls": (200, D | O),
    "api_call": (200, D | O),
    "api_cases": (401, READS_CASES | O),
    # The file is not scanned, and is fetched by a caseworker who says so: 409 says that the door is right.
    "api_attachment": (401, dict.fromkeys((*DIRECTORATE_ROLES, *ORGANISATION_ROLES), 409) | {Role.ADMINISTRATOR: 403}),
    "api_own_appeal": (401, NOBODY_OF_THE_DIRECTORATE | O),
    "api_notice": (401, NOBODY_OF_THE_DIRECTORATE | O),
    **dict.fromkeys(
        ("api_findings", "api_reports", "api_appeals", "api_appeal", "api_reversal"),
        (401, READS_CASES | NO_ORGANISATION),
    ),
    **dict.fromkeys(
        (
            "api_case",
            "api_events",
            "api_questions",
            "api_attachments",
            "api_documents",
            "api_document",
            "api_decision",
            "api_receipt",
            "api_receipt_file",
            "api_terms",
            "api_changes",
            "api_report",
        ),
        (401, READS_CASES | O),
    ),
    # People
    "sign_in_with": (503, dict.fromkeys((*DIRECTORATE_ROLES, *ORGANISATION_ROLES), 503)),
    "sign_in_callback": (400, dict.fromkeys((*DIRECTORATE_ROLES, *ORGANISATION_ROLES), 400)),
    "account": (TO_SIGN_IN, D | O),
    "users": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | SEES_USERS),
    "user": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | SEES_USERS),
    "our_people": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.SIGNATORY: 200}),
    # Appeals and reversals
    "application_appeal": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "application_notice": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "appeals": (TO_SIGN_IN, READS_CASES | NO_ORGANISATION),
    "appeal": (TO_SIGN_IN, READS_CASES | NO_ORGANISATION),
    "case_reverse": (TO_SIGN_IN, READS_CASES | NO_ORGANISATION),
    # Compare, distribute, propose and decide
    "rounds": (TO_SIGN_IN, READS_ROUNDS),
    "call_compare": (TO_SIGN_IN, READS_ROUNDS),
    "scenario_differences": (TO_SIGN_IN, READS_ROUNDS),
    "scenario_send": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 200}),
    "proposals": (TO_SIGN_IN, READS_ROUNDS),
    "case_decide": (TO_SIGN_IN, READS_ROUNDS),
    "round_decide": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.DECISION_MAKER: 200}),
    "batch": (TO_SIGN_IN, READS_ROUNDS),
    # The casework queue
    "cases": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | READS_CASEWORK),
    "case_views": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | READS_CASEWORK | {Role.AUDITOR: 403}),
    "declare": (
        TO_SIGN_IN,
        NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 200, Role.DECISION_MAKER: 200},
    ),
    "year_ends": (TO_SIGN_IN, dict.fromkeys(DIRECTORATE_ROLES, 302) | NO_ORGANISATION),
    "year_end": (TO_SIGN_IN, D | NO_ORGANISATION),
    "year_end_file": (TO_SIGN_IN, D | NO_ORGANISATION),
    "year_end_pdf": (TO_SIGN_IN, D | NO_ORGANISATION),
}
# Payments and the bank: finance, and the auditor, who reads all.
EXPECTED |= dict.fromkeys(
    (
        "payment_batches", "payment_batch", "payment_batch_file", "payment", "payment_orders", "payment_order",
        "bank_answers", "bank_event", "bank_files", "ledger", "reconciliation",
        "ledger_export", "payment_batch_export",
    ),
    (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | READS_PAYMENTS),
)  # fmt: skip
EXPECTED |= dict.fromkeys(
    ("api_payment_batches", "api_payment_batch", "api_payments", "api_payment", "api_ledger"),
    (401, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | READS_PAYMENTS),
)
# The case, for the directorate
EXPECTED |= dict.fromkeys(
    ("case", "case_application", "case_documents", "case_history"), (TO_SIGN_IN, READS_CASES | NO_ORGANISATION)
)
# Addresses that only take POST: 405 says that the door is the right one.
ONLY_POST: dict[str, tuple[int, dict[Role, int]]] = {
    "case_deadline": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405}),
    "case_change": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | TWO_PEOPLE_POST),
    "case_report": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | TWO_PEOPLE_POST),
    "sign_out": (TO_SIGN_IN, dict.fromkeys((*DIRECTORATE_ROLES, *ORGANISATION_ROLES), 405)),
    "application_begin": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | ONLY_WRITERS_POST),
    "application_answer": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | ONLY_WRITERS_POST),
    "owner_call_publish": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.SCHEME_OWNER: 405}),
    # Appeals and reversals
    "application_appeal_withdraw": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | ONLY_WRITERS_POST),
    "application_appeal_answer": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | ONLY_WRITERS_POST),
    "appeal_declare": (
        TO_SIGN_IN,
        NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405, Role.DECISION_MAKER: 405},
    ),
    "appeal_work": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405}),
    "appeal_decide": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.DECISION_MAKER: 405}),
    "case_reverse_work": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405}),
    "case_reverse_decide": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.DECISION_MAKER: 405}),
    "scenario_save": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405}),
    "scenario_copy": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405}),
    "case_propose": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405}),
    "case_decision": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.DECISION_MAKER: 405}),
    # An accountant attaches to the report: applications/workflow/attaching.py.
    "application_attach": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | dict.fromkeys(ORGANISATION_ROLES, 405)),
    "application_detach": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | dict.fromkeys(ORGANISATION_ROLES, 405)),
    "run_approve": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.FINANCE: 405}),
    "run_pay": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.FINANCE: 405}),
    "year_end_make": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.FINANCE: 405}),
    # The casework queue
    "cases_assign": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405}),
    "case_give_back": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405}),
    "case_view": (
        TO_SIGN_IN,
        NOBODY_OF_THE_DIRECTORATE
        | NO_ORGANISATION
        | dict.fromkeys((Role.CASEWORKER, Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE), 405),
    ),
}
ONLY_POST |= dict.fromkeys(
    (
        "payment_batch_prepare", "payment_batch_do", "payment_order_do", "bank_event_resolve", "bank_file_take_in",
    ),
    (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.FINANCE: 405}),
)  # fmt: skip
# What is told of a person's health. The caseworker and the decision-maker of this test are not let in by name.
EXPECTED |= {
    "application_health": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | WRITERS),
    "case_health": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION),
    "health_looks": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.AUDITOR: 200}),
    "health_access": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | SEES_USERS),
}
# Acts of the API, by who may ask for them; on what: `world`.
ACTS: dict[tuple[Role, ...], tuple[str, ...]] = {
    (Role.EDITOR, Role.SIGNATORY): ("theme", "answer", "withdraw_appeal", "answer_about_appeal"),
    (Role.EDITOR, Role.SIGNATORY, Role.ACCOUNTANT): ("report_theme",),
    (Role.SIGNATORY,): ("submit", "withdraw", "reopen", "accept", "decline", "submit_report", "send_appeal"),
    (Role.SCHEME_OWNER,): ("prepare_call", "publish_call", "invite"),
    (Role.CASEWORKER, Role.DECISION_MAKER): ("declare",),
    (Role.DECISION_MAKER,): (
        "return", "decide", "decide_change", "unspent", "return_outcome", "decide_appeal", "return_reversal",
        "decide_reversal",
    ),
    (Role.CASEWORKER,): (
        "rule", "score", "take", "give_back", "assign", "ask", "stop_waiting", "open_again", "note", "propose", "deadline",
        "recommend_change", "review_report", "take_appeal", "admit_appeal", "ask_appellant", "go_on_with_appeal",
        "propose_outcome", "forward_appeal", "ministry", "begin_reversal", "propose_reversal", "drop_reversal",
    ),
}  # fmt: skip
ONLY_POST |= {
    f"api_{act}": (401, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | dict.fromkeys(roles, 405))
    for roles, acts in ACTS.items()
    for act in acts
}
ONLY_POST |= {
    "case_presence": (TO_SIGN_IN, NO_ORGANISATION | dict.fromkeys(DIRECTORATE_ROLES, 405) | {Role.ADMINISTRATOR: 403}),
} | {
    name: (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.CASEWORKER: 405})
    for name in (
        "case_note", "case_take", "case_rule", "case_score", "case_ask", "case_stop_waiting", "case_retry",
    )
}  # fmt: skip
# Probed in tests/config: their status tells of the system, not of the person.
ELSEWHERE = {"ready"}
ALL_ROLES = (None, *DIRECTORATE_ROLES, *ORGANISATION_ROLES)


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found)
        else:
            yield found


def test_every_address_is_in_the_table_and_in_this_test():
    names = {pattern.name for pattern in patterns(get_resolver())}
    assert names == set(POLICY)
    assert names == set(EXPECTED) | set(ONLY_POST) | ELSEWHERE


def test_what_the_table_calls_public_needs_no_sign_in_and_nothing_else_does_without():
    for pattern in patterns(get_resolver()):
        if pattern.name.startswith("api_"):
            continue  # the framework frees its views of the sign-in page: config/access.py answers 401, as below
        needs_sign_in = getattr(pattern.callback, "login_required", True)
        assert needs_sign_in != POLICY[pattern.name].public, pattern.name


@pytest.fixture
def world(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, dict[str, Any]]:
    """One of everything that an address can name."""
    run = make_run(State.APPROVED)
    recipient = Organisation.objects.municipalities().get(municipality_number="0101")
    Letter.objects.create(
        run=run, recipient=recipient, number="1-0101", language="nb", paid_ore=1, sha256="0" * 64, path="x.pdf"
    )
    claim = make_claim(Standing.NOTICED, to=recipient)
    told = claim.events.get(kind="noticed")
    RecoveryLetter.objects.create(
        event=told, number="TK-1-2", title="Varsel", language="nb", sha256="0" * 64, path="y.pdf"
    )
    for asked_at in ("applications.pages.applicant.check", "applications.api.documents"):
        monkeypatch.setattr(f"{asked_at}.receipt_pdf", lambda submission: b"%PDF-1.7 receipt")
    monkeypatch.setattr("applications.services.attach.media_type_of", lambda path, suffix: "application/pdf")
    monkeypatch.setattr("grants.services.run_letters.archive.read", lambda path, sha256: b"%PDF-1.7 letter")
    monkeypatch.setattr("reporting.pages.year_end.thawed", lambda report: ({}, []))
    monkeypatch.setattr("reporting.pages.year_end.compare", lambda year, tables: None)
    monkeypatch.setattr("reporting.pages.year_end.report_pdf", lambda *_: b"%PDF-1.7 report")
    appropriate()
    settings.PAYER_ACCOUNT, settings.PAYER_BIC = ACCOUNT, "DNBANOKK"
    order = make_order("transfer:A-1")
    payment = make_batch(PaymentBatch.State.SENT).payments.get()
    reported = open_discrepancy(
        recipient, what="amount", explanation="Beløpet er for lavt.", by=make_member("ola", "0101"), order=order
    )
    of_discrepancy = {"pk": reported.pk}
    YearEndReport.objects.create(year=2017, version=1, figures={}, sha256="0" * 64)
    # A provider that is set up and answers nobody: its pages are the plain ones.
    settings.IDENTITY_PROVIDERS = (Provider("idporten", "http://127.0.0.1:1", "tilskudd", "secret"),)
    application = make_draft()
    of_application = {"pk": application.pk}
    file = make_attachment(application)
    reversal = make_reversal(100_000_00)
    decided = {"pk": reversal.application_id}
    appealed = {"pk": make_appeal(decision=reversal.decision).pk}
    draft_of_a_call = prepare_call("kum", "", 2017, by=owner(), **call_contents())
    grant = make_accepted(call=application.call)
    make_change(grant)
    of_grant = {"pk": grant.pk}
    sent = make_case(call=application.call)
    document = record(
        sent, "submission", of=1, content=b"%PDF-1.7 sent", about="KUM", language="nb",
        direction=CaseDocument.Direction.INCOMING, dated=date(2017, 3, 1),
    )  # fmt: skip
    case = {"pk": make_case(call=application.call, organisation=municipality("0104")).pk}
    claimed = {"pk": claimed_case().pk}
    proposed = make_case(CaseState.PROPOSED, call=application.call, organisation=municipality("0105"))
    unscanned = sent_attachment().pk
    view = SavedView.objects.create(owner=caseworker(), name="Mine", query="")
    of_sent, appeal_of = {"pk": sent.pk}, Appeal.objects.get(pk=appealed["pk"]).application_id
    api = {
        **dict.fromkeys(("theme", "submit", "withdraw"), of_application),
        **dict.fromkeys(
            ("case", "events", "questions", "attachments", "documents", "receipt", "receipt_file", "reopen", "answer",
             "findings", "score", "take", "give_back", "assign", "ask", "stop_waiting", "open_again", "note", "propose"),
            of_sent,
        ),
        **dict.fromkeys(
            ("terms", "accept", "decline", "deadline", "changes", "report", "submit_report", "review_report", "unspent"),
            of_grant,
        ),
        **dict.fromkeys(
            ("decision", "own_appeal", "notice", "reversal", "begin_reversal", "propose_reversal", "return_reversal",
             "decide_reversal", "drop_reversal"), decided,
        ),
        **{key: {"pk": appeal_of} for key in ("send_appeal", "withdraw_appeal", "answer_about_appeal")},
        **dict.fromkeys(
            ("appeal", "take_appeal", "admit_appeal", "ask_appellant", "go_on_with_appeal", "propose_outcome",
             "return_outcome", "decide_appeal", "forward_appeal", "ministry"), appealed,
        ),
        **dict.fromkeys(("recommend_change", "decide_change"), of_grant | {"number": 1}),
        "theme": of_application | {"theme": "project"},
        "report_theme": of_grant | {"theme": "accounts"},
        "rule": of_sent | {"finding": newest_findings(sent)[0].pk},
        "document": of_sent | {"number": document.number},
        "publish_call": {"pk": draft_of_a_call.pk},
        "invite": {"pk": make_call(scheme="resource_centres", title_nb="Inviterte").pk},
        "declare": {"pk": application.call_id},
    }  # fmt: skip
    of_case = ("application", "documents", "history", "presence", "note", "take", "rule", "score", "ask")
    cases = {"case": case} | {f"case_{name}": case for name in (*of_case, "stop_waiting", "retry")}
    return (
        world_of_rounds()
        | world_of_payments(settings, tmp_path)
        | cases
        | {
            "sign_in_with": {"provider": "idporten"},
            "sign_in_callback": {"provider": "idporten"},
            "user": {"pk": make_user("shown", Role.FINANCE).pk},
            "application_terms": of_grant,
            "application_change": of_grant,
            "application_report": of_grant,
            "application_report_theme": of_grant | {"theme": "accounts"},
            "case_follow_up": of_grant,
            "case_deadline": of_grant,
            "case_change": of_grant,
            "case_report": of_grant,
            "call": {"pk": application.call_id},
            "application": of_application,
            "application_begin": {"pk": application.call_id},
            "application_theme": of_application | {"theme": "project"},
            "application_check": of_application,
            "application_answer": of_application,
            "application_withdraw": of_application,
            "api_call": {"pk": application.call_id},
            **{f"api_{act}": what for act, what in api.items()},
            **{name: {"pk": proposed.pk} for name in ("api_return", "api_decide", "case_decision")},
            "owner_call": {"pk": draft_of_a_call.pk},
            "owner_call_preview": {"pk": draft_of_a_call.pk},
            "owner_call_publish": {"pk": draft_of_a_call.pk},
            "owner_invite": {"pk": make_call(scheme="resource_centres").pk},
            "application_appeal": decided,
            "application_appeal_withdraw": decided,
            "application_appeal_answer": decided,
            "application_notice": decided,
            "appeal": appealed,
            "appeal_declare": appealed | {"verb": "declare"},
            "appeal_work": appealed | {"verb": "take"},
            "appeal_decide": appealed | {"verb": "decide"},
            "case_reverse": decided,
            "case_reverse_work": decided | {"verb": "begin"},
            "case_reverse_decide": decided | {"verb": "decide"},
            "application_reopen": {"pk": sent.pk},
            "application_receipt": {"pk": sent.pk},
            "application_receipt_file": {"pk": sent.pk},
            "case_document": {"pk": sent.pk, "number": document.number},
            "case_open_again": {"pk": sent.pk},
            "declare": {"pk": application.call_id},
            "case_give_back": case,
            "case_view": {"pk": view.pk},
            "application_attach": of_application | {"place": "other"},
            "application_detach": of_application | {"attachment": file.pk},
            "attachment": {"pk": unscanned},
            "api_attachment": {"pk": unscanned},
            "application_health": claimed,
            "case_health": claimed,
            "scheme": {"code": "integration"},
            "run": {"pk": run.pk},
            "our_recovery": {"claim": claim.number},
            "recovery": {"claim": claim.number},
            "recovery_letter": {"claim": claim.number, "event": told.number},
            "our_run": {"pk": run.pk, "number": "0101"},
            "our_run_csv": {"pk": run.pk, "number": "0101"},
            "our_discrepancy": of_discrepancy,
            "discrepancy": of_discrepancy,
            "our_order": {"pk": order.pk},
            "our_payment": {"pk": payment.pk},
            "run_approve": {"pk": run.pk},
            "run_pay": {"pk": run.pk},
            "run_municipality": {"pk": run.pk, "number": "0101"},
            "run_letter": {"pk": run.pk, "number": "0101"},
            "year_end": {"year": 2017},
            "year_end_file": {"year": 2017, "name": "note_a", "kind": "csv"},
            "year_end_pdf": {"year": 2017, "version": 1},
            "year_end_make": {"year": 2017},
        }
    )


def world_of_payments(settings: Any, tmp_path: Path) -> dict[str, dict[str, Any]]:
    """A batch that the bank has rejected a payment of, and nobody has decided what now."""
    settings.PAYER_ACCOUNT, settings.PAYER_BIC = ACCOUNT, "DNBANOKK"
    settings.BANK, settings.BANK_FOLDER, settings.LETTER_ARCHIVE = "folder", tmp_path / "bank", tmp_path / "archive"
    order = make_order()
    batch = make_batch(PaymentBatch.State.SENT)
    payment = batch.payments.get()
    take_in_bank_file(status_report(batch, payment), name="answer.xml")
    of_batch, of_order, of_event = {"batch": batch.number}, {"pk": order.pk}, {"pk": payment.events.get().pk}
    return {
        "payment_batch": of_batch,
        "payment_batch_do": of_batch | {"verb": "seal"},
        "payment_batch_file": of_batch,
        "payment_batch_export": of_batch | {"kind": "csv"},
        "api_payment_batch": of_batch,
        "api_payment": {"pk": payment.pk},
        "ledger_export": {"kind": "csv"},
        "payment": of_batch | {"pk": payment.pk},
        "payment_order": of_order,
        "payment_order_do": of_order | {"verb": "hold"},
        "bank_event": of_event,
        "bank_event_resolve": of_event,
    }


def world_of_rounds() -> dict[str, dict[str, Any]]:
    """A case at work with two scenarios, one of them sent on."""
    cases = make_cases((4,))
    scenario = make_scenario(cases)
    make_scenario(cases, name="Forslag 2")
    of_call, of_case, of_scenario = ({"pk": one.pk} for one in (cases[0].call, cases[0], scenario))
    batch = send_scenario(scenario, version=1, by=caseworker())
    return {
        "call_compare": of_call,
        "scenario_save": of_call,
        "scenario_differences": of_call,
        "round_decide": of_call,
        "scenario_copy": of_scenario,
        "scenario_send": of_scenario,
        "batch": {"pk": batch.pk},
        "case_decide": of_case,
        "case_propose": of_case,
        "case_decision": of_case,
    }


def somebody(role: Role | None) -> User | None:
    """A person with one role; those of organisations act for Halden, which is in the run."""
    if role is None:
        return None
    return make_user("somebody", role) if role in DIRECTORATE_ROLES else make_member("somebody", "0101", role)


def signed_in_as(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("role", ALL_ROLES, ids=str)
def test_each_role_gets_what_the_table_says(role: Role | None, world: dict[str, dict[str, Any]]):
    client = signed_in_as(somebody(role))
    for name, (stranger, by_role) in {**EXPECTED, **ONLY_POST}.items():
        answer = client.get(reverse(name, kwargs=world.get(name, {})))
        assert answer.status_code == (stranger if role is None else by_role[role]), (name, role)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in ALL_ROLES if role != Role.FINANCE], ids=str)
@pytest.mark.parametrize("name", ["run_approve", "run_pay", "year_end_make"])
def test_only_finance_can_post_what_changes_the_books(name: str, role: Role | None, world: dict[str, dict[str, Any]]):
    answer = signed_in_as(somebody(role)).post(reverse(name, kwargs=world[name]))

    assert answer.status_code == (TO_SIGN_IN if role is None else ONLY_POST[name][1][role])
    assert EntitlementRun.objects.get().state == State.APPROVED
    assert YearEndReport.objects.count() == 1


def without_what_always_differs(page: bytes) -> bytes:
    """A page without its one-time token and its own address."""
    return re.sub(rb'name="(csrfmiddlewaretoken|next)" value="[^"]*"', b"", page)


@pytest.mark.django_db
def test_another_municipalitys_letter_answers_like_one_that_does_not_exist(world: dict[str, dict[str, Any]]):
    stranger = signed_in_as(make_member("stranger", "0104"))

    foreign = stranger.get(reverse("run_letter", kwargs=world["run_letter"]))
    missing = stranger.get(reverse("run_letter", kwargs={"pk": 987654, "number": "0101"}))

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert without_what_always_differs(foreign.content) == without_what_always_differs(missing.content)
    assert not PersonLook.objects.exists()


@pytest.mark.django_db
def test_somebody_who_is_deactivated_or_without_roles_gets_nothing(world: dict[str, dict[str, Any]]):
    left = make_user("left", Role.FINANCE)
    client = signed_in_as(left)
    User.objects.filter(pk=left.pk).update(is_active=False)
    assert client.get(reverse("runs")).status_code == TO_SIGN_IN

    assert signed_in_as(make_user("nobody")).get(reverse("runs")).status_code == 404


@pytest.mark.django_db
def test_a_role_that_is_taken_away_closes_the_door_at_once(world: dict[str, dict[str, Any]]):
    member = make_member("ola", "0101")
    client = signed_in_as(member)
    assert client.get(reverse("our_payments")).status_code == 200

    Membership.objects.filter(user=member).delete()

    assert client.get(reverse("our_payments")).status_code == 404


@pytest.mark.django_db
def test_what_a_signed_in_person_sees_is_kept_by_no_cache(world: dict[str, dict[str, Any]]):
    answer = signed_in_as(make_user("kari", Role.FINANCE)).get(reverse("runs"))

    assert "no-store" in answer.headers["Cache-Control"]


# --- Every address, everybody it is not for, every verb: another's object answers like one that does not exist ---------

# What anybody may know to exist: schemes, calls and providers.
NO_SECRET = {
    "scheme", "call", "api_call", "application_begin", "sign_in_with", "sign_in_callback",
    "ledger_export",  # names a form of file
}  # fmt: skip
# What all of the directorate know to exist, whatever calls they stand too near to. For others it is secret.
OF_THE_DIRECTORATE = {
    "run", "run_approve", "run_pay", "run_municipality", "run_letter", "user", "year_end", "year_end_file", "year_end_pdf",
    "year_end_make", "owner_call", "owner_call_preview", "owner_call_publish", "owner_invite", "declare", "api_declare",
    "api_publish_call", "api_invite", "payment_batch", "payment_batch_do", "payment_batch_file", "payment",
    "payment_batch_export", "api_payment_batch", "api_payment", "payment_order", "payment_order_do", "bank_event", "bank_event_resolve",
    "recovery", "recovery_letter", "discrepancy",
}  # fmt: skip
FAR_FROM_ALL = "0219"  # a municipality that has nothing in `world`
OUTSIDERS = ("nobody", "without_roles", *ORGANISATION_ROLES, *DIRECTORATE_ROLES)
# On every run of the suite; the rest of roles and verbs in a trial.
OFTEN = ("nobody", Role.SIGNATORY, Role.CASEWORKER)


def outsider(who: str) -> tuple[Client, set[str]]:
    """Somebody the objects of the world are not for, and what they may know to exist all the same.

    Nobody; somebody without a role; a member of another organisation; one of the directorate who stands too near to
    every call.
    """
    if who == "nobody":
        return Client(), NO_SECRET
    if who == "without_roles":
        return signed_in_as(make_user("without-roles")), NO_SECRET
    role = Role(who)
    if role in ORGANISATION_ROLES:
        return signed_in_as(make_member("stranger", FAR_FROM_ALL, role)), NO_SECRET
    user = make_user("too-near", role)
    for call in Call.objects.all():
        Declaration.objects.create(call=call, user=user, has_interest=True, reason="Søsken.")
    return signed_in_as(user), NO_SECRET | OF_THE_DIRECTORATE


def insider(role: Role) -> Iterator[Client]:
    """Somebody with the role whom the objects of the world are for."""
    if role in DIRECTORATE_ROLES:
        # The caseworker has health data among her tasks.
        user = with_access(caseworker()) if role == Role.CASEWORKER else make_user("inside", role)
        for call in Call.objects.exclude(declarations__user=user):
            Declaration.objects.create(call=call, user=user, has_interest=False)
        yield signed_in_as(user)
    else:
        yield signed_in_as(make_member("inside", "0101", role))


@pytest.mark.django_db
@pytest.mark.parametrize("who", OFTEN)
def test_what_is_anothers_answers_like_what_does_not_exist(who: str, world: dict[str, dict[str, Any]]):
    client, known = outsider(who)

    assert leaks(client, world, sorted(set(world) - known), ("GET", "POST")) == []


@pytest.mark.trial
@pytest.mark.django_db
@pytest.mark.parametrize("who", OUTSIDERS)
def test_what_is_anothers_answers_alike_to_everybody_and_every_verb(who: str, world: dict[str, dict[str, Any]]):
    client, known = outsider(who)

    assert leaks(client, world, sorted(set(world) - known), VERBS) == []


@pytest.mark.django_db
def test_the_world_has_one_of_everything_that_an_address_names_and_it_is_there_for_those_it_is_for(
    world: dict[str, dict[str, Any]],
):
    """The control: without it, a world of things that do not exist would leak nothing."""
    naming = {pattern.name for pattern in patterns(get_resolver()) if "<" in str(pattern.pattern)}
    assert naming == set(world)
    found: set[str] = set()
    for role in (*ORGANISATION_ROLES, *DIRECTORATE_ROLES):
        for client in insider(role):
            found |= {
                name
                for name in sorted(naming - found)
                if any(is_found(client, verb, name, world[name]) for verb in ("GET", "POST"))
            }
    # These name what they are about in the form, too: their controls stand with the parts of a case, below.
    assert " ".join(sorted(naming - found - NO_SECRET - {"case_rule", "case_decision"})) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("who", [Role.SIGNATORY, Role.CASEWORKER])
def test_a_case_that_is_shown_to_all_is_found_by_the_test(
    who: str, world: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
):
    """Sabotage: somebody forgets who may see a case."""
    expected = {"api_case", "api_terms", "api_document", "api_attachment", "case_document", "attachment"}
    expected |= (
        {"application", "application_receipt"} if who == Role.SIGNATORY else {"case", "case_history", "api_take"}
    )
    client, _known = outsider(who)
    monkeypatch.setattr(ApplicationQuerySet, "visible_to", lambda self, user: self.all())

    found = leaks(client, world, sorted(expected), ("GET", "POST"))
    assert {leak.split()[1].rstrip(":") for leak in found} == expected


@pytest.mark.django_db
def test_a_refusal_that_says_that_a_case_is_there_is_found_by_the_test(
    world: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
):
    """Sabotage: somebody looks the case up first, and asks whose it is afterwards."""
    client, _known = outsider(Role.SIGNATORY)

    def looked_up_first(user: User, pk: Any, **_named: Any) -> Application:
        get_object_or_404(Application, pk=pk)
        raise NotAllowed("Saken er ikke deres.")

    monkeypatch.setattr("applications.api.cases.case_of", looked_up_first)

    assert leaks(client, world, ["api_case"], ["GET"]) == ["GET api_case: 403 and 404"]


@pytest.mark.django_db
def test_a_part_of_one_case_is_not_found_under_another(world: dict[str, dict[str, Any]]):
    """An address that names two things: one's own case, and something of somebody else's."""
    own = make_draft(Call.objects.get(pk=world["call"]["pk"]), municipality(FAR_FROM_ALL))
    writer = signed_in_as(own.created_by)
    theirs = {"pk": own.pk, "attachment": world["application_detach"]["attachment"]}
    control = {"pk": own.pk, "attachment": make_attachment(own).pk}
    told = [
        ask(writer, "POST", "application_detach", theirs),
        ask(writer, "POST", "application_detach", without_file(own)),
    ]
    assert told[0] == told[1] and told[0].status == 404
    assert ask(writer, "POST", "application_detach", control).status == 302

    [sara] = insider(Role.CASEWORKER)
    another = {"pk": world["case"]["pk"], "finding": world["api_rule"]["finding"]}
    told = [ask(sara, "POST", "api_rule", another), ask(sara, "POST", "api_rule", another | {"finding": 987_654})]
    assert told[0] == told[1] and told[0].status == 404
    assert ask(sara, "POST", "api_rule", world["api_rule"]).status == 409

    theirs, own_case = world["api_rule"]["finding"], world["case_rule"]
    [own_finding] = newest_findings(Application.objects.get(pk=own_case["pk"]))
    told = [ask(sara, "POST", "case_rule", own_case, finding=number) for number in (theirs, 987_654)]
    assert told[0] == told[1] and told[0].status == 404
    assert ask(sara, "POST", "case_rule", own_case, finding=own_finding.pk).status == 422

    [david] = insider(Role.DECISION_MAKER)
    case = world["case_decision"]
    own_proposal, another_one = (Decision.objects.filter(**which).first() for which in (
        {"application": case["pk"]}, {"application": world["api_decision"]["pk"]},
    ))  # fmt: skip
    told = [ask(david, "POST", "case_decision", case, proposal=number) for number in (another_one.pk, 987_654)]
    assert told[0] == told[1] and told[0].status == 404
    assert ask(david, "POST", "case_decision", case, proposal=own_proposal.pk).status != 404


def without_file(application: Application) -> dict[str, Any]:
    return {"pk": application.pk, "attachment": NEVER}
