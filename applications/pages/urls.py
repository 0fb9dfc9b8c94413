"""The addresses of the application pages. config/policy.py says who may open each."""

from django.urls import path

from applications.pages.applicant.appeal import (
    application_appeal,
    application_appeal_answer,
    application_appeal_withdraw,
    application_notice,
)
from applications.pages.applicant.applications import begin, our_applications
from applications.pages.applicant.attachments import attach_file, detach_file
from applications.pages.applicant.case import answer_question, reopen_application, withdraw_application
from applications.pages.applicant.check import check_page, receipt_file, receipt_page
from applications.pages.applicant.follow_up import change_page, terms_page
from applications.pages.applicant.health import application_health
from applications.pages.applicant.report import report_page, report_theme_page
from applications.pages.applicant.task_list import application_page
from applications.pages.applicant.theme import theme_page
from applications.pages.attachments import attachment_page
from applications.pages.calls import call_page, calls, calls_json
from applications.pages.casework.appeals import appeal_decide, appeal_declare, appeal_page, appeal_work, appeals
from applications.pages.casework.assignment import case_give_back, cases_assign
from applications.pages.casework.batch import batch_page, round_decide, scenario_send
from applications.pages.casework.case import case_page
from applications.pages.casework.case_actions import (
    case_ask,
    case_retry,
    case_rule,
    case_score,
    case_stop_waiting,
    case_take,
)
from applications.pages.casework.compare import call_compare, scenario_copy, scenario_differences, scenario_save
from applications.pages.casework.decide import case_decide, case_decision, case_propose, proposals
from applications.pages.casework.follow_up import case_change, case_deadline, case_follow_up, case_report, reports
from applications.pages.casework.health import case_health, health_access, health_looks
from applications.pages.casework.impartiality import declare_page
from applications.pages.casework.open_again import open_again_page
from applications.pages.casework.queue import cases
from applications.pages.casework.reverse import case_reverse, case_reverse_decide, case_reverse_work
from applications.pages.casework.rounds import rounds
from applications.pages.casework.saved_views import case_view, case_views
from applications.pages.casework.tabs import case_application, case_documents, case_history, case_note, case_presence
from applications.pages.documents import case_document
from applications.pages.owner.calls import (
    owner_call,
    owner_call_new,
    owner_call_preview,
    owner_call_publish,
    owner_calls,
)
from applications.pages.owner.invite import owner_invite

