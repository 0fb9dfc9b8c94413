"""Prepare a batch: what is due by a day, one payment per recipient, beside what was paid before; then seal it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.budget import cover
from grants.models import (
    AuditEvent,
    BankAccount,
    Hold,
    Instalment,
    Membership,
    Outlier,
    Payment,
    PaymentBatch,
    PaymentOffset,
    PaymentOrder,
    PaymentPart,
    RecoveryClaim,
    Role,
    User,
)
from grants.payments.outliers import before_of, outliers
from grants.payments.seal import digest_of
from grants.payments.states import state_in_words
from grants.register.account_changes import kids_of
from grants.register.accounts import accounts_in_use, bind_to_payment, number_of
from grants.services.hold_orders import end_holds, place_hold, refresh_account_holds, refresh_holds
from grants.services.offset_recovery import let_go_of_offsets, offsets_for, shares
from grants.shared.errors import ChangedSince, NotAllowed, Refused
from grants.shared.money import kr
from grants.shared.text import told_in_words

NAME_LENGTH, MESSAGE_LENGTH = 70, 140
State = PaymentBatch.State


@transaction.atomic
def prepare_batch(*, pay_on: date, by: User, schemes: Iterable[str] = ()) -> PaymentBatch:
    """Gather what is payable on a day (of some schemes, or all) in an open batch, and say what is strange about it.

    What a hold keeps back stays out, and so does what the appropriation of the year of payment no longer covers.
    """
    _require_finance(by)
    refresh_account_holds(pay_on)
    refresh_holds(pay_on)
    _hold_what_is_not_covered(pay_on)
    payable = Instalment.objects.payable(pay_on).select_related("order__recipient").order_by("order", "number")
    if schemes:
        payable = payable.filter(order__scheme__in=list(schemes))
    by_recipient: dict[UUID, list[Instalment]] = defaultdict(list)
    for instalment in payable:
        by_recipient[instalment.order.recipient_id].append(instalment)
    if not by_recipient:
        raise Refused(
            _("Ingenting kan betales %(day)s: se hva som venter og hva som holdes tilbake.")
            % {"day": f"{pay_on:%d.%m.%Y}"}
        )
    _require_no_interest(by, by_recipient)
    batch = PaymentBatch.objects.create(
        number=(PaymentBatch.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        pay_on=pay_on,
        prepared_by=by,
        prepared_at=timezone.now(),
    )
    accounts, kids = accounts_in_use(by_recipient), kids_of(by_recipient)
    owed = offsets_for((parts[0].order.recipient for parts in by_recipient.values()), pay_on)
    taken = {
        recipient: shares(sum(part.amount_ore for part in parts), owed.get(recipient, []))
        for recipient, parts in by_recipient.items()
    }
    payments = Payment.objects.bulk_create(
        [
            _payment(batch, parts, accounts[recipient], taken[recipient], kids.get(recipient, ""))
            for recipient, parts in by_recipient.items()
        ],
        batch_size=500,
    )
    PaymentPart.objects.bulk_create(
        [
            PaymentPart(payment=payment, instalment=part)
            for payment in payments
            for part in by_recipient[payment.recipient_id]
        ],
        batch_size=500,
    )
    PaymentOffset.objects.bulk_create(
        PaymentOffset(payment=payment, claim=claim, amount_ore=ore)
        for payment in payments
        for claim, ore in taken[payment.recipient_id]
    )
    Outlier.objects.bulk_create(outliers(payments, before_of(payments, pay_on)), batch_size=500)
    AuditEvent.objects.create(by=by, verb="prepare_batch", subject=f"batch:{batch.number}")
    return batch


@transaction.atomic
def explain_outlier(outlier: Outlier, explanation: str, *, by: User) -> None:
    """Say why a payment that looks strange is right. Written once; the attester reads it."""
    _require_finance(by)
    words = told_in_words(
        explanation, most=500, missing=_("Skriv hvorfor betalingen er riktig. Den som attesterer, leser det.")
    )
    changed = Outlier.objects.filter(pk=outlier.pk, explanation="").update(
        explanation=words, explained_by=by, explained_at=timezone.now()
    )
    if not changed:
        raise ChangedSince(_("Avviket er forklart allerede."))


@transaction.atomic
def seal_batch(batch: PaymentBatch, *, by: User) -> PaymentBatch:
    """Count, sum and hash an open batch. From here on nothing in it changes."""
    _require_finance(by)
    batch = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.OPEN:
        raise ChangedSince(
            _("Bunt %(number)s er %(state)s allerede.") % {"number": batch.number, "state": state_in_words(batch)}
        )
    amounts = list(batch.payments.values_list("amount_ore", flat=True))
    batch.payments_count, batch.total_ore = len(amounts), sum(amounts)
    batch.digest = digest_of(batch)
    # Whole seconds, as the bank file writes them.
    batch.sealed_at = timezone.now().replace(microsecond=0)
    batch.state = State.SEALED
    batch.save()
    AuditEvent.objects.create(
        by=by, verb="seal_batch", subject=f"batch:{batch.number}", details={"digest": batch.digest}
    )
    return batch


@transaction.atomic
def discard_batch(batch: PaymentBatch, *, by: User, why: str) -> PaymentBatch:
    """Give a batch up before it is sent. What was in it can be taken up by another."""
    _require_finance(by)
    why = told_in_words(why, most=500, missing=_("Skriv hvorfor bunten forkastes."))
    batch = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in (State.OPEN, State.SEALED, State.ATTESTED):
        raise ChangedSince(
            _("Bunt %(number)s er %(state)s og kan ikke forkastes.")
            % {"number": batch.number, "state": state_in_words(batch)}
        )
    batch.state = State.DISCARDED
    batch.save(update_fields=["state"])
    PaymentPart.objects.filter(payment__batch=batch, is_alive=True).update(is_alive=False)
    let_go_of_offsets(batch.payments.values_list("pk", flat=True))
    AuditEvent.objects.create(by=by, verb="discard_batch", subject=f"batch:{batch.number}", details={"why": why})
    return batch


def batch_numbered(number: int) -> PaymentBatch:
    """The batch of this number, or a refusal."""
    found = PaymentBatch.objects.filter(number=number).first()
    if found is None:
        raise Refused(f"There is no batch {number}. `manage.py batches` lists them.")
    return found


def _payment(
    batch: PaymentBatch,
    parts: list[Instalment],
    account: BankAccount,
    offsets: list[tuple[RecoveryClaim, int]],
    kid: str,
) -> Payment:
    key, recipient = uuid4(), parts[0].order.recipient
    about = (
        parts[0].order.about
        if len(parts) == 1
        else f"IMDi bunt {batch.number}: {len(parts)} tilskudd, se spesifikasjon"
    )
    if offsets:
        against = f"motregnet {', '.join(str(claim) for claim, _ in offsets)}"
        about = f"{about[: MESSAGE_LENGTH - len(against) - 2]}, {against}"
    return Payment(
        pk=key,
        batch=batch,
        recipient=recipient,
        amount_ore=sum(part.amount_ore for part in parts) - sum(ore for _, ore in offsets),
        account_encrypted=bind_to_payment(number_of(account), key),
        account_fingerprint=account.fingerprint,
        name=recipient.name[:NAME_LENGTH],
        message=about[:MESSAGE_LENGTH],
        kid=kid,
    )


def _hold_what_is_not_covered(pay_on: date) -> None:
    """Hold back, oldest order last, what would take a post above what is appropriated in the year the money leaves.

    Owed in one year and paid in the next is charged to the next (the cash principle), so the cover is asked again.
    """
    waiting = Instalment.objects.due(pay_on).in_no_payment().select_related("order").order_by("due_on", "pk")
    posts: dict[tuple[str, str], list[Instalment]] = defaultdict(list)
    for instalment in waiting:
        posts[instalment.order.chapter, instalment.order.post].append(instalment)
    for (chapter, post), instalments in sorted(posts.items()):
        room = left = cover.left_to_pay_ore(pay_on.year, chapter, post)
        covered: list[PaymentOrder] = []
        for instalment in instalments:
            order = instalment.order
            if left is None or instalment.amount_ore <= left:
                left = None if left is None else left - instalment.amount_ore
                covered.append(order)
                continue
            place_hold(
                order,
                Hold.Kind.APPROPRIATION,
                reason=f"Bevilgningen på {chapter}/{post} for {pay_on.year} har {kr(max(room or 0, 0))} kroner igjen å betale.",
                way_out="Bevilgningen må økes, eller noe annet på posten må vente.",
                on=pay_on,
                by=None,
            )
        end_holds(covered, Hold.Kind.APPROPRIATION, reason="Bevilgningen dekker det.", on=pay_on, by=None)


def _require_no_interest(by: User, recipients: Iterable[UUID]) -> None:
    own = Membership.objects.filter(user=by, organisation__in=list(recipients)).select_related("organisation").first()
    if own is not None:
        raise NotAllowed(
            _("%(who)s kan ikke forberede betalinger til %(organisation)s, som %(who)s handler for.")
            % {"who": by, "organisation": own.organisation}
        )


def _require_finance(by: User) -> None:
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(_("%(who)s kan ikke forberede betalinger: det krever rollen økonomi.") % {"who": by.username})
