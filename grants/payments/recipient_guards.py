"""What the database refuses about account numbers and discrepancies, also from a shell."""

from grants.shared.guards import Guard, append_only

_CHANGE = "SELECT 1 FROM grants_accountchange c WHERE c.id = NEW.change_id"
_APPROVED_BY_ANOTHER = (
    "EXISTS (SELECT 1 FROM grants_accountchange c JOIN grants_approval a ON a.subject = 'account_change:' || c.id "
    "WHERE c.id = NEW.change_id AND a.digest = c.fingerprint AND a.proposed_by_id = c.proposed_by_id "
    "AND a.approved_by_id <> c.proposed_by_id AND ("
    "EXISTS (SELECT 1 FROM grants_membership m WHERE m.user_id = a.approved_by_id "
    "AND m.organisation_id = c.organisation_id AND m.role = 'signatory') "
    "OR (EXISTS (SELECT 1 FROM grants_directoraterole d WHERE d.user_id = a.approved_by_id AND d.role = 'finance') "
    "AND NOT EXISTS (SELECT 1 FROM grants_membership m WHERE m.user_id = a.approved_by_id "
    "AND m.organisation_id = c.organisation_id))))"
)
_IS_THE_PROPOSED_ONE = (
    f"EXISTS ({_CHANGE} AND c.organisation_id = NEW.organisation_id AND c.fingerprint = NEW.fingerprint)"
)
_STOPPED = "EXISTS (SELECT 1 FROM grants_accountchangestop s WHERE s.change_id = NEW.change_id)"
_ENDED = (
    "EXISTS (SELECT 1 FROM grants_discrepancyevent e WHERE e.discrepancy_id = NEW.discrepancy_id "
    "AND e.kind IN ('corrected', 'kept', 'withdrawn'))"
)
_OF_THE_ORDERS_RECIPIENT = (
    "EXISTS (SELECT 1 FROM grants_paymentorder o WHERE o.id = NEW.order_id AND o.recipient_id <> NEW.organisation_id)"
)
_ASKED_BY_ITSELF = (
    "NEW.kind IN ('corrected', 'kept') AND (NEW.by_id = (SELECT d.opened_by_id FROM grants_discrepancy d "
    "WHERE d.id = NEW.discrepancy_id) OR EXISTS (SELECT 1 FROM grants_discrepancy d JOIN grants_membership m "
    "ON m.organisation_id = d.organisation_id WHERE d.id = NEW.discrepancy_id AND m.user_id = NEW.by_id))"
)

RECIPIENT_GUARDS: tuple[Guard, ...] = (
    *append_only("grants_accountchange"),
    *append_only("grants_accountchangestop"),
    *append_only("grants_preferredkid"),
    *append_only("grants_discrepancy"),
    *append_only("grants_discrepancyevent"),
    Guard(
        "account_is_changed_by_two", "grants_bankaccount", "INSERT",
        "an account number that was proposed is taken into use only when another person who may has approved it",
        when=f"NEW.change_id IS NOT NULL AND NOT ({_APPROVED_BY_ANOTHER} AND {_IS_THE_PROPOSED_ONE})",
    ),
    Guard(
        "account_change_is_not_stopped", "grants_bankaccount", "INSERT",
        "a proposal that was stopped is never taken into use: propose it again",
        when=f"NEW.change_id IS NOT NULL AND {_STOPPED}",
    ),
    Guard(
        "discrepancy_is_of_its_recipient", "grants_discrepancy", "INSERT",
        "a recipient says what is wrong with its own orders alone", when=_OF_THE_ORDERS_RECIPIENT,
    ),
    Guard(
        "discrepancy_that_ended_is_closed", "grants_discrepancyevent", "INSERT",
        "a discrepancy that is answered takes no more: open a new one", when=_ENDED,
    ),
    Guard(
        "discrepancy_is_answered_by_another", "grants_discrepancyevent", "INSERT",
        "nobody answers a discrepancy of their own, or of an organisation that they act for", when=_ASKED_BY_ITSELF,
    ),
)  # fmt: skip
