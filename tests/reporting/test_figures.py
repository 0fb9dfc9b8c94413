"""Figures come from the ledger and the imported accounts, and every line adds up as it is printed."""

from datetime import date
from pathlib import Path

import pytest

from grants.law.registry import SCHEMES
from grants.law.scheme import Kind
from grants.ledger.posting import reverse
from grants.models import Account, LedgerEntry
from grants.services.import_accounts import import_accounts
from grants.services.import_appropriations import import_appropriations
from reporting.figures.ledger_sums import booked
from reporting.reports.check import check
from reporting.reports.freeze import tables_of
from reporting.reports.gather import YearEnd, gather
from reporting.reports.lines import AppropriationLine, DoesNotAddUp
from reporting.reports.notes import notes
from tests.factories.books import (
    APPROPRIATION_COLUMNS,
    appropriation_row,
    book,
    import_2017,
    make_organisation,
    pay,
    write_file,
)
from tests.factories.register import appropriate, finance

pytestmark = pytest.mark.django_db


def checked(year: int = 2017) -> YearEnd:
    report = gather(year)
    check(report)
    return report


def rows(name: str, report: YearEnd) -> list[tuple[object, ...]]:
    return [tuple(row) for row in tables_of(report)[name].rows]


def spoken(report: YearEnd) -> str:
    return " ".join(sentence for note in notes(report) for sentence in note.sentences)


def test_regnskap_is_what_is_paid_here_plus_the_accounts_from_outside(tmp_path: Path) -> None:
    appropriate(kroner=1_000)
    pay(300_00, make_organisation())
    accounts = write_file(tmp_path / "a.csv", ("kapittel", "post", "belop_kroner"), ("0496", "60", "200"))
    import_accounts(accounts, year=2017)

    [line] = checked().expenses

    assert (line.total_kroner, line.spent_kroner, line.unused_kroner) == (1_000, 500, 500)


def test_what_is_owed_or_committed_but_not_paid_is_no_expense() -> None:
    appropriate(kroner=1_000)
    halden = make_organisation()
    book(Account.APPROPRIATION, Account.OWED, 300_00, halden)
    book(Account.APPROPRIATION, Account.COMMITTED, 200_00, halden)

    [line] = checked().expenses

    assert line.spent_kroner == 0


def test_a_reversed_payment_and_money_paid_back_are_subtracted() -> None:
    appropriate(kroner=1_000)
    halden = make_organisation()
    pay(300_00, halden)
    reverse(LedgerEntry.objects.get(credit=Account.PAID), on=date(2017, 7, 1), by=finance())
    pay(200_00, halden)
    book(Account.PAID, Account.RECOVERED, 50_00, halden)

    [line] = checked().expenses

    assert line.spent_kroner == 150


@pytest.mark.parametrize(
    ("paid_ore", "spent", "unused"),
    [(100_49, 100, 900), (100_50, 101, 899), (100_51, 101, 899), (100_00, 100, 900)],
)
def test_ore_are_rounded_once_per_post_and_the_line_adds_up_as_printed(paid_ore: int, spent: int, unused: int) -> None:
    appropriate(kroner=1_000)
    pay(paid_ore, make_organisation())

    [line] = checked().expenses

    assert (line.spent_kroner, line.unused_kroner) == (spent, unused)


def test_the_distance_that_rounding_makes_is_stated() -> None:
    halden = make_organisation()
    for post in ("60", "61", "62"):
        appropriate(post=post, kroner=1_000)
        pay(100_50, halden, post=post)

    report = checked()

    assert sum(line.spent_kroner for line in report.expenses) == 303
    assert "Summen til øret er 301,50 kroner; summen av utgiftslinjene er 1,50 kroner høyere." in spoken(report)


def test_a_payment_on_a_post_without_appropriation_is_shown_not_lost() -> None:
    pay(5_00, make_organisation(), chapter="0496", post="70", scheme="integration")

    [line] = checked().expenses

    assert (line.post, line.total_kroner, line.spent_kroner, line.unused_kroner) == ("70", None, 5, None)


def test_a_later_decision_is_the_one_reported_and_the_change_is_told(tmp_path: Path) -> None:
    for amount, on in (("1000", date(2016, 12, 17)), ("900", date(2017, 12, 15))):
        file = write_file(tmp_path / "b.csv", APPROPRIATION_COLUMNS, appropriation_row(arets_tildelinger=amount))
        import_appropriations(file, year=2017, decided_on=on)

    report = checked()

    assert [line.total_kroner for line in report.allotments] == [900]
    assert "nysaldering) på 0496/60" in spoken(report)


