"""The four representation costs: anchors, laws, duality, and linear programs over many neurons."""

import math
import random
from itertools import product

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from scipy.optimize import linprog

from exactrelu import (
    InputError,
    PiecewiseLinear,
    ShallowNetwork,
    representation_cost,
    sqrt,
    total_variation,
    weighted_total_variation,
)
from exactrelu.functions import affine_demand, bias_path_excess
from exactrelu.functions.bias_path import _surely_in_zonotope, excess_value
from exactrelu.strategies import piecewise_linear, rationals

functions = piecewise_linear()
VARIANTS = [{"penalize_bias": p, "skip": s} for p, s in product((False, True), repeat=2)]
NO_SKIP = {"penalize_bias": True, "skip": False}


def line(slope, intercept=0, *kinks):
    return PiecewiseLinear.from_kinks(slope, intercept, kinks)


# -- anchors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "free_skip", "free", "penalized_skip", "penalized"),
    [
        (line(0), 0, 0, 0, 0),
        (line(0, 1), 0, 0, 0, 1),
        (line(1), 0, 2, 0, 2),
        (line(1, 1), 0, 2, 0, 1 + sqrt(3)),
        (line(-1, -1), 0, 2, 0, 1 + sqrt(3)),
        (line("1/2", 5), 0, 1, 0, 5 + sqrt(3) / 2),
        (line(2, 1), 0, 4, 0, 2 * sqrt(5)),  # (4, 2): its second entry is under half its length
        (line(0, 0, (0, 1)), 1, 1, 1, 1),  # σ(x)
        (line(0, 0, (1, 1)), 1, 1, sqrt(2), sqrt(2)),
        (line(-1, 0, (0, 2)), 2, 2, 2, 2),  # |x|
        (line(0, 0, (0, 1), (1, -1)), 2, 2, 1 + sqrt(2), 1 + sqrt(2)),  # a ramp
        (line(1, 0, (3, 1)), 1, 3, sqrt(10), sqrt(10) + 2),  # x + σ(x - 3), nothing shared
        (line("1/2", "7/2", (3, 2)), 2, 3, 2 * sqrt(10), 3 * sqrt(10)),  # |x - 3| + (3x + 1)/2
    ],
)
def test_anchors(f, free_skip, free, penalized_skip, penalized):
    costs = [representation_cost(f, penalize_bias=p, skip=s) for p in (False, True) for s in (True, False)]
    assert costs == [free_skip, free, penalized_skip, penalized]


def test_rational_costs_are_rational_numbers():
    f = line(0, 0, ("3/4", 4), (0, 1))
    for value in (total_variation(f), weighted_total_variation(f), representation_cost(line(2))):
        assert isinstance(value, type(mpq()))
    assert weighted_total_variation(f) == 6


@pytest.mark.parametrize("norm", [representation_cost, total_variation, weighted_total_variation])
@pytest.mark.parametrize("value", [3, None, "x", [0, 1]])
def test_only_functions_have_norms(norm, value):
    with pytest.raises(InputError, match=f"f must be a PiecewiseLinear, not {type(value).__name__}$"):
        norm(value)
    with pytest.raises(InputError, match="not ShallowNetwork; its attribute `function` is one"):
        norm(ShallowNetwork.minimal(line(1)))


@pytest.mark.parametrize("option", ["penalize_bias", "skip"])
@pytest.mark.parametrize("flag", ["no", 0, 1, None])
def test_options_are_booleans(option, flag):
    with pytest.raises(InputError, match=f"{option} is {flag!r}; it must be True or False"):
        representation_cost(line(1), **{option: flag})


# -- the excess: primal = dual ----------------------------------------------------------------------------


def assert_witness_proves_the_value(f):
    """Both sides of the duality, from their definitions: each bounds D, from above and from below."""
    excess = bias_path_excess(f)
    a, b = affine_demand(f)
    # Primal.
    r1 = a - sum(p * abs(c) for p, (_, c) in zip(excess.split, f.kinks, strict=True))
    r2 = b - 2 * excess.constant
    r2 += sum(p * abs(c) * t for p, (t, c) in zip(excess.split, f.kinks, strict=True))
    assert (r1, r2) == excess.residual
    assert all(-1 <= p <= 1 for p in excess.split)
    assert sum(abs(p) != 1 for p in excess.split) <= 2
    length = excess.value - abs(excess.constant)
    assert length >= 0
    assert length * length == r1 * r1 + r2 * r2
    # Dual.
    u, v = excess.dual
    assert u * u + v * v <= 1
    assert abs(v) <= mpq(1, 2)
    value = a * u + b * v
    for t, c in f.kinks:
        value = value - abs(c) * abs(u - t * v)
    assert value == excess.value
    return excess


@settings(max_examples=300)
@given(functions)
def test_the_excess_has_a_primal_and_a_dual_witness(f):
    assert_witness_proves_the_value(f)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("mirror", [1, -1])
