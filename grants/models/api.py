"""How other systems reach us: tokens they sign with, and the requests that have been answered, so that none is done twice."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class TokenScope(models.TextChoices):
    """What a token may be used for. Its person must have the role as well: a scope narrows, and never widens."""

    CASES = "cases", "Saker, søknader og utlysninger"
    PAYMENTS = "payments", "Bunter og betalinger"
    LEDGER = "ledger", "Hovedbok"


class ApiToken(models.Model):
    """A token of a user. Only its hash is kept; it ends by itself, or when somebody ends it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80, help_text="Which system uses it.")
    scopes = models.CharField(
        max_length=100, default=TokenScope.CASES, help_text="What it is for, with blanks between."
    )
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()


class AnsweredRequest(models.Model):
    """A mutating request of somebody, by its idempotency key, with the answer that was given. Only grows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True, help_text="As it was sent, to the letter.")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="request_of_a_key_is_answered_once"),
            models.CheckConstraint(condition=~Q(key=""), name="answered_request_has_its_key"),
        ]
