"""What is posted with a form is freed from characters that nobody sees, once and for all forms. Files are another matter."""

from collections.abc import Callable

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from config.access import is_api
from grants.shared.text import seen

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PlainTextMiddleware:
    """Only forms: the API reads its own content, and its shapes do the same."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Before any page reads what was posted. A form without such a character is left as it is."""
        if request.method != "POST" or is_api(request) or request.content_type not in FORMS:
            return
        posted = request.POST
        if all(value == seen(value) for values in posted.lists() for value in values[1]):
            return
        plain = QueryDict(mutable=True, encoding=posted.encoding)
        for name, values in posted.lists():
            plain.setlist(name, [seen(str(value)) for value in values])
        plain._mutable = False
        request.POST = plain  # type: ignore[assignment]
