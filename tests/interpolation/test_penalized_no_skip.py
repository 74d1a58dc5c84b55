"""Penalised biases without skip: enclosures that hold, exact answers where there are any, outside solvers."""

import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

import exactrelu as er
from exactrelu.arithmetic import BudgetExceeded, Enclosure, RadicalSum
from exactrelu.functions import Dataset, PiecewiseLinear, bias_path_excess
from exactrelu.interpolation import penalized_no_skip, penalized_skip
from exactrelu.interpolation.penalized_no_skip import DEFAULT_TOLERANCE, solve
from exactrelu.interpolation.penalized_no_skip_exact import is_feasible, log2, near, simple
from exactrelu.interpolation.penalized_no_skip_float import solve as float_solve
from exactrelu.strategies import datasets

FEW = settings(max_examples=40, deadline=None)


def cost(f):
    return er.representation_cost(f, penalize_bias=True, skip=False)


def lower(s):
    return s.cost.lower if isinstance(s.cost, Enclosure) else s.cost


def upper(s):
    return s.cost.upper if isinstance(s.cost, Enclosure) else s.cost


def enclosed(data, tolerance=DEFAULT_TOLERANCE):
    """The enclosure, also where there would be an exact answer."""
    return penalized_no_skip._enclose(data, mpq(tolerance), math.inf)


def check(s, tolerance=DEFAULT_TOLERANCE):
    """All that a result promises."""
    assert tuple(s.function.values_at_sorted(s.data.x)) == s.data.y
    assert (s.penalize_bias, s.skip) == (True, False)
    if isinstance(s.cost, Enclosure):
        assert s.cost.lower <= cost(s.function) <= s.cost.upper
        assert s.cost.width <= tolerance * s.cost.lower
    else:
        assert s.cost == cost(s.function)
        assert s.is_unique
    report = er.check(s.certificate)
    assert report.accepted, report.message


# -- anchors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "function", "minimum"),
    [
        # One unit: σ(x) costs 1, σ(x + 1) costs √2, 2 σ(1 - x) costs 2√2; a constant costs its size.
        ([0, 1], [0, 1], (0, 0, [(0, 1)]), 1),
        ([0, 1], [1, 2], (0, 0, [(-1, 1)]), er.sqrt(2)),
        ([-3, 0], [8, 2], (-2, 2, [(1, 2)]), 2 * er.sqrt(2)),
        ([-1, 0, 1], [5, 5, 5], (0, 5, []), 5),
        ([10, 11], ["-1/3", "-1/3"], None, None),
        # Each datum has the unit that it would have alone, with a kink at -1/x_i and inactive at the other.
        (
            [-3, 4],
            [1, 1],
            ("-3/10", "1/10", [("-1/4", "4/17"), ("1/3", "3/10")]),
            er.sqrt(10) / 10 + er.sqrt(17) / 17,
        ),
        ([-1000, -10, -1, 0, 1, 7, 1000], [2 * v + 1 for v in (-1000, -10, -1, 0, 1, 7, 1000)], None, None),
    ],
)
def test_known_minima(x, y, function, minimum):
    s = solve(Dataset.read(x, y))
    check(s)
    if function is not None:
        assert s.function == PiecewiseLinear.from_kinks(*function)
    if minimum is not None:
        assert s.cost.contains(minimum)


def test_affine_functions_in_the_limit_of_wide_data():
    # On the whole line x costs 2, x + 1 costs 1 + √3 and 2x + 1 costs √20; data can only be cheaper.
    x = [-(10**k) for k in (8, 4, 2, 1)] + [mpq(i, 4) for i in range(-8, 9)] + [10**k for k in (1, 2, 4, 8)]
    for a, b, full in ((1, 0, mpq(2)), (1, 1, 1 + er.sqrt(3)), (2, 1, er.sqrt(20))):
        s = solve(Dataset.read(x, [a * v + b for v in x]))
        assert s.cost.lower <= full
        assert full <= mpq(101, 100) * s.cost.upper
        assert full == cost(PiecewiseLinear.from_kinks(a, b))


