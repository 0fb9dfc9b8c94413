"""The caseworker's verbs: declare, take, ask, rule, score and note; and the applicant's answer."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Call, CaseEvent, Declaration, Finding, Note, Ruling, Score, State
from applications.services.assign import assign, let_go
from applications.services.at_work import readable, require_at_work, require_same_version
from applications.services.attach import freeze
from applications.services.health import ANSWERED, keep_answer
from applications.workflow.grounds import newest_findings
from applications.workflow.impartiality import require_impartial as require_impartial
from applications.workflow.machine import has_role, move
from applications.workflow.transitions import ANSWER, ASK, STOP_WAITING, TAKE
from grants.jobs.queue import hand_over
from grants.models import Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

LOWEST, HIGHEST = 0, 6
# How long the applicant has to answer where nothing else is said (our own choice).
DAYS_TO_ANSWER = 14
LONGEST_TO_ANSWER = timedelta(days=365)


@transaction.atomic
def declare(call: Call, *, by: User, has_interest: bool, reason: str = "") -> Declaration:
    """Say whether one stands too near to somebody who applies (forvaltningsloven § 6). Said once per call.

    Somebody who does, lets go of the cases of the call.
    """
    if has_interest and not reason.strip():
        raise BadInput(_("Skriv kort hvorfor du er inhabil."))
    try:
        with transaction.atomic():
            said = Declaration.objects.create(call=call, user=by, has_interest=has_interest, reason=reason.strip())
    except IntegrityError:
        raise ChangedSince(_("Du har svart om habilitet i denne utlysningen før.")) from None
    if has_interest:
        let_go(call, by=by)
    return said


@transaction.atomic
def take_case(application: Application, *, by: User) -> Application:
    """Become the handler of a case and begin on it."""
    require_impartial(by, application.call)
    if application.state != State.SUBMITTED and application.handler_id is None:
        return assign(application, to=by, by=by)  # begun on by somebody who has let it go
    return move(application, TAKE, by=by, handler=by)


@transaction.atomic
def ask_applicant(application: Application, question: str, *, by: User, due_on: date | None = None) -> Application:
    """Ask the applicant for more, with a last day to answer; the case waits. The question becomes a letter, by job."""
    require_impartial(by, application.call)
    question = readable(question)
    if not question:
        raise BadInput(_("Skriv hva søkeren skal svare på."))
    due_on = last_day_to_answer(due_on)
    details = {"due_on": due_on.isoformat()}
    case = move(application, ASK, by=by, reason=question, details=details, answer_due_on=due_on)
    event = case.events.filter(verb=ASK.name).latest("pk")
    hand_over("record_question", f"question:{event.pk}", {"event": event.pk})
    return case


def last_day_to_answer(due_on: date | None) -> date:
    """The last day to answer a question that is asked today: the one that was chosen, else two weeks from now."""
    today = timezone.localdate()
    due_on = due_on or today + timedelta(days=DAYS_TO_ANSWER)
    if not today < due_on <= today + LONGEST_TO_ANSWER:
        raise BadInput(_("Fristen for svar må ligge framover, og høyst ett år fram."))
    return due_on


@transaction.atomic
def answer_directorate(application: Application, answer: str, *, by: User) -> Application:
    """The applicant answers; the case goes on. By job the answer is recorded and the rules are tried again."""
    answer = readable(answer)
    on_health = application.call.law.on_health
    case = move(application, ANSWER, by=by, reason=ANSWERED if on_health and answer else answer, answer_due_on=None)
    event = case.events.filter(verb=ANSWER.name).latest("pk")
    freeze(case, ["answer"], sent_with=f"answer:{event.pk}")
    if on_health:
        keep_answer(event, answer)
    hand_over("record_answer", f"answer:{event.pk}", {"event": event.pk})
    hand_over("retry_rules", f"retry_rules:answer:{event.pk}", {"application": str(case.pk)})
    return case


@transaction.atomic
def stop_waiting(application: Application, *, by: User, reason: str = "") -> Application:
    """Withdraw a question; the case goes on without an answer."""
    require_impartial(by, application.call)
    return move(application, STOP_WAITING, by=by, reason=readable(reason), answer_due_on=None)


@transaction.atomic
def rule_on(finding: Finding, *, met: bool, reason: str, by: User, seen: int | None = None) -> Ruling:
    """Settle a finding that needs a human, or override one, with a reason.

    `seen` is the newest ruling that the person had before them (0: none). Refused when the rule has come to something
    else since, and when a colleague has ruled first.
    """
    # Rulings in a case are made one at a time, on the case as it stands.
    application = Application.objects.select_for_update().get(pk=finding.application_id)
    require_at_work(application, by)
    reason = readable(reason)
    if not reason:
        raise BadInput(_("Skriv hvorfor vilkåret er oppfylt eller ikke."))
    if finding.pk not in [newest.pk for newest in newest_findings(application)]:
        raise ChangedSince(
            _("Vilkåret er prøvd på nytt siden du åpnet siden. Se hva som kom fram, og ta stilling igjen.")
        )
    last = finding.rulings.select_related("by").order_by("pk").last()
    if seen is not None and last is not None and last.pk != seen:
        word = _("oppfylt") if last.met else _("ikke oppfylt")
        raise ChangedSince(
            _("%(who)s var først: vilkåret er %(verdict)s. Begrunnelsen er «%(reason)s».")
            % {"who": last.by, "verdict": word, "reason": last.reason}
        )
    ruling = Ruling.objects.create(finding=finding, met=met, reason=reason, by=by)
    CaseEvent.objects.create(
        application=application,
        by=by,
        verb="rule_on",
        text=reason,
        details={"rule": finding.rule, "sentence": finding.sentence, "met": met},
    )
    return ruling


@transaction.atomic
def score(application: Application, criterion: str, points: int, *, reason: str, by: User) -> Score:
    """Give points on a criterion of the call. A later score of the same person takes the earlier one's place."""
    require_at_work(application, by)
    if criterion not in {known["code"] for known in application.call.criteria()}:
        raise BadInput(_("Utlysningen har ikke kriteriet «%(criterion)s».") % {"criterion": criterion})
    if not LOWEST <= points <= HIGHEST:
        raise BadInput(_("Gi fra %(lowest)s til %(highest)s poeng.") % {"lowest": LOWEST, "highest": HIGHEST})
    reason = readable(reason)
    if not reason:
        raise BadInput(_("Skriv en kort begrunnelse for poengene."))
    return Score.objects.create(application=application, criterion=criterion, points=points, reason=reason, by=by)