def test_income_with_an_appropriation_of_its_own_has_more_or_less_income_and_stays_out_of_the_expenses(
    tmp_path: Path,
) -> None:
    file = write_file(
        tmp_path / "b.csv", APPROPRIATION_COLUMNS,
        appropriation_row(kapittel="0495", post="01", stikkord="", arets_tildelinger="1000"),
        appropriation_row(kapittel="3495", post="01", stikkord="", arets_tildelinger="30"),
        appropriation_row(kapittel="5309", post="29", stikkord="", arets_tildelinger="0"),
    )  # fmt: skip
    import_appropriations(file, year=2017)
    accounts = [("3495", "01", "50"), ("5309", "29", "8"), ("0495", "01", "990")]
    import_accounts(write_file(tmp_path / "a.csv", ("kapittel", "post", "belop_kroner"), *accounts), year=2017)

    report = checked()

    assert [(i.chapter, i.total_kroner, i.extra_kroner) for i in report.income] == [("3495", 30, 20), ("5309", 0, None)]
    assert [line.chapter for line in report.expenses] == [line.chapter for line in report.allotments] == ["0495"]
    assert rows("note_b", report) == [("0495", "01", "", 10, 20, 30, 50, 30)]


def test_a_limit_of_kan_overfores_is_shown_where_it_cuts_and_an_unknown_last_year_is_said(tmp_path: Path) -> None:
    columns = (*APPROPRIATION_COLUMNS, "fjorarets_bevilgning")
    file = write_file(
        tmp_path / "b.csv", columns,
        [*appropriation_row(post="21", overfort_fra_i_fjor="500", arets_tildelinger="100"), "50"],
        [*appropriation_row(post="45", overfort_fra_i_fjor="500", arets_tildelinger="100"), ""],
    )  # fmt: skip
    import_appropriations(file, year=2017)

    report = checked()

    assert rows("note_b", report) == [
        ("0496", "21", "kan overføres", 600, 0, 600, 150, 150),
        ("0496", "45", "kan overføres", 600, 0, 600, 100, 100),
    ]
    assert "For 0496/45 er fjorårets bevilgning ikke kjent" in spoken(report)


def test_last_years_own_decision_in_the_system_is_used_where_the_file_says_nothing() -> None:
    appropriate(post="21", kroner=40, year=2016, keyword="kan overføres")
    appropriate(post="21", kroner=100, keyword="kan overføres")

    [line] = checked().carry_overs

    assert line.result.limit_kroner == 140
    assert not line.result.last_year_is_unknown


def test_overspending_is_told_with_what_allows_it() -> None:
    appropriate(post="61", kroner=100, keyword="overslagsbevilgning")
    pay(150_00, make_organisation(), post="61")

    report = checked()

    assert rows("note_b", report) == [("0496", "61", "overslagsbevilgning", -50, 0, "ikke aktuell", None, None)]
    assert "merutgift på 50 kroner, som stikkordet «overslagsbevilgning» gir adgang til" in spoken(report)


def test_note_7_groups_what_is_paid_and_imported_by_sector_and_states_what_has_none(tmp_path: Path) -> None:
    appropriate(kroner=10_000)
    pay(100_00, make_organisation())
    pay(40_00, make_organisation("Viken", "county"), post="62", scheme="jobbsjansen", code="jobbsjansen_b")
    accounts = [
        ("0496", "71", "7", "ideelle organisasjoner"), ("0496", "72", "9", ""), ("0495", "01", "1000", ""),
        ("5700", "72", "20503667", ""),
    ]  # fmt: skip
    columns = ("kapittel", "post", "belop_kroner", "sektor")
    import_accounts(write_file(tmp_path / "a.csv", columns, *accounts), year=2017)

    report = checked()

    assert [(line.this_year_kroner, line.last_year_kroner) for line in report.recipients] == [
        (100, None), (40, None), (0, None), (7, None),
    ]  # fmt: skip
    assert "9 kroner er ført på disse postene uten oppgitt mottakersektor" in spoken(report)