@given(x=st.fractions(max_denominator=50), y=st.fractions(max_denominator=50))
def test_one_datum_has_one_unit(x, y):
    s = solve(Dataset.read([x], [y]))
    check(s)
    norm = mpq(1 + x * x)
    assert s.cost == RadicalSum([(abs(y) / norm, norm)])
    assert s.function(x) == y
    assert len(s.network.input_weights) == (1 if y else 0)


def test_nothing_to_pay():
    for n in (1, 2, 5):
        s = solve(Dataset.read(range(n), [0] * n))
        check(s)
        assert s.cost == 0
        assert s.function == PiecewiseLinear.from_kinks(0, 0)


# -- laws ---------------------------------------------------------------------------------------------


@FEW
@given(datasets(min_size=1, max_size=9))
def test_the_enclosure_holds_and_the_checker_accepts(data):
    s = solve(data)
    check(s)
    network = s.network
    assert network.function == s.function
    assert pickle.loads(pickle.dumps(s)) == s


@FEW
@given(datasets(min_size=2, max_size=8))
def test_between_the_minimum_with_skip_and_the_connected_dots(data):
    assume(any(data.y))
    s = enclosed(data)
    check(s)
    with_skip = penalized_skip.solve(data)
    assert with_skip.cost <= s.cost.upper
    assert s.cost.lower <= cost(PiecewiseLinear._through(data))
    excess = bias_path_excess(with_skip.function).value
    assert s.cost.lower <= with_skip.cost + excess
    if not excess:
        assert solve(data).cost == with_skip.cost
        assert s.cost.contains(with_skip.cost)


@FEW
@given(datasets(min_size=3, max_size=8), st.integers(0, 7), st.fractions(1, 9, max_denominator=9))
def test_symmetries_and_monotonicity(data, drop, factor):
    assume(any(data.y))
    s = enclosed(data)
    mirrored = enclosed(Dataset.read([-v for v in data.x], data.y))
    scaled = enclosed(Dataset._make(data.x, tuple(-mpq(factor) * v for v in data.y)))
    for other, q in ((mirrored, 1), (scaled, mpq(factor))):
        assert other.cost.lower <= q * s.cost.upper
        assert q * s.cost.lower <= other.cost.upper
    keep = [i for i in range(data.n) if i != drop % data.n]
    fewer = solve(Dataset._make(tuple(data.x[i] for i in keep), tuple(data.y[i] for i in keep)))
    assert lower(fewer) <= s.cost.upper


@FEW
@given(datasets(min_size=2, max_size=6), st.integers(0, 5))
def test_a_tighter_dual_is_refused(data, k):
    """The multipliers are nearly tight: a little more is infeasible, and the checker sees it."""
    assume(any(data.y))
    s = enclosed(data)
    nu = s._evidence
    assert is_feasible(data.x, nu)
    more = [v * (1 + 2 * DEFAULT_TOLERANCE) for v in nu]
    value = sum(v * w for v, w in zip(more, data.y, strict=True))
    assert value > s.cost.upper  # so by weak duality:
    assert not is_feasible(data.x, more)
    from exactrelu import certificates

    wrong = certificates.optimality_bounds(
        data, s.function, skip=False, lower=s.cost.lower, upper=s.cost.upper, dual={"nu": more}
    )
    assert not er.check(wrong).accepted
    low = certificates.optimality_bounds(
        data, s.function, skip=False, lower=s.cost.lower, upper=s.cost.lower * (1 - mpq(1, 10**6)),
        dual={"nu": nu},
    )  # fmt: skip
    assert not er.check(low).accepted


