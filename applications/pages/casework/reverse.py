"""Reversing a decision on the directorate's own initiative: begin with a notice or without, propose, decide."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application, Reversal
from applications.pages.casework.actions import Action, back_to, choose_among, offered, take, version_of
from applications.pages.casework.frame import case_of, framed
from applications.services.appeal import standing_decision
from applications.services.commitments import used_ore
from applications.services.reverse import (
    begin_reversal,
    decide_reversal,
    drop_reversal,
    open_reversal,
    propose_reversal,
    return_reversal,
    reversals_of,
)
from grants.models import Role, User
from grants.pages.asking import signed_in
from grants.pages.forms import KronerField, PlainForm
from grants.shared.errors import ChangedSince

Failed = tuple[Action, forms.Form]
State = Reversal.State


class BeginForm(PlainForm):
    """What the decision is meant to become, and why."""

    to_ore = KronerField(label=_("Nytt beløp i alt, kroner"), help_text=_("Skriv 0 når alt skal bort."))
    ground = forms.ChoiceField(label=_("Grunnlag"))
    reason = forms.CharField(
        label=_("Hvorfor"), widget=forms.Textarea({"rows": 6}), help_text=_("Står i varselet når beløpet settes ned.")
    )
    answer_by = forms.DateField(
        label=_("Siste dag for å svare på varselet"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Må fylles ut når beløpet settes ned (forvaltningsloven § 16)."),
    )

    def __init__(self, application: Application, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choose_among(self, "ground", GROUNDS.items())


class ReasonForm(PlainForm):
    """A reason."""

    text = forms.CharField(label=_("Begrunnelse"), widget=forms.Textarea({"rows": 6}))

    def __init__(self, application: Application, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)


GROUNDS = {
    Reversal.Ground.TO_GAIN.value: _("Til gunst for mottakeren (forvaltningsloven § 35 første ledd bokstav a)"),
    Reversal.Ground.INVALID.value: _("Vedtaket er ugyldig (forvaltningsloven § 35 første ledd bokstav c)"),
    Reversal.Ground.BREACH.value: _("Brudd på vilkårene i tilsagnet (forvaltningsloven § 35 femte ledd)"),
    Reversal.Ground.ERROR.value: _("Vedtaket bygger på en feil (forvaltningsloven § 35 femte ledd)"),
}


def _under_way(application: Application) -> Reversal:
    """The reversal under way, with the version that the page was made from."""
    reversal = open_reversal(application)
    if reversal is None:
        raise ChangedSince(_("Omgjøringen er avsluttet i mellomtiden. Last siden på nytt."))
    reversal.version = application.version
    return reversal


def _in(application: Application, *states: Reversal.State) -> Reversal | None:
    """The reversal under way, where it stands in one of these states."""
    reversal = open_reversal(application)
    return reversal if reversal is not None and reversal.state in states else None


def _may_begin(user: User, application: Application) -> bool:
    return user.has_directorate_role(Role.CASEWORKER) and open_reversal(application) is None


def _may_propose(user: User, application: Application) -> bool:
    reversal = _in(application, State.NOTICED, State.BEGUN)
    heard = reversal is not None and reversal.has_been_heard(timezone.localdate())
    return heard and user.has_directorate_role(Role.CASEWORKER)


def _may_drop(user: User, application: Application) -> bool:
    return _in(application, State.NOTICED, State.BEGUN) is not None and user.has_directorate_role(Role.CASEWORKER)


def _may_decide(user: User, application: Application) -> bool:
    reversal = _in(application, State.PROPOSED)
    successor = reversal.successor if reversal else None
    by_another = successor is not None and successor.prepared_by_id != user.pk
    return by_another and user.has_directorate_role(Role.DECISION_MAKER)


def _may_return(user: User, application: Application) -> bool:
    return _in(application, State.PROPOSED) is not None and user.has_directorate_role(Role.DECISION_MAKER)


ACTIONS = (
    Action(
        "begin", "case_reverse_work", _("Begynn på en omgjøring"), _("Begynn"),
        _("Omgjøringen er påbegynt. Blir beløpet lavere, lages varselet nå."),
        _may_begin, lambda application, typed, by: begin_reversal(application, **typed, by=by), BeginForm,
        _("Settes beløpet ned, får mottakeren et varsel og kan svare før noe bestemmes."),
    ),
    Action(
        "propose", "case_reverse_work", _("Innstill på omgjøring"), _("Send til vedtak"), _("Innstillingen er sendt."),
        _may_propose,
        lambda application, typed, by: propose_reversal(_under_way(application), reason=typed["text"], by=by),
        ReasonForm, _("Begrunnelsen står i brevet. En annen fatter vedtaket."),
    ),
    Action(
        "decide", "case_reverse_decide", _("Fatt vedtaket"), _("Godkjenn omgjøringen"), _("Vedtaket er omgjort."),
        _may_decide, lambda application, typed, by: decide_reversal(_under_way(application), by=by),
        about=_("Når du godkjenner, kommer det nye vedtaket i stedet for det gamle. Forskjellen bokføres."),
    ),
    Action(
        "return", "case_reverse_decide", _("Send tilbake"), _("Send tilbake"), _("Innstillingen er sendt tilbake."),
        _may_return,
        lambda application, typed, by: return_reversal(_under_way(application), reason=typed["text"], by=by),
        ReasonForm, is_quiet=True,
    ),
    Action(
        "drop", "case_reverse_work", _("Legg omgjøringen bort"), _("Legg bort"),
        _("Omgjøringen er lagt bort. Vedtaket står."), _may_drop,
        lambda application, typed, by: drop_reversal(_under_way(application), reason=typed["text"], by=by),
        ReasonForm, is_quiet=True,
    ),
)  # fmt: skip


@require_safe
def case_reverse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The decision that stands, a reversal under way, and those there have been."""
    return _page(request, _decided(request, pk))


