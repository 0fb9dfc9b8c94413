"""A system that uses the API, for tests."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from grants.models import TokenScope, User
from grants.services.api_tokens import give_token


class Api:
    """A system that signs with somebody's token."""

    def __init__(self, user: User, *scopes: TokenScope) -> None:
        token = give_token(user, "test", days=1, scopes=scopes or [TokenScope.CASES])
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, name: str, *args: Any, **query: Any) -> Any:
        return self.client.get(reverse(name, args=args), query)

    def post(self, name: str, *args: Any, key: str = "", **body: Any) -> Any:
        return self.client.post(
            reverse(name, args=args), json.dumps(body), content_type="application/json",
            headers={"Idempotency-Key": key or str(uuid4())},
        )  # fmt: skip

    def delete(self, name: str, *args: Any, key: str = "") -> Any:
        return self.client.delete(reverse(name, args=args), headers={"Idempotency-Key": key or str(uuid4())})

    def upload(self, name: str, *args: Any, key: str = "", **form: Any) -> Any:
        return self.client.post(reverse(name, args=args), form, headers={"Idempotency-Key": key or str(uuid4())})
