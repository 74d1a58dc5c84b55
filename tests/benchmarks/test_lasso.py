"""Lasso paths: exact, a textbook homotopy in fractions on a dense matrix, and scikit-learn's, in one run."""

import time
import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_benchmark.fixture import BenchmarkFixture
from sklearn.linear_model import lars_path

import exactrelu as er
from tests.peers import lasso_matrix


def _points(n: int) -> tuple[list[int], list[int]]:
    rng = np.random.default_rng(n)
    x = np.sort(rng.choice(10 * n, size=n, replace=False))
    return x.tolist(), rng.integers(-50, 51, size=n).tolist()


Rows = list[list[Fraction]]


def textbook(columns: Rows, y: list[Fraction], seconds: float) -> list[tuple[Fraction, Fraction]]:
    """(β, |z|_1) at the breakpoints that a homotopy with dense products finds in this time.

    LARS with drops as in Efron et al. 2004, by Gaussian elimination; ties are taken one at a time.
    """
    end = time.perf_counter() + seconds
    n = len(y)
    columns = [[v - sum(c) / n for v in c] for c in columns]
    residual = [v - sum(y) / n for v in y]
    z: dict[int, Fraction] = {}
    c = [sum(a * b for a, b in zip(column, residual, strict=True)) for column in columns]
    beta = max(map(abs, c))
    active = [max(range(len(c)), key=lambda j: abs(c[j]))]
    found = [(beta, Fraction(0))]
    while beta and time.perf_counter() < end:
        signs = [1 if c[j] > 0 else -1 for j in active]
        chosen = [columns[j] for j in active]
        gram = [[sum(a * b for a, b in zip(u, v, strict=True)) for v in chosen] for u in chosen]
        d = dict(zip(active, eliminated(gram, signs), strict=True))
        fit = [sum((v * columns[j][i] for j, v in d.items()), Fraction(0)) for i in range(n)]
        slope = [sum(a * b for a, b in zip(column, fit, strict=True)) for column in columns]
        step, event = beta, None
        for j in range(len(columns)):
            if j in d:
                if z.get(j, 0) * d[j] < 0 and -z[j] / d[j] < step:
                    step, event = -z[j] / d[j], j
                continue
            for s in (1, -1):
                if s * slope[j] < 1:
                    t = (beta - s * c[j]) / (1 - s * slope[j])
                    if 0 < t < step:
                        step, event = t, j
        z = {j: z.get(j, Fraction(0)) + step * v for j, v in d.items()}
        c = [a - step * b for a, b in zip(c, slope, strict=True)]
        beta -= step
        if event in d:
            active.remove(event)
            del z[event]
        elif event is not None:
            active.append(event)
        found.append((beta, sum(map(abs, z.values()), Fraction(0))))
    return found