@given(datasets(min_size=2, max_size=6), st.data())
def test_feasibility_is_what_it_says(data, draw):
    """Against all directions on a fine grid, which includes those of the data."""
    x = np.array([float(v) for v in data.x])
    assume(np.all(np.diff(x) > 0))
    nu = draw.draw(st.lists(st.fractions(-2, 2, max_denominator=8), min_size=len(x), max_size=len(x)))
    nu = [mpq(v) / (1 + abs(t)) for v, t in zip(nu, data.x, strict=True)]
    angles = np.concatenate([np.arctan(x), np.linspace(-np.pi / 2, np.pi / 2, 4001)])
    w, b = np.cos(angles), -np.sin(angles)
    weights = np.array([float(v) for v in nu])
    size = max(np.abs(np.maximum(np.outer(s * w, x) + (s * b)[:, None], 0) @ weights).max() for s in (1, -1))
    assume(abs(size - 1) > 1e-3)
    assert is_feasible(data.x, nu) == (size < 1)


def test_feasibility_at_the_boundary_is_exact():
    # Touches at infinity, outside the data, at a datum, inside a gap: the bound is attained, not crossed.
    epsilon = mpq(1, 10**40)
    for x, nu in (
        ([0, 1], [1, 0]),  # the constant: Σ ν = 1, and g_R(0) = 0
        ([mpq(3, 4), 2], [mpq(4, 5), 0]),  # the unit of one datum, (3/4, 1), outside the data
        ([mpq(-3, 4), mpq(3, 4)], [mpq(-5, 6), mpq(5, 6)]),  # g_R(x_1) = 5/4
        ([0, mpq(4, 3)], [0, mpq(3, 5)]),  # g_R = 3/5 (4/3 - t) touches √(1+t²) at t = -3/4 < x_1
        ([-2, mpq(4, 3)], [0, mpq(3, 5)]),  # and here inside the gap
    ):
        x = [mpq(v) for v in x]
        assert is_feasible(x, [mpq(v) for v in nu])
        assert not is_feasible(x, [v * (1 + epsilon) for v in nu])


# -- accuracy on request, budgets ---------------------------------------------------------------------


@pytest.mark.parametrize("digits", [0, 1, 6, 30, 60])
def test_tolerances(digits):
    data = Dataset.read([-2, -1, 0, 1, 3], [3, -1, 4, "1/3", -5])
    tolerance = mpq(1, 10**digits)
    s = solve(data, tolerance=tolerance)
    check(s, tolerance)
    assert max(s.cost.lower, s.cost.upper).denominator < 10 ** (digits + 20)
    fine = solve(data, tolerance=mpq(1, 10**70))
    assert s.cost.lower <= fine.cost.lower <= fine.cost.upper <= s.cost.upper


@pytest.mark.parametrize("exponent", [-300, -40, -9, -6, 6, 9, 40, 300])
@pytest.mark.parametrize("what", ["x", "y", "both", "shift"])
def test_scales(exponent, what):
    q = mpq(10) ** exponent
    x, y = [mpq(v, 3) for v in (-7, -4, 0, 1, 5)], [3, -1, 4, 1, -5]
    data = {
        "x": lambda: ([q * v for v in x], y),
        "y": lambda: (x, [q * v for v in y]),
        "both": lambda: ([q * v for v in x], [q * v for v in y]),
        "shift": lambda: ([q + v for v in x], y),
    }[what]()
    check(enclosed(Dataset.read(*data)))


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([0, mpq(1, 10**40)], [3, 0]),
        ([-6 * 10**8, mpq(10**12, 9)], [mpq(-1, 5 * 10**14)] * 2),
        ([0, mpq(1, 10**15), 1, 10**15], [1, 5, -2, 3]),
        ([1, 1 + mpq(1, 10**40)], [1, 1]),
        (
            [-11, -3, mpq(-9, 25), 1, mpq(9, 7), mpq(13, 7)],  # collinear: units whose kinks cancel
            [-21, -5, mpq(7, 25), 3, mpq(25, 7), mpq(33, 7)],
        ),
        # Units that hardly cost anything, but matter at far data.
        (
            [-900000, -7, -1, mpq(630581047971981, 1073741824)],
            [mpq(4835703278458517, 4835703278458516698824704)] * 2 + [4, 0],
        ),
        (
            [mpq(-107429992357420, 31), mpq(-1521484291747, 43223), mpq(8241, 412109)],
            [-1000, mpq(-2223, 80666708), -2],
        ),
        (
            [-6 * 10**8, mpq(-3, 5), mpq(-638844340348723, 1125899906842624), 6 * 10**10],
            [-9, mpq(-68471, 802008)] + [mpq(-248284240340709, 1073741824)] * 2,
        ),
        (range(-3, 4), [0, 0, 0, 1, 0, 0, 0]),
        (range(8), [0, 1] * 4),
    ],
)
def test_degenerate_data(x, y):
    check(enclosed(Dataset.read(list(x), y)))


