"""The interface of the max-margin solvers: reads the data, picks the file of the variant."""

from __future__ import annotations

from typing import Any

from exactrelu.arithmetic.options import check_flags, read_timeout, read_tolerance
from exactrelu.classification.labels import read_labels, signed
from exactrelu.classification.result import MaxMarginClassifier
from exactrelu.functions import Dataset


def max_margin_classifier(
    x: Any,
    labels: Any,
    *,
    penalize_bias: bool = True,
    skip: bool = True,
    tolerance: Any = None,
    timeout: float | None = None,
) -> MaxMarginClassifier:
    """A function of minimal representation cost with ``labels[i] * f(x[i]) >= 1`` for all ``i``.

    In the space of weights this is the max-margin problem ``min ½‖θ‖²  s.t.  s_i N_θ(x_i) >= 1``: gradient
    flow on an exponential-tailed loss converges in direction to its KKT points.

    Parameters
    ----------
    x, labels : sequences of equal length ``n >= 1``
        Rational-like numbers in any order, and labels -1 and 1, or 0 and 1. A repeated point counts once.
    penalize_bias : bool
        Whether biases count in the cost.
    skip : bool
        Whether an affine function comes for free. Without it, the output bias is free when biases are,
        and absent when they are penalised.
    tolerance : positive rational-like number, optional
        Relative width of the `Enclosure` with penalised biases and no skip, where the optimum is algebraic
        in general; by default 1e-12. The other variants are exact.
    timeout : float, optional
        Seconds after which to give up, in that variant.

    Raises
    ------
    InputError
        If the data are no numbers, of unequal length, empty, or give one x two different labels; if a label
        is none; or an option is out of range.
    BudgetExceeded
        If ``timeout`` was exceeded.

    Notes
    -----
    Sorting, then ``O(n)`` operations on rationals where the answer is exact.

    References
    ----------
    Safran, Vardi, Lee 2022; the closed forms are derived in ``exactrelu/classification/closed_form.py``.

    Examples
    --------
    >>> s = max_margin_classifier([0, 1, 3, 4], [-1, 1, 1, -1])
    >>> s.function.kinks, s.cost, s.is_unique
    (((mpq(2,1), mpq(-4,1)),), RadicalSum([('4', '5')]), True)
    """
    return classify(
        read_labels(x, labels), penalize_bias=penalize_bias, skip=skip, tolerance=tolerance, timeout=timeout
    )


def classify(
    data: Dataset,
    *,
    penalize_bias: bool = True,
    skip: bool = True,
    tolerance: Any = None,
    timeout: float | None = None,
) -> MaxMarginClassifier:
    """`max_margin_classifier` of data that are read already: `y` are the labels."""
    check_flags(penalize_bias=penalize_bias, skip=skip)
    tolerance = read_tolerance(tolerance)
    timeout = read_timeout(timeout)
    data = signed(data)
    if penalize_bias and not skip:
        from exactrelu.classification import penalized_no_skip

        return penalized_no_skip.solve(data, tolerance=tolerance, timeout=timeout)
    from exactrelu.classification import closed_form

    return closed_form.solve(data, penalize_bias=penalize_bias, skip=skip)
