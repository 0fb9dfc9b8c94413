"""Cases in a trial's office, laid out and decided by processes of their own: python -m tests.trials.decisions WHAT ARGUMENTS.

Each prints one line of JSON. The database is the one that DATABASE_URL names.
"""

import json
import os
import random
import sys
from collections import Counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from applications.models import Application, Call, Decision  # noqa: E402
from applications.services.assess import take_case  # noqa: E402
from applications.services.decide import decide, propose  # noqa: E402
from applications.services.round import decide_round, seal_of, waiting_in  # noqa: E402
from applications.services.submit import submit  # noqa: E402
from grants.models import Organisation, User  # noqa: E402
from grants.shared.errors import Refused  # noqa: E402
from tests.factories.cases import (  # noqa: E402
    APPLIED_ORE,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    make_draft,
)
from tests.factories.register import appropriate  # noqa: E402


@transaction.atomic
def lay_out(calls: int, cases: int, fit: int) -> list[str]:
    """Calls with so many proposals each, all of the same amount, in envelopes in which so many fit."""
    appropriate(post="62", year=timezone.localdate().year)
    david = decision_maker()
    made = []
    organisations = list(Organisation.objects.municipalities().order_by("municipality_number"))
    for number in range(calls):
        call = make_call(title_nb=f"Runde {number}", envelope_ore=fit * APPLIED_ORE)
        sara = impartial(caseworker(), call)
        impartial(david, call)
        for place in range(cases):
            case = make_draft(call, organisations[place % len(organisations)])
            submit(case, by=case.created_by)
            take_case(case, by=sara)
            propose(case, amount_ore=APPLIED_ORE, reason="Godt forankret.", by=sara)
        made.append(str(call.pk))
    return made


def decide_some(number: int, of: int, seed: int) -> dict[str, int]:
    """Decide this process's part of all proposals, in a random order; what came of them, by the name of the refusal."""
    david = User.objects.get(username="david")
    mine = list(Decision.objects.order_by("pk").values_list("pk", flat=True))[number::of]
    random.Random(seed + number).shuffle(mine)
    came: Counter[str] = Counter()
    for key in mine:
        # As a page does it: what is read is decided.
        proposal = Decision.objects.select_related("application", "call", "prepared_by").get(pk=key)
        try:
            decide(proposal, by=david)
            came["decided"] += 1
        except Refused as refusal:
            came[type(refusal).__name__] += 1
        except Exception as fault:
            came[f"{type(fault).__name__}: {fault}"] += 1
    return dict(came)


def start_round(number: int) -> dict[str, Any]:
    """Start the round of the only call."""
    david = User.objects.get(username="david")
    call = Call.objects.get()
    batch = decide_round(call, seal=seal_of(waiting_in(call, by=david)), by=david)
    return {"lines": batch.lines.count(), "cases": Application.objects.count(), "number": number}


WHAT = {"lay_out": lay_out, "decide_some": decide_some, "start_round": start_round}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(WHAT[sys.argv[1]](*(int(argument) for argument in sys.argv[2:]))))
