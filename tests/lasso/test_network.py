"""Networks rebuilt from coefficients: exact roots, evaluation anywhere, the objective from the weights."""

import pickle

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

import exactrelu as er
from exactrelu.functions import Dataset
from exactrelu.lasso import Root
from exactrelu.lasso.network import parallel
from exactrelu.strategies import datasets
from tests.lasso.architectures import ARCHITECTURES

RATIONALS = st.fractions(-4, 4, max_denominator=6).map(lambda q: mpq(q.numerator, q.denominator))
POINTS = [-2, 0, "1/2", 3]


@given(a=RATIONALS, b=RATIONALS, e=st.integers(0, 3), f=st.integers(0, 3))
def test_roots(a, b, e, f):
    r, s = Root(a, mpq(5, 3), e, 4), Root(b, mpq(5, 3), f, 4)
    assert float(r * s) == pytest.approx(float(r) * float(s), abs=1e-12)
    assert r * s == s * r
    assert float(r.power()) == pytest.approx(abs(float(r)) ** 4, abs=1e-12)
    if e == f or not a or not b:
        assert float(r + s) == pytest.approx(float(r) + float(s), abs=1e-12)
    else:
        with pytest.raises(er.UnsupportedError):
            r + s


def test_roots_as_text():
    assert str(Root(mpq(1), mpq(2), 1, 3)) == "(2)^(1/3)"
    assert str(Root(mpq(-1), mpq(2, 5), 2, 3)) == "-(2/5)^(2/3)"
    assert str(Root(mpq(3), mpq(2), 1, 3)) == "3·(2)^(1/3)"
    assert str(Root(mpq(3, 4), mpq(2), 0, 3)) == "3/4"


@pytest.mark.parametrize("name", ARCHITECTURES)
@settings(max_examples=25)
@given(
    picked=st.lists(st.tuples(st.integers(0, 10**6), RATIONALS.filter(bool)), max_size=4),
    bias=RATIONALS,
    beta=st.integers(0, 3),
)
def test_any_coefficients(name, picked, bias, beta):
    """Not only optimal ones: outputs Σ z f_j + bias everywhere, penalty Σ|z| from the weights themselves."""
    d = er.lasso.dictionary(POINTS, **ARCHITECTURES[name])
    units, z = [d[j % len(d)] for j, _ in picked], [v for _, v in picked]
    network = parallel(d.architecture, units, z, bias)
    assert network.regularization == sum(map(abs, z), mpq(0))
    grid = [mpq(k, 3) for k in range(-9, 13)]
    outputs = [bias + sum((v * u(x) for v, u in zip(z, units, strict=True)), mpq(0)) for x in grid]
    assert network(grid).tolist() == outputs
    data = Dataset.read(POINTS, [1, 0, 2, 1])
    loss = sum((network(x) - y) ** 2 for x, y in zip(data.x, data.y, strict=True)) / 2
    assert network.objective(data, mpq(beta)) == loss + beta * sum(map(abs, z), mpq(0))
    if d.architecture.is_continuous:
        f = network.function
        assert [f(x) for x in grid] == outputs
    else:
        with pytest.raises(er.UnsupportedError):
            network.function  # noqa: B018
    assert pickle.loads(pickle.dumps(network)) == network
    assert str(network).endswith(str(bias))


@pytest.mark.parametrize("name", ARCHITECTURES)
@given(data=datasets(min_size=2, max_size=4))
@settings(max_examples=8)
def test_the_weights_are_shared_evenly(name, data):
    """Every penalised weight of a unit has the same size, the L-th root of its coefficient's."""
    s = er.lasso.solve(data.x, data.y, beta=0, **ARCHITECTURES[name])
    network = s.network
    assert tuple(network(list(data.x))) == s.fitted
    for unit, z in zip(network.units, s.values, strict=True):
        of = unit.network.architecture
        assert len(unit.penalised) == of.degree
        assert {w.power() for w in unit.penalised} == {abs(z)}
        assert (unit.output.coefficient > 0) == (z > 0)


def test_parameters_and_floats():
    s = er.lasso.solve([0, 4, 5, 7, 10, 11], [0, 0, 0, 2, 3, 3], beta=1, layers=3)
    network = s.network
    assert len(network.units) == 1
    assert network.parameters == 2 + 2 + 1 + 1  # weights and biases, output weight, output bias
    (unit,) = network.units
    x = 8.0
    for weights, biases in unit.hidden:
        x = max(float(weights[0][0]) * x + float(biases[0]), 0.0)
    assert float(unit.output) * x + float(network.output_bias) == pytest.approx(float(network(8)))
    assert network(np.array(8.0)) == network(8)
    assert network([[0, 8], [1, "1/2"]]).tolist() == [[network(0), network(8)], [network(1), network("1/2")]]
    with pytest.raises(er.InputError, match=r"v\[1\] = nan"):
        network([0, float("nan")])
    with pytest.raises(er.InputError):
        network("x")
