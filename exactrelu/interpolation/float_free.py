"""The float64 fast path for free biases, with and without skip: NumPy throughout, whole batches at once.

The same closed forms as `free_skip` and `free_no_skip`. A curvature that is zero or not only because of
rounding changes the kinks, but hardly the function and its cost. Nothing is certified.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Arrays = tuple[Floats, Floats, Floats, Floats]


def solve(x: Floats, y: Floats, *, skip: bool) -> Arrays:
    """First slopes, kink locations, slope changes and costs of minimal-norm interpolants.

    `x` is strictly increasing along its last axis; `x` and `y` broadcast to a shape ``(..., n)``. First
    slopes and costs have shape ``(...)``, locations and changes ``(..., n)``. An entry with change 0 is no
    kink. Linear time; the caller silences overflow.
    """
    x, y = np.broadcast_arrays(x, y)
    zero = np.zeros_like(y[..., :1])
    if y.shape[-1] == 1:
        return zero[..., 0], x, np.zeros_like(y), zero[..., 0]
    chords = np.diff(y) / np.diff(x)
    bends = np.concatenate([zero, np.diff(chords), zero], axis=-1)
    cost = np.abs(bends).sum(axis=-1)
    first = chords[..., 0]
    if skip:
        return first, *_sparsest(x, bends), cost
    total = first + chords[..., -1]
    excess = np.maximum((np.abs(total) - cost) / 2, 0.0)
    change = np.sign(total) * excess
    left, right = bends.copy(), bends
    left[..., 0] = change
    right[..., -1] = -change
    (t, c), (t_right, c_right) = _sparsest(x, left), _sparsest(x, right)
    at_left = np.count_nonzero(c, axis=-1) <= np.count_nonzero(c_right, axis=-1)
    t, c = np.where(at_left[..., None], t, t_right), np.where(at_left[..., None], c, c_right)
    return first - np.where(at_left, change, 0.0), t, c, cost + excess


def _sparsest(x: Floats, bends: Floats) -> tuple[Floats, Floats]:
    """Merge the first and second, third and fourth, ... bend of every run of one sign."""
    sign = np.sign(bends)
    after = np.concatenate([sign[..., 1:], np.zeros_like(sign[..., :1])], axis=-1)
    before = np.concatenate([np.zeros_like(sign[..., :1]), sign[..., :-1]], axis=-1)
    index = np.arange(x.shape[-1])
    start = np.maximum.accumulate(np.where(sign != before, index, 0), axis=-1)
    keeps = (sign != 0) & ((index - start) % 2 == 0)
    pairs = keeps & (after == sign)
    second = np.where(pairs, np.roll(bends, -1, axis=-1), 0.0)
    change = np.where(keeps, bends + second, 0.0)
    other = np.where(pairs, np.roll(x, -1, axis=-1), x)
    return centre_of_mass(x, other, np.where(pairs, bends, 1.0), second), change


def centre_of_mass(a: Floats, b: Floats, at_a: Floats, at_b: Floats) -> Floats:
    """The centre of two masses of one sign at ``a ≤ b``, measured from the nearer one: never beyond it."""
    total = at_a + at_b
    return np.where(abs(at_b) <= abs(at_a), a + at_b / total * (b - a), b - at_a / total * (b - a))
