"""Every gadget at every admissible input of small sizes, at random ones of large sizes; float64 fails."""

import random

import pytest
from gmpy2 import mpq

from exactrelu import InputError, PiecewiseLinear
from exactrelu.functions.deep_floating import evaluate
from exactrelu.memorization import gadgets
from exactrelu.memorization.many_bits import many_bits


@pytest.mark.parametrize("n", range(1, 8))
def test_bit_extraction_at_all_inputs(n):
    inputs = [mpq(x, 1 << n) for x in range(1 << n)]
    for m in range(n + 1):
        network = gadgets.bit_extractor(n, m)
        assert network.depth == 4 * m
        assert network.width == (9 if m else 0)
        assert network.parameters == gadgets.class_parameters(9, 4 * m, outputs=2)
        low = n - m
        expected = [[mpq(x % (1 << low), 1 << low), mpq(x >> low)] for x in range(1 << n)]
        assert network(inputs).tolist() == expected


@pytest.mark.parametrize(("n", "m"), [(60, 60), (300, 17), (1000, 3)])
def test_long_bit_extraction(n, m):
    rng = random.Random(n)
    network = gadgets.bit_extractor(n, m)
    assert network.weight_bits == n + 2
    for x in (0, (1 << n) - 1, (1 << (n - 1)) - 1, rng.getrandbits(n)):
        low = n - m
        assert network(mpq(x, 1 << n)) == (mpq(x % (1 << low), 1 << low), x >> low)


def test_float64_fails_once_the_step_is_too_steep():
    """The step of width 2^{-n-1} at 1/2 is lost when 1/2 - 2^{-n-1} rounds to 1/2."""

    def right(n):
        inputs = [(mpq(1, 2),), (mpq(1, 2) - mpq(1, 1 << n),)]
        return evaluate(gadgets.bit_extractor(n, 1), inputs)[:, 1].tolist() == [1, 0]

    assert next(n for n in range(2, 80) if not right(n)) == 54


@pytest.mark.parametrize("n", range(1, 8))
def test_triangle_bits_at_all_inputs(n):
    for i in range(1, n + 1):
        network = gadgets.nth_bit(n, i)
        assert (network.width, network.depth) == (4, 2 * i + 1)
        assert network(range(1 << n)).tolist() == [x >> (n - i) & 1 for x in range(1 << n)]
        for j in range(i, n + 1):
            chunk = gadgets.extract_range(n, i, j)
            assert (chunk.width, chunk.depth) == (5, 2 * (i - 1) + 3 * (j - i + 1))
            mask = (1 << (j - i + 1)) - 1
            assert chunk(range(1 << n)).tolist() == [x >> (n - j) & mask for x in range(1 << n)]


@pytest.mark.parametrize("r", [1, 2, 3])
def test_many_bits_at_all_inputs(r):
    for m in range(r, 7):
        graph = many_bits(r, m)
        p = 1 << r
        assert (graph.layers, len(graph.units)) == (5, 5 * p + r + 1)
        assert graph.parameters == 11 * p + r * p + 2 * r + 2
        network = graph.network()
        assert network.depth == 5
        low = m - r
        expected = [
            [*(x >> (m - 1 - j) & 1 for j in range(r)), mpq(x % (1 << low), 1 << low)] for x in range(1 << m)
        ]
        assert network([mpq(x, 1 << m) for x in range(1 << m)]).tolist() == expected


def test_waves_indicator_delta_and_parity():
    wave = gadgets.triangle_wave(5)
    assert (wave.width, wave.depth) == (2, 10)
    assert wave([mpq(k, 32) for k in range(33)]).tolist() == [k % 2 for k in range(33)]
    step = gadgets.indicator(mpq(1), mpq(2), mpq(1, 8))
    assert step.function == PiecewiseLinear.through([0, "7/8", 1, 2, "17/8", 3], [0, 0, 1, 1, 0, 0])
    assert gadgets.delta()(range(-3, 4)).tolist() == [0, 0, 0, 1, 0, 0, 0]
    for n in range(1, 7):
        parity = gadgets.parity(n)
        assert (parity.width, parity.depth) == (2, n.bit_length())
        bits = [[x >> k & 1 for k in range(n)] for x in range(1 << n)]
        found = parity([b[0] for b in bits] if n == 1 else bits)
        assert found.tolist() == [sum(b) % 2 for b in bits]


def test_piecewise_linear_in_width_five():
    rng = random.Random(1)
    for kinks in range(6):
        f = PiecewiseLinear.from_kinks(1, -3, [(k, rng.choice((1, -2, "1/3"))) for k in range(kinks)])
        network = gadgets.piecewise_linear(f)
        assert network.function == f
        assert network.parameters == gadgets.class_parameters(5, kinks)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: gadgets.bit_extractor(2, 3),
        lambda: gadgets.nth_bit(3, 0),
        lambda: gadgets.extract_range(3, 2, 1),
        lambda: gadgets.triangle_wave(0),
        lambda: gadgets.indicator(mpq(2), mpq(1), mpq(1)),
        lambda: gadgets.parity(0),
        lambda: many_bits(3, 2),
    ],
)
def test_bad_sizes(wrong):
    with pytest.raises(InputError):
        wrong()
