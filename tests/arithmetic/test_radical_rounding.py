"""Floats, enclosures and decimals of sums of square roots are correctly rounded, everywhere."""

import math
import re
import sys
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import pytest
from gmpy2 import mpq, mpz
from hypothesis import example, given
from hypothesis import strategies as st

from exactrelu.arithmetic import InputError, RadicalSum, parse_rational, rational, sqrt

coefficients = st.fractions(min_value=-99, max_value=99, max_denominator=50)
radicands = st.fractions(min_value=0, max_value=1000, max_denominator=50)
sums = st.lists(st.tuples(coefficients, radicands), max_size=5).map(RadicalSum)
floats = st.floats(allow_nan=False, allow_infinity=False)


def is_nearest(candidate: float, value: RadicalSum) -> bool:
    """Whether no float is nearer, and the candidate is the even one of two that are equally near."""
    exact = rational(candidate)
    for neighbour in (math.nextafter(candidate, math.inf), math.nextafter(candidate, -math.inf)):
        if math.isinf(neighbour):
            continue
        midpoint = (exact + rational(neighbour)) / 2
        inside = value < midpoint if neighbour > candidate else value > midpoint
        even = int(exact / rational(5e-324)) % 2 == 0 if abs(candidate) < 1e-300 else is_even(candidate)
        if not (inside or (value == midpoint and even)):
            return False
    return True


def is_even(candidate: float) -> bool:
    mantissa, _ = math.frexp(candidate)
    return int(mantissa * 2**53) % 2 == 0


@given(sums, st.integers(-1100, 1000))
def test_floats_are_nearest_over_the_whole_range(value: RadicalSum, exponent: int) -> None:
    value = value * mpq(2) ** exponent
    assert is_nearest(float(value), value)


@given(floats)
def test_a_float_comes_back_as_itself(value: float) -> None:
    assert float(RadicalSum([(value, 1)])) == value
    assert float(sqrt(rational(value) ** 2)) == abs(value)


@given(st.fractions())
def test_a_rational_value_rounds_like_a_fraction(value: Fraction) -> None:
    assert float(sqrt(2) * sqrt("1/2") * value) == float(value)


@given(floats.filter(lambda v: abs(v) < 1e300), st.sampled_from([-1, 0, 1]), st.integers(100, 3000))
@example(1.0, 0, 100)
@example(math.nextafter(1.0, 2), 0, 100)
@example(5e-324, 1, 1500)
@example(0.0, -1, 1500)
def test_values_next_to_a_rounding_boundary(value: float, side: int, bits: int) -> None:
    """The midpoint of two floats, and an irrational hair's breadth beside it."""
    above = math.nextafter(value, math.inf)
    midpoint = (rational(value) + rational(above)) / 2
    hair = side * (sqrt(2) + sqrt(3) - sqrt(5)) * mpq(2) ** -(bits + 1100)
    # √2·√2·m/2 hides the midpoint from everything but the canonical form.
    rounded = float(sqrt(8) * sqrt("1/8") * midpoint + hair)
    if side:
        assert rounded == (value if side < 0 else above)
    else:
        assert rounded == float(Fraction(midpoint))


def test_the_ends_of_the_float_range() -> None:
    largest = rational(sys.float_info.max)
    beyond = largest + mpq(2) ** 970  # where rounding goes to infinity
    assert float(sqrt(largest**2)) == sys.float_info.max
    assert float(sqrt(2) * mpq(2) ** -2000 + largest) == sys.float_info.max
    assert float(RadicalSum([(beyond, 1)]) - sqrt(2) / 10**400) == sys.float_info.max
    for value in (RadicalSum([(beyond, 1)]), sqrt(2) * mpz(10) ** 400, -sqrt(beyond**2 + 1)):
        with pytest.raises(OverflowError):
            float(value)
    tiny = rational(5e-324)
    assert float(sqrt(2) * tiny) == 5e-324
    assert float(sqrt(3) * tiny) == 1e-323
    assert float(sqrt(tiny**2 / 4)) == 0.0  # a tie: to even
    assert float(sqrt(tiny**2 / 4) + sqrt(2) / mpz(10) ** 900) == 5e-324
    assert math.copysign(1, float(-sqrt(2) / mpz(10) ** 400)) == -1
    assert math.copysign(1, float(sqrt(2) / mpz(10) ** 400)) == 1
    # About 2^-500 of its terms: the first interval has zero inside, and both its ends round to zero.
    close = (2 * sqrt(mpz(10) ** 100) - sqrt(mpz(10) ** 100 + 1) - sqrt(mpz(10) ** 100 - 1)) / mpz(10) ** 400
    assert math.copysign(1, float(close)) == 1
    assert math.copysign(1, float(-close)) == -1


