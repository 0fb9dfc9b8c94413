"""Celery is a doorbell: it wakes workers, and knows a single task. The queue of record is the job table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tilskudd")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["grants.jobs"])
