"""What is told of health: who sees it, that every look is logged, and that it is said nowhere else."""

import json
import re
from io import BytesIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from applications.models import (
    Application,
    CaseEvent,
    CaseText,
    HealthAccess,
    HealthAnswer,
    HealthLook,
    HealthRecord,
    HealthSubmission,
)
from applications.pages.applicant.kept import seal
from applications.services.assess import answer_directorate, ask_applicant, declare
from applications.services.health import end_access, give_access, look_at_details
from grants.documents import archive, quarantine
from grants.jobs.queue import drain
from grants.models import Membership, Person, ProtectedPerson, Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed
from grants.shared.secrets import CannotDecrypt
from tests.factories.cases import caseworker, decision_maker, impartial, make_case, member, municipality
from tests.factories.claims import (
    GRANTED_ORE,
    SECRET,
    decided,
    make_claim_draft,
    person_answers,
    sent,
    taken,
    with_access,
)
from tests.factories.register import make_user, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Application:
    settle("P1")
    return taken(sent(make_claim_draft()))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(case: Application) -> str:
    return reverse("case_health", kwargs={"pk": case.pk})


def looks() -> list[tuple[str, str, str]]:
    return list(HealthLook.objects.order_by("pk").values_list("by__username", "what", "why"))


# --- Who sees it ------------------------------------------------------------------------------------------------------


def test_a_caseworker_without_the_access_sees_the_case_and_not_the_person(case: Application):
    client = signed_in(impartial(caseworker("other"), case.call))

    assert client.get(reverse("case", kwargs={"pk": case.pk})).status_code == 200
    for answer in (client.get(page_of(case)), client.post(page_of(case), {"why": "Nysgjerrig"})):
        assert answer.status_code == 403
        assert SECRET not in answer.content.decode()
    with pytest.raises(NotAllowed, match="ikke tilgang"):
        look_at_details(case, by=caseworker("other"), why="Nysgjerrig")
    assert looks() == []


def test_with_the_access_a_reason_is_asked_for_and_kept_before_anything_is_shown(case: Application):
    client = signed_in(with_access(impartial(caseworker("other"), case.call)))

    first = client.get(page_of(case)).content.decode()
    assert (SECRET not in first, "Hvorfor må du se" in first, looks()) == (True, True, [])
    without = client.post(page_of(case), {"why": "  "})
    assert (without.status_code, SECRET in without.content.decode(), looks()) == (422, False, [])
    shown = client.post(page_of(case), {"why": "Avløser Sara i ferien."})
    assert shown.status_code == 200 and SECRET in shown.content.decode()
    assert looks() == [("other", "details", "Avløser Sara i ferien.")]


def test_whoever_handles_the_case_need_not_say_why_and_is_logged_each_time(case: Application):
    client = signed_in(with_access(caseworker()))

    assert "Hvorfor må du se" not in client.get(page_of(case)).content.decode()
    for _ in range(2):
        assert SECRET in client.post(page_of(case)).content.decode()
    assert looks() == [("sara", "details", "saksbehandler i saken")] * 2


def test_the_access_ends_when_it_is_taken_and_with_the_role(case: Application):
    worker = with_access(caseworker())
    client = signed_in(worker)
    assert client.post(page_of(case)).status_code == 200

    worker.directorate_roles.all().delete()
    worker.directorate_roles.create(role=Role.DECISION_MAKER)
    assert client.post(page_of(case)).status_code == 200  # still somebody who works on cases
    end_access(HealthAccess.objects.get(), by=make_user("admin"))
    assert client.post(page_of(case)).status_code == 403


def test_somebody_with_an_interest_finds_no_such_case(case: Application):
    near = with_access(caseworker("near"))
    declare(case.call, by=near, has_interest=True, reason="Søsken")

    assert signed_in(near).get(page_of(case)).status_code == 404


