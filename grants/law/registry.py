"""The 18 schemes, in the order of the budget."""

from difflib import get_close_matches

from grants.law.errors import UnknownScheme
from grants.law.scheme import Scheme
from grants.law.schemes import (
    asylum_training,
    attitudes,
    disability,
    entrepreneurship,
    extra_institution,
    extra_settlement,
    information,
    integration,
    integration_reception,
    jobbsjansen,
    kum,
    local_organisations,
    mentor_trainee,
    norwegian_training,
    reception_projects,
    resource_centres,
    unaccompanied_minors,
    vulnerable_groups,
)

_IN_ORDER = (
    integration, disability, extra_settlement, extra_institution, unaccompanied_minors, jobbsjansen, kum,
    entrepreneurship, integration_reception, attitudes, information, reception_projects, local_organisations,
    resource_centres, vulnerable_groups, mentor_trainee, norwegian_training, asylum_training,
)  # fmt: skip
SCHEMES: dict[str, Scheme] = {module.SCHEME.code: module.SCHEME for module in _IN_ORDER}


def scheme(code: str) -> Scheme:
    """The scheme of a code, or a refusal that suggests the nearest."""
    if code not in SCHEMES:
        near = get_close_matches(code, SCHEMES, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else f" The schemes are: {', '.join(SCHEMES)}."
        raise UnknownScheme(f'There is no scheme "{code}".{hint}')
    return SCHEMES[code]
