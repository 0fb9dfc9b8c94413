"""The words of the finance pages: states as tags, kinds in words, what the bank says, and how accounts are shown."""

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from grants.models import (
    Account,
    BankEvent,
    Hold,
    Instalment,
    Job,
    LedgerEntry,
    Outlier,
    Payment,
    PaymentBatch,
    PaymentOrder,
)
from grants.pages.finance import words
from grants.pages.words import CODES
from grants.templatetags.ui import tag

register = template.Library()
# Between what a status means, each reason, and what the bank adds in its own words.
BETWEEN = (": ", "; ", ". ")
APART = re.compile("(: |; |[.] )")


@register.simple_tag
def batch_state(batch: PaymentBatch) -> SafeString:
    """Where a batch stands, as a tag."""
    text, color, symbol = words.BATCH_STATES[PaymentBatch.State(batch.state)]
    return tag(str(text), color, symbol)


@register.simple_tag
def payment_state(state: str) -> SafeString:
    """Where a payment stands, as a tag."""
    text, color, symbol = words.PAYMENT_STATES[Payment.State(state)]
    return tag(str(text), color, symbol)


@register.simple_tag
def job_state(job: Job) -> SafeString:
    """How far a job has come, as a tag."""
    text, color, symbol = words.JOBS[Job.State(job.state)]
    return tag(str(text), color, symbol)


@register.simple_tag
def instalment_state(state: str) -> SafeString:
    """Where an instalment is, as a tag."""
    text, color, symbol = words.INSTALMENT_STATES[state]
    return tag(str(text), color, symbol)


@register.filter
def instalment_state_name(state: str) -> str:
    """Where instalments are, in words."""
    return str(words.INSTALMENT_STATES[state][0])


@register.filter
def outlier_name(outlier: Outlier) -> str:
    """Why a payment is strange."""
    return str(words.OUTLIERS[Outlier.Kind(outlier.kind)])


@register.filter
def hold_name(hold: Hold) -> str:
    """What holds an order back."""
    return str(words.HOLDS.get(Hold.Kind(hold.kind), hold.get_kind_display()))


@register.filter
def waits_for(instalment: Instalment) -> str:
    """The event that an instalment waits for, in words; nothing where it waits for none."""
    return str(words.WAITS_FOR[Instalment.Event(instalment.waits_for)])


@register.filter
def event_name(event: BankEvent) -> str:
    """What the bank tells."""
    return str(words.EVENTS.get(BankEvent.Kind(event.kind), event.get_kind_display()))


@register.filter
def trouble_name(event: BankEvent) -> str:
    """Why a person must look at it; nothing where nobody must."""
    if not event.trouble:
        return ""
    return str(words.TROUBLES.get(BankEvent.Trouble(event.trouble), event.get_trouble_display()))


@register.filter
def owed_by(order: PaymentOrder) -> str:
    """What makes the state owe it, where it is no run: «vedtak 12», «overføring A-17»."""
    kind, _colon, rest = order.subject.partition(":")
    name = words.SUBJECTS.get(kind)
    return f"{name} {rest.split(':')[0]}" if name else order.subject


@register.filter
def account_name(account: str) -> str:
    """An account of the ledger."""
    return str(words.ACCOUNTS[Account(account)])


@register.filter
def transfer_name(kind: str) -> str:
    """A kind of transfer: «Utbetalt», or from where to where it goes."""
    if kind in words.TRANSFERS:
        return str(words.TRANSFERS[kind])
    debit, _dash, credit = kind.partition("-")
    return f"{account_name(debit)} → {account_name(credit)}"


@register.filter
def transfer_of(entry: LedgerEntry) -> str:
    """What a line of the ledger is."""
    return transfer_name(f"{entry.debit}-{entry.credit}")


@register.filter
def for_what(code: str) -> str:
    """What a line code stands for; those of projects say no more than that it is a grant."""
    return str(CODES.get(code) or gettext("Tilskudd"))


@register.filter
def minus(amount_ore: int, less_ore: int) -> int:
    """What is left of an amount."""
    return amount_ore - less_ore


@register.filter
def deed(verb: str) -> str:
    """What somebody did with a batch or an order."""
    return str(words.DEEDS.get(verb, verb))


@register.filter
def message_kind(kind: str) -> str:
    """What a file from the bank is, by its type."""
    return str(next((name for begins, name in words.MESSAGES.items() if kind.startswith(begins)), kind))


@register.filter
def of_bank(text: Any) -> str:
    """What the bank says, as we keep it in bokmål: what its codes stand for in the reader's language, its own words as they are."""
    return "".join(gettext(part) if part and part not in BETWEEN else part for part in APART.split(str(text or "")))
