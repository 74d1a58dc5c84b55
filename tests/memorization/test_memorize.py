"""Every construction takes every label, has the stated size, and refuses what it cannot do."""

import pickle
import random
from itertools import pairwise
from math import log2

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits, load_iris

import exactrelu as er
from exactrelu import Enclosure, InputError
from exactrelu.functions.deep_floating import PRECISIONS
from exactrelu.memorization import CONSTRUCTIONS, first_failure, memorize, separated
from exactrelu.memorization.bounds import least_parameters
from exactrelu.memorization.constructions import Candidate, candidates
from exactrelu.memorization.encoding import cut, decode, encode, longest_stay
from exactrelu.memorization.projection import project

coordinates = st.fractions(-50, 50, max_denominator=30)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(CONSTRUCTIONS), st.integers(1, 3))
def test_all_labels_of_small_data(data, construction, d):
    point = st.tuples(*[st.integers(-4, 4) if construction == "grid" else coordinates] * d)
    points = data.draw(st.lists(point, min_size=2, max_size=25, unique=True))
    labels = data.draw(st.lists(st.integers(-3, 6), min_size=len(points), max_size=len(points)))
    if isinstance(candidates(points, list(map(mpq, labels)))[construction], str):
        with pytest.raises(InputError, match="smallest regular grid"):
            memorize(points, labels, construction)
        return
    m = memorize(points, labels, construction)
    assert m.check()
    assert m.network(points[0]) == labels[0] if d > 1 else m.network(points[0][0]) == labels[0]
    stated = {a.construction: a.parameters for a in m.alternatives}
    assert m.parameters == stated[construction] == m.network.parameters
    best = memorize(points, labels)
    assert best.parameters == min(p for p in stated.values() if p is not None)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=60), st.integers(0, 8))
def test_codes_decode_and_blocks_hold_what_concerns_an_entry(vector, extra):
    entries = {n: v for n, v in enumerate(vector, 1) if v}
    code = encode(entries, len(vector))
    assert decode(code.steps, len(vector)) == vector
    total = sum(map(abs, vector))
    assert len(code.steps) <= 2 * min(max(total, 1), len(vector))
    assert len(code.text(code.steps)) == len(code.steps) * code.bits_a_step
    if not entries:
        return
    size = longest_stay(code) + extra
    blocks = cut(code, size)
    assert blocks[0].begin == 0
    assert blocks[-1].end == len(code.steps)
    for a, b in pairwise(blocks):
        assert a.end == b.begin
        assert code.steps[b.begin][0] > 0  # the pointer moves: entries belong to one block
        assert b.start == sum(f for f, _ in code.steps[: b.begin])
    assert all(0 < b.end - b.begin <= size for b in blocks)


@pytest.mark.parametrize("construction", CONSTRUCTIONS)
def test_degenerate_data(construction):
    for points, labels in (
        ([7], [3]),
        ([0, 1], [1, 1]),
        ([5, 5, 6], [2, 2, 0]),
        ([10**30, 0, 2 * 10**30], [0, 1, 0]),
        (["1e-9", 0], [-5, 4]),
    ):
        m = memorize(points, labels, construction)
        assert m.check(), (points, construction)
        assert len(m.points) == len(set(points))


def test_labels_that_floats_do_not_hold():
    for labels in ([10**400, 0, -(10**400)], ["1e-400", 0, "-1e-400"], [10**99999 + 1, -5, 10**40000]):
        m = memorize([0, 1, 2], labels)
        assert m.check()
        for precision in ("float32", "float64", "double-double"):
            checked = m.float_check(precision=precision)
            assert {0, 2} <= set(checked.wrong)
    # Large, and yet floats are exact.
    m = memorize([0, 1, 2, 3], [0, 2**990, 0, 2**990])
    assert m.float_check(precision="double-double")
    assert m.float_check()


