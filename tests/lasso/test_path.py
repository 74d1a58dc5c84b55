"""The regularisation path: golden data, real series, degenerate data, random data against dense oracles."""

import csv
import pickle
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from scipy.optimize import linprog

import exactrelu as er
from exactrelu.functions import Dataset
from exactrelu.lasso.path import whole_path
from exactrelu.strategies import datasets
from tests.lasso.architectures import ARCHITECTURES, why_not_optimal

path = er.lasso.path
DATA = Path(__file__).parents[1] / "data"
GOLDEN = [0, 4, 5, 7, 10, 11], [0, 0, 0, 2, 3, 3]


def accepted(p):
    return all(er.check(c).accepted for c in p.certificates())


def test_golden_data():
    two, three, four = (path(*GOLDEN, layers=k) for k in (2, 3, 4))
    assert (two.limit.norm, three.limit.norm, four.limit.norm) == (2, 1, 1)
    assert two.beta_max == three.beta_max == mpq(83, 3)
    assert two.breakpoints[:4] == (mpq(83, 3), mpq(361, 37), mpq(10, 3), mpq(125, 41))
    assert [s.objective for s in three.solutions] == [s.objective for s in four.solutions]
    assert three.breakpoints == four.breakpoints
    assert accepted(two)
    assert accepted(three)
    assert accepted(four)
    assert two.limit.fitted == two.limit.data.y
    assert len(two.limit.coefficients) == 12
    assert pickle.loads(pickle.dumps(two)) == two


@pytest.mark.parametrize("name", ["nile.csv", "co2_weekly.csv"])
def test_sixty_points_of_a_real_series(name):
    with open(DATA / name, newline="", encoding="ascii") as file:
        rows = list(csv.reader(file))[1:61]
    p = path([row[0] for row in rows], [row[1] for row in rows])
    assert len(p) > 60
    assert accepted(p)
    data = p.data
    bends = sum(map(abs, data.curvatures))
    assert p.limit.norm == max(bends, (bends + abs(data.slopes[0] + data.slopes[-1])) / 2)


def test_sixteen_points_three_layers():
    rng = np.random.default_rng(5)
    p = path(np.sort(rng.normal(size=16)), rng.normal(size=16), layers=3)
    assert len(p) > 16
    assert accepted(p)


@pytest.mark.parametrize("name", ARCHITECTURES)
@settings(max_examples=12)
@given(data=datasets(max_size=5))
def test_every_breakpoint_is_optimal(name, data):
    if name == "relu-4":
        data = Dataset._make(data.x[:3], data.y[:3])
    p = path(data.x, data.y, **ARCHITECTURES[name])
    assert all(a > b for a, b in pairwise(p.breakpoints))
    assert not p.breakpoints[-1]
    for s in p.solutions:
        assert why_not_optimal(s) is None
    for a, b in pairwise(p.breakpoints):
        s = p.at((2 * a + b) / 3)
        assert why_not_optimal(s) is None
        assert er.check(s.certificate).accepted
    # A breakpoint is one: the path bends there.
    for before, here, after in zip(p.solutions, p.solutions[1:], p.solutions[2:], strict=False):
        used = {*before.support, *here.support, *after.support}
        share = (here.beta - after.beta) / (before.beta - after.beta)
        straight = all(
            here.coefficients[j] == share * before.coefficients[j] + (1 - share) * after.coefficients[j]
            for j in used
        )
        tight = here.solution_set.columns != after.solution_set.columns
        assert not straight or tight


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([2], [3]),
        ([0, 1], [5, 5]),
        ([0, 1], [0, 1]),
        ([0, 1, 2, 3], [1, 2, 3, 4]),
        ([0, 1, 2, 3, 4], [0, 1, 0, 1, 0]),
        ([-2, -1, 0, 1, 2], [4, 1, 0, 1, 4]),
        ([-(10**30), 0, 10**29], ["1e20", 0, "-7e25"]),
        (["-1e-30", 0, "1e-29", "1e-28"], ["1e-20", 0, "-7e-25", 0]),
        ([10**9 + k for k in range(6)], [0, 1, 1, 0, 0, 1]),
    ],
)
@pytest.mark.parametrize("name", [n for n in ARCHITECTURES if n != "relu-4"])
def test_degenerate_data(name, x, y):
    p = path(x, y, **ARCHITECTURES[name])
    assert accepted(p)
    if len(set(y)) == 1:
        assert p.breakpoints == (0,)
        assert p.limit.objective == p.limit.norm == 0
        assert p.limit.intercept == mpq(y[0])


