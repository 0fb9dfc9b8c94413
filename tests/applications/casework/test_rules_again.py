"""Rules tried again when facts have changed, what a finding saw in words, and rulings on findings that are outdated."""

from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override

from applications.models import Application, CaseEvent, Finding, Note, Ruling, State
from applications.services.assess import add_note, answer_directorate, rule_on
from applications.services.rules import retry_rules
from applications.workflow.findings import in_words
from applications.workflow.grounds import grounds_of, newest_findings, settled
from grants.jobs.queue import drain
from grants.law.rule import Facts, assess, met_if, rule
from grants.models import Job, Organisation, Role
from grants.services.import_organisations import import_organisations
from grants.shared.errors import BadInput, ChangedSince, NotAllowed
from tests.factories.cases import caseworker, handler_of, make_call, make_case, make_draft, make_question, signatory
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db
NGO_ROW = "orgnr,name,kind,kommunenummer,account_number,parent_orgnr\n{orgnr},Nabohjelpen,{kind},,,\n"
ORGNR = "974760673"


def told(finding: Finding) -> str:
    return in_words(finding).replace("\N{NO-BREAK SPACE}", " ")


def ngo_case(tmp_path: Path):
    """A case of a voluntary organisation in a scheme for such, known from a file."""
    path = tmp_path / "organisations.csv"
    path.write_text(NGO_ROW.format(orgnr=ORGNR, kind="ngo"))
    import_organisations(path, known_on=date(2017, 1, 1))
    ngo = Organisation.objects.get(orgnr=ORGNR)
    call = make_call(scheme="attitudes", numbers={})
    return make_case(State.IN_PROGRESS, call=call, organisation=ngo)


def correct(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "corrected.csv"
    path.write_text(NGO_ROW.format(orgnr=ORGNR, kind=kind))
    import_organisations(path, known_on=date(2017, 2, 1), correct="Enhetsregisteret sier noe annet.")


# --- Tried again ------------------------------------------------------------------------------------------------------


def test_nothing_new_is_kept_when_nothing_has_changed():
    application = make_case(State.IN_PROGRESS)

    assert retry_rules(application, by=handler_of(application)) == []
    assert Finding.objects.count() == 1 and not CaseEvent.objects.filter(verb="retry_rules").exists()


def test_a_changed_organisation_is_held_against_the_rules_again_by_job(tmp_path):
    application = ngo_case(tmp_path)
    [first] = newest_findings(application)
    assert told(first) == "Søkeren er frivillig organisasjon."

    correct(tmp_path, "enterprise")
    assert Job.objects.filter(kind="organisation_changed").count() == 1
    drain()

    [newest] = newest_findings(application)
    assert (newest.verdict, told(newest)) == ("not met", "Søkeren er foretak.")
    assert Finding.objects.filter(rule=first.rule).count() == 2
    event = CaseEvent.objects.get(verb="retry_rules")
    assert (event.by, event.open_to_applicant, event.details["rules"]) == (None, False, [first.rule])


def test_an_answer_has_the_rules_tried_again(tmp_path):
    application = make_question(ngo_case(tmp_path))
    Organisation.objects.filter(pk=application.organisation_id).update(kind="enterprise")
    answer_directorate(Application.objects.get(), "Vi er blitt et foretak.", by=application.created_by)
    drain()

    assert newest_findings(application)[0].verdict == "not met"


def test_a_decided_case_is_not_tried_again(tmp_path):
    application = ngo_case(tmp_path)
    type(application).objects.filter(pk=application.pk).update(state=State.REFUSED)
    correct(tmp_path, "enterprise")
    drain()

    assert Finding.objects.count() == 1


def test_an_organisation_that_is_new_hands_over_nothing(tmp_path):
    ngo_case(tmp_path)

    assert not Job.objects.filter(kind="organisation_changed").exists()


def test_a_ruling_counts_for_the_finding_that_it_was_made_on(tmp_path):
    application = ngo_case(tmp_path)
    [first] = newest_findings(application)
    rule_on(first, met=True, reason="Sett i vedtektene.", by=caseworker())
    correct(tmp_path, "enterprise")
    drain()

    [newest] = newest_findings(application)
    assert settled(newest) is False
    with pytest.raises(ChangedSince, match="prøvd på nytt"):
        rule_on(first, met=False, reason="Gammelt.", by=caseworker())
    rule_on(newest, met=True, reason="Fortsatt ideell.", by=caseworker())
    assert settled(newest_findings(application)[0]) is True
    assert grounds_of(application)["findings"][0]["rulings"][0]["reason"] == "Fortsatt ideell."
    assert Ruling.objects.count() == 2


def test_a_draft_has_nothing_to_try():
    assert retry_rules(make_draft(), by=None) == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DECISION_MAKER])
