"""What the database refuses about payments, also from a shell."""

from grants.shared.guards import Guard, append_only

# From where to where a batch and a payment may go. The services move by these, and the triggers hold them.
BATCH_MOVES = (
    ("open", "sealed"), ("open", "discarded"), ("sealed", "discarded"), ("sealed", "attested"),
    ("attested", "discarded"), ("attested", "sent"), ("sent", "answered"),
)  # fmt: skip
PAYMENT_MOVES = (
    ("planned", "sent"), ("sent", "accepted"), ("sent", "paid"), ("sent", "rejected"), ("accepted", "paid"),
    ("accepted", "rejected"), ("paid", "returned"),
)  # fmt: skip


def _among(moves: tuple[tuple[str, str], ...]) -> str:
    return " OR ".join(f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, new in moves)


def _differ(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


_ATTESTED_BY_ANOTHER = (
    "EXISTS (SELECT 1 FROM grants_approval a WHERE a.subject = 'batch:' || OLD.number AND a.digest = OLD.digest "
    "AND a.proposed_by_id = OLD.prepared_by_id AND a.approved_by_id <> OLD.prepared_by_id)"
)
# Neither who prepared nor who attests acts for a recipient.
_HAS_AN_INTEREST = (
    "EXISTS (SELECT 1 FROM grants_payment p JOIN grants_membership m ON m.organisation_id = p.recipient_id "
    "JOIN grants_approval a ON a.subject = 'batch:' || OLD.number "
    "WHERE p.batch_id = OLD.id AND m.user_id IN (a.proposed_by_id, a.approved_by_id))"
)
_UNEXPLAINED = (
    "EXISTS (SELECT 1 FROM grants_outlier u JOIN grants_payment p ON p.id = u.payment_id "
    "WHERE p.batch_id = OLD.id AND u.explanation = '')"
)
_BATCH = "(SELECT b.state FROM grants_paymentbatch b WHERE b.id = {row}.batch_id)"
_PART_BATCH = "(SELECT b.state FROM grants_paymentbatch b JOIN grants_payment p ON p.batch_id = b.id WHERE p.id = {row}.payment_id)"
_SETTLED = "EXISTS (SELECT 1 FROM grants_instalment i WHERE i.id = NEW.instalment_id AND i.settled_on IS NOT NULL)"
_PAYMENT_FAILED = (
    "EXISTS (SELECT 1 FROM grants_payment p WHERE p.id = OLD.payment_id AND p.state IN ('rejected', 'returned')) "
    "AND EXISTS (SELECT 1 FROM grants_bankevent e JOIN grants_bankresolution r ON r.event_id = e.id "
    "WHERE e.payment_id = OLD.payment_id)"
)
_CAME_BACK = (
    "EXISTS (SELECT 1 FROM grants_paymentpart t JOIN grants_payment p ON p.id = t.payment_id "
    "WHERE t.instalment_id = OLD.id AND t.is_alive AND p.state = 'returned')"
)
_IN_A_PAYMENT_THAT_IS_NOT_PAID = (
    "EXISTS (SELECT 1 FROM grants_paymentpart t JOIN grants_payment p ON p.id = t.payment_id "
    "WHERE t.instalment_id = OLD.id AND t.is_alive AND p.state <> 'paid')"
)

PAYMENT_GUARDS: tuple[Guard, ...] = (
    *append_only("grants_paymentorder"),
    *append_only("grants_instalmentline"),
    *append_only("grants_hold"),
    *append_only("grants_holdend"),
    *append_only("grants_bankmessage"),
    *append_only("grants_bankstatement"),
    *append_only("grants_refusedbankfile"),
    *append_only("grants_bankevent"),
    *append_only("grants_bankresolution"),
    Guard(
        "instalment_is_frozen", "grants_instalment", "UPDATE", "an instalment never changes: correct it with a new order",
        when=_differ("id", "order_id", "number", "amount_ore", "due_on", "waits_for")
        + " OR (OLD.released_on IS NOT NULL AND (NEW.released_on IS NULL OR NEW.released_on <> OLD.released_on))",
    ),
    Guard(
        "instalment_is_settled_once", "grants_instalment", "UPDATE",
        "an instalment is settled once, by the payment it is in, and is open again only when that has come back",
        when=f"(OLD.settled_on IS NOT NULL AND NEW.settled_on IS NULL AND NOT {_CAME_BACK}) "
        "OR (OLD.settled_on IS NOT NULL AND NEW.settled_on <> OLD.settled_on) "
        f"OR (OLD.settled_on IS NULL AND NEW.settled_on IS NOT NULL AND {_IN_A_PAYMENT_THAT_IS_NOT_PAID})",
    ),
    Guard(
        "instalment_is_cancelled_once", "grants_instalment", "UPDATE",
        "an instalment falls away once, and not while it is in a payment",
        when="(OLD.cancelled_on IS NOT NULL AND (NEW.cancelled_on IS NULL OR NEW.cancelled_on <> OLD.cancelled_on)) "
        "OR (OLD.cancelled_on IS NULL AND NEW.cancelled_on IS NOT NULL AND EXISTS ("
        "SELECT 1 FROM grants_paymentpart t WHERE t.instalment_id = OLD.id AND t.is_alive))",
    ),
    Guard("instalment_never_goes", "grants_instalment", "DELETE", "an instalment is never removed"),
    Guard(
        "batch_is_born_open", "grants_paymentbatch", "INSERT", "a batch begins as open; attestation comes later",
        when="NEW.state <> 'open'",
    ),
    Guard(
        "batch_moves_step_by_step", "grants_paymentbatch", "UPDATE",
        "a batch is sealed, attested, sent and answered, in that order",
        when=f"NEW.state <> OLD.state AND NOT ({_among(BATCH_MOVES)})",
    ),
    Guard(
        "batch_is_attested_by_another", "grants_paymentbatch", "UPDATE",
        "a batch is attested by another person than the one who prepared it",
        when=f"NEW.state = 'attested' AND OLD.state = 'sealed' AND NOT {_ATTESTED_BY_ANOTHER}",
    ),
    Guard(
        "batch_is_attested_without_interest", "grants_paymentbatch", "UPDATE",
        "nobody prepares or attests payments to an organisation that they act for",
        when=f"NEW.state = 'attested' AND OLD.state = 'sealed' AND {_HAS_AN_INTEREST}",
    ),
    Guard(
        "batch_is_attested_when_explained", "grants_paymentbatch", "UPDATE",
        "every outlier of a batch is explained before it is attested",
        when=f"NEW.state = 'attested' AND OLD.state = 'sealed' AND {_UNEXPLAINED}",
    ),
    Guard(
        "batch_is_frozen", "grants_paymentbatch", "UPDATE", "a sealed batch is never changed: discard it and make another",
        when=_differ("id", "number", "pay_on", "prepared_by_id", "prepared_at")
        + " OR (OLD.state <> 'open' AND ("
        + _differ("sealed_at", "payments_count", "total_ore", "digest")
        + "))"
        + " OR (OLD.file_sha256 <> '' AND NEW.file_sha256 <> OLD.file_sha256)"
        + " OR (OLD.receipt <> '' AND NEW.receipt <> OLD.receipt)"
        + " OR (OLD.sent_at IS NOT NULL AND (NEW.sent_at IS NULL OR NEW.sent_at <> OLD.sent_at))",
    ),
    Guard("batch_never_goes", "grants_paymentbatch", "DELETE", "a batch is never removed: discard it"),
    Guard(
        "payment_is_born_in_open_batch", "grants_payment", "INSERT", "a batch that is sealed takes no more payments",
        when=f"NEW.state <> 'planned' OR NEW.paid_on IS NOT NULL OR {_BATCH.format(row='NEW')} <> 'open'",
    ),
    Guard(
        "payment_is_frozen", "grants_payment", "UPDATE", "a payment never changes: its recipient, account and sum stand",
        when=_differ(
            "id", "batch_id", "recipient_id", "amount_ore", "account_encrypted", "account_fingerprint", "name", "message",
            "kid",
        ),
    ),
    Guard(
        "payment_moves_step_by_step", "grants_payment", "UPDATE",
        "a payment is sent with its batch and then goes where the bank says",
        when=f"(NEW.state <> OLD.state AND NOT ({_among(PAYMENT_MOVES)})) "
        f"OR (OLD.state = 'planned' AND NEW.state = 'sent' AND {_BATCH.format(row='OLD')} <> 'sent')",
    ),
    Guard("payment_never_goes", "grants_payment", "DELETE", "a payment is never removed"),
    Guard(
        "part_is_born_in_open_batch", "grants_paymentpart", "INSERT",
        "a batch that is sealed takes no more instalments, and what is settled is not paid again",
        when=f"{_PART_BATCH.format(row='NEW')} <> 'open' OR {_SETTLED}",
    ),
    Guard(
        "part_ends_when_its_payment_failed", "grants_paymentpart", "UPDATE",
        "an instalment leaves its payment only when the batch was given up, or when the bank did not pay and a person has "
        "decided what now",
        when=_differ("id", "payment_id", "instalment_id")
        + f" OR NEW.is_alive OR NOT ({_PART_BATCH.format(row='OLD')} = 'discarded' OR ({_PAYMENT_FAILED}))",
    ),
    Guard("part_never_goes", "grants_paymentpart", "DELETE", "an instalment is never taken out of a payment"),
    Guard(
        "outlier_is_born_in_open_batch", "grants_outlier", "INSERT", "outliers are found before a batch is sealed",
        when=f"{_PART_BATCH.format(row='NEW')} <> 'open'",
    ),
    Guard(
        "outlier_is_explained_once", "grants_outlier", "UPDATE", "an outlier is explained once and never changes",
        when=_differ("id", "payment_id", "kind") + " OR OLD.explanation <> '' OR NEW.explanation = ''",
    ),
    Guard("outlier_never_goes", "grants_outlier", "DELETE", "an outlier is never removed"),
)  # fmt: skip
