"""One sub-network with unit weights: what a column of a dictionary is made by."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import mul
from typing import TypeAlias

from gmpy2 import mpq

from exactrelu.arithmetic.errors import BudgetExceeded
from exactrelu.functions import PiecewiseLinear
from exactrelu.lasso.architecture import Architecture

_ZERO, _ONE = mpq(0), mpq(1)
MAX_WEIGHTS = 10_000_000

Layer: TypeAlias = tuple[tuple[tuple[mpq, ...], ...], tuple[mpq, ...]]
"""Rows of weights, one a unit, and the biases."""


@dataclass(frozen=True, slots=True)
class SubNetwork:
    """A sub-network without its output weight: hidden layers from one input to one unit.

    Calling it evaluates it exactly, in O(number of weights).
    """

    architecture: Architecture
    layers: tuple[Layer, ...]

    def __call__(self, x: mpq) -> mpq:
        """The output of the last unit."""
        values = [x]
        for weights, biases in self.layers:
            values = [
                activate(self.architecture, sum((w * v for w, v in zip(row, values, strict=True) if w), b))
                for row, b in zip(weights, biases, strict=True)
            ]
        return values[0]

    @property
    def steps(self) -> tuple[tuple[int, mpq], ...]:
        """Narrow: a pair (sign s, threshold c) for each layer, which maps f to ``σ(s (f - c))``."""
        return tuple((1 if w > 0 else -1, -b * w) for ((w,),), (b,) in self.layers)

    @property
    def function(self) -> PiecewiseLinear:
        """The function of a continuous narrow sub-network."""
        f = PiecewiseLinear._make(_ONE, _ZERO, ())
        for s, c in self.steps:
            f = activated(self.architecture, s * (f - c))
        return f

    def __str__(self) -> str:
        """``σ(x - 4)`` and so on; sign networks by the places where they change sign."""
        if self.architecture.activation == "sign":
            places = [str(-b) for b in self.layers[0][1]]
            return f"sign network with switches at {', '.join(sorted(set(places), key=mpq))}"
        text = "x"
        for s, c in self.steps:
            if s > 0:
                inner = text if not c else f"{text} {'-' if c > 0 else '+'} {abs(c)}"
            else:
                inner = f"-{text}" if not c else f"{c} - {text}"
            text = f"|{inner}|" if self.architecture.activation == "abs" else f"σ({inner})"
        return text


def activate(architecture: Architecture, v: mpq) -> mpq:
    """The activation of one number; sign and threshold jump to 1 at 0 itself."""
    kind = architecture.activation
    if kind == "sign":
        return _ONE if v >= 0 else -_ONE
    if kind == "threshold":
        return _ONE if v >= 0 else _ZERO
    return v if v >= 0 else -v if kind == "abs" else architecture.slope * v


def activated(architecture: Architecture, f: PiecewiseLinear) -> PiecewiseLinear:
    """``σ(f)`` for a continuous activation: O(number of kinks)."""
    below = -_ONE if architecture.activation == "abs" else architecture.slope
    # sigma(v) = ((1 + below) v + (1 - below) |v|) / 2
    total: PiecewiseLinear = (1 + below) / 2 * f + (1 - below) / 2 * absolute(f)
    return total


def absolute(f: PiecewiseLinear) -> PiecewiseLinear:
    """``|f|``."""
    # Where f changes its sign, between the knots or beyond them.
    pieces, knots = f.pieces, f.knots
    zeros = []
    for k, (a, b) in enumerate(pieces):
        if a:
            zero = -b / a
            if (k == 0 or knots[k - 1] < zero) and (k == len(knots) or zero <= knots[k]):
                zeros.append(zero)
    places = sorted({*knots, *zeros})
    if not places:
        return f if f.intercept >= 0 else -f
    # |f| has slope sign(f) f' on each of the intervals between the places, where f keeps its sign.
    middles = [
        places[0] - 1,
        *((a + b) / 2 for a, b in pairwise(places)),
        places[-1] + 1,
    ]
    slopes = []
    k = 0
    for m in middles:
        while k < len(knots) and knots[k] < m:
            k += 1
        a, b = pieces[k]
        slopes.append(a if a * m + b >= 0 else -a)
    kinks = tuple((t, after - before) for t, (before, after) in zip(places, pairwise(slopes), strict=True))
    start = abs(f(places[0])) - slopes[0] * places[0]
    return PiecewiseLinear._make(slopes[0], start, tuple(kink for kink in kinks if kink[1]))


def narrow(architecture: Architecture, steps: Sequence[tuple[int, mpq]]) -> SubNetwork:
    """``f -> σ(s (f - c))`` for each pair (s, c), from ``f(x) = x``."""
    return SubNetwork(architecture, tuple((((mpq(s),),), (-s * c,)) for s, c in steps))


def switching(architecture: Architecture, places: Sequence[mpq]) -> SubNetwork:
    """A sign network of 3 layers or more that starts at +1 and changes its sign at the given places.

    The places increase; there are at most ``architecture.switches`` of them. At a place it has the new sign.
    Raises BudgetExceeded when there are too many weights to write them all.
    """
    of_tree = architecture.shape == "tree"
    # Units of the hidden layers, from the last one down; in a tree all below a unit are its own.
    below = accumulate(reversed(architecture.widths), mul) if of_tree else reversed(architecture.widths)
    weights = sum(a * b for a, b in pairwise((1, *below, 1)))
    if weights > MAX_WEIGHTS:
        raise BudgetExceeded(
            f"a sub-network has {weights} weights, more than {MAX_WEIGHTS}; use smaller widths"
        )
    if of_tree:
        return SubNetwork(architecture, _merged(_tree(architecture, architecture.layers - 1, places, 1)))
    return SubNetwork(architecture, tuple(_rectangular(architecture, places)))


def _combine(counts: Sequence[int], start: int) -> tuple[list[int], mpq]:
    """Initial signs of units that switch in turn, ``counts`` times each, and the bias of the unit above.

    The units change one after the other, so their sum changes by +2 and -2 in turn if the first change of a
    unit goes up exactly when the next change of the sum has to. With a bias that puts 0 between the two
    values, the unit above switches at each of the changes; it starts at ``start``.
    """
    signs, up = [], start < 0
    for count in counts:
        # A unit that never changes may have any sign.
        signs.append(-1 if up else 1)
        up ^= count % 2 == 1
    return signs, mpq(start - sum(signs))


def _rectangular(architecture: Architecture, places: Sequence[mpq]) -> list[Layer]:
    widths = (*architecture.widths, 1)
    used = len(places)
    signs, bias = _combine([1] * used, 1)
    # First layer: sign(x - t); the units left over copy the first and go nowhere. Second layer: its first
    # unit adds them up with weight s < 0 for units that go down.
    t = [*places, *[places[0] if places else _ZERO] * (widths[0] - used)]
    layers: list[Layer] = [(((_ONE,),) * widths[0], tuple(-v for v in t))]
    row = tuple(mpq(-s) for s in signs) + (_ZERO,) * (widths[0] - used)
    for below, width in pairwise(widths):
        idle = (_ZERO,) * below
        layers.append(((row, *(idle for _ in range(width - 1))), (bias, *(_ONE,) * (width - 1))))
        row, bias = (_ONE,) + (_ZERO,) * (width - 1), _ZERO
    return layers


def _tree(architecture: Architecture, depth: int, places: Sequence[mpq], start: int) -> list[list[Layer]]:
    """One entry a hidden layer: the blocks (rows, biases) of this tree, as a list of single-unit layers."""
    if depth == 1:
        # sign(x - t) goes up; its negation is made by the weight of the unit above, see below.
        return [[(((_ONE,),), (-(places[0]),))]]
    m = architecture.widths[depth - 2]
    each = 1
    for w in architecture.widths[: depth - 2]:
        each *= w
    parts = [list(places[i * each : (i + 1) * each]) for i in range(m)]
    counts = [len(p) for p in parts]
    signs, bias = _combine(counts, start)
    blocks: list[list[Layer]] = [[] for _ in range(depth)]
    weights = []
    for part, sign in zip(parts, signs, strict=True):
        if depth == 2:
            # A leaf starts at -1; without a switch it copies some place and has weight 0.
            below = _tree(architecture, 1, part or places or [_ZERO], -1)
            weights.append(mpq(-sign) if part else _ZERO)
            if not part:
                bias += sign
        else:
            below = _tree(architecture, depth - 1, part, sign)
            weights.append(_ONE)
        for layer, units in enumerate(below):
            blocks[layer] += units
    blocks[depth - 1].append(((tuple(weights),), (bias,)))
    return blocks


def _merged(blocks: list[list[Layer]]) -> tuple[Layer, ...]:
    """Block-diagonal layers."""
    layers: list[Layer] = []
    for depth, units in enumerate(blocks):
        total = len(blocks[depth - 1]) if depth else 1
        rows, biases, offset = [], [], 0
        for (weights,), (bias,) in units:
            if not depth:
                rows.append(weights)
            else:
                rows.append((_ZERO,) * offset + weights + (_ZERO,) * (total - offset - len(weights)))
                offset += len(weights)
            biases.append(bias)
        layers.append((tuple(rows), tuple(biases)))
    return tuple(layers)
