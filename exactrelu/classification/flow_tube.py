"""Tubes around solutions of the gradient flow with a fixed pattern, from Taylor's formula.

A state is a centre of exact dyadic numbers and a radius: the solution is no farther from it (Euclidean).  Let
``F`` be the field of its pattern.

1. *A polynomial.*  The coefficients of the series ``θ = c + ∫ F(θ)`` follow from each other: rounded, they
   make a polynomial ``u`` of degree ``m - 1``, which is near a solution.
2. *Its defect* ``d = u' - F(u)``.  By Taylor's formula it is ``Σ_{k<m-1} d_k t^k + D t^(m-1)``, ``d_k`` its
   coefficients at 0, ``D`` that of order ``m - 1`` at some time before ``t`` (one for each component), where
   ``u'`` has none.  The series at an interval of times encloses those at all of them; intervals are halved
   as needed.
3. *Solutions.*  They depart from ``u`` at no more than the rate of `Field.growth` ``μ`` and the defect, so
   that after ``t`` they are within ``e^(μt) (radius + t max|d|)``.  ``μ`` is computed for a tube around ``u``
   that is wider than that: then no solution can leave the tube (at the first time when it would, it is
   too near).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import flint
from flint import arb, arb_poly, arb_series
from gmpy2 import mpq

from exactrelu.classification.flow_field import Field, Pattern, Undecided, ball

Key = tuple[int, int]  # unit, datum
_HALVINGS = 40
_WIDENINGS = 12  # each doubles a tube
_PIECES = 48  # intervals of time that are tried in a step


@dataclass(frozen=True, slots=True)
class State:
    """All that is known at a time. `fresh` pairs start at ``z = 0`` or on the side of their letter."""

    time: mpq
    center: tuple[Any, ...]
    radius: Any
    pattern: Pattern
    fresh: frozenset[Key] = frozenset()


@contextmanager
def working(bits: int) -> Iterator[None]:
    """Flint's precision, which is global, for a while."""
    before = flint.ctx.prec, flint.ctx.cap
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec, flint.ctx.cap = before


def exact(dyadic: Any) -> mpq:
    """The number that a ball of radius 0 holds."""
    mantissa, exponent = dyadic.man_exp()
    return mpq(int(mantissa)) * mpq(2) ** int(exponent)


@dataclass(frozen=True, slots=True)
class Tube:
    """Polynomials, boxes around them and all solutions, bounds of growth and defect, up to `length`."""

    length: mpq
    centre: list[Any]
    boxes: list[list[Any]]
    growth: Any
    defect: Any

    def width(self, state: State, h: mpq) -> Any:
        """How far solutions may be from the polynomials until `h`."""
        return ((state.radius + ball(h) * self.defect) * (self.growth * ball(h)).exp()).upper()

    def after(self, state: State, h: mpq) -> State:
        """The state after `h`."""
        values = [p(ball(h)) for p in self.centre]
        center = tuple(a.mid() for a in values)
        spread = norm([a - c for a, c in zip(values, center, strict=True)])
        return State(state.time + h, center, (self.width(state, h) + spread).upper(), state.pattern)


