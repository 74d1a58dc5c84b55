"""The checker's own arithmetic against the library's, and its cost."""

import random
import sys
from fractions import Fraction

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st
from oracle import NoProofError, affine_feasible, radical_feasible

import exactrelu as er
from exactrelu import checker
from exactrelu.arithmetic import RadicalSum
from exactrelu.certificates import interpolation
from exactrelu.functions import Dataset

DIGITS, BITS = 10**5, 4 * 10**5
small = st.fractions(min_value=-6, max_value=6, max_denominator=6)
radicands = st.fractions(min_value=0, max_value=40, max_denominator=6)


def q(value):
    return mpq(value.numerator, value.denominator)


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 60))
def test_sign_plus_root(a, b, d):
    assert checker.sign_plus_root(a, b, d) == RadicalSum([(a, 1), (b, d)]).sign()


@given(st.lists(st.tuples(small, radicands), min_size=1, max_size=8))
def test_sums_of_square_roots(terms):
    exact = RadicalSum([(q(c), q(d)) for c, d in terms])
    assert checker.sign_of_sum(terms, "x", BITS) == exact.sign()
    assert checker.is_zero(terms, "x", BITS) == (exact == 0)


@given(st.lists(st.tuples(small, radicands, st.integers(1, 200)), min_size=1, max_size=8), st.randoms())
def test_sums_that_cancel(terms, rng):
    """A sum minus the same sum with squares moved across the root."""
    moved = [(-c / k, d * k * k) for c, d, k in terms]
    rng.shuffle(moved)
    both = [(c, d) for c, d, _ in terms] + moved
    assert checker.is_zero(both, "x", BITS)
    assert checker.sign_of_sum(both, "x", BITS) == 0
    bumped = [*both, (Fraction(1, 10**50), Fraction(1))]
    assert not checker.is_zero(bumped, "x", BITS)
    assert checker.sign_of_sum(bumped, "x", BITS) == 1


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_class_key_is_an_invariant_of_the_square_class(d, k):
    assert checker.class_key(d) == checker.class_key(d * k * k)


def test_class_key_tells_most_radicands_apart():
    keys = {checker.class_key(d) for d in range(1, 1000) if all(d % (k * k) for k in range(2, 32))}
    assert len(keys) == sum(all(d % (k * k) for k in range(2, 32)) for d in range(1, 1000))


def verdict(test, *arguments):
    try:
        test(*arguments)
    except NoProofError:
        return False
    return True


def feasible(x, r, u, s):
    """Whether the dual is within its bound at two points and between them."""
    within = abs(r) <= 1 + x * x and abs(s) <= 1 + u * u
    return within and not checker.exceeds(checker.ray(x, r), checker.ray(u, s))


@given(small, small, small, small)
def test_gaps_with_square_roots(x, r, u, s):
    if x < u:
        r, s = r * abs(r), s * abs(s)
        found = feasible(x, r, u, s)
        assert found == verdict(radical_feasible, q(x), q(r), q(u), q(s))
        assert found == verdict(affine_feasible, q(x), _root(r), q(u), _root(s))


def _root(r):
    """The rational that a signed square of the test above stands for."""
    size = mpq(abs(r).numerator, abs(r).denominator)
    root = er.sqrt(size).as_rational()
    assert root is not None
    return root if r >= 0 else -root


@given(small, radicands, small, radicands, st.sampled_from([1, -1]), st.sampled_from([1, -1]))
def test_gaps_with_irrational_values(x, r, u, s, a, b):
    if x < u:
        found = feasible(x, a * r, u, b * s)
        assert found == verdict(radical_feasible, q(x), q(a * r), q(u), q(b * s))


@given(small, small, st.fractions(min_value=0, max_value=1, max_denominator=9), st.sampled_from([1, -1]))
def test_gaps_touched_inside(x, u, share, s):
    """The tangent at t is feasible; it touches at t, and anything larger is not feasible."""
    if x < u:
        t = x + share * (u - x)
        squares = [s * (1 + t * v) * abs(1 + t * v) / (1 + t * t) for v in (x, u)]
        assert feasible(x, squares[0], u, squares[1])
        inside = [checker.touches(s, t, v, r) for v, r in zip((x, u), squares, strict=True)]
        assert inside == [True, True]
        larger = [r * Fraction(10**30 + 1, 10**30) for r in squares]
        assert not feasible(x, larger[0], u, larger[1])
        assert not checker.touches(s, t, x, larger[0]) or not squares[0]


def random_certificate(n):
    rng = random.Random(n)
    x = [mpq(v, 1000) for v in sorted(rng.sample(range(-50 * n, 50 * n), n))]
    y = [mpq(rng.randint(-1000, 1000), rng.randint(1, 1000)) for _ in x]
    return er.min_norm_interpolant(x, y).certificate


def calls(certificate):
    """How many functions are called to check it: what it costs, on any machine."""
    count = 0

    def tally(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tally)
    try:
        report = er.check(certificate)
    finally:
        sys.setprofile(before)
    assert report
    return count


def test_10000_points_and_linear_time():
    small, large = calls(random_certificate(2_500)), calls(random_certificate(10_000))
    assert small < 2_500 * 500
    assert 3 * small < large < 4.1 * small


def test_long_numbers_are_read():
    text = "7" * 100_000
    assert checker.number(text, "x", DIGITS) == Fraction(7 * (10**100_000 - 1), 9)


def test_interpolation_of_many_kinks_in_one_gap():
    x, y = [0, 10**4], [0, 0]
    kinks = [(mpq(k, 7), (-1) ** k) for k in range(1, 20_000)]
    f = er.PiecewiseLinear.from_kinks(0, 0, kinks)
    data = Dataset.read(x, [y[0], f(x[1])])
    assert er.check(interpolation(data, f))


@pytest.mark.parametrize("value", [float("nan"), 1.5, 10**9, None, [], {}, True])
def test_numbers_are_strings(value):
    with pytest.raises(checker.MalformedError):
        checker.number(value, "x", DIGITS)