def test_labels_that_are_no_integers():
    m = memorize([0, 1, 5], ["1/3", 0.5, -2])
    assert m.construction == "piecewise-linear"
    assert m.check()
    assert m.tolerance == mpq(1, 6)
    reasons = {a.construction: a.reason for a in m.alternatives}
    assert "label 0 is 1/3" in reasons["grid"]
    assert "label 0 is 1/3" in reasons["bit-extraction"]


@pytest.mark.parametrize(
    ("points", "labels", "options", "message"),
    [
        ([], [], {}, "no points"),
        (3, [1], {}, "sequence"),
        ("123", [1, 2, 3], {}, "the points must be a sequence"),
        ({1: 2, 3: 4}, [1, 2], {}, "the points must be a sequence"),
        ([1, 2], [1], {}, "2 points and 1 labels"),
        ([1, 2, 1], [0, 0, 1], {}, "rows 0 and 2"),
        ([[1, 2], [3]], [0, 1], {}, r"points\[1\] has 1 coordinates"),
        ([[1, 2], 3], [0, 1], {}, r"points\[1\] is 3"),
        ([[], []], [0, 1], {}, "at least one"),
        ([float("inf")], [0], {}, r"points\[0\]"),
        ([1], [float("nan")], {}, r"labels\[0\]"),
        ([1], [1], {"construction": "magic"}, "construction must be one of"),
        ([1], [1], {"block": 0}, "block"),
        ([0, 1, "1/1000003"], [1, 2, 3], {"construction": "grid"}, "grid does not apply"),
    ],
)
def test_bad_input(points, labels, options, message):
    with pytest.raises(InputError, match=message):
        memorize(points, labels, **options)


def test_a_thousand_grid_points_and_where_floats_fail():
    rng = random.Random(5)
    labels = [rng.randrange(2) for _ in range(1024)]
    for construction, width in (("piecewise-linear", 5), ("grid", 15), ("bit-extraction", 12)):
        m = memorize(range(1024), labels, construction)
        assert m.check()
        assert m.width == width
        right = construction == "piecewise-linear"
        assert m.float_check().correct == right
        assert m.float_check(precision="float32").correct == right
    assert memorize(range(1024), labels).construction == "bit-extraction"


def test_a_grid_of_the_plane():
    rng = random.Random(6)
    points = [(mpq(i, 7), mpq(2 * j - 9)) for i in range(12) for j in range(9) if rng.random() < 0.8]
    m = memorize(points, [rng.randrange(3) for _ in points], "grid")
    assert m.check()
    assert m.direction == (7, 6)  # a step of 1/7 moves on by one cell, a step of 2 by a row of 12


def test_points_of_space_at_distance_one_thousandth():
    rng = random.Random(7)
    points = sorted({tuple(mpq(rng.randrange(1000), 1000) for _ in range(3)) for _ in range(300)})
    m = memorize(points, [rng.randrange(4) for _ in points], "bit-extraction")
    assert m.check()
    assert m.width == 12
    assert "regular grid" in {a.construction: a.reason for a in m.alternatives}["grid"]


@pytest.mark.parametrize("load", [load_iris, load_digits])
def test_real_data(load):
    """Iris has two flowers of equal measures (and species); digits are 64 pixels of 0 to 16."""
    data = load()
    points, labels = data.data[:400].tolist(), data.target[:400].tolist()
    for construction in ("piecewise-linear", "bit-extraction"):
        m = memorize(points, labels, construction)
        assert m.check()
        assert len(m.points) == len(set(map(tuple, points)))


