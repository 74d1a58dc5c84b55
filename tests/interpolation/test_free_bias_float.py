"""The float64 path of free biases against the exact solver, batches against single solves, bad input."""

import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import exactrelu as er
from exactrelu import floating
from exactrelu.strategies import datasets

skips = pytest.mark.parametrize("skip", [True, False])
EPS = np.finfo(float).eps


def as_floats(data):
    x, y = (np.array([float(v) for v in values]) for values in (data.x, data.y))
    assume(len(set(x.tolist())) == len(x))
    return x, y


@skips
@given(data=datasets())
def test_floats_agree_with_the_exact_solver(skip, data):
    x, y = as_floats(data)
    # Chord slopes have a relative error of a few units in the last place of the y that they subtract.
    with np.errstate(over="ignore"):
        steps = [(abs(b) + abs(a)) / h for a, b, h in zip(y, y[1:], np.diff(x), strict=False)]
        assume(sum(steps) * (np.abs(x).max() + 1) < 1e300)  # else refused: test_bad_input
    exact = er.min_norm_interpolant(x, y, penalize_bias=False, skip=skip)
    f = floating.min_norm_interpolant(x, y, penalize_bias=False, skip=skip)
    scale = 16 * EPS * (1 + sum(steps))
    assert abs(f.cost - float(exact.cost)) <= scale
    # A kink is where rounding puts it: an error of one ulp of t times the change of slope there.
    reach = np.abs(x).max() + 1
    assert np.abs(f(x) - y).max() <= 16 * EPS * (np.abs(y).max() + reach * (1 + sum(steps)))
    assert f.cost == pytest.approx(floating_cost(f, skip), rel=1e-9, abs=scale)


def floating_cost(f, skip):
    bends = np.abs(f.changes).sum()
    return bends if skip else max(bends, abs(2 * f.slope + f.changes.sum()))


@skips
@given(y=st.lists(st.integers(-8, 8), min_size=1, max_size=12))
def test_where_floats_are_exact_the_function_is_the_same(skip, y):
    exact = er.min_norm_interpolant(range(len(y)), y, penalize_bias=False, skip=skip)
    f = floating.min_norm_interpolant(np.arange(len(y)), np.array(y), penalize_bias=False, skip=skip)
    assert f.slope == float(exact.function.slope)
    assert f.intercept == float(exact.function.intercept)
    assert f.cost == float(exact.cost)
    assert f.changes.tolist() == [float(c) for _, c in exact.function.kinks]
    assert f.knots.tolist() == pytest.approx([float(t) for t, _ in exact.function.kinks], abs=1e-14)


@skips
@pytest.mark.parametrize("penalize_bias", [False, True])
def test_batches_are_single_solves(penalize_bias, skip):
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(4, 1, 9)), rng.integers(-3, 4, size=(4, 3, 9)) / 2
    batch = floating.min_norm_interpolant(x, y, penalize_bias=penalize_bias, skip=skip)
    assert batch.cost.shape == batch.slope.shape == batch.intercept.shape == (4, 3)
    assert (np.diff(batch.knots) >= 0).all()
    v = rng.normal(size=(2, 5))
    values = batch(v)
    assert values.shape == (4, 3, 2, 5)
    for i in range(4):
        for j in range(3):
            one = floating.min_norm_interpolant(x[i, 0], y[i, j], penalize_bias=penalize_bias, skip=skip)
            part = batch[i, j]
            assert (part.cost, part.slope, part.intercept) == (one.cost, one.slope, one.intercept)
            assert np.array_equal(part.knots, one.knots)
            assert np.array_equal(part.changes, one.changes)
            assert np.allclose(values[i, j], one(v))
            assert np.allclose(one(x[i, 0]), y[i, j])
    assert np.array_equal(batch[1].cost, batch.cost[1])
    with pytest.raises(TypeError, match="batch"):
        batch[0, 0][0]


def test_a_common_grid_for_many_targets():
    grid = np.arange(5)
    batch = floating.min_norm_interpolant(grid, [[0, 1, 4, 9, 16], [3, 3, 3, 3, 3]], penalize_bias=False)
    assert batch.cost.tolist() == [6, 0]
    assert batch(1.5).tolist() == pytest.approx([1.5, 3])


@pytest.mark.parametrize(
    ("x", "y", "cost"),
    [([3], [4], 0), ([1, 0, 1], [2, 1, 2], 0), (["1/2", "0.75", 1], [0, 1, 0], 8), ([0, 1, 2], [1, 1, 1], 0)],
)
def test_small_and_unsorted_input(x, y, cost):
    f = floating.min_norm_interpolant(x, y, penalize_bias=False)
    assert f.cost == cost
    assert isinstance(f.cost, float)
    assert isinstance(f(0), float)
    assert f([float(er.rational(v)) for v in x]).tolist() == y


