"""The constructions: labels on a grid (Theorem 14), separated points (three stages), any points (O(N))."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from gmpy2 import mpq

from exactrelu import instances
from exactrelu.functions import Dataset
from exactrelu.memorization import grid, memorize, separated
from exactrelu.memorization.encoding import ceil_log2_ratio, decode, encode
from exactrelu.memorization.projection import project
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem


def vectors(rng: Random, size: int, bits: int) -> tuple[int, ...]:
    """Integer vectors: sparse or full, small entries or some large ones, both signs."""
    n = rng.randint(1, max(2 * size, 1))
    top, density = rng.choice((1, 1, 2, 1 << min(bits, 6))), rng.choice((0.1, 0.4, 1.0))
    vector = [rng.randint(-top, top) if rng.random() < density else 0 for _ in range(n)]
    if rng.random() < 0.25:
        vector[rng.randrange(n)] = rng.choice((1, -1)) * rng.randint(1, 1 << min(bits, 10))
    return tuple(vector)


@dataclass(frozen=True, slots=True)
class OnGrid:
    """A vector, its plan, one that replays all entries, and what their networks compute at 1..N."""

    vector: tuple[int, ...]
    plan: grid.GridPlan
    replayed: grid.GridPlan

    @property
    def places(self) -> list[mpq]:
        """1..N."""
        return [mpq(n) for n in range(1, len(self.vector) + 1)]

    def computed(self, plan: grid.GridPlan, *, epsilon: mpq | None = None) -> list[mpq]:
        """The network of a plan at 1..N."""
        return grid.network(plan, epsilon=epsilon)._values([(n,) for n in self.places])[0]


def on_grid(vector: Sequence[int]) -> OnGrid:
    """Plan."""
    if not vector or any(not isinstance(v, int) for v in vector):
        raise NotApplicable("a vector of integers with at least one entry is needed")
    entries = {n: v for n, v in enumerate(vector, 1) if v}
    # The shallowest network of a short vector often treats all entries as large, or has blocks of one step.
    above = 1 + max(map(abs, entries.values()), default=0)
    replayed = grid.plan(entries, len(vector), block=4, threshold=above)
    return OnGrid(tuple(vector), grid.plan(entries, len(vector)), replayed)


def is_allowed(depth: int, vector: Sequence[int]) -> bool:
    """Whether the theorem allows this depth: ``a/S + bS + c >= 2√(ab) + c``, with equality for some S."""
    n, m = len(vector), max(sum(map(abs, vector)), 1)
    if n >= m:
        product, rest = m * (5 + ceil_log2_ratio(n, m)), 4
    else:
        log = 4 + ceil_log2_ratio(m, n)
        product, rest = n * log, 8 * log + 4
    return max(depth - rest, 0) ** 2 <= 4 * 11 * 8 * product


def off_by_one(g: OnGrid) -> bool:
    """One step of a block is not replayed."""
    if not g.replayed.steps:
        raise NotApplicable("there is nothing to replay")
    return g.computed(replace(g.replayed, steps=g.replayed.steps - 1)) == list(g.vector)


def less_steep(g: OnGrid) -> bool:
    """Steps of slope 8, whatever the number of bits."""
    if not g.replayed.steps:
        raise NotApplicable("there is nothing to extract")
    return g.computed(g.replayed, epsilon=mpq(1, 8)) == list(g.vector)


def without_sign(g: OnGrid) -> bool:
    """The text of the paper: the large entries as |x_i|."""
    large = {n: abs(v) for n, v in enumerate(g.vector, 1) if v and abs(g.plan.large(n))}
    if not large:
        raise NotApplicable("there are no large entries")
    return g.computed(replace(g.plan, large=grid._spikes(large))) == list(g.vector)


def root_of_n(g: OnGrid) -> bool:
    """Depth √N, without logarithm and constants."""
    return g.plan.depth**2 <= len(g.vector)


@theorem(
    "siegel2023.grid",
    statement=(
        "Every x ∈ Z^N with ‖x‖_1 ≤ M is g(n) = x_n, n = 1..N, for a network of width 17 and depth at most "
        "11M/S + 8S(5 + ⌈log2(N/M)⌉) + 4 if N ≥ M, 11M/S + 8(SN/M + 1)(4 + ⌈log2(M/N)⌉) + 4 if N < M, for "
        "every S > 0."
    ),
    source="Siegel 2023, Theorem 14, Propositions 15 and 17, Lemmas 16 and 18",
    instances=vectors,
    prepare=on_grid,
    mutants=[
        Mutant(
            "off-by-one-block",
            statement="Blocks may have one step more than the network replays.",
            check=off_by_one,
            witness=(1, 2),
        ),
        Mutant(
            "less-steep",
            statement="Steps of slope 8 suffice.",
            check=less_steep,
            witness=(0, 0, 1, 2, 2),
        ),
        Mutant(
            "large-entries-without-sign",
            statement="Large entries enter as |x_i|, as printed.",
            check=without_sign,
            witness=(-1,),
        ),
        Mutant("root-of-n", statement="Depth √N suffices.", check=root_of_n, witness=(1,)),
    ],
)
def on_a_grid(g: OnGrid, tally: Tally) -> None:
    """Every entry, also with all of them replayed in blocks of 4 steps; the code; planned, built, allowed."""
    entries = {n: v for n, v in enumerate(g.vector, 1) if v}
    if decode(encode(entries, len(g.vector)).steps, len(g.vector)) != list(g.vector):
        raise Refuted("code: it does not decode to the vector")
    if not is_allowed(g.plan.depth, g.vector):
        raise Refuted(f"size: depth {g.plan.depth} is more than the theorem allows")
    for plan in (g.plan, g.replayed):
        network = grid.network(plan)
        if tuple(plan.widths) != network.widths or plan.parameters != network.parameters:
            raise Refuted("size: planned and built differ")
        if network.width > 17:
            raise Refuted(f"size: width {network.width}")
        if g.computed(plan) != list(g.vector):
            raise Refuted("entries: the network computes others")
        tally["labels"] += len(g.vector)
        tally["blocks"] += len(plan.blocks)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Distinct points of the plane with labels."""

    points: tuple[tuple[mpq, ...], ...]
    labels: tuple[int, ...]


