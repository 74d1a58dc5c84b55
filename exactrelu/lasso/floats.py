"""The path, and single solutions, in floating point: fast, and a proposal that exact arithmetic verifies."""

from typing import Any, NamedTuple

import numpy as np
from gmpy2 import mpq

from exactrelu.arithmetic import rational
from exactrelu.arithmetic.errors import InputError
from exactrelu.functions import Dataset
from exactrelu.lasso.dictionary import Dictionary

Floats = np.ndarray[Any, np.dtype[np.float64]]
SLACK = 1e-11
"""Differences of this relative size are taken for rounding."""
LOST = 1e-7
"""A path whose correlations are off by more than this share of β has been lost; at a β below this share of
the largest one that cannot be told."""


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

    ``columns`` (n × p, those of the dictionary that ``numbers`` lists) and ``target`` are centred. A
    coefficient here is one of the data divided by ``z_unit``, and β is divided by ``beta_unit``.
    """

    numbers: list[int]
    columns: Floats
    target: Floats
    z_unit: mpq
    beta_unit: mpq


def scaled(data: Dataset, dictionary: Dictionary) -> Scaled:
    """Round columns and target, each divided by the largest of their entries: O(n p).

    Of columns that are equal up to a sign and a constant, which would always enter together, one is taken.
    """
    numbers = [members[0].column for members in dictionary.design.members]
    integers = [dictionary.integers(j) for j in numbers]
    largest = max((abs(v) for column in integers for v in column), default=1)
    if largest.bit_length() < 1000:
        table = np.array(integers, dtype=float) / float(largest)
    else:
        table = np.array([[v / largest for v in column] for column in integers])
    columns = table.reshape(len(integers), data.n).T
    steps = [v - data.y[0] for v in data.y]
    height = max(map(abs, steps)) or mpq(1)
    target = np.array([float(v / height) for v in steps])
    size = mpq(largest, dictionary.scale)
    return Scaled(
        numbers,
        columns - columns.mean(axis=0) if integers else columns,
        target - target.mean(),
        height / size,
        height * size,
    )


def float_path(data: Dataset, dictionary: Dictionary, *, until: float = 0.0) -> FloatPath:
    """The homotopy in float64, down to β = ``until`` or to where rounding stops it.

    O(n p) and one least-squares problem of the size of the support a breakpoint. Where correlations come to
    β in ties it may pass a breakpoint by, and goes on from the minimum at the next one, found afresh. Raises
    InputError when a result is beyond the range of floats.
    """
    problem, end = scaled(data, dictionary), max(rational(until, name="until"), mpq(0))
    try:
        path = follow(problem, float(end / problem.beta_unit))
        with np.errstate(over="raise"):
            breakpoints = path.breakpoints * float(problem.beta_unit)
            coefficients = np.zeros((len(breakpoints), len(dictionary.distinct)))
            place = {j: k for k, j in enumerate(dictionary.distinct)}
            coefficients[:, [place[j] for j in problem.numbers]] = path.coefficients * float(problem.z_unit)
            return FloatPath(breakpoints, coefficients)
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
        tiny = SLACK * beta
        end = step - tiny
        with np.errstate(divide="ignore", invalid="ignore"):
            ups, downs = (beta - c) / (1 - slope), (beta + c) / (1 + slope)
        for steps, room in ((ups, beta - c), (downs, beta + c)):
            steps[support] = np.inf
            # Columns at β may stay there, by 0/0 up to rounding; others that depend on the support meet at 0.
            steps[~((tiny < steps) & (steps < end) & (room > tiny))] = np.inf
            if steps.min(initial=np.inf) < step:
                entering = int(steps.argmin())
                step = float(steps[entering])
        for j in support:
            if z[j] * d[j] < 0 and -z[j] / d[j] < step:
                step, entering, leaving = float(-z[j] / d[j]), None, j
        z = z + step * d
        beta -= step
        if leaving is not None:
            support.remove(leaving)
            z[leaving] = 0.0
        c = columns.T @ (y - columns @ z)
        if beta > LOST * breakpoints[0] and _lost(c, z, beta):
            # Ties misled it: of columns whose correlations come to β at once not all need to join.
            found = _found_again(problem, beta, coefficients[-1])
            if found is None:
                break
            z, entering = found, None
            support, c = np.flatnonzero(z).tolist(), columns.T @ (y - columns @ z)
        breakpoints.append(beta)
        coefficients.append(z)
    return FloatPath(np.array(breakpoints), np.array(coefficients))


def _lost(c: Floats, z: Floats, beta: float) -> bool:
    """Whether coefficients `z` with correlations `c` are not the minimum at `beta`, beyond rounding."""
    inside = (c * np.sign(z))[z != 0].min(initial=beta)
    return bool(max(np.abs(c).max(initial=0.0) - beta, beta - inside) > beta * LOST)


def _found_again(problem: Scaled, beta: float, start: Floats) -> Floats | None:
    """The minimum at `beta`, from that at a larger one or else from 0; None where rounding prevents it."""
    for first in (start, None):
        try:
            z = minimizer(problem, beta, first)
        except np.linalg.LinAlgError:
            continue
        if not _lost(problem.columns.T @ (problem.target - problem.columns @ z), z, beta):
            return z
    return None


def minimizer(problem: Scaled, beta: float, start: Floats | None = None) -> Floats:
    """Coefficients at one ``beta > 0``, in the units of the problem: the active set method of Lawson, Hanson.

    The column with the largest correlation beyond β joins those in use, with its sign; their coefficients
    move towards the minimum for these signs, and a column whose coefficient becomes zero on the way leaves.
    Unlike the columns of a path those in use stay independent whatever ties there are, by the argument in
    `homotopy`. One system of the size of the support and O(n p) a step, at most ``8 n + 100`` of them, and
    few from a `start` that is the minimum at a β nearby. Raises LinAlgError where rounding makes columns
    dependent.
    """
    columns, y = problem.columns, problem.target
    z = np.zeros(columns.shape[1]) if start is None else start.copy()
    signs, entering = np.sign(z), None
    for _ in range(8 * len(y) + 100):
        while True:
            used = np.flatnonzero(signs)
            chosen = columns[:, used]
            try:
                goal = np.linalg.solve(chosen.T @ chosen, chosen.T @ y - beta * signs[used])
            except np.linalg.LinAlgError:
                if entering is not None and not z[entering]:
                    return z  # it depends on those in use, so it was beyond β by rounding only
                raise
            if not np.isfinite(goal).all():
                raise np.linalg.LinAlgError("columns that floats cannot tell apart")
            wrong = goal * signs[used] <= 0
            if not wrong.any():
                z[used] = goal
                break
            here, way = z[used[wrong]], z[used[wrong]] - goal[wrong]
            shares = np.divide(here, way, out=np.zeros_like(here), where=way != 0)
            z[used] += shares.min() * (goal - z[used])
            leaving = used[wrong][shares == shares.min()]
            z[leaving] = signs[leaving] = 0.0
        c = columns.T @ (y - chosen @ z[used])
        beyond = np.where(signs == 0, np.abs(c), 0.0)
        # A column that has left again at once was beyond β by rounding only.
        if beyond.max(initial=0.0) <= beta * (1 + SLACK) or (entering is not None and not signs[entering]):
            break
        entering = int(beyond.argmax())
        signs[entering] = np.sign(c[entering])
    return z
