"""Ten thousand requests that the schema allows, or nearly: none is answered with 500, and none but as the schema says.

Each operation is asked with whatever the schema gives rise to, right and wrong; and so that it is reached: by somebody who
may, for something that is there, in its newest version. What is done is taken back after each request.
"""

import json
from collections import Counter, defaultdict
from typing import Any
from uuid import uuid4

import pytest
import requests
import schemathesis
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, seed, strategies
from hypothesis import settings as exploring
from schemathesis.checks import load_all_checks
from schemathesis.generation import GenerationMode

from grants.models import TokenScope
from grants.services.api_tokens import give_token
from tests.foreign import undone
from tests.grants.documents.gate.makers import pdf_with
from tests.trials.everything import Fit, everything

CASES = 10_000
ROUNDS = 6
pytestmark = [pytest.mark.trial, pytest.mark.timeout(3600), pytest.mark.django_db]
# How near to what fits a request is: as it came, with what is asked for there, and with the fields that must fit, too.
AS_IT_CAME, THERE, FITTING = 0, 1, 2


class Trial:
    """Sends requests, counts what came of them, and keeps what should not have come."""

    def __init__(self, fits: dict[str, Fit]) -> None:
        self.fits = fits
        self.clients = {
            fit.who.pk: Client(
                headers={"Authorization": f"Bearer {give_token(fit.who, 'trial', days=1, scopes=TokenScope)}"}
            )
            for fit in fits.values()
        }
        for client in self.clients.values():
            client.raise_request_exception = False
        self.answers: dict[str, Counter[int]] = defaultdict(Counter)
        self.wrong: list[str] = []

    @property
    def asked(self) -> int:
        return sum(counted.total() for counted in self.answers.values())

    def ask(self, operation: str, case: Any, nearness: int) -> None:
        """One request, its answer held against the schema, and all that it did taken back."""
        fit = self.fits[operation]
        if nearness != AS_IT_CAME:
            case.path_parameters = dict(case.path_parameters or {}) | dict(fit.where)
        body = _body(case.body, fit) if nearness == FITTING else case.body
        headers = {key: str(value) for key, value in (case.headers or {}).items() if key != "Authorization"}
        if nearness == FITTING:
            headers = {"Idempotency-Key": str(uuid4())}
        with undone():
            answer = self._sent(self.clients[fit.who.pk], case, body, headers)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.answers[operation][answer.status_code] += 1
        told = f"{operation} {case.method} {case.formatted_path} {headers} {body!r:.600}: {answer.status_code} {content[:300]!r}"
        if answer.status_code >= 500:
            self.wrong.append(told)
            return
        try:
            case.validate_response(_as_schemathesis_has_it(answer, content), checks=CHECKS)
        except (Exception, BaseExceptionGroup) as fault:  # of many kinds, and all of them are to be read
            self.wrong.append(f"{told}: {fault}")

    def _sent(self, client: Client, case: Any, body: Any, headers: dict[str, str]) -> Any:
        address, query = case.formatted_path, dict(case.query or {})
        if query:
            address += "?" + requests.models.RequestEncodingMixin._encode_params(query)
        headers = {key: value for key, value in headers.items() if value.isprintable() and value.isascii()}
        if (case.media_type or "").startswith("multipart"):
            form = body if isinstance(body, dict) else {}
            form = {key: _part(value) for key, value in form.items() if value is not None}
            return client.post(address, form, headers=headers)
        sent = b"" if isinstance(body, schemathesis.core.NotSet) else json.dumps(body, default=str).encode()
        return client.generic(case.method, address, sent, "application/json", headers=headers)


def _part(value: Any) -> Any:
    if isinstance(value, bytes):
        return SimpleUploadedFile("fil.pdf", value)
    return value if isinstance(value, str | SimpleUploadedFile) else str(value)


def _body(came: Any, fit: Fit) -> Any:
    body = {**came, **fit.body} if isinstance(came, dict) else dict(fit.body)
    return {key: value for key, value in body.items() if key not in fit.left_out}


