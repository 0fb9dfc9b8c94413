"""The directorate reverses its own decision (forvaltningsloven § 35): notice where it is to loss, two people, and a letter."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Appeal, Application, CaseEvent, Decision, Reversal
from applications.services.appeal import standing_decision
from applications.services.assess import require_impartial
from applications.services.attach import freeze
from applications.services.deadline import reached_on
from applications.services.replace import (
    approve_successor,
    check_amount,
    propose_successor,
    put_in_place,
    return_successor,
)
from applications.workflow.machine import has_role
from grants.jobs.queue import hand_over
from grants.models import Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from grants.shared.shown import day

State = Reversal.State
MOST_CHARACTERS = 50_000


def open_reversal(application: Application) -> Reversal | None:
    """The reversal that is under way in a case."""
    found = Reversal.objects.open().filter(application=application)
    return found.select_related("decision", "successor", "begun_by", "answered_by").first()


def reversals_of(application: Application) -> list[Reversal]:
    """The reversals that are decided or put away, the newest first."""
    closed = Reversal.objects.filter(application=application, state__in=[State.DECIDED, State.DROPPED])
    return list(closed.select_related("successor", "begun_by").order_by("-begun_at"))


@transaction.atomic
def begin_reversal(
    application: Application, *, to_ore: int, ground: str, reason: str, answer_by: date | None = None, by: User
) -> Reversal:
    """Begin a reversal. To the recipient's loss it begins with a notice, which gives a day to answer by (§ 16)."""
    _require(application, Role.CASEWORKER, by)
    Application.objects.select_for_update().get(pk=application.pk)
    standing = standing_decision(application)
    if standing is None:
        raise Refused(_("Saken har ikke noe vedtak som kan omgjøres."))
    if open_reversal(application) is not None:
        raise ChangedSince(_("En omgjøring er i gang allerede. Last siden på nytt."))
    if reached_on(standing) is None:
        raise Refused(_("Brevet om vedtaket er ikke laget ennå. Vent til det er sendt."))
    _require_no_appeal(standing)
    check_amount(standing, to_ore)
    to_loss = to_ore < standing.amount_ore
    _check(ground, reason, answer_by, to_loss=to_loss)
    reversal = Reversal.objects.create(
        application=application,
        decision=standing,
        ground=ground,
        from_ore=standing.amount_ore,
        to_ore=to_ore,
        reason=reason.strip(),
        state=State.NOTICED if to_loss else State.BEGUN,
        begun_by=by,
        begun_at=timezone.now(),
        answer_by=answer_by if to_loss else None,
    )
    _tell(reversal, "reversal_noticed" if to_loss else "reversal_begun", by=by, text=reason.strip(), openly=to_loss)
    if to_loss:
        hand_over("reversal_notice", f"reversal_notice:{reversal.pk}", {"reversal": str(reversal.pk)})
    return reversal


@transaction.atomic
def answer_notice(reversal: Reversal, answer: str, *, by: User) -> Reversal:
    """The recipient answers a notice, once, while no decision is made."""
    if not has_role(by, Role.EDITOR, reversal.application):
        raise NotAllowed(
            _("%(who)s kan ikke svare for %(organisation)s.")
            % {"who": by, "organisation": reversal.application.organisation}
        )
    text = answer.replace("\x00", "").strip()
    if not text:
        raise BadInput(_("Skriv svaret før dere sender det."))
    if len(text) > MOST_CHARACTERS:
        raise BadInput(_("Svaret er for langt. Det er plass til %(most)s tegn.") % {"most": MOST_CHARACTERS})
    if reversal.answered_at is not None:
        raise ChangedSince(_("Varselet er besvart allerede."))
    _walk(reversal, {State.NOTICED}, answer=text, answered_by=by, answered_at=timezone.now())
    _tell(reversal, "reversal_answered", by=by, text=text, openly=True)
    freeze(reversal.application, ["notice"], sent_with=f"notice:{reversal.pk}")
    hand_over("reversal_answer", f"reversal_answer:{reversal.pk}", {"reversal": str(reversal.pk)})
    return reversal


@transaction.atomic
def propose_reversal(reversal: Reversal, *, reason: str, by: User) -> Decision:
    """Propose the new decision, once the recipient has been heard. `reason` stands in the letter."""
    application = reversal.application
    _require(application, Role.CASEWORKER, by)
    _require_heard(reversal, timezone.localdate())
    successor = propose_successor(
        reversal.decision, reversal.to_ore, reason=reason, because={"reversal": str(reversal.pk)}, by=by
    )
    _walk(reversal, {State.NOTICED, State.BEGUN}, state=State.PROPOSED, successor=successor)
    _tell(reversal, "reversal_proposed", by=by, text="", openly=False)
    return successor


