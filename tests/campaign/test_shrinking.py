"""Counterexamples come out small, still fail, and are the same every time."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import configuration

from exactrelu.arithmetic import InputError
from exactrelu.campaign import instance
from exactrelu.campaign.anatomy import complexity
from exactrelu.campaign.shrink import shrink, simplest
from exactrelu.functions import Dataset, PiecewiseLinear, ShallowNetwork, total_variation
from exactrelu.instances import KINDS, Stream, datasets
from exactrelu.interpolation import min_norm_interpolant
from exactrelu.theorems import registry


def digits(data):
    return complexity(data)[2]


# What fails, and the number of points and digits (in bits) that a small counterexample needs at most.
FAILURES = {
    "a concave corner": (lambda d: any(c < 0 for c in d.curvatures), 3, 4),
    "three convex corners": (lambda d: sum(c > 0 for c in d.curvatures) >= 3, 6, 24),
    "collinear, but not all": (lambda d: 0 in d.curvatures and any(d.curvatures), 4, 6),
    "a slope that is no integer": (lambda d: d.n > 2 and any(s.denominator > 1 for s in d.slopes), 3, 6),
    "all signs of curvature": (lambda d: {(c > 0) - (c < 0) for c in d.curvatures} == {-1, 0, 1}, 5, 8),
    "a large moment": (lambda d: sum(a * b for a, b in zip(d.x, d.y, strict=True)) > 100, 3, 30),
    "far from 0": (lambda d: any(abs(a) >= 10**6 for a in d.x), 1, 24),
    "many points": (lambda d: d.n >= 12, 12, 50),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_counterexamples_come_out_small(failure):
    fails, most_points, most_digits = FAILURES[failure]
    found = 0
    for index in range(600):
        data = datasets(Stream(1, "shrinking", index), 8, 8)
        if fails(data):
            found += 1
            small = shrink(data, "it fails", lambda d: "it fails" if fails(d) else None)
            assert small.complete
            assert fails(small.value)
            assert small.value.n <= most_points, data
            assert digits(small.value) <= most_digits, (data, small.value)
            if found == 2 or failure == "many points":
                return
    raise AssertionError("too few instances fail")


def test_a_corner_is_the_simplest_corner():
    data = datasets(Stream(1, "shrinking", 16), 8, 8)
    assert KINDS[16] == ("random", "float64", "huge")
    small = shrink(data, "bent", lambda d: "bent" if any(d.curvatures) else None).value
    assert sorted(map(abs, small.x)) == [0, 1, 1]
    assert sorted(map(abs, small.y)) == [0, 0, 1]


def test_the_clause_is_that_of_the_shrunk_instance():
    def clause(data):
        return f"it has {data.n} points" if data.n >= 3 else None

    data = Dataset.read(range(7), [3, 1, 4, 1, 5, 9, 2])
    small = shrink(data, clause(data), clause)
    assert (small.value.n, small.clause) == (3, "it has 3 points")


@pytest.mark.parametrize(("index", "corners"), [(2, 3), (3, 1), (13, 2), (26, 1)])
def test_shrinking_is_deterministic_and_never_makes_it_worse(index, corners):
    data = datasets(Stream(2, "shrinking", index), 8, 8)

    def clause(d):
        return "bent" if sum(map(bool, d.curvatures)) >= corners else None

    one, two = (shrink(data, "bent", clause) for _ in range(2))
    assert one == two
    assert complexity(one.value) < complexity(data)
    assert clause(one.value) == "bent"


def test_what_cannot_be_simplified_stays():
    data = Dataset.read([0, 1, "10/7"], [0, "1/3", 17])
    small = shrink(data, "only this", lambda d: "only this" if d == data else None)
    assert small.value == data
    assert small.complete


def test_the_budget_of_checks_is_kept():
    calls = []
    data = datasets(Stream(1, "shrinking", 10), 8, 8)

    def clause(d):
        calls.append(d)
        return "long" if d.n >= 20 else None

    small = shrink(data, "long", clause, max_checks=10)
    assert len(calls) == small.checks == 10
    assert (small.complete, small.out_of_time) == (False, False)
    assert 20 <= small.value.n <= data.n


def test_the_clock_is_the_last_resort_and_is_named(monkeypatch):
    ticks = iter(range(1000))
    monkeypatch.setattr("exactrelu.campaign.shrink.monotonic", lambda: next(ticks))
    data = datasets(Stream(1, "shrinking", 10), 8, 8)
    small = shrink(data, "long", lambda d: "long" if d.n >= 20 else None, max_seconds=5)
    assert (small.complete, small.out_of_time, small.checks) == (False, True, 5)
    assert 20 <= small.value.n <= data.n


def test_the_load_of_the_machine_does_not_change_the_result(monkeypatch):
    data = datasets(Stream(1, "shrinking", 10), 8, 8)

    def shrunk():
        return shrink(data, "bent", lambda d: "bent" if any(d.curvatures) else None)

    one = shrunk()
    ticks = iter(range(1000))
    monkeypatch.setattr("exactrelu.campaign.shrink.monotonic", lambda: next(ticks) / 10)
    assert shrunk() == one
    assert next(ticks) > 20
    assert one.complete


def test_candidates_are_counted_too(monkeypatch):
    monkeypatch.setattr("exactrelu.campaign.shrink.MAX_CANDIDATES", 30)
    small = shrink(Dataset.read([0, 1, 2], [7, 9, 5]), "any", lambda d: "any" if d.n == 3 else None)
    assert (small.complete, small.out_of_time) == (False, False)
    assert small.value.n == 3


@dataclass(frozen=True)
class Pair:
    data: Dataset
    weight: Fraction

    def __post_init__(self):
        if self.weight <= 0:
            raise ValueError("weights are positive")


def test_other_kinds_of_instances():
    f = PiecewiseLinear.from_kinks("17/5", "-8/3", [("1/7", "22/9"), (3, -4), ("71/13", 19)])
    data = Dataset.read(["-13/7", "2/9", 5, 8], [4, "-7/3", 1, 1])

    def shrunk(value, fails):
        return shrink(value, "it fails", lambda v: "it fails" if fails(v) else None).value

    assert shrunk(f, lambda f: len(f.kinks) >= 1).kinks in [((0, 1),), ((1, 1),)]
    assert shrunk((data, f), lambda v: v[0].n + len(v[1].kinks) >= 3)[1].slope == 0
    assert shrunk([5, 0, 9, -7, 1000], lambda v: sum(v) > 20) == [21]
    assert shrunk(mpq("314159/100000"), lambda q: q > 3) == 4
    assert shrunk(Fraction(-22, 7), lambda q: q < -3) == -4
    assert shrunk(17, lambda n: n % 4 == 1) == 1
    assert shrunk(2.718281828, lambda v: v > 2) == 3.0
    assert shrunk(2.718281828, lambda v: 2.5 < v < 3) == 2.75
    assert shrunk({"a": True, "b": 12}, lambda v: v["b"] > 3) == {"a": False, "b": 4}
    small = shrunk(Pair(data, Fraction(17, 3)), lambda p: p.data.n >= 2)
    assert small.weight == 1
    assert complexity(small)[0] == 5
    assert shrunk("text", lambda v: True) == "text"


class Sizes(NamedTuple):
    several: tuple
    one: int


def test_named_tuples_arrays_and_networks():
    def shrunk(value, fails):
        small = shrink(value, "it fails", lambda v: "it fails" if fails(v) else None)
        assert small.complete
        return small.value

    assert shrunk(Sizes((17, 4), 900), lambda v: v.one > v.several[0] > 3) == Sizes((4, 0), 5)
    whole = shrunk(np.array([[31, -7], [12, 5], [8, 8]]), lambda v: (v[:, 0] > 9).any())
    assert (whole.dtype.kind, whole.tolist()) == ("i", [[10, 0]])
    assert shrunk(np.array([0.1, 2.5, 7.25]), lambda v: len(v) > 1 and v[1] > 2).tolist() == [0.0, 3.0]
    assert shrunk(np.array([48, 56, 96, 100]), lambda v: v.sum() >= 300).tolist() == [300]
    exact = shrunk(np.array([mpq(1, 3), mpq(22, 7)], object), lambda v: any(q > 3 for q in v))
    assert exact.tolist() == [mpq(4)]
    network = ShallowNetwork([3, "-7/2", 8], [1, 2, "1/3"], [5, 6, -4], output_bias=3, skip_slope="2/7")
    small = shrunk(network, lambda f: total_variation(f.function) > 8)
    assert small == ShallowNetwork(small.input_weights, [0], small.output_weights)
    assert (complexity(small)[0], digits(small)) == (5, 5)
    assert shrunk({3, 8, 1000}, lambda v: any(q > 6 for q in v)) == {7}


def test_what_fails_because_of_its_pattern_comes_out_small_too():
    """Eight points at -10**9, or of float64 size 1e-9; five small points refute the statement as well."""

    def fails(data):
        if data.n < 2:
            return None
        whole, less = (
            min_norm_interpolant(data.x[:stop], data.y[:stop]).function.kinks for stop in (data.n, data.n - 1)
        )
        return "fewer kinks" if len(less) > len(whole) else None

    far = Dataset.read([-1000000014 + i for i in range(8)], [0, 0, 1, 3, 6, 10, 15, 21])
    unit = mpq(4835703278458517, 2**81)
    tiny = Dataset.read([unit * t for t in (-2, -1, 0, 1, 2, 3, 4, 5)], [0, 0, 1, 3, 6, 10, 15, 21])
    for data in (far, tiny):
        small = shrink(data, fails(data), fails)
        assert small.complete
        assert small.value.n == 5
        assert digits(small.value) <= 12


def test_data_of_a_length_are_0_everywhere():
    data = Dataset.read(range(58), [*range(29), *range(29, 0, -1)])
    small = shrink(data, "long", lambda d: "long" if d.n >= 55 else None)
    assert (small.value.n, set(small.value.y), small.complete) == (55, {0}, True)
    assert max(small.value.x) - min(small.value.x) == 54
    assert max(map(abs, small.value.x)) <= 30


def test_long_instances_change_in_blocks_first():
    """And Hypothesis, which cannot generate 1,500 entries, is not asked."""
    numbers = [7919 * i % 1000 for i in range(700)]
    small = shrink(numbers, "long", lambda v: "long" if len(v) >= 450 else None, max_checks=150)
    assert small.value == [0] * 450
    assert small.complete
    numbers = [7919 * i % 1000 for i in range(1500)]
    assert shrink(numbers, "it", lambda v: "it" if v == numbers else None, max_checks=40).value == numbers


def test_numbers_come_down_together():
    value = {"points": [(0, 0), (13, 2), (12, 1), (1, 0)], "new": (11, 0)}

    def fails(v):
        x = [t for t, _ in v["points"]]
        right = len(x) > 2 and x[1] == x[2] + 1 == v["new"][0] + 2 and v["new"][0] not in x
        return "between" if right and x[0] < v["new"][0] else None

    small = shrink(value, "between", fails)
    assert small.complete
    assert small.value == {"points": [(-1, 0), (2, 0), (1, 0)], "new": (0, 0)}


def test_it_is_complete_only_where_no_single_step_helps():
    data = Dataset.read(range(60), [7 * i % 11 for i in range(60)])
    small = shrink(data, "long", lambda d: "long" if d.n >= 50 else None, max_checks=25)
    assert not small.complete
    assert small.checks == 25


def test_what_refutes_a_mutant_can_be_shrunk():
    name, mutant = "hanin2021.sparsest", "rounded-down"
    small = simplest(name, instance(name, index=3), mutant=mutant)
    assert registry[name].refutation(small.value, mutant=mutant) == small.clause
    assert registry[name].refutation(small.value) is None
    assert digits(small.value) < 20
    with pytest.raises(InputError, match=r"does not refute hanin2021\.sparsest, so that"):
        simplest(name, small.value)
    with pytest.raises(InputError, match="does not refute mutant unique of"):
        simplest(name, Dataset.read([0], [0]), mutant="unique")
    with pytest.raises(InputError, match="no mutant 'none'"):
        simplest(name, small.value, mutant="none")
    with pytest.raises(InputError, match="no theorem named 'none'"):
        simplest("none", small.value)


def test_nothing_is_left_in_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = configuration.storage_directory(intent_to_write=False).home_directory
    shrink(Dataset.read([0, 1, 2], [0, 1, 0]), "bent", lambda d: "bent" if any(d.curvatures) else None)
    assert list(Path(tmp_path).iterdir()) == []
    assert configuration.storage_directory(intent_to_write=False).home_directory == before
