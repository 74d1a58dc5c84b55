"""Simpler numbers, and simpler vectors of numbers that belong together."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor

from gmpy2 import gcd, lcm, mpq, mpz

from exactrelu.campaign.anatomy import complexity

Vector = tuple[mpq, ...]

_SMALL = 1000  # numerators up to this are lowered one by one
_FEW = 16  # differences up to this too
_HALF = mpq(1, 2)


@lru_cache(maxsize=10_000)
def simpler_numbers(q: mpq) -> Vector:
    """Simpler numbers near 0 and near `q`, the simplest first, and `q` itself."""
    p, d = q.numerator, q.denominator
    sign = 1 if q > 0 else -1
    near = [mpq(0), mpq(sign), mpq(sign, 2), abs(q), mpq(p // d), mpq(-(-p // d))]
    if d > 1:
        exact = Fraction(int(p), int(d))
        near += [mpq(exact.limit_denominator(most)) for most in (2, 3, 4, 8, 16, 100, 10**4)]
    if abs(p) > _SMALL:
        size = int(abs(p)).bit_length()
        near += [mpq(sign * (abs(p) >> k), d) for k in (1, size // 2, size - 4)]
        near += [mpq(sign * 10 ** (len(str(abs(p // d) or 1)) - 1))]
    at_most = complexity(q)
    lengths = {a: complexity(a) for a in near}
    options = sorted((c, a < 0, abs(a)) for a, c in lengths.items() if c <= at_most and a != q)
    return (*(-size if minus else size for _, minus, size in options), q)


def lowered(q: mpq) -> list[mpq]:
    """Simpler numbers: those near, those of fewer digits, and `q` less a half, a quarter, ..., a unit."""
    sign = 1 if q > 0 else -1
    p, d = abs(q.numerator), q.denominator
    near = [*simpler_numbers(q)[:-1], *(mpq(floor(q * 2**k + _HALF), 2**k) for k in (1, 2, 4) if d > 1)]
    if p <= _SMALL:
        near += [mpq(sign * (p - (p >> k)), d) for k in range(1, int(p).bit_length())]
    else:
        size = int(p).bit_length()
        near += [mpq(sign * (p >> k << k), d) for k in (size - 1, size - 2, size - 4, size - 8)]
        near += [mpq(sign * (p // u * u), d) for u in (10 ** (len(str(p)) - k) for k in (1, 2))]
    most = complexity(q)
    return [a for a in dict.fromkeys(near) if complexity(a) < most]


@lru_cache(maxsize=1000)
def like(v: Vector) -> tuple[Vector, ...]:
    """Simpler vectors that look like `v`, the simplest first: of the same order, differences or ratios."""
    found = [*_ordered(v), tuple(-q for q in v), tuple(map(abs, v))]
    for shift in _shifts(v):
        w = tuple(q - shift for q in v)
        found += [w, primitive(w), *_scaled(w), *rounded(w)]
    most = complexity(v)
    simpler = sorted((complexity(w), w) for w in set(found))
    return tuple(w for c, w in simpler if c < most)


def _ordered(v: Vector) -> Iterator[Vector]:
    """Integers in the same order, their gaps at most 1, 2 or 3 times the smallest gap."""
    for with_zero in (False, True):
        levels = sorted({*v, mpq(0)} if with_zero else set(v))
        unit = min((b - a for a, b in pairwise(levels)), default=mpq(1))
        for most in (1, 2, 3):
            place = {levels[0]: mpq(0)}
            for a, b in pairwise(levels):
                place[b] = place[a] + min(ceil((b - a) / unit), most)
            ends = {levels[0], levels[len(levels) // 2], levels[-1]}
            for origin in {mpq(0)} if with_zero else ends:
                yield tuple(place[q] - place[origin] for q in v)
            if not with_zero:
                yield tuple(place[q] + 1 for q in v)


def _shifts(v: Vector) -> list[mpq]:
    """What to subtract: nothing, an end, the middle or, far from 0, a part of the way there."""
    low, high = min(v), max(v)
    found = [mpq(0), low, high, (low + high) / 2, v[0], v[-1], v[len(v) // 2]]
    far = low if low > 0 else high if high < 0 else mpq(0)
    top, sign = floor(abs(far)), 1 if far > 0 else -1
    there = (1, 10, 100, 1 << (int(top).bit_length() // 2), top // 2, top - 1)
    found += [mpq(sign * (top - left)) for left in there if 0 < left < top]
    return list(dict.fromkeys([*found, *(mpq(floor(c)) for c in found)]))


def _scaled(v: Vector) -> list[Vector]:
    """Doubled or halved until the largest is near 1, 8, 64 or 1024, half of the way, or once."""
    size = _size(v)
    powers = {size, size - 3, size - 6, size - 10, size // 2, 1 if size > 0 else -1} - {0}
    return [tuple(q / _power(k) for q in v) for k in sorted(powers)]


def rounded(v: Vector) -> list[Vector]:
    """Rounded to integers of one or two digits, to integers, and to a few bits of the largest."""
    top = max(map(abs, v), default=mpq(0))
    if not top:
        return []
    found = [tuple(mpq(floor(q * most / top + _HALF)) for q in v) for most in (2, 4, 8, 32)]
    units = [mpq(1), *(_power(_size(v) - bits) for bits in (1, 2, 4, 8, 16))]
    return found + [tuple(floor(q / unit + _HALF) * unit for q in v) for unit in units]


def primitive(v: Vector) -> Vector:
    """The multiple whose entries are integers without a common factor."""
    below, above = mpz(1), mpz(0)
    for q in v:
        below, above = lcm(below, q.denominator), gcd(above, q.numerator)
    return tuple(q * below / above for q in v) if above else v


def _size(v: Iterable[mpq]) -> int:
    top = max(map(abs, v))
    return int(top.numerator).bit_length() - int(top.denominator).bit_length()


def _power(k: int) -> mpq:
    return mpq(1 << k) if k >= 0 else mpq(1, 1 << -k)


def stepped(v: Vector) -> Iterator[Vector]:
    """One step between two of the numbers, or between one and 0, made smaller; equal numbers lowered."""
    for a, b in pairwise(sorted({*v, mpq(0)})):
        gap = b - a
        units = (mpq(1),) if gap <= _FEW else ()
        for less in dict.fromkeys((gap, gap - 1, mpq(floor(gap / 2)), gap - floor(gap), *units)):
            if not 0 < less <= gap:
                continue
            if b > 0:  # what lies beyond comes nearer to 0
                yield tuple(q - less if q >= b else q for q in v)
            else:
                yield tuple(q + less if q <= a else q for q in v)
    for q in sorted(set(v)):
        if v.count(q) > 1:
            yield from (tuple(new if p == q else p for p in v) for new in lowered(q))


def bent(x: Vector, curvatures: Sequence[mpq]) -> Vector:
    """The ordinates over `x` that start flat from 0 and have these curvatures."""
    slope, y = mpq(0), [mpq(0), mpq(0)]
    for i, c in enumerate(curvatures, 1):
        slope += c
        y.append(y[-1] + slope * (x[i + 1] - x[i]))
    return tuple(y[: len(x)])
