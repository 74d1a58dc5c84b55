"""Bit extraction: Siegel's Propositions 8 and 10, the triangle waves, and Lemma 13 of Bartlett et al."""

from random import Random
from typing import NamedTuple

from gmpy2 import mpq

from exactrelu import instances
from exactrelu.functions import Dataset, DeepNetwork, PiecewiseLinear
from exactrelu.memorization import gadgets
from exactrelu.memorization.many_bits import many_bits
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, theorem


class Bits(NamedTuple):
    """``n`` bits, the integer that they write, and how many of them (or which) are asked for."""

    n: int
    m: int
    x: int


def bits(rng: Random, size: int, length: int) -> Bits:
    """Up to `size` bits; numbers of many equal bits are as frequent as others."""
    n = rng.randint(1, max(size, 1))
    x = rng.choice((rng.getrandbits(n), (1 << n) - 1, 1 << rng.randrange(n), (1 << rng.randrange(n + 1)) - 1))
    return Bits(n, rng.randint(1, n), x & ((1 << n) - 1))


def require_bits(b: Bits) -> Bits:
    """The hypotheses, which simplified instances may miss."""
    if not (1 <= b.m <= b.n and 0 <= b.x < 1 << b.n):
        raise NotApplicable("1 <= m <= n and 0 <= x < 2^n are needed")
    return b


def without_layer(network: DeepNetwork, index: int) -> DeepNetwork:
    """The network with one hidden layer taken out, which needs equal widths around it."""
    layers = network._layers
    return DeepNetwork._make((*layers[:index], *layers[index + 1 :]))


def require_size(network: DeepNetwork, width: int, depth: int) -> None:
    """Width and depth just as claimed; with equal widths also the parameters of the class."""
    if (network.width, network.depth) != (width, depth):
        raise Refuted(f"size: {network.width} x {network.depth} was built, {width} x {depth} is claimed")
    expected = gadgets.class_parameters(width, depth, inputs=network.inputs, outputs=network.outputs)
    if network.parameters != expected:
        raise Refuted(f"parameters: {network.parameters} were built, {expected} are claimed")


def split(b: Bits, m: int) -> tuple[mpq, mpq]:
    """``(0.x_{m+1}..x_n, x_1..x_m)``."""
    low = b.n - m
    return mpq(b.x & ((1 << low) - 1), 1 << low), mpq(b.x >> low)


def less_steep(b: Bits) -> bool:
    """Steps of slope 2^{n-1}."""
    network = gadgets.bit_extractor(b.n, b.m, epsilon=mpq(2, 1 << b.n))
    return bool(network(mpq(b.x, 1 << b.n)) == split(b, b.m))


def bit_too_few(b: Bits) -> bool:
    """Depth 4(m - 1)."""
    return bool(gadgets.bit_extractor(b.n, b.m - 1)(mpq(b.x, 1 << b.n)) == split(b, b.m))


def layer_removed(b: Bits) -> bool:
    """Depth 4m - 1: the kink at 1 of the first g_ε is left out."""
    network = without_layer(gadgets.bit_extractor(b.n, b.m), 1)
    return bool(network(mpq(b.x, 1 << b.n)) == split(b, b.m))


@theorem(
    "siegel2023.bit-extraction",
    statement=(
        "For n ≥ m ≥ 1 there is a network of width 9 and depth 4m that maps 0.x_1..x_n to "
        "(0.x_{m+1}..x_n, x_1..x_m)."
    ),
    source="Siegel 2023, Proposition 10",
    instances=bits,
    prepare=require_bits,
    mutants=[
        Mutant(
            "less-steep",
            statement="Steps of slope 2^(n-1) suffice.",
            check=less_steep,
            witness=Bits(2, 1, 1),
        ),
        Mutant("bit-too-few", statement="Depth 4(m-1) suffices.", check=bit_too_few, witness=Bits(1, 1, 1)),
        Mutant("layer-removed", statement="Depth 4m-1 suffices.", check=layer_removed, witness=Bits(1, 1, 1)),
    ],
)
def bit_extraction(b: Bits) -> None:
    """The network at one number, its width, depth and parameters."""
    network = gadgets.bit_extractor(b.n, b.m)
    require_size(network, 9, 4 * b.m)
    found, expected = network(mpq(b.x, 1 << b.n)), split(b, b.m)
    if found != expected:
        raise Refuted(f"bits: {found} instead of {expected}")


def function(data: Dataset) -> PiecewiseLinear:
    """Connect the dots."""
    return PiecewiseLinear._through(data)


def kink_left_out(f: PiecewiseLinear) -> bool:
    """One layer less."""
    if len(f.kinks) < 2:
        raise NotApplicable("there is no layer between two others")
    return without_layer(gadgets.piecewise_linear(f), 1).function == f


def four_units(f: PiecewiseLinear) -> bool:
    """The sum carried on by one unit, as if it could not be negative."""
    if not f.kinks:
        raise NotApplicable("there is no hidden layer")
    layers = []
    for layer in gadgets.piecewise_linear(f)._layers:
        row = [tuple((k, w) for k, w in row if k != 4) for row in layer.rows]
        layers.append(layer._replace(rows=tuple(row)))
    layers[0] = layers[0]._replace(rows=gadgets.piecewise_linear(f)._layers[0].rows)
    return DeepNetwork._make(tuple(layers)).function == f


