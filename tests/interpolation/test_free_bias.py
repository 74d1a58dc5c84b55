"""Free biases, with and without skip: examples, certificates, laws, degenerate and bad input."""

import pickle
import random

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

import exactrelu as er
from exactrelu.interpolation import interpolate
from exactrelu.strategies import datasets, rationals

skips = pytest.mark.parametrize("skip", [True, False])


def solve(x, y, *, skip=True):
    return er.min_norm_interpolant(x, y, penalize_bias=False, skip=skip)


EXAMPLES = [
    # x, y, cost and uniqueness with skip, then without.
    ([0], [5], 0, False, 0, True),
    ([0, 1], [3, 3], 0, True, 0, True),
    ([0, 1], [0, 2], 0, True, 2, False),
    ([0, 1, 2], [0, -1, -2], 0, True, 1, False),
    ([0, 1, 2], [0, 1, 0], 2, True, 2, True),
    ([0, 1, 2], [0, 1, 3], 1, True, 2, False),
    ([0, 1, 2, 3], [0, 0, 1, 3], 2, False, 2, False),
    ([0, 1, 2, 3], [0, 1, 1, 2], 2, True, 2, True),  # |S| = K
    ([0, 4, 5, 7, 10, 11], [0, 0, 0, 2, 3, 3], 2, False, 2, False),
    (["1/3", "1/2", 7, "1e6"], [1, 1, 1, 1], 0, True, 0, True),
]


@pytest.mark.parametrize(("x", "y", "cost", "unique", "cost_no_skip", "unique_no_skip"), EXAMPLES)
def test_examples(x, y, cost, unique, cost_no_skip, unique_no_skip):
    with_skip, without = solve(x, y), solve(x, y, skip=False)
    assert (with_skip.cost, with_skip.is_unique) == (cost, unique)
    assert (without.cost, without.is_unique) == (cost_no_skip, unique_no_skip)


def test_without_skip_one_outer_slope_changes():
    s = solve([0, 1], [1, 3], skip=False)
    assert s.function == er.PiecewiseLinear.from_kinks(0, 1, [(0, 2)])
    # On the right the new kink joins the run of two before it: no more kinks than with skip.
    s = solve([0, 1, 2, 3], [0, 3, 5, 6], skip=False)
    assert s.cost == 3
    assert len(s.function.kinks) == 2


@skips
@given(data=datasets())
def test_certificates_networks_and_costs(skip, data):
    s = interpolate(data, penalize_bias=False, skip=skip)
    assert er.check(s.certificate).accepted
    assert s.uniqueness_certificate.claim == ("uniqueness" if s.is_unique else "non_uniqueness")
    assert er.check(s.uniqueness_certificate).accepted
    assert s.function.values_at_sorted(data.x) == list(data.y)
    assert er.representation_cost(s.function, penalize_bias=False, skip=skip) == s.cost
    assert s.network.function == s.function
    assert s.network.cost(penalize_bias=False, skip=skip) == s.cost
    assert s.is_exact
    assert (s.penalize_bias, s.skip) == (False, skip)
    assert pickle.loads(pickle.dumps(s)) == s


@given(datasets())
def test_certificates_of_other_functions_are_rejected(data):
    """The dual proves the optimum, not whatever is put next to it."""
    for skip in (True, False):
        s = interpolate(data, penalize_bias=False, skip=skip)
        document = s.certificate.to_json()
        document["relation"]["minimum"] = str(s.cost / 2 - 1)
        assert not er.check(er.Certificate(document)).accepted
        document = s.certificate.to_json()
        last = data.x[-1] + 1
        document["primal"]["function"]["kinks"].append([str(last), "1"])
        assert not er.check(er.Certificate(document)).accepted


