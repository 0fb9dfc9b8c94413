"""What happened in a case. The rooms are furnished with the application road; the entitlement road needs none of it."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "Søknader"
