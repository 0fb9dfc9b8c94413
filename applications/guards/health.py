"""Guards of what is told of health: what was sent in stands until the person is erased, and no look is taken back."""

from grants.shared.guards import Guard, append_only

_ERASED = "EXISTS (SELECT 1 FROM grants_person p WHERE p.id = OLD.person_id AND p.erased_on IS NOT NULL)"
_ACCESS = "applications_healthaccess"
_GIVEN = ("id", "user_id", "reason", "given_by_id", "given_at")

GUARDS: tuple[Guard, ...] = (
    *append_only("applications_healthsubmission", unless=_ERASED),
    *append_only("applications_healthanswer", unless=_ERASED),
    *append_only("applications_healthlook"),
    Guard(
        "health_access_is_born_in_force", _ACCESS, "INSERT",
        "access to health data begins when it is given", when="NEW.ended_at IS NOT NULL",
    ),
    Guard(
        "health_access_is_ended_once", _ACCESS, "UPDATE",
        "access to health data is ended once and never changed: give it again",
        when="OLD.ended_at IS NOT NULL OR " + " OR ".join(f"NEW.{one} <> OLD.{one}" for one in _GIVEN),
    ),
    Guard("health_access_never_goes", _ACCESS, "DELETE", "access to health data is never removed: it is ended"),
)  # fmt: skip