@pytest.mark.parametrize(
    ("f", "value", "dual"),
    [
        # One for each form of the answer; ties between forms among them.
        (line(0, 0, (0, 1)), 0, (0, 0)),
        (line(0, 3), 3, (0, mpq(1, 2))),  # the whole segment
        (line(0, 3, (1, 2), (-1, -2)), 0, (0, 0)),
        (line(0, 5, (1, 2), (-1, -2)), 1, None),  # a part of the segment
        (line(0, 3, (1, 2)), 3, None),  # from a kink to the segment's end
        (line(-1, 3, (1, 2)), 2, (mpq(1, 2), mpq(1, 2))),  # at a kink of the segment
        (line(3, 1), 2 * sqrt(10), (3 / sqrt(10), 1 / sqrt(10))),  # inside a sector
        (line(3, 0), 6, (1, 0)),  # on the axis
        (line(1, 1), 1 + sqrt(3), (sqrt(3) / 2, mpq(1, 2))),  # a corner
        (line("1/2", "7/2", (3, 2)), sqrt(10), (3 / sqrt(10), 1 / sqrt(10))),  # at a kink of the arc
    ],
)
def test_every_form_of_the_answer(f, value, dual, sign, mirror):
    excess = assert_witness_proves_the_value(sign * f.compose_affine(mirror))
    assert excess.value == value
    if dual is not None:
        assert sorted(map(abs, excess.dual), key=float) == sorted(map(abs, dual), key=float)


def candidates(f):
    """The greatest F over the finite list of duals, in floats: all are tried, nothing is decided by signs."""
    a, b = map(float, affine_demand(f))
    t = np.array([float(t) for t, _ in f.kinks])
    c = np.array([abs(float(c)) for _, c in f.kinks])
    tops = np.concatenate([t[abs(t) <= math.sqrt(3)], [math.sqrt(3), -math.sqrt(3)]])
    points = [np.stack([tops / 2, np.full(len(tops), 0.5)], axis=1)]
    steep = t[abs(t) >= math.sqrt(3)]
    points.append(np.stack([steep, np.ones(len(steep))], axis=1) / np.hypot(steep, 1)[:, None])
    for signs in product((-1, 1), repeat=len(t)):
        v = np.array([a - np.dot(c, signs), b + np.dot(c * t, signs)])
        size = np.hypot(*v)
        if size and 2 * abs(v[1]) <= size:
            points.append(v[None] / size)
    every = np.concatenate(points)
    every = np.concatenate([every, -every])
    h = np.abs(every[:, :1] - every[:, 1:] * t) @ c
    return max(0.0, np.max(every @ [a, b] - h))


@given(piecewise_linear(max_kinks=5))
def test_the_excess_is_the_largest_of_the_candidates(f):
    size = sum(abs(float(c)) * (1 + abs(float(t))) for t, c in f.kinks)
    size += sum(map(abs, map(float, affine_demand(f))))
    assert float(bias_path_excess(f).value) == pytest.approx(candidates(f), rel=1e-9, abs=1e-12 * size)


# -- linear programs over many neurons --------------------------------------------------------------------


def cost_by_linear_program(f, *, penalize_bias, skip, angles):
    """Least Σ |a_j| ‖(w_j[, b_j])‖ over neurons at the kinks and at ``angles`` further directions.

    Written from the definition of a network: at each location the slope changes of the neurons there add up
    to that of the function, and left of all kinks slope and intercept agree.
    """
    locations = [float(t) for t, _ in f.kinks]
    others = [math.tan(v) for v in (np.arange(angles) + 0.5) * math.pi / angles - math.pi / 2]
    everywhere = [*locations, *(t for t in others if t not in locations)]
    rows = len(everywhere) + 2
    changes = [float(c) for _, c in f.kinks]
    changes += [0.0] * (len(everywhere) - len(changes))
    target = np.array([*changes, float(f.slope), float(f.intercept)])
    columns, costs = [], []
    for i, t in enumerate(everywhere):
        norm = math.hypot(1, t)
        for w in (1 / norm, -1 / norm):
            b = -w * t
            column = np.zeros(rows)
            column[i] = abs(w)
            if w < 0:
                column[-2:] = w, b
            columns.append(column)
            costs.append(1.0 if penalize_bias else abs(w))
    constant, slope = np.eye(rows)[-1], np.eye(rows)[-2]
    columns.append(constant)
    costs.append(1.0 if penalize_bias and not skip else 0.0)
    if skip:
        columns.append(slope)
        costs.append(0.0)
    matrix = np.array(columns).T
    solution = linprog(
        [*costs, *costs], A_eq=np.hstack([matrix, -matrix]), b_eq=target, bounds=(0, None), method="highs"
    )
    assert solution.status == 0
    return solution.fun


def random_function(rng):
    kinks = [(int(t), int(c)) for t, c in zip(rng.integers(-9, 10, 4), rng.integers(-6, 7, 4), strict=True)]
    scale = mpq(1, int(rng.integers(1, 5)))
    kinks = [(t * scale, c) for t, c in kinks][: int(rng.integers(0, 5))]
    return line(int(rng.integers(-9, 10)), int(rng.integers(-9, 10)), *kinks)


