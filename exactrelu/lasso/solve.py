"""What users call: the Lasso problem of an architecture at one β, and its whole path."""

from collections.abc import Iterable, Sequence
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic import rational
from exactrelu.arithmetic.errors import InputError
from exactrelu.arithmetic.options import read_timeout
from exactrelu.functions import Dataset
from exactrelu.lasso.architecture import architecture
from exactrelu.lasso.dictionary import Dictionary
from exactrelu.lasso.path import LassoPath, Problem, whole_path
from exactrelu.lasso.solution import LassoSolution


def solve(
    x: Iterable[Any],
    y: Iterable[Any],
    *,
    beta: Any,
    layers: int = 2,
    activation: str = "relu",
    slope: Any = None,
    shape: str | None = None,
    widths: Sequence[int] | None = None,
    timeout: float | None = None,
) -> LassoSolution:
    """Minimise ``½|A z + ξ - y|² + β|z|_1`` over the dictionary of an architecture, exactly.

    By Zeger et al. 2024 this is the minimum of ``½ Σ (f(x_i) - y_i)² + (β/L) Σ |θ_w|^L`` over networks of the
    architecture, and ``.network`` attains it.

    Parameters
    ----------
    x, y : sequences of equal length
        Rational-like numbers in any order; a repeated point counts once.
    beta : rational-like, ``>= 0``
        0 asks for the limit: the least ``|z|_1`` of an interpolant, or of a least-squares fit where the
        architecture cannot interpolate.
    layers, activation, slope, shape, widths
        The architecture, as for `dictionary`.
    timeout : float, optional
        Seconds.

    Raises
    ------
    InputError, UnsupportedError, BudgetExceeded

    Notes
    -----
    Two layers of a continuous activation, and ReLU networks of any depth: the exact path is followed down to
    β, O(n) operations a breakpoint. Elsewhere float64 proposes the support, which is then decided exactly;
    where it was wrong, the exact path is followed.

    >>> s = solve([0, 1, 2], [0, 0, 1], beta="1/4")
    >>> s.objective, s.norm, s.intercept
    (mpq(3,16), mpq(1,2), mpq(0,1))
    """
    data, dictionary = _read(x, y, layers, activation, slope, shape, widths)
    b = rational(beta, name="beta")
    if b < 0:
        raise InputError(f"beta = {b}: a non-negative number is expected")
    return solution(data, dictionary, b, timeout=read_timeout(timeout))


def path(
    x: Iterable[Any],
    y: Iterable[Any],
    *,
    layers: int = 2,
    activation: str = "relu",
    slope: Any = None,
    shape: str | None = None,
    widths: Sequence[int] | None = None,
    timeout: float | None = None,
) -> LassoPath:
    """All breakpoints of the regularisation path, from ``β_max`` to 0, exactly; arguments as for `solve`.

    >>> p = path([0, 1, 2], [0, 0, 1])
    >>> p.breakpoints, p.limit.norm
    ((mpq(1,1), mpq(1,3), mpq(0,1)), mpq(1,1))
    """
    data, dictionary = _read(x, y, layers, activation, slope, shape, widths)
    return whole_path(data, dictionary, timeout=read_timeout(timeout))


def solution(
    data: Dataset, dictionary: Dictionary, beta: mpq, *, timeout: float | None = None
) -> LassoSolution:
    """`solve` for data that are read already and any dictionary, `Dictionary.without` included."""
    problem = Problem(data, dictionary, timeout=timeout)
    if beta >= problem.beta_max:
        return LassoSolution._constant(data, dictionary, beta)
    if beta and problem.is_dense:
        proposal = _proposal(data, dictionary, beta)
        if proposal is not None:
            found = problem.from_support(*proposal, beta)
            if found is not None:
                return found
    inner = beta / problem.beta_unit
    for segment in problem.homotopy.segments():
        if segment.lower <= inner:
            return problem.solution(segment, beta)
    raise AssertionError("the path ends at 0")


def _proposal(data: Dataset, dictionary: Dictionary, beta: mpq) -> tuple[list[int], list[int]] | None:
    """Support and signs as float64 sees them."""
    import numpy as np

    from exactrelu.lasso.floats import SLACK, minimizer, scaled

    problem = scaled(data, dictionary)
    bound = float(beta / problem.beta_unit)
    if bound < SLACK:  # lost in rounding
        return None
    try:
        with np.errstate(all="ignore"):
            z = minimizer(problem, bound)
    except np.linalg.LinAlgError:
        return None
    used = np.flatnonzero(z)
    if len(used) >= data.n:
        return None
    return [problem.numbers[int(k)] for k in used], [1 if z[k] > 0 else -1 for k in used]


def _read(
    x: Iterable[Any],
    y: Iterable[Any],
    layers: int,
    activation: str,
    slope: Any,
    shape: str | None,
    widths: Sequence[int] | None,
) -> tuple[Dataset, Dictionary]:
    of = architecture(layers=layers, activation=activation, slope=slope, shape=shape, widths=widths)
    data = Dataset.read(x, y)
    return data, Dictionary._make(data.x, of)
