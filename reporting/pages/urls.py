"""The addresses of the reporting pages. config/policy.py says who may open each."""

from django.urls import path

from reporting.pages.front_page import front_page
from reporting.pages.money_files import ledger_export, payment_batch_export
from reporting.pages.year_end import year_end, year_end_file, year_end_make, year_end_pdf, year_ends

urlpatterns = [
    path("", front_page, name="front_page"),
    path("payments/<int:batch>/payments.<slug:kind>", payment_batch_export, name="payment_batch_export"),
    path("ledger/lines.<slug:kind>", ledger_export, name="ledger_export"),
    path("year-end/", year_ends, name="year_ends"),
    path("year-end/<int:year>/", year_end, name="year_end"),
    path("year-end/<int:year>/make/", year_end_make, name="year_end_make"),
    path("year-end/<int:year>/version-<int:version>.pdf", year_end_pdf, name="year_end_pdf"),
    path("year-end/<int:year>/<slug:name>.<slug:kind>", year_end_file, name="year_end_file"),
]
