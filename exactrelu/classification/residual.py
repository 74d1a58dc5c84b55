"""How far a network is from a KKT point, bounded exactly.

For a network with the parameters ``θ`` and margins ``q_i = s_i N_θ(x_i)``, ``q = min q_i > 0``, any
multipliers ``λ_i >= 0`` and subgradients ``σ'_ij`` show that the direction is an approximate KKT point in the
sense of Dutta, Deb, Tulshyan, Arora 2013 (used by Lyu, Li 2020): at ``θ/√q``, which has margin 1,

    ε = ‖θ/√q - Σ λ_i s_i ∂N(x_i; θ/√q)‖,    δ = Σ λ_i (q_i/q - 1).

Both are divided by a power of the norm, so that they do not depend on the scale of the data:
``ε/‖θ/√q‖ = ‖θ - Σ λ_i s_i ∂N(x_i; θ)‖/‖θ‖``, as ``∂N`` is homogeneous of degree 1, and
``δ/‖θ/√q‖² = Σ λ_i (q_i - q)/‖θ‖²``.  Multipliers are proposed in floats; the values for them are exact.

A kink that KKT points have *at* a datum lies near it in a float network, where its subgradient is 0 or 1
and nothing between.  So kinks may be moved onto data first; by how much ``θ`` changes is then part of the
answer: a network at that distance has the residual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gmpy2
import numpy as np
from gmpy2 import mpq, mpz
from numpy.typing import NDArray

from exactrelu.arithmetic import InputError, rational
from exactrelu.classification.kkt import Unit, plain_units
from exactrelu.classification.labels import read_labels

if TYPE_CHECKING:
    from exactrelu.functions import Dataset, ShallowNetwork

Floats = NDArray[np.float64]
_ZERO = mpq(0)


@dataclass(frozen=True, slots=True)
class KKTResidual:
    """Exact upper bounds of the distance from the KKT conditions.

    Attributes
    ----------
    margin : mpq
        ``min s_i N(x_i)``; negative or 0 where the network does not classify.
    normalized_margin : mpq
        ``margin/‖θ‖²``, the same for all multiples of ``θ``.
    stationarity : mpq or None
        An upper bound of ``ε`` relative to the norm, within 1e-12 of the value for `multipliers`; None
        without a positive margin.
    complementarity : mpq or None
        ``δ`` relative to the square of the norm, exactly.
    multipliers : tuple of mpq
        ``λ_i``.
    moved : mpq
        An upper bound of the distance to the network that was judged, relative to the norm; 0 unless kinks
        were moved onto data. Margins are those of the network that was judged, too.
    """

    margin: mpq
    normalized_margin: mpq
    stationarity: mpq | None
    complementarity: mpq | None
    multipliers: tuple[mpq, ...]
    moved: mpq = _ZERO

    @property
    def bound(self) -> mpq | None:
        """The largest of the three numbers that would be 0 for a KKT point."""
        if self.stationarity is None or self.complementarity is None:
            return None
        return max(self.stationarity, self.complementarity, self.moved)


def kkt_residual(network: ShallowNetwork, x: Any, labels: Any, *, snap: Any = 0) -> KKTResidual:
    """An exact rational upper bound of the KKT residual of the direction of a network.

    Float weights are the dyadic rationals that they hold.  The weights are taken as they are, not rescaled.

    Parameters
    ----------
    network : ShallowNetwork
        ``Σ v_j σ(w_j x + b_j)`` with rational weights, no output bias, no skip.
    x, labels : sequences of equal length
        As for `max_margin_classifier`.
    snap : non-negative rational-like number
        Kinks of units with ``|w x_i + b| <= snap · ‖(w, b)‖ √(1+x_i²)`` are moved onto the datum first.

    Raises
    ------
    InputError, UnsupportedError
        As `kkt_certificate`; and for a network whose weights are all 0.

    Notes
    -----
    A non-negative least-squares problem in floats, then ``O(n · width)`` rational operations.

    >>> from exactrelu.functions import ShallowNetwork
    >>> bent = kkt_residual(ShallowNetwork([1], [0], [1]), [1], [1])
    >>> bent.complementarity, 0.4 < bent.stationarity < 0.6
    (mpq(0,1), True)
    >>> kkt_residual(ShallowNetwork([0], [1], [1]), [0], [1]).bound < 1e-11
    True
    """
    near = rational(snap, name="snap")
    if near < 0:
        raise InputError(f"snap is {near}; it must not be negative")
    return residual_of(plain_units(network), read_labels(x, labels), near)


def residual_of(units: list[Unit], data: Dataset, snap: mpq = _ZERO) -> KKTResidual:
    """`kkt_residual` of units ``(w, b, v)`` and data that are read already."""
    size = _squares(units)
    if not size:
        raise InputError("all weights of the network are 0: it has no direction")
    moved = _ZERO
    if snap:
        before, units = units, [_snapped(unit, data.x, snap * snap) for unit in units]
        change = [tuple(p - q for p, q in zip(a, b, strict=True)) for a, b in zip(before, units, strict=True)]
        moved = _root_above(_squares(change) / size)
    judged = _Judge(units, data, moved)
    if judged.margin <= 0:
        return judged.unclassified()
    answers = [judged.judge(*proposal) for proposal in judged.proposals()]
    return min(answers, key=lambda answer: max(answer.stationarity or 0, answer.complementarity or 0))


def _squares(units: Sequence[Sequence[mpq]]) -> mpq:
    return sum((c * c for unit in units for c in unit), _ZERO)


def _snapped(unit: Unit, x: Sequence[mpq], square: mpq) -> Unit:
    """The unit with its kink on the first datum that is near enough: the nearest ``(w, b)`` there."""
    w, b, v = unit
    norm = w * w + b * b
    for t in x:
        z = w * t + b
        if z and z * z <= square * norm * (1 + t * t):
            return w - z * t / (1 + t * t), b - z / (1 + t * t), v
    return unit


def _root_above(square: mpq) -> mpq:
    """The root rounded up to 12 decimals, or exactly where it has as many."""
    unit = mpz(10) ** 12
    scaled = square * unit * unit
    root = gmpy2.isqrt(scaled.numerator // scaled.denominator)
    return mpq(root if root * root == scaled else root + 1, unit)


Shares = dict[tuple[int, int], mpq]
"""``λ_i σ'_ij`` by (unit, datum), where the unit vanishes at the datum."""


