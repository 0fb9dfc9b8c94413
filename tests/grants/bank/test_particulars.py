"""Account numbers, KID, BIC and words: right ones are taken as they are written, wrong ones are named."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as any_iban
from stdnum import luhn

from grants.bank.particulars import account_number, bic, iban, kid, same_account, shortened, words
from grants.shared.errors import BadInput
from tests.factories.payments import account_numbers


@pytest.mark.parametrize(
    "written", ["86011117947", "8601.11.17947", "8601 11 17947", "NO9386011117947", "no93 8601 1117 947"]
)
def test_an_account_is_its_eleven_digits_however_it_is_written(written: str):
    assert account_number(written) == "86011117947"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("86011117948", "feil kontrollsiffer"),
        ("8601111794", "elleve siffer"),
        ("NO9486011117947", "IBAN .* feil kontrollsiffer"),
        ("SE4550000000058398257466", "norsk kontonummer"),
        ("", "elleve siffer"),
        ("8601111794٧", "elleve siffer"),
        ("00004090403", "feil kontrollsiffer"),
    ],
)
def test_a_wrong_account_is_named(written: str, says: str):
    with pytest.raises(BadInput, match=says) as refused:
        account_number(written)
    assert written in str(refused.value)


@given(account_numbers())
def test_iban_and_account_are_the_same(written: str):
    made = iban(written)

    assert any_iban.is_valid(made)
    assert account_number(made) == account_number(written) == same_account(written)


@given(account_numbers(), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(written: str, place: int, more: int):
    bban = account_number(written)
    wrong = bban[:place] + str((int(bban[place]) + more) % 10) + bban[place + 1 :]

    with pytest.raises(BadInput):
        account_number(wrong)


def test_a_foreign_account_can_be_compared_too():
    assert same_account("SE45 5000 0000 0583 9825 7466") == "SE4550000000058398257466"


@given(st.from_regex(r"[0-9]{1,24}", fullmatch=True))
def test_a_kid_may_have_a_check_by_modulus_10(digits: str):
    right = digits + luhn.calc_check_digit(digits)

    assert kid(right) == right
    assert kid(f"{right[:3]} {right[3:]}") == right


def test_a_kid_may_have_a_check_by_modulus_11():
    # Worked by hand: 3·2 + 2·3 + 1·4 = 16, and 16 + 6 is twice eleven: the check of 123 is 6.
    assert kid("1236") == "1236"
    # 6·2 = 12, and 12 + 10 is twice eleven: the check of 6 is ten, which is written as a dash.
    assert kid("6-") == "6-"


@pytest.mark.parametrize("number", ["1235", "1", "-1", "12345678901234567890123456", "12a4", "6-6", "١٢٣٦"])
def test_a_wrong_kid_is_named(number: str):
    with pytest.raises(BadInput, match=re.escape(f"KID «{number}»")):
        kid(number)


@pytest.mark.parametrize("code", ["DNBANOKK", "DNBANOKKXXX"])
def test_a_bic_has_eight_or_eleven_characters(code: str):
    assert bic(code) == code
    with pytest.raises(BadInput, match="BIC"):
        bic(code[:-1] + "ø")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Æ, ø og å – «ja»", "Æ, ø og å - «ja»"),
        ("Kárášjohka, Porsáŋgu, Unjárga", "Kárásjohka, Porsángu, Unjárga"),
        ("linje\r\nto\tog\x00tre\u200b", "linje to og tre"),
        ("A\u030as", "Ås"),
        ("“sitat” … €", '"sitat" ... EUR'),
        ("漢字 😀", "?? ?"),
        ("  mye   luft  ", "mye luft"),
    ],
)
def test_words_have_only_what_banks_take(written: str, read: str):
    assert words(written) == read


@given(st.text(max_size=200))
def test_words_are_latin_1_on_one_line_and_stay_as_they_are(text: str):
    plain = words(text)

    plain.encode("iso-8859-1")
    assert not any(ord(character) < 32 or 127 <= ord(character) < 161 for character in plain)
    assert words(plain) == plain


@given(st.text(max_size=200), st.integers(1, 100))
def test_what_is_shortened_fits_and_begins_alike(text: str, longest: int):
    short = shortened(text, longest)

    assert len(short) <= longest
    assert words(text).startswith(short)
    assert bool(short) == bool(words(text))


def test_words_are_cut_between_words():
    assert shortened("Integreringstilskudd til Ås", 25) == "Integreringstilskudd til"
