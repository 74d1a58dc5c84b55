"""The norms of a piecewise-linear function: what a shallow ReLU network must pay to compute it."""

from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic import InputError, RadicalSum
from exactrelu.arithmetic.options import check_flags
from exactrelu.arithmetic.sums import total
from exactrelu.functions.bias_path import excess_value
from exactrelu.functions.exact import Exact, simplest
from exactrelu.functions.piecewise_linear import PiecewiseLinear


def total_variation(f: PiecewiseLinear) -> mpq:
    """``TV(f') = Σ |c_k|`` over the kinks. ``O(K)``.

    Raises InputError if `f` is no `PiecewiseLinear`.

    >>> total_variation(PiecewiseLinear.through([0, 1, 2, 3], [0, 0, 1, 3]))
    mpq(2,1)
    """
    _check_function(f)
    return total(abs(c) for _, c in f.kinks)


def weighted_total_variation(f: PiecewiseLinear) -> Exact:
    """``Σ |c_k| √(1 + t_k²)`` over the kinks; an mpq when that is rational.

    Raises InputError if `f` is no `PiecewiseLinear`.

    >>> weighted_total_variation(PiecewiseLinear.from_kinks(0, 0, [("3/4", 4)]))
    mpq(5,1)
    """
    _check_function(f)
    return simplest(_weighted(f))


def representation_cost(f: PiecewiseLinear, *, penalize_bias: bool = True, skip: bool = True) -> Exact:
    """The infimum of ``Σ |a_j| ‖(w_j[, b_j])‖`` over shallow ReLU networks that compute ``f``.

    It is also the infimum of ``½ Σ (a_j² + w_j² [+ b_j²])``, and it is attained:
    `ShallowNetwork.minimal` gives a network.

    Parameters
    ----------
    f : PiecewiseLinear
    penalize_bias : bool
        Whether the biases ``b_j`` count.
    skip : bool
        Whether an affine function ``a x + b`` is free. Without it, an output bias is free iff biases are
        not penalised.

    Returns
    -------
    mpq, or RadicalSum when irrational
        =============  ====  =====================================================================
        penalize_bias  skip  cost
        =============  ====  =====================================================================
        False          True  ``Σ |c_k|``
        False          False ``max(Σ |c_k|, |f'(-∞) + f'(+∞)|)``
        True           True  ``Σ |c_k| √(1 + t_k²)``
        True           False ``Σ |c_k| √(1 + t_k²)`` + the excess of `bias_path_excess`
        =============  ====  =====================================================================

    Raises
    ------
    InputError
        If `f` is no `PiecewiseLinear`, or an option is neither True nor False.

    Notes
    -----
    ``O(K)`` operations on rationals, and for penalised biases one canonical form of a `RadicalSum`.

    References
    ----------
    Savarese, Evron, Soudry, Srebro (2019), Theorem 3.1 (biases free); Boursier, Flammarion (2023)
    (penalised biases, skip); the last row is proved in ``exactrelu/functions/bias_path.py``.

    >>> f = PiecewiseLinear.from_kinks(1, 1)
    >>> [representation_cost(f, penalize_bias=p, skip=s) for p in (False, True) for s in (True, False)]
    [mpq(0,1), mpq(2,1), mpq(0,1), RadicalSum([('1', '1'), ('1', '3')])]
    """
    _check_function(f)
    check_flags(penalize_bias=penalize_bias, skip=skip)
    if penalize_bias:
        total = _weighted(f)
        return simplest(total if skip else total + excess_value(f))
    bend = total_variation(f)
    return bend if skip else max(bend, abs(f.slope + f.pieces[-1][0]))


def _check_function(f: Any) -> None:
    if not isinstance(f, PiecewiseLinear):
        advice = "; its attribute `function` is one" if hasattr(f, "function") else ""
        raise InputError(f"f must be a PiecewiseLinear, not {type(f).__name__}{advice}")


def _weighted(f: PiecewiseLinear) -> RadicalSum:
    return RadicalSum._make([(abs(c), 1 + t * t) for t, c in f.kinks])
