"""From an iterate of the interior-point method to an interpolant and to multipliers of the data.

Any slopes at the data, with any kinks in the gaps that join them, belong to an interpolant.  So the
iterate only proposes: which gaps and data carry kinks, the slopes in between, and where two kinks share a
gap their locations; the rest follows from the data in their arithmetic (mpq or float).  In the same way
the multipliers are any numbers near those of the iterate, pulled slightly inside the dual feasible set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from exactrelu.interpolation.penalized_no_skip_cones import Iterate, Programme

Scalar = Any


class Grid(NamedTuple):
    """How fine to round."""

    near: Callable[[Scalar, Scalar], Scalar]  # (number, unit) -> number of the data's arithmetic nearby
    slope: Scalar  # the unit for slopes
    relative: Scalar  # the unit for locations, as a fraction of their distances
    flat: Scalar  # an affine part that varies by this fraction over the data counts as constant


class Kink(NamedTuple):
    """A slope change and how much of it belongs to units that are active left of the kink.

    ``c = 0`` with ``left ≠ 0`` stands for units ``σ(x - t)`` and ``σ(t - x)`` whose kinks cancel.
    """

    t: Scalar
    c: Scalar
    left: Scalar


@dataclass(slots=True)
class Support:
    """The neurons that matter in an iterate, as kinks."""

    gaps: list[list[Kink]]  # strictly inside each gap, in increasing order
    data: list[Kink]  # at each datum; c = 0 where there is none
    outer: tuple[Scalar, Scalar] | None  # (slope, intercept) of units with no kink between the data


class Function(NamedTuple):
    """``slope x + intercept + Σ c σ(x - t)`` over the kinks ``(t, c)``."""

    slope: Scalar
    intercept: Scalar
    kinks: list[tuple[Scalar, Scalar]]


def support(
    programme: Programme, it: Iterate, x: Sequence[Scalar], negligible: float, close: Scalar
) -> Support:
    """Read off the neurons: the vectors ``α e + β e'`` of the sectors whose constraints are active.

    A constraint counts as active where its multiplier exceeds its slack, as in the partition that the central
    path identifies (Goldman, Tucker).  Kinks that matter less than the fraction `negligible` of the cost are
    dropped; kinks in one gap within an angle of `close` become one.
    """
    n, k = programme.n, programme.n - 1
    problem, slack = programme.sectors, programme.slacks(it)
    weights, scale = problem.weights.tolist(), problem.scale
    zero = 0 * scale
    total = it.r.sum()
    # A slope that is off by c has to be made good at a cost of at most 2 c √(1+x²) at some datum.
    small = negligible * total * scale / max(weights)
    first_on, second_on = it.alpha > slack.first * total, it.beta > slack.second * total
    gaps: list[list[Kink]] = [[] for _ in range(k)]
    right, left = [zero] * n, [zero] * n
    slope = intercept = zero
    for row, j in np.argwhere(first_on | second_on).tolist():
        size = -scale if row else scale
        first = size * it.alpha[row, j] if first_on[row, j] else zero
        second = size * it.beta[row, j] if second_on[row, j] else zero
        i, leftward = (j, False) if j < k else (j - k, True)
        if j == 2 * k:
            p, q = first / weights[0], second / weights[-1]
            if first and second:
                slope, intercept = slope + p - q, intercept - p * x[0] + q * x[-1]
            else:
                right[0], left[-1] = right[0] + p, left[-1] + q
            continue
        p, q = first / weights[i], second / weights[i + 1]
        if first and second:
            c = p + q
            gaps[i].append(Kink((p * x[i] + q * x[i + 1]) / c, c, c if leftward else zero))
        elif leftward:
            left[i], left[i + 1] = left[i] + p, left[i + 1] + q
        else:
            right[i], right[i + 1] = right[i] + p, right[i + 1] + q
    # Units without an active datum, facing right at the last datum or left at the first, do nothing.
    right[-1] = left[0] = zero
    for i, kinks in enumerate(gaps):
        if len(kinks) > 1:
            kinks = _merged(sorted(kinks), close)
        gaps[i] = [
            kink if abs(kink.c) > small else kink._replace(c=zero)
            for kink in kinks
            if max(abs(kink.c), abs(kink.left)) > small
        ]
    data = [Kink(t, r + s, s) for t, r, s in zip(x, right, left, strict=True)]
    data = [Kink(kink.t, *(v if abs(v) > small else zero for v in kink[1:])) for kink in data]
    outer = (slope, intercept) if max(abs(slope), abs(intercept)) > small else None
    return Support(gaps, data, outer)


def _merged(kinks: list[Kink], close: Scalar) -> list[Kink]:
    """One kink in place of neighbours ``s, t`` whose directions ``(1, -s)``, ``(1, -t)`` are `close`.

    Between units that face the same way that costs the square of the angle, otherwise up to the angle.
    """
    out = [kinks[0]]
    for kink in kinks[1:]:
        last = out[-1]
        if (kink.t - last.t) ** 2 > close * close * (1 + kink.t * kink.t) * (1 + last.t * last.t):
            out.append(kink)
        else:
            out[-1] = Kink(last.t, last.c + kink.c, last.left + kink.left)
    return out


def function_from(
    found: Support, x: Sequence[Scalar], y: Sequence[Scalar], chords: Sequence[Scalar], grid: Grid
) -> Function:
    """The interpolant with the structure of `found`; its slopes are rounded to `grid`.

    Its values at the data are exact in exact arithmetic, whatever `found` says.
    """
    gaps, data = found.gaps, found.data
    left, right = _slopes(found, chords, grid)
    kinks: list[Kink] = []
    for i, inside in enumerate(gaps):
        if i:
            kinks += _share(data[i], right[i] - left[i], grid)
        kinks += [_straight(kink, grid) for kink in inside if not kink.c]
        bends = [kink for kink in inside if kink.c]
        if bends:
            kinks += _bend(bends, x[i], x[i + 1], chords[i], right[i], left[i + 1], grid)
    return _with_outer_kinks(found, x, y, right[0], left[-1], kinks, grid)


def _slopes(found: Support, chords: Sequence[Scalar], grid: Grid) -> tuple[list[Any], list[Any]]:
    """Slopes on the left and on the right of every datum (the outermost two are not set).

    A gap without kinks has the slope of its chord, at both ends; a datum without a kink has one slope.
    """
    gaps, data = [[kink for kink in kinks if kink.c] for kinks in found.gaps], found.data
    s = data[0].c - sum(kink.left for kinks in (data, *found.gaps) for kink in kinks)
    if found.outer is not None:
        s = s + found.outer[0]
    left: list[Any] = [None] * len(data)
    right: list[Any] = [None] * len(data)
    right[0] = grid.near(s, grid.slope) if gaps[0] else chords[0]
    for i in range(1, len(data)):
        before = gaps[i - 1]
        s = s + sum(kink.c for kink in before)
        left[i] = grid.near(s, grid.slope) if before else chords[i - 1]
        if i == len(data) - 1:
            break
        bends = data[i].c != 0
        if not gaps[i]:
            right[i] = chords[i]
            if before and not bends:
                left[i] = chords[i]
        else:
            right[i] = grid.near(s + data[i].c, grid.slope) if bends else left[i]
        s = s + data[i].c
    return left, right


def _share(proposed: Kink, change: Scalar, grid: Grid) -> list[Kink]:
    """The proposed kink with the slope change that it must have."""
    if not change:
        return [_straight(proposed._replace(c=change), grid)] if proposed.left and not proposed.c else []
    if not proposed.left:
        return [Kink(proposed.t, change, 0 * change)]
    if proposed.left == proposed.c:
        return [Kink(proposed.t, change, change)]
    return [Kink(proposed.t, change, grid.near(proposed.left, grid.slope))]


def _straight(proposed: Kink, grid: Grid) -> Kink:
    """Units whose kinks cancel, rounded."""
    t = grid.near(proposed.t, grid.relative * max(abs(proposed.t), 1))
    return Kink(t, 0 * grid.slope, grid.near(proposed.left, grid.slope))


def _bend(
    inside: list[Kink], a: Scalar, b: Scalar, chord: Scalar, p: Scalar, q: Scalar, grid: Grid
) -> list[Kink]:
    """Kinks that take the slope from `p` at ``a`` to `q` at ``b``, for a mean slope of `chord` between."""
    h = b - a
    middle: list[Kink] = []
    first, last = inside[0], inside[-1]
    if len(inside) > 1:
        fine = (last.t - first.t) * grid.relative
        places = [grid.near(kink.t, fine) for kink in inside]
        middle = [
            Kink(t, c, c if kink.left else 0 * c)
            for kink, t in zip(inside[1:-1], places[1:-1], strict=True)
            if (c := grid.near(kink.c, grid.slope))
        ]
        # Σ c = q - p and Σ c (b - t) = (chord - p) h, over all kinks of the gap.
        total = q - p - sum(kink.c for kink in middle)
        moment = (chord - p) * h - sum(kink.c * (b - kink.t) for kink in middle)
        # The larger of the outer two moves: an error e of the moment costs about e then, whereas in the slope
        # changes it would cost e over the distance of the two, which face each other where that is tiny.
        kept, moved, s = first, last, places[0]
        if abs(first.c) > abs(last.c):
            kept, moved, s = last, first, places[-1]
        c = grid.near(kept.c, grid.slope)
        rest = total - c
        if rest and a < s < b and a < (t := b - (moment - c * (b - s)) / rest) < b:
            return [*_share(kept._replace(t=s), c, grid), *middle, *_share(moved._replace(t=t), rest, grid)]
    c, left = sum(kink.c for kink in inside), sum(kink.left for kink in inside)
    # Where units face both ways the bend may be a small difference of theirs, and the place that data leave
    # for it far away, or none.  So the units stay, as if their kinks cancelled, and only the bend moves.
    facing = [] if left in (0, c) else [_straight(Kink(first.t, 0 * c, left), grid)]
    leftward = left and not facing
    if (p - chord) * (chord - q) > 0:
        # The lines through the data meet strictly inside the gap.
        bends = [((chord * h + p * a - q * b) / (p - q), q - p)]
    else:
        bends = [(a, chord - p), (b, q - chord)]
    return [*facing, *(Kink(t, c, c if leftward else 0 * c) for t, c in bends if c)]


def _with_outer_kinks(
    found: Support, x: Sequence[Scalar], y: Sequence[Scalar], slope: Scalar, last: Scalar, kinks: list[Kink],
    grid: Grid,
) -> Function:  # fmt: skip
    """The function on the whole line: between the data it begins with `slope` and has these kinks.

    With the units of the kinks taken off, an affine function is left between the data, which units with kinks
    outside, or at the outer data, have to provide.
    """
    intercept = y[0] - slope * x[0]
    pairs = [(kink.t, kink.c) for kink in kinks if kink.c]
    rest = slope + sum(kink.left for kink in kinks)
    at_zero = intercept - sum(kink.left * kink.t for kink in kinks)
    start, end, h = rest * x[0] + at_zero, rest * x[-1] + at_zero, x[-1] - x[0]
    both = found.outer is not None
    if found.outer is not None:
        a, b = found.outer
        reach = max(abs(x[0]), abs(x[-1]), 1)
        if abs(a) * reach <= abs(b) * grid.flat or abs(rest) * reach <= abs(at_zero) * grid.flat:
            # A constant, or nearly so, is not bent at all: its kink would be far away, for no gain.
            return Function(slope, intercept, pairs)
        if start * end > 0:
            t = -at_zero / rest
            c = abs(rest) if start > 0 else -abs(rest)
            pairs.append((t, c))
            if t < x[0]:
                slope, intercept = slope - c, intercept + c * t
            return Function(slope, intercept, pairs)
    if end and (both or found.data[0].c):
        c = end / h
        pairs.append((x[0], c))
        slope, intercept = slope - c, intercept + c * x[0]
    if start and (both or found.data[-1].c):
        pairs.append((x[-1], start / h))
    return Function(slope, intercept, pairs)


def multipliers(programme: Programme, it: Iterate, x: Sequence[Scalar], shrink: Scalar) -> list[Scalar]:
    """The multipliers of the data, times `shrink`: second differences of the dual function ``g_R``."""
    problem, n = programme.sectors, programme.n
    middle, turned = x[n // 2], problem.weights[n // 2]
    right, _ = programme.values(it.gamma, it.v)
    g = (right * problem.weights * shrink).tolist()
    # In the turned frame v = v_1 e_m - v_2 (x_m, 1)/√(1+x_m²); its second entry is the sum of the ν_i.
    slopes = [shrink * (it.v[0] * middle + it.v[1]) / turned]
    slopes += [(q - p) / (t - s) for p, q, s, t in zip(g, g[1:], x, x[1:], strict=False)]
    return [q - p for p, q in pairwise([*slopes, 0 * slopes[0]])]
