"""The scheme owner announces: a draft from the scheme's file, numbers that must be set, publishing, and invitations."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from applications.models import Application, Call, CaseDocument, Invitation
from applications.services.announce import prepare_call, publish_call
from applications.services.draft import begin_application
from applications.services.invite import invite
from applications.services.submit import submit
from applications.workflow.numbers import numbers_of
from grants.jobs.queue import drain
from grants.law.registry import SCHEMES
from grants.models import Organisation
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from tests.factories.books import make_organisation
from tests.factories.cases import call_contents, caseworker, make_call, make_draft, municipality, owner, signatory

pytestmark = pytest.mark.django_db
FORM = {
    "title_nb": "KUM", "title_nn": "KUM", "about_nb": "Om.", "about_nn": "Om.", "envelope_ore": "35 286 000",
    "opens_at": "2026-11-01T08:00", "closes_at": "2099-12-12T00:00", "least_share_of_immigrants": "5,5",
    "least_refugees": "120", "weight_transfer": "", "weight_goals": "3", "weight_plan": "",
}  # fmt: skip


def signed_in() -> Client:
    client = Client()
    client.force_login(owner())
    return client


def new_call(client: Client, scheme: str = "kum:", year: int = 2026, **changes: str) -> Any:
    return client.post(f"{reverse('owner_call_new')}?scheme={scheme}&year={year}", FORM | changes)


def test_a_draft_begins_with_the_schemes_own_words_and_asks_for_what_nobody_knows():
    page = signed_in().get(f"{reverse('owner_call_new')}?scheme=kum:&year=2026").content.decode()

    assert "Kommunale utviklingsmidler" in page and "Kommunale utviklingsmidlar" in page
    assert "Ingen kilde gir disse tallene" in page and "Minste andel innvandrere" in page
    assert "Minst 5 prosent innvandrere" in page  # the rule, as the scheme has it


def test_an_owner_writes_a_draft_sees_it_and_publishes_it():
    client = signed_in()
    made = new_call(client)
    call = Call.objects.get()
    assert made["Location"] == reverse("owner_call", args=[call.pk])
    assert (call.envelope_ore, call.numbers) == (
        35_286_000_00,
        {"least_share_of_immigrants": "0.055", "least_refugees": "120", "weight_goals": "3"},
    )
    assert "5,5" in client.get(reverse("owner_call", args=[call.pk])).content.decode()
    assert "Publiser" in client.get(reverse("owner_call_preview", args=[call.pk])).content.decode()

    told = client.post(reverse("owner_call_publish", args=[call.pk]), follow=True).content.decode()

    assert "Utlysningen er publisert." in told
    call.refresh_from_db()
    assert [criterion["weight"] for criterion in call.criteria()] == [2, 3, 1]
    assert client.get(reverse("owner_call_preview", args=[call.pk])).status_code == 404
    assert client.post(reverse("owner_call", args=[call.pk]), FORM).status_code == 422


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("envelope_ore", "-5", "hele kroner"),
        ("envelope_ore", "1e9", "hele kroner"),
        ("closes_at", "2026-11-01T07:00", "etter åpningen"),
        ("closes_at", "i morgen", "gyldig"),
        ("title_nn", "  ", "Må fylles ut"),
        ("least_share_of_immigrants", "140", "100"),
        ("least_refugees", "mange", "heltall"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(field: str, typed: str, says: str):
    answer = new_call(signed_in(), **{field: typed})

    page = answer.content.decode()
    assert answer.status_code == 422 and "Feil:" in page
    assert (says in page and "35 286 000" in page) or field == "envelope_ore"
    assert not Call.objects.exists()


def test_a_call_whose_numbers_nobody_knows_is_not_published():
    call = prepare_call("kum", "", 2026, by=owner(), **call_contents())

    with pytest.raises(Refused, match="Ingen kilde gir"):
        publish_call(call, by=owner())


@pytest.mark.parametrize("numbers", [{"least_refugees": "-1"}, {"least_share_of_immigrants": "5"}, {"secret": "1"}])
def test_a_number_that_cannot_be_is_refused(numbers: dict[str, str]):
    with pytest.raises(BadInput):
        prepare_call("kum", "", 2026, by=owner(), **call_contents(numbers=numbers))


def test_the_numbers_of_a_call_decide_its_conditions():
    call = make_call(year=2026, numbers={"least_share_of_immigrants": "0.08", "least_refugees": "100000"})
    application = make_draft(call)

    submission = submit(application, by=application.created_by)

    assert submission.findings.get().verdict == "not met"  # 7.5 % is below the call's 8 %


def test_every_scheme_that_is_applied_for_can_be_announced():
    for law in SCHEMES.values():
        if law.themes:
            codes = [number.code for number in numbers_of(law, 2017)]
            assert len(codes) == len(set(codes))
            for part in [one.code for one in law.sub_schemes] or [""]:
                assert publish_call(prepare_call(law.code, part, 2017, by=owner(), **call_contents()), by=owner())


# --- Invitations ------------------------------------------------------------------------------------------------------


def named_call() -> Call:
    return make_call(scheme="resource_centres", title_nb="Nasjonale ressursmiljøer", title_nn="Nasjonale ressursmiljø")


def test_a_named_recipient_is_invited_finds_its_draft_and_gets_a_letter():
    call, centre = named_call(), make_organisation("Ressurssenteret", "ngo")
    client = signed_in()

    told = client.post(
        reverse("owner_invite", args=[call.pk]),
        {"orgnr": centre.orgnr, "ground": "Prop. 1 S (2016-2017)", "amount_ore": "500 000"},
        follow=True,
    )

    assert "Ressurssenteret er invitert." in told.content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.amount_ore, invitation.application.organisation) == (500_000_00, centre)
    drain()
    assert CaseDocument.objects.get().title == "Invitasjon til å søke: Nasjonale ressursmiljøer"
    reader = Client()
    reader.force_login(signatory(centre, "rita"))
    assert "Nasjonale ressursmiljøer" in reader.get(reverse("our_applications")).content.decode()


def test_being_invited_is_what_meets_the_condition():
    call, centre = named_call(), make_organisation("Ressurssenteret", "ngo")
    invited = invite(call, centre, ground="Prop. 1 S", by=owner())
    by = signatory(centre, "rita")
    application = make_draft(call, centre, application=invited.application, by=by)

    submission = submit(application, by=by)

    assert [(one.verdict, one.source) for one in submission.findings.all()] == [("met", "invitasjonen")]


def test_nobody_else_finds_or_begins_an_application_in_a_call_by_invitation():
    call, other = named_call(), make_organisation("En annen", "ngo")
    client = Client()

    assert "ressursmiljø" not in client.get(reverse("calls")).content.decode()
    assert client.get(reverse("calls_json")).json() == {"calls": []}
    with pytest.raises(Refused, match="Bare de som er invitert"):
        begin_application(call, other, by=signatory(other, "olga"))
    assert not Application.objects.exists()


def test_an_invitation_that_cannot_be_is_refused():
    call, centre = named_call(), make_organisation("Ressurssenteret", "ngo")
    invite(call, centre, ground="Prop. 1 S", by=owner())

    with pytest.raises(ChangedSince, match="allerede"):
        invite(call, centre, ground="Prop. 1 S", by=owner())
    assert Application.objects.count() == 1
    with pytest.raises(NotAllowed):
        invite(call, make_organisation("B", "ngo"), ground="Prop. 1 S", by=caseworker())
    with pytest.raises(BadInput, match="navngitt"):
        invite(call, make_organisation("C", "ngo"), ground=" ", by=owner())
    with pytest.raises(Refused, match="ikke en slik mottaker"):
        invite(call, municipality(), ground="Prop. 1 S", by=owner())
    with pytest.raises(Refused, match="Alle kan søke"):
        invite(make_call(), municipality(), ground="Prop. 1 S", by=owner())


def test_the_database_holds_what_was_named():
    invite(named_call(), make_organisation("Ressurssenteret", "ngo"), ground="Prop. 1 S", by=owner())

    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Invitation.objects.update(amount_ore=1)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Invitation.objects.all().delete()
    draft = make_draft()
    with pytest.raises(DatabaseError, match="by invitation"), transaction.atomic():
        Invitation.objects.create(
            call=draft.call,
            organisation=Organisation.objects.first(),
            application=draft,
            ground="x",
            invited_by=owner(),
        )
