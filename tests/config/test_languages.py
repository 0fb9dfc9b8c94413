"""Every text has its nynorsk, what applicants and the public read has its English, and no page is half in each."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from config.language import norwegian_for
from config.policy import POLICY
from grants.models import Role, User
from grants.models.user import DIRECTORATE_ROLES
from tests.factories.cases import signatory
from tests.factories.register import make_user
from tests.norwegian import unmarked
from tools import bare, texts

LANGUAGES = ("nn", "en")
# Pages that open to both; the parts that only the directorate sees are not drawn for others.
SHARED = {"front_page", "run_letter"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(language: str):
    assert len(texts.used(language)) > 700
    assert texts.missing(language) == {}, f"`tools/texts.py {language}` prints them for the .po file"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str):
    written = _po(language).read_text(encoding="utf-8")
    catalogue = texts.catalogue(language)
    translations = re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', written, re.MULTILINE)

    assert {one.replace('\\"', '"') for one in translations} <= set(catalogue.values())
    assert "#, fuzzy" not in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_text_and_no_other(language: str):
    for text, said in texts.catalogue(language).items():
        # The singular of a plural may leave its number out: «1 dag igjen» or «Siste dag».
        if text and not isinstance(text, tuple):
            assert _places(said) == _places(text), text


def test_the_english_is_english():
    for key, said in texts.catalogue("en").items():
        if key:
            assert unmarked(said) == [], said


def test_what_is_left_out_of_the_english_is_the_directorates_alone():
    """Held against the table of who may open what: a view in a folder of the directorate opens for nobody else."""
    seen = 0
    for name, view in _views():
        path = f"{view.__module__.replace('.', '/')}.py"
        if path.startswith(texts.DIRECTORATE) and name not in SHARED:
            assert not POLICY[name].public and not POLICY[name].everybody
            assert POLICY[name].roles <= set(DIRECTORATE_ROLES), name
            seen += 1
    assert seen > 30


def test_a_text_is_found_wherever_it_stands(tmp_path: Path):
    module = tmp_path / "a.py"
    module.write_text(
        '_("én") and ngettext("%(n)s sak", "%(n)s saker", 2)\nrefuse("to " "tre", size=1)\npgettext("x", "fire")'
    )
    template = tmp_path / "a.html"
    template.write_text(
        '{% translate "fem" %}{% alert heading=_("seks") %}{% blocktranslate trimmed count n=1 %}\n sju {{ n }}\n'
        "{% plural %} åtte {{ n }} {% endblocktranslate %}"
    )

    assert {one.text for one in texts.messages_in(module)} == {"én", "%(n)s sak", "to tre", "fire"}
    assert {(one.text, one.plural) for one in texts.messages_in(template)} == {
        ("fem", ""), ("seks", ""), ("sju %(n)s", "åtte %(n)s"),
    }  # fmt: skip


# --- Sentences that never ask the catalogue --------------------------------------------------------------------------------


def test_what_a_person_is_told_comes_from_the_catalogue():
    assert len(bare.sources()) > 300 and len(bare.refusals()) > 15
    assert bare.unasked() == [], "put them in gettext, or in `ALLOWED` of tools/bare.py with the reason"


def test_what_may_be_bare_is_still_there():
    """A file that needs no leave any longer loses it, so that the next bare sentence in it is seen."""
    found = {one.path for path in bare.sources() for one in bare.bare_in(path)}
    assert {path for path, reason in bare.ALLOWED.items() if reason != bare.PAYMENTS} <= found
    assert {one.text for path in bare.sources() for one in bare.bare_in(path)} >= bare.KEPT


BARE = {
    "raised": 'raise BadInput("Skriv beløpet.")',
    "raised in English": 'raise Refused("There is no run 7.")',
    "put together": 'raise NotAllowed(f"{by} has no role here.")',
    "with a list": 'raise Refused("Nothing of it: " + ", ".join(names))',
    "asked for too late": 'raise Refused(_(f"Kravet er på {amount} kroner."))',
    "from elsewhere": 'raise errors.Refused("Not like this.")',
    "of a descendant": 'raise YearIsClosed("It is closed.")',
    "returned": 'def fault():\n    return "Skriv et tall fra 1 til 12."',
    "assigned": 'faults["due_on"] = "Fristen er passert."',
    "in a table": 'WRONG = {"share": "Skriv en andel mellom 0 og 1."}',
    "in a label": 'field = CharField(label="Navn på saken")',
    "given to the parent": 'class A(B):\n    def __init__(self):\n        super().__init__("Dette er ikke her.")',
    "put in": '_("Saken er %(state)s.") % {"state": "trukket tilbake av søkeren"}',
    "after a docstring": 'def f():\n    """Si noe om saken."""\n    return "Si noe om saken."',
}
NOT_BARE = {
    "asked for": 'raise BadInput(_("Kravet er på %(amount)s kroner.") % {"amount": figure(1)})',
    "asked for later": 'WRONG = {"share": gettext_lazy("Skriv en andel mellom 0 og 1.")}',
    "counted": 'raise BadInput(ngettext("Velg én sak til.", "Velg %(n)s saker til.", n) % {"n": n})',
    "a docstring": '"""Hva som er på siden."""\nclass A:\n    """Hva som er på siden."""\n    def f(self):\n        "Og her er den."',
    "in each form": 'Text("Utgifter i alt på saken", "Utgifter i alt på saka", "Costs in all")',
    "a name": 'raise Conflict(Report.objects.select_related("saved_by").get())',
    "a fault of the program": 'raise ValueError("There is no such state.")',
    "a format": 'raise Refused(_("Det skjedde %(day)s.") % {"day": f"{day:%d. av %m}"})',
}


@pytest.mark.parametrize("how", BARE)
def test_a_bare_sentence_is_found_however_it_is_said(how: str, tmp_path: Path):
    module = tmp_path / "a.py"
    module.write_text(BARE[how])

    assert len(bare.bare_in(module)) == 1


@pytest.mark.parametrize("how", NOT_BARE)
def test_what_is_no_bare_sentence_is_left_alone(how: str, tmp_path: Path):
    module = tmp_path / "a.py"
    module.write_text(NOT_BARE[how])

    assert bare.bare_in(module) == []


# --- Which language a page is in ----------------------------------------------------------------------------------------


def test_the_form_of_norwegian_is_the_browsers():
    assert norwegian_for("en-GB,en;q=0.9,nn-NO;q=0.8,nb;q=0.7") == "nn"
    assert norwegian_for("en-US,en;q=0.9") == norwegian_for("") == norwegian_for("en,no;q=0.8,nn;q=0.5") == "nb"


@pytest.mark.django_db
def test_a_browser_set_up_in_english_gets_norwegian_until_english_is_chosen():
    client = Client(headers={"Accept-Language": "en-US,en;q=0.9"})
    assert '<html lang="nb"' in _page(client, "schemes")

    client.post(reverse("set_language"), {"language": "en", "next": reverse("schemes")})

    page = client.get(reverse("schemes"))
    assert '<html lang="en"' in page.content.decode() and page["Content-Language"] == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(DIRECTORATE_ROLES))
def test_who_works_at_the_directorate_reads_norwegian_all_through(role: Role):
    client = _in_english(make_user(f"a-{role}", role))

    page = client.get(reverse("schemes")).content.decode()
    assert '<html lang="nb"' in page and "Tilskuddsordningene" in page and ">English<" not in page
    missing = client.get("/nothing-here/").content.decode()
    assert '<html lang="nb"' in missing and "Vi finner ikke siden" in missing


@pytest.mark.django_db
def test_an_applicant_reads_english_and_may_choose_again():
    page = _page(_in_english(signatory()), "our_applications")

    assert '<html lang="en"' in page and ">English<" in page and "Our applications" in page


@pytest.mark.django_db
def test_the_api_answers_in_the_language_of_the_header():
    asked = {"/api/v1/cases/": "Sign in", "/api/v1/nothing/": None}
    for address, said in asked.items():
        answer = Client(headers={"Accept-Language": "en"}).get(address)
        assert said is None or said in answer.json()["message"]
    assert "Logg inn" in Client().get("/api/v1/cases/").json()["message"]


@pytest.mark.django_db
def test_error_pages_are_in_the_readers_language(monkeypatch: pytest.MonkeyPatch):
    def broken(*_arguments: Any) -> None:
        raise RuntimeError

    client = _in_english(signatory())
    client.raise_request_exception = False
    monkeypatch.setattr("applications.models.Application.objects.visible_to", broken, raising=False)
    monkeypatch.setattr("applications.pages.applicant.applications.page_of", broken)
    page = client.get(reverse("our_applications"))
    assert page.status_code == 500 and '<html lang="en">' in page.content.decode()
    assert unmarked(page.content.decode()) == [] and "Something went wrong" in page.content.decode()

    strict = Client(enforce_csrf_checks=True)
    strict.cookies["django_language"] = "en"
    page = strict.post(reverse("sign_in"), {"username": "x"})
    assert page.status_code == 403 and "The page has been open for too long" in page.content.decode()
    assert unmarked(page.content.decode()) == []


@pytest.mark.django_db
def test_a_reader_of_nynorsk_gets_the_law_in_nynorsk_too():
    page = Client(headers={"Accept-Language": "nn"}).get(reverse("scheme", args=["integration"])).content.decode()

    assert '<html lang="nn"' in page
    assert "Integreringstilskot" in page


def _po(language: str) -> Path:
    return Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES" / "django.po"


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|%s|%d", text))


def _views() -> list[tuple[str, Any]]:
    found = []
    for one in get_resolver().url_patterns:
        for pattern in getattr(one, "url_patterns", [one]):
            if pattern.name:
                found.append((pattern.name, pattern.callback))
    return found


def _in_english(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def _page(client: Client, name: str) -> str:
    return str(client.get(reverse(name)).content.decode())
