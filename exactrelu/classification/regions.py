"""Linear regions of a network on a line: those of its function, and those of its activation pattern.

A region of the function is a maximal interval on which the function is affine.  A region of the activation
pattern is a maximal open interval on which no unit switches between on (positive) and off; units may switch
without a trace in the function, since they cancel or carry no weight.  So the second count is what code that
looks at units reports, and an upper bound of the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from gmpy2 import mpq

from exactrelu.arithmetic import InputError
from exactrelu.arithmetic.errors import BudgetExceeded
from exactrelu.functions import DeepNetwork, PiecewiseLinear, ShallowNetwork
from exactrelu.functions.deep_line import affine
from exactrelu.functions.exact import simplest

MAX_PIECES = 1_000_000
_ZERO = mpq(0)


@dataclass(frozen=True, slots=True)
class Regions:
    """Linear regions of a network of one input.

    Attributes
    ----------
    function : PiecewiseLinear
        What the network computes.
    linear : int
        Regions of the function.
    patterns : int
        Regions of the activation pattern.
    units : int
        Hidden units.
    """

    function: PiecewiseLinear = field(repr=False)
    linear: int
    patterns: int
    units: int


def regions(network: ShallowNetwork | DeepNetwork) -> Regions:
    """Count the regions of a network exactly; float weights are the dyadic rationals that they hold.

    Raises
    ------
    InputError
        Unless the network has one input and one output.
    BudgetExceeded
        If a hidden layer of a deep network has more than a million kinks.

    Notes
    -----
    ``O(m log m)`` for a shallow network of width ``m``; for a deep one a multiple of its number of pieces.

    >>> found = regions(ShallowNetwork([1, 2, 1], [0, 0, -1], [2, -1, 1]))
    >>> found.linear, found.patterns
    (2, 3)
    """
    if isinstance(network, ShallowNetwork):
        places = {simplest(-b / w) for w, b in zip(network.input_weights, network.biases, strict=True) if w}
        f = network.function
        return Regions(f, f.linear_regions, len(places) + 1, network.width)
    f, switches = _deep(network)
    return Regions(f, f.linear_regions, len(switches) + 1, network.units)


def _deep(network: DeepNetwork) -> tuple[PiecewiseLinear, set[mpq]]:
    """The function and the places where a unit switches."""
    if network.inputs != 1 or network.outputs != 1:
        raise InputError(
            "linear regions on a line are those of networks with one input and one output; this one has "
            f"{network.inputs} and {network.outputs}"
        )
    layers = network._layers
    functions = [PiecewiseLinear._make(mpq(1), _ZERO, ())]
    found: set[mpq] = set()
    for layer in layers[:-1]:
        positive = [_positive_part(f) for f in affine(layer, functions)]
        functions = [f for f, _ in positive]
        for _, places in positive:
            found |= places
        if len(found) > MAX_PIECES:
            raise BudgetExceeded(f"a hidden layer has more than {MAX_PIECES} kinks")
    return affine(layers[-1], functions)[0], found


def _positive_part(f: PiecewiseLinear) -> tuple[PiecewiseLinear, set[mpq]]:
    """``max(f, 0)``, and where it switches between positive and zero.  Linear."""
    a, b = f.slope, f.intercept
    on = a < 0 or (a == 0 and b > 0)
    slope, intercept = (a, b) if on else (_ZERO, _ZERO)
    kinks: list[tuple[mpq, mpq]] = []
    switches: set[mpq] = set()
    ends: list[mpq | None] = [None, *f.knots, None]
    changes = [*(c for _, c in f.kinks), _ZERO]
    current = slope  # of max(f, 0) at the left of the next event
    for (low, high), c in zip(pairwise(ends), changes, strict=True):
        # Inside the piece: a root where f changes its sign.
        if a:
            t = -b / a
            if (low is None or low < t) and (high is None or t < high):
                after = max(a, _ZERO)
                kinks.append((t, after - current))
                switches.add(t)
                current, on = after, a > 0
        if high is None:
            break
        value = a * high + b
        a, b = a + c, b - c * high
        after = a if value > 0 or (value == 0 and a > 0) else _ZERO
        if after != current:
            kinks.append((high, after - current))
        if on != (value > 0 or (value == 0 and a > 0)):
            switches.add(high)
        current, on = after, value > 0 or (value == 0 and a > 0)
    return PiecewiseLinear._make(slope, intercept, tuple(kinks)), switches


def effective_regions(f: PiecewiseLinear, low: mpq, high: mpq, tolerance: mpq) -> int:
    """The regions of `f` on ``[low, high]`` when small bends are overlooked.

    That is the fewest pieces into which the interval can be cut, at kinks of `f`, so that on each some affine
    function is within `tolerance` of `f`; 1 for a single point.

    Greedy from the left, which is optimal, as parts of good pieces are good.  An affine function within ``e``
    exists iff the concave envelope of ``f`` exceeds the convex one by ``2e`` at most; for a piecewise-linear
    function that is so iff it holds at its kinks.  Each piece is found by doubling, then halving:
    ``O(K log K)``.

    >>> f = PiecewiseLinear.from_kinks(0, 0, [(0, 1), ("1/100", 1), (1, -2)])
    >>> effective_regions(f, mpq(-1), mpq(2), mpq(1, 100)), effective_regions(f, mpq(-1), mpq(2), mpq(0))
    (3, 4)
    """
    if low == high:
        return 1  # a point
    knots = [low, *(t for t in f.knots if low < t < high), high]
    points = list(zip(knots, f.values_at_sorted(knots), strict=True))
    count, start, last = 0, 0, len(points) - 1
    while start < last:
        # The piece ends at `good` or later, and before `bad`.
        good, bad = start + 1, last + 1
        while bad - good > 1:
            end = min(2 * good - start, last) if bad > last else (good + bad) // 2
            if _straight(points[start : end + 1], tolerance):
                good = end
            else:
                bad = end
        count, start = count + 1, good
    return count


Points = list[tuple[mpq, mpq]]


def _straight(points: Points, tolerance: mpq) -> bool:
    """Whether an affine function is within `tolerance` of the points.  Linear."""
    upper, lower = (_values(_hull(points, side), points) for side in (-1, 1))
    return all(high - low <= 2 * tolerance for high, low in zip(upper, lower, strict=True))


def _hull(points: Points, side: int) -> Points:
    """The convex (side 1) or concave (side -1) chain below or above the points."""
    chain: Points = []
    for point in points:
        while len(chain) > 1:
            (a, p), (b, q) = chain[-2:]
            if side * ((b - a) * (point[1] - p) - (point[0] - a) * (q - p)) > 0:
                break
            chain.pop()
        chain.append(point)
    return chain


def _values(chain: Points, points: Points) -> list[mpq]:
    """The values of a chain at the places of the points, which begin and end where it does."""
    found, k = [], 0
    for t, _ in points:
        while chain[k + 1][0] < t:
            k += 1
        (a, p), (b, q) = chain[k : k + 2]
        found.append(p + (q - p) * (t - a) / (b - a))
    return found
