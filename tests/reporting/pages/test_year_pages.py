"""The year on screen: key figures that add up, and tables that are the same on screen and in files."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from grants.models import OutsideAccount
from reporting.figures.utilisation import utilisation, whole
from reporting.models import YearEndReport
from tests.factories.register import appropriate, finance, settle
from tests.factories.runs import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(finance("mona"))
    return client


def spend(kroner: int, post: str = "62") -> None:
    OutsideAccount.objects.create(
        year=2017, chapter="0496", post=post, amount_ore=kroner * 100, known_on=date(2017, 12, 31), position=1
    )


def test_what_is_left_is_what_was_appropriated_less_what_is_spent_owed_and_committed():
    from grants.services.approve_run import approve_run
    from grants.services.prepare_run import prepare_run

    settle("P-1")
    appropriate(kroner=1_000_000)
    appropriate(post="62", kroner=500_000)
    spend(200_000)
    approve_run(prepare_run("integration", 2017, 1, by=finance("kari")), by=finance("mona"))

    posts = utilisation(2017)

    assert [(p.post, p.paid_ore, p.owed_ore, p.left_ore) for p in posts] == [
        ("60", 0, 57_500_00, 942_500_00),
        ("62", 200_000_00, 0, 300_000_00),
    ]
    assert whole(posts).left_ore == 1_242_500_00


def test_the_front_page_shows_the_year(client: Client):
    appropriate(post="62", kroner=12_100_600_000)

    page = client.get(reverse("front_page")).content.decode()

    assert "Det nasjonale tilskuddsåret 2017" in page
    assert "12\xa0100,6" in page


@pytest.mark.parametrize("year", ["1999", "x", "20170", "-1", "²"])
def test_a_year_that_is_not_known_gives_one_that_is(year: str, client: Client):
    appropriate()

    assert "tilskuddsåret 2017" in client.get(reverse("front_page"), {"year": year}).content.decode()


def test_a_recipient_is_sent_on_to_its_own_applications():
    client = Client()
    client.force_login(make_member("ola"))

    assert client.get(reverse("front_page")).url == reverse("our_applications")  # type: ignore[attr-defined]


def test_the_tables_are_the_same_as_csv_and_excel(client: Client):
    appropriate(post="62", kroner=500_000)
    spend(200_000)

    text = client.get(reverse("year_end_file", args=[2017, "bevilgningsrapportering", "csv"])).content.decode()
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("year_end_file", args=[2017, "bevilgningsrapportering", "xlsx"])).content)
    )

    [row] = csv.DictReader(io.StringIO(text))
    assert (row["samlet_tildeling"], row["regnskap"], row["mer_mindreutgift"]) == ("500000", "200000", "300000")
    header, values = book.active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert dict(zip(header, values, strict=True))["regnskap"] == 200_000


@pytest.mark.parametrize(("name", "kind"), [("note_a", "exe"), ("nope", "csv"), ("note_a", "pdf")])
def test_a_file_that_does_not_exist_is_not_found(name: str, kind: str, client: Client):
    appropriate()

    assert client.get(reverse("year_end_file", args=[2017, name, kind])).status_code == 404


def test_a_year_without_anything_is_not_found(client: Client):
    appropriate()

    assert client.get(reverse("year_end", args=[2031])).status_code == 404


def test_finance_freezes_a_version_once_for_the_same_figures(client: Client):
    appropriate(post="62", kroner=500_000)

    for _ in range(2):
        client.post(reverse("year_end_make", args=[2017]))

    report = YearEndReport.objects.get()
    page = client.get(reverse("year_end", args=[2017])).content.decode()
    assert "Tallene er de samme som i versjon 1." in page
    assert reverse("year_end_pdf", args=[2017, report.version]) in page
    pdf = client.get(reverse("year_end_pdf", args=[2017, report.version]))
    assert pdf.content.startswith(b"%PDF")
    assert client.get(reverse("year_end_pdf", args=[2017, 2])).status_code == 404
