"""The handler's verbs on an appeal: assign, take in a late one, ask, forward, and record what the ministry answered."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Appeal, Declaration, MinistryAnswer
from applications.services.assess import last_day_to_answer, require_impartial
from applications.services.at_work import readable
from applications.services.replace import check_amount
from applications.workflow.appeals import (
    ADMIT,
    ASK,
    ASSIGN,
    FORWARD,
    MINISTRY_REVERSED,
    MINISTRY_SENT_BACK,
    MINISTRY_UPHELD,
    STOP_WAITING,
    first_two,
    newest_event,
    walk,
)
from grants.jobs.queue import hand_over
from grants.models import Role, User
from grants.shared.errors import BadInput, NotAllowed, Refused


def has_declared(user: User, appeal: Appeal) -> bool:
    """Has this person said whether they have an interest in the call?"""
    return appeal.application.call.declarations.filter(user=user).exists()


def candidates_for(appeal: Appeal) -> QuerySet[User]:
    """Those who may handle an appeal: caseworkers who had no part in the decision and have said to be impartial."""
    impartial = Declaration.objects.filter(call=appeal.application.call_id, has_interest=False).values("user")
    return (
        User.objects.filter(is_active=True, directorate_roles__role=Role.CASEWORKER, pk__in=impartial)
        .exclude(pk__in=first_two(appeal.decision))
        .order_by("name", "username")
    )


@transaction.atomic
def assign_appeal(appeal: Appeal, handler: User, *, by: User) -> Appeal:
    """Give an appeal to a handler, oneself or a colleague: never one of the first two, and only the impartial."""
    require_impartial(by, appeal.application.call)
    if not handler.has_directorate_role(Role.CASEWORKER):
        raise NotAllowed(_("%(who)s er ikke saksbehandler.") % {"who": handler})
    if handler.pk in first_two(appeal.decision):
        raise NotAllowed(
            _("%(who)s har forberedt eller fattet vedtaket det klages på. En annen må behandle klagen.")
            % {"who": handler}
        )
    require_impartial(handler, appeal.application.call)
    return walk(appeal, ASSIGN, by=by, handler=handler)


@transaction.atomic
def admit_late(appeal: Appeal, *, reason: str, by: User) -> Appeal:
    """Take a late appeal in, with a reason (forvaltningsloven § 31)."""
    require_impartial(by, appeal.application.call)
    if not appeal.waits_for_admission:
        raise Refused(_("Klagen er ikke for sen, eller den er tatt til behandling allerede."))
    if not reason.strip():
        raise BadInput(_("Skriv hvorfor klagen tas til behandling selv om den kom for sent."))
    return walk(appeal, ADMIT, by=by, reason=reason, admitted_by=by, admitted_reason=reason.strip())


@transaction.atomic
def ask_appellant(appeal: Appeal, question: str, *, by: User, due_on: date | None = None) -> Appeal:
    """Ask the appellant for more, with a last day to answer; the appeal waits. The question becomes a letter, by job."""
    require_impartial(by, appeal.application.call)
    question, due_on = readable(question), last_day_to_answer(due_on)
    if not question:
        raise BadInput(_("Skriv hva dere vil vite."))
    walk(appeal, ASK, by=by, reason=question, details={"due_on": due_on.isoformat()})
    event = newest_event(appeal, ASK)
    hand_over("record_question", f"question:{event.pk}", {"event": event.pk})
    return appeal


@transaction.atomic
def stop_waiting(appeal: Appeal, *, by: User) -> Appeal:
    """Go on without an answer."""
    require_impartial(by, appeal.application.call)
    return walk(appeal, STOP_WAITING, by=by)


@transaction.atomic
def forward_appeal(appeal: Appeal, *, ministry: str, by: User, on: date | None = None) -> Appeal:
    """Send an upheld appeal to the ministry, with a copy of the letter to the appellant."""
    require_impartial(by, appeal.application.call)
    name = " ".join(ministry.split())
    if not name:
        raise BadInput(_("Skriv hvilket departement klagen skal til."))
    if len(name) > 120:
        raise BadInput(_("Navnet på departementet er for langt."))
    walk(appeal, FORWARD, by=by, ministry=name, forwarded_on=on or timezone.localdate())
    hand_over("appeal_forwarded", f"appeal_forwarded:{appeal.pk}:{appeal.version}", {"appeal": str(appeal.pk)})
    return appeal


STEPS = {
    MinistryAnswer.Outcome.UPHELD: MINISTRY_UPHELD,
    MinistryAnswer.Outcome.REVERSED: MINISTRY_REVERSED,
    MinistryAnswer.Outcome.SENT_BACK: MINISTRY_SENT_BACK,
}


@transaction.atomic
def record_answer(
    appeal: Appeal, outcome: str, *, reason: str, reference: str, dated: date, amount_ore: int | None, by: User
) -> MinistryAnswer:
    """Record what the ministry came to. A reversal is then carried out by two people, to the ministry's own amount."""
    require_impartial(by, appeal.application.call)
    if outcome not in MinistryAnswer.Outcome.values:
        raise BadInput(_("Velg hva departementet kom til."))
    if not reason.strip() or not reference.strip():
        raise BadInput(_("Skriv departementets saksnummer og begrunnelse."))
    if len(reference.strip()) > 80:
        raise BadInput(_("Saksnummeret er for langt."))
    if dated > timezone.localdate() or (appeal.forwarded_on and dated < appeal.forwarded_on):
        raise BadInput(_("Datoen må ligge mellom oversendelsen og i dag."))
    reverses = outcome == MinistryAnswer.Outcome.REVERSED
    if reverses:
        if amount_ore is None:
            raise BadInput(_("Skriv beløpet departementet har innvilget i alt."))
        check_amount(appeal.decision, amount_ore)
    answer = MinistryAnswer.objects.create(
        appeal=appeal,
        outcome=outcome,
        amount_ore=amount_ore if reverses else None,
        reason=reason.strip(),
        reference=reference.strip(),
        dated=dated,
        recorded_by=by,
    )
    walk(appeal, STEPS[MinistryAnswer.Outcome(outcome)], by=by, reason=reason)
    return answer
