"""Guards of who handles a case: nobody who has declared an interest in its call."""

from grants.shared.guards import Guard

_TOO_NEAR = (
    "EXISTS (SELECT 1 FROM applications_declaration d "
    "WHERE d.call_id = NEW.call_id AND d.user_id = NEW.handler_id AND {interest})"
)
_MESSAGE = "somebody with an interest in a call handles none of its cases"


def _when(interest: str, verb: str) -> str:
    """A handler who is new in the case; one who was there before they declared is let go by the service that declares."""
    too_near = _TOO_NEAR.format(interest=interest)
    if verb == "INSERT":
        return f"NEW.handler_id IS NOT NULL AND {too_near}"
    return f"NEW.handler_id IS NOT NULL AND COALESCE(NEW.handler_id <> OLD.handler_id, TRUE) AND {too_near}"


GUARDS: tuple[Guard, ...] = tuple(
    Guard(
        f"handler_is_impartial_on_{verb.lower()}", "applications_application", verb, _MESSAGE,
        when=_when("d.has_interest = 1", verb), when_postgresql=_when("d.has_interest", verb),
    )
    for verb in ("INSERT", "UPDATE")
)  # fmt: skip
