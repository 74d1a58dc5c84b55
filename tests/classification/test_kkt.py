"""KKT points: decisions with certificates, perturbed networks refuted, residual bounds that are bounds."""

import copy
import math

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import exactrelu as er
from exactrelu.arithmetic import InputError, RadicalSum, UnsupportedError
from exactrelu.classification import kkt_certificate, kkt_residual, max_margin_classifier
from exactrelu.classification.cone import nonnegative_solution
from exactrelu.classification.residual import nonnegative_least_squares
from exactrelu.functions import Dataset, ShallowNetwork
from exactrelu.instances import Stream
from exactrelu.theorems.safran_vardi_lee2022 import kkt as theorem
from exactrelu.theorems.safran_vardi_lee2022.subject import Case, kkt_networks, networks

INTEGERS = st.integers(-4, 4)


def network_of(case: Case):
    return ShallowNetwork(*zip(*case.units, strict=True))


@st.composite
def cases(draw, generator=kkt_networks):
    index = draw(st.integers(0, 10**6))
    return generator(Stream(11, "kkt", index), 6, 6)


@st.composite
def optimal(draw):
    """Alternating labels; the optimum without a skip where it is exact and has a rational network."""
    x = sorted(draw(st.lists(st.integers(-15, 15), min_size=4, max_size=8, unique=True)))
    s = max_margin_classifier(x, [(-1) ** i for i in range(len(x))], skip=False, tolerance="1/10")
    assume(s.is_exact)
    return s


# -- decisions ------------------------------------------------------------------------------------------


@given(optimal())
@settings(max_examples=40)
def test_optimal_networks_are_kkt_points(s):
    answer = kkt_certificate(s.network, s.data.x, s.data.y)
    assert answer
    assert answer.tight == tuple(i for i, m in enumerate(s.margins) if m == 1)
    assert sum(answer.multipliers, RadicalSum([])) == s.cost
    report = er.check(answer.certificate)
    assert report.accepted, report.message


@given(optimal(), st.data())
@settings(max_examples=40)
def test_perturbed_optimal_networks_are_not(s, draw):
    """A weight changed a little: margins no longer tie, or kinks leave their places."""
    w, b, v = (list(p) for p in (s.network.input_weights, s.network.biases, s.network.output_weights))
    j = draw.draw(st.integers(0, len(w) - 1))
    which = draw.draw(st.sampled_from([w, b, v]))
    which[j] += draw.draw(st.sampled_from([mpq(1, 100), mpq(-1, 1000)]))
    network = ShallowNetwork(w, b, v)
    assume(network.function != s.function)
    answer = kkt_certificate(network, s.data.x, s.data.y)
    assert not answer
    assert answer.farkas is not None or answer.margins[answer.tight[0]] <= 0
    report = er.check(answer.certificate)
    assert report.accepted, report.message


@given(cases(networks))
@settings(max_examples=60)
def test_either_answer_has_a_certificate_and_the_opposite_none(case):
    answer = kkt_certificate(network_of(case), case.data.x, case.data.y)
    document = copy.deepcopy(answer.certificate.to_json())
    assert er.check(er.Certificate(document)).accepted
    if answer:
        # Zero multipliers never do.
        document["dual"]["multipliers"] = ["0"] * case.data.n
        document["dual"]["subgradients"] = []
    elif answer.farkas is not None:
        document["dual"]["vectors"] = [[str(-mpq(a)), str(-mpq(b))] for a, b in document["dual"]["vectors"]]
    else:
        document["dual"]["datum"] = max(range(case.data.n), key=lambda i: answer.margins[i])
        assume(answer.margins[document["dual"]["datum"]] > 0)
    assert not er.check(er.Certificate(document)).accepted


@given(cases(), st.fractions("1/10", 10, max_denominator=10), st.fractions("1/10", 10, max_denominator=10))
@settings(max_examples=40)
def test_scaling_units_or_the_whole_changes_nothing(case, inner, outer):
    answer = kkt_certificate(network_of(case), case.data.x, case.data.y)
    units = [(inner * w, inner * b, outer * v) for w, b, v in case.units]
    other = kkt_certificate(ShallowNetwork(*zip(*units, strict=True)), case.data.x, case.data.y)
    assert bool(other) == bool(answer)
    assert other.multipliers == answer.multipliers