def test_only_a_caseworker_asks_for_it(role: Role):
    application = make_case(State.IN_PROGRESS)

    with pytest.raises(NotAllowed):
        retry_rules(application, by=make_user("other", role))
    with pytest.raises(NotAllowed):
        retry_rules(application, by=signatory())


# --- In words ---------------------------------------------------------------------------------------------------------


def test_what_a_rule_asked_for_is_noted_with_the_rates_it_held_it_against():
    @rule("§ 1")
    def is_enough(facts, rates):
        """Nok."""
        return met_if(facts.heads >= rates("least"), saw=facts.heads, source="x")

    [tried] = assess([is_enough], Facts({"heads": 3, "other": 1}), {"least": 2}.__getitem__)

    assert (dict(tried.facts), dict(tried.rates)) == ({"heads": 3}, {"least": 2})


def test_amounts_are_kroner_and_shares_per_cent():
    application = make_case(State.IN_PROGRESS, call=make_call(scheme="entrepreneurship"))
    [finding] = newest_findings(application)

    assert told(finding).startswith("Egne midler: 50 000 kr (krav: minst 100 % av søknadsbeløpet).")
    assert "Søknadsbeløpet: 500 000 kr." in told(finding)


def test_what_is_unknown_is_said_to_be_so_in_both_forms_of_norwegian():
    [finding] = newest_findings(make_case(State.IN_PROGRESS, municipality={"refugees": ""}))

    assert told(finding).startswith("Innvandrere fra landgruppe 2: ikke oppgitt.")
    with override("nn"):
        assert told(finding).startswith("Innvandrarar frå landgruppe 2: ikkje oppgitt.")


@pytest.mark.parametrize(
    ("named", "saw", "words"),
    [
        (
            "has_enough_immigrants_or_refugees",
            "(Decimal('0.075'), 120)",
            "Innvandrere fra landgruppe 2: 7,5 %. Flyktninger med under fem års botid: 120.",
        ),
        (
            "has_enough_immigrants_or_refugees",
            "(None, 99)",
            "Innvandrere fra landgruppe 2: ikke oppgitt. Flyktninger med under fem års botid: 99.",
        ),
        ("brings_own_money", "(5000000, 50000000)", "Egne midler: 50 000 kr. Søknadsbeløpet: 500 000 kr."),
        ("is_non_profit", "ngo", "ngo"),
    ],
)
def test_findings_from_before_stay_readable(named: str, saw: str, words: str):
    assert told(Finding(rule=named, saw=saw, verdict="met")) == words


def test_a_finding_from_before_is_not_found_again_when_nothing_has_changed():
    application = make_case(State.IN_PROGRESS)
    submission = application.submissions.get()
    old = Finding.objects.get()
    Finding.objects.create(
        application=application, submission=submission, rule=old.rule, sentence=old.sentence, citation=old.citation,
        verdict=old.verdict, saw=old.saw, source=old.source, tried_at=old.tried_at,
    )  # fmt: skip

    assert retry_rules(application, by=None) == []


# --- Notes ------------------------------------------------------------------------------------------------------------


def test_a_note_is_written_by_a_caseworker_and_never_changes():
    application = make_case(State.IN_PROGRESS)
    note = add_note(application, "Ring dem.\x00", by=handler_of(application))
    assert note.text == "Ring dem."

    with pytest.raises(BadInput, match="tegn for lang"):
        add_note(application, "x" * 10_001, by=handler_of(application))
    with pytest.raises(NotAllowed):
        add_note(application, "x", by=make_user("ada", Role.AUDITOR))
    with pytest.raises(NotAllowed):
        add_note(application, "x", by=caseworker("siri"))
    assert Note.objects.count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE applications_note SET text = 'noe annet'",
        "DELETE FROM applications_note",
        "UPDATE applications_finding SET verdict = 'met'",
        "DELETE FROM applications_ruling",
    ],
)
def test_the_database_keeps_notes_findings_and_rulings(sql: str):
    application = make_case(State.IN_PROGRESS)
    add_note(application, "Ring dem.", by=handler_of(application))
    rule_on(newest_findings(application)[0], met=True, reason="Ja.", by=handler_of(application))

    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
