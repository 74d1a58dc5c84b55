"""Biases penalised, no skip connection and no output bias: a certified enclosure of the minimal cost.

The minimum of ``Σ |a_j| ‖(w_j, b_j)‖`` over the networks ``Σ a_j σ(w_j x + b_j)`` through the data, which is
the minimum over the interpolants ``f`` of ``Σ |c_k| √(1+t_k²) + D(f)`` (`bias_path_excess`).  Its dual is

    maximise ``Σ ν_i y_i``  such that  ``|Σ ν_i σ(w x_i + b)| ≤ ‖(w, b)‖``  for all ``(w, b)``.

The answer is algebraic of high degree in general.  So a proposal is computed, exact numbers near it are
judged exactly, and the two values enclose the minimum; where they are too far apart, the computation goes on:

- `penalized_no_skip_cones`, `penalized_no_skip_interior_point`: the proposal, in float64 and then in
  multi-precision;
- `penalized_no_skip_rounding`: an interpolant and multipliers near it;
- `penalized_no_skip_exact`: their values and the feasibility of the multipliers.

Where the minimiser with a skip connection has ``D = 0`` it is minimal without one too, since the cost without
skip is nowhere smaller: then the answer is exact.
"""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

import gmpy2
from gmpy2 import isqrt, mpq, mpz

from exactrelu.arithmetic import BudgetExceeded, Enclosure, RadicalSum
from exactrelu.functions import Dataset, PiecewiseLinear
from exactrelu.functions.bias_path import excess_value
from exactrelu.interpolation.penalized_no_skip_exact import bounds, floor, is_feasible, log2, near, simple
from exactrelu.interpolation.result import MinNormInterpolant

if TYPE_CHECKING:
    from exactrelu.certificates import Certificate
    from exactrelu.interpolation.penalized_no_skip_cones import Iterate, Programme

#: Relative width of the enclosure unless asked otherwise.
DEFAULT_TOLERANCE = mpq(1, 10**12)

#: Exact answers with longer numbers are not worth their time; smooth data have them from some 500 points on.
_MAX_BITS = 1 << 15
_ATTEMPTS = 7

_ZERO, _ONE = mpq(0), mpq(1)