class Tubes:
    """Tubes at one precision, which has to be flint's (`working`)."""

    def __init__(self, field: Field, bits: int) -> None:
        self.field = field
        self.order = max(10, bits // 4)
        self.tiny = arb(2) ** (6 - bits)

    def of(self, state: State, longest: mpq) -> Tube:
        """Solutions of the field of the pattern for a time, at most `longest`."""
        series = self.taylor(state.center, state.pattern)
        h = min(longest, self._length(series))
        centre = [
            arb_poly([start, *(c.mid() for c in coefficients[1:])])
            for start, coefficients in zip(state.center, series, strict=True)
        ]
        margins = self.field.margins(list(centre), state.pattern)
        early = self._motion(centre, margins, state.pattern, arb(0))
        reason = "no step is short enough"
        for _ in range(_HALVINGS):
            late = self._late(centre, margins, state.pattern, h)
            if late is not None:
                times, defect = late
                for k in range(self.order - 1):
                    off = [(k + 1) * c[k + 1] - f[k] for c, f in zip(centre, early, strict=True)]
                    defect += norm(off) * ball(h) ** k
                tube = self._tube(state, h, centre, times, defect.upper())
                if tube is not None:
                    return tube
                reason = "the enclosure has become too wide"
            h /= 2
        raise Undecided(reason)

    def _tube(self, state: State, h: mpq, centre: list[Any], times: list[Any], defect: Any) -> Tube | None:
        """The tube around `centre`; None if all that are tried are too narrow for it."""
        wide = (4 * (state.radius + ball(h) * defect) + self.tiny**2).upper()
        for _ in range(_WIDENINGS):
            boxes = [[c(time) + arb(0, 1) * wide for c in centre] for time in times]
            growth = largest([self.field.growth(box, state.pattern) for box in boxes])
            tube = Tube(h, centre, boxes, growth, defect)
            if tube.width(state, h) < wide:
                return tube
            wide = (wide * 2).upper()
        return None

    def _late(
        self, centre: list[Any], margins: list[Any], pattern: Pattern, h: mpq
    ) -> tuple[list[Any], Any] | None:
        """A partition of ``[0, h]``, and the bound of ``|D| t^(m-1)``; None if that is not small."""
        power = ball(h) ** (self.order - 1)
        waiting, times, most = [(mpq(0), h)], [], [arb(0)] * len(centre)
        for _ in range(_PIECES):
            low, high = waiting.pop()
            time = ball(low).union(ball(high))
            try:
                last = [f[self.order - 1] for f in self._motion(centre, margins, pattern, time)]
            except Undecided:
                last = [arb("nan")]
            if norm(last) * power * ball(h) < self.tiny * 2**8:
                times.append(time)
                # Each component has a time of its own in Taylor's formula.
                most = [m.max(f.abs_upper()) for m, f in zip(most, last, strict=True)]
            else:
                middle = (low + high) / 2
                waiting += [(middle, high), (low, middle)]
            if not waiting:
                return times, norm(most) * power
        return None

    def _motion(self, centre: list[Any], margins: list[Any], pattern: Pattern, time: Any) -> list[Any]:
        """The coefficients of the field along the polynomials, at a time or for all times of a ball."""
        flint.ctx.cap = self.order
        shift = arb_poly([time, 1])

        def at(p: Any) -> Any:
            return arb_series(p(shift).coeffs()[: self.order]) if isinstance(p, arb_poly) else p

        # Differences of polynomials, in which what margins have in common cancels.
        gaps = [at(q - margins[0]) for q in margins]
        shares = self.field.shares([at(q) for q in margins], gaps)
        motion = self.field.motion([at(c) for c in centre], pattern, shares)
        motion = [f if isinstance(f, arb_series) else arb_series([f]) for f in motion]
        assert all(f.prec >= self.order for f in motion)  # flint takes coefficients beyond that for 0
        return motion

    def taylor(self, center: Any, pattern: Pattern) -> list[list[Any]]:
        """The coefficients ``c_0, …, c_{m-1}`` of the solution from `center`."""
        flint.ctx.cap = 1
        theta = [arb_series([c]) for c in center]
        # Each round makes one more coefficient right: that of t^(k+1) in ∫F(θ) takes those up to t^k in θ.
        for k in range(1, self.order):
            motion = self.field.motion(list(theta), pattern)
            flint.ctx.cap = k + 1
            theta = [
                (f.integral() if isinstance(f, arb_series) else arb_series([0, f])) + c
                for f, c in zip(motion, center, strict=True)
            ]
        return [[t[k] for k in range(self.order)] for t in theta]

    def _length(self, series: list[list[Any]]) -> mpq:
        """A length for which the last terms are tiny."""
        found = []
        for k in (self.order - 2, self.order - 1):
            size = norm([c[k] for c in series])
            if size > 0:
                found.append(((self.tiny / size).log() / k).exp() * 0.8)
        least = min((float(a.mid()) for a in found), default=1e6)
        return mpq(min(max(least, 1e-30), 1e6))


def around(center: Any, radius: Any) -> list[Any]:
    """A box around a ball."""
    return [c + arb(0, 1) * radius for c in center]


def norm(vector: list[Any]) -> Any:
    """An upper bound of the Euclidean norm of all vectors in the box."""
    return sum((a.abs_upper() ** 2 for a in vector), arb(0)).sqrt().upper()


def largest(values: list[Any]) -> Any:
    """An upper bound; NaN if one of them is."""
    most = values[0]
    for value in values[1:]:
        most = most.max(value)
    return most.upper()
