"""Shallow networks: both ways between function and network, costs, balanced scaling, rejected input."""

import json
import pickle
from collections import deque
from itertools import product

import numpy as np
import pandas as pd
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exactrelu import (
    InputError,
    PiecewiseLinear,
    RadicalSum,
    ShallowNetwork,
    UnsupportedError,
    representation_cost,
    sqrt,
)
from exactrelu.strategies import networks, piecewise_linear, rationals

VARIANTS = [{"penalize_bias": p, "skip": s} for p, s in product((False, True), repeat=2)]
NO_SKIP = {"penalize_bias": True, "skip": False}


def forward(network, x):
    """The definition, with whatever numbers the weights are."""
    hidden = [max(w * x + b, 0) for w, b in zip(network.input_weights, network.biases, strict=True)]
    out = sum((a * h for a, h in zip(network.output_weights, hidden, strict=True)), mpq(0))
    return out + network.skip_slope * x + network.output_bias


# -- network -> function ----------------------------------------------------------------------------------


@given(networks(max_width=8), st.lists(rationals(), min_size=1, max_size=6))
def test_the_function_is_what_the_network_computes(network, points):
    points += [-b / w for w, b in zip(network.input_weights, network.biases, strict=True) if w]
    assert [network(x) for x in points] == [forward(network, x) for x in points]
    assert list(network(points)) == [forward(network, x) for x in points]
    assert network.function(points[0]) == network(points[0])
    assert network.function.linear_regions <= network.width + 1


@given(networks(), st.randoms(use_true_random=False), st.data())
def test_order_and_scale_of_the_units_do_not_matter(network, random, choice):
    units = list(zip(network.input_weights, network.biases, network.output_weights, strict=True))
    random.shuffle(units)
    scales = [choice.draw(rationals(nonzero=True).map(abs)) for _ in units]
    units = [(w * s, b * s, a / s) for (w, b, a), s in zip(units, scales, strict=True)]
    w, b, a = zip(*units, strict=True) if units else ([], [], [])
    other = ShallowNetwork(w, b, a, output_bias=network.output_bias, skip_slope=network.skip_slope)
    assert other.function == network.function
    for penalize_bias in (False, True):
        assert other.cost(penalize_bias=penalize_bias) == network.cost(penalize_bias=penalize_bias)


# -- function -> network ----------------------------------------------------------------------------------


@settings(max_examples=150)
@given(piecewise_linear())
def test_minimal_networks_compute_the_function_at_its_cost(f):
    for variant in VARIANTS:
        network = ShallowNetwork.minimal(f, **variant)
        assert network.function == f
        assert network.cost(**variant) == representation_cost(f, **variant)
        assert network.width <= len(f.kinks) + 3
        assert all(network.output_weights)
        points = [mpq(-7, 3), mpq(0), *f.knots, mpq(11, 2)]
        assert [forward(network, x) for x in points] == [f(x) for x in points]


@given(networks(affine=False))
def test_no_network_beats_the_representation_cost(network):
    for variant in VARIANTS:
        assert network.cost(**variant) >= representation_cost(network.function, **variant)


@given(networks())
def test_with_skip_the_affine_part_is_free(network):
    for penalize_bias in (False, True):
        variant = {"penalize_bias": penalize_bias, "skip": True}
        assert network.cost(**variant) >= representation_cost(network.function, **variant)
        lists = network.input_weights, network.biases, network.output_weights
        assert ShallowNetwork(*lists).cost(**variant) == network.cost(**variant)


def test_a_minimal_network_with_irrational_weights():
    """x + 1 costs 1 + √3, which no rational weights attain: twice ½ ‖(2, 2/√3)‖ and the constant 1 - 1/√3."""
    f = PiecewiseLinear.from_kinks(1, 1)
    network = ShallowNetwork.minimal(f, **NO_SKIP)
    third = sqrt(3) / 3
    assert network == ShallowNetwork([2, -2, 0], [2 * third, -2 * third, 1], ["1/2", "-1/2", 1 - third])
    assert network.function == f
    assert network.cost(**NO_SKIP) == 1 + sqrt(3)
    assert forward(network, mpq(5)) == 6


# -- costs of networks ------------------------------------------------------------------------------------


