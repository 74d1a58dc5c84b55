"""The exact side of the enclosure: feasibility of a dual, values of both, and rounding."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gmpy2 import isqrt, mpq, mpz

from exactrelu.arithmetic import Enclosure, RadicalSum
from exactrelu.functions import PiecewiseLinear
from exactrelu.functions.bias_path import excess_value

if TYPE_CHECKING:
    from collections.abc import Sequence

_ZERO = mpq(0)


def bounds(function: PiecewiseLinear, nu: Sequence[mpq], y: Sequence[mpq], size: mpq, bits: int) -> Enclosure:
    """The value of the dual and the cost of the function, rounded outwards by about ``size/2**bits``."""
    places = bits - log2(size)
    unit = mpq(mpz(1) << places) if places >= 0 else mpq(1, mpz(1) << -places)
    lower = floor(sum((v * w for v, w in zip(nu, y, strict=True)), _ZERO) * unit)
    excess: Any = excess_value(function)
    if isinstance(excess, RadicalSum):
        excess = excess.enclosure(bits).upper
    upper = -floor(-excess * unit)
    for t, c in function.kinks:
        upper += isqrt(floor(c * c * (1 + t * t) * unit * unit)) + 1
    return Enclosure(lower / unit, upper / unit)


def is_feasible(x: Sequence[mpq], nu: Sequence[mpq]) -> bool:
    """Whether ``|Σ ν_i σ(w x_i + b)| ≤ ‖(w, b)‖`` for all ``(w, b)``, decided exactly.

    With ``g_R(t) = Σ ν_i σ(x_i - t)`` and ``g_L(t) = Σ ν_i σ(t - x_i)`` it asks for
    ``|g_R|, |g_L| ≤ √(1+t²)`` everywhere (``w = 0`` is the limit at infinity).  On a gap between data ``s``
    and ``t`` both are affine.  A function that is affine there, ``p`` at ``s`` and ``q`` at ``t``, is a
    vector ``v`` with ``p = v·(1, -s)``, ``q = v·(1, -t)``, and the condition says that ``v`` is at most 1
    in size in all directions between the two.  The component of ``v`` in the direction at an angle ``φ``
    from the first is ``|v| cos(φ - ψ)``; so with ``p = √(1+s²) cos α``, ``q = √(1+t²) cos β`` and the angle
    ``Δ`` between the directions it asks for ``Δ ≤ α + β ≤ 2π - Δ``, that is
    ``p q - √((1+s²-p²)(1+t²-q²)) ≤ 1 + s t``.  Left of the data ``g_R``, and right of them ``-g_L``, are
    the same affine function: together the directions between ``(1, -x_1)`` and ``(-1, x_n)``.
    """
    right, left, total = [_ZERO], [_ZERO], _ZERO
    for (s, t), v in zip(pairwise(x), nu, strict=False):
        total += v
        left.append(left[-1] + total * (t - s))
    total = _ZERO
    for (s, t), v in zip(pairwise(reversed(x)), reversed(nu), strict=False):
        total += v
        right.append(right[-1] + total * (s - t))
    right.reverse()
    norms = [1 + t * t for t in x]
    slack_right = [w - g * g for w, g in zip(norms, right, strict=True)]
    slack_left = [w - g * g for w, g in zip(norms, left, strict=True)]
    if min(*slack_right, *slack_left) < 0:
        return False
    ends = 1 + x[0] * x[-1]
    if not _bounded(-ends - right[0] * left[-1], slack_right[0], slack_left[-1]):
        return False
    products = [1 + s * t for s, t in pairwise(x)]
    return all(
        _bounded(product - p * q, a, b)
        for g, slack in ((right, slack_right), (left, slack_left))
        for product, (p, q), (a, b) in zip(products, pairwise(g), pairwise(slack), strict=True)
    )


def _bounded(difference: mpq, a: mpq, b: mpq) -> bool:
    """``difference ≥ -√(a b)``."""
    return bool(difference >= 0 or difference * difference <= a * b)


def near(value: Any, unit: Any) -> mpq:
    """A dyadic rational within `unit` of `value` (both mpfr or mpq)."""
    k = 1 - log2(mpq(unit))
    scale = mpq(mpz(1) << k) if k >= 0 else mpq(1, mpz(1) << -k)
    return floor(mpq(value) * scale + mpq(1, 2)) / scale


def simple(value: Any, unit: Any) -> mpq:
    """A fraction of a few digits if `value` is close to one, else `near`: short optima are found exactly.

    The cost is flat around an optimum, so proposals are off by the square root of the tolerance or so.  A
    denominator of an eighth of the bits of `unit` is still unlikely to be there by chance, and keeps sums
    short.
    """
    exact = value = mpq(value)
    k = max(0, 1 - log2(mpq(unit)))
    window, bound = mpq(unit) * (1 << 5 * k // 8), mpz(1) << k // 8
    p, q = (mpz(0), mpz(1)), (mpz(1), mpz(0))
    while True:
        whole = floor(value)
        p, q = q, (p[0] + whole * q[0], p[1] + whole * q[1])
        if q[1] > bound:
            return near(exact, unit)
        if abs(exact - mpq(*q)) <= window:
            return mpq(*q)
        value = 1 / (value - whole)


def floor(q: mpq) -> mpz:
    """The greatest integer not above `q`."""
    return q.numerator // q.denominator


def log2(q: mpq) -> int:
    """An integer at most one away from ``log2 q``, ``q > 0``."""
    return int(q.numerator.bit_length() - q.denominator.bit_length())
