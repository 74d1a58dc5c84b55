"""`memorize`: the constructions side by side, and the choice among them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from math import gcd, lcm, prod
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic import rationals
from exactrelu.arithmetic.errors import InputError
from exactrelu.arithmetic.options import read_count
from exactrelu.functions.dataset import Dataset
from exactrelu.functions.deep_network import DeepNetwork
from exactrelu.functions.display import show
from exactrelu.functions.piecewise_linear import PiecewiseLinear
from exactrelu.memorization import grid, separated
from exactrelu.memorization.gadgets import class_parameters
from exactrelu.memorization.memorizer import Alternative, Memorizer, Point, read_data
from exactrelu.memorization.projection import Projection, project
from exactrelu.memorization.wiring import NOTHING, Quantity, Wiring

CONSTRUCTIONS = ("piecewise-linear", "grid", "bit-extraction")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A construction on given data: its exact size, and how to build it."""

    construction: str
    width: int
    depth: int
    parameters: int
    direction: tuple[int, ...]
    build: Callable[[], DeepNetwork]


class NotApplicableError(Exception):
    """Why a construction does not apply to the data."""


def memorize(points: Any, labels: Any, construction: str = "auto", *, block: int | None = None) -> Memorizer:
    """A ReLU network with rational weights that takes the given labels at the given points, exactly.

    Parameters
    ----------
    points : sequence of N points
        Numbers (points of the line), or sequences of ``d`` coordinates, shape ``(N, d)``; rational-like.
        A repeated point is merged if its labels agree.
    labels : sequence of N numbers
        Rational-like; the two constructions by bit extraction need integers.
    construction : str
        - ``"piecewise-linear"``: project to a line and connect the dots; any points and labels; width 5, as
          many layers as kinks (Siegel 2023, Proposition 8).
        - ``"grid"``: points of a regular grid; width at most 17, depth ``O(√M)`` up to logarithms where ``M``
          is the sum of all ``|label - median|`` (Siegel 2023, Theorem 14).
        - ``"bit-extraction"``: any distinct points; width 12, depth ``O(√(N log R))`` with ``R`` the ratio of
          extent and separation of the projected points (Vardi, Yehudai, Shamir 2022, Theorem 3.1).
        - ``"auto"``: the one with the fewest parameters among those that apply.
    block : int, optional
        Points (on a grid: steps) of a block, for bit extraction; by default the best number. With it the
        construction without blocks, piecewise-linear, does not apply.

    Returns
    -------
    Memorizer
        With ``alternatives``, the size of every construction or the reason why it does not apply.

    Raises
    ------
    InputError
        If the data are no rational numbers, contradict each other, or the construction does not apply.

    Notes
    -----
    Sizes are computed before anything is built. ``O(N log N)`` for the plans; building is linear in the
    number of weights that are not zero.

    >>> m = memorize([0, 1, 2, 3, 4, 5], [0, 1, 1, 0, 1, 0], "bit-extraction")
    >>> m.check().correct, m.width, m.depth
    (True, 12, 19)
    >>> [(a.construction, a.parameters) for a in m.alternatives]
    [('piecewise-linear', 106), ('grid', 226), ('bit-extraction', 1381)]
    """
    if construction != "auto" and construction not in CONSTRUCTIONS:
        known = ", ".join(("auto", *CONSTRUCTIONS))
        raise InputError(f"construction must be one of {known}, not {show(construction)}")
    return memorize_points(*read_arguments(points, labels), construction, block=read_count(block, "block"))


def memorize_points(
    points: Sequence[Point], labels: Sequence[mpq], construction: str = "auto", *, block: int | None = None
) -> Memorizer:
    """`memorize` for points and labels that are tuples of mpq already."""
    data = read_data(points, labels)
    found = candidates(*data, block=block)
    alternatives = tuple(
        Alternative(name, None, None, None, c)
        if isinstance(c, str)
        else Alternative(name, c.width, c.depth, c.parameters, "")
        for name, c in found.items()
    )
    if construction == "auto":
        sizes = [c for c in found.values() if isinstance(c, Candidate)]
        if not sizes:  # with `block` only
            reasons = "; ".join(f"{name}: {reason}" for name, reason in found.items())
            raise InputError(f"no construction applies: {reasons}")
        chosen = min(sizes, key=lambda c: c.parameters)
    else:
        named = found[construction]
        if isinstance(named, str):
            raise InputError(f"the construction {construction} does not apply: {named}")
        chosen = named
    return Memorizer(chosen.build(), *data, chosen.construction, chosen.direction, alternatives)


def candidates(
    points: Sequence[Point], labels: Sequence[mpq], *, block: int | None = None
) -> dict[str, Candidate | str]:
    """All constructions by name: how large they get, or in words why they do not apply."""
    projection = project(points)
    found: dict[str, Candidate | str] = {}
    for name, plan in zip(CONSTRUCTIONS, (_piecewise_linear, _grid, _bit_extraction), strict=True):
        try:
            found[name] = plan(points, labels, projection, block)
        except NotApplicableError as reason:
            found[name] = str(reason)
    return found