def test_note_7_has_last_year_when_something_is_known_of_it(tmp_path: Path) -> None:
    appropriate(kroner=10_000)
    accounts = [("0496", "60", "12707734061", "kommune"), ("0496", "71", "75315000", "ideell")]
    columns = ("kapittel", "post", "belop_kroner", "sektor")
    import_accounts(write_file(tmp_path / "a.csv", columns, *accounts), year=2016)

    table = tables_of(checked())["note_7"]

    assert table.columns == ("mottakergruppe", "belop_2017", "belop_2016")
    assert [row[2] for row in table.rows] == [12_707_734_061, 0, 0, 75_315_000]


def test_note_7_of_2017_comes_out_when_the_accounts_are_given_by_sector(tmp_path: Path) -> None:
    by_sector = [("17879813152", "kommune"), ("28567000", "fylkeskommune"), ("5005100", "foretak")]
    accounts = [("0496", "60", *one) for one in by_sector] + [("0496", "71", "80247820", "ideell")]
    columns = ("kapittel", "post", "belop_kroner", "sektor")
    import_accounts(write_file(tmp_path / "a.csv", columns, *accounts), year=2017)

    assert tables_of(checked())["note_7"].sum_of("belop_2017") == 17_993_633_072


def test_every_application_based_scheme_has_its_line_and_jobbsjansen_one_per_part() -> None:
    report = checked()

    names = [line.name for line in report.application_schemes]
    schemes = [scheme for scheme in SCHEMES.values() if scheme.kind is Kind.PROJECT_APPLICATION]
    assert names[:4] == ["Jobbsjansen, del A", "Jobbsjansen, del B", "Jobbsjansen, del C", "Jobbsjansen, del D"]
    assert len(names) == len(schemes) + 3


def test_granted_is_what_is_committed_less_what_is_withdrawn_and_what_is_not_known_is_empty() -> None:
    halden = make_organisation()
    part = {"post": "62", "scheme": "jobbsjansen", "code": "jobbsjansen_a"}
    book(Account.APPROPRIATION, Account.COMMITTED, 500_00, halden, **part)
    book(Account.COMMITTED, Account.OWED, 300_00, halden, **part)
    book(Account.COMMITTED, Account.APPROPRIATION, 100_00, halden, **part)

    first = checked().application_schemes[0]

    assert first.cells() == ("0496", "62", "Jobbsjansen, del A", None, None, None, 400)


def test_jobbsjansen_without_a_known_part_is_not_lost() -> None:
    book(Account.APPROPRIATION, Account.COMMITTED, 5_00, make_organisation(), post="62", scheme="jobbsjansen", code="E")

    lines = {line.name: line.granted_kroner for line in checked().application_schemes}

    assert lines["Jobbsjansen, uten oppgitt del"] == 5


def test_earmarked_grants_count_the_organisations_that_keep_money() -> None:
    scheme = {"post": "71", "scheme": "resource_centres", "code": "resource_centres"}
    first, second = make_organisation("A", "ngo"), make_organisation("B", "ngo")
    book(Account.APPROPRIATION, Account.COMMITTED, 500_00, first, **scheme)
    book(Account.APPROPRIATION, Account.COMMITTED, 200_00, first, **scheme)
    book(Account.APPROPRIATION, Account.COMMITTED, 300_00, second, **scheme)
    book(Account.COMMITTED, Account.APPROPRIATION, 300_00, second, **scheme)

    assert rows("oremerkede", checked())[0] == ("0496", "71", "Nasjonale ressursmiljøer", 1, 700)


def test_a_line_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(DoesNotAddUp, match="Granted less spent is unused"):
        AppropriationLine("0496", "60", "", "", 100, 60, 41, "")


def test_a_report_whose_posts_are_not_the_books_is_stopped(tmp_path: Path) -> None:
    import_2017(tmp_path)
    report = gather(2017)
    pay(1_000_00, make_organisation())

    with pytest.raises(DoesNotAddUp, match="not what the books show"):
        check(report)


def test_the_ledger_is_asked_once_whatever_is_booked(django_assert_num_queries: object) -> None:
    for number in range(5):
        pay(100 + number, make_organisation())

    with django_assert_num_queries(1):  # type: ignore[operator]
        sums = booked(2017)

    assert sum(one.paid_ore for one in sums) == 510


def test_the_number_of_questions_does_not_grow_with_the_year(tmp_path: Path, django_assert_num_queries: object) -> None:
    import_2017(tmp_path)
    for number in range(20):
        pay(100 + number, make_organisation())

    with django_assert_num_queries(8):  # type: ignore[operator]
        gather(2017)
