"""How many labels a network cannot memorise: exact inequalities with all their numbers.

Sources: J. W. Siegel, Sharp lower bounds on interpolation by deep ReLU neural networks at irregularly spaced
data, arXiv 2302.00834 (2023), whose theorem `lower_bound` makes explicit (proved in
``proofs/memorization_barrier.py``); P. Bartlett, N. Harvey, C. Liaw, A. Mehrabian, Nearly-tight VC-dimension
and pseudodimension bounds for piecewise linear neural networks, JMLR 20 (2019).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from numbers import Integral
from typing import Any

import gmpy2
from gmpy2 import mpq

from exactrelu.arithmetic import rational
from exactrelu.arithmetic.errors import BudgetExceeded, InputError
from exactrelu.certificates import Certificate, impossibility
from exactrelu.functions.display import show
from exactrelu.memorization.gadgets import class_parameters

E_ABOVE = mpq(2718281829, 10**9)
"""A rational above Euler's number 2.718281828459.."""
MAX_BITS = 10**9
"""Of the numbers that are compared."""
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
    width, depth = _integer(width, "width", 1), _integer(depth, "depth", 1)
    groups, group_size = _integer(groups, "groups", 1), _integer(group_size, "group_size", 2)
    if parameters is None:
        parameters = class_parameters(width, depth)
    parameters = _integer(parameters, "parameters", 1)
    points = groups * group_size
    _require_short(width * depth)
    pieces = (width + 1) ** depth
    polynomials = polynomials_a_point(width, depth)
    if points * polynomials < parameters:
        raise InputError(
            f"Warren's bound needs at least as many polynomials as parameters, and there are "
            f"{show(points * polynomials)} for {show(parameters)}"
        )
    _require_short(groups * points.bit_length() + parameters * (width * depth + points.bit_length() + 64))
    left = mpq(groups * (group_size - 1), (pieces + 1) // 2) ** groups
    right = 2 * (2 * E_ABOVE * points * (depth + 1) * polynomials / parameters) ** parameters
    impossible = bool(left > right)
    return LowerBound(width, depth, parameters, groups, group_size, pieces, polynomials, impossible)


def polynomials_a_point(width: int, depth: int) -> int:
    """``2^{WL} + Σ_{l=1}^{L} W 2^{W(l-1)}``: the output for every activation pattern of all layers, and every
    pre-activation of layer ``l`` for every pattern of the layers below.
    """
    return (1 << (width * depth)) + sum(width << (width * layer) for layer in range(depth))


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
    width, depth = _integer(width, "width", 1), _integer(depth, "depth", 1)
    delta = rational(separation, name="separation")
    if not 0 < delta <= 1:
        raise InputError(f"separation = {show(delta)} must be positive and at most 1")
    grid_points = int(1 / delta) + 1
    parameters = class_parameters(width, depth)
    _require_short(parameters * width * depth)
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


def warren(polynomials: int, degree: int, parameters: int) -> mpq:
    """At most so many sign patterns of polynomials (Bartlett et al. 2019, Lemma 17, after Warren 1968).

    ``2 (2 e m D/P)^P`` for ``m >= P`` polynomials of degree at most ``D >= 1`` in ``P`` variables, with a
    rational above e. Patterns are those of ``sgn`` with two values, ``sgn(0) = 1``.
    """
    degree, parameters = _integer(degree, "degree", 1), _integer(parameters, "parameters", 1)
    polynomials = _integer(polynomials, "polynomials", parameters)
    return 2 * (2 * E_ABOVE * polynomials * degree / parameters) ** parameters


def least_parameters(labels: int, *, width: int | None = None) -> int:
    """The fewest parameters with which counting allows a network to fit all 0/1 labels of some N points.

    Parameters
    ----------
    labels : int
        ``N``.
    width : int, optional
        Ask about the classes ``Υ^{W,L}(R)`` only: the result is the number of parameters of the shallowest
        class that is not excluded. By default about networks of any shape and any number of inputs.

    Notes
    -----
    Any shape: with ``P`` parameters in ``L <= P/2`` layers (a unit takes two), Theorem 7 of Bartlett et al.
    2019 gives at most ``2^L (2eNR/S)^S`` patterns of signs, where ``S <= LP`` is the sum of the numbers of
    parameters up to each layer, and ``R <= LP/2`` that of layers times units. This grows with ``S`` as long
    as ``S <= 2NR``, so ``2^N <= 2^{P/2} (eN)^{P²/2}``; if ``N < S``, where the theorem does not apply, this
    holds too.

    A class: ``2^N <= 2 (2 e N (L+1) Q/P)^P``, or ``N Q < P``, where Warren's bound does not apply.

    >>> least_parameters(1000), least_parameters(1000, width=5)
    (14, 76)
    """
    labels = _integer(labels, "labels", 1)
    _require_short(2 * labels)
    if width is None:
        return _least(lambda p: mpq(4) ** labels <= mpq(2) ** p * (E_ABOVE * labels) ** (p * p))
    width = _integer(width, "width", 1)

    def allowed(depth: int) -> bool:
        parameters = class_parameters(width, depth)
        _require_short(parameters * width * depth)
        count = labels * polynomials_a_point(width, depth)
        return count < parameters or bool(mpq(2) ** labels <= warren(count, depth + 1, parameters))

    # More layers, more patterns: a deeper class contains all shallower ones' parameters and polynomials.
    return class_parameters(width, _least(allowed))


def _least(allowed: Callable[[int], bool]) -> int:
    """The least positive integer for which an increasing condition holds."""
    high = 1
    while not allowed(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if allowed(middle) else (middle, high)
    return high


def linear_pieces(width: int, depth: int) -> int:
    """``(W+1)^L``: at most so many linear pieces has a network of one input.

    Each layer: on a piece of the layer below, each of ``W`` units has at most one zero.
    """
    width, depth = _integer(width, "width", 1), _integer(depth, "depth", 0)
    pieces: int = (width + 1) ** depth
    return pieces


def cells(hyperplanes: int, dimension: int) -> int:
    """The number of cells of hyperplanes in general position through the origin: ``2 Σ_{i<d} C(m-1, i)``.

    It is the number of labellings of ``m`` points in general position by one unit (Cover 1965).
    """
    hyperplanes, dimension = _integer(hyperplanes, "hyperplanes", 1), _integer(dimension, "dimension", 1)
    return 2 * sum(comb(hyperplanes - 1, i) for i in range(dimension))


def vc_dimension_bound(units_by_layer: list[int], parameters_by_layer: list[int]) -> int:
    """An upper bound on the VC dimension of the sign of a ReLU network (Bartlett et al. 2019, Theorem 7).

    The largest ``m`` with ``2^m <= Π_l 2 (2 e m k_l l / W_l)^{W_l}``, where ``k_l`` are the units of layer
    ``l`` (the output is the last) and ``W_l`` the parameters up to and including it. Never more than the
    closed form in the same theorem, `vc_dimension_closed_form`. Networks that shatter many points:
    `shattering_network`.

    >>> vc_dimension_bound([5, 1], [10, 16])
    207
    """
    _require_layers(units_by_layer, parameters_by_layer)

    def possible(m: int) -> bool:
        product = mpq(1)
        for layer, (k, w) in enumerate(zip(units_by_layer, parameters_by_layer, strict=True), 1):
            product *= 2 * max(2 * E_ABOVE * m * k * layer / w, mpq(1)) ** w
        return bool(mpq(2) ** m <= product)

    # m - Σ W_l log2 m - const is convex in m: after the last m that is possible none is.
    # Warren's bound applies from m = max W_l on.
    low = max(parameters_by_layer) - 1
    high = low + 1
    while possible(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if possible(middle) else (low, middle)
    return low


def vc_dimension_closed_form(units_by_layer: list[int], parameters_by_layer: list[int]) -> mpq:
    """``L + S log2(4eR log2(2eR))`` with ``S = Σ W_l``, ``R = Σ l k_l``, rounded up (same theorem).

    Bartlett et al. 2019, Theorem 7, for ReLU (``d = p = 1``); three units or more. Logarithms are rounded up
    to multiples of 1/64.

    >>> vc_dimension_closed_form([5, 1], [10, 16])
    mpq(3633,16)
    """
    _require_layers(units_by_layer, parameters_by_layer)
    if sum(units_by_layer) < 3:
        raise InputError(f"three units or more are expected, not {sum(units_by_layer)}")
    total = sum(parameters_by_layer)
    r = sum(layer * k for layer, k in enumerate(units_by_layer, 1))
    return len(units_by_layer) + total * _log2_above(4 * E_ABOVE * r * _log2_above(2 * E_ABOVE * r))


def _log2_above(q: mpq) -> mpq:
    """A multiple of 1/64 that is at least ``log2(q)``, ``q >= 1``, and less than 2/64 above."""
    power = q**64
    return mpq((power.numerator // power.denominator).bit_length(), 64)


def _require_layers(units: list[int], parameters: list[int]) -> None:
    if len(units) != len(parameters) or not units:
        raise InputError("units and parameters must be given for the same layers, at least one")
    for i, (k, w) in enumerate(zip(units, parameters, strict=True)):
        _integer(k, f"units_by_layer[{i}]", 1)
        _integer(w, f"parameters_by_layer[{i}]", 1)


def _integer(value: Any, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise InputError(f"{name} must be an integer of at least {least}, not {show(value)}")
    return int(value)


def _require_short(bits: int) -> None:
    if bits > MAX_BITS:
        raise BudgetExceeded(
            f"the inequality is between numbers of more than {MAX_BITS} bits; ask about smaller sizes"
        )
