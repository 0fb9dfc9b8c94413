"""What may be done with an appeal: by its handler, by a colleague, and by the one who decides it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Appeal, AppealOutcome, MinistryAnswer
from applications.pages.casework.actions import Action, choose_among
from applications.services.appeal_outcome import (
    binding_answer,
    decide_appeal,
    propose_outcome,
    proposed_outcome,
    return_outcome,
)
from applications.services.appeal_work import (
    admit_late,
    ask_appellant,
    assign_appeal,
    candidates_for,
    forward_appeal,
    has_declared,
    record_answer,
    stop_waiting,
)
from applications.services.assess import declare
from applications.workflow.appeals import (
    ADMIT,
    ASK,
    ASSIGN,
    FORWARD,
    MINISTRY_UPHELD,
    PROPOSE,
    RETURN,
    STOP_WAITING,
    UPHOLD,
    AppealStep,
    first_two,
    may_walk,
)
from grants.models import Role, User
from grants.pages.forms import KronerField, PlainForm
from grants.shared.errors import ChangedSince
from grants.shared.money import kr

DAY = forms.DateInput({"type": "date"}, "%Y-%m-%d")
Outcome = AppealOutcome.Outcome


class DeclareForm(PlainForm):
    """Whether one stands too near to somebody who applies."""

    answer = forms.ChoiceField(
        label=_("Er du habil i denne utlysningen?"),
        choices=[("", _("Velg")), ("no", _("Ja, jeg er habil")), ("yes", _("Nei, jeg er inhabil"))],
    )
    reason = forms.CharField(label=_("Hvorfor, hvis du er inhabil"), required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, appeal: Appeal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)


class AssignForm(PlainForm):
    """A colleague who had no part in the decision and has said to be impartial."""

    handler = forms.ModelChoiceField(label=_("Saksbehandler"), queryset=User.objects.none(), empty_label=_("Velg"))

    def __init__(self, appeal: Appeal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        handler = self.fields["handler"]
        assert isinstance(handler, forms.ModelChoiceField)
        handler.queryset = candidates_for(appeal)


class TextForm(PlainForm):
    """One text."""

    text = forms.CharField(label=_("Begrunnelse"), widget=forms.Textarea({"rows": 4}))

    def __init__(self, appeal: Appeal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)


class QuestionForm(TextForm):
    """What the appellant is asked."""

    text = forms.CharField(label=_("Spørsmålet"), widget=forms.Textarea({"rows": 4}))
    due_on = forms.DateField(
        label=_("Siste dag for å svare"), required=False, widget=DAY, help_text=_("Uten dag: to uker fra i dag.")
    )


class ProposeForm(PlainForm):
    """What the appeal should come to."""

    outcome = forms.ChoiceField(label=_("Hva skal klagen føre til?"))
    amount_ore = KronerField(
        label=_("Nytt beløp i alt, kroner"), required=False, help_text=_("Bare når vedtaket omgjøres.")
    )
    reason = forms.CharField(
        label=_("Begrunnelse"),
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Står i brevet. En tom linje gir et nytt avsnitt."),
    )

    def __init__(self, appeal: Appeal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        bound = binding_answer(appeal)
        possible = list(Outcome)
        if bound is not None:
            possible = [Outcome.REVERSE, Outcome.REVERSE_IN_PART]
            self.fields["amount_ore"].initial = kr(bound.amount_ore)
        elif appeal.waits_for_admission:
            possible = [Outcome.DISMISS]
        elif not appeal.is_late:
            possible.remove(Outcome.DISMISS)
        choose_among(self, "outcome", [(one.value, OUTCOMES[one]) for one in possible])


class ForwardForm(PlainForm):
    """Which ministry."""

    ministry = forms.CharField(
        label=_("Departement"), max_length=120, help_text=_("Det departementet som har ansvaret for ordningen nå.")
    )

    def __init__(self, appeal: Appeal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["ministry"].initial = appeal.ministry


class MinistryForm(PlainForm):
    """What the ministry came to."""

    outcome = forms.ChoiceField(label=_("Hva kom departementet til?"))
    amount_ore = KronerField(
        label=_("Beløp departementet innvilger i alt, kroner"),
        required=False,
        help_text=_("Bare når departementet har omgjort vedtaket."),
    )
    reason = forms.CharField(label=_("Departementets begrunnelse"), widget=forms.Textarea({"rows": 5}))
    reference = forms.CharField(label=_("Departementets saksnummer"), max_length=80)
    dated = forms.DateField(label=_("Dato på brevet"), widget=DAY)

    def __init__(self, appeal: Appeal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choose_among(self, "outcome", MINISTRY_SAYS.items())


OUTCOMES = {
    Outcome.REVERSE: _("Vedtaket omgjøres"),
    Outcome.REVERSE_IN_PART: _("Vedtaket omgjøres delvis"),
    Outcome.UPHOLD: _("Vedtaket opprettholdes"),
    Outcome.DISMISS: _("Klagen avvises fordi den kom for sent"),
}
MINISTRY_SAYS = {
    MinistryAnswer.Outcome.UPHELD.value: _("Vedtaket er opprettholdt"),
    MinistryAnswer.Outcome.REVERSED.value: _("Vedtaket er omgjort"),
    MinistryAnswer.Outcome.SENT_BACK.value: _("Vedtaket er opphevet og sendt tilbake til oss"),
}


def _if(step: AppealStep) -> Any:
    """Those who may take this step, once they have said to be impartial."""
    return lambda user, appeal: may_walk(user, step, appeal) and has_declared(user, appeal)


def _should_declare(user: User, appeal: Appeal) -> bool:
    works = user.has_directorate_role(Role.CASEWORKER, Role.DECISION_MAKER)
    return works and user.pk not in first_two(appeal.decision) and not has_declared(user, appeal)


def _may_take(user: User, appeal: Appeal) -> bool:
    return appeal.handler_id != user.pk and _if(ASSIGN)(user, appeal)


def _may_admit(user: User, appeal: Appeal) -> bool:
    return appeal.waits_for_admission and _if(ADMIT)(user, appeal)


def _waiting(appeal: Appeal) -> AppealOutcome:
    proposal = proposed_outcome(appeal)
    if proposal is None:
        raise ChangedSince(_("Innstillingen er behandlet allerede. Last siden på nytt."))
    proposal.appeal = appeal  # with the version that the page was made from
    return proposal


ACTIONS = (
    Action(
        "declare", "appeal_declare", _("Si om du er habil"), _("Lagre svaret"), _("Svaret er lagret."),
        _should_declare,
        lambda appeal, typed, by: declare(
            appeal.application.call, by=by, has_interest=typed["answer"] == "yes", reason=typed["reason"]
        ),
        DeclareForm, _("Du må svare før du kan arbeide med klagen (forvaltningsloven § 6)."),
    ),
    Action(
        "take", "appeal_work", _("Ta klagen"), _("Ta klagen"), _("Du behandler klagen nå."),
        _may_take, lambda appeal, typed, by: assign_appeal(appeal, by, by=by),
        about=_("Du blir saksbehandler for klagen."),
    ),
    Action(
        "admit", "appeal_work", _("Klagen kom for sent"), _("Ta klagen til behandling"),
        _("Klagen er tatt til behandling."), _may_admit,
        lambda appeal, typed, by: admit_late(appeal, reason=typed["text"], by=by), TextForm,
        _("Den kan tas til behandling når klageren ikke kan lastes for det, eller særlige grunner gjør det rimelig "
          "(forvaltningsloven § 31). Ellers innstiller du på å avvise den."),
    ),
    Action(
        "propose", "appeal_work", _("Innstill"), _("Send til avgjørelse"), _("Innstillingen er sendt."),
        _if(PROPOSE),
        lambda appeal, typed, by: propose_outcome(
            appeal, typed["outcome"], reason=typed["reason"], amount_ore=typed["amount_ore"], by=by
        ),
        ProposeForm, _("En beslutter som ikke hadde med det første vedtaket å gjøre, avgjør klagen."),
    ),
    Action(
        "decide", "appeal_decide", _("Avgjør klagen"), _("Godkjenn innstillingen"), _("Klagen er avgjort."),
        _if(UPHOLD), lambda appeal, typed, by: decide_appeal(_waiting(appeal), by=by),
        about=_("Når du godkjenner, står avgjørelsen. Beløp bokføres, og brevet lages."),
    ),
    Action(
        "return", "appeal_decide", _("Send tilbake"), _("Send tilbake"), _("Innstillingen er sendt tilbake."),
        _if(RETURN), lambda appeal, typed, by: return_outcome(_waiting(appeal), reason=typed["text"], by=by),
        TextForm, is_quiet=True,
    ),
    Action(
        "forward", "appeal_work", _("Send klagen til departementet"), _("Oversend klagen"),
        _("Klagen er oversendt. Brevet lages nå, med kopi til klageren."), _if(FORWARD),
        lambda appeal, typed, by: forward_appeal(appeal, ministry=typed["ministry"], by=by), ForwardForm,
    ),
    Action(
        "ministry", "appeal_work", _("Departementet har svart"), _("Lagre svaret fra departementet"),
        _("Svaret er lagret."), _if(MINISTRY_UPHELD),
        lambda appeal, typed, by: record_answer(appeal, typed.pop("outcome"), **typed, by=by), MinistryForm,
    ),
    Action(
        "ask", "appeal_work", _("Spør klageren"), _("Send spørsmålet"), _("Spørsmålet er sendt."), _if(ASK),
        lambda appeal, typed, by: ask_appellant(appeal, typed["text"], due_on=typed["due_on"], by=by), QuestionForm, is_quiet=True,
    ),
    Action(
        "go_on", "appeal_work", _("Klageren har ikke svart"), _("Gå videre uten svar"),
        _("Behandlingen går videre."), _if(STOP_WAITING), lambda appeal, typed, by: stop_waiting(appeal, by=by),
        is_quiet=True,
    ),
    Action(
        "assign", "appeal_work", _("Gi klagen til en kollega"), _("Gi klagen videre"), _("Klagen er gitt videre."),
        _if(ASSIGN), lambda appeal, typed, by: assign_appeal(appeal, typed["handler"], by=by), AssignForm,
        is_quiet=True,
    ),
)  # fmt: skip