class _Judge:
    """Exact values of the conditions for one network."""

    def __init__(self, units: list[Unit], data: Dataset, moved: mpq) -> None:
        self.units, self.data, self.moved = units, data, moved
        self.square = _squares(units)
        self.inner = [[w * t + b for t in data.x] for w, b, _ in units]
        pairs = list(zip(units, self.inner, strict=True))
        self.q = [
            label * sum((u[2] * z[i] for u, z in pairs if z[i] > 0), _ZERO) for i, label in enumerate(data.y)
        ]
        self.margin = min(self.q)

    def unclassified(self) -> KKTResidual:
        """The answer without a positive margin."""
        return KKTResidual(self.margin, self.margin / self.square, None, None, (), self.moved)

    def judge(self, multipliers: list[mpq], shares: Shares) -> KKTResidual:
        """The exact values for these multipliers and subgradients."""
        signed = list(zip(multipliers, self.data.y, self.data.x, strict=True))
        rest = _ZERO
        for j, ((w, b, v), z) in enumerate(zip(self.units, self.inner, strict=True)):
            first = second = value = _ZERO
            for i, (m, s, t) in enumerate(signed):
                if m and z[i] >= 0:
                    part = s * (m if z[i] else shares.get((j, i), _ZERO))
                    first, second, value = first + part * t, second + part, value + part * z[i]
            rest += (w - v * first) ** 2 + (b - v * second) ** 2 + (v - value) ** 2
        slack = sum((m * (q - self.margin) for m, q in zip(multipliers, self.q, strict=True)), _ZERO)
        return KKTResidual(
            self.margin, self.margin / self.square, _root_above(rest / self.square), slack / self.square,
            tuple(multipliers), self.moved,
        )  # fmt: skip

    def proposals(self) -> list[tuple[list[mpq], Shares]]:
        """Multipliers 0, which leave a residual of 1; and from least squares, for several prices of slack."""
        size = max(max(abs(c) for c in unit) for unit in self.units)
        theta = np.array([[float(c / size) for c in unit] for unit in self.units])
        on = np.array([[z > 0 for z in row] for row in self.inner], dtype=float)
        # Column i is divided by the length of (x_i, 1), about: no number is too large for a float.
        reach = [max(abs(t), mpq(1)) for t in self.data.x]
        x = np.array([float(t / c) for t, c in zip(self.data.x, reach, strict=True)])
        s = np.array([float(y / c) for y, c in zip(self.data.y, reach, strict=True)])
        signs = np.array(self.data.y, dtype=float)
        v = theta[:, 2:]
        # Column i of the gradients, s_i ∇N(x_i) at θ/size, flattened over units; then the undecided ones.
        values = theta[:, :1] * x * signs + theta[:, 1:2] * s
        gradients = np.concatenate([v * on * signs * x, v * on * s, values * on])
        undecided = [(j, i) for j, row in enumerate(self.inner) for i, z in enumerate(row) if not z]
        extra = np.zeros((gradients.shape[0], len(undecided)))
        for k, (j, i) in enumerate(undecided):
            extra[[j, len(self.units) + j], k] = v[j, 0] * signs[i] * x[i], v[j, 0] * s[i]
        target = theta.T.reshape(-1)
        norm = np.sqrt(target @ target)
        slacks = [(q - self.margin) / (size * size * c) for q, c in zip(self.q, reach, strict=True)]
        slack = np.array([float(a) for a in slacks]) / norm**2
        found: list[tuple[list[mpq], Shares]] = [([_ZERO] * len(x), {})]
        for price in (0.0, 0.1, 1.0, 10.0, 100.0):
            # min ‖target - G λ - E μ‖²/norm² + (price · slack·λ)² over λ, μ >= 0; μ <= λ afterwards.
            row = np.concatenate([price * slack, np.zeros(len(undecided))])
            matrix = np.vstack([np.hstack([gradients, extra]) / norm, row])
            z = [mpq(a) for a in nonnegative_least_squares(matrix, np.append(target / norm, 0.0)).tolist()]
            multipliers = [m / c for m, c in zip(z, reach, strict=False)]
            shares = {
                (j, i): min(m / reach[i], multipliers[i])
                for (j, i), m in zip(undecided, z[len(x) :], strict=True)
                if m
            }
            found.append((multipliers, shares))
        return found


def nonnegative_least_squares(matrix: Floats, right: Floats) -> Floats:
    """``argmin ‖matrix z - right‖`` over ``z >= 0`` in float64, by the active sets of Lawson and Hanson."""
    n = matrix.shape[1]
    z, passive = np.zeros(n), np.zeros(n, dtype=bool)
    scale = np.abs(matrix.T @ right).max(initial=0.0)
    for _ in range(3 * n + 10):
        gradient = matrix.T @ (right - matrix @ z)
        gradient[passive] = -np.inf
        if passive.all() or gradient.max() <= 1e-13 * scale:
            break
        passive[int(gradient.argmax())] = True
        while passive.any():
            trial = np.zeros(n)
            trial[passive] = np.linalg.lstsq(matrix[:, passive], right, rcond=None)[0]
            if (trial[passive] > 0).all():
                z = trial
                break
            blocking = passive & (trial <= 0)
            ahead = z[blocking] - trial[blocking]  # 0 where both are: no step is possible then
            step = np.divide(z[blocking], ahead, out=np.zeros_like(ahead), where=ahead > 0).min()
            z = z + step * (trial - z)
            passive &= z > 1e-15 * z.max(initial=0.0)
            z[~passive] = 0.0
    return z
