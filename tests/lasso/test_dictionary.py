"""Dictionaries: counts of the paper, columns against their formulas, merging, sign networks."""

import pickle
from itertools import combinations
from math import comb

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

import exactrelu as er
from exactrelu.lasso import SubNetwork
from tests.lasso.architectures import ARCHITECTURES

dictionary = er.lasso.dictionary
POINTS = [0, 4, 5, 7, 10, 11]


def relu(v):
    return max(v, 0)


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ({}, lambda n: 2 * n),
        ({"layers": 3}, lambda n: 4 * n**2),
        ({"layers": 4}, lambda n: 16 * n**3),
        ({"activation": "leaky_relu", "slope": 0}, lambda n: 2 * n),
        ({"activation": "abs"}, lambda n: n),
        ({"activation": "abs", "layers": 3}, lambda n: n**2 + comb(n, 2)),
        ({"activation": "threshold"}, lambda n: 2 * n),
        ({"activation": "sign"}, lambda n: n),
        ({"activation": "sign", "layers": 3, "widths": [2]}, lambda n: sum(comb(n - 1, k) for k in range(3))),
    ],
)
def test_counts(options, count):
    for n in (1, 2, 3, 7):
        d = dictionary([mpq(k * k, 3) for k in range(n)], **options)
        assert len(d) == count(n)


def test_sixteen_points_three_layers():
    """The count of THEORY section 4, at points in general position."""
    d = dictionary([k * k * k + k for k in range(16)], layers=3)
    assert (len(d), len(d.distinct)) == (1024, 240)


def test_columns_of_two_and_three_relu_layers():
    x = sorted(map(mpq, POINTS))
    two, three = dictionary(x), dictionary(x, layers=3)
    n = len(x)
    for d in range(2 * n):
        s, a = (1, -1)[d // n], x[d % n]
        inner = [relu(s * (v - a)) for v in x]
        assert list(two.column(d)) == inner
        for e in range(2 * n):
            t, c = (1, -1)[e // n], inner[e % n]
            assert list(three.column(2 * n * d + e)) == [relu(t * (v - c)) for v in inner]


def test_reflected_breakpoints_of_four_layers():
    x = list(map(mpq, (0, 1, 3)))
    d, n = dictionary(x, layers=4), 3
    half = len(d) // 2
    assert half == (2 * n) ** 3
    # (s, j) = (+, 2), (-, 0), (+, 1) in the second half: the first breakpoint is 2 x_0 - x_2 = -3.
    network = d[half + (2 * 6 + 3) * 6 + 1]
    assert network.steps[0] == (1, mpq(-3))
    first = [relu(v + 3) for v in x]
    second = [relu(first[0] - v) for v in first]
    assert [network(v) for v in x] == [relu(v - second[1]) for v in second]


def test_absolute_values_have_centres_at_data_and_midpoints():
    x = list(map(mpq, (0, 1, 3, 7)))
    d = dictionary(x, activation="abs", layers=3)
    expected = [(a, abs(b - a)) for a in x for b in x]
    expected += [((a + b) / 2, (b - a) / 2) for a, b in combinations(x, 2)]
    for j, (a, r) in enumerate(expected):
        assert d.column(j) == tuple(abs(abs(v - a) - r) for v in x)


@pytest.mark.parametrize("name", ARCHITECTURES)
@given(x=st.sets(st.fractions(-5, 5, max_denominator=4), min_size=1, max_size=5))
def test_merging(name, x):
    """Columns are merged exactly when they are equal, and zero columns go; integers are columns scaled."""
    if name == "relu-4":
        x = list(x)[:3]
    d = dictionary(list(x), **ARCHITECTURES[name])
    columns = [d.column(j) for j in range(len(d))]
    first = {}
    for j, (column, representative) in enumerate(zip(columns, d.representative, strict=True)):
        if not any(column):
            assert representative is None
            continue
        assert representative == first.setdefault(column, j)
        assert j in d.equal_columns(j)
        assert [v * d.scale for v in column] == list(d.integers(representative))
    assert d.distinct == tuple(first.values())


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_functions_agree_with_evaluation(name):
    d = dictionary([-2, 0, "1/2", 3], **ARCHITECTURES[name])
    grid = [mpq(k, 5) for k in range(-25, 26)]
    for j in range(0, len(d), max(len(d) // 40, 1)):
        assert isinstance(d[j], SubNetwork)
        assert d.label(j)
        if d.architecture.is_continuous:
            f = d[j].function
            assert [f(v) for v in grid] == [d[j](v) for v in grid]


@pytest.mark.parametrize(
    ("options", "switches"),
    [
        ({"layers": 2}, 1),
        ({"layers": 3, "widths": [1]}, 1),
        ({"layers": 3, "widths": [3]}, 3),
        ({"layers": 4, "widths": [3, 7]}, 3),
        ({"layers": 5, "widths": [2, 1, 1]}, 2),
        ({"layers": 3, "widths": [3], "shape": "tree"}, 3),
        ({"layers": 4, "widths": [2, 3], "shape": "tree"}, 6),
        ({"layers": 5, "widths": [2, 2, 2], "shape": "tree"}, 8),
        ({"layers": 4, "widths": [3, 2], "shape": "tree"}, 6),
    ],
)
def test_sign_networks_make_every_pattern_and_have_their_shape(options, switches):
    x = list(range(7))
    d = dictionary(x, activation="sign", **options)
    assert d.architecture.switches == switches
    for j in range(len(d)):
        column, network = d.column(j), d[j]
        assert set(column) <= {1, -1}
        changes = [i for i in range(1, 7) if column[i] != column[i - 1]]
        assert len(changes) <= switches
        if options["layers"] > 2:
            assert column[0] == 1
            assert d.switches(j) == tuple(changes)
            assert d.first_entry(j) == column[0] == network(d.x[0])
        assert d.switches(j) == d.switches(j - len(d))
        assert column == tuple(map(network, d.x))
        sizes = [len(biases) for _, biases in network.layers]
        assert len(sizes) == options["layers"] - 1
        assert sizes[-1] == 1
        if options.get("shape") == "tree":
            below = [1]
            for m in reversed(options["widths"]):
                below.append(below[-1] * m)
            assert sizes == below[::-1]
        elif "widths" in options:
            assert sizes[:-1] == options["widths"]
        for (weights, biases), width in zip(network.layers, [1, *sizes], strict=False):
            assert len(weights) == len(biases)
            assert all(len(row) == width for row in weights)
    if options["layers"] > 2:
        patterns = {d.column(j) for j in range(len(d))}
        assert len(patterns) == len(d) == sum(comb(6, k) for k in range(min(switches, 6) + 1))


def test_without_leaves_out_all_equal_columns():
    d = dictionary(POINTS, layers=3)
    j = d.distinct[5]
    left = d.without(d.equal_columns(j)[-1])
    assert set(d.distinct) - set(left.distinct) == {j}
    assert len(left) == len(d)
    assert left != d
    assert left != d.without(j) == d.without(j, j)  # equality goes by the columns that are named


def test_a_dictionary_is_a_value():
    d = dictionary([3, 1, 1, 2], layers=3)
    assert d.x == (1, 2, 3)
    assert pickle.loads(pickle.dumps(d)) == d
    assert hash(d) == hash(dictionary([1, 2, 3], layers=3))
    assert d != dictionary([1, 2, 3])
    assert [str(f) for f in d[:2]] == ["σ(σ(x - 1))", "σ(σ(x - 1) - 1)"]
    assert d[-1] == d[len(d) - 1]
    assert "3 points" in repr(d)
    with pytest.raises(AttributeError):
        d.x = ()
    with pytest.raises(IndexError):
        d[len(d)]
    with pytest.raises(TypeError):
        type(d)()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"activation": "tanh"}, "activation = 'tanh'"),
        ({"layers": 1}, "layers = 1"),
        ({"layers": True}, "layers = True"),
        ({"layers": "3"}, "layers = '3'"),
        ({"slope": 1}, "slope belongs to leaky_relu"),
        ({"activation": "leaky_relu"}, "leaky_relu needs slope"),
        ({"activation": "leaky_relu", "slope": "x"}, "slope = 'x'"),
        ({"widths": [3]}, "belong to sign networks"),
        ({"activation": "sign", "widths": [3]}, "belong to sign networks"),
        ({"activation": "sign", "layers": 3}, "need widths"),
        ({"activation": "sign", "layers": 3, "widths": "3"}, "need widths"),
        ({"activation": "sign", "layers": 3, "widths": [3, 2]}, "widths has 2 entries; 3 layers need 1"),
        ({"activation": "sign", "layers": 3, "widths": [0]}, r"widths\[0\] = 0"),
        ({"activation": "sign", "layers": 3, "widths": [10**5000]}, "integer from 1 to 1000000000"),
        ({"activation": "sign", "layers": 10**5000, "widths": [2]}, "widths has 1 entries"),
        ({"activation": "sign", "layers": 3, "widths": [2], "shape": "round"}, "shape = 'round'"),
    ],
)
def test_refused(options, message):
    with pytest.raises(er.InputError, match=message):
        dictionary([0, 1], **options)


