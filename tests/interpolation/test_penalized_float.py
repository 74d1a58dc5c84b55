"""The float path against the exact one, and its behaviour on data sets too large for anything exact."""

import numpy as np
import pytest
from hypothesis import assume, given

import exactrelu as er
from exactrelu.interpolation.float_penalized import solve
from exactrelu.strategies import datasets


@given(datasets(min_size=1, max_size=15))
def test_float_and_exact_agree(data):
    x, y = np.array([float(v) for v in data.x]), np.array([float(v) for v in data.y])
    assume(np.all(np.diff(x) > 0))
    assume(np.all(np.isfinite(y)))
    # Chord slopes carry the cancellation that is in the data; it is the scale of what floats can know.
    with np.errstate(over="ignore"):
        size = np.max(np.abs(y)) / np.min(np.diff(x), initial=1.0) * np.hypot(1.0, np.max(np.abs(x)))
    assume(size < 1e300)
    exact = er.min_norm_interpolant(x, y)  # of what the floats hold
    slope, t, c, cost = solve(x, y)
    assert cost == pytest.approx(float(exact.cost), rel=1e-9, abs=1e-12 * size)
    assert np.all(np.diff(t) > 0) or len(t) < 2
    values = (
        y[0] + slope * (x - x[0]) + np.maximum(x[:, None] - t, 0) @ c if len(t) else y[0] + slope * (x - x[0])
    )
    assert values == pytest.approx(y, rel=1e-6, abs=1e-9 * size * (1 + x[-1] - x[0]))


@pytest.mark.parametrize("kind", ["random", "sin", "square", "noisy-convex"])
def test_large_data_take_seconds(kind):
    n = 100_000
    rng = np.random.default_rng(0)
    x = np.linspace(-3, 3, n)
    y = {
        "random": lambda: rng.normal(size=n),
        "sin": lambda: np.sin(x),
        "square": lambda: x * x,
        "noisy-convex": lambda: np.cumsum(np.cumsum(rng.exponential(size=n))) / n,
    }[kind]()
    _, t, c, cost = solve(x, y)
    assert len(t) <= n - 2
    assert np.all(np.diff(t) >= 0)
    total = np.sum(np.abs(np.diff(np.diff(y) / np.diff(x))))  # the cost lies between TV(f') and √10 times it
    assert total * (1 - 1e-9) <= cost <= np.sqrt(10) * total
    assert cost == pytest.approx(np.sum(np.abs(c) * np.hypot(1, t)))


def test_smooth_data_agree_with_the_certified_approximation():
    x = np.linspace(0, 10, 2000)
    y = np.sin(x)
    certified = er.min_norm_interpolant(x, y, tolerance="1e-20")
    assert solve(x, y)[3] == pytest.approx(float(certified.cost.midpoint), rel=1e-9)


def test_convex_data_far_from_zero():
    # Neighbouring lines of the dual plane differ by angles of 2.5e-17 here.
    x = np.array([-100000003.5 + k / 4 for k in range(8)])
    y = np.array([k * k / 16 for k in range(8)])
    assert solve(x, y)[3] == pytest.approx(float(er.min_norm_interpolant(x, y).cost), rel=1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e-160, 1e155, 1e200, 1e300])
@pytest.mark.parametrize("x", [np.arange(-20.0, 21.0), np.array([-40.0, 1.0, 2.0, 3.0, 4.0])])
def test_numbers_whose_products_leave_the_range_of_floats(scale, x):
    """A wave in the second data set; the answer scales with y."""
    slope, t, c, cost = solve(x, x * x)
    scaled_slope, scaled_t, scaled_c, scaled_cost = solve(x, x * x * scale)
    assert scaled_t == pytest.approx(t, rel=1e-9)
    assert scaled_c / scale == pytest.approx(c, rel=1e-9)
    assert (scaled_slope / scale, scaled_cost / scale) == pytest.approx((slope, cost), rel=1e-9)
    assert cost == pytest.approx(float(er.min_norm_interpolant(x, x * x).cost), rel=1e-12)
