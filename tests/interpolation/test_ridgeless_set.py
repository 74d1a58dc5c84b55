"""The set of ridgeless interpolants: membership, reasons, sparsest and random members, degenerate data."""

import itertools
import pickle
import random

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

import exactrelu as er
from exactrelu.functions import Dataset
from exactrelu.interpolation.ridgeless import Clause
from exactrelu.strategies import datasets, piecewise_linear, rationals
from exactrelu.theorems.hanin2021.sparsity import fewest_kinks_of_all
from exactrelu.theorems.hanin2021.subject import cornered, tented, wild

SQUARES = er.ridgeless_interpolants(range(5), [0, 1, 4, 9, 16])
seeds = st.integers(0, 2**32)


def ridgeless(data):
    return er.ridgeless_interpolants(data.x, data.y)


# -- membership -----------------------------------------------------------------------------------------


@given(datasets(max_size=9), seeds)
def test_membership_is_minimal_total_variation(data, seed):
    members, rng = ridgeless(data), random.Random(seed)
    for draw in (tented, cornered, wild):
        f = draw(data, rng)
        assert er.total_variation(f) >= members.cost
        assert (f in members) == (er.total_variation(f) == members.cost)


@given(datasets(), piecewise_linear())
def test_a_function_that_misses_a_datum_is_no_member(data, f):
    missed = [i for i in range(data.n) if f(data.x[i]) != data.y[i]]
    why = ridgeless(data).why_not(f)
    if missed:
        assert why.clause is Clause.INTERPOLATES
        assert (why.index, why.at) == (missed[0] + 1, data.x[missed[0]])
        assert (why.found, why.expected) == (f(why.at), data.y[missed[0]])


SQUARE, OUTER = [0, 1, 4, 9, 16], Clause.OUTER_PIECES
REASONS = [
    # Data at 0, 1, ..; kinks of an interpolant that starts as the first chord;
    # clause, place, index, allowed sign.
    (SQUARE, [(-1, 1), ("-1/2", -2), (0, 1), (1, 2), (2, 2), (3, 2)], OUTER, -1, 0, 0),
    (SQUARE, [("1/4", -1), ("1/2", 2), ("3/4", -1), (1, 2), (2, 2), (3, 2)], OUTER, "1/4", 1, 0),
    (SQUARE, [(1, 2), (2, 2), (3, 2), (4, 1)], OUTER, 4, 5, 0),
    (SQUARE, [(1, 2), (2, 2), (3, 2), (5, 1)], OUTER, 5, 5, 0),
    (SQUARE, [(1, 1), ("3/2", 2), (2, -1), ("5/2", 4)], Clause.AT_DATUM, 2, 3, 1),
    (SQUARE, [(1, 1), ("5/4", 2), ("3/2", -1), (2, 2), (3, 2)], Clause.CURVED_GAP, "3/2", 2, 1),
    ([0, -1, -4, -9, -16], [(1, -3), ("3/2", 2), (2, -3), (3, -2)], Clause.CURVED_GAP, "3/2", 2, -1),
    ([0, 0, 1, 1], [(1, "1/2"), ("3/2", 1), (2, "-3/2")], Clause.AFFINE_GAP, "3/2", 2, 0),
    ([0, 0, 1, 2], [(1, "1/2"), ("3/2", 1), (2, "-1/2")], Clause.AFFINE_GAP, "3/2", 2, 0),
    ([0, 0, 0, 0], [(1, 1), ("3/2", -2), (2, 1)], Clause.AT_DATUM, 1, 2, 0),
    ([0, 1], [("1/2", 1), ("3/4", -2), (1, 1)], OUTER, "1/2", 1, 0),
    ([3], [(0, 1)], OUTER, 0, 1, 0),
    ([3], [(1, 1)], OUTER, 1, 1, 0),
    ([3], [(-1, 1), (0, -1)], OUTER, -1, 0, 0),
]


@pytest.mark.parametrize(("y", "kinks", "clause", "at", "index", "expected"), REASONS)
def test_reasons(y, kinks, clause, at, index, expected):
    f = er.PiecewiseLinear.from_kinks(y[1] - y[0] if len(y) > 1 else 0, 0, kinks)
    f = f + (y[0] - f(0))
    assert list(f(range(len(y)))) == y
    why = er.ridgeless_interpolants(range(len(y)), y).why_not(f)
    assert (why.clause, why.at, why.index, why.expected) == (clause, er.rational(at), index, expected)
    assert why.found == dict(f.kinks)[why.at]
    assert "\n" not in str(why)
    assert f" x = {why.at}," in str(why)
    assert pickle.loads(pickle.dumps(why)) == why


