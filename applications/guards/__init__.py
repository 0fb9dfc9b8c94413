"""What the database refuses in the tables of this app, whoever asks: one file per subject."""

from applications.guards import (
    appeals,
    assignment,
    attachments,
    cases,
    casework,
    distribution,
    follow_up,
    health,
    invitations,
)
from grants.shared.guards import Guard

GUARDS: tuple[Guard, ...] = (
    *cases.GUARDS,
    *invitations.GUARDS,
    *follow_up.GUARDS,
    *appeals.GUARDS,
    *distribution.GUARDS,
    *casework.GUARDS,
    *assignment.GUARDS,
    *attachments.GUARDS,
    *health.GUARDS,
)
