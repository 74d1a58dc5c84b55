"""The barrier at irregular points: how many labels a network cannot memorise, with all the numbers.

Source: J. W. Siegel, Sharp lower bounds on interpolation by deep ReLU neural networks at irregularly spaced
data, arXiv 2302.00834 (2023), whose theorem `lower_bound` makes explicit (proved in
``proofs/memorization_barrier.py``).
"""

from dataclasses import dataclass
from typing import Any

import gmpy2
from gmpy2 import mpq

from exactrelu.arithmetic import rational
from exactrelu.arithmetic.errors import BudgetExceeded, InputError
from exactrelu.certificates import Certificate, impossibility
from exactrelu.functions.display import show
from exactrelu.memorization.bounds import (
    E_ABOVE,
    integer,
    linear_pieces,
    polynomials_a_point,
    require_short,
)
from exactrelu.memorization.gadgets import class_parameters

MAX_INTERVALS = 10**6
"""Of numbers of groups that are decided."""


@dataclass(frozen=True, slots=True)
class LowerBound:
    """A decided case of the inequality.

    If all labellings ``{0, 1}`` of ``N = 2 groups`` points, taken from ``groups`` groups of ``group_size``
    consecutive grid points each, could be fitted by networks of one input, this width and depth and
    ``parameters`` parameters, then ``(kM/⌈T/2⌉)^k <= 2 (2 e |X| (L+1) Q/P)^P`` would hold, with ``k`` groups,
    ``M = group_size - 1``, ``|X| = k (M + 1)``, ``T = (W+1)^L`` and ``Q`` polynomials a point.

    Attributes
    ----------
    width, depth, parameters, groups, group_size : int
        ``W, L, P, k, M + 1``.
    pieces : int
        ``T``.
    polynomials : int
        ``Q = 2^{WL} + Σ_{l=1}^{L} W 2^{W(l-1)}``.
    impossible : bool
        The inequality fails, so that some labelling cannot be fitted.
    """

    width: int
    depth: int
    parameters: int
    groups: int
    group_size: int
    pieces: int
    polynomials: int
    impossible: bool

    @property
    def labels(self) -> int:
        """``N``, the number of labelled points."""
        return 2 * self.groups

    @property
    def points(self) -> int:
        """``|X|``, the number of grid points they are taken from."""
        return self.groups * self.group_size

    @property
    def certificate(self) -> Certificate | None:
        """The claim that some labelling cannot be fitted, for `exactrelu.check`; None if it is not excluded.

        >>> from exactrelu import check
        >>> check(lower_bound(width=1, depth=1, groups=20, group_size=2**40).certificate).message[:77]
        'accepted: networks of width 1, depth 1 and 4 parameters do not fit all labels'
        """
        if not self.impossible:
            return None
        return impossibility(
            width=self.width,
            depth=self.depth,
            parameters=self.parameters,
            groups=self.groups,
            group_size=self.group_size,
        )

    def __str__(self) -> str:
        verdict = "cannot" if self.impossible else "are not excluded by this inequality to"
        return (
            f"networks of width {self.width}, depth {self.depth} and {self.parameters} parameters {verdict} "
            f"fit all labellings of {self.labels} points out of {self.groups} groups of {self.group_size} "
            "grid points"
        )