@pytest.mark.parametrize("name", ["square", "sin", "exp", "abs", "line"])
def test_smooth_grids(name):
    x = [mpq(-3) + mpq(6 * i, 49) for i in range(50)]
    functions = {
        "square": lambda v: v * v,
        "sin": math.sin,
        "exp": math.exp,
        "abs": abs,
        "line": lambda v: 2 * v + 1,
    }
    data = Dataset.read(x, [functions[name](v) for v in x])
    check(enclosed(data))
    check(solve(data))


@pytest.mark.parametrize("seed", [208, 287, 300, 301, 302])
def test_lines_rounded_to_float64(seed):
    # Two units that face each other in one gap carry the line; the bend of 1e-15 is the sum of their kinks.
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-3, 3, rng.integers(3, 9)))
    a, b = rng.integers(-9, 10, 2)
    check(enclosed(Dataset.read(x, a * x + b)))


def test_long_smooth_data_with_a_tolerance_take_nearly_linear_time_where_the_excess_is_zero():
    x = np.linspace(-3, 3, 2000)
    s = solve(Dataset.read(x, np.sin(5 * x)), tolerance=mpq(1, 10**20))
    assert s.cost.width <= s.cost.lower / mpq(10) ** 20
    assert tuple(s.function.values_at_sorted(s.data.x)) == s.data.y
    assert bias_path_excess(s.function).value == 0
    assert is_feasible(s.data.x, s._evidence)


def test_no_time():
    data = Dataset.read([0, 1, 2, 4], [3, 1, 5, -2])
    with pytest.raises(BudgetExceeded, match="allow more time or a larger tolerance"):
        solve(data, tolerance=mpq(1, 10**30), timeout=1e-9)


def test_through_the_public_face():
    s = er.min_norm_interpolant([0, 1], [1, 2], skip=False, tolerance="1e-20")
    assert not s.is_exact
    assert s.is_unique is None
    assert er.sqrt(2) in s.cost
    with pytest.raises(er.InputError, match="tolerance"):
        er.min_norm_interpolant([0, 1], [1, 2], skip=False, tolerance=0)


# -- rounding -----------------------------------------------------------------------------------------