def labelled(rng: Random, size: int, bits: int) -> tuple[tuple[tuple[mpq, mpq], int], ...]:
    """Distinct rational points of the plane, labels 0 to 4."""
    points = {
        (instances.number(rng, "rational", bits), instances.number(rng, "rational", min(bits, 3)))
        for _ in range(rng.randint(1, max(size, 1)))
    }
    return tuple((p, rng.randrange(5)) for p in sorted(points))


def as_points(data: Sequence[tuple[tuple[mpq, mpq], int]]) -> Labelled:
    """Points and labels, and the hypotheses."""
    points = tuple(p for p, _ in data)
    labels = tuple(label for _, label in data)
    if not points or len(set(points)) < len(points) or min(labels) < 0 or len(set(map(len, points))) > 1:
        raise NotApplicable("distinct points with labels that are not negative are needed")
    return Labelled(points, labels)


def scanned(data: Labelled, plan: separated.SeparatedPlan) -> bool:
    """Whether the network of a plan takes the labels."""
    return separated.network(plan)._values(data.points)[0] == list(data.labels)


def one_apart(data: Labelled) -> bool:
    """Projections scaled to distance 1 only."""
    right = project(data.points)
    return scanned(data, separated.plan(replace(right, separation=2 * right.separation), data.labels))


def block_off_by_one(data: Labelled) -> bool:
    """The scan of blocks of three points stops one point early."""
    plan = separated.plan(project(data.points), data.labels, block=3)
    if plan.block == 1:
        raise NotApplicable("a block of one point")
    short = tuple(block[: plan.block - 1] for block in plan.keys)
    labels = tuple(block[: plan.block - 1] for block in plan.labels)
    return scanned(data, replace(plan, keys=short, labels=labels))


