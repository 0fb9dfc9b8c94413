"""Money comes back: known by its KID in the bank's file, or booked by a person; in the books on the day that it came."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from grants.ledger.posting import Transfer, post, reverse
from grants.models import (
    Account,
    AuditEvent,
    BankEvent,
    BankResolution,
    LedgerEntry,
    RecoveryClaim,
    RecoveryEvent,
    User,
)
from grants.recoveries.story import add_event, claim_now, on_its_way_ore
from grants.services.raise_recovery import require_finance
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, Refused
from grants.shared.money import kr

Kind, Standing = RecoveryEvent.Kind, RecoveryClaim.Standing
NOT_OWING = (Standing.PROPOSED, Standing.REJECTED, Standing.SETTLED, Standing.WRITTEN_OFF)


@transaction.atomic
def book_by_hand(
    claim: RecoveryClaim, *, amount_ore: int, on: date, words: str, by: User, seen: int | None = None,
    bank_event: BankEvent | None = None,
) -> RecoveryEvent:  # fmt: skip
    """A person books what has come in. Where the bank told of it without a KID of ours, `bank_event` is it, and is resolved."""
    require_finance(by, "føre innbetalinger")
    claim = claim_now(claim, seen=seen)
    if not words.strip():
        raise BadInput("Skriv hvordan du vet at pengene er kommet, for eksempel linjen i kontoutskriften.")
    if on > today():
        raise BadInput("Dagen pengene kom, kan ikke være etter i dag.")
    if bank_event is not None:
        _resolve(bank_event, claim, amount_ore, by)
    made = _book(claim, amount_ore, on=on, by=by, words=words.strip(), bank_event=bank_event)
    AuditEvent.objects.create(by=by, verb="book_recovery", subject=f"recovery:{claim.pk}", details={"ore": amount_ore})
    return made


@transaction.atomic
def undo_booking(
    claim: RecoveryClaim, event: RecoveryEvent, *, words: str, by: User, seen: int | None = None
) -> RecoveryEvent:
    """What was booked on a claim was not its: the line is reversed today, and the claim is owed again."""
    require_finance(by, "tilbakeføre innbetalinger")
    claim = claim_now(claim, seen=seen)
    if event.claim_id != claim.pk or event.kind != Kind.PAID:
        raise Refused("Det er ikke en innbetaling på dette kravet.")
    if RecoveryEvent.objects.filter(answers=event).exists():
        raise ChangedSince("Innbetalingen er tilbakeført allerede.")
    if not words.strip():
        raise BadInput("Skriv hvorfor innbetalingen ikke hører til kravet.")
    made = add_event(
        claim, Kind.UNDONE, on=today(), by=by, amount_ore=event.amount_ore, words=words.strip(), answers=event
    )
    reverse(LedgerEntry.objects.get(key=key_of(event)), on=today(), by=by)
    AuditEvent.objects.create(by=by, verb="undo_recovery", subject=f"recovery:{claim.pk}")
    return made


def trouble_of(
    kid: str, amount_ore: int, on: date | None, *, closed: set[int], before_ore: int
) -> BankEvent.Trouble | None:
    """Does a KID of ours name a claim, and why can't the entry simply be booked on it? None: no claim has it.

    `before_ore` is what the same file will book on the claim before this.
    """
    known = RecoveryClaim.objects.filter(kid=kid).first() if kid else None
    if known is None:
        return None
    claim = claim_now(known)
    if claim.standing in NOT_OWING or amount_ore > claim.left_ore - on_its_way_ore(claim) - before_ore:
        return BankEvent.Trouble.AMOUNT
    if on is None or on.year in closed:
        return BankEvent.Trouble.YEAR_CLOSED
    by_hand = claim.events.filter(kind=Kind.PAID, bank_event=None, amount_ore=amount_ore, on=on, answer=None)
    return BankEvent.Trouble.TWICE if by_hand.exists() else BankEvent.Trouble.NONE


def book_from_bank(events: Iterable[BankEvent]) -> None:
    """Book what the bank tells of and nothing troubles, in the name of who approved the claim. May run twice."""
    for event in events:
        if event.kind != BankEvent.Kind.RECEIVED or event.trouble or event.on is None:
            continue
        if RecoveryEvent.objects.filter(bank_event=event).exists():
            continue
        claim = claim_now(RecoveryClaim.objects.get(kid=event.reference))
        approved = claim.events.select_related("by").get(kind=Kind.APPROVED)
        assert approved.by is not None
        _book(claim, event.amount_ore, on=event.on, by=approved.by, words="Kjent igjen på KID.", bank_event=event)


def waiting_credits() -> list[BankEvent]:
    """Money that has come in and that nobody has placed yet, the newest first."""
    kinds = [BankEvent.Kind.OTHER, BankEvent.Kind.RECEIVED]
    found = BankEvent.objects.filter(kind__in=kinds, amount_ore__gt=0, resolution=None, recovery=None)
    return list(found.exclude(trouble="").order_by("-on", "-pk")[:100])


def waiting_credit(key: int) -> BankEvent | None:
    """One of the credits that wait."""
    return next((one for one in waiting_credits() if one.pk == key), None)


def key_of(event: RecoveryEvent) -> str:
    """What the ledger calls the line of an event."""
    return f"recovery:{event.claim_id}:{event.number}"


def post_recovered(event: RecoveryEvent, *, by: User) -> None:
    """The line of an event: what was paid has come back, on its own day and in that day's year (A21)."""
    claim = event.claim
    post(
        Transfer(
            key=key_of(event), debit=Account.PAID, credit=Account.RECOVERED, amount_ore=event.amount_ore,
            value_date=event.on, chapter=claim.chapter, post=claim.post, scheme=claim.scheme, code=claim.code,
            origin_year=claim.origin_year, origin_term=claim.origin_term, recipient_id=claim.recipient_id,
            recipient_sector=claim.recipient.sector, account_class=claim.account_class,
        ),
        by=by,
    )  # fmt: skip


def _book(
    claim: RecoveryClaim, amount_ore: int, *, on: date, by: User, words: str, bank_event: BankEvent | None
) -> RecoveryEvent:
    if claim.standing in NOT_OWING:
        raise ChangedSince(f"{claim} er {claim.get_standing_display().lower()}, og tar ikke imot penger.")
    free = claim.left_ore - on_its_way_ore(claim)
    if not 0 < amount_ore <= free:
        raise BadInput(f"Beløpet må være over 0 og høyst {kr(free)} kroner, som er det som gjenstår.")
    made = add_event(
        claim, Kind.PAID, on=on, by=by if bank_event is None else None, amount_ore=amount_ore, words=words,
        bank_event=bank_event,
    )  # fmt: skip
    post_recovered(made, by=by)
    return made


def _resolve(event: BankEvent, claim: RecoveryClaim, amount_ore: int, by: User) -> None:
    """The entry in the bank's file has found its claim: it waits for nobody any more."""
    event = BankEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if BankResolution.objects.filter(event=event).exists() or RecoveryEvent.objects.filter(bank_event=event).exists():
        raise ChangedSince("Innbetalingen er avklart allerede.")
    if event.payment_id is not None or event.amount_ore <= 0:
        raise Refused("Det er ikke en innbetaling.")
    if event.amount_ore != amount_ore:
        raise BadInput(f"Innbetalingen er på {kr(event.amount_ore)} kroner. Hele beløpet føres på ett krav.")
    BankResolution.objects.create(event=event, action=BankResolution.Action.NOTED, words=f"Ført på {claim}.", by=by)
