"""Calls that stand open in the demo, one for each kind of applicant, to try to apply and to run through to a decision."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from applications.models import Call
from applications.services.announce import prepare_call, publish_call
from grants.law.registry import SCHEMES
from grants.models import AppropriationDecision, User
from grants.services.import_appropriations import import_appropriations

OPEN_FOR = timedelta(days=60)
# What was granted in 2017 (Årsrapport 2017), and numbers that the rules ask for: those of 2017, as a start.
OPEN_CALLS: dict[str, tuple[int, dict[str, Any]]] = {
    "kum": (35_286_000, {"least_share_of_immigrants": "0.05", "least_refugees": "100"}),
    "entrepreneurship": (6_370_000, {"least_own_share": "1"}),
    "attitudes": (9_430_000, {}),
    "mentor_trainee": (4_085_000, {}),
}
ABOUT_NB = "En utlysning til å prøve: ingenting av det dere skriver, blir sendt til noen."
ABOUT_NN = "Ei utlysing til å prøve: ingenting av det de skriv, blir sendt til nokon."


def open_demo_calls(appropriations: Path, *, by: User) -> int:
    """Publish the calls that are not open yet, with an appropriation for the year it is now; how many that was."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    closes_at = now.replace(hour=0, minute=0) + OPEN_FOR
    year = timezone.localdate().year
    if not AppropriationDecision.objects.filter(budget_post__year=year).exists():
        import_appropriations(appropriations, year=year, decided_on=timezone.localdate())
    new = [code for code in OPEN_CALLS if not Call.objects.open_at(now).filter(scheme=code).exists()]
    for code in new:
        kroner, numbers = OPEN_CALLS[code]
        name = SCHEMES[code].name
        call = prepare_call(
            code, "", year, by=by, title_nb=name.nb, title_nn=name.nn, about_nb=ABOUT_NB, about_nn=ABOUT_NN,
            envelope_ore=kroner * 100, opens_at=now, closes_at=closes_at, numbers=numbers,
        )  # fmt: skip
        publish_call(call, by=by)
    return len(new)