def read_arguments(points: Any, labels: Any) -> tuple[list[Point], tuple[mpq, ...]]:
    """Points as tuples of mpq, and labels. Raises InputError."""
    try:
        if isinstance(points, str | bytes | bytearray | Mapping | Set):
            raise TypeError
        entries = list(points)
    except TypeError:
        raise InputError(f"the points must be a sequence, not {show(points)}") from None
    if not entries:
        raise InputError("there are no points; at least one is expected")
    first = entries[0]
    if isinstance(first, str | bytes) or not hasattr(first, "__iter__") or getattr(first, "ndim", 1) == 0:
        read = [(q,) for q in rationals(entries, name="points")]
    else:
        read = []
        for i, entry in enumerate(entries):
            if isinstance(entry, str | bytes) or not hasattr(entry, "__iter__"):
                raise InputError(
                    f"points[{i}] is {show(entry)}; like points[0] it has to be a sequence of coordinates"
                )
            read.append(rationals(entry, name=f"points[{i}]"))
            if not read[i]:
                raise InputError(f"points[{i}] has no coordinates; at least one is expected")
            if len(read[i]) != len(read[0]):
                raise InputError(
                    f"points[{i}] has {len(read[i])} coordinates and points[0] has {len(read[0])}; all "
                    "points need equally many"
                )
    values = rationals(labels, name="labels")
    if len(values) != len(read):
        raise InputError(f"there are {len(read)} points and {len(values)} labels; as many are expected")
    return read, values


def _piecewise_linear(
    points: Sequence[Point], labels: Sequence[mpq], projection: Projection, block: int | None
) -> Candidate:
    if block is not None:
        raise NotApplicableError("it has no blocks; leave out block")
    pairs = sorted(zip(projection.values, labels, strict=True))
    x, y = zip(*pairs, strict=True)
    f = PiecewiseLinear._through(Dataset._make(x, y))
    depth = len(f.kinks)

    def build() -> DeepNetwork:
        wiring = Wiring(len(projection.direction))
        value, _ = wiring.piecewise_linear(f, _along(projection.direction, wiring))
        return wiring.network([value])

    parameters = class_parameters(5, depth, inputs=len(projection.direction))
    return Candidate("piecewise-linear", 5 if depth else 0, depth, parameters, projection.direction, build)


def _along(direction: Sequence[int], wiring: Wiring) -> Quantity:
    total = NOTHING
    for u, q in zip(direction, wiring.units(), strict=True):
        total = total.plus(q.times(u))
    return total


def _integers(labels: Sequence[mpq]) -> list[int]:
    for i, q in enumerate(labels):
        if q.denominator != 1:
            raise NotApplicableError(f"labels have to be integers, and label {i} is {show(q)}")
    return [int(q) for q in labels]


def _require_fitting(block: int | None, number: int, what: str) -> None:
    """A block longer than all there is would be a block of all."""
    if block is not None and block > number:
        there = f"there is {number} {what}" if number == 1 else f"there are {number} {what}s"
        raise NotApplicableError(f"a block of {block} is too long, as {there}")


def _grid(
    points: Sequence[Point], labels: Sequence[mpq], projection: Projection, block: int | None
) -> Candidate:
    integers = _integers(labels)
    cells = _cells(points)
    # Counted from the median, labels have the least ℓ1-norm. Cells without a point may take any value: 0.
    median = sorted(integers)[len(integers) // 2]
    counts = Counter(dict(zip(cells.positions, integers, strict=True)))
    plan = grid.plan({n: v - median for n, v in counts.items() if v != median}, cells.number, block=block)
    _require_fitting(block, len(plan.code.steps), "step")
    d = len(points[0])

    def build() -> DeepNetwork:
        wiring = Wiring(d)
        n = NOTHING.times(1, cells.shift)
        for w, q in zip(cells.weights, wiring.units(), strict=True):
            n = n.plus(q.times(w))
        return wiring.network([grid.wire(wiring, n, plan).times(1, median)])

    widths = list(plan.widths)
    first = widths[0] if widths else 1
    parameters = plan.parameters + (d - 1) * first
    return Candidate("grid", plan.width, plan.depth, parameters, cells.direction, build)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The smallest regular grid that holds points: ``n = weights · p + shift`` numbers its cells from 1."""

    number: int
    weights: tuple[mpq, ...]
    shift: mpq
    positions: tuple[int, ...]

    @property
    def direction(self) -> tuple[int, ...]:
        """The weights without their denominators and common factors."""
        common = lcm(*(int(w.denominator) for w in self.weights))
        integers = [int(w * common) for w in self.weights]
        divisor = gcd(*integers)
        return tuple(u // divisor for u in integers)


def _cells(points: Sequence[Point]) -> _Cells:
    origin, steps, sizes = [], [], []
    for column in zip(*points, strict=True):
        values = sorted(set(column))
        gaps = [b - a for a, b in pairwise(values)]
        common = lcm(*(int(g.denominator) for g in gaps))
        step = mpq(gcd(*(int(g * common) for g in gaps)), common) if gaps else mpq(1)
        origin.append(values[0])
        steps.append(step)
        sizes.append(int((values[-1] - values[0]) / step) + 1)
    number, n = prod(sizes), len(points)
    if number > max(n * n, 16):
        size = f"{number} cells" if number < 10**12 else f"about 2^{number.bit_length() - 1} cells"
        raise NotApplicableError(
            f"the smallest regular grid that holds the {n} points has {size}, more than their number squared"
        )
    weights, stride = [], 1
    for step, count in zip(steps, sizes, strict=True):
        weights.append(stride / step)
        stride *= count
    shift = 1 - sum((w * o for w, o in zip(weights, origin, strict=True)), mpq(0))
    positions = tuple(int(sum((w * q for w, q in zip(weights, p, strict=True)), shift)) for p in points)
    return _Cells(number, tuple(weights), shift, positions)


def _bit_extraction(
    points: Sequence[Point], labels: Sequence[mpq], projection: Projection, block: int | None
) -> Candidate:
    integers = _integers(labels)
    _require_fitting(block, len(points), "point")
    least = min(integers)
    plan = separated.plan(projection, [v - least for v in integers], block=block)
    return Candidate(
        "bit-extraction",
        plan.width,
        plan.depth,
        plan.parameters,
        projection.direction,
        lambda: separated.network(plan, shift=least),
    )
