"""Outside solvers for the same problems, for tests and benchmarks only: independent formulations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import exactrelu as er

Floats = NDArray[np.float64]


def lasso_matrix(dictionary: er.lasso.Dictionary) -> Floats:
    """The distinct columns, n × p, in float64."""
    return np.array([[float(v) for v in dictionary.column(j)] for j in dictionary.distinct]).T


def kink_programme(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats, float]:
    """The penalised-bias problem with skip as a cone programme over the gaps, well scaled.

    All kinks of one sign in a gap add up to ``α d + β d'`` with ``α, β ≥ 0``, where ``d = (1, -x)/√(1+x²)``
    belongs to the data at its ends, and cost together at least that vector's length, which one kink
    attains.  Interpolation asks at each inner datum that the ``β`` of the gap before and the ``α`` of the
    gap after, signs counted, add up to ``κ √(1+x²)``.  Returns cos and sin of the angles between
    neighbouring ``d``, the right-hand sides divided by their size, and that size.
    """
    norms = np.hypot(1.0, x)
    cosines = (1.0 + x[:-1] * x[1:]) / (norms[:-1] * norms[1:])
    sines = np.diff(x) / (norms[:-1] * norms[1:])
    right = np.diff(np.diff(y) / np.diff(x)) * norms[1:-1]
    size = float(np.max(np.abs(right), initial=0.0)) or 1.0
    return cosines, sines, right / size, size


def penalized_skip_clarabel(x: Floats, y: Floats, *, accuracy: float = 1e-10) -> float:
    """Minimal √(1+x²)-weighted norm of an interpolant of ``n ≥ 3`` points, by Clarabel set up directly."""
    import clarabel

    cosines, sines, right, size = kink_programme(x, y)
    gaps = len(x) - 1
    # Columns of gap g: 6g + (length⁺, α⁺, β⁺, length⁻, α⁻, β⁻).
    g = np.arange(gaps)
    inner = np.arange(gaps - 1)
    ones = np.ones(gaps - 1)
    rows = [inner] * 4
    columns = [6 * inner + 2, 6 * inner + 5, 6 * (inner + 1) + 1, 6 * (inner + 1) + 4]
    values = [ones, -ones, ones, -ones]
    offset = gaps - 1
    for k, column in enumerate((1, 2, 4, 5)):
        rows.append(offset + 4 * g + k)
        columns.append(6 * g + column)
        values.append(-np.ones(gaps))
    offset += 4 * gaps
    for k in (0, 3):  # length ≥ |(α + β cos, β sin)|
        rows += [offset + 6 * g + k, offset + 6 * g + k + 1, offset + 6 * g + k + 1, offset + 6 * g + k + 2]
        columns += [6 * g + k, 6 * g + k + 1, 6 * g + k + 2, 6 * g + k + 2]
        values += [-np.ones(gaps), -np.ones(gaps), -cosines, -sines]
    height = offset + 6 * gaps
    matrix = sparse.csc_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(height, 6 * gaps)
    )
    cost = np.zeros(6 * gaps)
    cost[::3] = 1.0
    cones: list[Any] = [clarabel.ZeroConeT(gaps - 1), clarabel.NonnegativeConeT(4 * gaps)]
    cones += [clarabel.SecondOrderConeT(3)] * (2 * gaps)
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_rel = settings.tol_gap_abs = settings.tol_feas = accuracy
    bounds = np.concatenate([right, np.zeros(height - gaps + 1)])
    solver = clarabel.DefaultSolver(
        sparse.csc_matrix((6 * gaps, 6 * gaps)), cost, matrix, bounds, cones, settings
    )
    return float(solver.solve().obj_val) * size


def penalized_skip_cvxpy(x: Floats, y: Floats) -> float:
    """The same by cvxpy, as a user would write it down."""
    import cvxpy

    cosines, sines, right, size = kink_programme(x, y)
    gaps = len(x) - 1
    plus, minus = cvxpy.Variable((2, gaps), nonneg=True), cvxpy.Variable((2, gaps), nonneg=True)
    total = plus - minus
    length = sum(
        cvxpy.sum(
            cvxpy.norm(
                cvxpy.vstack([v[0] + cvxpy.multiply(cosines, v[1]), cvxpy.multiply(sines, v[1])]), axis=0
            )
        )
        for v in (plus, minus)
    )
    problem = cvxpy.Problem(cvxpy.Minimize(length), [total[1, :-1] + total[0, 1:] == right])
    return float(problem.solve(solver=cvxpy.CLARABEL)) * size


def penalized_skip_grid(x: Floats, y: Floats, *, slopes: int = 100) -> float:
    """The dynamic program on a grid of slopes at the data, outer slopes fixed to the chords.

    The method of the paper's own notebook, written anew: ``O(n · slopes²)``.
    """
    chords = np.diff(y) / np.diff(x)
    norms = np.hypot(1.0, x)
    previous, value = np.array([chords[0]]), np.zeros(1)
    for i, chord in enumerate(chords):
        last = i == len(chords) - 1
        current = np.array([chord]) if last else np.linspace(chord, chords[i + 1], slopes)
        p, q = (previous - chord)[:, None], (current - chord)[None, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (q * x[i + 1] - p * x[i]) / (q - p)
            inside = np.abs(q - p) * np.hypot(1.0, t)
        outside = np.abs(p) * norms[i] + np.abs(q) * norms[i + 1]
        value = np.min(value[:, None] + np.where(p * q < 0, inside, outside), axis=0)
        previous = current
    return float(value.min())
