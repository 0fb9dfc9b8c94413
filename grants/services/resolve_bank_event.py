"""What a person decides about a bank event that could not simply be matched. Nothing is paid again without it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grants.models import AuditEvent, BankEvent, BankResolution, Hold, PaymentPart, Role, User
from grants.services.hold_orders import place_hold
from grants.services.move_payments import move_payments
from grants.services.offset_recovery import let_go_of_offsets
from grants.shared.dates import today
from grants.shared.errors import ChangedSince, NotAllowed, Refused
from grants.shared.text import told_in_words

Action, Trouble = BankResolution.Action, BankEvent.Trouble
FAILED = (Trouble.REJECTED, Trouble.RETURNED)
# What may be decided, by the trouble.
CHOICES: dict[str, tuple[BankResolution.Action, ...]] = {
    Trouble.REJECTED: (Action.PAY_AGAIN, Action.KEEP_BACK),
    Trouble.RETURNED: (Action.PAY_AGAIN, Action.KEEP_BACK),
    Trouble.DATE: (Action.BOOK, Action.NOTED),
    Trouble.YEAR_CLOSED: (Action.BOOK, Action.NOTED),
    Trouble.UNKNOWN: (Action.NOTED,),
    Trouble.AMOUNT: (Action.NOTED,),
    Trouble.TWICE: (Action.NOTED,),
    Trouble.NOT_SENT: (Action.NOTED,),
    Trouble.CONTRADICTS: (Action.NOTED,),
}


@transaction.atomic
def resolve_bank_event(
    event: BankEvent, action: BankResolution.Action, *, words: str, by: User, on: date | None = None
) -> BankResolution:
    """Decide what comes of a bank event, in words. `on` is the day it is booked where the bank's year is closed.

    To pay again makes the instalments payable: a later batch takes them up as a new payment, which two people see.
    """
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(
            _("%(who)s kan ikke avklare svar fra banken: det krever rollen økonomi.") % {"who": by.username}
        )
    event = BankEvent.objects.select_for_update(of=("self",)).select_related("payment").get(pk=event.pk)
    if BankResolution.objects.filter(event=event).exists():
        raise ChangedSince(_("Dette svaret fra banken er avklart allerede."))
    if action not in CHOICES.get(event.trouble, ()):
        raise Refused(_("Det er ikke et valg for dette svaret fra banken."))
    words = told_in_words(words, most=500, missing=_("Skriv hva du har funnet ut, så den neste forstår det."))
    if action == Action.BOOK and event.trouble == Trouble.YEAR_CLOSED:
        on = on or today()
    made = BankResolution.objects.create(event=event, action=action, words=words, by=by, on=on)
    AuditEvent.objects.create(
        by=by, verb="resolve_bank_event", subject=f"bank_event:{event.pk}", details={"action": action.value}
    )
    if event.payment is None:
        return made
    if action == Action.BOOK:
        move_payments({event.payment.pk})
    if action in (Action.PAY_AGAIN, Action.KEEP_BACK):
        _let_go(event, action, words, by)
    return made


def _let_go(event: BankEvent, action: BankResolution.Action, words: str, by: User) -> None:
    """The payment is over; what was in it is free, or held back until finance says otherwise."""
    parts = PaymentPart.objects.filter(payment=event.payment, is_alive=True).select_related("instalment__order")
    orders = [part.instalment.order for part in parts]
    PaymentPart.objects.filter(payment=event.payment, is_alive=True).update(is_alive=False)
    if event.payment is not None:
        let_go_of_offsets([event.payment.pk])
    if action == Action.KEEP_BACK:
        for order in orders:
            place_hold(order, Hold.Kind.BY_HAND, reason=words[:300], way_out="Økonomi opphever det.", on=today(), by=by)