# -- enclosures -----------------------------------------------------------------------------------------


@given(sums, st.integers(1, 300))
def test_enclosures_are_the_tightest_of_their_length(value: RadicalSum, bits: int) -> None:
    e = value.enclosure(bits)
    assert e.lower <= value <= e.upper
    assert value in e
    for end in (e.lower, e.upper):
        odd = abs(end.numerator) >> max((end.numerator & -end.numerator).bit_length() - 1, 0)
        assert odd.bit_length() <= bits
        assert end.denominator & (end.denominator - 1) == 0
    if e.lower == e.upper:
        assert value == e.lower
    else:
        size = min(abs(e.lower), abs(e.upper))
        assert mpq(2) ** (1 - bits) * size >= e.width
        assert e.width >= mpq(2) ** -bits * size
        assert e.lower < value < e.upper
    assert (-value).enclosure(bits) == type(e)(-e.upper, -e.lower)


@given(sums)
def test_equal_values_have_equal_enclosures(value: RadicalSum) -> None:
    assert value.enclosure(40) == (value + sqrt(8) - sqrt(2) * 2).enclosure(40)


def test_enclosures_of_powers_of_two_and_of_their_neighbours() -> None:
    assert sqrt(4).enclosure(1).width == 0
    hair = sqrt(2) / mpz(10) ** 50
    below = (1 - hair).enclosure(4)
    assert (below.lower, below.upper) == (mpq(15, 16), 1)
    above = (1 + hair).enclosure(4)
    assert (above.lower, above.upper) == (1, mpq(9, 8))


# -- decimals -------------------------------------------------------------------------------------------


@given(sums, st.integers(1, 60))
def test_decimals_are_nearest(value: RadicalSum, digits: int) -> None:
    text = value.decimal(digits)
    shown = parse_rational(text)
    assert parse_rational(value.decimal(digits, trim=True)) == shown
    if value == 0:
        assert text == "0"
        return
    unit = mpq(10) ** (Decimal(text).adjusted() - digits + 1)
    assert (shown / unit).denominator == 1
    assert abs(value - shown) * 2 <= unit
    assert len(text.split("e")[0].lstrip("-0.").replace(".", "")) == digits


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8), st.integers(1, 12))
def test_rational_decimals_round_half_even_like_decimal(value: Decimal, digits: int) -> None:
    shown = RadicalSum([(value, 1)]).decimal(digits)
    expected = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(value)
    assert Decimal(shown) == expected


def test_ties_and_carries() -> None:
    assert sqrt("6.25").decimal(1) == "2"  # 2.5
    assert sqrt("12.25").decimal(1) == "4"  # 3.5
    assert (sqrt("6.25") + sqrt(2) / mpz(10) ** 60).decimal(1) == "3"
    assert (sqrt("12.25") - sqrt(2) / mpz(10) ** 60).decimal(1) == "3"
    assert (1 - sqrt(2) / mpz(10) ** 60).decimal(5) == "1.0000"
    assert (1 - sqrt(2) / mpz(10) ** 60).decimal(5, trim=True) == "1"
    assert (1000 - sqrt(2) / mpz(10) ** 60).decimal(2) == "1.0e3"


def test_a_rational_value_behind_heavy_cancellation() -> None:
    value = sqrt(8) * sqrt("1/8") * mpz(10) ** 90 + mpq(2, 3) - mpz(10) ** 90
    assert value.decimal(5) == "0.66667"
    assert value.enclosure(3).to_json() == {"lower": "5/8", "upper": "3/4"}
    assert float(value) == 2 / 3


def test_notation() -> None:
    assert sqrt(2).decimal(5) == "1.4142"
    assert (-sqrt(2) / 1000).decimal(3) == "-0.00141"
    assert (sqrt(2) / 10**7).decimal(3) == "0.000000141"
    assert (sqrt(2) / 10**8).decimal(3) == "1.41e-8"
    assert (sqrt(2) * 10**9).decimal(3) == "1.41e9"
    assert (sqrt(2) * 10**9).decimal(10) == "1414213562"
    assert sqrt(10**8).decimal(7, trim=True) == "10000"
    assert sqrt("1/4").decimal(4) == "0.5000"