def test_margins_against_the_exact_function():
    """In width 5 the function is known: the margin is the first crossing of label ± 1/2."""
    m = memorize([0, 1, 3, 4], [0, 2, 2, 5])
    assert m.construction == "piecewise-linear"
    assert m.tolerance == 2
    assert m.margins() == (mpq(1, 2), mpq(1, 2), mpq(1, 3), mpq(1, 3))
    assert memorize([0, 5], [1, 1]).margins() == (None, None)
    plane = memorize([(0, 0), (3, 4)], [0, 1], "bit-extraction")
    u = plane.direction
    (first, second) = plane.margins()
    for margin, point, label in ((first, (0, 0), 0), (second, (3, 4), 1)):
        assert margin is not None
        assert not isinstance(margin, Enclosure)
        norm = er.sqrt(sum(a * a for a in u))
        t = (margin * norm) if not isinstance(margin, mpq) else norm * margin
        step = t.as_rational() if isinstance(t, er.RadicalSum) else t
        assert step is not None
        ends = []
        for sign in (1, -1):
            end = sign * step / sum(b * b for b in u)
            moved = [p + end * a for p, a in zip(point, u, strict=True)]
            ends.append(abs(plane.network(moved) - label))
            nearer = [p + mpq(99, 100) * end * a for p, a in zip(point, u, strict=True)]
            assert abs(plane.network(nearer) - label) < mpq(1, 2)
        assert max(ends) == mpq(1, 2)
    with pytest.raises(InputError, match="no point 9"):
        m.margins([9])


@pytest.mark.parametrize("construction", ["grid", "bit-extraction"])
def test_margins_of_bit_extraction_are_numbers_or_enclosures_of_them(construction):
    """Following fewer pieces gives enclosures, and they hold the margins that more pieces give."""
    rng = random.Random(8)
    m = memorize(range(24), [rng.randrange(3) for _ in range(24)], construction)
    exact, rough = m.margins(range(9, 21)), m.margins(range(9, 21), pieces=40)
    assert any(isinstance(margin, Enclosure) for margin in rough)
    for a, b in zip(exact, rough, strict=True):
        low, high = (b.lower, b.upper) if isinstance(b, Enclosure) else (b, b)
        assert not isinstance(a, Enclosure)
        assert 0 <= low <= a <= high <= 24
        assert a > 0
    with pytest.raises(InputError, match="pieces"):
        m.margins([0], pieces=0)


def test_margins_of_no_point():
    m = memorize([0, 1, 2], [0, 1, 0])
    assert m.margins(np.arange(2)) == (mpq(1, 2), mpq(1, 2))
    for index in (3, -1, True, 0.5, "a"):
        with pytest.raises(InputError, match="there is no point"):
            m.margins([index])


def test_a_wrong_network_is_found_out():
    import dataclasses

    m = memorize(range(9), [k % 2 for k in range(9)])
    broken = dataclasses.replace(m, labels=(*m.labels[:-1], mpq(7)))
    verdict = broken.check()
    assert not verdict
    assert verdict.wrong == (8,)
    assert pickle.loads(pickle.dumps(m)) == m


def test_projection_separates_what_all_listed_directions_merge():
    """Points on which unit vectors and many small directions agree; the result is checked, not assumed."""
    rng = random.Random(9)
    for d in (2, 3, 5):
        points = sorted({tuple(mpq(rng.randint(0, 2)) for _ in range(d)) for _ in range(60)})
        p = project(points)
        assert len(set(p.values)) == len(points)
        ordered = sorted(p.values)
        assert p.separation == min(b - a for a, b in pairwise(ordered))
        products = [sum(u * q for u, q in zip(p.direction, point, strict=True)) for point in points]
        assert p.values == tuple(products)
    assert project([(mpq(1), mpq(2))]).separation == 0


def sizes(exponents, points):
    found = {name: [] for name in CONSTRUCTIONS}
    for e in exponents:
        rng = random.Random(e)
        labels = [mpq(rng.randrange(2)) for _ in range(1 << e)]
        for name, c in candidates(points(rng, 1 << e), labels).items():
            if isinstance(c, Candidate):
                found[name].append(c.parameters)
    return found


def slope(counts, exponents):
    return (log2(counts[-1]) - log2(counts[0])) / (exponents[-1] - exponents[0])


