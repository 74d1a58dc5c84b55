"""Deep networks against a naive evaluation in fractions, and by the laws of composition."""

import pickle
import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exactrelu import DeepNetwork, InputError
from exactrelu.functions import deep_balls, deep_floating, deep_forward
from exactrelu.functions.deep_count import count_linear_regions
from exactrelu.functions.deep_line import piecewise_linear
from exactrelu.functions.deep_trace import distance_until

TENT = DeepNetwork([([[2], [4]], [0, -2]), ([[1, -1]], [0])])


def fraction(q):
    return Fraction(int(q.numerator), int(q.denominator))


def naive(network, point):
    """Layer by layer in `Fraction`; also the signs of the hidden pre-activations."""
    v, signs = [fraction(mpq(q)) for q in point], []
    for i, (weights, biases) in enumerate(network.layers):
        v = [
            sum(fraction(w) * a for w, a in zip(row, v, strict=True)) + fraction(b)
            for row, b in zip(weights, biases, strict=True)
        ]
        if i < network.depth:
            signs.append(tuple((a > 0) - (a < 0) for a in v))
            v = [max(a, 0) for a in v]
    return v, signs


@st.composite
def networks(draw, *, inputs=None, outputs=None, magnitudes=(3, 10**9, 10**25, 10**700)):
    top = draw(st.sampled_from(magnitudes))
    number = st.builds(mpq, st.integers(-top, top), st.sampled_from([1, 1, 2, 3, top]))
    shape = [inputs or draw(st.integers(1, 3)), *draw(st.lists(st.integers(1, 4), max_size=4))]
    shape.append(outputs or draw(st.integers(1, 3)))
    layers = []
    for fan_in, fan_out in pairwise(shape):
        row = st.lists(number | st.just(mpq(0)), min_size=fan_in, max_size=fan_in)
        weights = draw(st.lists(row, min_size=fan_out, max_size=fan_out))
        layers.append((weights, draw(st.lists(number, min_size=fan_out, max_size=fan_out))))
    return DeepNetwork(layers)


rationals = st.fractions(max_denominator=50) | st.builds(
    Fraction, st.integers(-(10**20), 10**20), st.integers(1, 10**20)
)


@settings(max_examples=60)
@given(networks(), st.data())
def test_exact_at_one_point_and_at_many(network, data):
    point = st.tuples(*[rationals] * network.inputs)
    points = data.draw(st.lists(point, min_size=1, max_size=30))
    values = network._values([tuple(map(mpq, p)) for p in points])
    for j, p in enumerate(points):
        expected, signs = naive(network, p)
        assert [fraction(column[j]) for column in values] == expected
        if j == 0:
            balls = deep_balls.signs(network._layers, [mpq(q) for q in p])
            for layer, exact in zip(balls, signs, strict=True):
                assert all(a in (0, b) for a, b in zip(layer, exact, strict=True))


@settings(max_examples=20)
@given(networks(inputs=1), st.randoms(use_true_random=False), st.sampled_from([1, 10**40]))
def test_blocks_of_neighbours_see_the_same_values(network, rng, scale):
    """Many points, far from and close to each other, with and without a short common denominator."""
    below = (1, 7, *(scale * k for k in range(1, 60)))
    points = [(mpq(rng.randint(-40, 40), rng.choice(below)),) for _ in range(300)]
    values = network._values(points)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deep_forward, "_BLOCK", 1)
        assert network._values(points) == values
    for j in range(0, 300, 37):
        assert [fraction(column[j]) for column in values] == naive(network, points[j])[0]


def test_balls_decide_the_signs_of_deep_networks_with_long_weights():
    """All signs at depth 40 are; an exact zero is not, and the value is exact there too."""
    rng = random.Random(4)
    top = 10**300

    def numbers(k):
        return [mpq(rng.randint(-top, top), top) for _ in range(k)]

    layers = [([numbers(a) for _ in range(b)], numbers(b)) for a, b in pairwise([1, *[5] * 40, 1])]
    network = DeepNetwork(layers)
    assert deep_balls.has_long_values(network._layers)
    for x in (mpq(1, 3), mpq(-7), mpq(top)):
        expected, exact = naive(network, [x])
        assert [tuple(layer) for layer in deep_balls.signs(network._layers, [x])] == exact
        assert fraction(network(x)) == expected[0]
    (weights, biases), *rest = network.layers
    touching = DeepNetwork([(weights, (-weights[0][0] / 3, *biases[1:])), *rest])
    assert deep_balls.signs(touching._layers, [mpq(1, 3)])[0][0] == 0
    assert fraction(touching("1/3")) == naive(touching, [mpq(1, 3)])[0][0]


