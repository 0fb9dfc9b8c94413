"""Which language a page is in. English is for applicants and the public; whoever works at the directorate reads Norwegian."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import activate, get_language
from django.utils.translation.trans_real import parse_accept_lang_header

from config.access import is_api, roles_of
from grants.models.user import DIRECTORATE_ROLES

ENGLISH = "en"


class LanguageMiddleware:
    """Stands after Django's own, where it is known who asks. No page is ever half in one language and half in another.

    A page is English only for somebody who has chosen it: many a Norwegian's browser is set up in English, and is no
    wish for English from a Norwegian authority. A system that asks the API chooses by its header.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if get_language() == ENGLISH and not _reads_english(request):
            language = norwegian_for(request.headers.get("Accept-Language", ""))
            activate(language)
            request.LANGUAGE_CODE = language
        return self.answer(request)


def norwegian_for(accepted: str) -> str:
    """The form of Norwegian that a browser asks for, whatever else it asks for first; bokmål where it names none."""
    asked_for = (language for language, _weight in parse_accept_lang_header(accepted))
    return next(("nn" if one.startswith("nn") else "nb" for one in asked_for if one[:2] in {"nb", "nn", "no"}), "nb")


def _reads_english(request: HttpRequest) -> bool:
    has_chosen = is_api(request) or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == ENGLISH
    return has_chosen and roles_of(request).isdisjoint(DIRECTORATE_ROLES)
