"""A line on which finitely many points stay distinct, found deterministically, with the gap that is left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd, lcm
from random import Random

from gmpy2 import mpq

_CANDIDATES = 96
_SPAN = 1 << 10
Point = tuple[mpq, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """``p -> direction · p`` on given points.

    Attributes
    ----------
    direction : tuple of int
        Without a common divisor.
    values : tuple of mpq
        The projected points, in their order.
    separation : mpq
        The least distance of two of them (0 for a single point).
    """

    direction: tuple[int, ...]
    values: tuple[mpq, ...]
    separation: mpq


def project(points: Sequence[Point]) -> Projection:
    """The best of a fixed list of integer directions, by the ratio of separation and extent.

    Notes
    -----
    The list is the same for all data. If none of it keeps the points apart, directions
    ``(1, t, t², ..)`` on the moment curve follow for ``t = 0, 1, 2, ..``: two points agree on at most
    ``d - 1`` of them (a polynomial in ``t`` of degree below ``d``), so one of the first
    ``(d - 1) N (N - 1)/2 + 1`` works. ``O(N log N)`` a direction.
    """
    d, n = len(points[0]), len(points)
    common = lcm(*{int(q.denominator) for p in points for q in p})
    integers = [[int(q * common) for q in column] for column in zip(*points, strict=True)]
    if d == 1 or n == 1:
        direction = (1,) + (0,) * (d - 1)
        return _projection(direction, _project(integers, direction), common)
    best: tuple[mpq, tuple[int, ...], list[int]] | None = None
    for direction in _fixed_list(d):
        values = _project(integers, direction)
        ordered = sorted(values)
        gap = min(map(int.__sub__, ordered[1:], ordered))
        if gap:
            ratio = mpq(gap, ordered[-1] - ordered[0])
            if best is None or ratio > best[0]:
                best = ratio, direction, values
    if best is not None:
        return _projection(best[1], best[2], common)
    t = 0
    while True:
        direction = tuple(t**k for k in range(d))
        values = _project(integers, direction)
        if len(set(values)) == n:
            return _projection(direction, values, common)
        t += 1


def _fixed_list(d: int) -> Iterator[tuple[int, ...]]:
    """Unit vectors, then vectors that a generator of fixed seed draws from a cube."""
    for k in range(d):
        yield tuple(int(i == k) for i in range(d))
    rng = Random(2023)
    for span in (3, 30, _SPAN):
        for _ in range(_CANDIDATES // 3):
            direction = [rng.randint(-span, span) for _ in range(d)]
            divisor = gcd(*direction)
            if divisor:
                yield tuple(u // divisor for u in direction)


def _project(columns: Sequence[Sequence[int]], direction: Sequence[int]) -> list[int]:
    total = [0] * len(columns[0])
    for u, column in zip(direction, columns, strict=True):
        if u:
            total = [a + u * v for a, v in zip(total, column, strict=True)]
    return total


def _projection(direction: tuple[int, ...], values: Sequence[int], common: int) -> Projection:
    ordered = sorted(values)
    gap = min(map(int.__sub__, ordered[1:], ordered), default=0)
    return Projection(
        direction,
        tuple(mpq(v, common) for v in values),
        mpq(gap, common),
    )
