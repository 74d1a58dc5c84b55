"""Numbers as text: what is read, what is refused, and that refusing is immediate."""

import sys
from decimal import Decimal
from fractions import Fraction

import pytest
from gmpy2 import mpq, mpz
from hypothesis import given
from hypothesis import strategies as st

from exactrelu.arithmetic import InputError, format_rational, parse_rational
from exactrelu.arithmetic.text import seconds

READ = {
    "0": 0,
    "-0": 0,
    "+7": 7,
    "007": 7,
    "1/3": Fraction(1, 3),
    "-4/6": Fraction(-2, 3),
    "+0/5": 0,
    "3/001": 3,
    "0.1": Fraction(1, 10),
    ".5": Fraction(1, 2),
    "-.5": Fraction(-1, 2),
    "5.": 5,
    "2.50": Fraction(5, 2),
    "-2.5e-3": Fraction(-1, 400),
    "1E+3": 1000,
    "1e003": 1000,
    "0e5": 0,
    ".5e1": 5,
    "5.e-1": Fraction(1, 2),
    "  12\t\r\n": 12,
}


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_numbers_are_read_exactly(text: str, value: Fraction) -> None:
    read = parse_rational(text)
    assert type(read) is mpq
    assert read == mpq(value)


REFUSED = [
    "", " ", ".", "-", "+", "e5", ".e5", "1e", "1e+", "1e5.0", "1e5e5", "--1", "+-1", "-+1", "- 1", "1 2",
    "1 /2", "1/ 2", "1/-2", "1/+2", "1//2", "1/2/3", "/2", "1/", "1.5/2", "1/2.5", "1/2e3", "1_000", "1,5",
    "1,000", "0x10", "0b1", "0o7", "1f", "1j", "nan", "NaN", "inf", "-Infinity", "1..2", "1.2.3", "1e1/2",
    "½", "٣", "１２", "−1", "1\u00a0", "\ufeff1", "1\x00", "1\n2", "(1)", "'1'", "1;2", "1%", "$1", "sqrt(2)",
    "__import__('os')", "²", "1²", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"it is not a number such as") as caught:
        parse_rational(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["1/0", "0/0", "-5/000"])
def test_a_zero_denominator_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="divides by zero"):
        parse_rational(text)


@pytest.mark.parametrize(
    "text",
    [
        "1e999999999",
        "-1e-999999999",
        "1e99999999999999999999999999",
        "0e99999999999",
        "1e100000",
        "1e-100001",
        "9" * 100_001,
        "0." + "0" * 100_000 + "1",
        "1/" + "9" * 100_001,
        "1" * 100_000 + ".5",
        "9" * 10_000_000,
        " " * 10_000_000,
        "1e" + "9" * 10_000_000,
        "-" * 10_000_000,
    ],
    ids=lambda text: f"{text[:6]}...{len(text)}",
)
def test_oversized_numbers_are_refused_at_once(text: str) -> None:
    # What this guards against (10^999999999, quadratic matching) takes minutes or all memory.
    with pytest.raises(InputError, match=r"needs more than 100000 digits$"):
        parse_rational(text)


@pytest.mark.parametrize("text", ["1" * 199_999 + "x", "1." * 90_000, "1/" * 90_000, "1e" * 90_000])
def test_long_garbage_takes_linear_time(text: str) -> None:
    with pytest.raises(InputError):  # in quadratic time, minutes
        parse_rational(text)


def test_numbers_at_the_bound_are_read() -> None:
    assert parse_rational("9" * 100_000) == mpz(10) ** 100_000 - 1
    assert parse_rational("1e99999") == mpz(10) ** 99_999
    assert parse_rational("1e-100000") == 1 / mpq(10) ** 100_000
    assert parse_rational("12", max_digits=2) == 12
    with pytest.raises(InputError, match="more than 2 digits"):
        parse_rational("123", max_digits=2)


def test_the_interpreter_limit_is_neither_met_nor_changed() -> None:
    limit = sys.get_int_max_str_digits()
    value = parse_rational("7" * 50_000 + "/" + "3" * 50_001)
    assert parse_rational(format_rational(value)) == value
    assert sys.get_int_max_str_digits() == limit
    assert limit < 50_000


def test_only_strings_are_parsed() -> None:
    with pytest.raises(InputError, match="a string is expected, not float"):
        parse_rational(0.5)  # type: ignore[arg-type]


@given(st.fractions())
def test_format_and_parse_are_inverse(value: Fraction) -> None:
    text = format_rational(mpq(value))
    assert text == str(value)
    assert parse_rational(text) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**50), max_value=10**50))
def test_decimal_strings_mean_what_decimal_says(value: Decimal) -> None:
    assert parse_rational(str(value)) == Fraction(value)


@given(st.text(alphabet="0123456789+-./eE _", max_size=12))
def test_what_is_read_agrees_with_fraction_and_what_fraction_refuses_is_refused(text: str) -> None:
    try:
        read = parse_rational(text)
    except InputError:
        return
    assert read == Fraction(text)


@pytest.mark.parametrize(
    ("time_", "text"),
    [
        (1, "1 second"),
        (1.0, "1 second"),
        (1.5, "1.5 seconds"),
        (500.0, "500 seconds"),
        (1e-9, "1e-09 seconds"),
        (None, ""),
    ],
)
def test_times_in_words(time_: float | None, text: str) -> None:
    assert seconds(time_) == text