ANGLES = 150


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_linear_program_over_many_neurons(seed, variant):
    """The neurons bound the cost from above; a grid of angles overshoots by at most half a step's secant."""
    f = random_function(np.random.default_rng(seed))
    exact = float(representation_cost(f, **variant))
    over_neurons = cost_by_linear_program(f, **variant, angles=ANGLES)
    assert over_neurons >= exact - 1e-7 * (1 + exact)
    slack = 1 / math.cos(math.pi / (2 * ANGLES)) if variant == NO_SKIP else 1
    assert over_neurons <= exact * slack + 1e-7 * (1 + exact)


# -- laws -------------------------------------------------------------------------------------------------


@given(functions, functions, rationals())
def test_each_cost_is_a_seminorm(f, g, q):
    for variant in VARIANTS:
        cost = representation_cost(f, **variant)
        assert representation_cost(q * f, **variant) == abs(q) * cost
        assert representation_cost(f + g, **variant) <= cost + representation_cost(g, **variant)


@given(functions, rationals(), rationals())
def test_symmetries(f, p, q):
    for variant in VARIANTS:
        cost = representation_cost(f, **variant)
        assert representation_cost(f.compose_affine(-1), **variant) == cost
        if variant["skip"]:
            assert representation_cost(f + line(p, q), **variant) == cost
        if not variant["penalize_bias"]:
            assert representation_cost(f + q, **variant) == cost
            assert representation_cost(f.compose_affine(1, q), **variant) == cost
            assert representation_cost(f.compose_affine(p), **variant) == abs(p) * cost


@given(functions)
def test_penalties_add_up(f):
    free_skip, free, penalized_skip, penalized = (
        representation_cost(f, penalize_bias=p, skip=s) for p in (False, True) for s in (True, False)
    )
    assert free_skip == total_variation(f)
    assert penalized_skip == weighted_total_variation(f)
    assert free_skip <= free <= penalized
    assert free_skip <= penalized_skip <= penalized
    # Pay the affine part a x + b on its own: 2|a| for the slope, |b| for the constant.
    demand = affine_demand(f)
    assert penalized <= penalized_skip + abs(demand[0]) + abs(demand[1]) / 2


@given(functions, rationals(nonzero=True))
def test_swapping_the_roles_of_weight_and_bias(f, q):
    """A neuron's cost does not know which of its two weights multiplies x; homogeneity turns x into 1/x.

    ``x f(1/x)`` for ``x > 0`` is again piecewise linear with the neurons' (w, b) swapped, so a function with
    all kinks positive and units that are off for ``x < 0`` keeps its weighted total variation.
    """
    kinks = [(abs(t), c) for t, c in f.kinks if t]
    g = line(0, 0, *kinks)
    swapped = line(0, 0, *((1 / t, c * t) for t, c in kinks))
    assert weighted_total_variation(g) == weighted_total_variation(swapped)


def test_an_unclean_fraction_of_the_affine_part_is_found_by_the_window():
    """D = 0 although the demand is met only by splitting two kinks: (A, B) = (0, 1/2), two of four masses."""
    f = line(-1, 0, (-1, 1), (0, -1), (1, 1), (2, 1))
    excess = assert_witness_proves_the_value(f)
    assert excess.value == 0
    assert sum(abs(p) != 1 for p in excess.split) == 2


def test_cost_of_many_kinks_is_linear():
    """2,000 kinks; trying the sector of each sign pattern from scratch would be millions of operations."""
    kinks = [(mpq(i, 7), (-1) ** i * mpq(i % 5 + 1)) for i in range(-1000, 1000)]
    for slope, intercept in ((0, 0), (10**6, 1), (0, 10**7), (10**5, 10**5), (4000, 5), (-4000, 5)):
        assert_witness_proves_the_value(line(slope, intercept, *kinks))


@pytest.mark.parametrize("seed", range(8))
def test_many_kinks_leave_no_doubt_or_are_decided_exactly(seed):
    rng = random.Random(seed)
    kinks = [
        (mpq(k, 7) - 9, mpq(rng.randint(1, 99), rng.randint(1, 99)) * rng.choice([1, -1])) for k in range(120)
    ]
    # Just inside, on the boundary and just outside the zonotope, and well inside.
    for nudge in (mpq(0), mpq(1, 10**40), mpq(-1, 10**40), mpq(1, 10), mpq(-1, 10), None):
        share = [
            mpq(rng.randint(-9, 9), 10) if nudge is None else mpq(1) if t > 0 else mpq(-1) for t, _ in kinks
        ]
        A = sum(s * abs(c) for s, (_, c) in zip(share, kinks, strict=True)) + (nudge or 0)
        B = -sum(s * abs(c) * t for s, (t, c) in zip(share, kinks, strict=True))
        slope = (A - sum(c for _, c in kinks)) / 2
        f = PiecewiseLinear.from_kinks(slope, (B + sum(c * t for t, c in kinks)) / 2, kinks)
        assert excess_value(f) == bias_path_excess(f).value
        assert _surely_in_zonotope(f) <= (bias_path_excess(f).value == 0)
        assert _surely_in_zonotope(f) or nudge is not None
        assert representation_cost(f, skip=False) == representation_cost(f) + bias_path_excess(f).value