@pytest.mark.parametrize("role", [Role.FINANCE, Role.SCHEME_OWNER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_of_the_directorate_see_nothing_of_the_person(case: Application, role: Role):
    client = signed_in(make_user("reader", role))

    assert client.post(page_of(case), {"why": "Vil se"}).status_code == 403
    for name in ("case", "case_application", "case_documents", "case_history"):
        answer = client.get(reverse(name, kwargs={"pk": case.pk}))
        assert SECRET not in answer.content.decode() and not re.search(r"\bP1\b", answer.content.decode())


@pytest.mark.parametrize("name", ["application_health", "application", "application_receipt"])
def test_another_municipality_gets_the_same_answer_as_for_what_is_not_there(case: Application, name: str):
    stranger = signed_in(member(Role.SIGNATORY, municipality("0104"), "stranger"))

    foreign = stranger.get(reverse(name, kwargs={"pk": case.pk}))
    missing = stranger.get(reverse(name, kwargs={"pk": "00000000-0000-4000-8000-000000000000"}))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert looks() == []


def test_the_municipalitys_own_writers_see_it_and_are_logged_and_its_accountant_does_not(case: Application):
    address = reverse("application_health", kwargs={"pk": case.pk})

    shown = signed_in(member(Role.EDITOR, username="erik")).get(address)
    assert SECRET in shown.content.decode()
    assert looks() == [("erik", "details", "kommunens eget krav")]
    assert signed_in(member(Role.ACCOUNTANT, username="regnskap")).get(address).status_code == 404


def test_reading_ones_own_draft_again_is_a_look_too():
    settle("P1")
    draft = make_claim_draft()
    client = signed_in(draft.created_by)
    theme = reverse("application_theme", kwargs={"pk": draft.pk, "theme": "person"})

    assert SECRET in client.get(theme).content.decode()
    assert SECRET in client.get(reverse("application_check", kwargs={"pk": draft.pk})).content.decode()
    assert [what for _who, what, _why in looks()] == ["theme:person", "check"]
    client.get(reverse("application_theme", kwargs={"pk": draft.pk, "theme": "contact"}))
    assert HealthLook.objects.count() == 2


# --- Files ------------------------------------------------------------------------------------------------------------


def test_a_file_is_there_only_for_those_who_may_look_and_opening_it_is_a_look(case: Application):
    file = case.attachments.get(place="medical_statement")
    address = reverse("attachment", kwargs={"pk": file.pk})

    assert signed_in(impartial(caseworker("other"), case.call)).post(address, {"why": "x"}).status_code == 404
    assert signed_in(make_user("auditor", Role.AUDITOR)).get(address).status_code == 404
    assert signed_in(member(Role.ACCOUNTANT, username="regnskap")).get(address).status_code == 404
    drain()  # no scanner: the file is marked as not scanned
    decider = signed_in(with_access(impartial(decision_maker(), case.call)))
    assert "Last ned filen" not in decider.get(address).content.decode()  # only a caseworker opens an unscanned one
    client = signed_in(with_access(impartial(caseworker("third"), case.call)))
    asked = client.get(address)
    assert asked.headers["Content-Type"].startswith("text/html") and looks() == []
    assert client.post(address, {"why": ""}).status_code == 422
    opened = client.post(address, {"why": "Avløser Sara."})
    assert opened.headers["Content-Type"] == "application/pdf" and b"".join(opened).startswith(b"%PDF")
    assert looks() == [("third", f"attachment:{file.pk}", "Avløser Sara.")]


def test_what_a_file_was_called_is_kept_nowhere(case: Application):
    names = set(case.attachments.values_list("name", flat=True))

    assert names == {"Legeerklæring 1.pdf", "Dokumentasjon på utgiftene 1.pdf"}
    assert "medical_statement.pdf" not in everything_in_the_database()


def test_everything_that_comes_in_is_kept_from_the_public_with_its_files(case: Application):
    ask_applicant(case, "Hva koster tiltaket?", by=caseworker())
    answer_directorate(case, "To assistenter.", by=case.created_by)
    drain()

    came_in = case.documents.filter(direction="in")
    assert {document.kind.partition(":")[0] for document in came_in} >= {"submission_on_health", "attachment", "answer"}
    assert {document.access_code for document in came_in} == {"UO"}


def test_files_lie_apart_from_those_of_other_cases(case: Application):
    other = make_case()

    assert {file.path.split("/")[0] for file in case.attachments.all()} == {"health"}
    assert quarantine.place_of(case.attachments.first().path).is_file()
    assert not other.attachments.filter(path__startswith="health/").exists()


# --- It is said nowhere else ------------------------------------------------------------------------------------------


def everything_in_the_database() -> str:
    """Every cell of every table as text; what is encrypted is so many bytes."""
    cells = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            cells += [
                str(cell) for row in cursor.fetchall() for cell in row if not isinstance(cell, bytes | memoryview)
            ]
    return "\n".join(cells)


def test_what_is_told_stands_in_no_table_in_plain_text_from_the_draft_to_the_letter(case: Application):
    ask_applicant(case, "Hva koster tiltaket?", by=caseworker())
    answer_directorate(case, f"{SECRET} krever to assistenter.", by=case.created_by)
    drain()
    decided(case, GRANTED_ORE)
    drain()

    assert SECRET not in everything_in_the_database()
    assert HealthAnswer.objects.get().opened() == f"{SECRET} krever to assistenter."
    assert SECRET in HealthSubmission.objects.get().opened()["person"]["condition"]


def test_what_is_told_stands_in_no_document_and_no_search(case: Application):
    ask_applicant(case, "Hva koster tiltaket?", by=caseworker())
    answer_directorate(case, f"{SECRET} krever to assistenter.", by=case.created_by)
    decided(case, GRANTED_ORE)
    drain()

    documents = list(case.documents.filter(attachment=None))
    assert {document.kind.partition(":")[0] for document in documents} >= {"submission_on_health", "answer", "decision"}
    for document in documents:
        text = words_of(archive.read(document.path, sha256=document.sha256))
        assert SECRET not in text and "P1" not in text.split(), document.kind
    assert "p1" not in CaseText.objects.get(application=case).text.split()
    reader = signed_in(with_access(impartial(caseworker("other"), case.call)))
    assert "Halden kommune" not in reader.get(reverse("cases"), {"search": SECRET}).content.decode()


def words_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("name", ["api_case", "api_events", "api_findings", "api_cases"])
def test_the_api_says_nothing_of_it_to_anybody(case: Application, name: str):
    ask_applicant(case, "Hva koster tiltaket?", by=caseworker())
    answer_directorate(case, f"{SECRET} krever to assistenter.", by=case.created_by)
    address = reverse(name, kwargs={} if name == "api_cases" else {"pk": case.pk})

    for user in (with_access(caseworker()), make_user("auditor", Role.AUDITOR), case.created_by):
        answer = signed_in(user).get(address)
        if answer.status_code == 200:
            assert SECRET not in answer.content.decode() and '"P1"' not in answer.content.decode()


def test_the_api_takes_what_is_told_and_gives_none_of_it_back():
    settle("P1")
    draft = make_claim_draft()
    answer = signed_in(draft.created_by).post(
        reverse("api_theme", kwargs={"pk": draft.pk, "theme": "person"}),
        json.dumps({"version": draft.version, "typed": person_answers(condition=f"{SECRET} og mer")}),
        content_type="application/json", headers={"Idempotency-Key": "11111111-1111-4111-8111-111111111111"},
    )  # fmt: skip

    assert answer.status_code == 200, answer.content
    assert SECRET not in answer.content.decode()
    assert SECRET not in everything_in_the_database()
    assert HealthRecord.objects.get().opened()["person"]["condition"] == f"{SECRET} og mer"


def test_what_is_posted_after_the_session_has_ended_is_kept_encrypted():
    settle("P1")
    draft = make_claim_draft()
    address = reverse("application_theme", kwargs={"pk": draft.pk, "theme": "person"})
    posted = person_answers(condition=f"{SECRET} skrevet for sent") | {"seal": seal(draft.created_by, address)}
    client = Client()
    assert client.post(address, posted).status_code == 302

    assert SECRET not in everything_in_the_database()
    client.force_login(draft.created_by)
    assert f"{SECRET} skrevet for sent" in client.get(address).content.decode()


def test_exports_and_the_explanation_of_a_person_say_nothing_of_health(
    case: Application, tmp_path: Any, capsys: Any, money: None
):
    decided(case, GRANTED_ORE)
    call_command("export_ledger", "2017", "--format", "csv", "--out", str(tmp_path / "ledger.csv"))
    call_command("explain", "P1", "--scheme", "disability", "--year", "2017")

    assert SECRET not in (tmp_path / "ledger.csv").read_text() + capsys.readouterr().out


def test_a_person_who_comes_under_protection_is_no_longer_named_even_to_those_who_may_look(case: Application):
    person = Person.objects.get(person_ref="P1")
    person.person_ref = None
    person.save()
    ProtectedPerson.objects.create(person=person, person_ref="P1", level="confidential", since="2017-06-01", reason="x")

    shown = signed_in(with_access(caseworker())).post(page_of(case)).content.decode()
    assert "Skjermet: personen har adressesperre." in shown and ">P1<" not in shown


# --- What the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["healthlook", "healthsubmission"])
@pytest.mark.parametrize("verb", ["UPDATE applications_{} SET {} = {}", "DELETE FROM applications_{}"])
def test_looks_and_what_was_sent_in_only_grow(case: Application, table: str, verb: str):
    look_at_details(case, by=with_access(caseworker()))
    column = {"healthlook": "why", "healthsubmission": "submission_id"}[table]
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table, column, column))


