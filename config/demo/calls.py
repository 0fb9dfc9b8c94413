"""Calls that stand open in the demo, one for municipalities and one for voluntary organisations, to try to apply."""

from datetime import timedelta

from django.utils import timezone

from applications.models import Call
from applications.services.announce import prepare_call, publish_call
from grants.law.registry import SCHEMES
from grants.models import User

DEMO_YEAR = 2017
OPEN_FOR = timedelta(days=60)
# What was granted in 2017 (Årsrapport 2017): the envelopes of that year's calls are not in the sources.
ENVELOPES_KRONER = {"kum": 35_286_000, "attitudes": 9_430_000}
ABOUT_NB = "Dette er en utlysning til å prøve. Ingenting av det dere skriver, blir sendt til noen."
ABOUT_NN = "Dette er ei utlysing til å prøve. Ingenting av det de skriv, blir sendt til nokon."


def open_demo_calls(*, by: User) -> int:
    """Publish the calls that are not there yet; how many that was."""
    new = 0
    now = timezone.now().replace(second=0, microsecond=0)
    for code, kroner in ENVELOPES_KRONER.items():
        if Call.objects.filter(scheme=code, year=DEMO_YEAR).exists():
            continue
        name = SCHEMES[code].name
        call = prepare_call(
            code, "", DEMO_YEAR, by=by, title_nb=name.nb, title_nn=name.nn, about_nb=ABOUT_NB, about_nn=ABOUT_NN,
            envelope_ore=kroner * 100, opens_at=now, closes_at=now + OPEN_FOR,
        )  # fmt: skip
        publish_call(call, by=by)
        new += 1
    return new
