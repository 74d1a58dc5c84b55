"""Sums of square roots: zero, sign, order, equality, arithmetic and exchange, all exact."""

import copy
import math
import operator
import pickle
import random
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise
from math import comb

import mpmath
import numpy as np
import pytest
import sympy
from flint import fmpq
from gmpy2 import mpfr, mpq, mpz
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from exactrelu.arithmetic import InputError, RadicalSum, UnsupportedError, format_rational, rational, sqrt

small = st.fractions(min_value=-9, max_value=9, max_denominator=6)
radicands = st.one_of(
    st.integers(0, 12).map(Fraction),
    st.fractions(min_value=0, max_value=60, max_denominator=8),
    st.sampled_from(
        [Fraction(8), Fraction(18), Fraction(50), Fraction(1, 2), Fraction(9, 4), Fraction(27, 4)]
    ),
)
sums = st.lists(st.tuples(small, radicands), max_size=5).map(RadicalSum)


def by_sympy(value: RadicalSum) -> sympy.Expr:
    """The raw terms in sympy, which brings radicals to normal form by factoring: another way than ours."""
    return sum(
        (sympy.Rational(str(q)) * sympy.sqrt(sympy.Rational(str(d))) for q, d in value._flat()),
        sympy.Integer(0),
    )


def by_mpmath(value: RadicalSum, digits: int = 60) -> mp.mpf:
    def number(q: mpq) -> mp.mpf:
        return mp.mpf(int(q.numerator)) / int(q.denominator)

    with mp.workdps(digits + 20):
        return sum((number(q) * mp.sqrt(number(d)) for q, d in value._flat()), mp.mpf(0))


def difference(n: int, m: int) -> RadicalSum:
    """Σ (−1)^i C(m,i) √(n+i), the m-th finite difference of the square root: about n^(1/2 − m)."""
    return RadicalSum([((-1) ** i * comb(m, i), n + i) for i in range(m + 1)])


# -- zero and sign --------------------------------------------------------------------------------------

ZEROS = [
    RadicalSum(),
    RadicalSum([(0, 5), (3, 0)]),
    sqrt(8) - 2 * sqrt(2),
    sqrt(50) - 5 * sqrt(2),
    sqrt(2) + sqrt(8) - sqrt(18),
    sqrt("1/2") - sqrt(2) / 2,
    sqrt("4/9") - mpq(2, 3),
    sqrt(12) * sqrt(3) - 6,
    (sqrt(2) + sqrt(3)) * (sqrt(2) + sqrt(3)) - 5 - 2 * sqrt(6),
    sqrt((10**40 + 1) ** 2 * 3) - (10**40 + 1) * sqrt(3),
    RadicalSum([(1, k * k * 6) for k in range(1, 50)]) - 1225 * sqrt(6),
]


@pytest.mark.parametrize("value", ZEROS, ids=range(len(ZEROS)))
def test_disguised_zeros_are_zero(value: RadicalSum) -> None:
    assert value.sign() == 0
    assert not value
    assert value == 0
    assert value == RadicalSum()
    assert hash(value) == hash(0)
    assert value.as_rational() == 0
    assert value.terms == ()
    assert float(value) == 0.0
    assert math.copysign(1, float(value)) == 1
    assert value.decimal() == str(value) == "0"
    assert value.enclosure(10).lower == value.enclosure(10).upper == 0


@pytest.mark.parametrize("m", range(1, 16))
@pytest.mark.parametrize("n", [2, 1000, 10**9 + 7, 10**30])
def test_finite_differences_of_the_square_root_have_their_sign(n: int, m: int) -> None:
    # The derivatives of √ alternate in sign, and the m-th difference, with (−1)^i first, is (−1)^m times a
    # value of the m-th derivative, whose sign is (−1)^(m−1): always negative.
    assert difference(n, m).sign() == -1
    assert (-difference(n, m)).sign() == 1


def test_the_named_difference_and_its_size() -> None:
    value = difference(10**9 + 7, 9)
    assert value < 0
    assert value > mpq("-1.3e-73")
    assert float(value) == -1.2519561030319905e-73
    assert value.decimal(12) == "-1.25195610303e-73"


