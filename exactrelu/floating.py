"""The float64 fast paths: arrays in, arrays out, no certificates.

>>> from exactrelu import floating
>>> f = floating.min_norm_interpolant([0, 1, 2, 3], [0, 0, 1, 3], penalize_bias=False)
>>> f.knots, f.changes, f.cost
(array([1.5]), array([2.]), 2.0)
>>> f([0, 1, 2, 3])
array([0., 0., 1., 3.])
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactrelu.arithmetic import InputError, rational, rationals
from exactrelu.arithmetic.options import check_flags
from exactrelu.functions import Dataset
from exactrelu.functions.dataset import unequal

__all__ = ["FloatInterpolant", "min_norm_interpolant"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FloatInterpolant:
    """Minimal-norm interpolants in float64: one function, or a batch with leading axes ``(...)``.

    Attributes
    ----------
    knots, changes : arrays of shape ``(..., k)``
        Kinks: locations in increasing order, and slope changes. In a batch, rows with fewer kinks than
        others hold entries with change 0, which are no kinks. With penalised biases and no skip, kinks may
        lie outside the data.
    slope, intercept : floats, or arrays of shape ``(...)``
        The left-most piece.
    cost : float, or array of shape ``(...)``
        The minimal representation cost.
    """

    knots: Floats
    changes: Floats
    slope: Any
    intercept: Any
    cost: Any
    # The data, from which values are taken: sums of many changes of slope would miss them.
    _data: tuple[Floats, Floats] = field(repr=False)

    def __call__(self, v: Any) -> Any:
        """Values at `v`: a float or an array of the shape of `v`; for a batch, of shape ``(...) + v.shape``.

        ``O(log n)`` a value. At the data, they are the given ones. InputError for what is no number.
        """
        points = _points(v)
        batch = self.knots.shape[:-1]
        rows = [self._row(index, points) for index in np.ndindex(batch)]
        values = np.array(rows).reshape(batch + points.shape)
        return float(values) if values.ndim == 0 else values

    def __getitem__(self, index: Any) -> FloatInterpolant:
        """One interpolant of a batch, or a part of the batch."""
        if self.knots.ndim == 1:
            raise TypeError("this is a single interpolant; only a batch can be indexed")
        slope, intercept, cost = (np.asarray(v)[index] for v in (self.slope, self.intercept, self.cost))
        knots, changes, data = (
            self.knots[index],
            self.changes[index],
            (self._data[0][index], self._data[1][index]),
        )
        if knots.ndim > 1:
            return FloatInterpolant(_frozen(knots), _frozen(changes), slope, intercept, cost, data)
        return _single(knots, changes, float(slope), float(intercept), float(cost), data)

    def _row(self, index: tuple[int, ...], points: Floats) -> Floats:
        x, y = self._data[0][index], self._data[1][index]
        t, c, slope = self.knots[index], self.changes[index], np.asarray(self.slope)[index]
        values = np.empty(points.shape)
        left, inside = points < x[0], (x[0] <= points) & (points <= x[-1])
        right = ~(left | inside)
        values[inside] = _between(x, y, t, c, points[inside])
        # With f'(u) = slope + Σ c [t < u], integrated from v to the first datum.
        v, far = points[left], t < x[0]
        values[left] = y[0] - slope * (x[0] - v) - (x[0] - np.maximum(v[:, None], t[far])) @ c[far]
        v, far = points[right], t >= x[-1]
        if len(x) > 1:
            last, h = (t > x[-2]) & ~far, x[-1] - x[-2]
            slope = (y[-1] - y[-2]) / h + c[last] @ ((t[last] - x[-2]) / h)
        else:
            slope = slope + c[~far].sum()
        values[right] = y[-1] + slope * (v - x[-1]) + np.maximum(v[:, None] - t[far], 0) @ c[far]
        return values


def _between(x: Floats, y: Floats, t: Floats, c: Floats, v: Floats) -> Floats:
    """Values at `v` between the data.

    In a gap ``[a, b]`` of length ``h``, ``f`` is the chord less ``Σ c (min(v, t) - a)(b - max(v, t))/h`` over
    its kinks: both sides bend alike, and agree at ``a`` and ``b``.
    """
    if len(x) == 1:
        return np.full(v.shape, y[0])
    i = np.clip(np.searchsorted(x, v, side="right") - 1, 0, len(x) - 2)
    a, b = x[i], x[i + 1]
    h = b - a
    share = (v - a) / h
    # The nearer datum first, so that the value at each is exact.
    values: Floats = np.where(
        share < 0.5, y[i] + share * (y[i + 1] - y[i]), y[i + 1] - (b - v) / h * (y[i + 1] - y[i])
    )
    k, stop = np.searchsorted(t, a, side="right"), np.searchsorted(t, b, side="left")
    while (here := np.flatnonzero(k < stop)).size:  # a gap has few kinks
        kink = t[k[here]]
        low, high = np.minimum(v[here], kink) - a[here], b[here] - np.maximum(v[here], kink)
        values[here] -= c[k[here]] * (low / h[here]) * high
        k = k + 1
    return values


def min_norm_interpolant(
    x: Any, y: Any, *, penalize_bias: bool = True, skip: bool = True
) -> FloatInterpolant:
    """A minimal-norm interpolant in float64, without a certificate; see `exactrelu.min_norm_interpolant`.

    Parameters
    ----------
    x, y : arrays of shape ``(n,)``, ``n >= 1``
        In any order; a repeated point counts once. Or a batch: both broadcast to a shape ``(..., n)``, and
        in each row all x differ.
    penalize_bias, skip : bool
        The variant.

    Raises
    ------
    InputError
        If entries are no finite numbers, the shapes do not fit, one x has two different y, or numbers
        are so large, so far apart or so close that the answer does not fit float64.

    Notes
    -----
    ``O(n)`` after sorting, in NumPy; with penalised biases, runs of three or more equal signs and the rows
    of a batch take a Python loop. With penalised biases and no skip, an interior-point method takes 10 to 60
    iterations of ``O(n)``, in Python, and its cost is right to about ten digits.

    >>> f = min_norm_interpolant([1], [2], skip=False)  # one unit, its kink left of the data
    >>> f.knots, f.slope, f.intercept, round(f.cost, 9)
    (array([-1.]), 0.0, 0.0, 1.414213562)
    """
    check_flags(penalize_bias=penalize_bias, skip=skip)
    xs, ys = _read(x, "x"), _read(y, "y")
    if xs.ndim == 1 and ys.ndim == 1:
        xs, ys = _sorted_points(xs, ys)
    else:
        xs, ys = _sorted_batch(xs, ys)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        dx, dy = np.diff(xs), np.diff(ys)
        if not np.isfinite(dx).all() or ((dy != 0) & (dy / dx == 0)).any():
            raise InputError("slopes between the data are too small for float64; use the exact solver")
        slope, intercept, knots, changes, cost = _solve(xs, ys, penalize_bias, skip)
    parts = {"slope": slope, "intercept": intercept, "cost": cost, "kink": knots, "slope change": changes}
    for name, value in parts.items():
        if not np.isfinite(value).all():
            raise InputError(f"the {name} of the interpolant does not fit float64; use the exact solver")
    data = _frozen(xs), _frozen(ys)
    if xs.ndim > 1:
        return FloatInterpolant(_frozen(knots), _frozen(changes), slope, intercept, cost, data)
    return _single(knots, changes, float(slope), float(intercept), float(cost), data)


def _solve(x: Floats, y: Floats, penalize_bias: bool, skip: bool) -> tuple[Any, Any, Floats, Floats, Any]:
    """Slope, intercept, kinks, slope changes and cost; of each row of a batch."""
    if not penalize_bias:
        from exactrelu.interpolation import float_free

        slope, knots, changes, cost = float_free.solve(x, y, skip=skip)
        return slope, y[..., 0] - slope * x[..., 0], knots, changes, cost
    one = _penalized if skip else _penalized_no_skip
    if x.ndim == 1:
        return one(x, y)
    shape = x.shape[:-1]
    found = {i: one(x[i], y[i]) for i in np.ndindex(shape)}
    slope, intercept, cost = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    # Entries that are no kinks go behind the last datum and the last kink, which keeps each row in order.
    changes = np.zeros((*shape, max(len(t) for _, _, t, _, _ in found.values())))
    knots = np.zeros(changes.shape)
    for i, (s, b, t, c, value) in found.items():
        slope[i], intercept[i], cost[i] = s, b, value
        knots[i] = max(x[i][-1], t[-1]) if len(t) else x[i][-1]
        knots[i][: len(t)], changes[i][: len(c)] = t, c
    return slope, intercept, knots, changes, cost


def _penalized(x: Floats, y: Floats) -> tuple[float, float, Floats, Floats, float]:
    from exactrelu.interpolation import float_penalized

    slope, t, c, cost = float_penalized.solve(x, y)
    return slope, float(y[0] - slope * x[0]), t, c, cost


def _penalized_no_skip(x: Floats, y: Floats) -> tuple[float, float, Floats, Floats, float]:
    from exactrelu.interpolation.penalized_no_skip_float import solve

    try:
        found = solve(x, y)
    except (ArithmeticError, ValueError):
        raise InputError("the interpolant does not fit float64; use the exact solver") from None
    return found.slope, found.intercept, found.t, found.c, found.cost


def _single(
    knots: Floats, changes: Floats, slope: float, intercept: float, cost: float, data: tuple[Floats, Floats]
) -> FloatInterpolant:
    kinks = changes != 0
    return FloatInterpolant(_frozen(knots[kinks]), _frozen(changes[kinks]), slope, intercept, cost, data)


def _frozen(array: Floats) -> Floats:
    array = array.copy()
    array.setflags(write=False)
    return array


def _read(values: Any, name: str) -> Floats:
    many = getattr(values, "ndim", 1) > 1  # an array, or a data frame
    array = _floats(
        np.asanyarray(values) if many or isinstance(values, np.ndarray) else _as_array(values, name), name
    )
    if array.ndim == 0:
        raise InputError(f"{name} is a single number; it must be a sequence of numbers")
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = ", ".join(map(str, bad[0]))
        raise InputError(f"{name}[{place}] is {array[tuple(bad[0])]} in float64; it must be a finite number")
    if not array.size:
        raise InputError("the data are empty; at least one point is needed")
    return array


def _points(v: Any) -> Floats:
    try:
        array = np.asanyarray(v)
    except ValueError:
        raise InputError("the rows of v are not all of the same length") from None
    return _floats(array, "v")


def _floats(array: NDArray[Any], name: str) -> Floats:
    if array.dtype.kind in "fiu" and not isinstance(array, np.ma.MaskedArray):
        return np.asarray(array).astype(np.float64)
    # The number boundary knows all kinds of numbers, and what to say about the rest.
    exact = rationals(array.reshape(-1), name=name) if array.ndim else (rational(array[()], name=name),)
    return np.array([_to_float(q) for q in exact], dtype=np.float64).reshape(array.shape)


def _as_array(values: Any, name: str) -> NDArray[Any]:
    if isinstance(values, str | bytes | Mapping | Set) or not isinstance(values, Iterable):
        raise InputError(f"{name} must be a sequence of numbers, not {values!r:.60}")
    items = list(values)
    nested = any(hasattr(item, "__len__") and not isinstance(item, str) for item in items)
    try:
        array = np.asarray(items, dtype=None if nested else object)
    except ValueError:
        raise InputError(f"the rows of {name} are not all of the same length") from None
    if not nested and all(type(item) in (float, int) for item in items):
        try:
            return array.astype(np.float64)
        except OverflowError:
            pass
    return array


def _to_float(q: Any) -> float:
    try:
        return float(q)
    except OverflowError:
        return float("inf") if q > 0 else float("-inf")


def _sorted_points(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if len(x) != len(y):
        raise InputError(unequal(len(x), len(y)))
    if (x[:-1] < x[1:]).all():
        return x, y
    order = np.argsort(x, kind="stable")
    x_sorted, y_sorted = x[order], y[order]
    same = x_sorted[:-1] == x_sorted[1:]
    if (same & (y_sorted[:-1] != y_sorted[1:])).any():
        Dataset.read(x.tolist(), y.tolist())  # which raises, naming the rows
    keep = np.concatenate([[True], ~same])
    return x_sorted[keep], y_sorted[keep]


def _sorted_batch(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    try:
        x, y = np.broadcast_arrays(x, y)
    except ValueError:
        raise InputError(f"x of shape {x.shape} and y of shape {y.shape} do not fit together") from None
    order = np.argsort(x, axis=-1, kind="stable")
    x, y = np.take_along_axis(x, order, axis=-1), np.take_along_axis(y, order, axis=-1)
    repeated = np.argwhere(x[..., :-1] == x[..., 1:])
    if len(repeated):
        row, place = tuple(repeated[0][:-1].tolist()), tuple(repeated[0].tolist())
        raise InputError(f"row {row} of the batch has x = {x[place]} twice; in a batch they must all differ")
    return x, y