def test_ties_everywhere():
    """Equidistant points, symmetric values: many columns reach the bound together, and leave together."""
    for n in (6, 9, 12):
        zigzag, tent = [k % 2 for k in range(n)], [min(k, n - 1 - k) for k in range(n)]
        for y in (zigzag, tent, [int(k == n // 2) for k in range(n)]):
            for options in ({}, {"layers": 3}, {"activation": "abs"}, {"activation": "sign"}):
                p = path(range(n), y, **options)
                assert accepted(p)
                middle = [s.solution_set for s in p.solutions[1:-1]]
                assert all(s.point in s for s in middle)


@given(data=datasets(min_size=2, max_size=7))
@settings(max_examples=30)
def test_the_limit_is_a_linear_programme(data):
    """HiGHS on the dense dictionary."""
    if data.x[-1] - data.x[0] > 10**4 or min(b - a for a, b in pairwise(data.x)) < mpq(1, 100):
        data = Dataset._make(tuple(map(mpq, range(data.n))), data.y)
    size = max(map(abs, data.y)) or mpq(1)
    data = Dataset._make(data.x, tuple(v / size for v in data.y))
    for layers in (2, 3):
        p = path(data.x, data.y, layers=layers)
        d = p.dictionary
        matrix = np.array([[float(v) for v in d.column(j)] for j in d.distinct]).T
        A = np.hstack([matrix, -matrix, np.ones((data.n, 1))])
        cost = np.r_[np.ones(2 * matrix.shape[1]), 0]
        bounds = [(0, None)] * (len(cost) - 1) + [(None, None)]
        found = linprog(cost, A_eq=A, b_eq=[float(v) for v in data.y], bounds=bounds)
        assert found.fun == pytest.approx(float(p.limit.norm), rel=1e-6, abs=1e-7)


def test_reading_a_path():
    p = path(*GOLDEN)
    assert len(p) == len(p.breakpoints) == len(p.solutions)
    assert p.at(p.beta_max) == p.solutions[0]
    assert p.at(0) == p.limit
    assert p.at(10**6).objective == p.solutions[0].objective
    assert not p.at(10**6).support
    with pytest.raises(er.InputError, match="beta = -1"):
        p.at(-1)
    flat = path([0, 1], [3, 3])
    assert flat.at(0) == flat.limit
    assert flat.at(5).intercept == 3


def test_a_budget_of_time():
    with pytest.raises(er.BudgetExceeded, match="seconds"):
        path(range(60), [k * k % 17 for k in range(60)], timeout=1e-4)


def test_a_dictionary_that_cannot_interpolate():
    """The identity gives the least-squares line; β → 0 ends there, with a dual that proves |z| minimal."""
    x, y = [0, 1, 2, 4], [1, 0, 3, 2]
    limit = path(x, y, activation="leaky_relu", slope=1).limit
    slope, intercept = np.polyfit(x, y, 1)
    assert any(limit.residual)
    assert float(limit.norm) == pytest.approx(abs(slope))
    assert float(limit.function(0)) == pytest.approx(intercept)
    assert er.check(limit.certificate).accepted


def test_data_that_no_column_helps_to_fit():
    """β_max is 0, and yet the residual is not."""
    x, y = [0, 1, 2, 3, 4], [1, -1, 1, -1, 1]
    options = {"activation": "leaky_relu", "slope": 1}
    p = path(x, y, **options)
    assert p.breakpoints == (0,)
    for s in (p.limit, p.at(3), er.lasso.solve(x, y, beta=3, **options)):
        assert why_not_optimal(s) is None
        assert s.residual == tuple(v - mpq(1, 5) for v in y)
        assert s.is_unique
        assert er.check(s.certificate).accepted


@pytest.mark.parametrize(
    ("x_unit", "y_unit"), [(1, 1), ("1e200", 1), ("1e-200", 1), (1, "1e300"), ("1e-320", "1e-320")]
)
def test_the_float_path_does_not_leave_its_range(x_unit, y_unit, capfd):
    """Squares of 1e200 are infinite, of which LAPACK complains on standard output."""
    x, y = [mpq(x_unit) * v for v in (0, 1, 3, 4, 5)], [mpq(y_unit) * v for v in (0, 1, 1, 0, 2)]
    data = Dataset.read(x, y)
    d = er.lasso.dictionary(x, layers=3, activation="abs")
    beta = path(x, y, layers=3, activation="abs").beta_max / 7
    s = er.lasso.solve(x, y, beta=beta, layers=3, activation="abs")
    floats = er.lasso.float_path(data, d, until=beta)
    assert capfd.readouterr() == ("", "")
    assert np.abs(floats.coefficients[-1]).sum() == pytest.approx(float(s.norm))
    assert floats.breakpoints[-1] == pytest.approx(float(beta))


def test_a_float_path_beyond_floats_is_refused():
    for x, y in (([0, "1e400", "3e400"], [0, 1, 0]), ([0, 1, 2], [0, "1e400", 0])):
        data = Dataset.read(x, y)
        with pytest.raises(er.InputError, match="too large for floats"):
            er.lasso.float_path(data, er.lasso.dictionary(x))


def test_the_float_path_follows():
    rng = np.random.default_rng(1)
    for layers in (2, 3):
        x, y = np.sort(rng.normal(size=12)), rng.normal(size=12)
        exact = path(x, y, layers=layers)
        floats = er.lasso.float_path(exact.data, exact.dictionary)
        norms = np.abs(floats.coefficients).sum(axis=1)
        for beta, norm in zip(floats.breakpoints[:8], norms[:8], strict=False):
            assert norm == pytest.approx(float(exact.at(beta).norm), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize(
    "network",
    [
        {"layers": 2},
        {"layers": 3},
        {"layers": 2, "activation": "abs"},
        {"layers": 3, "activation": "abs"},
        {"layers": 2, "activation": "leaky_relu", "slope": "1/2"},
    ],
    ids=str,
)
def test_the_float_path_with_ties(network):
    """On small integers many correlations come to beta at once, and stay there."""
    for seed in range(15):
        rng = np.random.default_rng(seed)
        n = rng.integers(2, 9)
        x, y = np.sort(rng.choice(2 * n, n, replace=False)), rng.integers(-3, 4, n)
        exact = path(x, y, **network)
        floats = er.lasso.float_path(exact.data, exact.dictionary)
        norms = np.abs(floats.coefficients).sum(axis=1)
        assert floats.breakpoints[-1] == pytest.approx(0, abs=1e-9 * floats.breakpoints[0])
        for beta, norm in zip(floats.breakpoints, norms, strict=True):
            if beta > 1e-9 * floats.breakpoints[0]:
                assert norm == pytest.approx(float(exact.at(beta).norm), rel=1e-7, abs=1e-9 * norms.max())


@pytest.mark.parametrize("seed", range(12))
def test_the_float_path_with_more_columns_than_dimensions(seed):
    """Columns that depend on the support are at beta all along, or meet it at 0; rounding adds nothing."""
    rng = np.random.default_rng(seed)
    x, y = np.sort(rng.random(8)), rng.normal(size=8)
    exact = path(x, y, activation="sign", layers=3, widths=[5])
    floats = er.lasso.float_path(exact.data, exact.dictionary)
    assert floats.breakpoints[-1] == 0
    assert floats.breakpoints[-2] > 1e-6 * floats.breakpoints[0]
    norms = np.abs(floats.coefficients).sum(axis=1)
    for beta, norm in zip(floats.breakpoints, norms, strict=True):
        assert norm == pytest.approx(float(exact.at(beta).norm), rel=1e-7, abs=1e-9 * norms.max())


def test_one_dictionary_for_many_targets():
    data = Dataset.read(*GOLDEN)
    d = er.lasso.dictionary(data.x)
    for y in ((0, 1, 0, 1, 0, 1), (5, 4, 3, 2, 1, 0)):
        p = whole_path(Dataset.read(data.x, y), d)
        assert p.dictionary is d
        assert accepted(p)
