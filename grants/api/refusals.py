"""Our refusals as JSON: what kind it is, in a word for machines, and the sentence for people. There is one shape of them."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import JsonResponse
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from grants.law.errors import LawError
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, OverBudget, Refused, YearIsClosed

# The first that fits: a word, and the status.
KINDS: tuple[tuple[type[Exception], str, int], ...] = (
    (BadInput, "bad_input", 422),
    (ChangedSince, "changed_since", 409),
    (NotAllowed, "not_allowed", 403),
    (OverBudget, "over_budget", 409),
    (YearIsClosed, "year_is_closed", 409),
    (Refused, "refused", 409),
    (LawError, "law_cannot_answer", 409),
)
# What the framework says no to, by its status.
OF_THE_FRAMEWORK: dict[int, tuple[str, Any]] = {
    400: ("bad_input", gettext_lazy("Noe i forespørselen kan ikke brukes.")),
    401: ("not_signed_in", gettext_lazy("Logg inn, eller send en nøkkel: Authorization: Bearer ...")),
    403: ("not_allowed", gettext_lazy("Det krever en annen rolle.")),
    404: ("not_found", gettext_lazy("Finnes ikke.")),
    405: ("method_not_allowed", gettext_lazy("Adressen tar ikke imot dette verbet. Se hvilke i headeren Allow.")),
    412: ("changed_since", ""),
    413: ("too_large", gettext_lazy("Det som ble sendt, er større enn vi tar imot.")),
    415: ("unsupported_media_type", gettext_lazy("Send innholdet som den typen adressen tar imot.")),
    422: ("bad_input", gettext_lazy("Noe i forespørselen kan ikke brukes.")),
    429: ("too_many", gettext_lazy("Det kom for mange forespørsler. Vent så lenge headeren Retry-After sier, og prøv igjen.")),
    500: ("our_fault", gettext_lazy("Noe gikk galt hos oss. Ingenting er lagret. Prøv igjen om litt.")),
}  # fmt: skip
WORDS = sorted({word for _kind, word, _status in KINDS} | {word for word, _sentence in OF_THE_FRAMEWORK.values()})


class Refusal(serializers.Serializer[Any]):
    """What every refusal looks like."""

    error = serializers.ChoiceField(WORDS, help_text="The kind, for machines.")
    message = serializers.CharField(help_text="What is wrong and what to do, for people.")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.CharField(), required=False, help_text="What is wrong where, when it is about fields."
    )


def answer_refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error. What is neither ours nor the framework's goes on, and becomes a plain 500."""
    for kind, word, status in KINDS:
        if isinstance(error, kind):
            return _ours(error, word, status, context)
    if isinstance(error, SuspiciousOperation | BadRequest):
        return Response(told(413 if isinstance(error, RequestDataTooBig) else 422), status=_status_of(error))
    answer = exception_handler(error, context)
    if answer is None:
        return None
    fields = dict(_flat(answer.data)) if answer.status_code == 400 else {}
    answer.status_code = 422 if answer.status_code == 400 else answer.status_code
    answer.data = told(answer.status_code, fields)
    return answer


def told(status: int, fields: dict[str, str] | None = None) -> dict[str, Any]:
    """The body of a refusal that the framework gives."""
    word, sentence = OF_THE_FRAMEWORK[status]
    return {"error": word, "message": str(sentence)} | ({"fields": fields} if fields else {})


def json_refusal(status: int, **headers: str) -> JsonResponse:
    """The same before an endpoint is reached."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JsonResponse(told(status), status=status, headers=named, json_dumps_params={"ensure_ascii": False})


def _ours(error: Exception, word: str, status: int, context: dict[str, Any]) -> Response:
    request = context.get("request")
    if isinstance(error, ChangedSince) and request is not None and "If-Match" in request.headers:
        status = 412
    body: dict[str, Any] = {"error": word, "message": str(error)}
    faults = getattr(error, "faults", None)
    return Response(body | ({"fields": faults} if faults else {}), status=status)


def _status_of(error: Exception) -> int:
    return 413 if isinstance(error, RequestDataTooBig) else 422


def _flat(detail: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Faults by the path of their field: {"costs.0.text": "..."}; what is about the whole has the name `body`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            whole = name in ("non_field_errors", "detail")
            yield from _flat(inner, at if whole else f"{at}.{name}".strip("."))
    elif isinstance(detail, list) and any(isinstance(one, dict | list) for one in detail):
        for number, inner in enumerate(detail):
            yield from _flat(inner, f"{at}.{number}".strip("."))
    else:
        yield at or "body", " ".join(map(str, detail)) if isinstance(detail, list) else str(detail)
