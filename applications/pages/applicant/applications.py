"""Our applications: those of the organisations that the person acts for, and how a new one begins."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application, Call
from applications.services.copy_application import begin_from_earlier, to_copy_from
from applications.services.draft import begin_application, may_begin_for
from applications.workflow.waiting import waiting_for
from grants.pages.asking import page_of, signed_in
from grants.shared.shown import in_english

SHOWN = (("", _("Alle")), ("draft", _("Kladder")), ("in_hand", _("Til behandling")), ("ended", _("Avsluttet")))


@require_safe
def our_applications(request: HttpRequest) -> HttpResponse:
    """What waits for them now, and all applications, or a group of them, the last saved first."""
    shown = request.GET.get("show", "")
    user = signed_in(request)
    found = Application.objects.visible_to(user).shown_as(shown).select_related("call", "organisation")
    context = {
        "waiting": waiting_for(user) if not shown else [],
        "page": page_of(request, found.order_by("-saved_at")),
        "shown": shown if shown in dict(SHOWN) else "",
        "groups": SHOWN,
    }
    return render(request, "applicant/our_applications.html", context)


@require_POST
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new draft for one of the person's organisations, empty or with the answers of last time."""
    user = signed_in(request)
    call = get_object_or_404(Call.objects.published(), pk=pk)
    chosen = next((one for one in may_begin_for(user, call) if str(one.pk) == request.POST.get("organisation")), None)
    if chosen is None:
        raise Http404
    language = _letters_in(request)
    earlier = to_copy_from(call, chosen) if "copy" in request.POST else None
    if earlier is not None:
        application = begin_from_earlier(call, earlier, by=user, language=language)
    else:
        application = begin_application(call, chosen, by=user, language=language)
    return redirect("application", pk=application.pk)


def _letters_in(request: HttpRequest) -> str:
    """The form of Norwegian that the case is in: the reader's own; who reads English has said which."""
    return "nn" if get_language() == "nn" or (in_english() and request.POST.get("letters_in") == "nn") else "nb"