def test_reasons_are_sentences():
    f = er.PiecewiseLinear.from_kinks(1, 0, [(1, 2), (2, 2), (3, 2), (5, 1)])
    assert str(SQUARES.why_not(f)) == (
        "the slope changes by 1 at x = 5, but f must be affine left of the second datum"
        " and right of the last but one"
    )
    assert str(SQUARES.why_not(f * 2)) == "f(1) = 2, but the datum there is y_2 = 1"
    concave = er.ridgeless_interpolants(range(4), [0, 0, -1, -3])
    f = er.PiecewiseLinear.from_kinks(0, 0, [(1, "-3/2"), ("3/2", 1), (2, "-3/2")])
    assert str(concave.why_not(f)) == (
        "the slope changes by 1 at x = 3/2, but f must be concave on the gap between x_2 and x_3"
    )


def test_networks_are_judged_by_their_function():
    network = er.ShallowNetwork.minimal(SQUARES.sparsest(), penalize_bias=False)
    assert network in SQUARES
    assert er.ShallowNetwork([1], [0], [1]) not in SQUARES


@pytest.mark.parametrize("other", [3, "f", None, [(0, 1)], lambda x: x])
def test_what_is_no_function_is_refused(other):
    with pytest.raises(er.InputError, match="PiecewiseLinear or a ShallowNetwork"):
        SQUARES.why_not(other)


# -- sparsest members -----------------------------------------------------------------------------------


@given(datasets())
def test_sparsest_members_have_the_fewest_kinks_of_all_interpolants(data):
    members = ridgeless(data)
    f = members.sparsest()
    assert members.why_not(f) is None
    assert len(f.kinks) == members.fewest_kinks == fewest_kinks_of_all(data)


@given(datasets(max_size=8), seeds)
def test_no_interpolant_has_fewer_kinks(data, seed):
    rng, fewest = random.Random(seed), ridgeless(data).fewest_kinks
    for draw in (tented, cornered, wild):
        assert len(draw(data, rng).kinks) >= fewest


@pytest.mark.parametrize(
    ("y", "kinks"),
    [
        ([0, 0, 1, 3, 5, 8, 12], [("3/2", 2), ("9/2", 2)]),  # curvatures 1, 1, 0, 1, 1: a zero ends a run
        ([0, 0, 1, 2, 4], [(1, 1), (3, 1)]),  # curvatures 1, 0, 1
        ([0, 0, 1, 3, 6], [("3/2", 2), (3, 1)]),
        ([0, 0, 1, 1, 2], [(1, 1), (2, -1), (3, 1)]),
        ([0, 0, 0, 0], []),
    ],
)
def test_sparsest_examples(y, kinks):
    f = er.ridgeless_interpolants(range(len(y)), y).sparsest()
    assert f.kinks == tuple((er.rational(t), er.rational(c)) for t, c in kinks)


def test_runs():
    members = er.ridgeless_interpolants(range(9), [0, 0, 1, 3, 5, 8, 12, 14, 14])
    assert members.data.curvatures == (1, 1, 0, 1, 1, -2, -2)
    assert members.runs == ((1, 3), (4, 6), (6, 8))
    assert members.signs == (0, 1, 1, 0, 1, 1, -1, -1, 0)


# -- random members -------------------------------------------------------------------------------------


@given(datasets(), seeds)
def test_samples_are_members(data, seed):
    members, rng = ridgeless(data), random.Random(seed)
    for _ in range(3):
        f = members.sample(rng)
        assert members.why_not(f) is None
        assert er.total_variation(f) == members.cost


def test_samples_are_of_every_kind():
    rng = random.Random(1)
    samples = [SQUARES.sample(rng) for _ in range(400)]
    kinds, counts, ends = set(), set(), set()
    for f in samples:
        at = dict(f.kinks)
        inside = [sum(a < t < a + 1 for t in at) for a in (1, 2)]
        counts.update(inside)
        kinds.add((inside[0] > 0, inside[1] > 0, 2 in at))
        ends.add((inside[0] > 0, 1 in at))
    assert counts == {0, 1, 2, 3, 4}
    # With both gaps affine there is a kink at the datum between them; all else is free.
    assert kinds == set(itertools.product((False, True), repeat=3)) - {(False, False, False)}
    assert ends == {(False, True), (True, False), (True, True)}
    assert SQUARES.sparsest() in samples
    assert er.PiecewiseLinear.through(range(5), SQUARE) in samples