def lower_bound(
    *, width: int, depth: int, parameters: int | None = None, groups: int, group_size: int
) -> LowerBound:
    """Decide whether the counting inequality excludes memorisation, in exact integer arithmetic.

    Parameters
    ----------
    width, depth : int, at least 1
    parameters : int, optional
        By default that of the class ``Υ^{W,L}(R)``, see `class_parameters`.
    groups : int, at least 1
        ``k``; the labelled points are ``2k``.
    group_size : int, at least 2
        Grid points of a group.

    Raises
    ------
    InputError
        If an argument is not of this kind, or Warren's bound does not apply because there are fewer
        polynomials than parameters.
    BudgetExceeded
        If the two sides are too long to be written.

    Notes
    -----
    Euler's number is replaced by a rational above it, which can only make the answer "not excluded". Numbers
    of ``O((k + P) (log(kM) + WL))`` bits. The polynomials are counted as in equation
    (5.8) of Siegel 2023 (JMLR 24), where the degree should read ``L + 1``: the output is a product of as many
    matrices. Warren's bound is Lemma 17 of Bartlett et al. 2019.

    >>> lower_bound(width=5, depth=8, groups=500, group_size=2**68 // 500).impossible
    True
    >>> lower_bound(width=5, depth=8, groups=500, group_size=2**67 // 500).impossible
    False
    """
    width, depth = integer(width, "width", 1), integer(depth, "depth", 1)
    groups, group_size = integer(groups, "groups", 1), integer(group_size, "group_size", 2)
    if parameters is None:
        parameters = class_parameters(width, depth)
    parameters = integer(parameters, "parameters", 1)
    points = groups * group_size
    require_short(width * depth)
    pieces = (width + 1) ** depth
    polynomials = polynomials_a_point(width, depth)
    if points * polynomials < parameters:
        raise InputError(
            f"Warren's bound needs at least as many polynomials as parameters, and there are "
            f"{show(points * polynomials)} for {show(parameters)}"
        )
    require_short(groups * points.bit_length() + parameters * (width * depth + points.bit_length() + 64))
    left = mpq(groups * (group_size - 1), (pieces + 1) // 2) ** groups
    right = 2 * (2 * E_ABOVE * points * (depth + 1) * polynomials / parameters) ** parameters
    impossible = bool(left > right)
    return LowerBound(width, depth, parameters, groups, group_size, pieces, polynomials, impossible)


def max_memorizable(*, width: int, depth: int, separation: Any) -> int | None:
    """The largest even ``N`` such that the counting inequality does not exclude it, nor any smaller one.

    Networks of one input with this width and depth do not fit all labellings of all sets of ``N + 2`` points
    of [0, 1] at distances of at least `separation`, nor of more, up to the number of points of a grid of that
    mesh. None if nothing is excluded. What proves so to the checker is the certificate of `least_excluded`.

    Raises
    ------
    InputError
        If `separation` is not a rational in ``(0, 1]``, or a size is not a positive integer.
    BudgetExceeded
        If the two sides of the inequality are too long to be written, or it takes too many of them.

    >>> max_memorizable(width=5, depth=8, separation=mpq(1, 2**68)) in range(800, 1000)
    True
    """
    bound = least_excluded(width=width, depth=depth, separation=separation)
    return None if bound is None else bound.labels - 2


def least_excluded(*, width: int, depth: int, separation: Any) -> LowerBound | None:
    """The inequality behind `max_memorizable`, which excludes two points more, with its certificate.

    Raises
    ------
    InputError, BudgetExceeded
        As `max_memorizable` does.

    Notes
    -----
    The grid of mesh `separation` is cut into ``k`` equal groups, with ``k`` as small as possible. On a coarse
    grid more groups may exclude less, as they leave more of its points over; see `_least_groups`.

    >>> from exactrelu import check
    >>> bound = least_excluded(width=2, depth=2, separation=mpq(1, 2**40))
    >>> bound.labels, bound.groups, bound.group_size
    (32, 16, 68719476736)
    >>> max_memorizable(width=2, depth=2, separation=mpq(1, 2**40))
    30
    >>> check(bound.certificate).accepted
    True
    """
    width, depth = integer(width, "width", 1), integer(depth, "depth", 1)
    delta = rational(separation, name="separation")
    if not 0 < delta <= 1:
        raise InputError(f"separation = {show(delta)} must be positive and at most 1")
    grid_points = int(1 / delta) + 1
    parameters = class_parameters(width, depth)
    require_short(parameters * width * depth)
    groups = _least_groups(width, depth, parameters, grid_points)
    if groups is None:
        return None
    return lower_bound(width=width, depth=depth, groups=groups, group_size=grid_points // groups)


def _least_groups(width: int, depth: int, parameters: int, grid_points: int) -> int | None:
    """The least ``k`` that is excluded with groups of ``s = ⌊G/k⌋`` of the ``G`` points of the grid.

    With ``c = ⌈T/2⌉`` and ``K = 2e(L+1)Q/P``, it is excluded iff ``(k(s-1)/c)^k > 2 (K k s)^P``.

    - ``k <= P`` is not: ``K >= 1`` and ``c >= 1``, and so the left side is less than ``(ks)^P``.
    - Where ``s`` is the same, all after an excluded k are: from ``k >= P`` to k + 1 the left side grows by
      ``(1 + 1/k)^k (k + 1)(s - 1)/c`` or more, whose last factor is at least 1, and the right by
      ``(1 + 1/k)^P``.
    - From ``a`` to ``b``, ``k(s-1) <= G - a`` and ``k s > G - b`` bound both sides.

    So intervals of k are left out or halved, the first ones first, until s is the same.
    """
    points_a_piece = (linear_pieces(width, depth) + 1) // 2
    constant = 2 * E_ABOVE * (depth + 1) * polynomials_a_point(width, depth) / parameters

    def exceeds(exponent: int, left: int, right: int) -> bool | None:
        """Whether ``(left/c)^exponent > 2 (K right)^P``, None where 200 bits do not tell."""
        if left < points_a_piece:
            return False
        with gmpy2.context(precision=200):
            above = exponent * (gmpy2.log2(gmpy2.mpfr(mpq(left, points_a_piece))))
            below = 1 + parameters * gmpy2.log2(gmpy2.mpfr(constant * right))
            # Each number is off by less than 2^-190 of its size, or of 1 where the logarithm is near 0.
            off = (above + below + exponent) * gmpy2.mpfr(2) ** -180
            return None if abs(above - below) <= off else bool(above > below)

    def excluded(k: int) -> bool:
        size = grid_points // k
        told = exceeds(k, k * (size - 1), k * size)
        if told is not None:
            return told
        return lower_bound(width=width, depth=depth, groups=k, group_size=size).impossible

    intervals = [(parameters + 1, grid_points // 2)]
    for _ in range(MAX_INTERVALS):
        if not intervals:
            return None
        a, b = intervals.pop()
        if a > b or exceeds(b, grid_points - a, grid_points - b) is False:
            continue
        middle = (a + b) // 2
        if grid_points // a != grid_points // b:
            intervals += [(middle + 1, b), (a, middle)]
        elif excluded(b):
            if a == b:
                return a
            intervals = [(middle + 1, b), (a, middle)]
    raise BudgetExceeded(f"more than {MAX_INTERVALS} cases are too many to decide; ask about smaller sizes")
