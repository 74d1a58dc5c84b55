"""Boursier and Flammarion's theorems: worked examples, and evidence tampered with."""

import random
from dataclasses import replace
from math import atan

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

import exactrelu as er
from exactrelu.functions import Dataset, PiecewiseLinear, affine_demand
from exactrelu.instances import Stream
from exactrelu.strategies import datasets, piecewise_linear
from exactrelu.theorems import Refuted, Tally, registry
from exactrelu.theorems.boursier_flammarion2023 import (
    cost,
    dual,
    kinks,
    minimiser,
    runs,
    sparsity,
    subject,
    value_function,
    variants,
)

PAPER = "boursier_flammarion2023"
RATIONALS = st.fractions(-20, 20, max_denominator=30).map(lambda q: mpq(q.numerator, q.denominator))


def solve(x, y):
    return subject.minimiser(Dataset.read(x, y), Tally())


# -- campaigns ------------------------------------------------------------------------------------------


# -- worked examples ------------------------------------------------------------------------------------


def test_the_notebook_s_instance_bends_inside_the_last_gap():
    least = solve(["-100/7", "-40/7", "20/7"], [4, "5/4", 3])
    assert least.function.kinks == ((mpq(-7, 20), mpq(630, 449)),)
    assert least.cost == 63 / er.sqrt(449) / 2
    assert least.outer == least.kinks
    assert float(subject.cost(PiecewiseLinear._through(least.data))) == pytest.approx(3.0456, abs=1e-4)


def test_a_run_with_a_reflection():
    least = solve(range(5), [0, 0, 1, 3, 6])
    assert least.function.kinks == ((mpq(28, 19), mpq(19, 10)), (mpq(32, 11), mpq(11, 10)))
    assert least.cost == er.sqrt(1145) / 5
    assert minimiser.parts(least) == [list(least.kinks)]
    assert kinks.reflected(mpq(28, 19), mpq(2)) == mpq(32, 11)


def test_the_sparsity_counterexamples():
    four = solve(subject.FOUR_POINTS.x, subject.FOUR_POINTS.y)
    assert len(four.kinks) == 2
    sparsest = er.ridgeless_interpolants(four.data.x, four.data.y).sparsest()
    assert len(sparsest.kinks) == 1
    assert subject.cost(sparsest) > four.cost
    six = sparsity.six(subject.SIX_POINTS, Tally())
    assert len(six.least.kinks) == 3
    assert (six.first, six.middle, six.last) == (True, False, True)


def test_the_middle_gap_alone_misleads():
    theorem = registry[f"{PAPER}.six-points"]
    (mutant,) = theorem.mutants
    six = sparsity.six(mutant.witness, Tally())
    assert six.middle
    assert not (six.first and six.last)
    assert six.least.function != six.candidate


def test_the_value_function_of_two_points():
    """Leaving (1, 0) with slope s after (-2, 0): a plane wave, from the kink at 1/2 on."""
    found = value_function.sample(Dataset.read([-2, 1], [0, 0]), mpq(1), Tally())
    assert found.source == (1, mpq(-1, 2), True)
    assert found.value == mpq(6, 5) * er.sqrt("5/4")


# -- the pieces of the checks ---------------------------------------------------------------------------


@given(RATIONALS, RATIONALS)
def test_a_reflection_is_an_involution_and_doubles_the_angle(t, x):
    u = kinks.reflected(t, x)
    if u is not None:
        assert kinks.reflected(u, x) == t
        turns = (atan(u) + atan(t) - 2 * atan(x)) / 3.141592653589793
        assert turns == pytest.approx(round(turns), abs=1e-9)


@given(piecewise_linear(), st.tuples(RATIONALS, RATIONALS), st.booleans())
def test_no_feasible_direction_exceeds_the_excess(f, direction, euclidean):
    largest = cost.excess(f, euclidean=euclidean)
    a, b = direction
    size = a * a + b * b
    if not size:
        return
    # Scaled into the ball: divided by a rational at least as large as the length, and as 2 |b|.
    length = 1 + size
    if not euclidean:
        length = max(length, 2 * abs(b))
    a, b = a / length, b / length
    x_f = affine_demand(f)
    value = a * x_f[0] + b * x_f[1] - sum(abs(c) * abs(a - t * b) for t, c in f.kinks)
    assert value <= largest


@given(piecewise_linear(), st.lists(st.integers(-4, 4), min_size=12, max_size=12))
def test_no_split_of_the_kinks_is_closer_than_the_euclidean_excess(f, shares):
    a, b = affine_demand(f)
    for (t, c), share in zip(f.kinks, shares, strict=False):
        phi = mpq(share, 4)
        a, b = a - phi * abs(c), b + phi * abs(c) * t
    assert cost.excess(f) <= cost.excess(f, euclidean=True)
    if len(f.kinks) <= len(shares):
        assert cost.excess(f, euclidean=True) <= er.sqrt(a * a + b * b)


