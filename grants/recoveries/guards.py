"""What the database refuses about recovery claims, also from a shell: two people, nothing beyond what is claimed."""

from grants.models import RecoveryEvent
from grants.shared.guards import Guard, append_only

Kind = RecoveryEvent.Kind
LOWERS = (Kind.PAID, Kind.OFFSET, Kind.WRITTEN_OFF)
RAISES = (Kind.UNDONE, Kind.OFFSET_UNDONE)
SUMS = (*LOWERS, *RAISES, Kind.OFFSET_TOLD, Kind.WRITE_OFF_PROPOSED)
# What each of these answers: an event of the same claim and sum.
ANSWERS = {
    Kind.UNDONE: Kind.PAID,
    Kind.OFFSET_UNDONE: Kind.OFFSET,
    Kind.WRITTEN_OFF: Kind.WRITE_OFF_PROPOSED,
    Kind.WRITE_OFF_REFUSED: Kind.WRITE_OFF_PROPOSED,
}
# One claim's events are added one at a time, also by those who take no lock themselves.
_LOCK = "PERFORM 1 FROM grants_recoveryclaim c WHERE c.id = NEW.claim_id FOR UPDATE;"


def _list(kinds: tuple[RecoveryEvent.Kind, ...]) -> str:
    return ", ".join(f"'{kind.value}'" for kind in kinds)


def _has(*kinds: RecoveryEvent.Kind, more: str = "") -> str:
    return (
        "EXISTS (SELECT 1 FROM grants_recoveryevent e WHERE e.claim_id = NEW.claim_id "
        f"AND e.kind IN ({_list(kinds)}){more})"
    )


def _is(*kinds: RecoveryEvent.Kind) -> str:
    return f"NEW.kind IN ({_list(kinds)})"


# What is left of a claim, by the alias that names it.
_LEFT = (
    f"(SELECT c.amount_ore - COALESCE((SELECT SUM(CASE WHEN e.kind IN ({_list(LOWERS)}) THEN e.amount_ore ELSE -e.amount_ore END) "
    f"FROM grants_recoveryevent e WHERE e.claim_id = c.id AND e.kind IN ({_list((*LOWERS, *RAISES))})), 0) "
    "FROM grants_recoveryclaim c WHERE c.id = NEW.claim_id)"
)
# What payments on their way will take of it: an offset that is booked stands among the events.
_ON_ITS_WAY = (
    "(SELECT COALESCE(SUM(o.amount_ore), 0) FROM grants_paymentoffset o JOIN grants_payment p ON p.id = o.payment_id "
    "WHERE o.claim_id = NEW.claim_id AND o.is_alive AND p.state IN ('planned', 'sent', 'accepted'))"
)
_APPROVED_BY_ANOTHER = (
    "EXISTS (SELECT 1 FROM grants_approval a JOIN grants_recoveryclaim c ON a.subject = 'recovery:' || c.id "
    "WHERE c.id = NEW.claim_id AND a.digest = c.digest AND a.proposed_by_id = c.raised_by_id "
    "AND a.approved_by_id = NEW.by_id AND a.approved_by_id <> c.raised_by_id)"
)
_WRITTEN_OFF_BY_ANOTHER = (
    "EXISTS (SELECT 1 FROM grants_approval a JOIN grants_recoveryevent e ON a.subject = 'write_off:' || e.id "
    "WHERE e.id = NEW.answers_id AND a.proposed_by_id = e.by_id AND a.approved_by_id = NEW.by_id "
    "AND a.approved_by_id <> e.by_id)"
)
_HAS_AN_INTEREST = (
    "EXISTS (SELECT 1 FROM grants_recoveryclaim c JOIN grants_membership m ON m.organisation_id = c.recipient_id "
    "WHERE c.id = NEW.claim_id AND m.user_id = NEW.by_id)"
)
_ANSWERS_RIGHT = " OR ".join(
    f"(NEW.kind = '{kind.value}' AND NOT EXISTS (SELECT 1 FROM grants_recoveryevent e WHERE e.id = NEW.answers_id "
    f"AND e.claim_id = NEW.claim_id AND e.kind = '{answered.value}'"
    + ("" if kind == Kind.WRITE_OFF_REFUSED else " AND e.amount_ore = NEW.amount_ore")
    + "))"
    for kind, answered in ANSWERS.items()
)
_BATCH = "(SELECT b.state FROM grants_paymentbatch b JOIN grants_payment p ON p.batch_id = b.id WHERE p.id = {row}.payment_id)"
_FAILED = (
    "EXISTS (SELECT 1 FROM grants_payment p WHERE p.id = OLD.payment_id AND p.state IN ('rejected', 'returned')) "
    "AND EXISTS (SELECT 1 FROM grants_bankevent e JOIN grants_bankresolution r ON r.event_id = e.id "
    "WHERE e.payment_id = OLD.payment_id)"
)
_TOLD_IN_TIME = (
    "EXISTS (SELECT 1 FROM grants_recoveryevent e JOIN grants_payment p ON p.id = NEW.payment_id "
    "JOIN grants_paymentbatch b ON b.id = p.batch_id WHERE e.claim_id = NEW.claim_id AND e.kind = 'offset_told' "
    "AND e.due_on <= b.pay_on)"
)
_DOES_NOT_ADD_UP = (
    "EXISTS (SELECT 1 FROM grants_payment p WHERE p.batch_id = OLD.id AND p.amount_ore <> "
    "(SELECT COALESCE(SUM(i.amount_ore), 0) FROM grants_paymentpart t JOIN grants_instalment i ON i.id = t.instalment_id "
    "WHERE t.payment_id = p.id) "
    "- (SELECT COALESCE(SUM(o.amount_ore), 0) FROM grants_paymentoffset o WHERE o.payment_id = p.id))"
)