def test_the_source_of_randomness():
    assert SQUARES.sample(7) == SQUARES.sample(np.int64(7)) == SQUARES.sample(random.Random(7))
    assert SQUARES.sample(np.random.default_rng(7)) == SQUARES.sample(np.random.default_rng(7))
    generator = np.random.default_rng(0)
    assert len({SQUARES.sample(generator) for _ in range(20)}) > 5
    for bad in (None, True, "seed", 0.5):
        with pytest.raises(er.InputError, match="rng"):
            SQUARES.sample(bad)


@settings(max_examples=25)
@given(st.integers(100, 400), seeds)
def test_numbers_of_samples_stay_short_along_a_run(n, seed):
    members = er.ridgeless_interpolants(range(n), [i * i for i in range(n)])
    f = members.sample(seed)
    longest = max((q.denominator.bit_length() for kink in f.kinks for q in kink), default=0)
    assert longest <= 160  # and not several bits for every datum


# -- uniqueness, degenerate data, laws ------------------------------------------------------------------


@given(datasets(), seeds)
def test_uniqueness(data, seed):
    members = ridgeless(data)
    if members.is_unique:
        assert members.sample(seed) == members.sparsest() == er.PiecewiseLinear._through(data)
    elif data.n > 1:
        assert members.sparsest() != er.PiecewiseLinear._through(data)
    else:
        assert members.sparsest() + er.PiecewiseLinear.from_kinks(1, -data.x[0]) in members


def test_one_point():
    members = er.ridgeless_interpolants([2], ["1/3"])
    assert (members.cost, members.is_unique, members.fewest_kinks, members.runs) == (0, False, 0, ())
    assert members.sparsest() == er.PiecewiseLinear.from_kinks(0, "1/3")
    assert len({members.sample(seed) for seed in range(20)}) > 10


@pytest.mark.parametrize("y", [[1, 1, 1, 1], [0, 1, 2, 3], [5, "9/2", 4, "7/2"]])
def test_collinear_data(y):
    members = er.ridgeless_interpolants(range(4), y)
    assert (members.cost, members.is_unique) == (0, True)
    assert members.sparsest().kinks == ()


@given(datasets(), rationals(max_bits=8, nonzero=True), rationals(max_bits=8), rationals(max_bits=8), seeds)
def test_laws(data, scale, slope, intercept, seed):
    members = ridgeless(data)
    f = members.sample(seed)
    affine = er.PiecewiseLinear.from_kinks(slope, intercept)
    y = [scale * b + affine(a) for a, b in zip(data.x, data.y, strict=True)]
    tilted = er.ridgeless_interpolants(data.x, y)
    assert tilted.cost == abs(scale) * members.cost
    assert tilted.sparsest() == scale * members.sparsest() + (affine if data.n > 1 else affine(data.x[0]))
    assert scale * f + affine in tilted
    mirrored = er.ridgeless_interpolants([-a for a in data.x], data.y)
    assert (mirrored.cost, mirrored.is_unique) == (members.cost, members.is_unique)
    assert f.compose_affine(-1) in mirrored


@given(datasets(min_size=2), seeds)
def test_data_on_a_member_change_nothing_for_it(data, seed):
    members, rng = ridgeless(data), random.Random(seed)
    f = members.sample(rng)
    more = [a + (b - a) * mpq(rng.randint(1, 7), 8) for a, b in zip(data.x, data.x[1:], strict=False)]
    x = [*data.x, *more, data.x[0] - 1, data.x[-1] + 1]
    refined = er.ridgeless_interpolants(x, f(x))
    assert f in refined
    assert refined.cost == members.cost


def test_the_set_is_a_value():
    again = er.ridgeless_interpolants([4, 3, 2, 1, 0, 0], [16, 9, 4, 1, 0, 0])
    assert again == SQUARES
    assert hash(again) == hash(SQUARES)
    assert pickle.loads(pickle.dumps(SQUARES)) == SQUARES
    with pytest.raises(AttributeError):
        SQUARES.data = Dataset.read([0], [0])


def test_bad_data():
    with pytest.raises(er.InputError, match="rows 0 and 1"):
        er.ridgeless_interpolants([1, 1], [0, 1])
    with pytest.raises(er.InputError, match="empty"):
        er.ridgeless_interpolants([], [])
