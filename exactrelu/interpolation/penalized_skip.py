"""Biases penalised, affine part free: the exact √(1+x²)-weighted minimal-norm interpolant.

Boursier & Flammarion 2023.  The minimiser is a shortest path in the dual plane that tours the lines of the
data (see `exactrelu.dualplane`); it is unique for ``n ≥ 2`` and all its kinks are rational.
"""

from __future__ import annotations

import time
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from gmpy2 import is_square, isqrt, mpq

from exactrelu.arithmetic import BudgetExceeded, RadicalSum
from exactrelu.arithmetic.text import seconds
from exactrelu.dualplane import WAVE, Guard, dual_signed_squares, fold, joints, split_into_runs, taut_parents
from exactrelu.functions import Dataset, PiecewiseLinear
from exactrelu.interpolation.result import MinNormInterpolant

if TYPE_CHECKING:
    from exactrelu.certificates import Certificate

Kinks = list[tuple[mpq, mpq]]


def solve(data: Dataset, *, max_bits: int | None = None, timeout: float | None = None) -> MinNormInterpolant:
    """The minimiser of ``Σ |c_k| √(1+t_k²)`` over the interpolants of the data, ``n ≥ 2``.

    Raises
    ------
    BudgetExceeded
        If a number of the answer, or on the way to it, has more than `max_bits` bits, or `timeout` seconds
        have passed.

    Notes
    -----
    A linear number of operations on rationals.  Along a part without affine gaps their length grows by
    about ``log2(1 + x²)`` and the length of the data a datum, as the answer itself requires.
    """
    guard = _guard(max_bits, timeout)
    kinks: Kinks = []
    squared_costs: list[mpq] = []
    slope = data.slopes[0]
    for run in split_into_runs(data.x, data.curvatures):
        path = joints(taut_parents(run, guard=guard))
        found: Kinks = []
        for g, h in pairwise(path):
            if g == WAVE and h == 0:
                continue  # the path leaves the first line at the chord itself
            part = fold(run, g, h, guard=guard)
            found += part.kinks
            squared_costs.append(part.squared_cost)
        if run.mirrored:
            found = [(-t, c) for t, c in reversed(found)]
        if run.sign < 0:
            found = [(t, -c) for t, c in found]
        t, c = found[0]
        if run.first == 1 and t < data.x[1]:
            # A kink in the first gap: s (x_2 - x_1) + c (x_2 - t) = y_2 - y_1 for the first slope s.
            slope -= c * (data.x[1] - t) / (data.x[1] - data.x[0])
        kinks += found
    function = PiecewiseLinear._make(slope, data.y[0] - slope * data.x[0], tuple(kinks))
    if guard is not None:  # short runs make no long way to their answer, and it may be long
        for number in (function.slope, function.intercept, *chain.from_iterable(kinks)):
            guard(number)
    return MinNormInterpolant(
        data,
        function,
        _total(squared_costs),
        is_unique=True,
        penalize_bias=True,
        skip=True,
        _solver="penalized_skip",
    )


def certify(result: MinNormInterpolant) -> Certificate:
    """The optimality certificate: the function and a dual that touches ±√(1+t²) at every kink."""
    from exactrelu import certificates

    return certificates.optimality(
        result.data,
        result.function,
        penalize_bias=True,
        skip=True,
        cost=result.cost,
        dual={"signed_squares": dual_signed_squares(result.data.x, result.function.kinks)},
    )


def second_minimizer(result: MinNormInterpolant) -> PiecewiseLinear:
    """Another function of cost 0 through the only datum; with two data or more the minimiser is unique."""
    (x,), (y,) = result.data.x, result.data.y
    return PiecewiseLinear._make(mpq(1), y - x, ())


def _total(squares: list[mpq]) -> mpq | RadicalSum:
    """``Σ √s``, as a rational where it is one.

    Square roots of different square classes are linearly independent over the rationals and no term is
    negative, so nothing cancels: the sum is rational iff every term is.
    """
    if all(is_square(s.numerator) and is_square(s.denominator) for s in squares):
        return sum((mpq(isqrt(s.numerator), isqrt(s.denominator)) for s in squares), mpq(0))
    one = mpq(1)
    return RadicalSum._make([(one, s) for s in squares])


def _guard(max_bits: int | None, timeout: float | None) -> Guard | None:
    if max_bits is None and timeout is None:
        return None
    deadline = None if timeout is None else time.monotonic() + timeout
    advice = "ask for a certified approximation with short numbers instead: a tolerance such as 1e-12"

    def guard(value: mpq) -> None:
        if max_bits is not None and max(value.numerator, value.denominator, key=abs).bit_length() > max_bits:
            raise BudgetExceeded(f"the exact solution takes numbers of more than {max_bits} bits; {advice}")
        if deadline is not None and time.monotonic() > deadline:
            raise BudgetExceeded(f"the exact interpolant was not found within {seconds(timeout)}; {advice}")

    return guard
