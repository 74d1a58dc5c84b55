"""The set of all ridgeless interpolants: minimal ``TV(f')``, biases and an affine part free (Hanin 2021).

Write ``e_i`` for the sign of the curvature at ``x_i`` (``2 <= i <= n-1``; ``e_1 = e_n = 0``). Everything
here rests on one fact:

    An interpolant is ridgeless iff every kink ``(t, c)`` lies in ``[x_2, x_{n-1}]`` and
    ``sign c = e_i`` if ``t = x_i``, ``sign c = e_i = e_{i+1}`` if ``x_i < t < x_{i+1}``.

Proof. Let ``g(x_i) = e_i``, affine between data and zero outside. Since ``g`` is piecewise linear with
knots at the data, ``sum c_k g(t_k) = int g df'`` depends on the values ``f(x_i)`` only; connecting the dots
shows that it is ``sum |curvature_i| =: C``. Hence ``TV(f') - C = sum |c_k| (1 - sign(c_k) g(t_k))``, every
term of which is non-negative as ``|g| <= 1``. So ``C`` is the minimum, attained iff ``g(t_k) = sign c_k`` at
every kink; and ``|g| = 1`` exactly at the places named. (n = 1: ``C = 0`` and no kink is allowed.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq, sign

from exactrelu.arithmetic import InputError
from exactrelu.arithmetic.sums import total
from exactrelu.functions import Dataset, PiecewiseLinear, ShallowNetwork, html
from exactrelu.functions.display import count, summary

if TYPE_CHECKING:
    import random

    import numpy as np

_ZERO = mpq(0)


def ridgeless_interpolants(x: Any, y: Any) -> RidgelessInterpolants:
    """All interpolants of minimal ``TV(f')``: the minimal-norm ones with free biases and a free skip.

    Parameters
    ----------
    x, y : sequences of equal length ``n >= 1``
        Rational-like numbers, in any order; a repeated point counts once.

    Raises
    ------
    InputError
        If the data are no numbers, of unequal length, empty, or give one x two different y.

    Notes
    -----
    Sorting, then every question costs ``O(n)``.

    References
    ----------
    B. Hanin, Ridgeless Interpolation with Shallow ReLU Networks in 1D is Nearest Neighbor Curvature
    Extrapolation and Provably Generalizes on Lipschitz Functions, 2021.

    Examples
    --------
    >>> R = ridgeless_interpolants([0, 1, 2, 3], [0, 0, 1, 3])
    >>> R.cost, R.sparsest()
    (mpq(2,1), PiecewiseLinear.from_kinks(0, 0, [('3/2', 2)]))
    >>> PiecewiseLinear.through([0, 1, 2, 3], [0, 0, 1, 3]) in R
    True
    >>> R = ridgeless_interpolants([0, 1, 2, 3, 4], [0, 1, 4, 9, 16])
    >>> print(R.why_not(PiecewiseLinear.from_kinks(1, 0, [(1, 1), ("3/2", 2), (2, -1), ("5/2", 4)])))
    the slope changes by -1 at x = 2, but f must be convex across the datum x_3 = 2
    """
    return RidgelessInterpolants(Dataset.read(x, y))


class Clause(Enum):
    """The clauses of Hanin's description that an interpolant can break."""

    INTERPOLATES = "f passes through the data"
    OUTER_PIECES = "f is affine on (-inf, x_2] and on [x_{n-1}, inf)"
    AFFINE_GAP = "f is affine on [x_i, x_{i+1}] unless the curvatures at both ends have the same sign"
    CURVED_GAP = "f bends as the data do where the curvatures at both ends of a gap have the same sign"
    AT_DATUM = "at a datum the slope of f changes in the direction of the curvature there, or not at all"


@dataclass(frozen=True, slots=True)
class NotRidgeless:
    """Why a function is not a ridgeless interpolant: the left-most failure. ``str`` says it in a sentence.

    Attributes
    ----------
    clause : Clause
        The clause that fails; `INTERPOLATES` is looked at first.
    at : mpq
        Where: the datum that is missed, or the location of the offending kink.
    index : int
        1-based: the datum ``x_index`` at ``at``, or the gap ``[x_index, x_{index+1}]`` that contains it
        (0 left of all data, n right of them).
    found : mpq
        The value of the function there, or the slope change of the kink.
    expected : mpq
        The value of the datum, or the sign that the slope change may have (0: none is allowed).
    """

    clause: Clause
    at: mpq
    index: int
    found: mpq
    expected: mpq

    def __str__(self) -> str:
        i, t = self.index, self.at
        if self.clause is Clause.INTERPOLATES:
            return f"f({t}) = {self.found}, but the datum there is y_{i} = {self.expected}"
        bends = f"the slope changes by {self.found} at x = {t}, but f must be "
        shape = {1: "convex", -1: "concave", 0: "affine"}[int(self.expected)]
        if self.clause is Clause.OUTER_PIECES:
            return bends + "affine left of the second datum and right of the last but one"
        if self.clause is Clause.AT_DATUM:
            return bends + f"{shape} across the datum x_{i} = {t}"
        return bends + f"{shape} on the gap between x_{i} and x_{i + 1}"


@dataclass(frozen=True)
class RidgelessInterpolants:
    """The set of ridgeless interpolants of `data`; build it with `ridgeless_interpolants`.

    Attributes
    ----------
    data : Dataset
    cost : mpq
        The minimal ``TV(f')``, which is the sum of the absolute curvatures of the data.
    is_unique : bool
        Whether the set has a single member.
    runs : tuple of (int, int)
        The maximal runs of equal non-zero signs of curvature, as half-open ranges of 0-based data indices.
    fewest_kinks : int
        The number of kinks of the sparsest members; no interpolant at all has fewer.
    """

    data: Dataset

    @cached_property
    def signs(self) -> tuple[int, ...]:
        """``e_1 .. e_n``: the signs of the curvatures, with 0 at the two ends."""
        inner = tuple(map(sign, self.data.curvatures))
        return (0, *inner, 0) if self.data.n > 1 else (0,)

    @cached_property
    def cost(self) -> mpq:
        """The minimal ``TV(f')``.

        With the chord slopes ``d_i``, ``sum e_i (d_i - d_{i-1}) = sum (e_i - e_{i+1}) d_i``: along a run
        everything cancels but its ends.
        """
        e = self.signs
        changes = zip(e, islice(e, 1, None), self.data.slopes, strict=False)
        return total([(a - b) * d for a, b, d in changes if a != b])

    @cached_property
    def is_unique(self) -> bool:
        """Whether there is a single member.

        If two neighbouring curvatures have the same sign, connecting the dots and the member whose kinks
        at the two data are merged into one between them differ. If not, and n >= 2, all gaps are affine.
        """
        e = self.signs
        return self.data.n > 1 and not any(a and a == b for a, b in zip(e, islice(e, 1, None), strict=False))

    @cached_property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """Maximal runs of equal non-zero signs; sign changes and zeros separate them."""
        return tuple(_runs(self.signs))

    @property
    def fewest_kinks(self) -> int:
        """Half of the length of each run, rounded up, added over the runs."""
        return sum((stop - start + 1) // 2 for start, stop in self.runs)

    def __contains__(self, f: object) -> bool:
        return self.why_not(f) is None

    def why_not(self, f: Any) -> NotRidgeless | None:
        """The left-most clause that `f` fails, or None if it is a member. ``O(n + kinks)``.

        `f` is a `PiecewiseLinear` or a `ShallowNetwork`; anything else is an `InputError`.
        """
        return next(self.failures(f), None)

    def failures(self, f: Any) -> Iterator[NotRidgeless]:
        """Every datum that `f` misses, then every kink that a member does not have; `f` as for `why_not`."""
        if isinstance(f, ShallowNetwork):
            f = f.function
        if not isinstance(f, PiecewiseLinear):
            raise InputError(f"only a PiecewiseLinear or a ShallowNetwork can be a member, not {f!r:.60}")
        x, y, e, n = self.data.x, self.data.y, self.signs, self.data.n
        for i, value in enumerate(f.values_at_sorted(x)):
            if value != y[i]:
                yield NotRidgeless(Clause.INTERPOLATES, x[i], i + 1, value, y[i])
        j = 0  # the number of data at or left of the kink
        for t, c in f.kinks:
            while j < n and x[j] <= t:
                j += 1
            at_datum = j > 0 and x[j - 1] == t
            if j <= 1 or (j == n - 1 and not at_datum) or j == n:
                yield NotRidgeless(Clause.OUTER_PIECES, t, j, c, _ZERO)
                continue
            if at_datum:
                allowed, clause = e[j - 1], Clause.AT_DATUM
            elif e[j - 1] != e[j] or not e[j]:
                allowed, clause = 0, Clause.AFFINE_GAP
            else:
                allowed, clause = e[j], Clause.CURVED_GAP
            if sign(c) != allowed:
                yield NotRidgeless(clause, t, j, c, mpq(allowed))

    def sparsest(self) -> PiecewiseLinear:
        """A member with the fewest kinks, `fewest_kinks` of them. ``O(n)``.

        No interpolant has fewer kinks. Let ``h_i`` be the hat function of ``x_i``, supported on
        ``(x_{i-1}, x_{i+1})``. For every interpolant, ``sum c_k h_i(t_k)`` is a positive multiple of the
        curvature at ``x_i``, so some kink of sign ``e_i`` lies in that open interval. Take every other
        datum of each run, the first included. Intervals of the chosen data with the same sign are
        disjoint: two of one run have a datum between them, and so have two of different runs, as a sign
        change or a zero lies between. So all these kinks are different.
        """
        x, kappa = self.data.x, self.data.curvatures
        kinks = []
        for start, stop in self.runs:
            for i in range(start, stop - 1, 2):
                # Two kinks of one sign, replaced by one with their sum in their centre of mass, which
                # leaves the function as it is outside the gap: the lines of both neighbours meet there.
                c = kappa[i - 1] + kappa[i]
                kinks.append(((kappa[i - 1] * x[i] + kappa[i] * x[i + 1]) / c, c))
            if (stop - start) % 2:
                kinks.append((x[stop - 1], kappa[stop - 2]))
        return self._with_kinks(tuple(kinks))

    def sample(self, rng: random.Random | np.random.Generator | int) -> PiecewiseLinear:
        """A random member, with numbers hardly longer than those of the data. ``O(n)``.

        Every combinatorial kind of member has positive probability: gaps affine or curved, slopes matched
        or broken at the data, one or (up to four) kinks in a gap. `rng` is a ``random.Random``, a
        ``numpy.random.Generator`` or an integer seed.
        """
        from exactrelu.interpolation._ridgeless_sampling import sample

        return sample(self, rng)

    def __repr__(self) -> str:
        points, kinks = count(self.data.n, "point"), count(self.fewest_kinks, "kink")
        unique = "unique" if self.is_unique else "not unique"
        return summary(self, points, f"cost {html.number(self.cost)}", f"{kinks} or more", unique)

    def _repr_html_(self) -> str:
        return html.facts(
            "Ridgeless interpolants",
            [
                ("data", count(self.data.n, "point")),
                ("cost", html.number(self.cost)),
                ("unique", "yes" if self.is_unique else "no"),
                ("fewest kinks", f"{self.fewest_kinks:,}"),
                ("a sparsest one", html.function(self.sparsest())),
            ],
        )

    def _with_kinks(self, kinks: tuple[tuple[mpq, mpq], ...]) -> PiecewiseLinear:
        """The function with the left-most chord as its left-most piece and these kinks (trusted)."""
        data = self.data
        slope = data.slopes[0] if data.n > 1 else _ZERO
        return PiecewiseLinear._make(slope, data.y[0] - slope * data.x[0], kinks)


def _runs(signs: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    start = 0
    for i in range(1, len(signs) + 1):
        if i == len(signs) or signs[i] != signs[start]:
            if signs[start]:
                yield start, i
            start = i