def key_bit_missing(data: Labelled) -> bool:
    """One bit too few for the keys."""
    plan = separated.plan(project(data.points), data.labels)
    if plan.key_bits == 1:
        raise NotApplicable("keys of one bit")
    cut = tuple(tuple(key & ((1 << (plan.key_bits - 1)) - 1) for key in block) for block in plan.keys)
    return scanned(data, replace(plan, keys=cut, key_bits=plan.key_bits - 1))


_PLANE = tuple(((mpq(k), mpq(k * k % 3)), k % 4 + 1) for k in range(9))


@theorem(
    "siegel2023.separated",
    statement=(
        "Labels of N distinct points are computed by a network of width 12 and depth "
        "(m-1) + n(3 max(ρ,c) + 2): m blocks of n points, keys of ρ bits and labels of c bits."
    ),
    source="Vardi, Yehudai, Shamir 2022, Theorem 3.1; the exact depth is that of this construction",
    instances=labelled,
    prepare=as_points,
    mutants=[
        Mutant(
            "one-apart",
            statement="It suffices that projections are 1 apart.",
            check=one_apart,
            witness=(((mpq(0), mpq(0)), 1), ((mpq(1), mpq(0)), 2)),
        ),
        Mutant(
            "block-off-by-one",
            statement="The scan may stop one point early.",
            check=block_off_by_one,
            witness=_PLANE,
        ),
        Mutant("key-bit-missing", statement="ρ - 1 bits suffice.", check=key_bit_missing, witness=_PLANE),
    ],
)
def separated_points(data: Labelled, tally: Tally) -> None:
    """Every label, in the best blocks (of one point while there are few), of 3 and of all; the sizes."""
    projection = project(data.points)
    for block in (None, 3, len(data.points)):
        plan = separated.plan(projection, data.labels, block=block)
        n, m = plan.block, len(plan.keys)
        network = separated.network(plan)
        if tuple(plan.widths) != network.widths or plan.parameters != network.parameters:
            raise Refuted("size: planned and built differ")
        depth = m - 1 + n * (3 * max(plan.key_bits, plan.label_bits) + 2)
        if (network.width, network.depth) != (12, depth):
            raise Refuted(f"size: {network.width} x {network.depth} instead of 12 x {depth}")
        if not scanned(data, plan):
            raise Refuted(f"labels: in blocks of {n} the network computes others")
        tally["labels"] += len(data.labels)


def any_data(data: Dataset) -> Dataset:
    """As drawn."""
    return data


def of_the_plane(data: Dataset) -> list[tuple[mpq, mpq]]:
    """``(⌊x⌋, x - ⌊x⌋)``: points apart of which neither coordinate has to be."""
    return [(mpq(x // 1), x % 1) for x in data.x]


def root_parameters(data: Dataset) -> bool:
    """30 √N parameters for any labels of any points."""
    return memorize(data.x, data.y, "piecewise-linear").parameters ** 2 <= 900 * data.n


@theorem(
    "siegel2023.any-points",
    statement="Any labels of N distinct points of R^d are memorised in width 5 and depth at most N-2.",
    source="Siegel 2023, Proposition 8, on connected dots",
    instances=instances.datasets,
    prepare=any_data,
    mutants=[
        Mutant(
            "root-parameters",
            statement="30 √N parameters suffice for it.",
            check=root_parameters,
            witness=Dataset.read(range(8), [0, 1, 0, 1, 0, 1, 0, 1]),
        )
    ],
)
def any_points(data: Dataset, tally: Tally) -> None:
    """Every label and the size, on the line and in the plane; on the line of the smallest network, too."""
    plane = of_the_plane(data)
    for points, name in ((data.x, "piecewise-linear"), (plane, "piecewise-linear"), (data.x, "auto")):
        m = memorize(points, data.y, name)
        if not m.check().correct:
            raise Refuted(f"labels: {m.construction} is wrong at {m.check().wrong}")
        stated = {a.construction: a.parameters for a in m.alternatives}[m.construction]
        if m.parameters != stated:
            raise Refuted(f"parameters: {m.parameters} were built, {stated} stated")
        if name != "auto" and (m.width > 5 or m.depth > max(data.n - 2, 0)):
            raise Refuted(f"size: {m.width} x {m.depth} for {data.n} points")
        tally["labels"] += data.n
