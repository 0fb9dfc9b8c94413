"""All that can happen to an appeal, and the only code that changes its state. Pages and endpoints ask `may_walk`."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from applications.models import Appeal, Application, CaseEvent, Decision
from applications.workflow.machine import has_role
from grants.models import Approval, Role, User
from grants.shared.errors import ChangedSince, NotAllowed, Refused

State = Appeal.State


@dataclass(frozen=True)
class AppealStep:
    """One step of an appeal. `four_eyes`: not by the person who proposed its outcome."""

    name: str
    sources: frozenset[Appeal.State]
    target: Appeal.State
    role: Role
    four_eyes: bool = False
    by_handler: bool = False
    open_to_applicant: bool = True
    needs_reason: bool = False


def _from(*states: Appeal.State) -> frozenset[Appeal.State]:
    return frozenset(states)


IN_HAND = _from(State.RECEIVED, State.IN_PROGRESS)
PUT_AWAY = AppealStep("put_away", _from(State.DRAFT), State.WITHDRAWN, Role.EDITOR, open_to_applicant=False)
SEND = AppealStep("sent", _from(State.DRAFT), State.RECEIVED, Role.SIGNATORY)
WITHDRAW = AppealStep(
    "withdrawn",
    _from(State.RECEIVED, State.IN_PROGRESS, State.AWAITING_APPELLANT, State.UPHELD, State.FORWARDED),
    State.WITHDRAWN,
    Role.SIGNATORY,
)
ASSIGN = AppealStep("assigned", IN_HAND, State.IN_PROGRESS, Role.CASEWORKER)
ADMIT = AppealStep(
    "admitted", _from(State.IN_PROGRESS), State.IN_PROGRESS, Role.CASEWORKER, by_handler=True, needs_reason=True
)
ASK = AppealStep(
    "asked", _from(State.IN_PROGRESS), State.AWAITING_APPELLANT, Role.CASEWORKER, by_handler=True, needs_reason=True
)
ANSWER = AppealStep("answered", _from(State.AWAITING_APPELLANT), State.IN_PROGRESS, Role.EDITOR, needs_reason=True)
STOP_WAITING = AppealStep(
    "stopped_waiting", _from(State.AWAITING_APPELLANT), State.IN_PROGRESS, Role.CASEWORKER, by_handler=True
)
PROPOSE = AppealStep(
    "proposed",
    _from(State.IN_PROGRESS, State.TO_CARRY_OUT),
    State.PROPOSED,
    Role.CASEWORKER,
    by_handler=True,
    open_to_applicant=False,
)
RETURN = AppealStep(
    "returned",
    _from(State.PROPOSED),
    State.IN_PROGRESS,
    Role.DECISION_MAKER,
    open_to_applicant=False,
    needs_reason=True,
)
RETURN_TO_CARRY_OUT = AppealStep(
    "returned",
    _from(State.PROPOSED),
    State.TO_CARRY_OUT,
    Role.DECISION_MAKER,
    open_to_applicant=False,
    needs_reason=True,
)
REVERSE = AppealStep("reversed", _from(State.PROPOSED), State.REVERSED, Role.DECISION_MAKER, four_eyes=True)
REVERSE_IN_PART = AppealStep(
    "reversed_in_part", _from(State.PROPOSED), State.REVERSED_IN_PART, Role.DECISION_MAKER, four_eyes=True
)
UPHOLD = AppealStep("upheld", _from(State.PROPOSED), State.UPHELD, Role.DECISION_MAKER, four_eyes=True)
KEEP = AppealStep("kept", _from(State.PROPOSED), State.KEPT, Role.DECISION_MAKER, four_eyes=True)
DISMISS = AppealStep("dismissed", _from(State.PROPOSED), State.DISMISSED, Role.DECISION_MAKER, four_eyes=True)
FORWARD = AppealStep("forwarded", _from(State.UPHELD), State.FORWARDED, Role.CASEWORKER, by_handler=True)
MINISTRY_UPHELD = AppealStep("ministry_upheld", _from(State.FORWARDED), State.CONFIRMED, Role.CASEWORKER)
MINISTRY_REVERSED = AppealStep("ministry_reversed", _from(State.FORWARDED), State.TO_CARRY_OUT, Role.CASEWORKER)
MINISTRY_SENT_BACK = AppealStep("ministry_sent_back", _from(State.FORWARDED), State.IN_PROGRESS, Role.CASEWORKER)

APPEAL_STEPS = (
    PUT_AWAY, SEND, WITHDRAW, ASSIGN, ADMIT, ASK, ANSWER, STOP_WAITING, PROPOSE, RETURN, RETURN_TO_CARRY_OUT, REVERSE,
    REVERSE_IN_PART, UPHOLD, KEEP, DISMISS, FORWARD, MINISTRY_UPHELD, MINISTRY_REVERSED, MINISTRY_SENT_BACK,
)  # fmt: skip


def first_two(decision: Decision) -> set[Any]:
    """Those who prepared and decided a decision: neither of them handles or decides an appeal of it."""
    deciders = Approval.objects.filter(subject=f"decision:{decision.pk}").values_list("approved_by_id", flat=True)
    return {decision.prepared_by_id, *deciders}


def first_two_people(decision: Decision) -> list[User]:
    """The same as people, by name."""
    return list(User.objects.filter(pk__in=first_two(decision)).order_by("name", "username"))


def may_walk(user: User, step: AppealStep, appeal: Appeal) -> bool:
    """May this person take this step with the appeal as it stands?"""
    return appeal.state in step.sources and not _refusal(user, step, appeal)


def require_may_walk(user: User, step: AppealStep, appeal: Appeal) -> None:
    """Refuse, in words, when this person may not take the step."""
    if why := _refusal(user, step, appeal):
        raise NotAllowed(why)


@transaction.atomic
def walk(
    appeal: Appeal,
    step: AppealStep,
    *,
    by: User,
    reason: str = "",
    details: dict[str, Any] | None = None,
    **fields: Any,
) -> Appeal:
    """Take an appeal one step further, with `fields` that change in the same breath, and put it on the case's timeline."""
    require_may_walk(by, step, appeal)
    if step.needs_reason and not reason.strip():
        raise Refused(_("Skriv en begrunnelse."))
    changed = Appeal.objects.filter(pk=appeal.pk, version=appeal.version, state__in=step.sources).update(
        state=step.target, version=F("version") + 1, **fields
    )
    if not changed:
        raise ChangedSince(_what_happened(appeal))
    CaseEvent.objects.create(
        application_id=appeal.application_id,
        by=by,
        verb=f"appeal_{step.name}",
        text=reason.strip(),
        details={"appeal": str(appeal.pk), **(details or {})},
        open_to_applicant=step.open_to_applicant,
    )
    appeal.refresh_from_db()
    return appeal


