"""What counting excludes: pieces on a line, sign patterns, and the barrier of Ω(N) parameters."""

from itertools import pairwise, product
from random import Random
from typing import NamedTuple

from gmpy2 import mpq

from exactrelu.certificates import check, impossibility
from exactrelu.functions import DeepNetwork
from exactrelu.memorization import bounds, lower_bound
from exactrelu.memorization.gadgets import class_parameters
from exactrelu.memorization.many_bits import Graph, shattering_network
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem


class Drawn(NamedTuple):
    """A network of one input."""

    layers: tuple[tuple[tuple[tuple[mpq, ...], ...], tuple[mpq, ...]], ...]

    @property
    def network(self) -> DeepNetwork:
        """As an object."""
        return DeepNetwork(self.layers)


def networks(rng: Random, size: int, bits: int) -> Drawn:
    """Random folds: small integer weights, width up to 3, depth up to 4; often tents upon tents."""
    depth = rng.randint(1, 4)
    widths = [1, *(rng.randint(1, 3) for _ in range(depth)), 1]
    top = (1 << min(bits, 3)) - 1
    if rng.random() < 0.3:
        tent = (((mpq(2),), (mpq(4),)), (mpq(0), mpq(-2)))
        fold = (((mpq(2), mpq(-2)), (mpq(4), mpq(-4))), (mpq(0), mpq(-2)))
        return Drawn((tent, *[fold] * (depth - 1), (((mpq(1), mpq(-1)),), (mpq(0),))))
    layers = []
    for fan_in, fan_out in pairwise(widths):
        weights = tuple(tuple(mpq(rng.randint(-top, top)) for _ in range(fan_in)) for _ in range(fan_out))
        layers.append((weights, tuple(mpq(rng.randint(-top, top), 2) for _ in range(fan_out))))
    return Drawn(tuple(layers))


def drawn(d: Drawn) -> DeepNetwork:
    """The network."""
    if not d.layers:
        raise NotApplicable("no layers")
    return d.network


def width_to_the_depth(network: DeepNetwork) -> bool:
    """W^L pieces."""
    return bool(network.linear_regions <= max(network.width, 1) ** network.depth)


def as_many_as_units(network: DeepNetwork) -> bool:
    """A kink a unit, as in shallow networks."""
    return network.linear_regions <= network.units + 1


_TENT = (((mpq(1),), (mpq(1),)), (mpq(0), mpq(-1)))
_TWICE = (((mpq(2), mpq(-4)), (mpq(4), mpq(-8))), (mpq(0), mpq(-2)))


@theorem(
    "siegel2023.pieces",
    statement="A network of one input, width W and depth L has at most (W+1)^L linear pieces.",
    source="folklore; Telgarsky 2016",
    instances=networks,
    prepare=drawn,
    mutants=[
        Mutant(
            "width-to-the-depth",
            statement="At most W^L pieces.",
            check=width_to_the_depth,
            witness=Drawn((_TENT, (((mpq(1), mpq(-2)),), (mpq(0),)))),
        ),
        Mutant(
            "as-many-as-units",
            statement="At most one piece more than units.",
            check=as_many_as_units,
            witness=Drawn((_TENT, _TWICE, _TWICE, (((mpq(1), mpq(-2)),), (mpq(0),)))),
        ),
    ],
)
def pieces(network: DeepNetwork) -> None:
    """The pieces counted without listing them, against those of the exact function, against the bound."""
    count = network.linear_regions
    listed = network.function.linear_regions
    if count != listed:
        raise Refuted(f"pieces: {count} counted, {listed} listed")
    if count > bounds.linear_pieces(max(network.width, 1), network.depth):
        raise Refuted(f"pieces: {count} at width {network.width}, depth {network.depth}")


def positions(rng: Random, size: int, bits: int) -> tuple[int, ...]:
    """Points of the line."""
    return tuple(sorted(rng.sample(range(-50, 50), rng.randint(2, max(min(size, 30), 2)))))


def patterns(points: tuple[int, ...]) -> set[tuple[bool, ...]]:
    """All patterns of ``w x + b >= 0`` on the points, one for each cell of the plane of ``(w, b)``.

    The lines ``w x_i + b = 0`` cut it into sectors. Up to a positive factor ``w`` is 1 or -1, and then ``b``
    lies between two neighbours among the numbers ``-w x_i`` or beyond them, or is one of them.
    """
    found = set()
    for w in (1, -1, 0):
        zeros = sorted({-w * x for x in points})
        between = [mpq(a + b, 2) for a, b in pairwise(zeros)]
        for b in [zeros[0] - 1, *zeros, *between, zeros[-1] + 1, mpq(1), mpq(-1)]:
            found.add(tuple(bool(w * x + b >= 0) for x in points))
    return found


