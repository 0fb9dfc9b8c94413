"""Guards of invitations: once given they stand, and only calls by invitation have any."""

from grants.shared.guards import Guard, append_only

GUARDS: tuple[Guard, ...] = (
    *append_only("applications_invitation"),
    Guard(
        "invitation_to_a_call_by_invitation", "applications_invitation", "INSERT",
        "only a call by invitation takes invitations",
        when="NOT EXISTS (SELECT 1 FROM applications_call c WHERE c.id = NEW.call_id AND c.by_invitation)",
    ),
)  # fmt: skip
