"""A letter says what the run and the ledger say, in the municipality's language, and is made once."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from grants.documents import archive
from grants.jobs.queue import drain
from grants.models import (
    Approval,
    EntitlementLine,
    EntitlementRun,
    Job,
    LedgerEntry,
    Letter,
    Organisation,
    Person,
    PersonLook,
    ProtectedPerson,
    RunPayable,
)
from grants.services import run_letters
from grants.services.approve_run import approve_run
from grants.services.letter_content import in_columns, letter_content
from grants.services.mark_paid import mark_paid
from grants.services.prepare_run import prepare_run
from grants.services.run_letters import make_letter, read_letter
from grants.shared.errors import Refused
from tests.factories.register import RECORDED, appropriate, claim, finance, happen, request, settle

HALDEN, MOSS = "0101", "0104"
pytestmark = pytest.mark.django_db


def booked(term: int = 1, scheme: str = "integration") -> EntitlementRun:
    """A run of 2017 that one person prepared and another approved."""
    appropriate()
    return approve_run(prepare_run(scheme, 2017, term, by=finance("frida")), by=finance("fredrik"))


def by_hand(*lines: tuple[str, int], due_ore: int) -> EntitlementRun:
    """An approved run whose lines and payable are as the test says, with nothing in the ledger."""
    preparer, approver = finance("frida"), finance("fredrik")
    run = EntitlementRun.objects.create(
        scheme="integration", year=2017, term=1, prepared_by=preparer, prepared_at=RECORDED, digest="d" * 64
    )
    EntitlementLine.objects.bulk_create(
        EntitlementLine(
            run=run, municipality_number=HALDEN, code=code, origin_year=2017, origin_term=1, kind="due", amount_ore=ore
        )
        for code, ore in lines
    )
    RunPayable.objects.create(
        run=run, municipality_number=HALDEN, due_ore=due_ore, carried_in_ore=0, paid_ore=due_ore, carried_out_ore=0
    )
    EntitlementRun.objects.filter(pk=run.pk).update(state="prepared")
    Approval.objects.create(subject=f"run:{run.pk}", digest=run.digest, proposed_by=preparer, approved_by=approver)
    EntitlementRun.objects.filter(pk=run.pk).update(state="approved", booked_on=date(2017, 3, 15), approval_number=1)
    run.refresh_from_db()
    return run


def text_of(letter: Letter) -> str:
    """The letter as a reader sees it, on one line."""
    pages = PdfReader(BytesIO(archive.read(letter.path, sha256=letter.sha256))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


# --- What it says -----------------------------------------------------------------------------------------------------


def test_the_letter_says_number_scheme_term_sums_and_rights():
    settle("P-1"), settle("P-2"), settle("P-3", "2015-03-01")

    letter = make_letter(booked(), HALDEN)

    assert letter.number == f"{letter.run_id}-0101"
    assert letter.paid_ore == (2 * 57_500 + 41_750) * 100
    text = text_of(letter)
    for said in (
        "Halden kommune", "Kommunenummer 0101", f"Brevnummer {letter.number}", "15. mars 2017",
        "Integreringstilskudd", "termin 1 i 2017", "Skjæringsdato er 1. mars 2017", "156 750 kr",
        "AR-2 År 2 2 115 000", "AR-3 År 3 1 41 750", "kapittel 496 post 60", "Rundskriv 01/2017",
        "Dette er ikke et enkeltvedtak", "forvaltningsloven § 2 første ledd bokstav b", "Slik ber dere om retting",
        "bevilgningsreglementet § 10 annet ledd", "riksrevisjonsloven § 12 tredje ledd",
        "Vedlegg: personlinjer", "57 500 kr per person · 2 personer · 115 000 kr", "P-1", "P-2", "P-3",
    ):  # fmt: skip
        assert said in text, said


def test_the_letter_is_tagged_dated_and_titled():
    settle("P-1")
    letter = make_letter(booked(), HALDEN)

    reader = PdfReader(BytesIO(archive.read(letter.path, sha256=letter.sha256)))

    assert reader.trailer["/Root"]["/Lang"] == "nb"
    assert reader.trailer["/Root"]["/StructTreeRoot"]
    assert reader.metadata is not None
    assert "Integreringstilskudd" in reader.metadata.title
    assert reader.metadata["/CreationDate"].startswith("D:20170315")


def test_a_nynorsk_municipality_gets_nynorsk():
    Organisation.objects.filter(municipality_number=HALDEN).update(language="nn")
    settle("P-1")
    settle("P-2", "2017-02-01", category="single_adult")

    letter = make_letter(booked(), HALDEN)

    text = text_of(letter)
    assert letter.language == "nn"
    for said in ("Utbetaling av tilskot", "Dette er ikkje eit enkeltvedtak", "einsleg vaksen", "Med helsing"):
        assert said in text, said
    for word in ("ikke", "jeg", "fra", "tilskudd", "blir ikke", "hvordan", "dere", "personer", "kommunens"):
        assert not re.search(rf"\b{word}\b", text, re.IGNORECASE), word


def test_both_languages_say_the_same_sums():
    settle("P-1"), settle("P-2", municipality_number=MOSS)
    Organisation.objects.filter(municipality_number=MOSS).update(language="nn")
    run = booked()

    sums = [re.findall(r"[0-9]+ [0-9]{3}", text_of(make_letter(run, number))) for number in (HALDEN, MOSS)]

    assert sums[0] == sums[1] != []


def test_corrections_stand_apart_from_what_is_due_and_a_negative_sum_is_carried():
    person, _ = settle("P-1", "2017-02-01"), settle("P-2")
    booked(1)
    happen(person, "withdrawn", "2017-03-20")

    letter = make_letter(booked(2), HALDEN)

    text = text_of(letter)
    assert letter.paid_ore == 0
    assert "AR-1 År 1, voksen i familie 1 – −185 000 −185 000" in text
    assert "AR-2 År 2 1 57 500 – 57 500" in text
    assert "Tilskudd i denne kjøringen −127 500 Overføres til trekk i neste kjøring 127 500 Til utbetaling 0" in text
    assert "127 500 kroner trekkes fra neste utbetaling" in text
    assert "Korrigering av termin 1 i 2017 · −185 000 kr per person" in text


def test_what_is_carried_in_is_taken_from_the_payment():
    person, _ = settle("P-1", "2017-02-01"), settle("P-2")
    booked(1)
    happen(person, "withdrawn", "2017-03-20")
    booked(2)
    settle("P-3", "2017-06-02")

    text = text_of(make_letter(booked(3), HALDEN))

    assert (
        "Tilskudd i denne kjøringen 242 500 Trekk overført fra tidligere kjøring −127 500 Til utbetaling 115 000"
        in text
    )


def test_all_amounts_have_two_decimals_when_one_of_them_has_ore():
    one, other = settle("P-1"), settle("P-2")
    claim("disability", "F-1", person=one, kind="2", costs_ore=500_000_50)
    claim("disability", "F-2", person=other, kind="2", costs_ore=500_000_00)

    content = letter_content(booked(1, "disability"), HALDEN)

    assert content["paid"].replace("\xa0", " ") == "600 000,50"
    assert {group["each"][-3:] for group in content["annex"]} == {",00", ",50"}


def test_a_letter_follows_its_run_and_not_the_register_of_today():
    person = settle("P-1")
    run = booked()
    before = letter_content(run, HALDEN)

    happen(person, "withdrawn", "2017-03-20")

    assert letter_content(run, HALDEN) == before


def test_a_scheme_that_is_applied_for_tells_about_appeal():
    person = settle("P-1")
    claim("disability", "F-1", person=person, kind="2", costs_ore=500_000_00)

    text = text_of(make_letter(booked(1, "disability"), HALDEN))

    assert "kan påklages etter forvaltningsloven kapittel VI" in text
    assert "enkeltvedtak" not in text
    assert "FHT2" in text


def test_a_name_that_is_html_is_only_a_name():
    Organisation.objects.filter(municipality_number=HALDEN).update(name='<img src="file:///etc/hostname">&kommune')
    settle('P"><script>')

    text = text_of(make_letter(booked(), HALDEN))

    assert '<img src="file:///etc/hostname">&kommune' in text
    assert 'P"><script>' in text


def test_references_stand_in_even_columns():
    assert in_columns([f"P{n}" for n in range(1, 4)]) == "P1   P2   P3"
    assert in_columns(["R" * 64, "S"]) == f"{'R' * 64}\nS"


# --- Protected persons ------------------------------------------------------------------------------------------------


def test_protected_persons_are_never_named_but_their_sum_stands():
    settle("P-open")
    hidden = settle("P-hidden-marker")
    ProtectedPerson.objects.create(
        person=hidden, person_ref="P-hidden-marker", level="confidential", since=date(2017, 1, 1), reason="vedtak"
    )  # the reference still stands on the person: the letter must not rely on its being gone
    run = booked()

    letter = make_letter(run, HALDEN)

    text = text_of(letter)
    assert "P-open" in text
    assert "hidden" not in text
    assert "hidden" not in str(letter_content(run, HALDEN))
    assert "Skjermet 57 500" in text
    assert "115 000 kr" in text, "the sum of the letter has them all"


def test_erased_persons_have_no_reference():
    person = settle("P-1")
    run = booked()
    Person.objects.filter(pk=person.pk).update(person_ref=None, erased_on=date(2034, 1, 1))

    assert "Slettet etter fristen for oppbevaring 57 500" in text_of(make_letter(run, HALDEN))


# --- When it is made --------------------------------------------------------------------------------------------------


def test_approval_hands_the_letters_over_and_the_worker_makes_one_per_municipality():
    settle("P-1"), settle("P-2", municipality_number=MOSS)
    run = booked()
    assert not Letter.objects.exists()

    drain()

    assert sorted(Letter.objects.values_list("number", flat=True)) == [f"{run.pk}-0101", f"{run.pk}-0104"]
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_a_job_that_runs_twice_leaves_the_first_letter_alone():
    settle("P-1")
    booked()
    drain()
    first = Letter.objects.values().get()
    Organisation.objects.filter(municipality_number=HALDEN).update(name="Nye Halden kommune", language="nn")

    Job.objects.update(state="waiting", lease_until=None)
    drain()

    assert Letter.objects.values().get() == first


def test_a_worker_that_died_after_archiving_makes_the_same_bytes_again(settings, monkeypatch):
    settle("P-1")
    run = booked()
    with monkeypatch.context() as patch:
        patch.setattr(run_letters, "log_look", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make_letter(run, HALDEN)
    assert not Letter.objects.exists(), "no look logged, no letter"

    make_letter(run, HALDEN)

    assert len(list(settings.LETTER_ARCHIVE.rglob("*.pdf"))) == 1


def test_no_letter_before_approval():
    settle("P-1")
    run = prepare_run("integration", 2017, 1, by=finance())

    with pytest.raises(Refused, match="never before"):
        make_letter(run, HALDEN)


def test_no_letter_to_a_municipality_outside_the_run():
    settle("P-1")

    with pytest.raises(Refused, match="0104"):
        make_letter(booked(), MOSS)


# --- It says what the books say, or it is not made --------------------------------------------------------------------


def test_no_letter_when_the_ledger_has_nothing():
    run = by_hand(("AR-2", 57_500_00), due_ore=57_500_00)

    with pytest.raises(Refused, match="the ledger has 0"):
        make_letter(run, HALDEN)
    assert not Letter.objects.exists()


def test_no_letter_when_the_payable_says_something_else_than_the_lines():
    run = by_hand(("AR-2", 57_500_00), due_ore=57_499_99)

    with pytest.raises(Refused, match="its payable says 5749999"):
        make_letter(run, HALDEN)


def test_no_letter_when_the_sum_is_right_and_a_code_is_wrong():
    settle("P-1")
    run = booked()
    entry = LedgerEntry.objects.values().get()
    for debit, credit, code in (("owed", "appropriation", "AR-2"), ("appropriation", "owed", "AR-3")):
        moved = {"id": None, "key": f"run:{run.pk}:owed:{code}", "debit": debit, "credit": credit, "code": code}
        LedgerEntry.objects.create(**entry | moved)

    with pytest.raises(Refused, match="code by code"):
        make_letter(run, HALDEN)


def test_a_paid_run_has_letters_too():
    settle("P-1")
    run = mark_paid(booked(), by=finance("fredrik"))

    assert make_letter(run, HALDEN).paid_ore == 57_500_00


# --- Who looked -------------------------------------------------------------------------------------------------------


def test_making_and_reading_a_letter_is_logged():
    settle("P-1"), settle("P-2")
    reader = finance("rita")
    letter = make_letter(booked(), HALDEN)

    read_letter(letter, by=reader, actor="rita")

    looks = PersonLook.objects.order_by("pk").values_list("by", "actor", "what", "persons")
    assert list(looks) == [
        (None, "worker", f"letter {letter.number} made", 2),
        (reader.pk, "rita", f"letter {letter.number} read", 2),
    ]


def test_a_letter_that_was_tampered_with_is_not_given_out(settings):
    settle("P-1")
    letter = make_letter(booked(), HALDEN)
    (settings.LETTER_ARCHIVE / letter.path).write_bytes(b"another letter")

    with pytest.raises(Refused, match="er ikke dokumentet som ble sendt"):
        read_letter(letter, by=None, actor="test")


# --- The command ------------------------------------------------------------------------------------------------------


def test_the_command_makes_what_is_missing_and_writes_the_files(tmp_path, capsys):
    settle("P-1"), settle("P-2", municipality_number=MOSS)
    run = booked()

    call_command("letters", run.pk, municipality=MOSS, out=tmp_path / "moss")
    call_command("letters", run.pk, out=tmp_path / "all")

    assert [path.name for path in (tmp_path / "moss").iterdir()] == [f"{run.pk}-0104.pdf"]
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == [f"{run.pk}-0101.pdf", f"{run.pk}-0104.pdf"]
    assert Letter.objects.count() == 2
    assert set(PersonLook.objects.filter(what__endswith="read").values_list("actor", flat=True)) != {"worker"}
    assert "2 letters" in capsys.readouterr().out


@pytest.mark.parametrize("number", ["0104", "9999", "x"])
def test_the_command_refuses_a_municipality_that_is_not_in_the_run(tmp_path, number):
    settle("P-1")

    with pytest.raises(CommandError, match=f"no letter to municipality {number}"):
        call_command("letters", booked().pk, municipality=number, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_refuses_a_run_that_is_not_approved_or_not_there(tmp_path):
    settle("P-1")
    run = prepare_run("integration", 2017, 1, by=finance())

    with pytest.raises(CommandError, match="never before"):
        call_command("letters", run.pk, out=tmp_path)
    with pytest.raises(CommandError, match="There is no run"):
        call_command("letters", run.pk + 1, out=tmp_path)


def test_the_command_refuses_a_folder_that_is_a_file(tmp_path):
    settle("P-1")
    (tmp_path / "out").write_text("")

    with pytest.raises(CommandError, match="can't be made"):
        call_command("letters", booked().pk, out=tmp_path / "out")


def test_a_sum_by_the_head_says_how_many_heads():
    request(HALDEN, 1)
    for number in range(4):
        settle(f"P{number}", "2017-05-10")
    content = letter_content(booked(scheme="extra_settlement"), HALDEN)

    [row] = content["codes"]
    assert (row["code"], row["persons"], row["due"]) == ("EKS50", 3, "150\N{NO-BREAK SPACE}000")