def patterns_of_two(points: tuple[int, ...]) -> set[tuple[bool, ...]]:
    """All patterns of ``f = a σ(w x + b) + a' σ(w' x + b') + c >= 0`` on the points, each by a network.

    There are just those with at most two changes of sign. A small positive number added to ``c`` makes the
    pattern that of ``f > 0``, without zeros. Then a third change would take three pieces that each cross 0:
    none of them constant, so both units are on between the kinks ``s < t``, one to the left of ``t``, the
    other to the right of ``s``. If ``f`` falls (say) through 0 left of ``s``, the left unit has ``a > 0``
    and, as ``f(s) = a |w| (t - s) + c < 0``, ``c < 0``. If it rises between, ``a' > 0``, because
    ``f(t) = a' |w'| (t - s) + c > 0``, and it rises beyond ``t``.
    """
    middles = [mpq(a + b, 2) for a, b in pairwise(points)]
    steep = mpq(4, min(b - a for a, b in pairwise(points)))
    found = set()
    for sign in (1, -1):
        for left, right in product([None, *middles], repeat=2):
            units, weights = [([-1], 0), ([1], 0)], [0, 0]
            if left is not None:
                units[0], weights[0] = ([-1], left), -sign * steep
            if right is not None:
                units[1], weights[1] = ([1], -right), -sign * steep
            network = DeepNetwork([([w for w, _ in units], [b for _, b in units]), ([weights], [sign])])
            found.add(tuple(bool(v >= 0) for v in network(list(points))))
    return found


class Count(NamedTuple):
    """The number of points, of the patterns of one unit on them, and of two."""

    m: int
    one: int
    two: int


def enumerated(points: tuple[int, ...]) -> Count:
    """Enumerate."""
    if len(points) < 2 or any(a >= b for a, b in pairwise(points)):
        raise NotApplicable("two increasing points or more are needed")
    return Count(len(points), len(patterns(points)), len(patterns_of_two(points)))


def without_constants(count: Count) -> bool:
    """(m D/P)^P instead of 2 (2 e m D/P)^P."""
    return bool(count.one <= mpq(count.m, 2) ** 2)


def one_change(count: Count) -> bool:
    """As if a second unit added nothing."""
    return count.two <= bounds.cells(count.m, 2)


@theorem(
    "siegel2023.sign-patterns",
    statement="m polynomials of degree D in P ≤ m variables have at most 2(2emD/P)^P sign patterns.",
    source=(
        "Bartlett et al. 2019, Lemma 17, after Warren 1968; one unit on the line is D = 1, P = 2, where "
        "Cover 1965 counts 2m; two units with an output are D = 2, P = 7, and 6 polynomials a point"
    ),
    instances=positions,
    prepare=enumerated,
    mutants=[
        Mutant(
            "without-constants",
            statement="At most (mD/P)^P sign patterns.",
            check=without_constants,
            witness=(0, 1, 2),
        ),
        Mutant(
            "one-change",
            statement="Two units have as few patterns as one.",
            check=one_change,
            witness=(0, 1, 2),
        ),
    ],
)
def sign_patterns(count: Count) -> None:
    """All patterns of one unit and of two, enumerated exactly, against Cover's numbers and Warren's bound."""
    m, one, two = count
    if one != bounds.cells(m, 2) or two != bounds.cells(m, 3):
        raise Refuted(f"patterns: {one} and {two} of {m} points, Cover's counts are others")
    if one > bounds.warren(m, 1, 2) or (6 * m >= 7 and two > bounds.warren(6 * m, 2, 7)):
        raise Refuted(f"patterns: {one} and {two} of {m} points")


Table = tuple[tuple[int, ...], ...]


class Shattered(NamedTuple):
    """How many bits are taken at once, and the labels of the points ``(e_j, e_i)``."""

    r: int
    table: Table


def tables(rng: Random, size: int, bits: int) -> Shattered:
    """A few rows, or many short ones."""
    n, m = (rng.randint(64, 90), 3) if rng.random() < 0.2 else (rng.randint(1, 6), rng.randint(1, 5))
    return Shattered(rng.randint(1, 2), tuple(tuple(rng.choices((0, 1), k=m)) for _ in range(n)))


def shattering(s: Shattered) -> tuple[Shattered, Graph]:
    """Build the graph."""
    m = len(s.table[0]) if s.table else 0
    if not 1 <= s.r <= 4 or not m or any(len(row) != m or set(row) - {0, 1} for row in s.table):
        raise NotApplicable("rows of equally many labels 0 or 1 are needed")
    return s, shattering_network(s.r, s.table)


def at_most_parameters(built: tuple[Shattered, Graph]) -> bool:
    """The points are no more than the parameters."""
    s, graph = built
    return len(s.table) * len(s.table[0]) <= graph.parameters


