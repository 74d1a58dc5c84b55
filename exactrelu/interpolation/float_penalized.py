"""The float64 fast path of the penalised-bias interpolant with a free skip connection.

The same mathematics as `exactrelu.dualplane` in other words: unit complex numbers for directions, short
runs all at once in NumPy, only runs of three or more data in a loop.  Nothing is certified.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from exactrelu.interpolation.float_free import centre_of_mass

Floats = NDArray[np.float64]
Arrays = tuple[float, Floats, Floats, float]

_WAVE = -1


def solve(x: Floats, y: Floats) -> Arrays:
    """First slope, kink locations, slope changes and cost for data with strictly increasing `x`.

    Near-linear time on any data: amortised a constant number of float operations a datum.
    """
    n = len(x)
    if n == 1:
        return 0.0, np.empty(0), np.empty(0), 0.0
    chords = np.diff(y) / np.diff(x)
    first = float(chords[0])
    curvature = np.diff(chords)
    sign = np.sign(curvature)
    starts = np.flatnonzero((sign != 0) & (sign != np.concatenate(([0.0], sign[:-1])))) + 1
    stops = np.flatnonzero((sign != 0) & (sign != np.concatenate((sign[1:], [0.0])))) + 1
    length = stops - starts + 1
    wave_first = len(starts) > 0 and starts[0] == 1 and x[0] * x[1] < -1
    wave_last = len(starts) > 0 and stops[-1] == n - 2 and x[-2] * x[-1] < -1
    long = length > 2
    if wave_first:
        long[0] = True
    if wave_last:
        long[-1] = True

    # One datum: the kink is there.  Two: one kink where the lines of the neighbouring gaps meet.
    one = starts[(length == 1) & ~long]
    two = starts[(length == 2) & ~long]
    where = [x[one], centre_of_mass(x[two], x[two + 1], curvature[two - 1], curvature[two])]
    change = [curvature[one - 1], curvature[two - 1] + curvature[two]]
    xs, cs = x.tolist(), np.abs(curvature).tolist()
    t_long: list[float] = []
    c_long: list[float] = []
    for i, j, at_start, at_end in zip(
        starts[long].tolist(),
        stops[long].tolist(),
        *_ends(int(long.sum()), wave_first, wave_last),
        strict=True,
    ):
        locations, bends = xs[i - 1 : j + 2], cs[i - 1 : j]
        if at_end:
            locations, bends = [-v for v in reversed(locations)], bends[::-1]
        t_run, c_run = _solve_run(locations, bends, wave=at_start or at_end)
        if at_end:
            t_run = [-t for t in t_run]
        t_long += t_run
        c_long += c_run if sign[i - 1] > 0 else [-c for c in c_run]
    t = np.concatenate([*where, np.array(t_long)])
    c = np.concatenate([*change, np.array(c_long)])
    order = np.argsort(t, kind="stable")
    t, c = t[order], c[order]
    if wave_first and t[0] < x[1]:
        first -= float(c[0] * (x[1] - t[0]) / (x[1] - x[0]))
    return first, t, c, float(np.sum(np.abs(c) * np.hypot(1.0, t)))


def _ends(count: int, wave_first: bool, wave_last: bool) -> tuple[list[bool], list[bool]]:
    at_start, at_end = [False] * count, [False] * count
    if wave_first:
        at_start[0] = True
    if wave_last:
        at_end[-1] = True
    return at_start, at_end


def _solve_run(x: list[float], bends: list[float], *, wave: bool) -> tuple[list[float], list[float]]:
    # Portals have length |κ| √(1+x²) and turn by Δθ. Its sine from the difference: nothing cancels.
    grid = np.array(x)
    norms = np.hypot(1.0, grid)
    reach = 1.0 / norms
    cosines = reach[:-1] * reach[1:] + (grid[:-1] * reach[:-1]) * (grid[1:] * reach[1:])
    turns: list[complex] = (cosines + 1j * (np.diff(grid) * reach[:-1] * reach[1:])).tolist()
    # Longest portal 1: the unfolded path is the same on any scale, and products of lengths stay in range.
    unit = max(bends)
    portals = np.array(bends) / unit * norms[1:-1]
    longest = float(portals.max())
    lengths = (portals / longest).tolist()
    parents = _taut_parents(turns, lengths, wave)
    path = [len(bends)]
    while path[-1] > 0:
        path.append(parents[path[-1]])
    path.reverse()
    t_out: list[float] = []
    c_out: list[float] = []
    for g, h in pairwise(path):
        if h == g + 1:
            if g != _WAVE:
                t_out.append(x[h])
                c_out.append(bends[h - 1])
            continue
        p, changes = _crossings(turns, lengths, g, h)
        # Fractions of each portal on the two sides of the crossing give the slopes less the chords'.
        left = p * (longest / float(norms[0])) * unit if g == _WAVE else -bends[g]
        for k, (before, after) in enumerate(changes, g + 1 if g != _WAVE else 0):
            right = bends[k] * before
            change = right - left
            if change > 0:  # otherwise the path passes the gap at its chord
                a, b = x[k], x[k + 1]  # as in `centre_of_mass`
                t_out.append(a + right / change * (b - a) if right <= -left else b + left / change * (b - a))
                c_out.append(change)
            left = -bends[k] * after
    return t_out, c_out


def _taut_parents(turns: list[complex], lengths: list[float], wave: bool) -> list[int]:
    """`exactrelu.dualplane.taut_parents` in complex floats; the first portal points along the real axis."""
    count = len(lengths) + 1
    parents = [0] * count
    position = [0j] * count
    shift, apex, base = (1, _WAVE, 0) if wave else (0, 0, 0)
    right: deque[int] = deque()
    left: deque[int] = deque([0] if wave else [])
    direction = turns[0].conjugate() if wave else 1 + 0j
    for k in range(1, count):
        on_left = (k + shift) % 2 == 1
        here = position[k] = position[k - 1] + lengths[k - 1] * direction
        direction *= turns[k] if not on_left else turns[k].conjugate()
        own, other = (left, right) if on_left else (right, left)
        while own:
            corner = position[own[-1]]
            if len(own) == 1 and apex == _WAVE:
                bend = (here - corner).real  # the wave leaves the real axis in direction -i
            else:
                back = position[own[-2] if len(own) > 1 else apex]
                bend = ((corner - back).conjugate() * (here - corner)).imag
            if bend >= 0 if on_left else bend <= 0:
                break
            own.pop()
        if not own:
            while other:
                corner = position[other[0]]
                if apex == _WAVE:
                    bend = (here - corner).real
                else:
                    bend = ((corner - position[apex]).conjugate() * (here - corner)).imag
                if bend > 0 if on_left else bend < 0:
                    break
                apex = other.popleft()
        parents[k] = own[-1] if own else apex
        own.append(k)
        if apex - base > 16 and 2 * (apex - base) > k - base:  # keep rounding errors local
            base = apex
            position[base] = 0j
            direction = 1 + 0j
            turn_left = (base + shift) % 2 == 1
            for j in range(base + 1, k + 1):
                position[j] = position[j - 1] + lengths[j - 1] * direction
                direction *= turns[j] if turn_left else turns[j].conjugate()
                turn_left = not turn_left
    return parents


def _crossings(
    turns: list[complex], lengths: list[float], g: int, h: int
) -> tuple[float, list[tuple[float, float]]]:
    """Where the segment from chord `g` to chord `h` crosses the portals: fractions before and after.

    For the wave also the foot on the first line, along it from chord 0.
    """
    if g == _WAVE:
        start, direction = 0, turns[0].conjugate()
        left = True
    else:
        start, direction = g, 1 + 0j
        left = False
    position = [0j]
    for k in range(start, h):
        position.append(position[-1] + lengths[k] * direction)
        direction *= turns[k + 1] if left else turns[k + 1].conjugate()
        left = not left
    target = position[-1]
    if g == _WAVE:
        offsets = [v.real - target.real for v in position]
    else:
        offsets = [(v.conjugate() * target).imag for v in position]
    fractions = []
    for a, b in pairwise(offsets):
        fractions.append((a / (a - b), b / (b - a)) if a != b else (1.0, 0.0))
    fractions[-1] = (1.0, 0.0)
    return target.real, (fractions if g == _WAVE else fractions[1:])
