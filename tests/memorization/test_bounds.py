"""The counting bounds: known cases, brute force at tiny sizes, monotonicity, wrong arguments."""

import random
from itertools import accumulate, pairwise, product

import numpy as np
import pytest
from gmpy2 import mpq

from exactrelu import BudgetExceeded, DeepNetwork, InputError, check
from exactrelu.certificates import impossibility
from exactrelu.memorization import (
    barrier,
    bounds,
    class_parameters,
    least_excluded,
    least_parameters,
    lower_bound,
    max_memorizable,
)
from exactrelu.memorization.many_bits import shattering_network
from exactrelu.theorems.siegel2023.counting import patterns_of_two


@pytest.mark.parametrize(
    ("width", "depth", "parameters", "labels", "first"),
    [(5, 8, 226, 1000, 68), (5, 15, 436, 1000, 792), (12, 8, 1129, 4000, 185)],
)
def test_first_impossible_separation(width, depth, parameters, labels, first):
    assert class_parameters(width, depth) == parameters
    k = labels // 2
    for b in (first - 1, first):
        found = lower_bound(width=width, depth=depth, groups=k, group_size=2**b // k)
        assert found.parameters == parameters
        assert found.labels == labels
        assert found.impossible == (b == first)
        assert ("cannot" in str(found)) == found.impossible


def test_the_checker_proves_what_is_excluded_and_nothing_more():
    rng = random.Random(3)
    excluded = 0
    for _ in range(100):
        width, depth, size = rng.randint(1, 4), rng.randint(1, 4), 2 ** rng.randint(1, 200)
        found = lower_bound(width=width, depth=depth, groups=rng.randint(1, 60), group_size=size)
        excluded += found.impossible
        if found.impossible:
            assert found.certificate.claim == "impossibility"
            assert check(found.certificate).accepted
            continue
        assert found.certificate is None
        names = ("width", "depth", "parameters", "groups", "group_size")
        assert not check(impossibility(**{name: getattr(found, name) for name in names})).accepted
    assert 20 < excluded < 80


@pytest.mark.parametrize(("width", "depth"), [(1, 1), (1, 3), (2, 1), (2, 2)])
def test_the_least_number_of_groups_on_coarse_grids(width, depth):
    """One after the other: on a coarse grid more groups, of fewer points each, may exclude less."""
    for grid_points in (*range(20, 90), 101, 201, 1001):
        every = (
            lower_bound(width=width, depth=depth, groups=k, group_size=grid_points // k)
            for k in range(3, min(grid_points // 2, 120) + 1)
        )
        first = next((found for found in every if found.impossible), None)
        assert least_excluded(width=width, depth=depth, separation=mpq(1, grid_points - 1)) == first


def test_many_groups_of_a_grid_that_is_little_finer_than_the_pieces():
    size = {"width": 5, "depth": 8}
    found = least_excluded(**size, separation=mpq(1, 1_700_000))
    assert (found.groups, found.group_size, found.impossible) == (13243, 128, True)
    for k in (13242, 12978, 1_700_001 // 129, 1_700_001 // 130):  # the last two: the last of their size
        assert not lower_bound(**size, groups=k, group_size=1_700_001 // k).impossible
    assert least_excluded(**size, separation=mpq(2, 6**8)) is None  # fewer points than pieces


def test_a_search_that_would_take_too_long(monkeypatch):
    monkeypatch.setattr(barrier, "MAX_INTERVALS", 3)
    with pytest.raises(BudgetExceeded, match="more than 3 cases are too many to decide"):
        max_memorizable(width=5, depth=8, separation=mpq(1, 1_700_000))


def test_fewer_parameters_than_half_the_labels_are_needed_for_impossibility():
    for b in (100, 10_000):
        assert not lower_bound(width=5, depth=8, groups=226, group_size=2**b).impossible


def test_max_memorizable():
    assert max_memorizable(width=5, depth=8, separation="1/4") is None
    found = [max_memorizable(width=5, depth=8, separation=mpq(1, 2**b)) for b in (68, 100, 400)]
    assert found == sorted(found, reverse=True)
    assert found[0] == 990
    assert found[-1] >= 2 * 226
    # The least number that is excluded comes with its proof; the next smaller one is not excluded.
    b = mpq(1, 2**40)
    least = least_excluded(width=2, depth=2, separation=b)
    assert least.labels == max_memorizable(width=2, depth=2, separation=b) + 2
    assert check(least.certificate)
    k = least.groups - 1
    assert lower_bound(width=2, depth=2, groups=k, group_size=(2**40 + 1) // k).certificate is None
    assert least_excluded(width=5, depth=8, separation="1/4") is None
    # Connecting the dots fits N points in width 5 and depth N - 2, however close they are.
    for n in (4, 6, 8):
        most = max_memorizable(width=5, depth=n - 2, separation=mpq(1, 2**300))
        assert most is None or most >= n


def test_pieces_of_random_networks():
    rng = random.Random(1)
    for width, depth in product((1, 2, 3), (1, 2, 3)):
        shape = [1, *[width] * depth, 1]
        for _ in range(20):
            network = DeepNetwork(
                [
                    ([rng.choices(range(-3, 4), k=a) for _ in range(b)], rng.choices(range(-3, 4), k=b))
                    for a, b in pairwise(shape)
                ]
            )
            assert network.linear_regions <= bounds.linear_pieces(width, depth)


def test_sign_patterns_of_two_units_are_those_enumerated():
    """Random units give no pattern that is not in the exact enumeration, which Warren's bound exceeds."""
    rng = random.Random(2)
    points = tuple(range(-3, 3))
    enumerated = patterns_of_two(points)
    assert len(enumerated) == bounds.cells(6, 3) == 32
    # Per point: two pre-activations and four possible outputs, of degree at most 2 in 7 parameters.
    assert len(enumerated) <= bounds.warren(6 * 6, 2, 7)
    sampled = set()
    for _ in range(4000):
        a, b, c, v, w, s, t = (rng.randint(-6, 6) for _ in range(7))
        sampled.add(tuple(a * max(v * x - s, 0) + b * max(w * x - t, 0) + c >= 0 for x in points))
    assert sampled <= enumerated
    assert len(sampled) > 24


def test_sign_patterns_of_three_units_stay_below_warren():
    """Sampled; some have three changes of sign, which two units do not reach."""
    rng = random.Random(3)
    points = range(-3, 4)
    sampled = set()
    for _ in range(6000):
        units = [[rng.randint(-6, 6) for _ in range(3)] for _ in range(3)]
        c = rng.randint(-6, 6)
        sampled.add(tuple(sum(a * max(w * x - s, 0) for a, w, s in units) + c >= 0 for x in points))
    # Three pre-activations and eight outputs a point, degree 2, 10 parameters.
    assert bounds.cells(7, 3) < len(sampled) <= min(2**7, bounds.warren(7 * 11, 2, 10))
    assert max(sum(a != b for a, b in pairwise(p)) for p in sampled) >= 3


def test_vc_bound_is_no_less_than_what_one_unit_shatters():
    """A unit on the line shatters 2 points; the bound is valid, and grows with depth."""
    assert bounds.vc_dimension_bound([1], [2]) >= 2
    one, two = bounds.vc_dimension_bound([5, 1], [10, 16]), bounds.vc_dimension_bound([5, 5, 1], [10, 40, 46])
    assert 0 < one < two
    assert bounds.cells(5, 2) == 10
    assert bounds.cells(3, 5) == 8


def test_the_closed_form_is_no_less_than_the_bound_that_it_simplifies():
    rng = random.Random(5)
    for _ in range(40):
        widths = [rng.randint(2, 9) for _ in range(rng.randint(1, 5))] + [1]
        sizes = list(accumulate(b * (a + 1) for a, b in pairwise([rng.randint(1, 4), *widths])))
        assert bounds.vc_dimension_bound(widths, sizes) <= bounds.vc_dimension_closed_form(widths, sizes)
    with pytest.raises(InputError, match="three units"):
        bounds.vc_dimension_closed_form([1], [2])


def test_networks_of_any_shape_need_the_root_of_the_number_of_labels():
    values = [bounds.least_parameters(n) for n in (1, 100, 10_000, 1_000_000)]
    assert values == [1, 5, 37, 306]
    for n in (1, 3, 50, 1000):
        assert all(bounds.least_parameters(n) <= bounds.least_parameters(n, width=w) for w in (1, 5, 17))
        # An affine map (2 parameters) fits all labels of 2 points; dots fit n in width 5 and depth n - 2.
        assert bounds.least_parameters(n) <= class_parameters(5, max(n - 2, 1))
    assert bounds.least_parameters(2) <= 2


def test_all_labels_of_small_tables_are_taken():
    """Bartlett et al. 2019, Theorem 11: the 2·2 points (e_j, e_i) are shattered, whatever r is."""
    points = [(*e, *f) for e in ([1, 0], [0, 1]) for f in ([1, 0], [0, 1])]
    for r, labels in product((1, 2, 3), product((0, 1), repeat=4)):
        network = shattering_network(r, [labels[:2], labels[2:]]).network()
        assert tuple(network(points)) == labels
    with pytest.raises(InputError, match="table"):
        shattering_network(1, [[0, 1], [1]])


def test_the_least_parameters_that_counting_allows():
    values = [bounds.least_parameters(n, width=5) for n in (1, 100, 10_000, 1_000_000)]
    assert values == sorted(values)
    assert values[0] == class_parameters(5, 1)
    # About the root of the number of labels, up to logarithms and constants.
    assert values[3] < 200 * values[1]


@pytest.mark.parametrize(
    "arguments",
    [
        {"width": 0, "depth": 1, "groups": 1, "group_size": 2},
        {"width": 1, "depth": 1.5, "groups": 1, "group_size": 2},
        {"width": 1, "depth": 1, "groups": 1, "group_size": 1},
        {"width": 1, "depth": 1, "groups": True, "group_size": 2},
        {"width": 1, "depth": 1, "groups": 1, "group_size": 2, "parameters": 1000},
    ],
)
def test_bad_arguments(arguments):
    with pytest.raises(InputError):
        lower_bound(**arguments)


def test_bad_separations_and_sizes():
    for separation in (0, 2, "x"):
        with pytest.raises(InputError):
            max_memorizable(width=5, depth=8, separation=separation)
    with pytest.raises(InputError):
        bounds.vc_dimension_bound([1], [1, 2])
    with pytest.raises(InputError):
        bounds.warren(3, 1, 4)


def test_numbers_too_long_to_compare():
    for groups, width, depth in ((10**5000, 1, 1), (2, 10**6, 10**6), (10**9, 100, 100)):
        with pytest.raises(BudgetExceeded, match="bits"):
            lower_bound(width=width, depth=depth, groups=groups, group_size=2)
    with pytest.raises(BudgetExceeded, match="bits"):
        max_memorizable(width=10**4, depth=10**4, separation=mpq(1, 2))
    for labels, width in ((10**12, None), (10, 10**6)):
        with pytest.raises(BudgetExceeded, match="bits"):
            least_parameters(labels, width=width)
    with pytest.raises(InputError, match="no class of width -1"):
        class_parameters(-1, 2)


def test_integers_of_numpy():
    assert lower_bound(width=np.int64(2), depth=np.int64(2), groups=np.int64(3), group_size=np.int64(4)) == (
        lower_bound(width=2, depth=2, groups=3, group_size=4)
    )
    assert least_parameters(np.int64(1000), width=np.int64(5)) == least_parameters(1000, width=5)
