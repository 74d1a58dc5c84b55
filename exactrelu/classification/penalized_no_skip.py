"""Biases penalised, no skip connection and no output bias: a certified enclosure of the least cost.

The problem is ``min Σ |a_j| ‖u_j‖`` over units ``u = (w, b)`` with ``s_i Σ a_j σ(u_j·(x_i, 1)) >= 1``. Its
dual is ``max Σ |ν_i|`` over ``s_i ν_i >= 0`` with ``|Σ ν_i σ(u·(x_i, 1))| <= ‖u‖`` for all ``u``.

**The method** is cutting planes with exact linear programmes.  With finitely many units both problems are
linear.  The solution for these units is a classifier, so it bounds the minimum from above; its multipliers,
divided by the largest value of the dual over all units (`dual_bound`), bound it from below.  Units where the
dual exceeds its bound join, at the peak of each sector.  Where two units of one sector carry weight, their
sum is one unit that does the same for the data at less cost; it joins, too.  Near an optimum with a kink
inside a sector each round halves the angle between the units that embrace it, which divides the gap by 4.
Data that the classifier of some of them gets wrong join the constraints.

**Exact answers.**  Where the classifier with a skip has ``D = 0`` (see `bias_path_excess`) it is optimal, as
the cost without skip is nowhere smaller.  With labels of one sort only, ``s h(x_i) <= cost(h) √(1+x_i²)`` for
every ``i``, with equality iff all units of ``h`` are positive multiples of ``(x_i, 1)``; so if ``x_m`` is
smallest in size and no datum lies across 0, ``s σ(x_m x + 1)/(1+x_m²)`` is the only optimum.  Otherwise let
``p < 0 < q`` be the data next to 0.  The constant, of cost 1, is optimal if the multipliers ``s q/(q-p),
-s p/(q-p)`` are feasible: they sum up to ``s (0, 1)`` where both data are active, which takes its bound at
constants only.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import gmpy2
from gmpy2 import mpq, mpz

from exactrelu.arithmetic import BudgetExceeded, Enclosure, RadicalSum
from exactrelu.arithmetic.lp import maximize
from exactrelu.classification import closed_form
from exactrelu.classification.dual_bound import Peak, Vector, peaks
from exactrelu.classification.labels import Switches
from exactrelu.classification.result import MaxMarginClassifier, margins
from exactrelu.functions import Dataset, PiecewiseLinear, bias_path_excess, representation_cost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exactrelu.certificates import Certificate

#: Relative width of the enclosure unless asked otherwise.
DEFAULT_TOLERANCE = mpq(1, 10**12)

_ZERO, _ONE = mpq(0), mpq(1)


def solve(
    data: Dataset, *, tolerance: mpq | None = None, timeout: float | None = None
) -> MaxMarginClassifier:
    """A classifier whose cost is minimal up to a relative error of `tolerance`, or exactly minimal.

    Raises
    ------
    BudgetExceeded
        If `timeout` seconds have passed.

    >>> found = solve(Dataset.read([0, 1], [-1, 1]))
    >>> found.is_exact, found.cost.relative_width < mpq(1, 10**12)
    (False, True)
    >>> solve(Dataset.read([1, 3], [1, 1])).cost
    RadicalSum([('1/2', '2')])
    """
    found = _one_sort(data) or _constant(data) or _with_zero_excess(data)
    if found is not None:
        return found
    deadline = None if timeout is None else time.monotonic() + timeout
    return _enclose(data, min(DEFAULT_TOLERANCE if tolerance is None else tolerance, mpq(1, 16)), deadline)


def certify(result: MaxMarginClassifier) -> Certificate:
    """The certificate: of optimality where ``D = 0`` proves it, else of two bounds."""
    from exactrelu import certificates

    data, f, support = result.data, result.function, result.support
    cost, nu = result.cost, result._evidence
    if nu is None and len(support) > 1:
        from exactrelu.dualplane import dual_signed_squares

        return certificates.classification(
            data, f, penalize_bias=True, skip=False, support=support, minimum=cost, unique=True,
            dual={"signed_squares": dual_signed_squares([data.x[i] for i in support], f.kinks)},
        )  # fmt: skip
    if nu is None:
        # One datum: the multiplier is ±1/√(1+x²), rounded towards zero where it is irrational.
        square = 1 + data.x[support[0]] ** 2
        unit = 1 << 128
        lower = mpq(gmpy2.isqrt(unit * unit * square.denominator // square.numerator), unit)
        upper = lower if lower * lower * square == 1 else lower + mpq(1, unit)
        nu, cost = [lower * data.y[support[0]]], Enclosure(lower, upper)
    lower, upper = (cost.lower, cost.upper) if isinstance(cost, Enclosure) else (cost, cost)
    return certificates.classification_bounds(data, f, support=support, lower=lower, upper=upper, nu=nu)


def _one_sort(data: Dataset) -> MaxMarginClassifier | None:
    """The optimum for labels of one sort, no datum across 0."""
    x, s = data.x, data.y[0]
    if any(v != s for v in data.y) or (x[0] < 0 < x[-1] and 0 not in x):
        return None
    m = min(range(len(x)), key=lambda i: abs(x[i]))
    norm = 1 + x[m] * x[m]
    f = unit_function([((x[m], _ONE), s / norm)])
    cost = RadicalSum._make([(1 / norm, norm)])
    rational = cost.as_rational()
    return MaxMarginClassifier(
        data, f, cost if rational is None else rational, True, True, False, (m,), _solver="penalized_no_skip"
    )


def _constant(data: Dataset) -> MaxMarginClassifier | None:
    """The constant of cost 1, where labels are of one sort and the data next to 0, on both sides, hold it."""
    x, s = data.x, data.y[0]
    if any(v != s for v in data.y) or not x[0] < 0 < x[-1]:
        return None
    j = bisect_right(x, _ZERO)
    p, q = x[j - 1], x[j]
    nu = [s * q / (q - p), -s * p / (q - p)]
    largest = [spot.square for spot in peaks((p, q), nu)]
    if max(largest) > 1:
        return None
    f = PiecewiseLinear._make(_ZERO, s, ())
    unique = True if largest.count(_ONE) == 1 else None
    return MaxMarginClassifier(
        data, f, _ONE, unique, True, False, (j - 1, j), _solver="penalized_no_skip", _evidence=nu
    )


def _with_zero_excess(data: Dataset) -> MaxMarginClassifier | None:
    """The classifier with a skip connection if it needs none.  For fewer than two switches it is affine."""
    if Switches.of(data).count < 2:
        return None
    found = closed_form.solve(data, penalize_bias=True, skip=True)
    if bias_path_excess(found.function).value:
        return None
    return MaxMarginClassifier(
        data, found.function, found.cost, True, True, False, found.support, _solver="penalized_no_skip"
    )


# -- enclosures ---------------------------------------------------------------------------------------


def _enclose(data: Dataset, tolerance: mpq, deadline: float | None) -> MaxMarginClassifier:
    x, y = data.x, data.y
    # A direction that is off by e costs about e²/2; kinks are to be told apart in the narrowest gap.
    narrow = min((t - s) / ((1 + abs(s)) * (1 + abs(t))) for s, t in pairwise(x))
    bits = _log2(1 / tolerance) // 2 + 12 + max(-_log2(narrow), 0)
    chosen = sorted({0, data.n - 1, *Switches.of(data).points})
    units: dict[Vector, mpq] = {}
    below = _Below(_ZERO, (), ())
    above: tuple[mpq, PiecewiseLinear] | None = None
    stalled = 0
    while True:
        if deadline is not None and time.monotonic() > deadline:
            raise BudgetExceeded(
                f"no enclosure of relative width {float(tolerance):g} was found in the time given; "
                "allow more time or a larger tolerance"
            )
        xs, ys = [x[i] for i in chosen], [y[i] for i in chosen]
        for w, b in ((_ZERO, _ONE), *((w, -w * t) for t in xs for w in (_ONE, -_ONE))):
            size = max(abs(w), abs(b))  # never rounded: a kink at a datum stays there
            units.setdefault((w / size, b / size), _root_above((w * w + b * b) / (size * size), 2 * bits))
        weights, nu = _programme(xs, ys, list(units.items()))
        spots = peaks(xs, nu)
        below = max(below, _feasible(xs, nu, spots, chosen, bits), key=lambda bound: bound.value)
        merged = _merged(xs, weights)
        f = unit_function(merged)
        margin = margins(f, data)
        if (least := min(margin)) > 0:
            f = f if least == 1 else f / least
            upper = _cost_above(f, 2 * bits)
            above = (upper, f) if above is None or upper < above[0] else above
        if above is not None and above[0] - below.value <= tolerance * below.value:
            return _result(data, below, *above)
        before = len(units), len(chosen)
        for unit in [spot.direction for spot in spots if spot.inside and spot.square > 1]:
            units.setdefault(*_rounded(unit, bits))
        for unit, _ in merged:
            units.setdefault(*_rounded(unit, bits))
        chosen = sorted({*chosen, *_worst(margin)})
        if (len(units), len(chosen)) == before:
            bits, stalled = bits + 16, stalled + 1  # nothing new at this resolution
            if stalled > 64:
                raise BudgetExceeded("the cutting planes do not converge; ask for a larger tolerance")


class _Below(NamedTuple):
    """Feasible multipliers of the data `support` and their value."""

    value: mpq
    support: tuple[int, ...]
    nu: tuple[mpq, ...]


def _feasible(
    x: Sequence[mpq], nu: Sequence[mpq], spots: Sequence[Peak], chosen: Sequence[int], bits: int
) -> _Below:
    """The multipliers pulled just inside the bound, and rounded towards 0.

    A multiplier that is off by e changes the dual by ``e √(1+x²)`` at most: less than what is pulled.
    """
    reach = max(abs(x[0]), abs(x[-1]), _ONE)
    scale = _root_above(max(spot.square for spot in spots), 2 * bits) * (1 + mpq(1, 1 << 2 * bits - 4))
    places = 2 * bits + _log2(reach) + len(x).bit_length() + 4
    fine = mpz(1) << max(places, 0)
    short = [mpq(v / scale * fine // 1 if v > 0 else -(-v / scale * fine // 1), fine) for v in nu]
    kept = [(i, v) for i, v in zip(chosen, short, strict=True) if v]
    if max(spot.square for spot in peaks(x, short)) > 1:
        return _Below(_ZERO, (), ())
    return _Below(sum(map(abs, short), _ZERO), tuple(i for i, _ in kept), tuple(v for _, v in kept))


def _cost_above(f: PiecewiseLinear, bits: int) -> mpq:
    """The cost of `f`, or a short number just above it."""
    cost = representation_cost(f, skip=False)
    return cost.enclosure(bits).upper if isinstance(cost, RadicalSum) else cost


def _result(data: Dataset, below: _Below, upper: mpq, f: PiecewiseLinear) -> MaxMarginClassifier:
    cost = upper if below.value == upper else Enclosure(below.value, upper)
    return MaxMarginClassifier(
        data, f, cost, None, True, False, below.support, _solver="penalized_no_skip", _evidence=below.nu
    )


def _programme(
    x: Sequence[mpq], s: Sequence[mpq], units: Sequence[tuple[Vector, mpq]]
) -> tuple[list[tuple[Vector, mpq]], list[mpq]]:
    """The units that the linear programme uses, with their weights, and the multipliers of the data."""
    columns = [[max(w * t + b, _ZERO) for t in x] for (w, b), _ in units]
    rows = [[sign * -s[i] * column[i] for column in columns for sign in (1, -1)] for i in range(len(x))]
    found = maximize([-r for _, r in units for _ in range(2)], A_ub=rows, b_ub=[-_ONE] * len(x))
    # Some constant of either sign is among the units only for one sort of labels, but the rays give every
    # datum a unit that begins between it and its neighbour: the programme has a solution.
    assert found.x is not None
    assert found.dual is not None
    plus, minus = found.x[::2], found.x[1::2]
    weights = [(u, p - m) for (u, _), p, m in zip(units, plus, minus, strict=True) if p != m]
    return weights, [v * sign for v, sign in zip(found.dual.ub, s, strict=True)]


def _merged(x: Sequence[mpq], weights: Sequence[tuple[Vector, mpq]]) -> list[tuple[Vector, mpq]]:
    """Units of one sector and one sign added up: the same values at the data, at no greater cost."""
    sums: dict[tuple[bool, tuple[int, ...]], Vector] = {}
    for (w, b), a in weights:
        key = a > 0, tuple(int(w * t + b > 0) for t in x)
        p, q = sums.get(key, (_ZERO, _ZERO))
        sums[key] = p + abs(a) * w, q + abs(a) * b
    return [(u, _ONE if positive else -_ONE) for (positive, _), u in sums.items()]


def unit_function(units: Sequence[tuple[Vector, mpq]]) -> PiecewiseLinear:
    """``Σ a σ(w x + b)`` of pairs ``((w, b), a)``."""
    slope = intercept = _ZERO
    kinks = []
    for (w, b), a in units:
        if not w:
            intercept += a * max(b, _ZERO)
            continue
        if w < 0:
            slope, intercept = slope + a * w, intercept + a * b
        kinks.append((-b / w, a * abs(w)))
    return PiecewiseLinear._merge(slope, intercept, kinks)


def _worst(margin: Sequence[mpq]) -> list[int]:
    """In every run of data with margins below 1, the one with the least."""
    found: list[int] = []
    inside = False
    for i, m in enumerate(margin):
        if m >= 1:
            inside = False
        elif not inside:
            found.append(i)
            inside = True
        elif m < margin[found[-1]]:
            found[-1] = i
    return found


def _rounded(unit: Vector, bits: int) -> tuple[Vector, mpq]:
    """A short unit in nearly that direction, about 1 long, and a number just above its length."""
    w, b = unit
    size = max(abs(w), abs(b))
    p, q = (mpq((v / size * (mpz(1) << bits) + mpq(1, 2)) // 1, mpz(1) << bits) for v in (w, b))
    return (p, q), _root_above(p * p + q * q, 2 * bits)


def _root_above(square: mpq, bits: int) -> mpq:
    """A short rational just above the root, or equal to it."""
    unit = mpz(1) << bits
    scaled = square * unit * unit
    root = gmpy2.isqrt(scaled.numerator // scaled.denominator)
    return mpq(root if root * root == scaled else root + 1, unit)


def _log2(q: mpq) -> int:
    """About the binary logarithm."""
    return int(q.numerator.bit_length() - q.denominator.bit_length())
