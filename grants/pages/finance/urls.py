"""The addresses of the finance pages. config/policy.py says who may open each."""

from django.urls import path

from grants.pages.finance.bank import bank_answers, bank_event, bank_event_resolve, bank_file_take_in, bank_files
from grants.pages.finance.batch import payment, payment_batch, payment_batch_do, payment_batch_file
from grants.pages.finance.batches import payment_batch_prepare, payment_batches
from grants.pages.finance.ledger import ledger
from grants.pages.finance.orders import payment_order, payment_order_do, payment_orders
from grants.pages.finance.reconciliation import reconciliation

urlpatterns = [
    path("ledger/", ledger, name="ledger"),
    path("reconciliation/", reconciliation, name="reconciliation"),
    path("payments/", payment_batches, name="payment_batches"),
    path("payments/prepare/", payment_batch_prepare, name="payment_batch_prepare"),
    path("payments/<int:batch>/", payment_batch, name="payment_batch"),
    path("payments/<int:batch>/file.xml", payment_batch_file, name="payment_batch_file"),
    path("payments/<int:batch>/payments/<uuid:pk>/", payment, name="payment"),
    path("payments/<int:batch>/<slug:verb>/", payment_batch_do, name="payment_batch_do"),
    path("payment-orders/", payment_orders, name="payment_orders"),
    path("payment-orders/<int:pk>/", payment_order, name="payment_order"),
    path("payment-orders/<int:pk>/<slug:verb>/", payment_order_do, name="payment_order_do"),
    path("bank/", bank_answers, name="bank_answers"),
    path("bank/answers/<int:pk>/", bank_event, name="bank_event"),
    path("bank/answers/<int:pk>/resolve/", bank_event_resolve, name="bank_event_resolve"),
    path("bank/files/", bank_files, name="bank_files"),
    path("bank/files/take-in/", bank_file_take_in, name="bank_file_take_in"),
]