def test_close_sums_of_integer_square_roots() -> None:
    # All sums of three square roots of integers up to 30, sorted. Neighbours come as close as 1e-7, and many
    # are equal in disguise (√2 + √8 + √1 = √18 + √1 + √0).
    triples = list(combinations_with_replacement(range(31), 3))

    def scaled(triple: tuple[int, ...]) -> int:
        return sum(math.isqrt(k * 10**100) for k in triple)  # exact to within 3 units

    ordered = sorted(triples, key=lambda triple: RadicalSum([(1, k) for k in triple]))
    assert all(scaled(a) <= scaled(b) + 3 for a, b in pairwise(ordered))
    huge = 10**500
    assert sqrt(huge + 1) - sqrt(huge) > 0
    assert sqrt(huge + 1) + sqrt(huge - 1) < 2 * sqrt(huge)


@given(sums)
def test_the_sign_is_that_of_sympy_and_of_high_precision(value: RadicalSum) -> None:
    expression = by_sympy(value)
    if expression == 0:
        assert value.sign() == 0
    else:
        assert value.sign() == mp.sign(by_mpmath(value))


@given(sums, sums)
def test_order_is_a_total_order_that_agrees_with_the_sign_of_the_difference(
    a: RadicalSum, b: RadicalSum
) -> None:
    sign = (a - b).sign()
    assert [a < b, a == b, a > b] == [sign < 0, sign == 0, sign > 0]
    assert [a <= b, a != b, a >= b] == [sign <= 0, sign != 0, sign >= 0]
    assert (b - a).sign() == -sign


@given(sums, st.integers(1, 50), st.randoms())
def test_disguises_do_not_matter(value: RadicalSum, k: int, rng: random.Random) -> None:
    disguised = []
    for q, d in value._flat():
        j = rng.randint(1, k)
        share = Fraction(rng.randint(-3, 3), rng.randint(1, 3))
        disguised += [((q - share) / j, d * j * j), (share, d)]
    rng.shuffle(disguised)
    other = RadicalSum(disguised)
    assert other == value
    assert other == value
    assert hash(other) == hash(value)
    assert other.terms == value.terms
    assert float(other) == float(value)
    assert (other - value).sign() == 0


# -- canonical form -------------------------------------------------------------------------------------


@given(sums)
def test_terms_are_sympys_normal_form(value: RadicalSum) -> None:
    expected = {}
    for term in sympy.Add.make_args(by_sympy(value)):
        q, root = term.as_coeff_Mul()
        if q:
            expected[mpq(str(root**2))] = mpq(str(q))
    assert {d: q for q, d in value.terms} == expected
    assert [d for _, d in value.terms] == sorted(expected)
    assert RadicalSum(value.terms) == value


def test_terms_are_square_free_where_that_is_cheap() -> None:
    assert sqrt("13/4").terms == ((mpq(1, 2), 13),)
    assert sqrt(1009**2 * 7).terms == ((1009, 7),)  # a prime above the trial bound
    assert sqrt(1009**2 * 1013).terms == ((1009, 1013),)  # the same beside another one, in 64 bits
    assert sqrt(mpq(1009**3, 1013**3)).terms == ((mpq(1009, 1013**2), 1009 * 1013),)
    assert sqrt((10**30 + 57) ** 2).terms == ((10**30 + 57, 1),)  # a square of any size
    assert sqrt(3**200 * 7**81 * 5).terms == ((mpz(3) ** 100 * mpz(7) ** 40, 35),)
    p = 10**9 + 7
    assert sqrt(2 * p * p).terms == ((p, 2),)
    assert all(type(v) is mpq for term in sqrt("13/4").terms for v in term)


def test_rational_values_are_recognised() -> None:
    assert (sqrt(2) * sqrt(8)).as_rational() == 4
    assert (sqrt(2) + 3 - sqrt(2)).as_rational() == 3
    assert sqrt("9/4").as_rational() == mpq(3, 2)
    assert (-sqrt(49)).as_rational() == -7
    assert sqrt(2).as_rational() is None
    assert (sqrt(2) + 1).as_rational() is None
    assert type(sqrt(4).as_rational()) is mpq


@given(small)
def test_a_rational_value_equals_and_hashes_like_every_rational_kind(q: Fraction) -> None:
    value = sqrt(2) * sqrt("1/2") * q
    for same in (q, mpq(q), RadicalSum([(q, 1)])):
        assert value == same
        assert same == value
        assert hash(value) == hash(same)
    assert len({value, q, mpq(q)}) == 1
    if q.denominator == 1:
        assert value == int(q)
        assert hash(value) == hash(int(q))
    if float(q) == q:
        assert value == float(q)
        assert hash(value) == hash(float(q))


def test_hashes_do_not_depend_on_the_process() -> None:
    code = "from exactrelu.arithmetic import sqrt; print(hash(sqrt(2) + sqrt('1/3')))"
    run = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        for seed in ("1", "2")
    ]
    assert run[0].stdout == run[1].stdout == f"{hash(sqrt(2) + sqrt('1/3'))}\n"


