"""What happened in a case."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "Søknader"

    def ready(self) -> None:
        # Job handlers register themselves when imported; the guards stand with those of the money, after every migrate.
        from applications.guards import GUARDS
        from applications.services import decision_letter  # noqa: F401
        from grants.shared import guards

        guards.register(GUARDS)
        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid="guards of applications")
