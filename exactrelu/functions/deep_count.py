"""The number of linear regions on a line, counted without listing them.

An affine piece of the first layers maps an interval onto a segment in the space of a hidden layer. How many
pieces the layers above make of it, and with which slopes they begin and end, depends on the segment only.
So segments are the nodes of a directed graph: one that no unit of a layer bends goes on to the next layer as
it is, one that is bent becomes the sequence of its parts, and equal segments of a layer (also those run
through backwards) are one node. Iterated folds, which are what makes many regions, give few segments.
"""

from operator import sub
from typing import TYPE_CHECKING

from gmpy2 import mpq

from exactrelu.arithmetic.errors import BudgetExceeded, InputError
from exactrelu.functions.deep_layer import Layer

if TYPE_CHECKING:
    from exactrelu.functions.deep_network import DeepNetwork

_ZERO, _ONE = mpq(0), mpq(1)
MAX_NODES = 2_000_000
Vector = tuple[mpq, ...]
# A part of a node: node, share of the parent's parameter interval, run through backwards or not.
_Part = tuple["_Node", mpq, bool]


class _Node:
    """A segment ``P + t (Q - P)``, ``0 <= t <= 1``, or a ray ``P + t D``, ``t >= 0``."""

    __slots__ = ("bends", "end", "first", "last", "parts", "ray", "start")

    def __init__(self, start: Vector, end: Vector, ray: bool) -> None:
        self.start = start
        self.end = end  # Q, or D for a ray
        self.ray = ray
        self.parts: list[_Part] = []
        self.bends = 0
        self.first: Vector = ()
        self.last: Vector = ()


def count_linear_regions(network: "DeepNetwork", *, max_nodes: int = MAX_NODES) -> int:
    """The number of maximal intervals on which a network of one input is affine.

    Raises InputError for more inputs, BudgetExceeded when more different segments occur.
    """
    if network.inputs != 1:
        raise InputError(
            f"linear regions are counted on a line; the network has {network.inputs} inputs, one is expected"
        )
    right = _Node((_ZERO,), (_ONE,), True)
    left = _Node((_ZERO,), (-_ONE,), True)
    split: list[_Node] = []
    frontier, count = [left, right], 2
    for layer in network._layers[:-1]:
        frontier, more = _through(layer, frontier, split)
        count += more
        if count > max_nodes:
            raise BudgetExceeded(f"there are more than {max_nodes} different segments to follow")
    last = network._layers[-1]
    for node in frontier:
        node.first = node.last = _direction(node, last)
    # The parts of a node go on beyond the layer that made them, and are split later, if ever.
    for node in reversed(split):
        _collect(node)
    # The two rays meet in 0, where f bends unless its slopes agree; the left one is run through backwards.
    seam = tuple(-s for s in left.first) != right.first
    return left.bends + right.bends + int(seam) + 1


def _through(layer: Layer, frontier: list[_Node], split: list[_Node]) -> tuple[list[_Node], int]:
    """One hidden layer further: every node gets its image, or its parts. Also the number of new nodes."""
    seen: dict[tuple[Vector, Vector, bool], _Node] = {}
    made = 0
    for node in frontier:
        pieces = bent(layer, node.start, node.end, node.ray)
        if len(pieces) == 1:
            start, end, ray, _ = pieces[0]
            if seen.setdefault(_key(start, end, ray), node) is node:
                node.start, node.end = start, end
                continue
        for start, end, ray, share in pieces:
            key = _key(start, end, ray)
            part = seen.get(key)
            if part is None:
                part = seen[key] = _Node(start, end, ray)
                made += 1
            node.parts.append((part, share, (part.start, part.end) != (start, end)))
        split.append(node)
    return list(seen.values()), made


def _key(start: Vector, end: Vector, ray: bool) -> tuple[Vector, Vector, bool]:
    return (start, end, ray) if ray or start <= end else (end, start, ray)


def bent(layer: Layer, start: Vector, end: Vector, ray: bool) -> list[tuple[Vector, Vector, bool, mpq]]:
    """The image of a segment or ray under a hidden layer: its straight parts, their shares of the parameter.

    A part is its start, its end (the direction of a ray), whether it is a ray, and its share.
    """
    start, last = apply(layer, start), end
    slopes = linear(layer, end) if ray else tuple(map(sub, apply(layer, end), start))
    top = None if ray else _ONE
    cuts = {-p / s for p, s in zip(start, slopes, strict=True) if s and p and (p < 0) == (s > 0)}
    inner = sorted(t for t in cuts if top is None or t < top)
    corners = [_ZERO, *inner]
    images = [tuple(max(p + t * s, _ZERO) for p, s in zip(start, slopes, strict=True)) for t in corners]
    pieces = [(images[i], images[i + 1], False, corners[i + 1] - corners[i]) for i in range(len(corners) - 1)]
    t = corners[-1]
    if ray:
        last = tuple(
            s if p + t * s > 0 or (p + t * s == 0 and s > 0) else _ZERO
            for p, s in zip(start, slopes, strict=True)
        )
        pieces.append((images[-1], last, True, _ONE))
    else:
        last = tuple(max(p + s, _ZERO) for p, s in zip(start, slopes, strict=True))
        pieces.append((images[-1], last, False, _ONE - t))
    return pieces


def apply(layer: Layer, v: Vector) -> Vector:
    """``W v + b``."""
    return tuple(sum((w * v[k] for k, w in row), b) for row, b in zip(layer.rows, layer.biases, strict=True))


def linear(layer: Layer, v: Vector) -> Vector:
    """``W v``."""
    return tuple(sum((w * v[k] for k, w in row), _ZERO) for row in layer.rows)


def _direction(node: _Node, last: Layer) -> Vector:
    if node.ray:
        return linear(last, node.end)
    return linear(last, tuple(map(sub, node.end, node.start)))


def _collect(node: _Node) -> None:
    """Bends, first and last slope of a node from those of its parts."""
    bends, previous = 0, None
    for part, share, backwards in node.parts:
        first, last = part.first, part.last
        if backwards:
            first, last = tuple(-s for s in last), tuple(-s for s in first)
        if share != 1:  # the part's own parameter runs `share` times as fast
            first, last = tuple(s / share for s in first), tuple(s / share for s in last)
        bends += part.bends
        if previous is None:
            node.first = first
        elif previous != first:
            bends += 1
        previous = last
    node.bends = bends
    assert previous is not None
    node.last = previous