@transaction.atomic
def return_reversal(reversal: Reversal, *, reason: str, by: User) -> Reversal:
    """Send the proposal back, with a reason."""
    _require(reversal.application, Role.DECISION_MAKER, by)
    if not reason.strip():
        raise BadInput(_("Skriv hva som må endres."))
    successor = reversal.successor
    back = State.NOTICED if reversal.is_to_loss else State.BEGUN
    _walk(reversal, {State.PROPOSED}, state=back, successor=None)
    if successor is not None:
        return_successor(successor)
    _tell(reversal, "reversal_returned", by=by, text=reason.strip(), openly=False)
    return reversal


@transaction.atomic
def decide_reversal(reversal: Reversal, *, by: User, on: date | None = None) -> Decision:
    """Another person decides: the new decision takes the place, the difference is booked, and the letter handed over."""
    on = on or timezone.localdate()
    application, successor = reversal.application, reversal.successor
    _require(application, Role.DECISION_MAKER, by)
    if reversal.state != State.PROPOSED or successor is None:
        raise ChangedSince(_("Omgjøringen venter ikke på vedtak. Last siden på nytt."))
    _require_heard(reversal, min(on, timezone.localdate()))
    _require_no_appeal(reversal.decision)
    approve_successor(successor, by=by)
    _walk(reversal, {State.PROPOSED}, state=State.DECIDED)
    put_in_place(successor, by=by, on=on)
    hand_over("reversal_letter", f"reversal_letter:{reversal.pk}", {"reversal": str(reversal.pk)})
    return successor


@transaction.atomic
def drop_reversal(reversal: Reversal, *, reason: str, by: User) -> Reversal:
    """Put a reversal away before it is proposed: the decision stands, and the recipient is told so on the case."""
    _require(reversal.application, Role.CASEWORKER, by)
    if not reason.strip():
        raise BadInput(_("Skriv hvorfor omgjøringen legges bort."))
    _walk(reversal, {State.NOTICED, State.BEGUN}, state=State.DROPPED)
    _tell(reversal, "reversal_dropped", by=by, text=reason.strip(), openly=reversal.is_to_loss)
    return reversal


def _check(ground: str, reason: str, answer_by: date | None, *, to_loss: bool) -> None:
    if ground not in Reversal.Ground.values:
        raise BadInput(_("Velg hva omgjøringen bygger på."))
    if not reason.strip():
        raise BadInput(_("Skriv hvorfor vedtaket skal omgjøres."))
    if ground == Reversal.Ground.TO_GAIN and to_loss:
        raise BadInput(_("«Til gunst for mottakeren» gjelder bare når beløpet øker."))
    if to_loss and answer_by is None:
        raise BadInput(_("Skriv siste dag for å svare på varselet. Omgjøring til skade krever forhåndsvarsel (§ 16)."))
    if to_loss and answer_by is not None and answer_by <= timezone.localdate():
        raise BadInput(_("Siste dag for å svare må være etter i dag."))


def _require(application: Application, role: Role, by: User) -> None:
    if not has_role(by, role, application):
        raise NotAllowed(_("%(who)s har ikke rollen som trengs for dette steget.") % {"who": by})
    require_impartial(by, application.call)


def _require_no_appeal(standing: Decision) -> None:
    if Appeal.objects.open().filter(decision=standing).exists():
        raise Refused(_("Det er klaget på vedtaket. Klagen må avgjøres først."))


def _require_heard(reversal: Reversal, on: date) -> None:
    if reversal.has_been_heard(on):
        return
    if reversal.answer_by is None:
        raise Refused(_("Mottakeren er ikke varslet ennå."))
    raise Refused(
        _("Mottakeren har frist til og med %(day)s for å svare på varselet.") % {"day": day(reversal.answer_by)}
    )


def _walk(reversal: Reversal, sources: set[Reversal.State], **fields: Any) -> None:
    """One step further by compare-and-set, or a refusal that says that somebody was first."""
    changed = Reversal.objects.filter(pk=reversal.pk, version=reversal.version, state__in=sources).update(
        version=F("version") + 1, **fields
    )
    if not changed:
        raise ChangedSince(_("Omgjøringen er endret i mellomtiden. Last siden på nytt og se hva som har skjedd."))
    reversal.refresh_from_db()


def _tell(reversal: Reversal, verb: str, *, by: User, text: str, openly: bool) -> None:
    CaseEvent.objects.create(
        application_id=reversal.application_id,
        by=by,
        verb=verb,
        text=text,
        details={"reversal": str(reversal.pk)},
        open_to_applicant=openly,
    )
