"""Guards of the casework: an internal note is never changed and never removed."""

from grants.shared.guards import Guard, append_only

GUARDS: tuple[Guard, ...] = (*append_only("applications_note"),)
