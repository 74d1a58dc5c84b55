"""Solutions at one β: against Clarabel, the path, dense conditions; uniqueness, polytopes, certificates."""

import pickle
import sys

import clarabel
import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

import exactrelu as er
from exactrelu.arithmetic import linear
from exactrelu.functions import Dataset
from exactrelu.lasso.path import Problem
from exactrelu.lasso.solve import solution
from exactrelu.strategies import datasets
from tests.lasso.architectures import ARCHITECTURES, dot, why_not_optimal

solve = er.lasso.solve
GOLDEN = [0, 4, 5, 7, 10, 11], [0, 0, 0, 2, 3, 3]
SHARES = st.fractions("1/40", "11/10", max_denominator=40)


def share_of(data, options, share):
    top = er.lasso.path(data.x, data.y, **options).beta_max
    return top * mpq(share.numerator, share.denominator)


@pytest.mark.parametrize("name", ARCHITECTURES)
@settings(max_examples=15)
@given(data=datasets(max_size=5), share=SHARES)
def test_optimal_and_certified(name, data, share):
    options = ARCHITECTURES[name]
    if name == "relu-4":
        data = Dataset._make(data.x[:3], data.y[:3])
    s = solve(data.x, data.y, beta=share_of(data, options, share), **options)
    assert why_not_optimal(s) is None
    assert er.check(s.certificate).accepted
    assert s.network.objective(s.data, s.beta) == s.objective
    assert pickle.loads(pickle.dumps(s)) == s


@pytest.mark.parametrize("name", ["relu-2", "relu-3", "leaky", "abs-3", "sign-3", "threshold"])
@settings(max_examples=15)
@given(y=st.lists(st.integers(-9, 9), min_size=2, max_size=9), share=SHARES)
def test_clarabel(name, y, share):
    """An interior-point solver on ``½|Az + ξ - y|² + β Σ(z⁺ + z⁻)`` with dense columns."""
    options = ARCHITECTURES[name]
    x = [mpq(k * k + 3 * k, 7) for k in range(len(y))]
    s = solve(x, y, beta=share_of(Dataset.read(x, y), options, share), **options)
    d, n = s.dictionary, len(y)
    A = np.array([[float(v) for v in d.column(j)] for j in d.distinct]).reshape(-1, n).T
    p = A.shape[1]
    B = np.hstack([A, -A, np.ones((n, 1))])
    b = np.array(y, dtype=float)
    q = np.r_[np.full(2 * p, float(s.beta)), 0.0] - B.T @ b
    settings_ = clarabel.DefaultSettings()
    settings_.verbose = False
    bounds = sparse.csc_matrix(np.hstack([-np.eye(2 * p), np.zeros((2 * p, 1))]))
    upper = sparse.triu(sparse.csc_matrix(B.T @ B), format="csc")
    cones = [clarabel.NonnegativeConeT(2 * p)]
    found = clarabel.DefaultSolver(upper, q, bounds, np.zeros(2 * p), cones, settings_).solve()
    assert found.obj_val + b @ b / 2 == pytest.approx(float(s.objective), rel=1e-5, abs=1e-6)


@given(data=datasets(min_size=2, max_size=6), share=SHARES)
@settings(max_examples=40)
def test_the_path_agrees(data, share):
    p = er.lasso.path(data.x, data.y, layers=3)
    beta = p.beta_max * mpq(share.numerator, share.denominator)
    s, t = solve(data.x, data.y, beta=beta, layers=3), p.at(beta)
    assert (s.objective, s.norm, s.fitted, s.dual) == (t.objective, t.norm, t.fitted, t.dual) or not beta
    assert s.solution_set.columns == t.solution_set.columns
    assert s.is_unique == t.is_unique


@pytest.mark.parametrize("name", ["relu-2", "relu-3", "abs-2", "abs-3", "sign-3", "threshold"])
@settings(max_examples=15)
@given(y=st.lists(st.integers(-2, 2), min_size=2, max_size=5), share=SHARES)
def test_the_polytope_of_solutions(name, y, share):
    options = ARCHITECTURES[name]
    data = Dataset.read(range(len(y)), y)
    s = solve(data.x, data.y, beta=share_of(data, options, share), **options)
    polytope, d = s.solution_set, s.dictionary
    assert polytope.point in polytope
    vertices = polytope.vertices()
    assert len(set(vertices)) == len(vertices) >= 1
    for z in vertices:
        assert z in polytope
        columns = [d.column(j) for j in polytope.columns]
        outputs = [dot(z, row) for row in zip(*columns, strict=True)] or [mpq(0)] * data.n
        shift = s.fitted[0] - outputs[0]
        assert all(v + shift == w for v, w in zip(outputs, s.fitted, strict=True))
        assert sum(map(abs, z), mpq(0)) == s.norm
    differences = [[a - b for a, b in zip(z, vertices[0], strict=True)] for z in vertices[1:]]
    k = len(polytope.columns)
    assert polytope.dimension == (linear.rank(differences, columns=k) if differences else 0)
    assert s.is_unique == (len(vertices) == 1) == (polytope.dimension == 0)
    moved = tuple(v + sign for v, sign in zip(polytope.point, polytope.signs, strict=True))  # |z| grows
    assert not k or moved not in polytope
    assert () not in polytope or not k
    assert "z" not in polytope