@settings(max_examples=15)
@given(st.integers(9, 12), st.integers(8, 20), st.sampled_from([10, 10**30]), st.randoms())
def test_dense_layers_are_matrix_products(width, count, top, rng):
    layers = []
    for fan_in, fan_out in ((2, width), (width, width), (width, 2)):
        weights = [[mpq(rng.randint(-top, top), 7) for _ in range(fan_in)] for _ in range(fan_out)]
        layers.append((weights, [mpq(rng.randint(-top, top), 3) for _ in range(fan_out)]))
    network = DeepNetwork(layers)
    points = [(mpq(rng.randint(-9, 9), rng.randint(1, 9)), mpq(rng.randint(-9, 9))) for _ in range(count)]
    values = network._values(points)
    for j, p in enumerate(points):
        assert [fraction(column[j]) for column in values] == naive(network, p)[0]


@settings(max_examples=60)
@given(networks(inputs=1, outputs=1, magnitudes=(3,)), st.lists(rationals, min_size=1, max_size=9))
def test_function_and_regions_of_one_input(network, points):
    f = network.function
    assert list(f(points)) == list(network(points))
    assert network.linear_regions == f.linear_regions <= (network.width + 1) ** network.depth


@settings(max_examples=30)
@given(networks(inputs=1, outputs=1, magnitudes=(3,)), rationals, st.sampled_from([1, -1]))
def test_the_first_exit_is_the_first_crossing(network, x, side):
    """Against the exact function: the first t where |f(x + t side) - f(x)| reaches 1."""
    x, f = mpq(x), network.function
    value = f(x)
    found, known = distance_until(network, [x], [mpq(side)], value - 1, value + 1)
    assert known
    exits = []
    for (slope, intercept), low, high in zip(f.pieces, [None, *f.knots], [*f.knots, None], strict=True):
        for level in (value - 1, value + 1):
            if slope:
                t = ((level - intercept) / slope - x) * side
                here = x + t * side
                inside = (low is None or low <= here) and (high is None or here <= high)
                exits += [t] if inside and t > 0 else []
    assert found == min(exits, default=None)


@given(networks(inputs=2, outputs=2), networks(inputs=2, outputs=1), st.tuples(rationals, rationals))
def test_composition_stacking_and_padding(f, g, p):
    image = f(p)
    assert f.then(g)(p) == g(image)
    assert f.then(g).depth == f.depth + g.depth
    both = f.beside(g)
    assert both([*p, *p]) == (*image, g(p))
    if f.depth == g.depth:
        assert both.widths == tuple(map(sum, zip(f.widths, g.widths, strict=True)))
    assert f.padded(f.depth + 3)(p) == image
    carried = f.carrying(1)
    assert carried([*p, -5]) == (*image, mpq(-5))
    assert carried.widths == tuple(w + 2 for w in f.widths)


@given(networks())
def test_round_trips_and_counts(network):
    assert DeepNetwork.from_json(network.to_json()) == network
    assert pickle.loads(pickle.dumps(network)) == network == DeepNetwork(network.layers)
    assert hash(DeepNetwork(network.layers)) == hash(network)
    numbers = [q for weights, biases in network.layers for row in (*weights, biases) for q in row]
    assert network.parameters == len(numbers)
    assert network.nonzero_parameters == sum(1 for q in numbers if q)
    assert network.weight_bits == max(
        max(int(q.numerator).bit_length(), int(q.denominator).bit_length()) for q in numbers
    )


def test_shapes_of_results():
    f = DeepNetwork([([[1, 2], [3, 4]], [0, 0]), ([[1, 0], [0, 1], [1, 1]], [0, 0, 0])])
    assert f([1, 1]) == (3, 7, 10)
    assert f([[1, 1], [0, 1]]).shape == (2, 3)
    assert f(np.zeros((4, 2))).shape == (4, 3)
    assert TENT([]).shape == (0,)
    assert f(np.zeros((0, 2))).shape == (0, 3)
    assert TENT(np.float64(0.25)) == mpq(1, 2)
    affine = DeepNetwork([([[2]], [1])])
    assert (affine.depth, affine.width, affine.linear_regions, affine(3)) == (0, 0, 1, 7)


