"""The wiring, and the commands that need everything."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "config"
    label = "wiring"
    verbose_name = "Oppkobling"
