"""Invite the named recipients of a call."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from applications.models import Call
from applications.services.invite import invite
from grants.models import Organisation
from grants.pages.asking import signed_in
from grants.pages.forms import KronerField, PlainForm
from grants.shared.errors import Refused


class InvitationForm(PlainForm):
    """Who is named, where, and for how much."""

    orgnr = forms.RegexField(r"^[0-9 ]{9,11}$", label=gettext_lazy("Organisasjonsnummer"), strip=True)
    ground = forms.CharField(
        label=gettext_lazy("Hvor mottakeren er navngitt"),
        max_length=250,
        help_text=gettext_lazy("For eksempel Prop. 1 S (2016–2017), kapittel 496 post 71."),
    )
    amount_ore = KronerField(label=gettext_lazy("Beløp i kroner"), required=False)

    def clean_orgnr(self) -> Organisation:
        number = self.cleaned_data["orgnr"].replace(" ", "")
        found = Organisation.objects.numbered(number)
        if found is None:
            raise forms.ValidationError(_("Ingen organisasjon med dette nummeret er registrert her."))
        return found


@require_http_methods(["GET", "POST"])
def owner_invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form, and the invitation."""
    call = get_object_or_404(Call.objects.published().named(), pk=pk)
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            invite(
                call, data["orgnr"], ground=data["ground"], amount_ore=data["amount_ore"], by=signed_in(request)
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(who)s er invitert.") % {"who": data["orgnr"]})
            return redirect("owner_call", pk=call.pk)
    return render(request, "owner/invite.html", {"call": call, "form": form}, status=422 if form.errors else 200)
