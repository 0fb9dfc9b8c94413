"""What the frame around every page needs: which area, which menu, who is signed in."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.services.to_decide import waits_for
from config.access import roles_of
from config.policy import POLICY, may_open
from grants.models import Role, User
from grants.models.user import DIRECTORATE_ROLES
from grants.pages.words import ROLES
from grants.payments.answers import waiting as answers_waiting
from grants.payments.discrepancies import waits as discrepancies_waiting
from grants.payments.shown import waiting_for as batches_waiting_for
from grants.register.account_changes import proposals
from grants.services.discrepancies import MAY_ANSWER
from grants.shared.dates import today

# URL name, label, and the URL names that belong under it.
MENU = (
    (
        "cases",
        _("Arbeidskø"),
        (
            "cases",
            "case_views",
            "declare",
            "case",
            "case_application",
            "case_documents",
            "case_history",
            "case_follow_up",
            "case_reverse",
            "case_open_again",
            "case_take",
        ),
    ),
    ("front_page", _("Tilskuddsåret"), ("front_page",)),
    ("runs", _("Kjøringer"), ("runs", "run", "run_municipality")),
    (
        "payment_batches",
        _("Utbetalinger"),
        ("payment_batches", "payment_batch", "payment_batch_prepare", "payment_batch_do", "payment"),
    ),
    ("payment_orders", _("Betalingsordrer"), ("payment_orders", "payment_order", "payment_order_do")),
    (
        "bank_answers",
        _("Svar fra banken"),
        ("bank_answers", "bank_event", "bank_event_resolve", "bank_files", "bank_file_take_in"),
    ),
    ("ledger", _("Hovedbok"), ("ledger",)),
    ("reconciliation", _("Avstemming"), ("reconciliation",)),
    (
        "rounds",
        _("Sammenlign og fordel"),
        ("rounds", "call_compare", "scenario_save", "scenario_differences", "scenario_send"),
    ),
    (
        "proposals",
        _("Til vedtak"),
        ("proposals", "case_decide", "case_propose", "case_decision", "round_decide", "batch"),
    ),
    (
        "our_applications",
        _("Søknadene våre"),
        (
            "our_applications",
            "application",
            "application_theme",
            "application_check",
            "application_terms",
            "application_change",
            "application_report",
            "application_report_theme",
            "application_appeal",
            "application_notice",
            "application_receipt",
            "application_withdraw",
            "application_reopen",
            "application_attach",
            "application_health",
        ),
    ),
    ("reports", _("Rapporter"), ("reports",)),
    ("appeals", _("Klager"), ("appeals", "appeal")),
    ("recoveries", _("Tilbakebetaling"), ("recoveries", "recovery", "recovery_new")),
    (
        "our_payments",
        _("Våre penger"),
        (
            "our_payments",
            "our_account",
            "our_run",
            "our_order",
            "our_payment",
            "our_discrepancies",
            "our_discrepancy",
            "our_discrepancy_new",
            "our_forecast",
        ),
    ),
    ("our_recoveries", _("Krav om tilbakebetaling"), ("our_recoveries", "our_recovery")),
    ("discrepancies", _("Avvik"), ("discrepancies", "discrepancy")),
    ("account_changes", _("Kontoendringer"), ("account_changes",)),
    ("owner_calls", _("Utlysninger"), ("owner_calls", "owner_call", "owner_call_new", "owner_invite")),
    ("our_people", _("Folk hos dere"), ("our_people",)),
    ("year_ends", _("Årsavslutning"), ("year_ends", "year_end")),
    ("calls", _("Søk tilskudd"), ("calls", "call")),
    ("schemes", _("Ordningene"), ("schemes", "scheme")),
    ("users", _("Brukere"), ("users", "user")),
    ("health_looks", _("Innsyn"), ("health_looks",)),
    ("health_access", _("Helsetilgang"), ("health_access",)),
)
# Front page of the directorate only: an organisation is sent on from there to its own payments.
NOT_FOR_ORGANISATIONS = "front_page"
# What each role of the directorate works with stands first in the menu; all the rest stands under «Mer».
FIRST: Mapping[Role, tuple[str, ...]] = {
    Role.CASEWORKER: ("cases", "rounds", "reports", "appeals", "front_page"),
    Role.DECISION_MAKER: ("proposals", "rounds", "reports", "appeals", "front_page"),
    Role.FINANCE: ("runs", "payment_batches", "bank_answers", "recoveries", "ledger"),
    Role.SCHEME_OWNER: ("owner_calls", "rounds", "front_page", "schemes"),
    Role.AUDITOR: ("front_page", "runs", "payment_batches", "ledger", "cases", "users"),
    Role.ADMINISTRATOR: ("users", "front_page", "schemes"),
}


def _proposals_waiting(request: HttpRequest, roles: frozenset[Role]) -> int:
    """How much waits for this decision-maker: proposals, appeals and reversals, all but their own."""
    if Role.DECISION_MAKER not in roles or not isinstance(request.user, User):
        return 0
    return waits_for(request.user)


def _batches_waiting(request: HttpRequest, roles: frozenset[Role]) -> int:
    """How many sealed batches wait for this person of finance to attest."""
    if Role.FINANCE not in roles or not isinstance(request.user, User):
        return 0
    return batches_waiting_for(request.user)


def _answers_waiting(request: HttpRequest, roles: frozenset[Role]) -> int:
    """How many answers from the bank wait for finance."""
    return answers_waiting() if Role.FINANCE in roles else 0


def _acting_for(request: HttpRequest, roles: frozenset[Role]) -> str:
    """The organisation that a person acts for, where it is one."""
    if not roles or not isinstance(request.user, User):
        return ""
    names = sorted({one.organisation.name for one in request.user.memberships.select_related("organisation")})
    return names[0] if len(names) == 1 else str(_("%s organisasjoner")) % len(names)


# Menu entries with a number behind them: how much waits for the person who is signed in.
WAITING: Mapping[str, Callable[[HttpRequest, frozenset[Role]], int]] = {
    "proposals": _proposals_waiting,
    "payment_batches": _batches_waiting,
    "bank_answers": _answers_waiting,
    "account_changes": lambda request, roles: proposals(on=today()) if Role.FINANCE in roles else 0,
    "discrepancies": lambda request, roles: 0 if roles.isdisjoint(MAY_ANSWER) else discrepancies_waiting(),
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """The variables of templates/base.html. Works on error pages too, where there may be no user."""
    roles = roles_of(request)
    in_directorate = not roles.isdisjoint(DIRECTORATE_ROLES)
    match = request.resolver_match
    here = match.view_name if match else ""
    menu: list[dict[str, Any]] = [
        {
            "url": name,
            "label": label,
            "current": here == name,
            "inside": here in inside,
            "waiting": WAITING[name](request, roles) if name in WAITING else 0,
        }
        for name, label, inside in MENU
        if may_open(name, roles) and (in_directorate or name != NOT_FOR_ORGANISATIONS)
    ]
    first = {name for role in roles for name in FIRST.get(role, ())} or {str(entry["url"]) for entry in menu}
    return {
        "LANG": get_language(),
        "DEMO": settings.DEMO,
        "area": "directorate" if in_directorate else "public",
        "here": here,
        "menu": menu,
        "menu_first": [one for one in menu if one["url"] in first or one["inside"] or one["waiting"]],
        "menu_more": [one for one in menu if not (one["url"] in first or one["inside"] or one["waiting"])],
        # Links and buttons ask the same table that answers them.
        "may": {name: True for name in POLICY if may_open(name, roles)},
        "role_names": sorted(str(ROLES[role]) for role in roles),
        "acting_for": "" if in_directorate else _acting_for(request, roles),
    }