urlpatterns = [
    path("calls/", calls, name="calls"),
    path("calls.json", calls_json, name="calls_json"),
    path("calls/<uuid:pk>/", call_page, name="call"),
    path("calls/<uuid:pk>/begin/", begin, name="application_begin"),
    path("announce/", owner_calls, name="owner_calls"),
    path("announce/new/", owner_call_new, name="owner_call_new"),
    path("announce/<uuid:pk>/", owner_call, name="owner_call"),
    path("announce/<uuid:pk>/preview/", owner_call_preview, name="owner_call_preview"),
    path("announce/<uuid:pk>/publish/", owner_call_publish, name="owner_call_publish"),
    path("announce/<uuid:pk>/invite/", owner_invite, name="owner_invite"),
    path("our-applications/", our_applications, name="our_applications"),
    path("our-applications/<uuid:pk>/", application_page, name="application"),
    path("our-applications/<uuid:pk>/check/", check_page, name="application_check"),
    path("our-applications/<uuid:pk>/receipt/", receipt_page, name="application_receipt"),
    path("our-applications/<uuid:pk>/receipt.pdf", receipt_file, name="application_receipt_file"),
    path("our-applications/<uuid:pk>/withdraw/", withdraw_application, name="application_withdraw"),
    path("our-applications/<uuid:pk>/reopen/", reopen_application, name="application_reopen"),
    path("our-applications/<uuid:pk>/answer/", answer_question, name="application_answer"),
    path("our-applications/<uuid:pk>/themes/<slug:theme>/", theme_page, name="application_theme"),
    # The case, for the directorate
    path("cases/<uuid:pk>/", case_page, name="case"),
    path("cases/<uuid:pk>/application/", case_application, name="case_application"),
    path("cases/<uuid:pk>/documents/", case_documents, name="case_documents"),
    path("cases/<uuid:pk>/history/", case_history, name="case_history"),
    path("cases/<uuid:pk>/note/", case_note, name="case_note"),
    path("cases/<uuid:pk>/presence/", case_presence, name="case_presence"),
    path("cases/<uuid:pk>/take/", case_take, name="case_take"),
    path("cases/<uuid:pk>/rule/", case_rule, name="case_rule"),
    path("cases/<uuid:pk>/score/", case_score, name="case_score"),
    path("cases/<uuid:pk>/ask/", case_ask, name="case_ask"),
    path("cases/<uuid:pk>/stop-waiting/", case_stop_waiting, name="case_stop_waiting"),
    path("cases/<uuid:pk>/retry/", case_retry, name="case_retry"),
    # After the decision
    path("our-applications/<uuid:pk>/terms/", terms_page, name="application_terms"),
    path("our-applications/<uuid:pk>/change/", change_page, name="application_change"),
    path("our-applications/<uuid:pk>/report/", report_page, name="application_report"),
    path("our-applications/<uuid:pk>/report/<slug:theme>/", report_theme_page, name="application_report_theme"),
    path("cases/<uuid:pk>/follow-up/", case_follow_up, name="case_follow_up"),
    path("cases/<uuid:pk>/follow-up/deadline/", case_deadline, name="case_deadline"),
    path("cases/<uuid:pk>/follow-up/change/", case_change, name="case_change"),
    path("cases/<uuid:pk>/follow-up/report/", case_report, name="case_report"),
    path("reports/", reports, name="reports"),
    # Appeals and reversals
    path("our-applications/<uuid:pk>/appeal/", application_appeal, name="application_appeal"),
    path(
        "our-applications/<uuid:pk>/appeal/withdraw/", application_appeal_withdraw, name="application_appeal_withdraw"
    ),
    path("our-applications/<uuid:pk>/appeal/answer/", application_appeal_answer, name="application_appeal_answer"),
    path("our-applications/<uuid:pk>/notice/", application_notice, name="application_notice"),
    path("appeals/", appeals, name="appeals"),
    path("appeals/<uuid:pk>/", appeal_page, name="appeal"),
    path("appeals/<uuid:pk>/impartial/<slug:verb>/", appeal_declare, name="appeal_declare"),
    path("appeals/<uuid:pk>/handle/<slug:verb>/", appeal_work, name="appeal_work"),
    path("appeals/<uuid:pk>/decide/<slug:verb>/", appeal_decide, name="appeal_decide"),
    path("cases/<uuid:pk>/reverse/", case_reverse, name="case_reverse"),
    path("cases/<uuid:pk>/reverse/handle/<slug:verb>/", case_reverse_work, name="case_reverse_work"),
    path("cases/<uuid:pk>/reverse/decide/<slug:verb>/", case_reverse_decide, name="case_reverse_decide"),
    # Compare, distribute, propose and decide
    path("rounds/", rounds, name="rounds"),
    path("calls/<uuid:pk>/compare/", call_compare, name="call_compare"),
    path("calls/<uuid:pk>/compare/save/", scenario_save, name="scenario_save"),
    path("calls/<uuid:pk>/compare/differences/", scenario_differences, name="scenario_differences"),
    path("calls/<uuid:pk>/decide-all/", round_decide, name="round_decide"),
    path("scenarios/<uuid:pk>/copy/", scenario_copy, name="scenario_copy"),
    path("scenarios/<uuid:pk>/send/", scenario_send, name="scenario_send"),
    path("batches/<uuid:pk>/", batch_page, name="batch"),
    path("proposals/", proposals, name="proposals"),
    path("cases/<uuid:pk>/decide/", case_decide, name="case_decide"),
    path("cases/<uuid:pk>/decide/propose/", case_propose, name="case_propose"),
    path("cases/<uuid:pk>/decide/decision/", case_decision, name="case_decision"),
    path("documents/<uuid:pk>/<int:number>.pdf", case_document, name="case_document"),
    path("cases/<uuid:pk>/open-again/", open_again_page, name="case_open_again"),
    # The casework queue
    path("cases/", cases, name="cases"),
    path("cases/assign/", cases_assign, name="cases_assign"),
    path("cases/views/", case_views, name="case_views"),
    path("cases/views/<int:pk>/", case_view, name="case_view"),
    path("cases/<uuid:pk>/give-back/", case_give_back, name="case_give_back"),
    path("calls/<uuid:pk>/impartiality/", declare_page, name="declare"),
    path("our-applications/<uuid:pk>/attachments/<slug:place>/", attach_file, name="application_attach"),
    path("our-applications/<uuid:pk>/attachments/<uuid:attachment>/remove/", detach_file, name="application_detach"),
    path("attachments/<uuid:pk>/", attachment_page, name="attachment"),
    # What is told of a person's health
    path("our-applications/<uuid:pk>/person/", application_health, name="application_health"),
    path("cases/<uuid:pk>/person/", case_health, name="case_health"),
    path("health/looks/", health_looks, name="health_looks"),
    path("health/access/", health_access, name="health_access"),
]
