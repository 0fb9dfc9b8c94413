"""The caseworker's verbs: declare, take, ask, rule and score."""

from django.db import IntegrityError, transaction

from applications.models import Application, Call, CaseEvent, Declaration, Finding, Ruling, Score, State
from applications.workflow.machine import has_role, move
from applications.workflow.transitions import ANSWER, ASK, TAKE
from grants.models import Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

LOWEST, HIGHEST = 0, 6


@transaction.atomic
def declare(call: Call, *, by: User, has_interest: bool, reason: str = "") -> Declaration:
    """Say whether one stands too near to somebody who applies (forvaltningsloven § 6). Said once per call."""
    if has_interest and not reason.strip():
        raise BadInput("Skriv kort hvorfor du er inhabil.")
    try:
        with transaction.atomic():
            return Declaration.objects.create(call=call, user=by, has_interest=has_interest, reason=reason.strip())
    except IntegrityError:
        raise ChangedSince("Du har svart om habilitet i denne utlysningen før.") from None


def require_impartial(user: User, call: Call) -> None:
    """Casework in a call takes a declaration that one has no interest in it."""
    said = Declaration.objects.filter(call=call, user=user).first()
    if said is None:
        raise NotAllowed("Si først om du er habil i denne utlysningen.")
    if said.has_interest:
        raise NotAllowed("Du har meldt deg inhabil i denne utlysningen.")


@transaction.atomic
def take_case(application: Application, *, by: User) -> Application:
    """Become the handler of a case and begin on it."""
    require_impartial(by, application.call)
    return move(application, TAKE, by=by, handler=by)


@transaction.atomic
def ask_applicant(application: Application, question: str, *, by: User) -> Application:
    """Ask the applicant for more; the case waits."""
    require_impartial(by, application.call)
    return move(application, ASK, by=by, reason=question.strip())


@transaction.atomic
def answer_directorate(application: Application, answer: str, *, by: User) -> Application:
    """The applicant answers; the case goes on."""
    return move(application, ANSWER, by=by, reason=answer.strip())


@transaction.atomic
def rule_on(finding: Finding, *, met: bool, reason: str, by: User) -> Ruling:
    """Settle a finding that needs a human, or override one, with a reason."""
    application = finding.application
    _require_at_work(application, by)
    if not reason.strip():
        raise BadInput("Skriv hvorfor vilkåret er oppfylt eller ikke.")
    ruling = Ruling.objects.create(finding=finding, met=met, reason=reason.strip(), by=by)
    CaseEvent.objects.create(
        application=application, by=by, verb="rule_on", text=reason.strip(), details={"rule": finding.rule}
    )
    return ruling


@transaction.atomic
def score(application: Application, criterion: str, points: int, *, reason: str, by: User) -> Score:
    """Give points on a criterion of the call. A later score of the same person takes the earlier one's place."""
    _require_at_work(application, by)
    if criterion not in {known["code"] for known in application.call.criteria()}:
        raise BadInput(f"Utlysningen har ikke kriteriet «{criterion}».")
    if not LOWEST <= points <= HIGHEST:
        raise BadInput(f"Gi fra {LOWEST} til {HIGHEST} poeng.")
    if not reason.strip():
        raise BadInput("Skriv en kort begrunnelse for poengene.")
    return Score.objects.create(
        application=application, criterion=criterion, points=points, reason=reason.strip(), by=by
    )


def _require_at_work(application: Application, by: User) -> None:
    if not has_role(by, Role.CASEWORKER, application):
        raise NotAllowed(f"{by} er ikke saksbehandler.")
    require_impartial(by, application.call)
    if application.state not in (State.IN_PROGRESS, State.AWAITING_APPLICANT):
        raise ChangedSince(
            f"Saken er {application.get_state_display().lower()}. Vurderinger gjøres mens den er under behandling."
        )
