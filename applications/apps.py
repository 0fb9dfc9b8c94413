"""What happened in a case."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "Søknader"

    def ready(self) -> None:
        # Job handlers register themselves when imported; the guards stand with those of the money, after every migrate.
        from applications.guards import GUARDS
        from applications.search import checks
        from applications.services import (  # noqa: F401
            appeal_letters,
            case_text,
            decision_letter,
            deliver,
            erase_health,
            follow_up_reminders,
            hold_grants,
            invite,
            question_letters,
            question_reminders,
            record_incoming,
            record_note,
            reopen,
            round_steps,
            rules,
            scan_attachment,
        )
        from applications.workflow import why_order  # noqa: F401
        from grants.shared import guards

        guards.register(GUARDS)
        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid="guards of applications")
        post_migrate.connect(checks.install_after_migrate, sender=self, dispatch_uid="search of applications")