@given(datasets(min_size=2))
def test_uniqueness_without_skip(data):
    """The solver claims uniqueness exactly where other minimisers cannot easily be made."""
    s = interpolate(data, penalize_bias=False, skip=False)
    ridgeless = er.ridgeless_interpolants(data.x, data.y)
    mirrored = interpolate(
        type(data).read([-a for a in data.x], data.y), penalize_bias=False, skip=False
    ).function.compose_affine(-1)
    others = {mirrored, ridgeless.sparsest(), *(ridgeless.sample(seed) for seed in range(4))}
    if s.cost > ridgeless.cost:  # the slope change may be shared by both sides
        total = data.slopes[0] + data.slopes[-1]
        half = (s.cost - ridgeless.cost) / 2 * (1 if total > 0 else -1)
        dots = er.PiecewiseLinear._through(data)
        first = dots.slope - half
        kinks = [(data.x[0], half), *dots.kinks, (data.x[-1], -half)]
        others.add(er.PiecewiseLinear.from_kinks(first, data.y[0] - first * data.x[0], kinks))
    optimal = {f for f in others if er.representation_cost(f, penalize_bias=False, skip=False) == s.cost} | {
        s.function
    }
    assert s.is_unique == (len(optimal) == 1)


@skips
@given(data=datasets(), scale=rationals(max_bits=8, nonzero=True), shift=rationals(max_bits=8))
def test_laws(skip, data, scale, shift):
    s = interpolate(data, penalize_bias=False, skip=skip)
    scaled = solve(data.x, [scale * b + shift for b in data.y], skip=skip)
    assert scaled.cost == abs(scale) * s.cost
    assert scaled.is_unique == s.is_unique
    assert scaled.function == scale * s.function + shift
    moved = solve([scale * a + shift for a in data.x], data.y, skip=skip)
    assert moved.cost == s.cost / abs(scale)
    assert moved.is_unique == s.is_unique


@given(datasets(min_size=2))
def test_skip_never_costs_more(data):
    with_skip, without = (interpolate(data, penalize_bias=False, skip=skip).cost for skip in (True, False))
    assert with_skip <= without <= with_skip + abs(data.slopes[0])


@skips
@given(data=datasets(), order=st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(skip, data, order):
    points = [*zip(data.x, data.y, strict=True), (data.x[0], data.y[0])]
    order.shuffle(points)
    assert solve(*map(list, zip(*points, strict=True)), skip=skip) == interpolate(
        data, penalize_bias=False, skip=skip
    )


@skips
def test_tolerance_and_budgets_leave_the_exact_answer_alone(skip):
    exact = solve([0, 1, 2], [0, 0, 1], skip=skip)
    with_options = er.min_norm_interpolant(
        [0, 1, 2], [0, 0, 1], penalize_bias=False, skip=skip, tolerance="1e-6", max_bits=1, timeout=0.5
    )
    assert with_options == exact


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tolerance": 0}, "tolerance"),
        ({"tolerance": -1}, "tolerance"),
        ({"tolerance": "x"}, "tolerance"),
        ({"max_bits": 0}, "max_bits"),
        ({"max_bits": True}, "max_bits"),
        ({"max_bits": 1.5}, "max_bits"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"timeout": "soon"}, "timeout"),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(er.InputError, match=message):
        er.min_norm_interpolant([0, 1], [0, 1], penalize_bias=False, **options)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([], [], "empty"),
        ([0, 1], [0], "2 entries"),
        ([0, 0], [0, 1], "rows 0 and 1"),
        ([0, float("nan")], [0, 1], r"x\[1\]"),
        ([0, 1], [0, "text"], r"y\[1\]"),
        ([0, 1], [0, True], r"y\[1\]"),
    ],
)
def test_bad_data(x, y, message):
    with pytest.raises(er.InputError, match=message):
        solve(x, y)


@skips
def test_long_data(skip):
    n = 20_000
    s = solve(range(n), [(i * 7919) % 1000 for i in range(n)], skip=skip)
    assert s.cost == er.representation_cost(s.function, penalize_bias=False, skip=skip)
    assert isinstance(s.cost, type(mpq()))


def test_the_cost_is_the_sum_of_the_curvatures_however_long_it_is():
    rng = random.Random(0)
    for n in range(1, 40):
        x, y = [i + rng.random() for i in range(n)], [rng.random() for _ in range(n)]
        members = er.ridgeless_interpolants(x, y)
        assert members.cost == sum(map(abs, members.data.curvatures))
