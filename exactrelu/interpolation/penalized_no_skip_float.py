"""The float64 fast path of the penalised-bias interpolant without skip connection.  Nothing is certified."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from exactrelu.arithmetic import Enclosure
from exactrelu.functions import Dataset, PiecewiseLinear
from exactrelu.functions.bias_path import excess_value
from exactrelu.interpolation import float_penalized
from exactrelu.interpolation.penalized_no_skip_cones import sectors
from exactrelu.interpolation.penalized_no_skip_interior_point import float_iterates
from exactrelu.interpolation.penalized_no_skip_rounding import Grid, function_from, support

Floats = NDArray[np.float64]

_EPSILON = 2.0**-52
_ZERO = mpq(0)


class FloatInterpolant(NamedTuple):
    """``slope x + intercept + Σ c σ(x - t)`` over the kinks, and its cost without skip connection."""

    slope: float
    intercept: float
    t: Floats
    c: Floats
    cost: float


def solve(x: Floats, y: Floats) -> FloatInterpolant:
    """A nearly minimal interpolant of data with strictly increasing `x`, ``n ≥ 1``.

    The cost is right to about ten digits.  Kinks may lie outside the data.

    Raises
    ------
    ArithmeticError, ValueError
        If slopes or other numbers leave the range of float64.

    Notes
    -----
    Where the minimiser with a skip connection needs none, its time; otherwise 10 to 60 iterations, each
    ``O(n)``.  These take place in multi-precision, some 20 times slower, where the data defeat float64: when
    they lie far from 0 compared with their spread, or straddle 0 at a scale far from 1.
    """
    n, size = len(x), float(np.abs(y).max())
    if size == 0:
        return FloatInterpolant(0.0, 0.0, np.empty(0), np.empty(0), 0.0)
    if n == 1:
        return _single(float(x[0]), float(y[0]))
    with np.errstate(all="ignore"):
        found, excess = minimiser_with_skip(x, y)
        if excess <= 1e-13 * found.cost:
            return found
        return _iterate(x, y / size, size) or _in_multiprecision(x, y)


def minimiser_with_skip(x: Floats, y: Floats) -> tuple[FloatInterpolant, float]:
    """The minimiser with a skip connection, with its cost there, and what it costs more without.

    Raises ArithmeticError or ValueError when numbers leave the range of float64.
    """
    with np.errstate(all="ignore"):
        slope, t, c, cost = float_penalized.solve(x, y)
    kinks = zip(map(mpq, t.tolist()), map(mpq, c.tolist()), strict=True)
    function = PiecewiseLinear._merge(mpq(slope), _ZERO, kinks)
    intercept = mpq(float(y[0])) - function(mpq(float(x[0])))
    excess = float(excess_value(function + intercept))
    return FloatInterpolant(slope, float(intercept), t, c, cost), excess


def _single(x: float, y: float) -> FloatInterpolant:
    """The unit ``y/(1+x²) σ(x · + 1)``."""
    norm = float(np.hypot(1.0, x))
    c = y / norm / norm
    if not x:
        return FloatInterpolant(0.0, c, np.empty(0), np.empty(0), abs(y))
    kink = np.array([-1 / x]), np.array([c * abs(x)])
    return FloatInterpolant(min(x, 0.0) * c, c if x < 0 else 0.0, *kink, abs(y) / norm)


def _iterate(x: Floats, y: Floats, size: float) -> FloatInterpolant | None:
    """The interior-point method in float64, on data divided by `size`; None where it does not get close."""
    xs, ys = x.tolist(), y.tolist()
    chords = (np.diff(y) / np.diff(x)).tolist()
    try:
        problem = sectors(xs, ys, chords, multiprecision=False)
        programme, iterates = float_iterates(problem, 1e-12)
    except ArithmeticError:
        return None
    if not iterates:
        return None
    dual, primal, error = programme.bounds(iterates[-1])
    if abs(primal - dual) + error > 1e-8 * dual:
        return None
    # Proposals below this fraction of the cost are noise of the iteration.
    neurons = support(programme, iterates[-1], xs, 1e-11 / len(xs), 1e-12)
    f = function_from(neurons, xs, ys, chords, Grid(lambda value, unit: value, 0.0, _EPSILON, 1e-8))
    t, c = _columns([(t, c) for t, c in f.kinks if c])
    cost = float((dual + primal) / 2 * problem.scale)
    return FloatInterpolant(f.slope * size, f.intercept * size, t, c * size, cost * size)


def _in_multiprecision(x: Floats, y: Floats) -> FloatInterpolant:
    from exactrelu.interpolation import penalized_no_skip

    found = penalized_no_skip.solve(Dataset.read(x, y), tolerance=mpq(1, 10**11))
    f, cost = found.function, found.cost
    t, c = _columns([(float(t), float(c)) for t, c in f.kinks])
    value = cost.midpoint if isinstance(cost, Enclosure) else cost
    return FloatInterpolant(float(f.slope), float(f.intercept), t, c, float(value))


def _columns(kinks: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    array: Floats = np.array(sorted(kinks)).reshape(-1, 2)
    return array[:, 0], array[:, 1]