# -- comparisons with other kinds -----------------------------------------------------------------------


def test_comparisons_with_numbers_are_exact() -> None:
    root = sqrt(2)
    below = mpq(1414213562373095048801688724209698078569671875376948073176679, 10**60)
    assert below < root < below + mpq(1, 10**60)
    assert Fraction(below) < root
    assert root > below
    assert 1 < root < 2
    assert root < mpz(2)
    assert mpz(1) < root
    assert root < np.int64(2)
    # The float nearest to √2 is a little above it, and is not equal to it.
    assert root < math.sqrt(2)
    assert math.sqrt(2) > root
    assert root != math.sqrt(2)
    assert sqrt(4) == 2.0
    assert root < 1.5
    assert root < np.float64(1.5)


def test_comparisons_with_nan_and_infinities_are_as_usual() -> None:
    root = sqrt(2)
    assert -math.inf < root < math.inf
    assert root != math.inf
    nan = math.nan
    assert [root < nan, root <= nan, root > nan, root >= nan, root == nan] == [False] * 5
    assert root != nan


@pytest.mark.parametrize("other", [None, "1", 1j, Decimal("nan"), [1], object()])
def test_foreign_kinds_are_unequal_and_not_ordered(other: object) -> None:
    assert sqrt(2) != other
    assert not sqrt(1) == other  # noqa: SIM201
    for compare in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__"):
        assert getattr(sqrt(2), compare)(other) is NotImplemented
    with pytest.raises(TypeError):
        sqrt(2) < other  # type: ignore[operator]  # noqa: B015


def test_a_foreign_kind_gets_its_say() -> None:
    class Everything:
        def __gt__(self, other: object) -> bool:
            return True

        def __radd__(self, other: object) -> str:
            return "sum"

    assert sqrt(2) < Everything()
    assert sqrt(2) + Everything() == "sum"


# -- arithmetic -----------------------------------------------------------------------------------------


@given(sums, sums, sums, small)
def test_ring_laws(a: RadicalSum, b: RadicalSum, c: RadicalSum, q: Fraction) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a * b == b * a
    assert a * (b + c) == a * b + a * c
    assert a - a == 0
    assert a + 0 == a == +a
    assert q * a == a * q == RadicalSum([(q, 1)]) * a
    assert q - a == -(a - q)
    assert abs(a) == abs(-a) >= 0
    assert (a * b).sign() == a.sign() * b.sign()


@given(sums, small.filter(bool), radicands.filter(bool))
def test_division_inverts_multiplication(a: RadicalSum, q: Fraction, d: Fraction) -> None:
    assert a * q / q == a
    divisor = RadicalSum([(q, d)])
    assert a * divisor / divisor == a
    assert 1 / divisor * divisor == 1


def test_division_by_what_cannot_divide() -> None:
    for zero in (0, mpq(0), RadicalSum(), sqrt(8) - 2 * sqrt(2)):
        with pytest.raises(ZeroDivisionError):
            sqrt(2) / zero
    with pytest.raises(UnsupportedError, match="two or more square roots"):
        1 / (1 + sqrt(2))
    # A sum in disguise whose value is one root divides.
    assert sqrt(6) / (sqrt(2) + sqrt(8)) == sqrt(3) / 3


OPERATIONS = [operator.add, operator.sub, operator.mul, operator.truediv]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "other",
    [0.5, 0.1, np.float64(0.1), np.float32(0.1), Decimal("0.1"), mpfr("0.1"), mpmath.mpf(0.1), fmpq(1, 3)],
)
def test_numbers_of_all_kinds_take_part_as_what_they_hold(operation, other) -> None:  # type: ignore[no-untyped-def]
    exact = rational(other)
    assert operation(sqrt(2), other) == operation(sqrt(2), exact)
    assert operation(other, sqrt(2)) == operation(exact, sqrt(2))
    assert (sqrt(exact**2) == other) is True
    assert (sqrt(2) > other, sqrt(exact**2) < other) == (True, False)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_not_rational_takes_no_part(operation) -> None:  # type: ignore[no-untyped-def]
    for other in (math.nan, math.inf, 1j, True, Decimal("nan"), np.float64("inf")):
        for left, right in ((sqrt(2), other), (other, sqrt(2))):
            with pytest.raises(InputError):
                operation(left, right)
    for foreign in (None, "1", b"1", [1], object()):
        for left, right in ((sqrt(2), foreign), (foreign, sqrt(2))):
            with pytest.raises(TypeError):
                operation(left, right)