@given(piecewise_linear())
def test_the_excess_does_not_see_signs_and_mirrors(f):
    found = cost.excess(f)
    assert cost.excess(-f) == found
    assert cost.excess(f.compose_affine(-1)) == found
    assert subject.cost(f) + found == er.representation_cost(f, skip=False)


def test_anchors_of_the_cost_without_skip():
    constant, line, sum_of_both = (PiecewiseLinear.from_kinks(*pair) for pair in ((0, 1), (1, 0), (1, 1)))
    assert cost.excess(constant) == 1
    assert cost.excess(constant, euclidean=True) == 2
    assert cost.excess(line) == 2
    assert cost.excess(sum_of_both) == 1 + er.sqrt(3)


@given(datasets(min_size=2), st.integers(0, 2**32))
def test_generators(data, seed):
    rng = random.Random(seed)
    assert any(subject.straddles(subject.straddling(rng, 7, 5)))
    assert [run.length for run in subject.runs(subject.six_points(rng, 3, 4))] == [4]
    assert variants.small_datasets(rng, 40, 4).n <= 8
    found = subject.runs(data)
    assert sum(run.length for run in found) == sum(c != 0 for c in data.curvatures)
    for run in found:
        signs = subject.signs(data)
        assert {signs[i] for i in range(run.first, run.last + 1)} == {run.sign}
        assert run.sign not in (signs[run.first - 1], signs[run.last + 1])


# -- tampered evidence: every clause can fail -----------------------------------------------------------

LEAST = solve([0, 1, 2, 3, 4], [0, 0, 1, 3, 6])


TALLYING = (kinks.reflection, kinks.outer_gaps, kinks.kink_count)


def with_kinks(least, pairs):
    f = PiecewiseLinear.from_kinks(least.function.slope, least.function.intercept, pairs)
    return replace(least, function=f, cost=subject.cost(f), kinks=subject.placed(least.data, f))


@pytest.mark.parametrize(
    ("squares", "clause"),
    [
        ((1, *LEAST.dual[1:]), "both ends"),
        ((0, 3, *LEAST.dual[2:]), "at the datum 1"),
        ((0, 2, 5, 10, 0), "between 1 and 2"),
        ((0, 0, *LEAST.dual[2:]), "does not touch"),
    ],
)
def test_a_tampered_dual_is_found_out(squares, clause):
    with pytest.raises(Refuted, match=clause):
        dual.dual_attained(replace(LEAST, dual=tuple(map(mpq, squares))))


def test_a_dual_of_smaller_value_is_found_out():
    """Dropping the minimiser's kinks leaves the value as the only evidence."""
    with pytest.raises(Refuted, match="value"):
        dual.dual_attained(replace(LEAST, kinks=(), dual=(mpq(0),) * 5))


@pytest.mark.parametrize(
    ("check", "pairs", "clause"),
    [
        (kinks.reflection, [("3/2", 1), ("5/2", 1)], "not the reflection"),
        (kinks.reflection, [("3/2", 1), ("5/2", -1)], "different signs"),
        (kinks.outer_gaps, [("1/2", 1)], "in the first gap is at 1/2"),
        (kinks.outer_gaps, [("1/2", 1), ("7/2", 1)], "both outer gaps"),
        (kinks.kink_count, [(1, 1), (2, 1), (3, 1), ("7/2", 1)], "4 kinks for 5 points"),
        (dual.touching, [("5/4", 1), ("3/2", 1)], "2 kinks strictly between 1 and 2"),
        (dual.touching, [("1/2", 1)], "1 kinks strictly between 0 and 1"),
        (dual.touching, [(1, 5)], "the kink at the datum 1 is 5"),
        (runs.sign_law, [("3/2", -1)], "has the sign -1"),
        (sparsity.run_kinks, [("3/2", 1)], "1 kinks in the run of 3"),
        (minimiser.rational, [("28/19", 1), ("5/2", 1)], "more than one square root"),
    ],
)
def test_tampered_kinks_are_found_out(check, pairs, clause):
    tampered = with_kinks(LEAST, pairs)
    with pytest.raises(Refuted, match=clause):
        check(*([tampered, Tally()] if check in TALLYING else [tampered]))


def test_an_outer_kink_without_room_is_found_out():
    least = solve([-2, "1/4", 2], [0, 0, 1])
    assert least.kinks == (subject.Kink(mpq(1, 4), mpq(4, 7), 1, True),)
    data = Dataset.read([-2, 1, 3], [0, 0, 1])
    moved = subject.minimiser(data, Tally())
    assert moved.outer
    with pytest.raises(Refuted, match="no room"):
        kinks.outer_gaps(replace(moved, data=Dataset.read([-2, "1/2", 3], [0, 0, 1])), Tally())


def test_a_dearer_function_is_found_out():
    dots = PiecewiseLinear._through(LEAST.data)
    dearer = replace(LEAST, function=dots, cost=subject.cost(dots))
    with pytest.raises(Refuted, match="the optimum"):
        minimiser.least_cost(minimiser.Contestants(dearer, LEAST.function))