def eliminated(rows: Rows, right: list[int]) -> list[Fraction]:
    """The solution of a regular system."""
    rows = [[*row, Fraction(v)] for row, v in zip(rows, right, strict=True)]
    for k in range(len(rows)):
        pivot = next(i for i in range(k, len(rows)) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [v / rows[k][k] for v in rows[k]]
        for i, row in enumerate(rows):
            if i != k and row[k]:
                rows[i] = [a - row[k] * b for a, b in zip(row, rows[k], strict=True)]
    return [row[-1] for row in rows]


@pytest.mark.parametrize("n", [25, 50, 100])
def test_exact_path(benchmark: BenchmarkFixture, n: int) -> None:
    x, y = _points(n)
    path = benchmark.pedantic(er.lasso.path, (x, y), rounds=1, iterations=1)
    assert len(path) > n


def test_exact_path_three_layers(benchmark: BenchmarkFixture) -> None:
    x, y = _points(16)
    path = benchmark.pedantic(er.lasso.path, (x, y), {"layers": 3}, rounds=1, iterations=1)
    assert all(er.check(c).accepted for c in path.certificates())


def test_hundred_points_certified_within_a_minute_and_against_the_textbook() -> None:
    """The whole path of 100 points with a certificate for every breakpoint; the textbook gets 20 times as
    long as the exact path took up to the breakpoint that the textbook reached.
    """
    x, y = _points(100)
    start = time.perf_counter()
    path = er.lasso.path(x, y)
    solved = time.perf_counter() - start
    accepted = all(er.check(s.certificate).accepted for s in path.solutions)
    assert accepted
    columns = [[Fraction(int(v)) for v in path.dictionary.column(j)] for j in path.dictionary.distinct]
    limit = 20 * solved
    found = textbook(columns, [Fraction(v) for v in y], limit)
    # The textbook gets 20 times the time of the whole path; what it found by then has to be right.
    assert found[-1][0] > 0
    for beta, norm in found[:5]:
        assert path.at(mpq(beta)).norm == mpq(norm)


def float_lars(columns: Any, target: Any) -> tuple[Any, Any, bool]:
    """Penalties, coefficients, and whether scikit-learn warned that it drops a regressor or stops early."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        alphas, _, coefficients = lars_path(columns, target, method="lasso")
    return alphas, coefficients, bool(caught)


def departure(x: Any, y: Any, layers: int) -> dict[str, Any]:
    """Where scikit-learn's path leaves the exact one: relative excess of its objective at its own β."""
    path = er.lasso.path(x, y, layers=layers)
    A = lasso_matrix(path.dictionary)
    target = np.array([float(v) for v in path.data.y])
    centred, mean = A - A.mean(axis=0), target.mean()
    alphas, coefficients, warned = float_lars(centred, target - mean)
    n = len(target)
    first, worst = None, 0.0
    for k, alpha in enumerate(alphas):
        z = coefficients[:, k]
        residual = target - mean - centred @ z
        value = residual @ residual / 2 + n * alpha * np.abs(z).sum()
        exact = float(path.at(float(n * alpha)).objective)
        excess = (value - exact) / max(exact, 1e-300) if value - exact > 1e-9 * (target @ target) else 0.0
        worst = max(worst, excess)
        if first is None and excess > 1e-6:
            first = k
    last = float(n * alphas[-1])
    return {
        "exact breakpoints": len(path),
        "sklearn breakpoints": len(alphas),
        "sklearn stops at beta": last,
        "exact |z|_1 there": float(path.at(last).norm),
        "sklearn |z|_1 there": float(np.abs(coefficients[:, -1]).sum()),
        "sklearn warned": warned,
        "first wrong breakpoint": first,
        "largest relative excess": worst,
    }


@pytest.mark.parametrize(("n", "layers"), [(25, 2), (60, 2), (100, 2), (12, 3), (16, 3)])
def test_scikit_learn(benchmark: BenchmarkFixture, n: int, layers: int) -> None:
    """What its float path does on these dictionaries is in `extra_info`."""
    x, y = _points(n)
    report = benchmark.pedantic(departure, (x, y, layers), rounds=1, iterations=1)
    benchmark.extra_info.update(report)
    assert report["exact breakpoints"] > n / 2
    # It never beats the exact optimum, and the start of its path is right.
    assert report["first wrong breakpoint"] is None or report["first wrong breakpoint"] > 0
    assert report["sklearn stops at beta"] >= 0


@given(y=st.lists(st.integers(-20, 20), min_size=3, max_size=7, unique=True))
@settings(max_examples=40, derandomize=True)
def test_lars_is_never_below_the_exact_optimum(y: list[int]) -> None:
    """One column a class (ours are merged up to sign and constants), points in general position."""
    x = [Fraction(k * k * k + 5 * k, 7) for k in range(len(y))]
    path = er.lasso.path(x, y)
    d = path.dictionary
    used = [d.distinct.index(m[0].column) for m in d.design.members]
    A = lasso_matrix(d)[:, used]
    target = np.array(y, dtype=float)
    A, target = A - A.mean(axis=0), target - target.mean()
    alphas, coefficients, _ = float_lars(A, target)
    # It can leave the path, with a warning or without, but never below the exact optimum.
    for alpha, z in zip(alphas, coefficients.T, strict=False):
        beta = float(len(y) * alpha)
        objective = np.sum((target - A @ z) ** 2) / 2 + beta * np.abs(z).sum()
        assert objective >= float(path.at(beta).objective) * (1 - 1e-9) - 1e-9