@theorem(
    "siegel2023.piecewise-linear",
    statement="A continuous piecewise-linear function with k pieces is a network of width 5 and depth k-1.",
    source="Siegel 2023, Proposition 8",
    instances=instances.datasets,
    prepare=function,
    mutants=[
        Mutant(
            "layer-removed",
            statement="Depth k-2 suffices.",
            check=kink_left_out,
            witness=Dataset.read([0, 1, 2, 3], [0, 0, 1, 0]),
        ),
        Mutant(
            "four-units",
            statement="Width 4 suffices: the sum is carried on by one unit.",
            check=four_units,
            witness=Dataset.read([0, 1, 2], [-1, 0, 3]),
        ),
    ],
)
def piecewise_linear(f: PiecewiseLinear) -> None:
    """The exact function of the network, its width, depth and parameters."""
    network = gadgets.piecewise_linear(f)
    require_size(network, 5 if f.kinks else 0, f.linear_regions - 1)
    if network.function != f:
        raise Refuted(f"function: {network.function!r} instead of {f!r}")
    if network.linear_regions != f.linear_regions:
        raise Refuted(f"regions: {network.linear_regions} counted, {f.linear_regions} listed")


def nth(b: Bits) -> int:
    """The ``m``-th bit from the top."""
    return b.x >> (b.n - b.m) & 1


def half_as_steep(b: Bits) -> bool:
    """The last factor halved."""
    network = gadgets.nth_bit(b.n, b.m)
    last = network._layers[-2]
    halved = last._replace(rows=tuple(tuple((k, w / 2) for k, w in row) for row in last.rows))
    return bool(DeepNetwork._make((*network._layers[:-2], halved, network._layers[-1]))(b.x) == nth(b))


def one_fold_less(b: Bits) -> bool:
    """The wave folded i - 1 times, with the factor that goes with i."""
    if b.m == 1:
        raise NotApplicable("there is no fold to leave out")
    return bool(gadgets.nth_bit(b.n, b.m - 1)(b.x) == nth(b))


@theorem(
    "siegel2023.triangle-waves",
    statement=(
        "With φ(z) = σ(σ(2z) - σ(4z-2)), σ(2^(n+2-i) [φ^i(x/2^n + 2^(-n-2)) - φ^i(x/2^n + 2^(-n-1))]) is the "
        "i-th bit from the top of the integers 0 ≤ x < 2^n."
    ),
    source="Vardi, Yehudai, Shamir 2022; the wave: Telgarsky 2016",
    instances=bits,
    prepare=require_bits,
    mutants=[
        Mutant(
            "half-as-steep",
            statement="The factor 2^(n+1-i) suffices.",
            check=half_as_steep,
            witness=Bits(1, 1, 1),
        ),
        Mutant(
            "one-fold-less",
            statement="φ folded i-1 times gives the i-th bit.",
            check=one_fold_less,
            witness=Bits(2, 2, 1),
        ),
    ],
)
def triangle_waves(b: Bits) -> None:
    """The bit at one number; width 4 and depth 2i + 1; 2^(i-1) teeth counted, not listed."""
    network = gadgets.nth_bit(b.n, b.m)
    if (network.width, network.depth) != (4, 2 * b.m + 1):
        raise Refuted(f"size: {network.width} x {network.depth}")
    if network(b.x) != nth(b):
        raise Refuted(f"bit {b.m} of {b.x}: {network(b.x)}")
    regions = gadgets.triangle_wave(b.m).linear_regions
    if regions != (1 << b.m) + 2:
        raise Refuted(f"teeth: {regions} pieces instead of 2^{b.m} + 2")


class Chunk(NamedTuple):
    """``m`` bits of which ``r`` are taken at once."""

    r: int
    m: int
    x: int


def chunks(rng: Random, size: int, length: int) -> Chunk:
    """``r`` up to 4: the network has ``2^r`` parts."""
    m = rng.randint(1, max(size, 1))
    return Chunk(rng.randint(1, min(m, 4)), m, rng.getrandbits(m))


def require_chunk(c: Chunk) -> Chunk:
    """The hypotheses."""
    if not (1 <= c.r <= c.m and c.r <= 8 and 0 <= c.x < 1 << c.m):
        raise NotApplicable("1 <= r <= m and 0 <= x < 2^m are needed")
    return c


def taken(c: Chunk) -> tuple[mpq, ...]:
    """The first ``r`` bits and the rest."""
    rest, number = split(Bits(c.m, c.r, c.x), c.r)
    return (*(mpq(int(number) >> (c.r - 1 - j) & 1) for j in range(c.r)), rest)


def wide_ramps(c: Chunk) -> bool:
    """Ramps of twice the distance of the numbers."""
    network = many_bits(c.r, c.m, epsilon=mpq(2, 1 << c.m)).network()
    return bool(network(mpq(c.x, 1 << c.m)) == taken(c))


@theorem(
    "siegel2023.many-bits",
    statement=(
        "There is a network of 5 layers, 5·2^r + r + 1 units and 11·2^r + r 2^r + 2r + 2 parameters that "
        "maps 0.b_1..b_m to (b_1, .., b_r, 0.b_{r+1}..b_m)."
    ),
    source="Bartlett, Harvey, Liaw, Mehrabian 2019, Lemma 13",
    instances=chunks,
    prepare=require_chunk,
    mutants=[
        Mutant(
            "wide-ramps",
            statement="Ramps of width 2^(1-m) suffice.",
            check=wide_ramps,
            witness=Chunk(1, 1, 0),
        ),
    ],
)
def many_bits_at_once(c: Chunk) -> None:
    """The network at one number; the units and parameters of the graph."""
    graph = many_bits(c.r, c.m)
    p = 1 << c.r
    size = graph.layers, len(graph.units), graph.parameters
    if size != (5, 5 * p + c.r + 1, 11 * p + c.r * p + 2 * c.r + 2):
        raise Refuted(f"layers, units and parameters: {size}")
    found = graph.network()(mpq(c.x, 1 << c.m))
    if found != taken(c):
        raise Refuted(f"bits: {found} instead of {taken(c)}")
