"""Hanin's theorem and Savarese's: pinned witnesses, oracles that share nothing with the checks."""

import random
from itertools import combinations, pairwise

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import exactrelu as er
from exactrelu.functions import Dataset
from exactrelu.instances import Stream
from exactrelu.strategies import datasets
from exactrelu.theorems import Tally
from exactrelu.theorems.hanin2021 import lipschitz, members, sparsity, subject


def test_a_zero_ends_a_run():
    """Slope changes (1, 1, 0, 1, 1) on 0..6: two kinks, where a published program has three."""
    data = Dataset.read(range(7), [0, 0, 1, 3, 5, 8, 12])
    assert sparsity.half_of_runs(data, zeros="continue") == 3
    assert sparsity.half_of_runs(data, zeros="end") == sparsity.fewest_kinks_of_all(data) == 2


# -- oracles --------------------------------------------------------------------------------------------


def forced_kinks(data):
    """A lower bound for the kinks of any interpolant, by trying all sets of data.

    Around a datum with curvature, between its two neighbours, there is a kink of that sign. These kinks
    differ for data of different signs, and for data that are not next to each other.
    """
    e = subject.signs(data)
    bent = [i for i in range(data.n) if e[i]]
    for size in range(len(bent), 0, -1):
        for chosen in combinations(bent, size):
            if all(j - i > 1 or e[i] != e[j] for i, j in pairwise(chosen)):
                return size
    return 0


@given(datasets(max_size=9))
def test_the_fewest_kinks_are_forced(data):
    fewest = sparsity.fewest_kinks_of_all(data)
    assert fewest == forced_kinks(data) == sparsity.half_of_runs(data, zeros="end")


@pytest.mark.parametrize("seed", range(12))
def test_the_extreme_members_are_those_of_a_linear_program(seed):
    """The least and greatest values at a point of the functions of minimal cost, over a grid of kinks."""
    rng = random.Random(seed)
    n = rng.randint(3, 6)
    x = sorted(rng.sample(range(12), n))
    data = Dataset.read(x, [rng.randint(-3, 3) for _ in x])
    extremes = subject.corner_members(data)
    points = [*(mpq(k, 4) for k in range(-4, 4 * x[-1] + 5)), *(t for f in extremes for t, _ in f.kinks)]
    t = np.array(sorted({float(q) for q in points}))
    ramps = np.maximum(np.array(x, dtype=float)[:, None] - t, 0)
    interpolation = np.hstack([ramps, -ramps, np.array([[a, 1.0] for a in x])])
    budget, bounds = np.ones((1, 2 * len(t) + 2)), [(0, None)] * (2 * len(t)) + [(None, None)] * 2
    budget[0, -2:] = 0
    y, minimum = [float(b) for b in data.y], float(subject.total(data))
    for v in (x[0] - 1, x[-1] + 1, *(a + (b - a) * mpq(rng.randint(1, 3), 4) for a, b in pairwise(x))):
        ramp = np.maximum(float(v) - t, 0)
        value = np.concatenate([ramp, -ramp, [float(v), 1.0]])
        ends = []
        for sign in (1, -1):
            result = linprog(sign * value, budget, [minimum], interpolation, y, bounds)
            assert result.status == 0, result.message
            ends.append(sign * result.fun)
        found = [float(f(v)) for f in extremes]
        assert [min(found), max(found)] == pytest.approx(ends, abs=1e-7)


# -- the pieces of the checks ---------------------------------------------------------------------------


@given(datasets(), st.integers(0, 2**32))
def test_generators_interpolate(data, seed):
    rng = random.Random(seed)
    for draw in (subject.ridgeless, subject.tented, subject.cornered, subject.wild):
        assert draw(data, rng).values_at_sorted(data.x) == list(data.y)


@pytest.mark.parametrize(
    "clause",
    [members.BEYOND, members.OUTER_GAPS, members.STRAIGHT, members.ZEROS, members.BENT, members.AT_DATA],
)
def test_every_clause_is_sometimes_the_only_one_to_fail(clause):
    """So none of them is redundant, and the instances find out."""
    for index in range(2000):
        sampled = subject.sampled_interpolants(Stream(0, "clauses", index), 8, 6)
        c = members.candidate(sampled, Tally())
        if c.fails == {clause}:
            assert not c.is_minimal
            assert members.leaving_out()(c)
            assert not members.leaving_out(clause)(c)
            return
    raise AssertionError(f"no instance fails only: {clause}")


def test_between_is_redundant_with_convexity_and_the_slopes_at_the_data():
    for index in range(600):
        c = members.candidate(subject.sampled_interpolants(Stream(1, "between", index), 8, 6), Tally())
        assert c.fails != {members.BETWEEN}


@given(datasets(min_size=2))
def test_the_greatest_lipschitz_function(data):
    f = lipschitz.greatest_lipschitz(data)
    assert f.values_at_sorted(data.x) == list(data.y)
    assert f.lipschitz_constant == subject.steepest(data)
    for g in subject.corner_members(data):  # which have the same constant
        difference = f - g
        assert all(difference(t) >= 0 for t, _ in difference.kinks if data.x[0] <= t <= data.x[-1])


@given(datasets(min_size=2))
def test_extreme_members_are_members_and_enclose_all_others(data):
    ridgeless = er.ridgeless_interpolants(data.x, data.y)
    extremes = subject.corner_members(data)
    assert all(f in ridgeless for f in extremes)
    for seed in range(3):
        f = ridgeless.sample(seed)
        for t in {t for g in (f, *extremes) for t, _ in g.kinks}:
            values = [g(t) for g in extremes]
            assert min(values) <= f(t) <= max(values)