RECOVERY_GUARDS: tuple[Guard, ...] = (
    *append_only("grants_recoveryclaim"),
    *append_only("grants_recoveryevent"),
    *append_only("grants_recoveryletter"),
    Guard(
        "recovery_is_approved_by_another", "grants_recoveryevent", "INSERT",
        "a claim is approved by another person than the one who raised it",
        when=f"{_is(Kind.APPROVED)} AND NOT {_APPROVED_BY_ANOTHER}",
    ),
    Guard(
        "recovery_is_answered_once", "grants_recoveryevent", "INSERT", "a claim is approved or rejected once",
        when=f"{_is(Kind.APPROVED, Kind.REJECTED)} AND {_has(Kind.APPROVED, Kind.REJECTED)}", lock_postgresql=_LOCK,
    ),
    Guard(
        "recovery_begins_with_approval", "grants_recoveryevent", "INSERT",
        "nothing happens to a claim before it is approved, or after it is rejected",
        when=f"NOT ({_is(Kind.APPROVED, Kind.REJECTED, Kind.NOTE)}) "
        f"AND (NOT {_has(Kind.APPROVED)} OR {_has(Kind.REJECTED)})",
    ),
    Guard(
        "recovery_is_heard_first", "grants_recoveryevent", "INSERT",
        "a claim is decided when the recipient has commented on the notice, or the time for it is over",
        when=f"{_is(Kind.DECIDED)} AND NOT ({_has(Kind.COMMENTED)} OR {_has(Kind.NOTICED, more=' AND e.due_on < NEW."on"')})",
    ),
    Guard(
        "recovery_is_decided_first", "grants_recoveryevent", "INSERT",
        "reminders, plans and offsets come after the letter with the claim",
        when=f"{_is(Kind.REMINDED, Kind.PLANNED, Kind.OFFSET_TOLD)} AND NOT {_has(Kind.DECIDED)}",
    ),
    Guard(
        "recovery_takes_no_more_than_claimed", "grants_recoveryevent", "INSERT",
        "never more is recovered or written off than is claimed",
        when=f"({_is(Kind.OFFSET)} AND NEW.amount_ore > {_LEFT}) "
        f"OR ({_is(Kind.PAID, Kind.WRITTEN_OFF)} AND NEW.amount_ore > {_LEFT} - {_ON_ITS_WAY})", lock_postgresql=_LOCK,
    ),
    Guard(
        "recovery_event_has_its_sum", "grants_recoveryevent", "INSERT", "a sum stands where there is one, and there alone",
        when=f"({_is(*SUMS)} AND NEW.amount_ore = 0) OR (NOT ({_is(*SUMS)}) AND NEW.amount_ore <> 0)",
    ),
    Guard(
        "recovery_answers_its_event", "grants_recoveryevent", "INSERT", "what is taken back or approved is named, with its sum",
        when=_ANSWERS_RIGHT,
    ),
    Guard(
        "recovery_is_written_off_by_another", "grants_recoveryevent", "INSERT",
        "a claim is written off by another person than the one who proposed it",
        when=f"{_is(Kind.WRITTEN_OFF)} AND NOT {_WRITTEN_OFF_BY_ANOTHER}",
    ),
    Guard(
        "recovery_is_approved_without_interest", "grants_recoveryevent", "INSERT",
        "nobody approves or writes off a claim on an organisation that they act for",
        when=f"{_is(Kind.APPROVED, Kind.WRITTEN_OFF, Kind.WRITE_OFF_PROPOSED)} AND {_HAS_AN_INTEREST}",
    ),
    Guard(
        "recovery_is_offset_by_a_payment", "grants_recoveryevent", "INSERT", "an offset is what a payment was less",
        when=f"{_is(Kind.OFFSET)} AND NOT EXISTS (SELECT 1 FROM grants_paymentoffset o "
        "WHERE o.payment_id = NEW.payment_id AND o.claim_id = NEW.claim_id AND o.amount_ore = NEW.amount_ore)",
    ),
    Guard(
        "offset_is_born_in_open_batch", "grants_paymentoffset", "INSERT", "a batch that is sealed takes no more offsets",
        when=f"{_BATCH.format(row='NEW')} <> 'open' OR NOT NEW.is_alive",
    ),
    Guard(
        "offset_is_told_first", "grants_paymentoffset", "INSERT", "nothing is offset before the recipient was told from when",
        when=f"NOT {_TOLD_IN_TIME}",
    ),
    Guard(
        "offset_is_no_more_than_is_left", "grants_paymentoffset", "INSERT", "never more is offset than is left of the claim",
        when=f"NEW.amount_ore > {_LEFT} - {_ON_ITS_WAY}", lock_postgresql=_LOCK,
    ),
    Guard(
        "offset_ends_when_its_payment_failed", "grants_paymentoffset", "UPDATE",
        "an offset falls away only when its batch was given up, or the bank did not pay and a person has decided what now",
        when="NEW.id <> OLD.id OR NEW.payment_id <> OLD.payment_id OR NEW.claim_id <> OLD.claim_id "
        "OR NEW.amount_ore <> OLD.amount_ore OR NEW.is_alive "
        f"OR NOT ({_BATCH.format(row='OLD')} = 'discarded' OR ({_FAILED}))",
    ),
    Guard("offset_never_goes", "grants_paymentoffset", "DELETE", "an offset is never taken out of a payment"),
    Guard(
        "batch_adds_up", "grants_paymentbatch", "UPDATE", "every payment of a batch is its instalments less its offsets",
        when=f"OLD.state = 'open' AND NEW.state = 'sealed' AND {_DOES_NOT_ADD_UP}",
    ),
)  # fmt: skip