@theorem(
    "siegel2023.shattering",
    statement=(
        "With k = ⌈m/r⌉, 3 + 5k layers, m + 2 + k(5·2^r + r + 1) units and "
        "2 + n + 4m + k((11+r)2^r + 2r + 2) parameters give any labels to mn points of R^(n+m); the VC "
        "dimension is at most the largest μ with 2^μ ≤ Π 2(2eμ k_l l/W_l)^(W_l)."
    ),
    source="Bartlett, Harvey, Liaw, Mehrabian 2019, Theorems 11 and 7",
    instances=tables,
    prepare=shattering,
    mutants=[
        Mutant(
            "parameters",
            statement="The VC dimension is at most the number of parameters.",
            check=at_most_parameters,
            witness=Shattered(1, ((0, 1, 1),) * 64),
        )
    ],
)
def shattered(built: tuple[Shattered, Graph]) -> None:
    """Every point of the table; the size; and the upper bound is no less than the lower one."""
    (r, table), graph = built
    n, m = len(table), len(table[0])
    k, p = -(-m // r), 1 << r
    size = graph.layers, len(graph.units), graph.parameters
    claimed = 3 + 5 * k, m + 2 + k * (5 * p + r + 1), 2 + n + 4 * m + k * ((11 + r) * p + 2 * r + 2)
    if size != claimed:
        raise Refuted(f"layers, units and parameters: {size} were built, {claimed} are claimed")
    points = [[mpq(a in (j, n + i)) for a in range(n + m)] for j in range(n) for i in range(m)]
    if graph.network()._values(points)[0] != [label for row in table for label in row]:
        raise Refuted("labels: the network computes others")
    layers = range(1, graph.layers + 1)
    units = [sum(1 for unit in graph.units if unit.layer == layer) for layer in layers]
    parameters = [
        sum(len(unit.sources) + 1 for unit in graph.units if unit.layer <= layer) for layer in layers
    ]
    if bounds.vc_dimension_bound(units, parameters) < n * m:
        raise Refuted(f"VC dimension: {n * m} points are shattered")


class Case(NamedTuple):
    """Width, and half the number of points; the grid has about ``2^bits`` points."""

    width: int
    groups: int
    bits: int


def cases(rng: Random, size: int, bits: int) -> Case:
    """Few points, arbitrarily close."""
    return Case(rng.randint(5, 7), rng.randint(1, max(size // 2, 1)), rng.choice((4, 40, 400)))


def connectable(c: Case) -> Case:
    """The hypotheses."""
    if c.width < 5 or c.groups < 1 or c.groups > 20 or c.bits < 1 or (1 << c.bits) < 2 * c.groups:
        raise NotApplicable("width 5 or more and two grid points a group are needed")
    return c


def depth_of(c: Case) -> int:
    """The depth in which dots are connected."""
    return max(2 * c.groups - 2, 1)


def four_labels_a_parameter(c: Case) -> bool:
    """N/4 in place of P."""
    k, size, depth = c.groups, (1 << c.bits) // c.groups, depth_of(c)
    exponent = (k + 1) // 2
    polynomials = bounds.polynomials_a_point(c.width, depth)
    left = mpq(k * (size - 1), (bounds.linear_pieces(c.width, depth) + 1) // 2) ** k
    right = 2 * (2 * bounds.E_ABOVE * k * size * (depth + 1) * polynomials / exponent) ** exponent
    return bool(left <= right)


@theorem(
    "siegel2023.barrier",
    statement=(
        "If networks of width W, depth L with P parameters fit all labels of N = 2k points out of k groups "
        "of M+1 grid points, (kM/⌈T/2⌉)^k ≤ 2(2e|X|(L+1)Q/P)^P, T = (W+1)^L, Q = 2^(WL) + Σ W 2^(W(l-1))."
    ),
    source=(
        "after Siegel 2023, arXiv 2302.00834, and Warren 1968; this explicit form derived for this project"
    ),
    instances=cases,
    prepare=connectable,
    mutants=[
        Mutant(
            "four-labels-a-parameter",
            statement="The same with N/4 in place of P.",
            check=four_labels_a_parameter,
            witness=Case(5, 2, 400),
        )
    ],
)
def barrier(c: Case, tally: Tally) -> None:
    """It never excludes what connecting the dots does; for small networks the checker decides it likewise."""
    size, depth = (1 << c.bits) // c.groups, depth_of(c)
    parameters = class_parameters(c.width, depth)
    if c.groups * size * bounds.polynomials_a_point(c.width, depth) < parameters:
        raise NotApplicable("Warren's bound needs as many polynomials as parameters")
    if lower_bound(width=c.width, depth=depth, groups=c.groups, group_size=size).impossible:
        raise Refuted("the bound excludes a network that exists")
    groups = 3 * c.groups + 2
    small = lower_bound(width=c.width - 4, depth=1 + c.groups % 2, groups=groups, group_size=max(size, 2))
    claim = impossibility(
        width=small.width,
        depth=small.depth,
        parameters=small.parameters,
        groups=small.groups,
        group_size=small.group_size,
    )
    if check(claim).accepted != small.impossible:
        raise Refuted(f"certificate: the checker decides {small} otherwise")
    tally["certificates"] += small.impossible