@given(sums, st.integers(-3, 3))
def test_integer_parts(value: RadicalSum, n: int) -> None:
    below, above = math.floor(value), math.ceil(value)
    assert below <= value <= above
    assert above - below == (0 if value == below else 1)
    assert int(value) == math.trunc(value) == (below if value > 0 else above)
    assert type(int(value)) is int
    assert math.floor(value + n) == below + n


def test_integer_parts_where_floats_fail() -> None:
    assert float(sqrt(10**40 - 1)) == 10**20
    assert int(sqrt(10**40 - 1)) == math.floor(sqrt(10**40 - 1)) == 10**20 - 1
    assert int(-sqrt(10**40 + 1)) == math.ceil(-sqrt(10**40 + 1)) == -(10**20)
    assert int(sqrt(10**700)) == 10**350


def test_other_packages_on_the_left_stay_exact() -> None:
    assert mpq(1, 2) + sqrt(2) == sqrt(2) + mpq(1, 2)
    assert Fraction(1, 2) * sqrt(2) == sqrt("1/2")
    assert mpz(3) - sqrt(2) == -(sqrt(2) - 3)
    assert np.int64(3) * sqrt(2) == sqrt(18)
    assert list(np.array([1, 2], dtype=object) * sqrt(2)) == [sqrt(2), sqrt(8)]
    assert sympy.Rational(1, 2) + sqrt(2) == sympy.Rational(1, 2) + sympy.sqrt(2)
    assert sympy.sympify(sqrt(2)) is not sympy.Float(math.sqrt(2))
    assert sympy.sympify(sqrt(8)) == 2 * sympy.sqrt(2)


def test_powers_by_repeated_multiplication_stay_small() -> None:
    value = power = sqrt(2) + sqrt(3) + sqrt(5)
    for _ in range(19):
        power = power * value
    assert len(power.terms) == 4  # 1, √6, √10, √15
    assert power == RadicalSum(
        sympy_term(t) for t in sympy.Add.make_args(sympy.expand(by_sympy(value) ** 20))
    )


def sympy_term(term: sympy.Expr) -> tuple[str, str]:
    q, root = term.as_coeff_Mul()
    return str(q), str(root**2)


# -- large sums -----------------------------------------------------------------------------------------


def test_ten_thousand_distinct_radicals() -> None:
    value = RadicalSum([((-1) ** k, k) for k in range(1, 10_001)])
    # Euler summation: √n/2 − η(−1/2) + O(1/√n) for even n, with η(−1/2) = 0.3801...
    assert mpq("49.62") < value < mpq("49.63")
    doubled = RadicalSum([((-1) ** k * mpq(1, 2), 4 * k) for k in range(10_000, 0, -1)])
    assert value == doubled
    assert hash(value) == hash(doubled)
    assert (value - doubled).sign() == 0
    assert len(value.terms) == sum(1 for d in range(1, 10_001) if is_square_free(d))
    nudge = mpq(1, 10**500)
    assert value < doubled + nudge
    assert value > doubled - nudge


def is_square_free(n: int) -> bool:
    return all(n % (k * k) for k in range(2, math.isqrt(n) + 1))


def test_adding_up_many_sums_one_by_one_is_linear() -> None:
    total = sum((sqrt(k) for k in range(1, 20_001)), RadicalSum())
    rest = total
    for k in range(20_000, 0, -1):
        rest = rest - sqrt(k)
    assert rest == 0
    assert math.isclose(float(total), math.fsum(math.sqrt(k) for k in range(1, 20_001)))
    again = pickle.loads(pickle.dumps(total))
    assert again == total


def test_a_float_needs_no_canonical_form() -> None:
    value = RadicalSum([(1, k) for k in range(1, 1000)])
    float(value)
    value.sign()
    assert value._squares is None


def test_radicands_chosen_against_the_residue_symbols() -> None:
    # All of them are 1 modulo the first primes that sort the classes, so that one split parts nothing.
    p, product = 10_000, 1
    for _ in range(16):
        p = int(sympy.nextprime(p))
        product *= p
    value = RadicalSum([((-1) ** k, 1 + k * product) for k in range(1, 400)])
    assert len(value.terms) == 399
    assert value - RadicalSum([((-1) ** k * 3, mpq(1 + k * product, 9)) for k in range(1, 400)]) == 0


# -- exchange -------------------------------------------------------------------------------------------


