"""`exactrelu.floating` with penalised biases and no skip, against certified bounds."""

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

import exactrelu as er
from exactrelu import floating

sixteenths = st.integers(-64, 64).map(lambda k: k / 16)


@st.composite
def well_scaled(draw):
    """Points on the grid of sixteenths in [-4, 4]²."""
    x = sorted(draw(st.sets(sixteenths, min_size=1, max_size=8)))
    return x, draw(st.lists(sixteenths, min_size=len(x), max_size=len(x)))


def solve(x, y):
    return floating.min_norm_interpolant(x, y, skip=False)


@settings(max_examples=60)
@given(data=well_scaled())
def test_floats_agree_with_the_certified_enclosure(data):
    x, y = data
    f = solve(x, y)
    cost = er.min_norm_interpolant(x, y, skip=False, tolerance=mpq(1, 10**12)).cost
    low, high = (cost.lower, cost.upper) if isinstance(cost, er.Enclosure) else (cost, cost)
    assert float(low) * (1 - 1e-8) <= f.cost <= float(high) * (1 + 1e-8)
    assert np.abs(f(x) - y).max() <= 1e-9 * (1 + f.cost)
    assert (np.diff(f.knots) >= 0).all()
    # The function returned has the cost stated, without skip connection.
    kinks = list(zip(f.knots.tolist(), f.changes.tolist(), strict=True))
    exact = er.PiecewiseLinear.from_kinks(f.slope, f.intercept, kinks)
    assert float(er.representation_cost(exact, skip=False)) == pytest.approx(f.cost, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize(("x", "knot"), [(2.0, -0.5), (-2.0, 0.5), (0.5, -2.0), (-0.25, 4.0)])
def test_kinks_outside_the_data(x, knot):
    # One point: the unit y/(1+x²) σ(x · + 1), with its kink on the other side of 0.
    f = solve([x], [3])
    assert f.knots.tolist() == [knot]
    assert f.cost == pytest.approx(3 / np.hypot(1, x))
    v = np.array([-5, knot, x, 0, 5])
    unit = 3 / (1 + x * x) * np.maximum(x * v + 1, 0)
    assert f(v) == pytest.approx(unit, abs=1e-14)
    assert f(0) == pytest.approx(3 / (1 + x * x))


def test_without_kinks():
    f = solve([0], [3])
    assert (f.knots.size, f.slope, f.intercept, f.cost, f(7)) == (0, 0, 3, 3, 3)
    assert solve([1, 2], [0, 0]).cost == 0


def test_a_batch_is_single_solves():
    x = np.array([[2.0, 3, 5], [-2, 0, 1], [-5, -4, -1]])
    y = np.array([[[3.0, 3, 3]], [[0, 0, 0]], [[1, -1, 2]]])
    batch = floating.min_norm_interpolant(x, y, skip=False)
    assert batch.cost.shape == (3, 3)
    v = np.linspace(-9, 9, 37)
    values = batch(v)
    outside = 0
    for i, j in np.ndindex(3, 3):
        one = solve(x[j], y[i, 0])
        outside += (one.knots < x[j][0]).any() or (one.knots > x[j][-1]).any()
        assert (batch[i, j].cost, batch[i, j].intercept) == (one.cost, one.intercept)
        assert np.array_equal(batch[i, j].knots, one.knots)
        assert np.allclose(values[i, j], one(v))
        assert np.allclose(one(x[j]), y[i, 0])
    assert outside
    assert (np.diff(batch.knots) >= 0).all()


def test_values_at_the_data_are_the_given_ones():
    # A constant and hinges: noise of its slope was a kink at -4.5e14, and values taken from there were off.
    x = [-2.5, -5 / 3, -1.2, -1.0, -0.75, -2 / 3, 0.0, 1.5]
    y = [2.0, 1 / 3, -0.6, -1.2, -2.2, -157 / 60, -317 / 60, -587 / 60]
    f = solve(x, y)
    assert f(x).tolist() == y
    assert f.knots[0] > -2
    exact = er.min_norm_interpolant(x, y, skip=False).function
    assert exact.knots[0] > -2
    v = np.linspace(-5, 5, 101)
    assert f(v) == pytest.approx(exact(v).astype(float), abs=1e-4)


@pytest.mark.parametrize(
    ("x", "y"), [([0, 1e-300], [0, 1e200]), ([0, 1e-308, 1], [0, 1e308, 0]), ([0, 1], [-1e308, 1e308])]
)
def test_answers_beyond_float64(x, y):
    with pytest.raises(er.InputError, match="does not fit float64"):
        solve(x, y)


@pytest.mark.parametrize("option", ["skip", "penalize_bias"])
def test_options_are_booleans(option):
    with pytest.raises(er.InputError, match=f"{option} is 'no'; it must be True or False"):
        floating.min_norm_interpolant([0, 1], [0, 1], **{option: "no"})
