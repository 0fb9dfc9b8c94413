"""The queue of record: a job is a row written in the same transaction as the change that needs it."""

from django.db import models


class Job(models.Model):
    """One step of work. `key` names it, so that handing it over twice makes one row."""

    class State(models.TextChoices):
        WAITING = "waiting", "Venter"
        TAKEN = "taken", "I arbeid"
        DONE = "done", "Ferdig"
        DEAD = "dead", "Stoppet"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "lease_until", "id"], name="job_next_to_take")]
