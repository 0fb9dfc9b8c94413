"""What the law says and what the state pays."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GrantsConfig(AppConfig):
    name = "grants"
    verbose_name = "Tilskudd: lov og penger"

    def ready(self) -> None:
        # Checks and job handlers register themselves when imported; guards and municipalities follow every migrate.
        from grants.register.municipalities import install_municipalities
        from grants.services import run_letters  # noqa: F401
        from grants.shared import checks, guards  # noqa: F401

        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid="guards")
        post_migrate.connect(install_municipalities, sender=self, dispatch_uid="municipalities")
