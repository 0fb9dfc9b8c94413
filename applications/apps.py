"""What happened in a case."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "Søknader"

    def ready(self) -> None:
        # The guards of the cases stand with those of the money, and follow every migrate.
        from applications.guards import GUARDS
        from grants.shared import guards

        guards.register(GUARDS)
        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid="guards of applications")