def events_of(appeal: Appeal) -> Any:
    """What has happened in an appeal, the newest first."""
    events = CaseEvent.objects.filter(application_id=appeal.application_id, details__appeal=str(appeal.pk))
    return events.select_related("by").order_by("-pk")


def newest_event(appeal: Appeal, step: AppealStep) -> CaseEvent:
    """When this step was taken last, as it stands on the timeline."""
    event: CaseEvent = events_of(appeal).filter(verb=f"appeal_{step.name}").first()
    return event


def _refusal(user: User, step: AppealStep, appeal: Appeal) -> str:
    """Why this person may not take the step, or an empty text."""
    application: Application = appeal.application
    if not has_role(user, step.role, application):
        return _("%(who)s har ikke rollen som trengs for dette steget.") % {"who": user}
    if step.role in (Role.CASEWORKER, Role.DECISION_MAKER) and user.pk in first_two(appeal.decision):
        return _("%(who)s har forberedt eller fattet vedtaket det klages på. En annen må behandle klagen.") % {
            "who": user
        }
    if step.by_handler and appeal.handler_id != user.pk:
        return _("Klagen behandles av %(who)s. Overta den først.") % {"who": appeal.handler or _("ingen ennå")}
    if step.four_eyes and appeal.outcomes.filter(state="proposed", prepared_by=user).exists():
        return _("%(who)s har laget innstillingen. En annen må avgjøre klagen.") % {"who": user}
    return ""


def _what_happened(appeal: Appeal) -> str:
    last = events_of(appeal).first()
    now = Appeal.objects.get(pk=appeal.pk)
    state = now.get_state_display()
    if last and last.by:
        said = _("%(who)s var først: klagen er nå «%(state)s». Last siden på nytt og se hva som er endret.")
        return said % {"who": last.by, "state": state}
    return _("Klagen er nå «%(state)s». Last siden på nytt og se hva som er endret.") % {"state": state}