@require_POST
def case_reverse_work(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """What a caseworker does with a reversal."""
    return _take(request, pk, "case_reverse_work", verb)


@require_POST
def case_reverse_decide(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """What a decision-maker does with a reversal."""
    return _take(request, pk, "case_reverse_decide", verb)


def _take(request: HttpRequest, pk: UUID, door: str, verb: str) -> HttpResponse:
    application = _decided(request, pk)
    # The forms carry the reversal's version; where none is under way, the case's own.
    application.version = version_of(request)

    def again(failed: Failed, status: int) -> HttpResponse:
        return _page(request, _decided(request, pk), failed, status)

    return take(request, ACTIONS, door, verb, application, again, back_to("case_reverse", pk=pk))


def _decided(request: HttpRequest, pk: UUID) -> Application:
    application = case_of(request, pk)
    if standing_decision(application) is None:
        raise Http404
    return application


def _page(
    request: HttpRequest, application: Application, failed: Failed | None = None, status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    reversal, decision = open_reversal(application), standing_decision(application)
    actions = offered(ACTIONS, user, application, failed)
    successor = reversal.successor if reversal else None
    found = framed(request, application, "case_reverse") | {
        "decision": decision,
        "reversal": reversal,
        "sent_with": f"notice:{reversal.pk}" if reversal else "",
        "ground": GROUNDS[reversal.ground] if reversal else "",
        "is_heard": reversal is not None and reversal.has_been_heard(timezone.localdate()),
        "is_own_proposal": successor is not None and successor.prepared_by_id == user.pk,
        "used_ore": used_ore(application),
        "version": reversal.version if reversal else application.version,
        "earlier": [(one, GROUNDS[one.ground]) for one in reversals_of(application)],
        "main": [one for one in actions if not one.action.is_quiet],
        "quiet": [one for one in actions if one.action.is_quiet],
        "failed": failed[1] if failed else None,
    }
    return render(request, "casework/reverse.html", found, status=status)