def test_astronomically_many_regions_are_counted_and_not_listed():
    f = TENT
    for _ in range(199):
        f = f.then(TENT)
    assert f.linear_regions == 2**200 + 2


def test_regions_where_units_bend_and_the_output_does_not():
    flat = DeepNetwork([([[1], [1], [-1]], [0, -1, 0]), ([[1, 0, -1]], [0])])
    assert flat.function.linear_regions == flat.linear_regions == 1
    assert count_linear_regions(DeepNetwork([([[1], [0]], [0, 1]), ([[1, 0], [0, 1]], [0, 0])])) == 2


def test_too_many_pieces_to_list():
    from exactrelu import BudgetExceeded

    f = TENT.then(TENT).then(TENT)
    with pytest.raises(BudgetExceeded, match="linear_regions"):
        piecewise_linear(f, max_pieces=4)
    fan = DeepNetwork([([[k] for k in range(1, 9)], range(8)), ([[1] * 8], [0])])
    with pytest.raises(BudgetExceeded, match="segments"):
        count_linear_regions(fan, max_nodes=4)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "no layers"),
        (7, "must be a sequence"),
        ([7], r"layer 0 must be a pair"),
        ([([], [])], "no rows"),
        ([([[]], [0])], "are empty"),
        ([([[1], [1, 2]], [0, 0])], "row 0 has 1 entries and row 1 has 2"),
        ([([[1]], [0, 1])], "1 rows of weights and 2 biases"),
        ([([[1]], [0]), ([[1, 2]], [0])], "layer 1 has rows of 2 entries, but layer 0 has 1 units"),
        ([([[float("nan")]], [0])], r"layer 0 W\[0\]\[0\] = nan"),
        ([([["x"]], [0])], r"layer 0 W\[0\]\[0\]"),
    ],
)
def test_bad_layers(layers, message):
    with pytest.raises(InputError, match=message):
        DeepNetwork(layers)


def test_bad_points_and_dimensions():
    f = DeepNetwork([([[1, 2]], [0])])
    wrong = [(3, "2 coordinates"), ([1, 2, 3], "3 coordinates"), ([[1, 2], [3]], r"v\[1\] has 1")]
    for bad, message in wrong:
        with pytest.raises(InputError, match=message):
            f(bad)
    with pytest.raises(InputError, match="one input"):
        f.function  # noqa: B018
    with pytest.raises(InputError, match="2 inputs"):
        f.linear_regions  # noqa: B018
    with pytest.raises(InputError, match="cannot follow"):
        f.then(f)
    with pytest.raises(InputError, match="depth"):
        TENT.padded(0)
    with pytest.raises(AttributeError, match="immutable"):
        TENT._layers = ()
    beyond = {"weights": [{"1": "1"}], "biases": ["0"], "inputs": 1}
    for document in (7, {"layers": [{"weights": []}]}, {"layers": [beyond]}):
        with pytest.raises(InputError):
            DeepNetwork.from_json(document)


@pytest.mark.parametrize("precision", deep_floating.PRECISIONS)
def test_floating_point_on_short_weights(precision):
    points = [(mpq(k, 8),) for k in range(-8, 17)]
    exact = TENT.then(TENT)._values(points)[0]
    assert deep_floating.evaluate(TENT.then(TENT), points, precision=precision)[:, 0].tolist() == exact


def test_double_double_has_more_bits_than_float64():
    tiny = mpq(1, 2**70)
    f = DeepNetwork([([[1]], [1]), ([[2**70]], [-(2**70)])])
    assert deep_floating.evaluate(f, [(tiny,)], precision="float64")[0, 0] == 0
    assert deep_floating.evaluate(f, [(tiny,)], precision="double-double")[0, 0] == 1
    huge = DeepNetwork([([[10**400]], [0])])
    assert not np.isfinite(deep_floating.evaluate(huge, [(mpq(1),)])).any()
    with pytest.raises(InputError, match="precision"):
        deep_floating.evaluate(f, [(tiny,)], precision="half")