@given(sums)
def test_round_trips(value: RadicalSum) -> None:
    for again in (
        RadicalSum.from_json(value.to_json()),
        pickle.loads(pickle.dumps(value)),
        copy.deepcopy(value),
        eval(repr(value)),
    ):
        assert type(again) is RadicalSum
        assert again == value
        assert hash(again) == hash(value)
        assert again.to_json() == value.to_json()
    assert sympy.simplify(value.to_sympy() - by_sympy(value)) == 0
    assert sympy.sympify(str(value), locals={"sqrt": sympy.sqrt}, rational=True) == by_sympy(value)


def test_json_has_the_agreed_form() -> None:
    assert (2 * sqrt("13/4") - mpq(1, 3)).to_json() == {
        "terms": [["-1/3", "1"], ["1", "13"]],
        "decimal": "3.2722179421306559598",
    }
    assert RadicalSum.from_json({"terms": []}) == 0
    # Meaning, not form: any radicands, in any order, are read.
    assert RadicalSum.from_json({"terms": [["1", "8"], ["-2", "2"]], "decimal": "0"}) == 0


@pytest.mark.parametrize(
    "document",
    [
        None, "1/2", [], {}, {"terms": "1"}, {"terms": [["1"]]}, {"terms": [["1", "2", "3"]]},
        {"terms": [["1", 2]]},
        {"terms": [[0.5, "2"]]}, {"terms": [["1", "-2"]]}, {"terms": [["x", "2"]]}, {"terms": ["12"]},
        {"terms": [["1", "1e999999999"]]},
    ],
)  # fmt: skip
def test_broken_json_is_refused(document: object) -> None:
    with pytest.raises(InputError):
        RadicalSum.from_json(document)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (5, "^terms: pairs"),
        (None, "^terms: pairs"),
        ([1], r"^terms\[0\]: a pair"),
        ([(1, 2), (1, 2, 3)], r"^terms\[1\]: a pair"),
        ([(1, -2)], r"^terms\[0\]\[1\] = -2: it is negative"),
        ([(1, 2), (math.nan, 2)], r"^terms\[1\]\[0\] = nan"),
        ([(1, sqrt(2))], r"^terms\[0\]\[1\] = .*irrational"),
    ],
)
def test_bad_terms_are_refused_by_position(terms: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        RadicalSum(terms)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [-1, "x", math.inf, None, True, mpq(-1, 3), 1j])
def test_roots_of_what_has_none_are_refused(bad: object) -> None:
    with pytest.raises(InputError, match=r"^d = "):
        sqrt(bad)


def test_display() -> None:
    value = mpq(1, 2) - 3 * sqrt(5) / 2 + sqrt("1/7")
    assert str(value) == "1/2 - 3*sqrt(5)/2 + sqrt(7)/7"
    assert repr(value) == "RadicalSum([('1/2', '1'), ('-3/2', '5'), ('1/7', '7')])"
    assert value._repr_latex_() == r"$\frac{1}{2} - \frac{3 \sqrt{5}}{2} + \frac{\sqrt{7}}{7}$"
    assert (-sqrt(2))._repr_latex_() == r"$-\sqrt{2}$"
    assert (5 * sqrt(2) - 3)._repr_latex_() == r"$-3 + 5 \sqrt{2}$"
    assert sqrt("1/4")._repr_latex_() == r"$\frac{1}{2}$"
    assert RadicalSum()._repr_latex_() == "$0$"


def test_sums_beyond_the_interpreters_digit_limit() -> None:
    value = sqrt(mpq(mpz(10) ** 20_001 + 1)) / (mpz(7) ** 9000)
    assert RadicalSum.from_json(value.to_json()) == value
    assert eval(repr(value)) == value
    assert len(format_rational(value.terms[0][1])) > 4300


def test_the_terms_have_no_public_setter() -> None:
    with pytest.raises(AttributeError):
        sqrt(2).terms = ()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        sqrt(2).anything = 1  # type: ignore[attr-defined]


@given(value=sums, exponent=st.integers(0, 5))
def test_powers_are_products(value: RadicalSum, exponent: int) -> None:
    assert value**exponent == math.prod([value] * exponent, start=RadicalSum([(1, 1)]))


def test_powers() -> None:
    assert (1 + sqrt(2)) ** 10 == 3363 + 2378 * sqrt(2)
    assert sqrt(2) ** 1000 == 2**500
    assert RadicalSum() ** 0 == 1
    for exponent in (-1, 0.5, True, "2", mpq(2)):
        with pytest.raises(TypeError, match="unsupported operand"):
            sqrt(2) ** exponent
