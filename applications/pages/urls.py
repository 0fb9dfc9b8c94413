"""The addresses of the application pages. config/policy.py says who may open each."""

from django.urls import path

from applications.pages.applicant import (
    answer_question,
    application_page,
    begin,
    check_page,
    our_applications,
    theme_page,
    withdraw_application,
)
from applications.pages.calls import call_page, calls, calls_json

urlpatterns = [
    path("calls/", calls, name="calls"),
    path("calls.json", calls_json, name="calls_json"),
    path("calls/<uuid:pk>/", call_page, name="call"),
    path("calls/<uuid:pk>/begin/", begin, name="application_begin"),
    path("our-applications/", our_applications, name="our_applications"),
    path("our-applications/<uuid:pk>/", application_page, name="application"),
    path("our-applications/<uuid:pk>/check/", check_page, name="application_check"),
    path("our-applications/<uuid:pk>/withdraw/", withdraw_application, name="application_withdraw"),
    path("our-applications/<uuid:pk>/answer/", answer_question, name="application_answer"),
    path("our-applications/<uuid:pk>/themes/<slug:theme>/", theme_page, name="application_theme"),
]