def _as_schemathesis_has_it(answer: Any, content: bytes) -> Any:
    return schemathesis.Response(
        status_code=answer.status_code, headers={key.lower(): [value] for key, value in answer.headers.items()},
        content=content, request=requests.Request("GET", "http://testserver/").prepare(), elapsed=0.0, verify=False,
    )  # fmt: skip


def _checks() -> list[Any]:
    load_all_checks()
    names = ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
    return [schemathesis.checks.CHECKS.get_one(name) for name in names]


CHECKS = _checks()


@pytest.fixture
def trial(settings: Any) -> Trial:
    """One of everything, and no limits: the trial asks faster than anybody may."""
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, "")
    fits = everything()
    file = {"place": "other", "file": SimpleUploadedFile("plan.pdf", pdf_with())}
    return Trial(fits | {"attach": Fit(fits["attach"].who, fits["attach"].where, file)})


@pytest.fixture
def operations() -> dict[str, Any]:
    """What the schema describes, by its id."""
    schema = schemathesis.openapi.from_dict(yaml.safe_load(Client().get(reverse("api_schema")).content))
    return {found.ok().definition.raw["operationId"]: found.ok() for found in schema.get_all_operations()}


@pytest.mark.filterwarnings("default")
def test_no_answer_of_500(trial: Trial, operations: dict[str, Any], capsys: pytest.CaptureFixture[str]):
    assert set(operations) == set(trial.fits)
    for number in range(ROUNDS):
        left = CASES - trial.asked
        if left <= 0:
            break
        for name, operation in operations.items():
            _explore(trial, name, operation, -(-left // len(operations)), number)

    unreached = [name for name, counted in trial.answers.items() if not any(status < 400 for status in counted)]
    with capsys.disabled():
        print(f"\n{trial.asked} requests to {len(operations)} operations: {_summed(trial)}")  # noqa: T201
        for name, counted in sorted(trial.answers.items()):
            print(f"  {name}: {dict(sorted(counted.items()))}")  # noqa: T201
    assert trial.wrong[:20] == []
    assert unreached == []
    assert trial.asked >= CASES


@pytest.mark.filterwarnings("default")
def test_an_endpoint_that_breaks_or_answers_otherwise_than_the_schema_says_is_found(
    trial: Trial, operations: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    """The control."""

    def broken(*_given: Any, **_named: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("applications.api.cases.withdraw", broken)
    _explore(trial, "withdraw", operations["withdraw"], 20, 0)
    assert trial.wrong and all(": 500 " in wrong for wrong in trial.wrong)

    trial.wrong.clear()
    monkeypatch.setattr("applications.api.cases.line", lambda application: {"id": 7, "state": "lost"})
    _explore(trial, "submit", operations["submit"], 20, 0)
    assert trial.wrong and all(": 200 " in wrong for wrong in trial.wrong)


def _explore(trial: Trial, name: str, operation: Any, cases: int, number: int) -> None:
    right, wrong = (
        operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )
    nearness = strategies.sampled_from((AS_IT_CAME, THERE, FITTING, FITTING))

    @seed(number)
    @exploring(
        max_examples=max(cases, 3), phases=[Phase.generate], database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=right, near=nearness)
    def with_what_is_allowed(case: Any, near: int) -> None:
        trial.ask(name, case, near)

    @seed(number)
    @exploring(
        max_examples=max(cases // 4, 1), phases=[Phase.generate], database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=wrong, near=strategies.sampled_from((AS_IT_CAME, THERE)))
    def with_what_is_not(case: Any, near: int) -> None:
        trial.ask(name, case, near)

    with_what_is_allowed()
    with_what_is_not()


def _summed(trial: Trial) -> dict[int, int]:
    summed: Counter[int] = Counter()
    for counted in trial.answers.values():
        summed.update(counted)
    return dict(sorted(summed.items()))