def test_unsupported_and_too_large():
    for activation, layers in (("relu", 5), ("abs", 4), ("threshold", 3)):
        with pytest.raises(er.UnsupportedError, match="layers"):
            dictionary([0, 1], activation=activation, layers=layers)
    with pytest.raises(er.UnsupportedError, match="layers"):
        dictionary([0, 1], activation="leaky_relu", slope=2, layers=3)
    with pytest.raises(er.BudgetExceeded, match="columns"):
        _ = dictionary(range(60), layers=4).distinct
    with pytest.raises(er.InputError, match="empty"):
        dictionary([])
    many = dictionary(range(400), activation="abs", layers=3)
    with pytest.raises(er.BudgetExceeded, match="239800 columns of 400 entries, more than 20000000"):
        _ = many.distinct
    assert many.distinct_count is None
    with pytest.raises(er.BudgetExceeded, match="more than 2000000 columns"):
        dictionary(range(3000), activation="sign", layers=3, widths=[1500])  # more than 2^63


def test_sign_networks_that_are_wider_than_the_data():
    """Only their weights are too many to write, and nothing else asks for them."""
    rectangular = {"activation": "sign", "layers": 4, "widths": [10**6, 10**6]}
    tree = {"activation": "sign", "layers": 5, "widths": [999, 999, 999], "shape": "tree"}
    for options in (rectangular, tree):
        s = er.lasso.solve(range(4), [0, 1, 0, 2], beta="1/9", **options)
        narrow = er.lasso.solve(range(4), [0, 1, 0, 2], beta="1/9", activation="sign", layers=3, widths=[3])
        assert (s.objective, s.intercept, s.values) == (narrow.objective, narrow.intercept, narrow.values)
        assert er.check(s.certificate).accepted
        with pytest.raises(er.BudgetExceeded, match="weights"):
            _ = s.network