def test_growth():
    """Exact parameter counts for N = 2^4 .. 2^14: slope 1 by connecting dots, 1/2 on the grid."""
    exponents = range(4, 15, 2)
    found = sizes(exponents, lambda rng, n: [(mpq(k),) for k in range(n)])
    assert 0.95 < slope(found["piecewise-linear"], exponents) < 1.1
    assert 0.45 < slope(found["grid"], exponents) < 0.6
    assert 0.45 < slope(found["bit-extraction"], exponents) < 0.75  # √(N log N)
    for counts in found.values():  # random labels need about what all of them together need
        for e, count in zip(exponents, counts, strict=True):
            assert count > least_parameters(1 << e, width=17)


def test_irregular_points_take_as_many_parameters_as_there_are_points():
    """Pairs 2^-2N apart: the barrier. Bit extraction grows like N too, keys being as long as N."""
    found = {name: [] for name in CONSTRUCTIONS}
    exponents = range(4, 11, 2)
    for e in exponents:
        rng, n = random.Random(e), 1 << e
        left = sorted({mpq(rng.getrandbits(2 * n), 1 << (2 * n)) for _ in range(n // 2)})
        points = [(q + shift,) for q in left for shift in (0, mpq(1, 1 << (2 * n)))]
        for name, c in candidates(points, [mpq(rng.randrange(2)) for _ in points]).items():
            if isinstance(c, Candidate):
                found[name].append(c.parameters)
    assert not found["grid"]
    assert 0.95 < slope(found["piecewise-linear"], exponents) < 1.2
    assert 0.95 < slope(found["bit-extraction"], exponents) < 1.2


def test_first_size_at_which_floats_fail():
    """Found by search over N on the grid: bit extraction outgrows 24, 53 and 106 bits one after the other."""

    def build(n):
        rng = random.Random(n)
        return memorize(range(n), [rng.randrange(2) for _ in range(n)], "grid")

    first = [first_failure(range(64, 1024, 64), build, precision=p) for p in PRECISIONS]
    assert None not in first
    assert first == sorted(first)
    assert first[0] < first[1] < first[2]


def test_first_separation_at_which_floats_fail():
    """Four points, two of them 2^-b apart, read two at a time."""

    def build(b):
        points = [mpq(1, 3), mpq(1, 3) + mpq(1, 2**b), 1, 2]
        return memorize(points, [1, 2, 1, 3], "bit-extraction", block=2)

    first = [first_failure(range(2, 60, 2), build, precision=p) for p in PRECISIONS]
    assert first == [8, 20, 34]


def test_plans_with_a_given_block():
    points = [(mpq(k),) for k in range(30)]
    plan = separated.plan(project(points), [k % 3 for k in range(30)], block=7)
    assert plan.block == 7
    assert plan.depth == 4 + 7 * (3 * plan.key_bits + 2) == separated.network(plan).depth
    assert memorize(range(30), [k % 3 for k in range(30)], "grid", block=10).check()


def test_a_block_that_does_not_apply():
    points, labels = range(30), [k % 3 for k in range(30)]
    chosen = memorize(points, labels, block=5)
    reasons = {a.construction: a.reason for a in chosen.alternatives}
    assert reasons == {
        "piecewise-linear": "it has no blocks; leave out block",
        "grid": "",
        "bit-extraction": "",
    }
    assert chosen.construction != "piecewise-linear"
    assert memorize(points, labels, "bit-extraction", block=30).check()
    with pytest.raises(InputError, match=r"^the construction piecewise-linear does not apply: it has no bl"):
        memorize(points, labels, "piecewise-linear", block=5)
    with pytest.raises(InputError, match=r"a block of 31 is too long, as there are 30 points$"):
        memorize(points, labels, "bit-extraction", block=31)
    with pytest.raises(InputError, match=r"a block of 100000 is too long, as there are [0-9]+ steps$"):
        memorize(points, labels, "grid", block=100000)
    with pytest.raises(InputError, match=r"^no construction applies: piecewise-linear: it has no blocks"):
        memorize(points, labels, block=100000)
