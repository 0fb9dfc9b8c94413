"""Scenarios of a call: begin one, save what each case gets, copy it. What somebody else saved is never overwritten unseen."""

from collections.abc import Mapping
from itertools import chain, count
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Call, Scenario, ScenarioLine
from applications.services.assess import require_impartial
from applications.services.decide import require_amount
from grants.models import Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

LONGEST_NAME = 80
LONGEST_REASON = 8_000
AT_A_TIME = 500


class ScenarioChanged(ChangedSince):
    """The scenario has changed since it was read. `now` is what is stored."""

    def __init__(self, now: Scenario) -> None:
        self.now = now
        super().__init__(
            _(
                "%(who)s lagret «%(name)s» kl. %(time)s mens du skrev. "
                "Det du har skrevet, er ikke borte: se over og lagre på nytt."
            )
            % {"who": now.saved_by, "name": now.name, "time": f"{timezone.localtime(now.saved_at):%H.%M}"}
        )


@transaction.atomic
def begin_scenario(call: Call, name: str, amounts: Mapping[UUID, int | None], *, by: User) -> Scenario:
    """A new scenario of a call, with what each case gets."""
    _require_at_work(by, call)
    now = timezone.now()
    scenario = Scenario.objects.create(
        call=call, name=_free_name(call, name), created_by=by, saved_by=by, saved_at=now
    )  # fmt: skip
    _write(scenario, amounts)
    return scenario


@transaction.atomic
def save_scenario(
    scenario: Scenario, amounts: Mapping[UUID, int | None], *, version: int, by: User, name: str = ""
) -> Scenario:
    """Store what these cases get; other lines stay. `version` is the one that was read."""
    _take_turn(scenario, version=version, by=by, name=name)
    _write(scenario, amounts)
    return scenario


@transaction.atomic
def save_reasons(scenario: Scenario, reasons: Mapping[UUID, str], *, version: int, by: User) -> Scenario:
    """Store the caseworker's own reasons. An empty one lets the reason be drafted again."""
    _take_turn(scenario, version=version, by=by)
    for application, reason in reasons.items():
        if len(reason) > LONGEST_REASON:
            raise BadInput(_("En begrunnelse kan ha høyst %(most)s tegn. Kort den ned.") % {"most": LONGEST_REASON})
        scenario.lines.filter(application_id=application).update(reason=reason.replace("\x00", "").strip())
    return scenario


@transaction.atomic
def copy_scenario(scenario: Scenario, name: str, *, by: User) -> Scenario:
    """The same under another name, free to be changed; also of one that is sent on."""
    copy = begin_scenario(scenario.call, name, {}, by=by)
    ScenarioLine.objects.bulk_create(
        (
            ScenarioLine(scenario=copy, application_id=key, amount_ore=amount, reason=reason)
            for key, amount, reason in scenario.lines.values_list("application_id", "amount_ore", "reason")
        ),
        batch_size=AT_A_TIME,
    )
    return copy


def unused_name(call: Call, wanted: str) -> str:
    """The name that is wanted, with a number behind it where the call has one of that name."""
    taken = set(call.scenarios.values_list("name", flat=True))
    names = chain([wanted[:LONGEST_NAME]], (f"{wanted[: LONGEST_NAME - 8]} ({number})" for number in count(2)))
    return next(name for name in names if name not in taken)


def require_open(scenario: Scenario) -> None:
    """What is sent on stands as it was sent."""
    if scenario.is_sent:
        raise ChangedSince(
            _("«%(name)s» er sendt til beslutter og er låst. Lag en kopi og endre den.") % {"name": scenario.name}
        )


def _take_turn(scenario: Scenario, *, version: int, by: User, name: str = "") -> None:
    """Be the one who saves this version, or be told who was."""
    _require_at_work(by, scenario.call)
    now = Scenario.objects.select_related("saved_by").get(pk=scenario.pk)
    require_open(now)
    fields = {} if name.strip() in ("", now.name) else {"name": _free_name(scenario.call, name)}
    mine = Scenario.objects.filter(pk=scenario.pk, version=version, sent_at=None)
    if not mine.update(version=F("version") + 1, saved_by=by, saved_at=timezone.now(), **fields):
        raise ScenarioChanged(now)
    scenario.refresh_from_db()


def _write(scenario: Scenario, amounts: Mapping[UUID, int | None]) -> None:
    applied = dict(
        Application.objects.compared_in(scenario.call).filter(pk__in=amounts).values_list("pk", "applied_ore")
    )
    if set(applied) != set(amounts):
        raise BadInput(_("En av sakene hører ikke til utlysningen."))
    for key, amount in amounts.items():
        if amount is not None:
            require_amount(amount, applied[key] or 0)
    ScenarioLine.objects.bulk_create(
        (ScenarioLine(scenario=scenario, application_id=key, amount_ore=amount) for key, amount in amounts.items()),
        batch_size=AT_A_TIME,
        update_conflicts=True,
        unique_fields=["scenario", "application"],
        update_fields=["amount_ore"],
    )


def _free_name(call: Call, name: str) -> str:
    name = name.replace("\x00", "").strip()
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(_("Gi forslaget et navn med høyst %(most)s tegn.") % {"most": LONGEST_NAME})
    if call.scenarios.filter(name=name).exists():
        raise BadInput(
            _("Utlysningen har allerede et forslag som heter «%(name)s». Velg et annet navn.") % {"name": name}
        )
    return name


def _require_at_work(by: User, call: Call) -> None:
    if not by.has_directorate_role(Role.CASEWORKER):
        raise NotAllowed(_("%(who)s er ikke saksbehandler.") % {"who": by})
    require_impartial(by, call)
