"""Who may open what: one table, by URL name. What is not in the table does not exist for anybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grants.models import Role
from grants.models.user import DIRECTORATE_ROLES, ORGANISATION_ROLES


@dataclass(frozen=True)
class Audience:
    """The roles that may open an address; `public` needs no sign-in at all."""

    roles: frozenset[Role] = frozenset()
    public: bool = False

    def admits(self, roles: Iterable[Role]) -> bool:
        """May somebody with these roles open it?"""
        return self.public or not self.roles.isdisjoint(roles)


def only(*roles: Role) -> Audience:
    """People with one of these roles."""
    return Audience(frozenset(roles))


PUBLIC = Audience(public=True)
SIGNED_IN = only(*DIRECTORATE_ROLES, *ORGANISATION_ROLES)
DIRECTORATE = only(*DIRECTORATE_ROLES)
ORGANISATION = only(*ORGANISATION_ROLES)
FINANCE = only(Role.FINANCE)
WRITERS = only(Role.EDITOR, Role.SIGNATORY)
# Person-lines: those who need them for their work, and the auditor. Each look is logged.
SEES_PERSONS = only(Role.FINANCE, Role.CASEWORKER, Role.AUDITOR)

POLICY: Mapping[str, Audience] = {
    # Open to all
    "live": PUBLIC,
    "ready": PUBLIC,
    "sign_in": PUBLIC,
    "accessibility": PUBLIC,
    "set_language": PUBLIC,
    "schemes": PUBLIC,
    "scheme": PUBLIC,
    "calls": PUBLIC,
    "calls_json": PUBLIC,
    "call": PUBLIC,
    # Everybody who has signed in
    "sign_out": SIGNED_IN,
    "front_page": SIGNED_IN,
    # Finance
    "runs": DIRECTORATE,
    "run": DIRECTORATE,
    "run_approve": FINANCE,
    "run_pay": FINANCE,
    "run_municipality": SEES_PERSONS,
    "run_letter": only(Role.FINANCE, Role.CASEWORKER, Role.AUDITOR, *ORGANISATION_ROLES),
    # Recipients
    "our_payments": ORGANISATION,
    # Applicants. Which application, and who signs: applications/workflow/machine.py
    "our_applications": ORGANISATION,
    "application": ORGANISATION,
    "application_begin": WRITERS,
    "application_theme": WRITERS,
    "application_check": WRITERS,
    "application_answer": WRITERS,
    "application_withdraw": only(Role.SIGNATORY),
    # Year end
    "year_ends": DIRECTORATE,
    "year_end": DIRECTORATE,
    "year_end_file": DIRECTORATE,
    "year_end_pdf": DIRECTORATE,
    "year_end_make": FINANCE,
}


def may_open(name: str, roles: Iterable[Role]) -> bool:
    """May somebody with these roles open the address of this name? What is not listed, nobody may."""
    audience = POLICY.get(name)
    return audience is not None and audience.admits(roles)