@given(
    st.fractions(-100, 100, max_denominator=10**30),
    st.fractions(Fraction(1, 10**40), 1, max_denominator=10**42),
)
def test_rounding_is_as_close_and_as_short_as_it_says(value, unit):
    value, unit = mpq(value), mpq(unit)
    rounded = near(value, unit)
    assert abs(rounded - value) <= unit
    assert rounded.denominator & (rounded.denominator - 1) == 0
    k = max(0, 1 - log2(unit))
    assert abs(simple(value, unit) - value) <= max(1, 2 ** (5 * k // 8)) * unit
    short = mpq(value.numerator % 10, 3)
    assert simple(short + unit / 7, unit) == short or k < 16


# -- float64, outside solvers -------------------------------------------------------------------------


@FEW
@given(datasets(min_size=1, max_size=12))
def test_the_float_path_agrees(data):
    x, y = np.array([float(v) for v in data.x]), np.array([float(v) for v in data.y])
    assume(np.all(np.diff(x) > 0))
    with np.errstate(over="ignore"):
        size = np.max(np.abs(y)) / np.min(np.diff(x), initial=1.0) * np.hypot(1.0, np.max(np.abs(x)))
    assume(size < 1e300)  # chords steeper than float64 can hold have no float path to compare
    s = solve(Dataset.read(x, y))
    slope, intercept, t, c, total = float_solve(x, y)
    assert total == pytest.approx(float(upper(s)), rel=1e-7, abs=1e-12 * size)
    values = slope * x + intercept + np.maximum(x[:, None] - t, 0) @ c
    reach = 1 + np.max(np.abs(x))
    assert values == pytest.approx(y, rel=1e-6, abs=1e-9 * size * reach)


@pytest.mark.parametrize("function", [np.sin, np.exp, np.square, np.ones_like])
def test_the_float_path_takes_long_smooth_data(function):
    x = np.linspace(-3, 3, 2001)
    y = function(x)
    fine, coarse = float_solve(x, y).cost, float_solve(x[::20], y[::20]).cost
    assert coarse * (1 - 1e-7) <= fine <= 1.05 * coarse


def peer(x, y):
    """The primal as a cone programme in Clarabel, from the units themselves: no dual function, no slopes."""
    import clarabel

    n = len(x)
    norms = np.hypot(1.0, x)
    rays = np.concatenate([np.stack([1 / norms, -x / norms], 1), np.stack([-1 / norms, x / norms], 1)])
    pairs = [(i, i + 1) for i in range(n - 1)] + [(n + i, n + i + 1) for i in range(n - 1)] + [(0, 2 * n - 1)]
    active = np.maximum(np.outer(x, rays[:, 0]) + rays[:, 1], 0)
    active[np.arange(n), np.arange(n)] = active[np.arange(n), n + np.arange(n)] = 0
    signed = [(i, j, sign) for i, j in pairs for sign in (1, -1)]
    m = len(signed)
    matrix = sparse.lil_matrix((n + 5 * m, 3 * m))
    for k, (i, j, sign) in enumerate(signed):
        matrix[:n, 3 * k] = sign * active[:, [i]]
        matrix[:n, 3 * k + 1] = sign * active[:, [j]]
        matrix[n + 2 * k, 3 * k] = matrix[n + 2 * k + 1, 3 * k + 1] = -1
        row = n + 2 * m + 3 * k
        matrix[row, 3 * k + 2] = -1
        matrix[row + 1 : row + 3, 3 * k] = -rays[[i]].T
        matrix[row + 1 : row + 3, 3 * k + 1] = -rays[[j]].T
    objective = np.tile([0.0, 0.0, 1.0], m)
    cones = [clarabel.ZeroConeT(n), clarabel.NonnegativeConeT(2 * m)] + [clarabel.SecondOrderConeT(3)] * m
    options = clarabel.DefaultSettings()
    options.verbose = False
    options.tol_gap_abs = options.tol_gap_rel = options.tol_feas = 1e-10
    right = np.concatenate([y, np.zeros(5 * m)])
    solver = clarabel.DefaultSolver(
        sparse.csc_matrix((3 * m, 3 * m)), objective, sparse.csc_matrix(matrix), right, cones, options
    )
    solution = solver.solve()
    return solution.obj_val, solution.obj_val_dual, str(solution.status)


@pytest.mark.parametrize("seed", range(40))
def test_clarabel_agrees(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 10))
    x = np.sort(rng.choice(np.arange(-4 * n, 4 * n), size=n, replace=False)) / float(rng.choice([1, 4, 16]))
    y = [rng.integers(-9, 10, size=n) * 1.0, rng.integers(0, 2, size=n) * 1.0, x * x, 2 * x + 1][seed % 4]
    y[0] = y[0] if np.any(y) else 1.0
    s = enclosed(Dataset.read(x, y))
    primal, dual, status = peer(x, y)
    value = float(s.cost.midpoint)
    assert status == "Solved"
    assert value == pytest.approx(primal, rel=1e-6)
    assert value == pytest.approx(dual, rel=1e-6)
