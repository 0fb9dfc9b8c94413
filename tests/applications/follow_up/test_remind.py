"""Reminders: before the day, on it and after it, each once, however often the sweep runs."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from applications.models import Application, CaseDocument, CaseEvent, Deadline
from applications.services.remind import REMINDERS, Awaited, Reminder, coming, register, send_reminder, sweep
from applications.services.terms import give_new_deadline
from applications.workflow.follow_up import tell
from config.celery import app
from grants.jobs.daily import hand_over_todays
from grants.jobs.queue import drain
from grants.jobs.tasks import keep_the_day
from grants.models import Job
from tests.factories.appeals import make_reversal
from tests.factories.cases import caseworker, moment, municipality
from tests.factories.follow_up import accept, decision_of, make_accepted, make_grant, make_submitted

pytestmark = pytest.mark.django_db


def reminders() -> list[tuple[str, str]]:
    jobs = Job.objects.filter(kind="remind").order_by("pk")
    return [(f"{job.payload['what']}_{job.payload['when']}", job.payload["day"]) for job in jobs]


def test_unanswered_terms_are_reminded_of_before_on_and_after_the_last_day():
    make_grant()
    for day in ("2017-06-14", "2017-06-15", "2017-06-16", "2017-06-22", "2017-06-23", "2017-07-01"):
        sweep(date.fromisoformat(day))

    assert reminders() == [
        ("accept_soon", "2017-06-22"), ("accept_today", "2017-06-22"), ("accept_overdue", "2017-06-22"),
    ]  # fmt: skip


def test_a_report_is_reminded_of_in_leap_years_too():
    make_accepted()
    for day in ("2018-02-13", "2018-02-14", "2018-02-28", "2018-03-01", "2018-03-02"):
        sweep(date.fromisoformat(day))

    assert reminders() == [
        ("report_soon", "2018-02-28"), ("report_today", "2018-02-28"), ("report_overdue", "2018-02-28"),
    ]  # fmt: skip


def test_before_the_day_it_stands_on_the_timeline_and_after_it_is_a_recorded_letter():
    application = make_grant()
    sweep(date(2017, 6, 16))
    drain()
    event = CaseEvent.objects.get(verb="remind")
    assert event.open_to_applicant and "22. juni 2017" in event.text
    assert not CaseDocument.objects.filter(kind__startswith="reminder:").exists()

    sweep(date(2017, 6, 23))
    drain()
    letter = CaseDocument.objects.get(kind="reminder:accept_overdue:2017-06-22")
    assert (letter.application, letter.direction) == (application, "out")


def test_sending_twice_reminds_once():
    make_grant()
    for day in (date(2017, 6, 16), date(2017, 6, 23)):
        sweep(day)
    drain()
    for job in Job.objects.filter(kind="remind"):
        send_reminder(job.payload)

    assert CaseEvent.objects.filter(verb="remind").count() == 1
    assert CaseDocument.objects.filter(kind__startswith="reminder:").count() == 1


def test_a_moved_deadline_is_reminded_of_again():
    application = make_grant()
    sweep(date(2017, 6, 23))
    with time_machine.travel(moment("2017-06-24 09:00"), tick=False):
        give_new_deadline(
            decision_of(application), Deadline.What.ACCEPT, date(2017, 7, 1), reason="Ferie.", by=caseworker()
        )
    sweep(date(2017, 6, 25))

    assert reminders() == [("accept_overdue", "2017-06-22"), ("accept_soon", "2017-07-01")]


def test_what_is_done_is_not_reminded_of():
    make_submitted()

    assert sweep(date(2018, 3, 15)) == 0


def test_what_was_done_between_the_sweep_and_the_sending_is_not_reminded_of():
    application = make_grant()
    sweep(date(2017, 6, 16))
    accept(application)
    drain()

    assert Job.objects.get(kind="remind").state == "done"
    assert not CaseEvent.objects.filter(verb="remind").exists()


def test_nobody_is_reminded_of_what_is_long_past():
    make_grant()

    assert sweep(date(2017, 7, 23)) == 1
    Job.objects.all().delete()
    assert sweep(date(2017, 7, 24)) == 0


def test_a_notice_of_reversal_is_reminded_of_before_its_last_day_only():
    with time_machine.travel(moment("2017-06-05 09:00"), tick=False):
        reversal = make_reversal(100_000_00)
    last = reversal.answer_by
    for days in range(1, 20):
        sweep(date(2017, 6, 5) + timedelta(days=days))
    assert ("notice_soon", last.isoformat()) in reminders()
    assert [name for name, _day in reminders() if name.startswith("notice")] == ["notice_soon"]
    drain()
    [event] = CaseEvent.objects.filter(verb="remind", text__contains="varselet")
    assert event.open_to_applicant and "19. juni 2017" in event.text


@pytest.fixture
def another_reminder() -> Iterator[None]:
    """Another part of the system joins the sweep."""
    application = make_grant()

    def bills(case: Application | None) -> list[Awaited]:
        return [Awaited(application, date(2017, 5, 1))]

    def say(awaited: Awaited, what: str, when: str) -> None:
        tell(awaited.application, "remind", by=None, text=f"{what} {when}")

    register(Reminder("bill", bills, say, lambda: 5))
    yield
    del REMINDERS["bill"]


@pytest.mark.usefixtures("another_reminder")
def test_another_part_joins_the_sweep_and_the_command_tells_how_many():
    said = StringIO()
    call_command("remind", "--on", "2017-05-02", "--json", stdout=said)
    assert json.loads(said.getvalue()) == {"reminders": 1}
    call_command("remind", "--on", "2017-05-02", stdout=(again := StringIO()))

    assert "0 reminders" in again.getvalue()
    drain()
    assert CaseEvent.objects.get(verb="remind").text == "bill overdue"


def test_there_is_one_list_of_what_will_be_reminded_of_and_when():
    application = make_grant()
    other = make_accepted(call=application.call, organisation=municipality("0104"))
    with time_machine.travel(moment("2017-06-10 12:00"), tick=False):
        assert [(one.on.isoformat(), one.what, one.when, one.as_letter) for one in coming(application)] == [
            ("2017-06-15", "accept", "soon", False),
            ("2017-06-22", "accept", "today", False),
            ("2017-06-23", "accept", "overdue", True),
        ]
        assert [one.on.isoformat() for one in coming(other)] == ["2018-02-14", "2018-02-28", "2018-03-01"]
        call_command("remind", "--list", "--until", "2017-06-22", stdout=(said := StringIO()))
        call_command("remind", "--list", "--json", stdout=(in_json := StringIO()))
    lines = said.getvalue().splitlines()
    assert lines == [
        f"2017-06-15  {application.reference:<12} accept soon, by 2017-06-22",
        f"2017-06-22  {application.reference:<12} accept today, by 2017-06-22",
        "2 reminders until 2017-06-22.",
    ]
    assert len(json.loads(in_json.getvalue())["coming"]) == 3
    assert not Job.objects.filter(kind="remind").exists()


def test_the_day_starts_the_sweep_once_by_a_job_of_its_own():
    make_grant()
    with time_machine.travel(moment("2017-06-16 05:59"), tick=False):
        hand_over_todays()
        assert not Job.objects.filter(kind="sweep_reminders").exists()
    with time_machine.travel(moment("2017-06-16 06:00"), tick=False):
        keep_the_day()
        hand_over_todays()
        drain()
    with time_machine.travel(moment("2017-06-17 07:00"), tick=False):
        hand_over_todays()
        drain()

    assert [job.key for job in Job.objects.filter(kind="sweep_reminders").order_by("pk")] == [
        "sweep_reminders:2017-06-16", "sweep_reminders:2017-06-17",
    ]  # fmt: skip
    assert reminders() == [("accept_soon", "2017-06-22")]
    assert app.conf.beat_schedule["day"]["task"] == keep_the_day.name
