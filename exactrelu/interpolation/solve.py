"""The interface of the minimal-norm solvers: reads the data, picks the file of the variant."""

from __future__ import annotations

from typing import Any

import gmpy2

from exactrelu.arithmetic.options import check_flags, read_count, read_timeout, read_tolerance
from exactrelu.functions import Dataset, PiecewiseLinear
from exactrelu.interpolation.result import MinNormInterpolant


def min_norm_interpolant(
    x: Any,
    y: Any,
    *,
    penalize_bias: bool = True,
    skip: bool = True,
    tolerance: Any = None,
    max_bits: int | None = None,
    timeout: float | None = None,
) -> MinNormInterpolant:
    """A function of minimal representation cost through the points `(x[i], y[i])`.

    Parameters
    ----------
    x, y : sequences of equal length ``n >= 1``
        Rational-like numbers, in any order. Floats are read as the dyadic rationals that they hold.
        A repeated point counts once.
    penalize_bias : bool
        Whether biases count in the cost.
    skip : bool
        Whether an affine function comes for free. Without it, the output bias is free when biases are,
        and absent when they are penalised.
    tolerance : positive rational-like number, optional
        Where biases are penalised, asks for a certified approximation with short numbers: ``cost`` is an
        ``Enclosure`` of the minimal cost, no wider than ``tolerance`` relative to it. With free biases
        the exact answer is short already and comes as it is.
    max_bits : int, optional
        With penalised biases and a skip: give up as soon as a number of the exact answer needs more
        bits than this.
    timeout : float, optional
        Seconds after which to give up, where the answer may take long.

    Raises
    ------
    InputError
        If the data are no numbers, of unequal length, empty, or give one x two different y; or an
        option is out of range.
    BudgetExceeded
        If ``max_bits`` or ``timeout`` was exceeded.

    Notes
    -----
    Sorting, then ``O(n)`` operations on rationals with free biases; with penalised biases quadratic
    along one long convex run, whose kinks have that many bits (``proofs/rational_kinks.py``).

    References
    ----------
    Biases free: Hanin 2021 (skip), Savarese, Evron, Soudry, Srebro 2019 (no skip). Biases penalised:
    Boursier, Flammarion 2023.

    Examples
    --------
    >>> s = min_norm_interpolant([0, 1, 2, 3], [0, 0, 1, 3], penalize_bias=False)
    >>> s.function.kinks, s.cost, s.is_unique
    (((mpq(3,2), mpq(2,1)),), mpq(2,1), False)
    """
    return interpolate(
        Dataset.read(x, y),
        penalize_bias=penalize_bias,
        skip=skip,
        tolerance=tolerance,
        max_bits=max_bits,
        timeout=timeout,
    )


def interpolate(
    data: Dataset,
    *,
    penalize_bias: bool = True,
    skip: bool = True,
    tolerance: Any = None,
    max_bits: int | None = None,
    timeout: float | None = None,
) -> MinNormInterpolant:
    """`min_norm_interpolant` of data that are read already."""
    check_flags(penalize_bias=penalize_bias, skip=skip)
    tolerance = read_tolerance(tolerance)
    max_bits = read_count(max_bits, "max_bits")
    timeout = read_timeout(timeout)
    # Solvers are imported one by one: a command that solves one variant does not pay for the others.
    if not penalize_bias:
        if skip:
            from exactrelu.interpolation import free_skip

            return free_skip.solve(data)
        from exactrelu.interpolation import free_no_skip

        return free_no_skip.solve(data)
    if not skip:
        from exactrelu.interpolation import penalized_no_skip

        return penalized_no_skip.solve(data, tolerance=tolerance, timeout=timeout)
    if data.n == 1:
        # Every affine function through the point costs 0: the constant is one of infinitely many.
        return MinNormInterpolant(
            data,
            PiecewiseLinear._make(gmpy2.mpq(0), data.y[0], ()),
            gmpy2.mpq(0),
            is_unique=False,
            penalize_bias=True,
            skip=True,
            _solver="penalized_skip",
        )
    if tolerance is not None:
        from exactrelu.interpolation import penalized_tolerance

        return penalized_tolerance.solve(data, tolerance, timeout=timeout)
    from exactrelu.interpolation import penalized_skip

    return penalized_skip.solve(data, max_bits=max_bits, timeout=timeout)
