"""What the law says and what the state pays."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class GrantsConfig(AppConfig):
    name = "grants"
    verbose_name = "Tilskudd: lov og penger"

    def ready(self) -> None:
        # Checks and job handlers register themselves when imported; guards and municipalities follow every migrate.
        from grants.payments.guards import PAYMENT_GUARDS
        from grants.payments.recipient_guards import RECIPIENT_GUARDS
        from grants.recoveries.guards import RECOVERY_GUARDS
        from grants.register.municipalities import install_municipalities
        from grants.services import (  # noqa: F401
            deliver,
            demand_recovery,
            fetch_answers,
            hold_orders,
            recoveries_owed,
            recovery_letters,
            run_letters,
            send_batch,
            tell_recipient,
        )
        from grants.shared import checks, guards  # noqa: F401

        guards.register([*PAYMENT_GUARDS, *RECOVERY_GUARDS, *RECIPIENT_GUARDS])
        pre_migrate.connect(guards.step_aside_before_migrate, sender=self, dispatch_uid="guards step aside")
        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid="guards")
        post_migrate.connect(install_municipalities, sender=self, dispatch_uid="municipalities")
