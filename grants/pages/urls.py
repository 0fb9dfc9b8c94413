"""The addresses of the grants pages. config/policy.py says who may open each."""

from django.urls import path

from grants.pages.accessibility import accessibility
from grants.pages.account import account
from grants.pages.account_changes import account_changes
from grants.pages.discrepancies import discrepancies, discrepancy
from grants.pages.our_account import our_account
from grants.pages.our_discrepancies import our_discrepancies, our_discrepancy, our_discrepancy_new
from grants.pages.our_forecast import our_forecast
from grants.pages.our_payments import our_payments, our_payments_csv
from grants.pages.our_people import our_people
from grants.pages.our_recoveries import our_recoveries, our_recovery
from grants.pages.our_why import our_order, our_payment, our_run, our_run_csv
from grants.pages.recoveries import recoveries, recovery, recovery_new
from grants.pages.recovery_letter import recovery_letter
from grants.pages.run import approve, pay, run_page
from grants.pages.run_municipality import letter, municipality_page
from grants.pages.runs import runs
from grants.pages.schemes import scheme_page, schemes
from grants.pages.sign_in import sign_in, sign_out
from grants.pages.sign_in_with import sign_in_callback, sign_in_with
from grants.pages.users import user_page, users

urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-in/<slug:provider>/", sign_in_with, name="sign_in_with"),
    path("sign-in/<slug:provider>/callback/", sign_in_callback, name="sign_in_callback"),
    path("sign-out/", sign_out, name="sign_out"),
    path("account/", account, name="account"),
    path("users/", users, name="users"),
    path("users/<uuid:pk>/", user_page, name="user"),
    path("our-people/", our_people, name="our_people"),
    path("accessibility/", accessibility, name="accessibility"),
    path("schemes/", schemes, name="schemes"),
    path("schemes/<slug:code>/", scheme_page, name="scheme"),
    path("runs/", runs, name="runs"),
    path("runs/<int:pk>/", run_page, name="run"),
    path("runs/<int:pk>/approve/", approve, name="run_approve"),
    path("runs/<int:pk>/pay/", pay, name="run_pay"),
    path("runs/<int:pk>/municipalities/<slug:number>/", municipality_page, name="run_municipality"),
    path("runs/<int:pk>/municipalities/<slug:number>/letter.pdf", letter, name="run_letter"),
    path("our-payments/", our_payments, name="our_payments"),
    path("our-recoveries/", our_recoveries, name="our_recoveries"),
    path("our-recoveries/<int:claim>/", our_recovery, name="our_recovery"),
    path("recoveries/", recoveries, name="recoveries"),
    path("recoveries/new/", recovery_new, name="recovery_new"),
    path("recoveries/<int:claim>/", recovery, name="recovery"),
    path("recoveries/<int:claim>/letters/<int:event>/", recovery_letter, name="recovery_letter"),
    path("our-payments/statement.csv", our_payments_csv, name="our_payments_csv"),
    path("our-payments/runs/<int:pk>/<slug:number>/", our_run, name="our_run"),
    path("our-payments/runs/<int:pk>/<slug:number>/lines.csv", our_run_csv, name="our_run_csv"),
    path("our-payments/orders/<int:pk>/", our_order, name="our_order"),
    path("our-payments/payments/<uuid:pk>/", our_payment, name="our_payment"),
    path("our-payments/forecast/", our_forecast, name="our_forecast"),
    path("our-discrepancies/", our_discrepancies, name="our_discrepancies"),
    path("our-discrepancies/new/", our_discrepancy_new, name="our_discrepancy_new"),
    path("our-discrepancies/<int:pk>/", our_discrepancy, name="our_discrepancy"),
    path("discrepancies/", discrepancies, name="discrepancies"),
    path("discrepancies/<int:pk>/", discrepancy, name="discrepancy"),
    path("our-account/", our_account, name="our_account"),
    path("account-changes/", account_changes, name="account_changes"),
]