def test_costs_of_a_network():
    network = ShallowNetwork([3, 0, 0], [4, 2, -1], [2, -1, 5])
    assert network.cost(penalize_bias=True, skip=False) == 2 * 5 + 2 + 5  # the dead unit pays, too
    assert network.cost(penalize_bias=False, skip=False) == 2 * 3
    assert ShallowNetwork([1], [1], [-1]).cost() == sqrt(2)
    assert ShallowNetwork([], [], []).cost() == 0


@pytest.mark.parametrize(
    ("terms", "variant", "name"),
    [
        ({"skip_slope": 1}, {"penalize_bias": True, "skip": False}, "skip_slope = 1"),
        ({"skip_slope": "1/2"}, {"penalize_bias": False, "skip": False}, "skip_slope = 1/2"),
        ({"output_bias": -3}, {"penalize_bias": True, "skip": False}, "output_bias = -3"),
    ],
)
def test_a_term_that_the_variant_lacks(terms, variant, name):
    network = ShallowNetwork([1], [0], [1], **terms)
    with pytest.raises(InputError, match=f"{name} must be 0"):
        network.cost(**variant)
    assert network.cost(penalize_bias=True, skip=True) == 1
    if "output_bias" in terms:
        assert network.cost(penalize_bias=False, skip=False) == 1


# -- balanced scaling -------------------------------------------------------------------------------------


@given(networks(), st.booleans())
def test_balanced_scaling_is_exact(network, penalize_bias):
    balanced = network.balanced(penalize_bias=penalize_bias)
    assert balanced.network.function == network.function
    total = mpq(0)
    units = balanced.network
    weights = zip(units.input_weights, units.biases, units.output_weights, strict=True)
    for (w, b, a), gamma2 in zip(weights, balanced.squared_scales, strict=True):
        inner = gamma2 * (w * w + b * b if penalize_bias else w * w)  # the squared norm after scaling
        assert gamma2 > 0
        assert inner * gamma2 == a * a  # it equals the squared output weight after scaling
        total = inner + total
    assert total == balanced.parameter_cost == network.cost(penalize_bias=penalize_bias)


@given(networks(max_width=4))
def test_balanced_float_weights(network):
    balanced = network.balanced()
    w, b, a = balanced.float_weights()
    assert w.dtype == b.dtype == a.dtype == np.float64
    np.testing.assert_allclose(np.abs(a), np.hypot(w, b), rtol=1e-15)
    units = balanced.network
    before = [np.array([float(q) for q in v]) for v in (units.input_weights, units.output_weights)]
    np.testing.assert_allclose(w * a, before[0] * before[1], rtol=1e-14)
    cost = (np.square(w) + np.square(b) + np.square(a)).sum() / 2
    np.testing.assert_allclose(cost, float(network.cost()), rtol=1e-13)


def test_balanced_scaling_of_irrational_weights():
    network = ShallowNetwork.minimal(PiecewiseLinear.from_kinks(1, 1), **NO_SKIP)
    balanced = network.balanced()
    assert balanced.parameter_cost == 1 + sqrt(3)
    w, b, a = balanced.float_weights()
    outputs = np.maximum(np.outer([-3.0, 0.0, 4.0], w) + b, 0) @ a
    np.testing.assert_allclose(outputs, [-2.0, 1.0, 5.0], atol=1e-14)


def test_balanced_scaling_leaves_out_what_costs_nothing():
    network = ShallowNetwork([1, 0, 0, 2, 0], [0, 3, -3, 1, 0], [1, 2, 5, 0, 7], output_bias=1)
    free, penalized = network.balanced(penalize_bias=False), network.balanced()
    assert free.network == ShallowNetwork([1], [0], [1], output_bias=7)
    assert penalized.network == ShallowNetwork([1, 0, 0], [0, 3, -3], [1, 2, 5], output_bias=1)
    assert free.squared_scales == (1,)
    assert [w.tolist() for w in ShallowNetwork([], [], []).balanced().float_weights()] == [[], [], []]


def test_balanced_weights_beyond_float64():
    assert ShallowNetwork([10**200], [0], [10**200]).balanced().float_weights()[0].tolist() == [1e200]
    with pytest.raises(OverflowError, match="unit 0"):
        ShallowNetwork([10**400], [0], [10**400]).balanced().float_weights()


# -- other representations --------------------------------------------------------------------------------


@given(networks())
def test_round_trips(network):
    for other in (
        pickle.loads(pickle.dumps(network)),
        eval(repr(network)),
        ShallowNetwork.from_json(json.loads(json.dumps(network.to_json()))),
    ):
        assert other == network
        assert hash(other) == hash(network)
    assert network != network.function