@transaction.atomic
def score_criteria(
    application: Application, given: Mapping[str, tuple[int, str]], *, by: User, seen: int
) -> list[Score]:
    """Give points with reasons on several criteria at once; what is as before is left alone.

    `seen` is the person's own newest score on the page (0: none). Refused when the person has scored in another window
    since, and when the case has moved on.
    """
    require_same_version(application)
    own = {one.criterion: one for one in application.scores.filter(by=by).order_by("pk")}
    newest = max((one.pk for one in own.values()), default=0)
    if newest != seen:
        raise ChangedSince(_("Du har lagret poeng i et annet vindu. Poengene du har lagret, er de som gjelder nå."))
    fresh = [
        score(application, criterion, points, reason=reason, by=by)
        for criterion, (points, reason) in given.items()
        if criterion not in own or (own[criterion].points, own[criterion].reason) != (points, readable(reason))
    ]
    if fresh:
        details = {"criteria": [one.criterion for one in fresh]}
        CaseEvent.objects.create(application=application, by=by, verb="score", details=details)
    return fresh


@transaction.atomic
def add_note(application: Application, text: str, *, by: User) -> Note:
    """Leave an internal note to colleagues (offentleglova § 14). It can't be changed later, and is recorded by job."""
    if not has_role(by, Role.CASEWORKER, application):
        raise NotAllowed(_("%(who)s er ikke saksbehandler.") % {"who": by})
    require_impartial(by, application.call)
    text = readable(text)
    if not text:
        raise BadInput(_("Skriv notatet."))
    require_same_version(application)
    note = Note.objects.create(application=application, text=text, by=by)
    hand_over("record_note", f"record_note:{note.pk}", {"note": note.pk})
    return note