@given(cases())
@settings(max_examples=40)
def test_units_split_in_two_or_dead_change_nothing(case):
    (w, b, v), *rest = case.units
    dead = (mpq(1), -case.data.x[-1] - 1, mpq(0))
    units = [(w, b, v / 3), (3 * w, 3 * b, 2 * v / 9), dead, *rest]
    answer = kkt_certificate(network_of(case), case.data.x, case.data.y)
    other = kkt_certificate(ShallowNetwork(*zip(*units, strict=True)), case.data.x, case.data.y)
    assert bool(other) == bool(answer)
    assert er.check(other.certificate).accepted


def test_a_network_that_misses_a_datum():
    answer = kkt_certificate(ShallowNetwork([1], [0], [1]), [-1, 1], [1, 1])
    assert not answer
    assert "margin at x = -1 is 0" in answer.reason
    assert er.check(answer.certificate).accepted


def test_what_is_refused():
    with pytest.raises(InputError, match="output bias"):
        kkt_certificate(ShallowNetwork([1], [0], [1], output_bias=1), [1], [1])
    with pytest.raises(InputError, match="shallow"):
        kkt_certificate("network", [1], [1])
    with pytest.raises(UnsupportedError, match="irrational"):
        kkt_certificate(ShallowNetwork([1], [er.sqrt(3)], [1]), [1], [1])
    with pytest.raises(InputError, match="rows 0 and 1"):
        kkt_certificate(ShallowNetwork([1], [0], [1]), [1, 1], [1, -1])


# -- the linear programme -------------------------------------------------------------------------------