def test_uniqueness_by_hand():
    # |x - x_1| and |x - x_n| differ by a sign and a constant, so an affine fit is not unique, a bump is.
    line = solve([0, 1, 2], [0, 1, 2], beta="1/10", activation="abs")
    assert not line.is_unique
    assert line.solution_set.dimension == 1
    bump = solve([0, 1, 2], [0, 1, 0], beta="1/10", activation="abs")
    assert bump.is_unique
    assert bump.solution_set.vertices() == (bump.solution_set.point,)


def test_too_many_vertices_is_said():
    s = solve(range(14), [k % 3 for k in range(14)], beta="1/1000", layers=3)
    with pytest.raises(er.BudgetExceeded, match="vertices"):
        s.solution_set.vertices()
    assert s.solution_set.point in s.solution_set
    assert isinstance(s.is_unique, bool)


def test_the_fallback_of_a_wrong_proposal(monkeypatch):
    module = sys.modules["exactrelu.lasso.solve"]  # the package has a function of this name
    options = {"beta": "1/2", "activation": "abs", "layers": 3}
    right = solve(*GOLDEN, **options)
    assert right.support
    n = len(GOLDEN[0])
    proposals = [
        None,
        ([], []),
        ([1], [1]),
        ([1], [-1]),
        ([0, right.dictionary.representative[n * n - 1]], [1, -1]),  # dependent: |x| and |x - 11|
        (list(right.support), [-1] * len(right.support)),
    ]
    asked = []
    for proposal in proposals:
        monkeypatch.setattr(
            module, "_proposal", lambda *_, proposal=proposal: asked.append(proposal) or proposal
        )
        found = solve(*GOLDEN, **options)
        assert why_not_optimal(found) is None
        assert (found.fitted, found.norm) == (right.fitted, right.norm)
    assert asked == proposals


@pytest.mark.parametrize("name", ["abs-3", "threshold", "sign-2", "sign-3", "sign-tree"])
def test_the_proposal_is_right_with_ties(name):
    """Equally spaced integers: many columns enter at once, and most of the path is a tie."""
    x, y = range(16), [k * k % 7 for k in range(16)]
    data = Dataset.read(x, y)
    p = er.lasso.path(x, y, **ARCHITECTURES[name])
    for share in ("9/10", "1/2", "1/10", "1/100"):
        beta = p.beta_max * mpq(share)
        columns, signs = sys.modules["exactrelu.lasso.solve"]._proposal(data, p.dictionary, beta)
        found = Problem(data, p.dictionary).from_support(columns, signs, beta)
        assert (found.fitted, found.norm) == (p.at(beta).fitted, p.at(beta).norm)


def test_values_beyond_floats_need_no_proposal():
    s = solve([0, 1, 2], [0, 10**400, 0], beta=10**399)
    assert er.check(s.certificate).accepted
    assert s.support


def test_a_smaller_dictionary():
    data = Dataset.read(*GOLDEN)
    d = er.lasso.dictionary(data.x)
    s = solution(data, d, mpq(1, 2))
    worse = solution(data, d.without(s.support[0]), mpq(1, 2))
    assert worse.objective > s.objective
    # Its certificate claims optimality over all networks, and is rejected.
    assert not er.check(worse.certificate).accepted


def test_refused():
    with pytest.raises(er.InputError, match="beta = -1"):
        solve([0, 1], [0, 1], beta=-1)
    with pytest.raises(er.InputError, match="beta"):
        solve([0, 1], [0, 1], beta="x")
    with pytest.raises(er.InputError, match="rows 0 and 2"):
        solve([0, 1, 0], [0, 1, 2], beta=1)
    with pytest.raises(er.InputError, match="empty"):
        solve([], [], beta=1)
    for timeout in (0, -1, "a", float("nan")):
        with pytest.raises(er.InputError, match="timeout"):
            solve([0, 1], [0, 1], beta=1, timeout=timeout)
        with pytest.raises(er.InputError, match="timeout"):
            er.lasso.path([0, 1], [0, 1], timeout=timeout)


def test_integers_of_numpy():
    widths = np.array([2, 2])
    s = solve(*GOLDEN, beta="1/2", activation="sign", layers=np.int64(4), widths=widths)
    assert s == solve(*GOLDEN, beta="1/2", activation="sign", layers=4, widths=[2, 2])
    assert er.check(s.certificate).accepted


def test_input_in_any_order_repeated_points_once():
    s = solve([11, 4, 0, 5, 10, 7, 4], [3, 0, 0, 0, 3, 2, 0], beta=0.5)
    assert s == solve(*GOLDEN, beta="1/2")