def test_the_access_is_ended_once_and_never_rewritten():
    access = give_access(caseworker(), reason="Behandler krav.", by=make_user("admin", Role.ADMINISTRATOR))

    with pytest.raises(IntegrityError, match="ended once and never changed"), transaction.atomic():
        HealthAccess.objects.update(reason="Noe annet")
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        access.delete()
    end_access(access, by=User.objects.get(username="admin"))
    with pytest.raises(ChangedSince, match="avsluttet allerede"):
        end_access(access, by=User.objects.get(username="admin"))


def test_what_is_encrypted_can_not_be_moved_to_another_case(case: Application):
    record = HealthRecord.objects.get()
    other = make_case()

    moved = HealthRecord(application=other, sealed=record.sealed)
    with pytest.raises(CannotDecrypt):
        moved.opened()


# --- Who gives the access, and who reads the log ----------------------------------------------------------------------


def test_the_access_is_given_by_another_to_somebody_who_works_on_cases():
    admin = make_user("admin", Role.ADMINISTRATOR, Role.CASEWORKER)

    with pytest.raises(NotAllowed, match="Ingen gir seg selv tilgang"):
        give_access(admin, reason="Trenger det.", by=admin)
    with pytest.raises(BadInput, match="verken saksbehandler eller beslutter"):
        give_access(make_user("finn", Role.FINANCE), reason="Trenger det.", by=admin)
    with pytest.raises(BadInput, match="Skriv hvorfor"):
        give_access(caseworker(), reason=" ", by=admin)
    with pytest.raises(NotAllowed, match="administrator"):
        give_access(caseworker(), reason="Trenger det.", by=caseworker("other"))
    give_access(caseworker(), reason="Behandler krav.", by=admin)
    with pytest.raises(ChangedSince, match="allerede"):
        give_access(caseworker(), reason="Behandler krav.", by=admin)


