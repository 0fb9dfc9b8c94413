"""The applicant's verbs on an appeal: write, send, answer and withdraw."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Appeal, Application, Decision
from applications.services.attach import detach, freeze
from applications.services.deadline import is_late, last_day, may_be_appealed, reached_on
from applications.services.submit import next_case_number
from applications.workflow.appeals import ANSWER, PUT_AWAY, SEND, WITHDRAW, newest_event, walk
from applications.workflow.machine import has_role
from grants.jobs.queue import hand_over
from grants.models import Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed
from grants.shared.shown import clock

MOST_CHARACTERS = 50_000
TEXTS = ("grounds", "wanted", "late_reason")


class SomebodyElseWrote(ChangedSince):
    """The draft has changed since it was read. `now` is what is stored, so that both texts can be shown."""

    def __init__(self, now: Appeal) -> None:
        self.now = now
        super().__init__(
            _("%(who)s lagret %(when)s mens du skrev. Det du har skrevet, er ikke borte: se begge tekstene og velg.")
            % {"who": now.saved_by, "when": clock(now.saved_at)}
        )


def appeal_of(decision: Decision) -> Appeal | None:
    """The appeal of a decision that is written or sent, when there is one that is not withdrawn."""
    return decision.appeals.exclude(state=Appeal.State.WITHDRAWN).first()


def standing_decision(application: Application) -> Decision | None:
    """The decision that stands in the case."""
    return Decision.objects.standing().filter(application=application).first()


@transaction.atomic
def save_appeal(decision: Decision, *, version: int, by: User, **texts: str) -> Appeal:
    """Save what is typed, done or not. Version 0 begins a draft; a later save names the version it was made from."""
    application = decision.application
    _require_writer(application, by)
    if any(len(text) > MOST_CHARACTERS for text in texts.values()):
        raise BadInput(_("Teksten er for lang. Hvert felt har plass til %(most)s tegn.") % {"most": MOST_CHARACTERS})
    typed = {name: texts.get(name, "").replace("\x00", "") for name in TEXTS}
    Application.objects.select_for_update().get(pk=application.pk)  # two who begin at once begin one
    draft = appeal_of(decision)
    if draft is None:
        if decision.state != Decision.State.DECIDED:
            raise ChangedSince(_("Vedtaket står ikke lenger. Last siden på nytt."))
        kind = Appeal.Kind.APPEAL if may_be_appealed(decision) else Appeal.Kind.REVIEW
        return Appeal.objects.create(
            application=application,
            decision=decision,
            kind=kind,
            created_by=by,
            saved_by=by,
            saved_at=timezone.now(),
            **typed,
        )
    if draft.state != Appeal.State.DRAFT:
        raise ChangedSince(_("Klagen er sendt og kan ikke endres."))
    changed = Appeal.objects.filter(pk=draft.pk, version=version, state=Appeal.State.DRAFT).update(
        version=F("version") + 1, saved_by=by, saved_at=timezone.now(), **typed
    )
    if not changed:
        raise SomebodyElseWrote(Appeal.objects.select_related("saved_by").get(pk=draft.pk))
    draft.refresh_from_db()
    return draft


@transaction.atomic
def send_appeal(appeal: Appeal, *, by: User) -> Appeal:
    """Send it in. It gets a case number of its own. A late one is sent too, and somebody decides on it (§ 31)."""
    now = timezone.now()
    if not appeal.grounds.strip():
        raise BadInput(_("Skriv hva dere mener er feil i vedtaket."))
    if not appeal.wanted.strip():
        raise BadInput(_("Skriv hva dere ønsker endret."))
    if appeal.decision.state != Decision.State.DECIDED:
        raise ChangedSince(_("Vedtaket står ikke lenger. Last siden på nytt."))
    last = last_day(appeal.decision)
    year = timezone.localtime(now).year
    walk(
        appeal,
        SEND,
        by=by,
        submitted_by=by,
        submitted_at=now,
        case_year=year,
        case_number=next_case_number(year),
        reached_on=reached_on(appeal.decision),
        last_day=last,
        is_late=is_late(last, now),
    )
    freeze(appeal.application, ["appeal"], sent_with=f"appeal:{appeal.pk}")
    hand_over("appeal_sent", f"appeal_sent:{appeal.pk}", {"appeal": str(appeal.pk)})
    return appeal


@transaction.atomic
def withdraw_appeal(appeal: Appeal, *, by: User) -> Appeal:
    """Take it back: a draft is put away with its files, one that is sent ends without an outcome."""
    if appeal.state != Appeal.State.DRAFT:
        return walk(appeal, WITHDRAW, by=by)
    for file in appeal.application.attachments.not_sent().filter(place="appeal"):
        detach(file, by=by)
    return walk(appeal, PUT_AWAY, by=by)


@transaction.atomic
def answer_about_appeal(appeal: Appeal, answer: str, *, by: User) -> Appeal:
    """Answer what the handler asked, with what is attached; the work goes on, and the answer is recorded by job."""
    if not answer.strip():
        raise BadInput(_("Skriv svaret før du sender det."))
    walk(appeal, ANSWER, by=by, reason=answer.replace("\x00", "").strip()[:MOST_CHARACTERS])
    event = newest_event(appeal, ANSWER)
    freeze(appeal.application, ["appeal"], sent_with=f"appeal_answer:{event.pk}")
    hand_over("record_answer", f"answer:{event.pk}", {"event": event.pk})
    return appeal


def _require_writer(application: Application, by: User) -> None:
    if not has_role(by, Role.EDITOR, application):
        raise NotAllowed(
            _("%(who)s kan ikke skrive for %(organisation)s.") % {"who": by, "organisation": application.organisation}
        )
