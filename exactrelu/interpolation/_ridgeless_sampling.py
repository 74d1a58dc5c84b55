"""Random ridgeless interpolants.

On a run of equal curvature signs (say +1) a ridgeless interpolant is a convex function through the data,
affine on both gaps around the run. Let ``l_k <= r_k`` be its slopes left and right of the datum ``x_k``
of the run and ``d_k`` the chord slope of the gap ``[x_k, x_{k+1}]``. Convexity means ``d_{k-1} <= l_k <=
r_k <= d_k``, where a gap is affine iff ``r_k = d_k`` iff ``l_{k+1} = d_k``. Conversely any such slopes
belong to a member: on a curved gap the two end lines meet strictly inside, and one kink there, or several
kinks with the same sum and the same centre of mass, join them. So the slopes can be drawn datum by datum,
directly as short rationals (drawing slope *changes* would add up denominators along the run).
"""

from __future__ import annotations

import random
from numbers import Integral
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.arithmetic import InputError

if TYPE_CHECKING:
    from exactrelu.functions import PiecewiseLinear
    from exactrelu.interpolation.ridgeless import RidgelessInterpolants

Kinks = list[tuple[mpq, mpq]]


def sample(members: RidgelessInterpolants, rng: Any) -> PiecewiseLinear:
    """A random member; see `RidgelessInterpolants.sample`."""
    source = random_source(rng)
    data = members.data
    if data.n == 1:
        # Every affine function through the point.
        from exactrelu.functions import PiecewiseLinear

        slope = mpq(source.randint(-64, 64), source.randint(1, 16))
        return PiecewiseLinear._make(slope, data.y[0] - slope * data.x[0], ())
    # The habits of this member; the extremes 0 and 1 reach the members that are all of one kind.
    affine = source.choice((0.0, 0.2, 0.5, 0.8, 1.0))
    smooth = source.choice((0.0, 0.5, 1.0))
    most = source.choice((1, 1, 2, 4))
    kinks: Kinks = []
    for start, stop in members.runs:
        _sample_run(members, start, stop, source, affine, smooth, most, kinks)
    return members._with_kinks(tuple(kinks))


def _sample_run(
    members: RidgelessInterpolants,
    start: int,
    stop: int,
    source: random.Random,
    affine: float,
    smooth: float,
    most: int,
    kinks: Kinks,
) -> None:
    x, d = members.data.x, members.data.slopes
    left_affine, right_before = True, d[start - 1]
    for k in range(start, stop):
        low, high = d[k - 1], d[k]
        # Fractions of the way from low to high: l = low iff the left gap is affine, r = high iff the right
        # one is, else strictly between; l = r is allowed wherever that leaves a choice.
        right_affine = k == stop - 1 or source.random() < affine
        if left_affine and right_affine:
            left, right = low, high
        elif left_affine:
            left = low
            right = low if source.random() < smooth else _between(low, high, source)
        elif right_affine:
            right = high
            left = high if source.random() < smooth else _between(low, high, source)
        else:
            left = _between(low, high, source)
            right = left if source.random() < smooth else _between(left, high, source)
        if not left_affine:
            _fill_gap(x[k - 1], x[k], right_before, low, left, source, most, kinks)
        if left != right:
            kinks.append((x[k], right - left))
        left_affine, right_before = right_affine, right


def _fill_gap(
    a: mpq, b: mpq, first: mpq, chord: mpq, last: mpq, source: random.Random, most: int, kinks: Kinks
) -> None:
    """Kinks strictly inside (a, b) that take the slope from `first` to `last` with mean `chord`."""
    change = last - first
    # The line from the left end with slope `first` meets that into the right end with slope `last`.
    corner = a + (b - a) * (last - chord) / change
    count = source.randint(1, most)
    if count == 1:
        kinks.append((corner, change))
        return
    # Points on both sides of the corner, with weights that put the centre of mass on the corner.
    lefts = sorted({_between(a, corner, source) for _ in range(count // 2)})
    rights = sorted({_between(corner, b, source) for _ in range(count - count // 2)})
    left_weights = [source.randint(1, 4) for _ in lefts]
    right_weights = [source.randint(1, 4) for _ in rights]
    left_moment = sum(w * (corner - t) for w, t in zip(left_weights, lefts, strict=True))
    right_moment = sum(w * (t - corner) for w, t in zip(right_weights, rights, strict=True))
    unit = change / (sum(left_weights) * right_moment + sum(right_weights) * left_moment)
    kinks += [(t, w * right_moment * unit) for w, t in zip(left_weights, lefts, strict=True)]
    kinks += [(t, w * left_moment * unit) for w, t in zip(right_weights, rights, strict=True)]


def _between(low: mpq, high: mpq, source: random.Random) -> mpq:
    """A short combination strictly between two different numbers (either way round)."""
    parts = source.choice((2, 2, 3, 4, 8, 64))
    return low + (high - low) * mpq(source.randint(1, parts - 1), parts)


def random_source(rng: Any) -> random.Random:
    """A ``random.Random`` made from what users pass as a source of randomness."""
    if isinstance(rng, random.Random):
        return rng
    if not isinstance(rng, bool) and isinstance(rng, Integral):
        return random.Random(int(rng))
    integers = getattr(rng, "integers", None)  # numpy.random.Generator, without importing numpy
    if integers is None:
        raise InputError(f"rng is {rng!r:.60}; pass a random.Random, a numpy Generator or an integer seed")
    return random.Random(int(integers(0, 2**63 - 1)))
