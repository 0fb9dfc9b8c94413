"""Celery is a doorbell and a clock. The queue of record is the job table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tilskudd")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {
    "drain": {"task": "grants.jobs.drain", "schedule": 15.0},
    "day": {"task": "grants.jobs.keep_the_day", "schedule": 60.0},
}
app.autodiscover_tasks(["grants.jobs"])