def test_an_administrator_gives_and_ends_the_access_on_a_page_and_the_auditor_reads_it():
    caseworker()
    admin, auditor = (signed_in(make_user(name, role)) for name, role in (
        ("admin", Role.ADMINISTRATOR), ("revisor", Role.AUDITOR),
    ))  # fmt: skip
    address = reverse("health_access")

    assert admin.post(address, {"username": "ingen", "reason": "x"}).status_code == 422
    assert admin.post(address, {"username": "sara", "reason": "Behandler krav."}).status_code == 302
    assert "Behandler krav." in auditor.get(address).content.decode()
    access = HealthAccess.objects.get()
    assert auditor.post(address, {"end": access.pk}).status_code == 403
    assert admin.post(address, {"end": access.pk}).status_code == 302
    access.refresh_from_db()
    assert access.ended_at is not None


def test_the_auditor_reads_who_looked_in_which_case_and_why_and_nothing_of_what_was_seen(case: Application):
    look_at_details(case, by=with_access(impartial(caseworker("other"), case.call)), why="Avløser Sara.")
    client = signed_in(make_user("revisor", Role.AUDITOR))

    page = client.get(reverse("health_looks")).content.decode()
    assert all(word in page for word in ("other", case.reference, "Opplysningene om personen", "Avløser Sara."))
    assert SECRET not in page and not re.search(r"\bP1\b", page)
    assert "Avløser Sara." in client.get(reverse("health_looks"), {"case": case.reference}).content.decode()
    for nonsense in ("2017/999", "alt", "²017/1", "2017/" + "9" * 30):
        assert "Avløser Sara." not in client.get(reverse("health_looks"), {"case": nonsense}).content.decode()


def test_a_case_that_is_not_on_health_has_no_such_page():
    case = make_case()

    assert signed_in(with_access(impartial(caseworker(), case.call))).get(page_of(case)).status_code == 404
    signe = case.created_by
    assert signed_in(signe).get(reverse("application_health", kwargs={"pk": case.pk})).status_code == 404
    assert Membership.objects.filter(user=signe).exists() and CaseEvent.objects.filter(application=case).exists()
