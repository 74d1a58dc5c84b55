"""The path in floating point: fast, and good enough to propose supports that exact arithmetic verifies."""

from typing import Any, NamedTuple

import numpy as np
from gmpy2 import mpq

from exactrelu.arithmetic import rational
from exactrelu.arithmetic.errors import InputError
from exactrelu.functions import Dataset
from exactrelu.lasso.dictionary import Dictionary

Floats = np.ndarray[Any, np.dtype[np.float64]]
_SLACK = 1e-11


class FloatPath:
    """Breakpoints and coefficients as arrays.

    Attributes
    ----------
    breakpoints : array of shape (m,)
        Decreasing.
    coefficients : array of shape (m, number of distinct columns)
        Columns as in `Dictionary.distinct`.
    """

    def __init__(self, breakpoints: Floats, coefficients: Floats) -> None:
        self.breakpoints = breakpoints
        self.coefficients = coefficients


class Scaled(NamedTuple):
    """The problem in floats of size at most 1, whatever the scale of the data.

    ``columns`` (n × p, the distinct ones) and ``target`` are centred. A coefficient here is one of the data
    divided by ``z_unit``, and β is divided by ``beta_unit``.
    """

    columns: Floats
    target: Floats
    z_unit: mpq
    beta_unit: mpq


def scaled(data: Dataset, dictionary: Dictionary) -> Scaled:
    """Round columns and target, each divided by the largest of their entries: O(n p)."""
    integers = [dictionary.integers(j) for j in dictionary.distinct]
    largest = max((abs(v) for column in integers for v in column), default=1)
    entries = [[int(v) / int(largest) for v in column] for column in integers]
    columns = np.array(entries, dtype=float).reshape(len(entries), data.n).T
    steps = [v - data.y[0] for v in data.y]
    height = max(map(abs, steps)) or mpq(1)
    target = np.array([float(v / height) for v in steps])
    size = mpq(largest, dictionary.scale)
    return Scaled(
        columns - columns.mean(axis=0) if entries else columns,
        target - target.mean(),
        height / size,
        height * size,
    )


def float_path(data: Dataset, dictionary: Dictionary, *, until: float = 0.0) -> FloatPath:
    """The homotopy in float64, down to β = ``until`` or to where rounding stops it.

    O(n p) and one least-squares problem of the size of the support a breakpoint. Raises InputError when a
    result is beyond the range of floats.
    """
    problem, end = scaled(data, dictionary), max(rational(until, name="until"), mpq(0))
    try:
        path = follow(problem, float(end / problem.beta_unit))
        with np.errstate(over="raise"):
            breakpoints = path.breakpoints * float(problem.beta_unit)
            return FloatPath(breakpoints, path.coefficients * float(problem.z_unit))
    except (OverflowError, FloatingPointError):
        raise InputError("a number is too large for floats (above 1.8e308)") from None


def follow(problem: Scaled, until: float) -> FloatPath:
    """`float_path` in the units of the problem, ``until >= 0``."""
    columns, y = problem.columns, problem.target
    z = np.zeros(columns.shape[1])
    c = columns.T @ y
    beta = float(np.abs(c).max(initial=0.0))
    breakpoints, coefficients = [beta], [z]
    support: list[int] = []
    entering: int | None = int(np.abs(c).argmax()) if beta else None
    for _ in range(8 * len(y) + 100):
        if beta <= until or not np.isfinite(beta):
            break
        if entering is not None:
            support.append(entering)
        chosen = columns[:, support]
        signs = np.sign(c[support])
        d = np.zeros_like(z)
        d[support] = np.linalg.lstsq(chosen.T @ chosen, signs, rcond=None)[0]
        slope = columns.T @ (columns @ d)
        step, entering, leaving = beta - until, None, None
        tiny = _SLACK * beta
        with np.errstate(divide="ignore", invalid="ignore"):
            ups, downs = (beta - c) / (1 - slope), (beta + c) / (1 + slope)
        for steps in (ups, downs):
            steps[support] = np.inf
            steps[~(steps > tiny)] = np.inf
            if steps.min(initial=np.inf) < step:
                entering = int(steps.argmin())
                step = float(steps[entering])
        for j in support:
            if z[j] * d[j] < 0 and -z[j] / d[j] < step:
                step, entering, leaving = float(-z[j] / d[j]), None, j
        z = z + step * d
        c = c - step * slope
        beta -= step
        if leaving is not None:
            support.remove(leaving)
            z[leaving] = 0.0
        breakpoints.append(beta)
        coefficients.append(z)
    return FloatPath(np.array(breakpoints), np.array(coefficients))