def solve(data: Dataset, *, tolerance: mpq | None = None, timeout: float | None = None) -> MinNormInterpolant:
    """An interpolant whose cost is minimal up to a relative error of `tolerance`, or exactly minimal.

    ``cost`` is exact for a single datum, for values that are all zero, and, unless a `tolerance` is given,
    where the minimiser with a skip connection has ``D = 0`` (and numbers of at most 32,768 bits).  Otherwise
    it is an `Enclosure` of the minimal cost, no wider than `tolerance` (by default 1e-12) relative to it:
    above, the cost of the function; below, the value of an exactly feasible dual.

    Raises
    ------
    BudgetExceeded
        If `timeout` seconds have passed.

    Notes
    -----
    A number of iterations that hardly depends on the data, each ``O(n)`` operations on numbers of about
    ``log2(1/tolerance)`` bits and the condition of the data.

    References
    ----------
    THEORY 1 and 3.5; the method: Andersen, Roos, Terlaky 2003.

    Examples
    --------
    >>> s = solve(Dataset.read([0, 1], [1, 2]))
    >>> s.function, s.cost.contains(RadicalSum([(1, 2)])), s.cost.relative_width < mpq(1, 10**12)
    (PiecewiseLinear.from_kinks(0, 0, [(-1, 1)]), True, True)
    >>> solve(Dataset.read([0, 1, 2, 3], [0, 0, 1, 3])).cost
    RadicalSum([('1', '13')])
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    if not any(data.y):
        return _result(data, PiecewiseLinear._make(_ZERO, _ZERO, ()), _ZERO, unique=True)
    if data.n == 1:
        return _single(data)
    # Up to half of the time for what may be quicker.
    half = None if timeout is None else timeout / 2
    found = _with_zero_excess(data, tolerance, half)
    if found is not None:
        return found
    return _enclose(data, DEFAULT_TOLERANCE if tolerance is None else tolerance, deadline)


def certify(result: MinNormInterpolant) -> Certificate:
    """The certificate: of optimality where the cost is exact and ``D = 0`` proves it, else of two bounds."""
    from exactrelu import certificates

    data, function, cost = result.data, result.function, result.cost
    if data.n > 1 and not isinstance(cost, Enclosure):
        from exactrelu.dualplane import dual_signed_squares

        return certificates.optimality(
            data,
            function,
            penalize_bias=True,
            skip=False,
            cost=cost,
            dual={"signed_squares": dual_signed_squares(data.x, function.kinks)},
        )
    nu = result._evidence
    if not isinstance(cost, Enclosure):
        # One datum: the multiplier is ±1/√(1+x²), rounded towards zero where it is irrational.
        nu, cost = _single_dual(data.x[0], data.y[0])
    return certificates.optimality_bounds(
        data, function, skip=False, lower=cost.lower, upper=cost.upper, dual={"nu": nu}
    )


def _result(
    data: Dataset, function: PiecewiseLinear, cost: mpq | RadicalSum | Enclosure, *, unique: bool | None,
    multipliers: list[mpq] | None = None,
) -> MinNormInterpolant:  # fmt: skip
    return MinNormInterpolant(
        data,
        function,
        cost,
        is_unique=unique,
        penalize_bias=True,
        skip=False,
        _solver="penalized_no_skip",
        _evidence=multipliers,
    )


# -- exact answers ------------------------------------------------------------------------------------


def _single(data: Dataset) -> MinNormInterpolant:
    """One datum: ``|f(x)| ≤ Σ |a_j| ‖(w_j, b_j)‖ √(1+x²)``, with equality iff all ``(w_j, b_j) ∥ (x, 1)``.

    So the minimal cost is ``|y|/√(1+x²)``, and the single unit ``y/(1+x²) σ(x · + 1)`` is the only minimiser.
    """
    (x,), (y,) = data.x, data.y
    norm = 1 + x * x
    c = y / norm
    if not x:
        function = PiecewiseLinear._make(_ZERO, c, ())
    elif x > 0:
        function = PiecewiseLinear._make(_ZERO, _ZERO, ((-1 / x, c * x),))
    else:
        function = PiecewiseLinear._make(c * x, c, ((-1 / x, -c * x),))
    cost = RadicalSum._make([(abs(c), norm)])
    rational = cost.as_rational()
    return _result(data, function, cost if rational is None else rational, unique=True)


def _single_dual(x: mpq, y: mpq) -> tuple[list[mpq], Enclosure]:
    norm, unit = 1 + x * x, mpz(1) << 128
    size = abs(y)
    # unit/√norm rounded towards zero, and size/√norm = √(size²/norm) rounded up.
    nu = mpq(isqrt(unit * unit * norm.denominator // norm.numerator), unit)
    if nu * nu * norm == 1:
        return [nu if y > 0 else -nu], Enclosure(nu * size, nu * size)
    upper = mpq(isqrt(floor(size * size / norm * unit * unit)) + 1, unit)
    return [nu if y > 0 else -nu], Enclosure(nu * size, upper)


def _with_zero_excess(
    data: Dataset, tolerance: mpq | None, timeout: float | None
) -> MinNormInterpolant | None:
    """The minimiser with a skip connection if it needs none, rounded for a `tolerance` or where it is long.

    The exact one is the only minimiser then: another one would cost as little with a skip connection, where
    the minimiser is unique for ``n ≥ 2``.
    """
    from exactrelu.interpolation import penalized_skip, penalized_tolerance

    if data.n > 16 and _excess_looks_positive(data):
        return None
    if tolerance is None:
        try:
            found = penalized_skip.solve(data, max_bits=_MAX_BITS, timeout=timeout)
        except BudgetExceeded:
            tolerance, timeout = DEFAULT_TOLERANCE, None if timeout is None else timeout / 2
        else:
            if excess_value(found.function):
                return None
            return _result(data, found.function, found.cost, unique=True)
    try:
        found = penalized_tolerance.solve(data, tolerance, timeout=timeout)
    except BudgetExceeded:
        return None
    if excess_value(found.function):
        return None
    # Its dual g is g_R and g_L at once: Σ ν_i = Σ ν_i x_i = 0.
    x, g = data.x, found._evidence
    slopes = [(q - p) / (t - s) for (s, t), (p, q) in zip(pairwise(x), pairwise(g), strict=True)]
    nu = [q - p for p, q in pairwise([_ZERO, *slopes, _ZERO])]
    return _result(data, found.function, found.cost, unique=None, multipliers=nu)


def _excess_looks_positive(data: Dataset) -> bool:
    """Whether the float64 minimiser with a skip connection has an excess well above rounding errors."""
    import numpy as np

    from exactrelu.interpolation.penalized_no_skip_float import minimiser_with_skip

    try:
        found, excess = minimiser_with_skip(np.array(data.x, dtype=float), np.array(data.y, dtype=float))
    except (ArithmeticError, ValueError):
        return False  # out of the range of float64, or data that float64 cannot tell apart
    return excess > 1e-9 * found.cost


# -- enclosures ---------------------------------------------------------------------------------------


def _enclose(data: Dataset, tolerance: mpq, deadline: float | None) -> MinNormInterpolant:
    """The enclosure for ``n ≥ 2`` and values that are not all zero."""
    from exactrelu.interpolation.penalized_no_skip_cones import Programme, sectors
    from exactrelu.interpolation.penalized_no_skip_interior_point import float_iterates

    tolerance = min(tolerance, mpq(1, 16))
    wanted = log2(1 / tolerance)
    reach = max(abs(data.x[0]), abs(data.x[-1]), _ONE)
    narrow = min((t - s) / ((1 + abs(s)) * (1 + abs(t))) for s, t in pairwise(data.x))
    # Slacks and multipliers get as small as the tolerance, and angles between data enter squared.
    precision = 128 + 2 * (wanted + log2(reach) - log2(narrow))
    rough: list[Iterate] | None = None
    for _ in range(_ATTEMPTS):
        with gmpy2.context(precision=precision):
            problem = sectors(data.x, data.y, data.slopes, multiprecision=True)
            programme = Programme(problem, multiprecision=True)
            start = None
            if rough is None:
                _, rough = float_iterates(problem.in_float(), 1e-9)
                while rough and start is None:
                    start = programme.adopt(rough.pop())
            found = _iterate(data, programme, start or programme.start(), tolerance, wanted, deadline)
        if found is not None:
            return found
        precision *= 2
    raise BudgetExceeded(
        f"no enclosure of relative width {float(tolerance):g} was found with numbers of "
        f"{precision // 2} bits; ask for a larger tolerance"
    )


def _iterate(
    data: Dataset, programme: Programme, it: Iterate, tolerance: mpq, wanted: int, deadline: float | None
) -> MinNormInterpolant | None:
    """Iterate until the rounded proposal is good enough; None if this precision does not get there."""
    from exactrelu.interpolation.penalized_no_skip_interior_point import step

    goal, best, idle = gmpy2.mpfr(tolerance) / 8, gmpy2.inf(), 0
    while idle < 12:
        if deadline is not None and time.monotonic() > deadline:
            raise BudgetExceeded(
                f"no enclosure of relative width {float(tolerance):g} was found in the time given; "
                "allow more time or a larger tolerance"
            )
        dual, primal, error = programme.bounds(it)
        gap = abs(primal - dual) + error
        if not gmpy2.is_finite(gap) or not programme.slacks(it).positive():
            return None
        if dual > 0 and gap <= goal * dual:
            found = _attempt(data, programme, it, tolerance, wanted)
            if found is not None:
                return found
            goal = gap / dual / 16
        idle = 0 if 2 * gap < best else idle + 1
        best = min(best, gap)
        try:
            it = step(programme, it)
        except ZeroDivisionError:
            return None
    return None


def _attempt(
    data: Dataset, programme: Programme, it: Iterate, tolerance: mpq, wanted: int
) -> MinNormInterpolant | None:
    """The result from this iterate, or None if its bounds are too far apart."""
    from exactrelu.interpolation import penalized_no_skip_rounding as rounding

    x, y, n = data.x, data.y, data.n
    # A multiplier that is off by e changes g_R and the sums Σ ν_i and Σ ν_i x_i by e (1 + |x|) at most.
    shrink = 1 - tolerance / 8
    unit = tolerance / (64 * n * (1 + max(abs(x[0]), abs(x[-1]))))
    nu = [near(v, unit) for v in rounding.multipliers(programme, it, x, gmpy2.mpfr(shrink))]
    if not is_feasible(x, nu):
        return None
    size = mpq(it.r.sum() * programme.sectors.scale)
    weight = mpq(programme.sectors.weights.max())
    spare = wanted + 8 + n.bit_length()
    negligible = 2.0 ** -(wanted + 8) / n
    # A slope that is off by s costs no more than 2 s √(1+x²), and whatever slopes can make good costs that.
    fine = 1 / (weight * (1 << spare))
    # Few and short kinks first: usually they are good enough.
    for rounder, close in ((simple, negligible**0.5), (near, negligible**0.5), (near, fine)):
        found = rounding.support(programme, it, x, negligible, close)
        grid = rounding.Grid(rounder, size * fine, fine, close)
        f = rounding.function_from(found, x, y, data.slopes, grid)
        function = PiecewiseLinear._merge(f.slope, f.intercept, f.kinks)
        cost = bounds(function, nu, y, size, spare)
        if cost.upper - cost.lower <= tolerance * cost.lower:
            return _result(data, function, cost, unique=None, multipliers=nu)
    return None