def test_a_thousand_digits_of_the_square_root_of_two() -> None:
    # round(x) = floor((floor(2x) + 1)/2) with x = √2 · 10^999, and there are no ties.
    rounded = (math.isqrt(8 * 10**1998) + 1) // 2
    assert sqrt(2).decimal(1000) == f"1.{str(rounded)[1:]}"


@pytest.mark.parametrize("bad", [0, -1, True, 1.5, "3", None])
def test_a_number_of_digits_or_bits_is_a_positive_integer(bad: object) -> None:
    with pytest.raises(InputError, match=r"^digits = .*positive integer"):
        sqrt(2).decimal(bad)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^bits = .*positive integer"):
        sqrt(2).enclosure(bad)  # type: ignore[arg-type]


@given(
    q=st.decimals(-(10**15), 10**15, places=9),
    places=st.integers(0, 30),
    kind=st.sampled_from(["e", "f", "g", "%", "E", "G", ""]),
    options=st.sampled_from(["", "+", " ", "20", "<20", "*^20", "020", ","]),
)
def test_rational_sums_are_formatted_like_decimals(q: Decimal, places: int, kind: str, options: str) -> None:
    # Zeros at the end of a fraction are no part of the value; Decimal keeps them, and a negative zero.
    plain = Decimal(f"{q:f}".rstrip("0").rstrip(".")) if q else Decimal(0)
    spec = f"{options}.{places}{kind}"
    text = format(plain, f"{spec}{'' if kind else 'g'}")
    if not re.search(r"[eE][+-]\d(?!\d)", format(plain, f".{places}{kind or 'g'}")):  # but for e+0, e+00 here
        assert format(sqrt(8) / sqrt(2) * Fraction(q) / 2, spec) == text


@given(
    x=st.floats(1e-9, 1e9),
    sign=st.sampled_from([1, -1]),
    places=st.integers(0, 30),
    kind=st.sampled_from("eE"),
    fill=st.sampled_from(["", "0>", "1>", "0<", "*^", "e=", "0"]),
    flags=st.sampled_from(["", "+", " ", "-"]),
    width=st.sampled_from(["", "1", "9", "10", "20", "60"]),
)
def test_exponents_are_formatted_like_those_of_floats(
    x: float, sign: int, places: int, kind: str, fill: str, flags: str, width: str
) -> None:
    zeros = "0" if fill == "0" and width else ""
    spec = f"{'' if fill == '0' or not width else fill}{flags}{zeros}{width}.{places}{kind}"
    assert format(sqrt(mpq(x) ** 2) * sign, spec) == format(x * sign, spec)


@given(d=st.integers(2, 10**9), shift=st.integers(-15, 15), places=st.integers(0, 40))
def test_irrational_sums_are_formatted_with_correct_rounding(d: int, shift: int, places: int) -> None:
    value = sqrt(d) * Fraction(10) ** shift
    for text in (f"{value:.{places}f}", f"{value:.{places}e}"):
        unit = Fraction(10) ** ((int(text.partition("e")[2]) if "e" in text else 0) - places)
        assert abs(value - Fraction(text)) <= unit / 2
    if places < 9:
        assert float(f"{value:.{places}g}") == float(f"{float(value):.{places}g}")


def test_format() -> None:
    assert f"{sqrt(2):.3f} {-sqrt(2):f} {sqrt(2):.30f}" == "1.414 -1.414214 1.414213562373095048801688724210"
    assert f"{sqrt(2):.5} {sqrt(10**41):.2e} {sqrt(2) / 10**9:.3f}" == "1.4142 3.16e+20 0.000"
    assert f"{sqrt(2)} {sqrt(2):>10} {sqrt(2):^9s}|" == "sqrt(2)    sqrt(2)  sqrt(2) |"
    assert f"{sqrt(2) - sqrt(2):.2f} {sqrt(2):e} {sqrt(2):9.0e}|" == "0.00 1.414214e+00     1e+00|"
    # A tie, and a hair above it.
    assert f"{sqrt('1/4'):.0f} {sqrt(mpq(1, 4) + mpq(1, 10**60)):.0f}" == "0 1"
    for spec in ("q", ".3d", "z.3q", "x.2f"):
        with pytest.raises(ValueError, match="format"):
            format(sqrt(2), spec)
