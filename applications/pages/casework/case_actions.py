"""What a caseworker does on the case page. What could not be saved comes back with what was typed, and why."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.models import Application
from applications.pages.casework.asking import where_to
from applications.pages.casework.case import Typed, shown
from applications.pages.casework.frame import case_of, number_of, version_of
from applications.services.assess import (
    ask_applicant,
    rule_on,
    score_criteria,
    stop_waiting,
    take_case,
)
from applications.services.rules import retry_rules
from applications.workflow.impartiality import declared
from grants.pages.asking import signed_in
from grants.shared.dates import read_day
from grants.shared.errors import BadInput, ChangedSince


@require_POST
def case_take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Become the handler, and go on from where one was. Who has not said whether they are impartial, does that first."""
    application, user = _as_read(request, pk), signed_in(request)
    then = where_to(request, reverse("case", args=[pk]))
    if declared(user, application.call) is None:
        asked = {"take": f"{pk}.{application.version}", "next": then}
        return redirect(f"{reverse('declare', args=[application.call_id])}?{urlencode(asked)}")
    refused = _tried(request, application, lambda: take_case(application, by=user), Typed(), "")
    if refused is not None:
        return refused
    case = f"{application.reference} {application.organisation}"
    messages.success(request, _("Du har tatt saken %(case)s.") % {"case": case})
    return redirect(then)


@require_POST
def case_rule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Settle or override a condition."""
    application = case_of(request, pk)
    finding = get_object_or_404(application.findings.all(), pk=number_of(request, "finding"))
    met, reason = request.POST.get("met", ""), request.POST.get("reason", "")
    typed = Typed(f"rule-{finding.rule}", {"met": met, "reason": reason})
    if met not in ("yes", "no"):
        typed.faults["met"] = _("Velg oppfylt eller ikke oppfylt.")
    if not reason.strip():
        typed.faults["reason"] = _("Skriv hvorfor.")
    if typed.faults:
        return shown(request, application, typed)

    def act() -> None:
        seen = number_of(request, "seen")
        rule_on(finding, met=met == "yes", reason=reason, by=signed_in(request), seen=seen)

    return _done(request, application, act, typed, "reason", _("Vurderingen er lagret."), f"#{typed.form}")


@require_POST
def case_score(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give points with reasons; a criterion that is left empty waits."""
    application = _as_read(request, pk)
    typed = Typed("scores")
    given: dict[str, tuple[int, str]] = {}
    for criterion in application.call.criteria():
        code = criterion["code"]
        points, reason = request.POST.get(f"points-{code}", ""), request.POST.get(f"reason-{code}", "")
        typed.values |= {f"points-{code}": points, f"reason-{code}": reason}
        if points and not reason.strip():
            typed.faults[f"reason-{code}"] = _("Skriv en kort begrunnelse for poengene.")
        elif reason.strip() and not points:
            typed.faults[f"points-{code}"] = _("Velg poeng fra 0 til 6.")
        elif points:
            given[code] = (int(points) if points.isascii() and points.isdigit() and len(points) < 3 else -1, reason)
    if not typed.faults and not given:
        typed.faults[f"points-{application.call.criteria()[0]['code']}"] = _("Gi poeng på minst ett kriterium.")
    if typed.faults:
        return shown(request, application, typed)

    def act() -> None:
        score_criteria(application, given, by=signed_in(request), seen=number_of(request, "seen"))

    first = f"points-{next(iter(given))}"
    return _done(request, application, act, typed, first, _("Poengene er lagret."), "#scores")


@require_POST
def case_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the applicant, with a last day to answer."""
    application = _as_read(request, pk)
    question, due = request.POST.get("question", ""), request.POST.get("due_on", "")
    typed = Typed("ask", {"question": question, "due_on": due})
    if not question.strip():
        typed.faults["question"] = _("Skriv hva søkeren skal svare på.")
    try:
        due_on = read_day(due)
    except BadInput:
        typed.faults["due_on"] = _("Skriv fristen som en dato, for eksempel 2017-08-15.")
    if typed.faults:
        return shown(request, application, typed)

    def act() -> None:
        ask_applicant(application, question, by=signed_in(request), due_on=due_on)

    return _done(request, application, act, typed, "due_on", _("Spørsmålet er sendt til søkeren."))


@require_POST
def case_stop_waiting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw the question."""
    application = _as_read(request, pk)
    done = _("Spørsmålet er trukket tilbake, og saken går videre.")
    return _done(request, application, lambda: stop_waiting(application, by=signed_in(request)), Typed(), "", done)


@require_POST
def case_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try the rules again on what is known now."""
    application = case_of(request, pk)
    fresh = retry_rules(application, by=signed_in(request))
    told = (
        _("Vilkårene er prøvd på nytt, og noe kom ut annerledes.")
        if fresh
        else _("Vilkårene er prøvd på nytt. Ingenting er endret.")
    )
    messages.success(request, told)
    return redirect(reverse("case", kwargs={"pk": pk}) + "#conditions")


def _as_read(request: HttpRequest, pk: UUID) -> Application:
    """The case as the person read it: a change by somebody else since then is refused by the service."""
    application = case_of(request, pk)
    application.version = version_of(request)
    return application


def _done(
    request: HttpRequest,
    application: Application,
    act: Callable[[], object],
    typed: Typed,
    where: str,
    told: str,
    anchor: str = "",
) -> HttpResponse:
    """Do it and go back to the case with a word of it, or show why not."""
    refused = _tried(request, application, act, typed, where)
    if refused is not None:
        return refused
    messages.success(request, told)
    return redirect(reverse("case", kwargs={"pk": application.pk}) + anchor)


def _tried(
    request: HttpRequest, application: Application, act: Callable[[], object], typed: Typed, where: str
) -> HttpResponse | None:
    """None when it is done; else the page, with the refusal at the field `where` or as a conflict."""
    try:
        act()
    except BadInput as fault:
        typed.faults[where] = str(fault)
    except ChangedSince as conflict:
        typed.conflict = str(conflict)
    else:
        return None
    return shown(request, case_of(request, application.pk), typed)