def test_round_trips_of_irrational_weights():
    network = ShallowNetwork.minimal(PiecewiseLinear.from_kinks("1/3", "2/7", [(1, "1/100")]), **NO_SKIP)
    assert any(isinstance(b, RadicalSum) for b in network.biases)
    assert pickle.loads(pickle.dumps(network)) == eval(repr(network)) == network
    assert ShallowNetwork.from_json(json.loads(json.dumps(network.to_json()))) == network
    balanced = network.balanced()
    assert pickle.loads(pickle.dumps(balanced)) == balanced


@pytest.mark.parametrize(
    "row", [tuple, deque, iter, lambda values: np.array(values, dtype=object), pd.Series]
)
def test_irrational_weights_in_any_sequence(row):
    root = sqrt(3)
    network = ShallowNetwork(row([1, 1]), row([root, 0]), row([1, root]))
    assert network == ShallowNetwork([1, 1], [root, 0], [1, root])
    for none in ({root}, {root: 1}, np.array([[root]], dtype=object)):
        with pytest.raises(InputError, match="biases: a "):
            ShallowNetwork([1], none, [1])


def test_latex():
    network = ShallowNetwork([1, -2], [0, "1/2"], [1, -3], output_bias=2)
    assert network._repr_latex_() == r"$f(x) = \sigma(x) -3\,\sigma(-2 x + \tfrac{1}{2}) + 2$"
    assert ShallowNetwork([], [], [])._repr_latex_() == "$f(x) = 0$"
    assert r"\cdots" in ShallowNetwork([1] * 30, [0] * 30, [1] * 30)._repr_latex_()
    assert r"\gamma_{1} = \sqrt{" in network.balanced()._repr_latex_()


def test_is_immutable():
    network = ShallowNetwork([1], [0], [1])
    with pytest.raises(AttributeError, match="immutable"):
        network.biases = ()
    with pytest.raises(AttributeError, match="immutable"):
        del network.skip_slope


# -- rejected ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([1, 2], [0], [1, 1]), {}, "input_weights has 2, biases has 1, output_weights has 2"),
        (([1, float("nan")], [0, 0], [1, 1]), {}, r"input_weights\[1\] = nan"),
        (([1], ["b"], [1]), {}, r"biases\[0\]"),
        (([1, 1], [sqrt(2), True], [1, 1]), {}, r"biases\[1\]"),
        (([sqrt(2)], [0], [1]), {}, r"input_weights\[0\]"),
        (([1], [0], [1]), {"output_bias": None}, "output_bias"),
        (([1], [0], [1]), {"skip_slope": sqrt(3)}, "skip_slope"),
        ((1, [0], [1]), {}, "input_weights"),
        ((np.ones((2, 2)), [0], [1]), {}, "input_weights"),
    ],
)
def test_refused(arguments, options, message):
    with pytest.raises(InputError, match=message):
        ShallowNetwork(*arguments, **options)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "a network is a JSON object"),
        ({"input_weights": [], "biases": []}, "lacks the key 'output_weights'"),
        ({"input_weights": "12", "biases": [], "output_weights": []}, "input_weights must be a list"),
        ({"input_weights": ["1"], "biases": ["x"], "output_weights": ["1"]}, r"biases\[0\]"),
        ({"input_weights": ["1"], "biases": [{"terms": 3}], "output_weights": ["1"]}, "radical sum"),
        ({"input_weights": ["1"], "biases": [{"terms": [["1"]]}], "output_weights": ["1"]}, "term"),
        ({"input_weights": ["1"], "biases": [[1]], "output_weights": ["1"]}, r"biases\[0\]"),
    ],
)
def test_from_json_refuses(document, message):
    with pytest.raises(InputError, match=message):
        ShallowNetwork.from_json(document)


@given(rationals(nonzero=True), rationals(nonzero=True))
def test_functions_beyond_the_rationals_are_unsupported_not_rounded(w, a):
    network = ShallowNetwork([w], [sqrt(2)], [a])
    with pytest.raises(UnsupportedError, match="irrational"):
        _ = network.function
    assert ShallowNetwork([w, w], [sqrt(2)] * 2, [a, -a]).function == PiecewiseLinear.from_kinks(0, 0)
    assert network.cost() == abs(a) * sqrt(w * w + 2)
    with pytest.raises(UnsupportedError, match="unit 0"):
        ShallowNetwork([w], [1 + sqrt(2)], [a]).cost()
