"""One theme of an application: what is typed is saved, right or wrong; «Neste steg» tries it, autosave does not."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from applications.intake.apart import draft_answers
from applications.intake.claims import sums_in
from applications.intake.completeness import Progress, state_in, themes_of
from applications.models import Application
from applications.pages.applicant.asking import draft, version_of
from applications.pages.applicant.attachments import attachments_page
from applications.pages.applicant.fields import (
    TABLE_WORDS,
    blank_row,
    fields_of,
    rows_of,
    sums_of_budget,
    told,
    typed_in,
)
from applications.pages.applicant.kept import forget, kept, seal
from applications.pages.applicant.merge import differences, merged
from applications.services.draft import SomebodyElseSaved, fingerprint, save_answers
from applications.services.health import look
from grants.law.question import Contents, Theme
from grants.pages.asking import signed_in, wants_fragment

# Buttons that save and stay on the page: add and remove a row, work out the sums.
STAY = {"add", "remove", "update"}


@dataclass(frozen=True)
class Place:
    """A theme of an application, and where it stands among the others."""

    application: Application
    theme: Theme
    themes: tuple[Theme, ...]
    at: int

    @property
    def url(self) -> str:
        """The address of this page."""
        return reverse("application_theme", kwargs={"pk": self.application.pk, "theme": self.theme.code})

    @property
    def stored(self) -> dict[str, Any]:
        """What is saved in the theme."""
        return dict(draft_answers(self.application).get(self.theme.code, {}))

    def neighbour(self, step: int) -> Theme | None:
        """The theme before or after."""
        number = self.at + step
        return self.themes[number] if 0 <= number < len(self.themes) else None


@require_http_methods(["GET", "POST"])
def theme_page(request: HttpRequest, pk: UUID, theme: str) -> HttpResponse:
    """Show a theme, with what was typed while signed out where there is any; or save what is posted."""
    place = _place(draft(request, pk), theme)
    if place.theme.contents is Contents.ATTACHMENTS:
        return attachments_page(request, place.application, place.theme)
    if place.theme.apart and not wants_fragment(request):
        look(place.application, f"theme:{theme}", by=signed_in(request))
    if request.method == "POST":
        return _save(request, place)
    posted = kept(request, place.url)
    if posted is None:
        return render(request, "applicant/theme.html", _shown(request, place, place.stored))
    context = _shown(request, place, typed_in(place.theme, posted)) | {
        "was_kept": True, "version": version_of(posted), "seen": posted.get("seen", ""),
    }  # fmt: skip
    return render(request, "applicant/theme.html", context)


def _place(application: Application, code: str) -> Place:
    themes = themes_of(application.call)
    for number, theme in enumerate(themes):
        if theme.code == code:
            return Place(application, theme, themes, number)
    raise Http404


def _save(request: HttpRequest, place: Place) -> HttpResponse:
    posted = request.POST
    typed = merged(place.theme, posted, place.stored) if "merge" in posted else typed_in(place.theme, posted)
    try:
        saved = save_answers(
            place.application,
            place.theme.code,
            typed,
            version=version_of(posted),
            seen=posted.get("seen", ""),
            by=signed_in(request),
            looked_over="next" in posted,
        )
    except SomebodyElseSaved as other:
        return _conflict(request, place, typed, other)
    forget(request)
    place = Place(saved, place.theme, place.themes, place.at)
    if wants_fragment(request):
        return render(request, "applicant/theme.html#saved", _shown(request, place, typed))
    if "merge" in posted:
        return redirect(place.url)
    return _after(request, place, posted, typed)


def _after(request: HttpRequest, place: Place, posted: QueryDict, typed: dict[str, Any]) -> HttpResponse:
    """Saved: on to the next theme, out to the task list, or here again with what is wrong."""
    if "later" in posted:
        return redirect("application", pk=place.application.pk)
    stays = bool(STAY & posted.keys())
    if not stays and state_in(place.application, place.theme, typed).progress is Progress.DONE:
        after = place.neighbour(1)
        if after is None:
            return redirect("application_check", pk=place.application.pk)
        return redirect("application_theme", pk=place.application.pk, theme=after.code)
    context = _shown(request, place, typed, show_faults=not stays, spare=posted.get("add", ""))
    return render(request, "applicant/theme.html", context, status=200 if stays else 422)


def _conflict(request: HttpRequest, place: Place, typed: dict[str, Any], other: SomebodyElseSaved) -> HttpResponse:
    """Both texts. Nothing is stored before somebody has chosen."""
    theirs = draft_answers(other.now).get(place.theme.code, {})
    context = _shown(request, place, typed) | {"conflict": other}
    if wants_fragment(request):
        # The form keeps the version it was made from: what is typed on may not overwrite what was not seen.
        context |= {"version": version_of(request.POST), "seen": request.POST.get("seen", "")}
        return render(request, "applicant/theme.html#saved", context, status=409)
    context |= {
        "differences": (found := differences(place.theme, place.application.call.part, typed, theirs)),
        "mine": _hidden(typed, shown={one.code for one in found if one.field}),
        "version": other.now.version,
        "seen": fingerprint(theirs),
    }
    return render(request, "applicant/merge.html", context, status=409)


def _hidden(typed: dict[str, Any], *, shown: set[str]) -> list[tuple[str, str]]:
    """What was typed as hidden fields, so that it goes along whatever is chosen; what is `shown` has a field of its own."""
    hidden: list[tuple[str, str]] = []
    for code, answer in typed.items():
        if isinstance(answer, list):
            hidden += [(f"{code}-{part}", str(row.get(part, ""))) for row in answer for part in ("text", "kroner")]
        elif code not in shown:
            hidden.append((code, str(answer)))
    return hidden


def _shown(
    request: HttpRequest, place: Place, typed: dict[str, Any], *, show_faults: bool = False, spare: str = ""
) -> dict[str, Any]:
    """What the page shows of a theme as it is typed. `spare` is the table that gets an empty row."""
    application, theme = place.application, place.theme
    state = state_in(application, theme, typed)
    faults = told(theme, state) if show_faults else {}
    fields = fields_of(theme, application.call.part, typed, faults)
    found: dict[str, Any] = {
        "application": application,
        "theme": theme,
        "number": place.at + 1,
        "steps": len(place.themes) + 1,
        "before": place.neighbour(-1),
        "version": application.version,
        "seen": fingerprint(place.stored),
        "seal": seal(signed_in(request), place.url),
        "fields": fields,
        "typed": typed,
        "budget": state.budget,
        "sums": sums_in(application.call, theme, state.values),
        "conflict": None,
        "show_faults": show_faults,
        "was_kept": False,
        "is_copied": theme.code in application.copied.get("themes", []),
    }
    if state.budget is not None:
        tables = [
            (code, words, rows_of(code, typed, faults, spare=spare == code), blank_row(code))
            for code, words in TABLE_WORDS.items()
        ]
        own_and_applied = sums_of_budget(typed, faults)
        in_rows = [field for _code, _words, rows, _blank in tables for row in rows for field in (row.text, row.kroner)]
        found |= {"tables": tables, "amounts": own_and_applied, "fields": [*in_rows, *own_and_applied]}
    return found | {"faulty": [field for field in found["fields"] if field.fault]}