def test_a_wrong_certificate_is_found_out(monkeypatch):
    dots = PiecewiseLinear._through(LEAST.data)
    solution = er.min_norm_interpolant(LEAST.data.x, LEAST.data.y)
    monkeypatch.setattr(subject, "interpolate", lambda data: replace(solution, function=dots))
    with pytest.raises(Refuted, match="certificate of the minimiser"):
        subject.minimiser(LEAST.data, Tally())


def test_a_network_too_cheap_is_found_out():
    computed = cost.computed(cost.Weights([(mpq(1), mpq(-1), mpq(1))], mpq(0), mpq(0)))
    doubled = PiecewiseLinear.from_kinks(0, 0, [(1, 2)])
    with pytest.raises(Refuted, match="a network costs"):
        cost.cost_formula(computed._replace(function=doubled))
    with pytest.raises(Refuted, match="equality"):
        cost.cost_formula(computed._replace(function=PiecewiseLinear.from_kinks(0, 0, [(1, "1/2")])))
    with pytest.raises(Refuted, match="a network costs"):
        cost.cost_without_skip(computed._replace(function=doubled), Tally())


def test_wrong_orders_are_found_out():
    with pytest.raises(Refuted, match="with skip"):
        cost.cost_order(cost.FourCosts(mpq(2), mpq(2), mpq(1), mpq(3)))
    with pytest.raises(Refuted, match="without skip"):
        cost.cost_order(cost.FourCosts(mpq(1), mpq(4), mpq(1), mpq(3)))
    with pytest.raises(Refuted):
        variants.minimum_order(variants.Minima(mpq(2), mpq(3), mpq(1)))


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({"function": PiecewiseLinear.from_kinks(0, 0)}, "does not interpolate"),
        ({"upper": mpq(9, 10)}, "outside the bounds"),
        ({"skip_minimum": mpq(7)}, "with skip 7"),
        ({"lower": mpq(11, 10), "upper": mpq(3)}, "outside the bounds"),
    ],
)
def test_wrong_bounds_without_skip_are_found_out(change, clause):
    bounds = variants.without_skip(Dataset.read([0, 1], [0, 1]), Tally())
    with pytest.raises(Refuted, match=clause):
        variants.minimum_without_skip(bounds._replace(**change), Tally())


def test_wrong_values_are_found_out():
    values = value_function.values(Dataset.read([-2, 1, 3], [1, 0, 0]), Tally())
    value_function.value_function(values)
    first, second, *rest = values.samples
    high = [first, second._replace(value=10**6 + er.sqrt(2)), *rest]
    with pytest.raises(Refuted, match="not convex"):
        value_function.value_function(values._replace(samples=high))
    strange = [s._replace(source=s.source._replace(a=s.source.a + i)) for i, s in enumerate(values.samples)]
    with pytest.raises(Refuted, match="sources for 3 points"):
        value_function.value_function(values._replace(samples=strange))
    shifted = [first._replace(value=first.value + 1), second, *rest]
    with pytest.raises(Refuted, match="not constant"):
        value_function.value_function(values._replace(samples=shifted))


def test_wrong_verdicts_on_sparsity_are_found_out():
    least = solve([0, 1, 2, 3], [0, 0, 1, 3])
    with pytest.raises(Refuted, match="the minimiser has 2 kinks"):
        sparsity.sparsity(sparsity.Sparse(with_kinks(least, [(1, 1), (2, 1)]), 1))
    with pytest.raises(Refuted, match="not 2"):
        sparsity.sparsity(sparsity.Sparse(least, 2))
    six = sparsity.six(subject.SIX_POINTS, Tally())
    with pytest.raises(Refuted, match="candidate minimal: False"):
        sparsity.six_point_criterion(six._replace(middle=True), Tally())
    with pytest.raises(Refuted, match="without room"):
        sparsity.six_point_criterion(six._replace(first=False), Tally())


def test_wrong_runs_are_found_out():
    split = runs.split(Dataset.read([0, 1, 2, 3], [0, 0, 1, 1]), Tally())
    runs.independent_runs(split)
    with pytest.raises(Refuted, match="no run solved alone has the kink 2"):
        runs.independent_runs(split._replace(flanked=PiecewiseLinear.from_kinks(0, 0, [(1, 1)])))
    more = split.flanked + PiecewiseLinear.from_kinks(0, 0, [(3, 1)])
    with pytest.raises(Refuted, match="the minimiser has not the kink 3"):
        runs.independent_runs(split._replace(flanked=more))


def test_only_the_competitors_that_interpolate_compete():
    for index in range(40):
        data, b = minimiser.contests(Stream(1, "contests", index), 8, 6)
        if data.n > 1:
            _, other = minimiser.contestants((data, b), Tally())
            assert other.values_at_sorted(data.x) == list(data.y)
