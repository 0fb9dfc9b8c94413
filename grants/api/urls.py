"""The addresses of the API for money, below /api/v1/. config/policy.py says who may ask each, with which scope of a token."""

from django.urls import path

from grants.api import money

urlpatterns = [
    path("payment-batches/", money.Batches.as_view(), name="api_payment_batches"),
    path("payment-batches/<int:batch>/", money.OneBatch.as_view(), name="api_payment_batch"),
    path("payments/", money.Payments.as_view(), name="api_payments"),
    path("payments/<uuid:pk>/", money.OnePayment.as_view(), name="api_payment"),
    path("ledger/", money.Ledger.as_view(), name="api_ledger"),
]
