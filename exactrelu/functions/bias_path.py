"""What a network pays for its affine part when biases are penalised and there is no skip connection.

**The primal.** Since ``σ(z) = (z + |z|)/2``, a unit ``a σ(w x + b)`` with ``w != 0`` puts a kink of slope
change ``c = a |w|`` at ``t = -b/w``, adds ``c s (1, -t)``, ``s = sign w``, to the coefficients of twice the
affine part, and costs ``|a| ‖(w, b)‖ = |c| √(1+t²)``. A unit with ``w = 0`` is a constant ``c``; it adds
``(0, 2c)`` and costs ``|c|``. As ``f(x) = ½ Σ c_k |x - t_k| + ½ (A x + B)`` with
``x_f = (A, B) = (f'(+∞) + f'(-∞), 2 f(0) - Σ |t_k| c_k)``, a network computes ``f`` iff at every location
``t`` its slope changes add up to that of ``f`` (0 off the kinks) and all contributions to ``x_f``.

Two slope changes ``c_R`` (units facing right) and ``c_L`` (left) at ``t`` with sum ``c`` contribute
``p (1, -t)``, ``p = c_R - c_L``, and cost ``|c_R| + |c_L| = max(|c|, |p|)`` times ``√(1+t²)``. With
``p_k = φ_k |c_k| + rest``, ``|φ_k| <= 1``, the rest costs, beyond ``Σ |c_k| √(1+t_k²)``, the sum of the
lengths of the vectors ``p (1, -t)`` in it, which by the triangle inequality is least when it is one vector
``r``. So the excess over ``Σ |c_k| √(1+t_k²)`` is

    D = min { |c| + |r| : r = x_f - (0, 2c) - Σ φ_k g_k, |φ_k| <= 1 },    g_k = |c_k| (1, -t_k),

where a vertical ``r = (0, b)``, which no unit with ``w != 0`` gives, never is optimal unless ``b = 0``: the
constant ``b/2`` does the same at half the price. Conversely ``r`` with ``r_1 != 0`` is the contribution of
``½ σ(z) - ½ σ(-z)``, ``z = r_1 x + r_2``, which costs ``|r|``. Hence the minimum is attained by a network.

**The dual.** ``|r| = max_{|λ|<=1} λ·r``; exchanging min and max (a bilinear form, ``λ`` and ``φ`` in compact
convex sets, Sion) and minimising over ``c`` (finite iff ``|λ_2| <= ½``) and ``φ`` gives

    D = max { F(λ) : |λ| <= 1, |λ_2| <= ½ },    F(λ) = λ·x_f - Σ |λ·g_k|.

**The form of the answer.** ``F`` is concave and positively homogeneous, so either ``F <= 0`` everywhere and
``D = 0``, or the maximum is positive and sits on the boundary, which consists of two horizontal segments
``λ_2 = ±½`` and two arcs of the circle. On the boundary, a local maximum with a positive value is a global
one: interior points nearby are boundary points nearby shortened, and concavity does the rest.
Along a segment ``F`` is piecewise linear, so the maximum is at ``λ_1 = ±t_k/2`` (value rational) or at an
end ``(±√3/2, ±½)`` (value ``p + q√3``). On a piece of an arc where no ``λ·g_k`` changes sign, ``F(λ) = v·λ``
with rational ``v``, so the maximum is at ``v/|v|`` (value ``√(v·v)``) or at an end of the piece,
``±(t_k, 1)/√(1+t_k²)`` (value a rational times ``√(1+t_k²)``) or ``(±√3/2, ±½)``. So ``D`` is
``p + q√d`` with rational ``p, q, d``.

**The algorithm.** The kinks are sorted by ``t_k``, hence the directions in which a ``λ·g_k`` changes sign by
angle, and ``v`` is updated at each in constant time. Which candidate is the local maximum is decided by the
signs of one-sided derivatives: of rationals, and of ``p + q√3`` at the four corners. All four boundary parts
are one piece of code each up to the symmetries ``x_f -> -x_f`` (``λ -> -λ``) and ``(B, t) -> (-B, -t)``
(``λ_2 -> -λ_2``). ``O(K)`` operations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import TypeAlias

from gmpy2 import mpq

from exactrelu.arithmetic import RadicalSum
from exactrelu.functions.exact import Exact, simplest
from exactrelu.functions.piecewise_linear import PiecewiseLinear

Kinks: TypeAlias = Sequence[tuple[mpq, mpq]]

_ZERO, _ONE, _THREE = mpq(0), mpq(1), mpq(3)


@dataclass(frozen=True, slots=True)
class BiasPathExcess:
    """The excess ``D`` of a function, with a primal and a dual solution that prove it.

    Attributes
    ----------
    value : mpq or RadicalSum
        ``D >= 0``; an mpq when rational.
    dual_signed_squares : pair of mpq
        ``(r_1, r_2)`` with ``λ_i = sign(r_i) √|r_i|``, ``|λ| <= 1``, ``|λ_2| <= ½``, ``F(λ) = D``.
    split : tuple of mpq, one for each kink
        ``φ_k`` in ``[-1, 1]``; at most two of them are not ``±1``.
    constant : mpq or RadicalSum
        The constant unit ``c``.
    residual : pair of mpq or RadicalSum
        ``r = x_f - (0, 2c) - Σ φ_k |c_k| (1, -t_k)``; ``D = |c| + |r|``.
    """

    value: Exact
    dual_signed_squares: tuple[mpq, mpq]
    split: tuple[mpq, ...]
    constant: Exact
    residual: tuple[Exact, Exact]

    @property
    def dual(self) -> tuple[Exact, Exact]:
        """``λ``, the direction that attains the maximum."""
        r, s = self.dual_signed_squares
        return _signed_root(r), _signed_root(s)


def _signed_root(r: mpq) -> Exact:
    return simplest(RadicalSum._make([(_ONE if r > 0 else -_ONE, abs(r))]))


def affine_demand(f: PiecewiseLinear) -> tuple[mpq, mpq]:
    """``x_f = (f'(+∞) + f'(-∞), 2 f(0) - Σ |t_k| c_k)``. ``O(K)``.

    With ``f(x) = slope x + intercept + Σ c_k σ(x - t_k)`` the second entry is
    ``2 intercept + Σ c_k (2 σ(-t_k) - |t_k|) = 2 intercept - Σ c_k t_k``.
    """
    A, B = 2 * f.slope, 2 * f.intercept
    for t, c in f.kinks:
        A += c
        B -= c * t
    return A, B


def bias_path_excess(f: PiecewiseLinear) -> BiasPathExcess:
    """What ``f`` costs beyond ``Σ |c_k| √(1+t_k²)`` with penalised biases and no skip connection.

    The module's docstring defines the excess and proves the form of the answer. ``O(K)`` operations on
    rationals.

    >>> bias_path_excess(PiecewiseLinear.from_kinks(1, 1)).value
    RadicalSum([('1', '1'), ('1', '3')])
    """
    A, B = affine_demand(f)
    kinks = f.kinks
    split = _window(A, B, kinks)
    if split is not None:
        return BiasPathExcess(_ZERO, (_ZERO, _ZERO), split, _ZERO, (_ZERO, _ZERO))
    for sign in (1, -1):
        found = _top(sign * A, sign * B, kinks) or _right(sign * A, sign * B, kinks)
        if found is not None:
            return found if sign > 0 else _negated(found)
    raise AssertionError("F has no positive maximum although x_f is outside the zonotope")


def excess_value(f: PiecewiseLinear) -> Exact:
    """``bias_path_excess(f).value``, quickly where many kinks leave no doubt that it is 0.

    Exact sums over ``K`` kinks of unrelated denominators have ``O(K)`` digits each.
    """
    return _ZERO if len(f.kinks) > 100 and _surely_in_zonotope(f) else bias_path_excess(f).value


def _surely_in_zonotope(f: PiecewiseLinear) -> bool:
    """Whether `_window` has an answer; False also where short integers leave that open. ``O(K)``.

    Masses and locations are divided by units and rounded down to integers of size ``e`` at most, each off by
    less than 1, and moments of single masses by less than ``2e``. Everything is doubled, as ``m`` and ``p``
    have halves: ``m`` is off by less than ``2K + 1``, ``p`` by less than ``4eK + 1``. A sub-mass of the true
    masses with the true total becomes one of the rounded masses with the rounded total, and conversely, when
    less than ``8(K+1)`` is taken away or added: up to ``2K`` for the masses, the rest for the total. That
    changes its moment by up to ``8e(K+1)``, and the rounded locations by up to ``2eK``. So the distances of
    ``p`` from the least and the greatest moment are off by less than ``16e(K+1)``.
    """
    kinks, bits = f.kinks, 96 + len(f.kinks).bit_length()
    e = 1 << bits
    mass = max(abs(c) for _, c in kinks) / e
    far = max(abs(f.kinks[0][0]), abs(f.kinks[-1][0])) / e or _ONE
    t: list[int] = [floor(t / far) for t, _ in kinks]
    c: list[int] = [floor(abs(c) / mass) for _, c in kinks]
    signed = [a if b > 0 else -a for a, (_, b) in zip(c, kinks, strict=True)]
    total = sum(c)
    m: int = floor(2 * f.slope / mass) + sum(signed) + total
    bend = sum(a * b for a, b in zip(c, t, strict=True)) + sum(a * b for a, b in zip(signed, t, strict=True))
    p: int = bend - floor(2 * f.intercept / (mass * far))
    if min(m, 2 * total - m) <= 8 * (len(c) + 1):
        return False
    least, greatest = _moment(c, t, m), _moment(c[::-1], t[::-1], m)
    return min(p - least, greatest - p) > 16 * e * (len(c) + 1)


def _moment(c: list[int], t: list[int], free: int) -> int:
    """The first moment of the first masses ``2 c`` of total `free`."""
    moment = 0
    for mass, place in zip(c, t, strict=True):
        share = min(free, 2 * mass)
        moment += share * place
        free -= share
        if not free:
            break
    return moment


def _window(A: mpq, B: mpq, kinks: Kinks) -> tuple[mpq, ...] | None:
    """``φ`` with ``Σ φ_k |c_k| (1, -t_k) = (A, B)``, None if there is none.

    Put ``ρ_k = (1 + φ_k)/2``: a share of the mass ``|c_k|`` at ``t_k`` with prescribed total ``m`` and first
    moment ``p``. Among the sub-masses with total ``m``, those that fill a window of the line have every first
    moment from the least (window at the left end) to the greatest (right end), continuously in the mass
    left of the window. So ``φ`` exists iff ``p`` is between these two, and then some window has moment ``p``.
    The window slides by steps that end where one of its two ends meets the end of a mass.
    """
    total = sum((abs(c) for _, c in kinks), _ZERO)
    m = (A + total) / 2
    if m < 0 or m > total:
        return None
    p = (sum((abs(c) * t for t, c in kinks), _ZERO) - B) / 2
    # The leftmost window.
    share = [_ZERO] * len(kinks)
    j, free = 0, m
    while j < len(kinks) and free:
        share[j] = min(free, abs(kinks[j][1]))
        p -= share[j] * kinks[j][0]
        free -= share[j]
        if share[j] == abs(kinks[j][1]):
            j += 1
    if p < 0:
        return None
    i = 0
    while p:
        while i < len(kinks) and not share[i]:
            i += 1
        if j >= len(kinks) or i >= len(kinks):
            return None
        t, room = kinks[j][0], abs(kinks[j][1]) - share[j]
        gain = t - kinks[i][0]
        if i == j:  # the window lies inside one mass; only its left part can move on, once j has been filled
            j += 1
            continue
        step = min(share[i], room)
        if gain * step >= p:
            step = p / gain
        share[i] -= step
        share[j] += step
        p -= gain * step
        if share[j] == abs(kinks[j][1]):
            j += 1
    return tuple(2 * s / abs(c) - 1 for s, (_, c) in zip(share, kinks, strict=True))


def _top(A: mpq, B: mpq, kinks: Kinks) -> BiasPathExcess | None:
    """The positive maximum of ``F`` on the segment ``λ = (s/2, ½)``, ``|s| < √3``, if there is one.

    There ``2 F = s A + B - Σ |c_k| |s - t_k|`` is concave in ``s``. ``slope`` is its slope, right of ``-√3``
    at first.
    """
    size = [abs(c) for _, c in kinks]
    slope = A + sum(size, _ZERO)
    first = 0
    while first < len(kinks) and kinks[first][0] < 0 and kinks[first][0] ** 2 > _THREE:
        slope -= 2 * size[first]
        first += 1
    if slope < 0:
        return None
    # Should the slope be 0 already, then every s up to the first kink in the strip is a maximum.
    s = min(_ZERO, kinks[first][0]) if first < len(kinks) else _ZERO
    at = first
    while slope > 0:
        if at == len(kinks) or (kinks[at][0] > 0 and kinks[at][0] ** 2 > _THREE):
            return None
        s = kinks[at][0]
        slope -= 2 * size[at]
        at += 1
    # φ_k is 1 where t_k < s and -1 where t_k > s. With φ = 1 at s itself, slope = A - Σ φ_k |c_k| <= 0 is the
    # first coordinate of the residual; at s it was positive one kink ago, so lowering this φ makes it 0.
    split = [_ONE] * at + [-_ONE] * (len(kinks) - at)
    if slope:
        split[at - 1] += slope / size[at - 1]
    constant = (B + sum((p * q * t for p, q, (t, _) in zip(split, size, kinks, strict=True)), _ZERO)) / 2
    if constant <= 0:
        return None
    return BiasPathExcess(constant, (s * abs(s) / 4, mpq(1, 4)), tuple(split), constant, (_ZERO, _ZERO))


def _right(A: mpq, B: mpq, kinks: Kinks) -> BiasPathExcess | None:
    """The positive local maximum of ``F`` on the arc ``λ = (1, τ)/√(1+τ²)``, ``|τ| <= 1/√3``, if any.

    ``v`` is the gradient of ``F`` at ``τ = 0``. Moving from ``τ = 0`` to the side where ``F(1, τ)`` does not
    grow, ``F(1, τ)/√(1+τ²)`` falls while it is positive; so look on the other side only.
    """
    v1 = A - sum((abs(c) for _, c in kinks), _ZERO)
    v2 = B + sum((abs(c) * t for t, c in kinks), _ZERO)
    if v2 >= 0:
        return _right_upper(v1, v2, kinks)
    found = _right_upper(v1, -v2, [(-t, c) for t, c in reversed(kinks)])
    if found is None:
        return None
    (l1, l2), (r1, r2) = found.dual_signed_squares, found.residual
    return BiasPathExcess(found.value, (l1, -l2), found.split[::-1], -found.constant, (r1, -r2))


def _right_upper(v1: mpq, v2: mpq, kinks: Kinks) -> BiasPathExcess | None:
    """The same on ``0 <= τ <= 1/√3``, where ``v = (v1, v2)``, ``v2 >= 0``, is the gradient of ``F`` at ``0``.

    The derivative of ``(v1 + τ v2)/√(1+τ²)`` has the sign of ``v2 - τ v1``. While ``F(1, τ)`` grows, that
    is positive where ``F <= 0``, and beyond, it changes sign at most once; the loop keeps it positive at the
    start of each piece. The pieces end at ``τ = 1/t``, where ``t`` runs down from the greatest kink to √3.
    """
    split = [_ONE] * len(kinks)
    for k in range(len(kinks) - 1, -1, -1):
        t, size = kinks[k][0], abs(kinks[k][1])
        if t <= 0 or t * t < _THREE or t * v2 <= v1:
            break
        # Beyond τ = 1/t the sign of λ·g_k is -1, that is φ_k = -1.
        w1, w2 = v1 + 2 * size, v2 - 2 * size * t
        if w2 <= 0 or t * w2 <= w1:
            # The derivative changes sign at the kink: the residual is v + μ g_k, 0 < μ <= 2, parallel to
            # (t, 1). (If F is still negative there, then w2 <= 0 and μ may exceed 2; F <= 0 follows.)
            mu = (t * v2 - v1) / (size * (1 + t * t))
            r1, r2 = v1 + mu * size, v2 - mu * size * t
            if r2 <= 0:
                return None
            split[k] -= mu
            norm = 1 + t * t
            value = simplest(RadicalSum._make([(r2, norm)]))
            return BiasPathExcess(value, (t * t / norm, 1 / norm), tuple(split), _ZERO, (r1, r2))
        split[k] = -_ONE
        v1, v2 = w1, w2
    if v1 <= 0:
        # Either v2 = 0, so that F grows nowhere and F = v1 at τ = 0. Or F grows up to the corner (√3, 1)/2;
        # but v1 is its derivative along the segment there, so the maximum is on the segment: `_top` finds it.
        return None
    norm = v1 * v1 + v2 * v2
    if v1 * v1 > 3 * v2 * v2:
        value = simplest(RadicalSum._make([(_ONE, norm)]))
        return BiasPathExcess(value, (v1 * v1 / norm, v2 * v2 / norm), tuple(split), _ZERO, (v1, v2))
    # F still grows at the corner, and along the segment λ_2 = ½ it grows up to it (v1 > 0).
    constant = RadicalSum._make([(v2 / 2, _ONE), (-v1 / 6, _THREE)])
    residual = (v1, RadicalSum._make([(v1 / 3, _THREE)]))
    value = simplest(RadicalSum._make([(v2 / 2, _ONE), (v1 / 2, _THREE)]))
    return BiasPathExcess(
        value, (mpq(3, 4), mpq(1, 4)), tuple(split), simplest(constant), (residual[0], simplest(residual[1]))
    )


def _negated(found: BiasPathExcess) -> BiasPathExcess:
    """The solution for ``-x_f`` from that for ``x_f``: everything but the value changes sign."""
    (l1, l2), (r1, r2) = found.dual_signed_squares, found.residual
    return BiasPathExcess(
        found.value, (-l1, -l2), tuple(-p for p in found.split), -found.constant, (-r1, -r2)
    )