def test_results_are_frozen():
    f = floating.min_norm_interpolant([0, 1, 2], [0, 0, 1], penalize_bias=False)
    with pytest.raises(AttributeError):
        f.cost = 0
    with pytest.raises(ValueError, match="read-only"):
        f.changes[0] = 0
    again = pickle.loads(pickle.dumps(f))
    assert again(1.5) == f(1.5) == 0.5


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1, float("nan")], [0, 1], r"x\[1\] is nan"),
        (np.array([1, np.inf]), [0, 1], r"x\[1\] is inf"),
        ([0, 1], [0, 10**400], r"y\[1\] is inf"),
        ([True, 2], [0, 1], r"x\[0\]"),
        ([1j, 2], [0, 1], r"x\[0\]"),
        (["a", 2], [0, 1], r"x\[0\]"),
        ("abc", [0, 1], "sequence of numbers"),
        ({0, 1}, [0, 1], "sequence of numbers"),
        (np.ma.array([0.5, 1], mask=[0, 1]), [0, 1], r"x\[1\] = masked"),
        (np.array([0, 1], dtype="m8[ns]"), [0, 1], "a duration is not a number"),
        (3, [0, 1], "sequence of numbers"),
        (np.array(3.0), [0, 1], "single number"),
        ([], [], "empty"),
        ([0, 1, 2], [0, 1], "3 entries"),
        ([0], [0, 1], "x has 1 entry and y has 2"),
        ([0, 0], [0, 1], "rows 0 and 1"),
        ([[0, 1], [2]], [0, 1], "same length"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "do not fit"),
        ([[0, 0, 1]], [[1, 1, 1]], "twice"),
        ([0, 1e-300], [0, 1e200], "does not fit float64"),
        ([-1.7e308, 1.7e308], [0, 1], "too small for float64"),
        ([-1e300, 1e300, 2e300], [0, 1e-40, -1e-40], "too small for float64"),
    ],
)
def test_bad_input(x, y, message):
    with pytest.raises(er.InputError, match=message):
        floating.min_norm_interpolant(x, y, penalize_bias=False)


@pytest.mark.parametrize("penalize_bias", [False, True])
def test_data_far_from_the_others(penalize_bias):
    # Kinks near the right ends of gaps that are longer than all else: rounding would carry them elsewhere.
    x = np.array([-5e200, -1e180, -3.0, -1.0, 0.0, 1.0, 3.0, 4e210])
    y = 1 / (1 + np.minimum(np.abs(x), 1e100) ** 2)
    f = floating.min_norm_interpolant(x, y, penalize_bias=penalize_bias)
    assert (np.diff(f.knots) > 0).all()
    assert f(x).tolist() == y.tolist()
    exact = er.min_norm_interpolant(x, y, penalize_bias=penalize_bias).function
    assert f.knots == pytest.approx([float(t) for t in exact.knots], rel=1e-12)
    v = np.linspace(-4, 4, 33)
    assert f(v) == pytest.approx(exact(v).astype(float), rel=1e-12)


def test_many_changes_of_slope_do_not_add_up_their_errors():
    x = np.linspace(-3, 3, 20_000)
    y = np.random.default_rng(0).normal(size=len(x))
    f = floating.min_norm_interpolant(x, y, penalize_bias=False)
    assert f(x).tolist() == y.tolist()
    middles = (x[1:] + x[:-1]) / 2
    exact = er.min_norm_interpolant(x, y, penalize_bias=False).function(middles)
    assert f(middles) == pytest.approx(exact.astype(float), abs=1e-11)


def test_values_are_asked_for_at_numbers_of_all_kinds():
    f = floating.min_norm_interpolant([0, 1, 2], [0, 0, 1], penalize_bias=False)
    assert f("3/2") == f(er.rational("1.5")) == 0.5
    assert f(["3/2", "-1"]).tolist() == f(np.array([1.5, -1], dtype=object)).tolist() == [0.5, 0]
    assert np.isnan(f(np.array([np.nan, 1.5]))).tolist() == [True, False]
    for v in ("1_0", None, "x", 1j, True, [1, "x"], [[1], [1, 2]], np.ma.array([0.5, 1], mask=[0, 1])):
        with pytest.raises(er.InputError, match=r"v|number"):
            f(v)