@given(
    st.lists(st.lists(INTEGERS, min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.tuples(INTEGERS, st.sampled_from([1, 2, 3])), min_size=4, max_size=4),
)
def test_a_cone_holds_a_point_or_a_vector_separates_it(rows, right):
    matrix = [[mpq(v) for v in row] for row in rows]
    r = [RadicalSum([(q, d)]) for q, d in right[: len(rows)]]
    answer = nonnegative_solution(matrix, r)
    assert (answer.solution is None) != (answer.farkas is None)
    if answer.solution is not None:
        assert all(z >= 0 for z in answer.solution)
        for row, value in zip(matrix, r, strict=True):
            assert sum((a * z for a, z in zip(row, answer.solution, strict=True)), RadicalSum([])) == value
    else:
        assert all(
            sum(y * row[k] for y, row in zip(answer.farkas, matrix, strict=True)) >= 0 for k in range(3)
        )
        assert sum((y * value for y, value in zip(answer.farkas, r, strict=True)), RadicalSum([])) < 0


@given(st.integers(0, 10**6))
@settings(max_examples=30)
def test_least_squares_against_scipy(seed):
    from scipy.optimize import nnls

    rng = np.random.default_rng(seed)
    matrix, right = rng.normal(size=(rng.integers(1, 9), rng.integers(1, 7))), rng.normal(size=8)
    right = right[: len(matrix)]
    z = nonnegative_least_squares(matrix, right)
    assert (z >= 0).all()
    assert np.linalg.norm(matrix @ z - right) == pytest.approx(nnls(matrix, right)[1], abs=1e-9)


# -- residuals ------------------------------------------------------------------------------------------


def conditions(network, data, multipliers):
    """ε and δ of a network without kinks at data for these multipliers, in floats."""
    w, b, v = (
        np.array([float(p) for p in part])
        for part in (network.input_weights, network.biases, network.output_weights)
    )
    x, s = (np.array([float(p) for p in part]) for part in (data.x, data.y))
    z = np.outer(w, x) + b[:, None]
    q = s * (v @ np.maximum(z, 0))
    m = np.array([float(p) for p in multipliers]) * s
    gradient = np.concatenate([v * (((z > 0) * x) @ m), v * ((z > 0) @ m), np.maximum(z, 0) @ m])
    theta = np.concatenate([w, b, v])
    size = np.linalg.norm(theta)
    return np.linalg.norm(theta - gradient) / size, (np.abs(m) * (q - q.min())).sum() / size**2


@given(st.integers(0, 10**6))
@settings(max_examples=40)
def test_the_bound_is_the_residual_of_its_multipliers(seed):
    rng = np.random.default_rng(seed)
    network = ShallowNetwork(*(rng.normal(size=5) for _ in range(3)))
    x = sorted(set(rng.normal(size=6)))
    y = [1 if v > 0 else -1 for v in network.function.values_at_sorted([mpq(t) for t in x])]
    data = Dataset.read(x, y)
    found = kkt_residual(network, x, y)
    assume(found.margin > 0)
    epsilon, delta = conditions(network, data, found.multipliers)
    assert float(found.stationarity) == pytest.approx(epsilon, rel=1e-6, abs=1e-9)
    assert float(found.complementarity) == pytest.approx(delta, rel=1e-6, abs=1e-9)
    assert found.bound == max(found.stationarity, found.complementarity)
    assert found.bound <= 1  # no multipliers at all leave θ itself
    # A network of twice the weights has the same direction.
    double = ShallowNetwork(
        *([2 * p for p in part] for part in (network.input_weights, network.biases, network.output_weights))
    )
    assert kkt_residual(double, x, y).normalized_margin == found.normalized_margin


def balanced_floats(case):
    """The balanced network rounded to float64, without units that compute 0."""
    units = []
    for w, b, v in case.units:
        if not v:
            continue
        c = math.sqrt(abs(v) / math.hypot(w, b))
        units.append((float(w) * c, float(b) * c, float(v) / c))
    return units


@given(cases())
@settings(max_examples=30)
def test_rounded_kkt_points_have_a_tiny_residual_and_noise_makes_it_grow(case):
    """Kinks that sit on data are moved back there; the bound then falls with the size of the noise."""
    assume(kkt_certificate(network_of(case), case.data.x, case.data.y))
    units = np.array(balanced_floats(case))
    scale = np.abs(units).max()
    noise = np.random.default_rng(case.data.n).normal(size=units.shape) * scale
    bounds = []
    for size in (1e-3, 1e-6, 0.0):
        network = ShallowNetwork(*(units + size * noise).T)
        found = kkt_residual(network, case.data.x, case.data.y, snap=max(mpq(1, 10**9), 100 * mpq(size)))
        assume(found.margin > 0)
        bounds.append(float(found.bound))
    assert bounds[2] < 1e-6
    assert bounds[1] < 1e-2
    assert bounds[2] <= bounds[1] + 1e-9


def test_a_suboptimal_kkt_point_has_residual_zero_up_to_rounding():
    found = kkt_residual(
        ShallowNetwork(*zip(*balanced_floats(theorem.FOUR), strict=True)),
        *[theorem.FOUR.data.x, theorem.FOUR.data.y],
        snap="1e-9",
    )
    assert found.bound < mpq(1, 10**9)


@given(
    st.lists(st.tuples(INTEGERS, INTEGERS, INTEGERS, st.integers(-400, 400)), min_size=1, max_size=4),
    st.lists(st.tuples(INTEGERS, st.integers(-400, 400)), min_size=1, max_size=4, unique=True),
)
def test_the_residual_of_any_size_of_numbers(units, data):
    """No overflow, no division of 0 by 0: without multipliers the bound is 1, with them it is not more."""
    parts = zip(*((w, b, v * mpq(10) ** e) for w, b, v, e in units), strict=True)
    network = ShallowNetwork(*parts)
    x = sorted({t * mpq(10) ** e for t, e in data})
    s = [1 if v > 0 else -1 for v in network.function.values_at_sorted(x)]
    assume(any(w or b or v for w, b, v, _ in units))
    found = kkt_residual(network, x, s)
    assert found.margin <= 0 or found.bound <= 1
    assert len(found.multipliers) in (0, len(x))


def test_networks_that_do_not_classify_have_no_residual():
    found = kkt_residual(ShallowNetwork([1], [0], [1]), [-1, 1], [1, 1])
    assert (found.margin, found.bound, found.multipliers) == (0, None, ())
    with pytest.raises(InputError, match="no direction"):
        kkt_residual(ShallowNetwork([0], [0], [0]), [1], [1])
    with pytest.raises(InputError, match="snap"):
        kkt_residual(ShallowNetwork([1], [0], [1]), [1], [1], snap=-1)
