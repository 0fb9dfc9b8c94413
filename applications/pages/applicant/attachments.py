"""Attachments on the applicant's side: the page with one upload for each document, and the two things one can do there."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.intake.completeness import Progress, ThemeState, attached_state, themes_of
from applications.intake.report import themes_of_report
from applications.models import Application, Attachment
from applications.services.attach import attach, detach
from applications.services.follow_up import follow_up_of
from applications.workflow.attaching import REPORT_PLACES, may_attach, takes_files
from grants.documents.gate.refusal import FileRefused
from grants.documents.uploads import was_cut_off
from grants.law.question import Contents, Theme
from grants.pages.asking import signed_in
from grants.shared.errors import BadInput

# The URL names of a page of attachments and of the overview it belongs to: of an application, and of a report.
PAGES = {False: ("application_theme", "application"), True: ("application_report_theme", "application_report")}


def attachments_page(request: HttpRequest, application: Application, theme: Theme) -> HttpResponse:
    """The theme page of a draft. Files are saved as they come; «Neste» tries whether all is there."""
    return attached_page(request, application, theme, attached_state(theme, application), themes_of(application.call))


def attached_page(
    request: HttpRequest,
    application: Application,
    theme: Theme,
    state: ThemeState,
    themes: tuple[Theme, ...],
    *,
    of_report: bool = False,
) -> HttpResponse:
    """The page of attachments of an application or of a report."""
    if request.method == "POST":
        if "later" in request.POST:
            return redirect(PAGES[of_report][1], pk=application.pk)
        if state.progress is Progress.DONE:
            return redirect(_next_step(application, theme, themes, of_report=of_report))
        return _page(request, application, theme, themes, of_report=of_report, faults=state.faults, status=422)
    return _page(request, application, theme, themes, of_report=of_report, faults={}, status=200)


@require_POST
def attach_file(request: HttpRequest, pk: UUID, place: str) -> HttpResponse:
    """Add a file. What cannot be taken in is told where it was chosen."""
    application, user = _ours(request, pk), signed_in(request)
    if takes_files(application, place) and not may_attach(user, application, place):
        raise Http404
    try:
        attach(application, place, _uploaded(request), by=user)
    except BadInput as fault:
        if not may_attach(user, application, place):
            raise
        themes, theme = _theme_of(application, place)
        if theme is None:
            raise
        faults, of_report = {place: str(fault)}, place in REPORT_PLACES
        return _page(request, application, theme, themes, of_report=of_report, faults=faults, status=422)
    messages.success(request, _("Filen er lastet opp."))
    return redirect(_back(request, application, place))


@require_POST
def detach_file(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """Take a file away that has not been sent in."""
    application, user = _ours(request, pk), signed_in(request)
    mine = Attachment.objects.visible_to(user).of(application)
    file = get_object_or_404(mine, pk=attachment)
    if takes_files(application, file.place) and not may_attach(user, application, file.place):
        raise Http404
    detach(file, by=user)
    messages.success(request, _("%(name)s er fjernet.") % {"name": file.name})
    return redirect(_back(request, application, file.place))


@dataclass(frozen=True)
class Tended:
    """What became of the files of a form: why one was not taken in, and whether that was all that was asked."""

    fault: str = ""
    is_all: bool = False


def tend_files(request: HttpRequest, application: Application, place: str) -> Tended:
    """Attach the file that was chosen in a form, or take away the one that was pointed at.

    The form has fields of its own, and they are shown again as they were typed, whatever becomes of the file. A file
    that was chosen goes along with any button; where it can't be taken in, the form does nothing else.
    """
    user = signed_in(request)
    if "detach" in request.POST:
        mine = Attachment.objects.visible_to(user).of(application).at(place)
        detach(get_object_or_404(mine, pk=_id_of(request.POST["detach"])), by=user)
        return Tended(is_all=True)
    asked = "attach" in request.POST
    if not asked and not was_cut_off(request) and "file" not in request.FILES:
        return Tended()
    try:
        attach(application, place, _uploaded(request), by=user)
    except BadInput as fault:
        return Tended(str(fault), is_all=True)
    return Tended(is_all=asked)


def _id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _page(
    request: HttpRequest,
    application: Application,
    theme: Theme,
    themes: tuple[Theme, ...],
    *,
    of_report: bool,
    faults: dict[str, str],
    status: int,
) -> HttpResponse:
    at = [known.code for known in themes].index(theme.code)
    here, overview = PAGES[of_report]
    found: dict[str, Any] = {
        "application": application,
        "theme": theme,
        "of_report": of_report,
        "here": reverse(here, args=[application.pk, theme.code]),
        "overview": reverse(overview, args=[application.pk]),
        "number": at + 1,
        "themes": themes,
        "before": reverse(here, args=[application.pk, themes[at - 1].code]) if at else "",
        "documents": [
            (document, faults.get(document.code, "")) for document in theme.documents_in(application.call.part)
        ],
        "faults": faults,
        "most_bytes": settings.ATTACHMENT_MOST_BYTES,
    }
    return render(request, "applicant/attachments.html", found, status=status)


def _uploaded(request: HttpRequest) -> Any:
    """The file that was sent. One that was cut off for its size, or was never chosen, is told as such."""
    file = request.FILES.get("file")
    if file is None:
        if was_cut_off(request):
            raise FileRefused(
                _("Filen er for stor. Den kan være på høyst %(most)s MB.")
                % {"most": settings.ATTACHMENT_MOST_BYTES // 1024 // 1024}
            )
        raise FileRefused(_("Velg en fil først."))
    return file


def _ours(request: HttpRequest, pk: UUID) -> Application:
    rows = Application.objects.visible_to(signed_in(request)).select_related("call", "organisation", "saved_by")
    return get_object_or_404(rows, pk=pk)


def _theme_of(application: Application, place: str) -> tuple[tuple[Theme, ...], Theme | None]:
    """The page of the application or the report where this document is attached, among its pages."""
    found = follow_up_of(application) if place in REPORT_PLACES else None
    themes = themes_of_report(found.terms.content) if found else themes_of(application.call)
    pages = [theme for theme in themes if theme.contents is Contents.ATTACHMENTS]
    return themes, next((theme for theme in pages if place in {one.code for one in theme.documents}), None)


def _next_step(application: Application, theme: Theme, themes: tuple[Theme, ...], *, of_report: bool) -> str:
    codes = [known.code for known in themes]
    after = codes[codes.index(theme.code) + 1 :]
    if after:
        return reverse(PAGES[of_report][0], args=[application.pk, after[0]])
    return reverse("application_report" if of_report else "application_check", args=[application.pk])


def _back(request: HttpRequest, application: Application, place: str) -> str:
    """The page that the form stood on, where it says so and is one of ours."""
    came_from = request.POST.get("next", "")
    if came_from.startswith("/") and url_has_allowed_host_and_scheme(came_from, None):
        return came_from
    _themes, theme = _theme_of(application, place)
    if theme is not None:
        return reverse(PAGES[place in REPORT_PLACES][0], args=[application.pk, theme.code])
    return reverse("application", args=[application.pk])
