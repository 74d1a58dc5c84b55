"""The exact penalised-bias interpolant: worked examples, laws, degenerate data, outside solvers."""

import math

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import assume, given
from hypothesis import strategies as st

import exactrelu as er
from exactrelu.functions import Dataset
from exactrelu.strategies import datasets
from tests.peers import penalized_skip_clarabel

WORKED = [
    ([0, 1, 2, 3], [0, 0, 1, 3], [("3/2", 2)], er.sqrt(13)),
    ([0, 1, 2, 3, 4], [0, 0, 1, 3, 6], [("28/19", "19/10"), ("32/11", "11/10")], er.sqrt(1145) / 5),
    (
        range(-3, 4),
        [9, 4, 1, 0, 1, 4, 9],
        [("-7/4", "8/3"), ("-4/7", "7/3"), ("4/7", "7/3"), ("7/4", "8/3")],
        2 * er.sqrt(65),
    ),
    (["-100/7", "-40/7", "20/7"], [4, "5/4", 3], [("-7/20", "630/449")], 63 / mpq(898) * er.sqrt(449)),
    # The mirror image: the kink lies in the first gap.
    (["-20/7", "40/7", "100/7"], [3, "5/4", 4], [("7/20", "630/449")], 63 / mpq(898) * er.sqrt(449)),
    # A touch that fixes the dual at a datum where the function passes straight through, next to the wide gap.
    ([0, 1, 2, 3, 4], [0, 0, 0, 1, 2], [(2, 1)], er.sqrt(5)),
]


@pytest.mark.parametrize(("x", "y", "kinks", "cost"), WORKED)
def test_worked_examples(x, y, kinks, cost):
    s = er.min_norm_interpolant(list(x), y)
    assert s.function.kinks == tuple((er.rational(t), er.rational(c)) for t, c in kinks)
    assert s.cost == cost
    assert s.is_exact
    assert s.is_unique
    assert er.check(s.certificate).accepted


def test_two_points_give_their_chord_and_one_point_its_constant():
    two = er.min_norm_interpolant([1, 3], [0, 4])
    assert (two.function.slope, two.function.intercept, two.function.kinks, two.cost) == (2, -2, (), 0)
    assert two.is_unique
    one = er.min_norm_interpolant([5], ["1/3"])
    assert (one.function.slope, one.function.intercept, one.cost, one.is_unique) == (0, mpq(1, 3), 0, False)
    for s in (one, two):
        assert er.check(s.certificate).accepted


@given(datasets(min_size=1, max_size=12))
def test_it_interpolates_at_its_cost_and_the_checker_accepts(data):
    s = er.min_norm_interpolant(data.x, data.y)
    assert tuple(s.function(v) for v in data.x) == data.y
    assert s.cost == er.weighted_total_variation(s.function)
    assert len(s.function.kinks) <= max(0, data.n - 2)
    report = er.check(s.certificate)
    assert report.accepted, report.message
    assert s.uniqueness_certificate.claim == ("uniqueness" if data.n > 1 else "non_uniqueness")
    assert er.check(s.uniqueness_certificate).accepted


@given(
    datasets(min_size=2, max_size=9),
    st.fractions(-3, 3, max_denominator=9),
    st.fractions(-3, 3, max_denominator=9),
)
def test_laws(data, a, b):
    s = er.min_norm_interpolant(data.x, data.y)
    affine = er.PiecewiseLinear.from_kinks(a, b, [])
    moved = er.min_norm_interpolant(data.x, [v + affine(u) for u, v in zip(data.x, data.y, strict=True)])
    assert moved.function == s.function + affine
    assert moved.cost == s.cost
    scaled = er.min_norm_interpolant(data.x, [mpq(a) * v for v in data.y])
    assert scaled.function == mpq(a) * s.function
    assert scaled.cost == abs(mpq(a)) * s.cost
    mirrored = er.min_norm_interpolant([-v for v in data.x], data.y)
    assert mirrored.function.kinks == tuple((-t, c) for t, c in reversed(s.function.kinks))


@given(datasets(min_size=3, max_size=8), st.fractions(0, 1, max_denominator=7))
def test_points_on_the_minimiser_do_not_change_it(data, where):
    s = er.min_norm_interpolant(data.x, data.y)
    v = data.x[0] + mpq(where) * (data.x[-1] - data.x[0])
    more = er.min_norm_interpolant([*data.x, v], [*data.y, s.function(v)])
    assert more.function == s.function
    assert more.cost == s.cost
    assert er.check(more.certificate).accepted


@given(datasets(min_size=3, max_size=10))
def test_clarabel_agrees(data):
    x, y = np.array([float(v) for v in data.x]), np.array([float(v) for v in data.y])
    assume(np.all(np.diff(x) > 0))
    assume(np.max(np.abs(x)) < 1e3)
    assume(np.min(np.diff(x)) > 1e-3)
    exact = er.min_norm_interpolant(x, y)
    steepest = max(map(abs, exact.data.slopes))  # floats lose 1e-15 of it on a line
    scale = float(max(map(abs, exact.data.curvatures)) + steepest / 10**8) * math.hypot(1, np.max(np.abs(x)))
    assert penalized_skip_clarabel(x, y) == pytest.approx(
        float(exact.cost), rel=1e-6, abs=1e-9 + 1e-7 * scale
    )


def test_smooth_data_need_long_numbers_and_still_come_out_exact():
    x = [k / 40 for k in range(80)]
    s = er.min_norm_interpolant(x, [math.exp(v) for v in x])
    assert max(t.denominator.bit_length() for t, _ in s.function.kinks) > 5000
    assert len(s.cost.terms) == 1  # a single part
    assert er.check(s.certificate).accepted


def test_budgets_stop_hopeless_runs_with_advice():
    x = [k / 16 for k in range(200)]
    y = [math.exp(v) for v in x]
    with pytest.raises(er.BudgetExceeded, match=r"more than 500 bits; .* tolerance"):
        er.min_norm_interpolant(x, y, max_bits=500)
    with pytest.raises(er.BudgetExceeded, match=r"within 0\.0001 seconds; .* tolerance"):
        er.min_norm_interpolant(x, y, timeout=0.0001)
    assert er.min_norm_interpolant([0, 1, 2, 3], [0, 0, 1, 3], max_bits=50, timeout=60).is_exact
    # Slope, intercept, a kink at a datum and its slope change count, too; the last answer is 3/2: 2.
    for x, y in (([0, 1], [0, 2**50]), ([0, 1], [2**50, 2**50]), ([0, 2**50, 2**51], [0, 0, 2**50])):
        with pytest.raises(er.BudgetExceeded, match="more than 50 bits"):
            er.min_norm_interpolant(x, y, max_bits=50)
    assert er.min_norm_interpolant([0, 1, 2, 3], [0, 0, 1, 3], max_bits=2).function.knots == (1.5,)


def test_huge_and_tiny_scales():
    for scale in (mpq(10) ** 40, mpq(10) ** -40):
        data = Dataset.read([scale * v for v in (-3, -1, 2, 4, 5)], [1, 0, 5, 7, 1])
        s = er.min_norm_interpolant(data.x, data.y)
        assert er.check(s.certificate).accepted
