"""Change a recipient's account number: one proposes, another approves, it waits, and all who were there before are told."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.bank import particulars
from grants.models import (
    AccountChange,
    AccountChangeStop,
    Approval,
    AuditEvent,
    Membership,
    Organisation,
    PreferredKid,
    Role,
    User,
)
from grants.register.account_changes import Where, account_of, changes_of, subject_of, where_is
from grants.register.accounts import add_account, fingerprint, propose_number, proposed_number
from grants.services.hold_orders import refresh_account_holds
from grants.services.tell_of_account import tell_of
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

MAY_PROPOSE = (Role.EDITOR, Role.SIGNATORY)
REASON_LENGTH = 500


@transaction.atomic
def propose_account(organisation: Organisation, number: str, *, reason: str, by: User) -> AccountChange:
    """Propose another account number. Nothing changes before another person has approved it."""
    _require_may_propose(organisation, by)
    organisation = _locked(organisation)
    bare = particulars.account_number(number.strip()) if number.strip() else ""
    if not bare:
        raise BadInput(_("Skriv det nye kontonummeret: elleve siffer, eller IBAN som begynner med NO."))
    reason = _reason(reason, _("Skriv hvorfor kontonummeret skal endres, med høyst 500 tegn."))
    account = account_of(organisation)
    if account is not None and account.fingerprint == fingerprint(bare):
        raise BadInput(_("Dette er kontonummeret dere har hos oss allerede."))
    if any(one.is_open for one in changes_of([organisation], on=today())):
        raise ChangedSince(_("En endring av kontonummeret venter allerede. Stopp den før dere foreslår en ny."))
    change = AccountChange(
        organisation=organisation,
        replaces=account.fingerprint if account else "",
        reason=reason,
        proposed_by=by,
        proposed_at=timezone.now(),
        told=_signatories(organisation),
    )
    propose_number(change, bare)
    change.save()
    _written("propose_account", change, by)
    tell_of(change, "proposed", by=by)
    return change


@transaction.atomic
def approve_account(change: AccountChange, *, by: User) -> None:
    """Approve another person's proposal: the number is ours from today, and money goes to it when it has waited."""
    organisation = _locked(change.organisation)
    may_approve(change, by)
    now = where_is(AccountChange.objects.get(pk=change.pk), on=today())
    if now.where != Where.PROPOSED:
        raise ChangedSince(_GONE[now.where]())
    account = account_of(organisation)
    if change.replaces != (account.fingerprint if account else ""):
        raise ChangedSince(_("Kontonummeret er endret siden dette ble foreslått. Stopp forslaget, og foreslå på nytt."))
    try:
        with transaction.atomic():
            Approval.objects.create(
                subject=subject_of(change), digest=change.fingerprint, proposed_by=change.proposed_by, approved_by=by
            )
    except IntegrityError:
        raise ChangedSince(_GONE[Where.WAITING]()) from None
    add_account(organisation, proposed_number(change), known_on=today(), reason=change.reason, change=change)
    _written("approve_account", change, by)
    refresh_account_holds(today(), of=organisation)
    tell_of(change, "approved", by=by)


@transaction.atomic
def stop_account(change: AccountChange, *, reason: str, by: User) -> None:
    """Stop a change while it waits; anybody of the organisation may, and finance. The earlier number stands again."""
    organisation = _locked(change.organisation)
    if not may_stop(change, by):
        raise NotAllowed(
            _("Bare de som representerer organisasjonen, og økonomi i direktoratet, kan stoppe endringen.")
        )
    reason = _reason(reason, _("Skriv hvorfor endringen stoppes, med høyst 500 tegn."))
    now = where_is(AccountChange.objects.get(pk=change.pk), on=today())
    if not now.is_open:
        raise ChangedSince(_GONE[now.where]())
    AccountChangeStop.objects.create(change=change, reason=reason, stopped_by=by, stopped_at=timezone.now())
    _written("stop_account", change, by)
    refresh_account_holds(today(), of=organisation)
    tell_of(change, "stopped", by=by)


@transaction.atomic
def choose_kid(organisation: Organisation, kid: str, *, by: User) -> PreferredKid:
    """Choose the KID that payments carry from now on; empty for a message instead."""
    _require_may_propose(organisation, by)
    bare = particulars.kid(kid.strip()) if kid.strip() else ""
    chosen = PreferredKid.objects.create(organisation=organisation, kid=bare, chosen_by=by, chosen_at=timezone.now())
    AuditEvent.objects.create(
        by=by, verb="choose_kid", subject=f"organisation:{organisation.pk}", details={"kid": bare}
    )
    return chosen


def may_approve(change: AccountChange, by: User) -> None:
    """Another signatory of the organisation, or finance in the directorate that does not act for it (A22); else refused."""
    if change.proposed_by_id == by.pk:
        raise NotAllowed(_("Du har foreslått dette kontonummeret selv. En annen person må godkjenne det."))
    roles = set(Membership.objects.filter(user=by, organisation=change.organisation).values_list("role", flat=True))
    if Role.SIGNATORY in roles and by.is_active:
        return
    if by.has_directorate_role(Role.FINANCE) and not roles:
        return
    raise NotAllowed(
        _("Kontonummeret godkjennes av en annen som signerer for organisasjonen, eller av økonomi i direktoratet.")
    )


def may_propose(organisation: Organisation, by: User) -> bool:
    """Does the person write or sign for the organisation?"""
    acts = Membership.objects.filter(user=by, organisation=organisation, role__in=MAY_PROPOSE)
    return by.is_active and acts.exists()


def may_stop(change: AccountChange, by: User) -> bool:
    """Does the person act for the organisation, or is it finance?"""
    acts = Membership.objects.filter(user=by, organisation=change.organisation).exists()
    return by.is_active and (acts or by.has_directorate_role(Role.FINANCE))


_GONE = {
    Where.PROPOSED: lambda: _("Endringen er ikke godkjent ennå."),
    Where.WAITING: lambda: _("Endringen er godkjent allerede."),
    Where.IN_USE: lambda: _("Kontonummeret er tatt i bruk. Foreslå et nytt hvis det er feil."),
    Where.STOPPED: lambda: _("Endringen er stoppet allerede."),
    Where.RUN_OUT: lambda: _("Forslaget er for gammelt. Foreslå kontonummeret på nytt."),
}


def _locked(organisation: Organisation) -> Organisation:
    """One at a time decides about an organisation's account."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _signatories(organisation: Organisation) -> list[str]:
    members = Membership.objects.filter(organisation=organisation, role=Role.SIGNATORY, user__is_active=True)
    return sorted({str(one.user) for one in members.select_related("user")})


def _reason(text: str, fault: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= REASON_LENGTH:
        raise BadInput(fault)
    return text


def _require_may_propose(organisation: Organisation, by: User) -> None:
    if not may_propose(organisation, by):
        raise NotAllowed(_("Bare redaktører og signaturberettigede kan endre kontonummer og KID."))


def _written(verb: str, change: AccountChange, by: User) -> None:
    details = {"organisation": str(change.organisation_id), "name": str(change.organisation)}
    AuditEvent.objects.create(by=by, verb=verb, subject=subject_of(change), details=details)
