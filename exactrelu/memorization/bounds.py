"""How many pieces, sign patterns and labels a network can have at most: exact inequalities.

Source: P. Bartlett, N. Harvey, C. Liaw, A. Mehrabian, Nearly-tight VC-dimension and pseudodimension bounds
for piecewise linear neural networks, JMLR 20 (2019).
"""

from collections.abc import Callable
from math import comb
from numbers import Integral
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic.errors import BudgetExceeded, InputError
from exactrelu.functions.display import show
from exactrelu.memorization.gadgets import class_parameters

E_ABOVE = mpq(2718281829, 10**9)
"""A rational above Euler's number 2.718281828459.."""
MAX_BITS = 10**9
"""Of the numbers that are compared."""


def polynomials_a_point(width: int, depth: int) -> int:
    """``2^{WL} + Σ_{l=1}^{L} W 2^{W(l-1)}``: the output for every activation pattern of all layers, and every
    pre-activation of layer ``l`` for every pattern of the layers below.
    """
    return (1 << (width * depth)) + sum(width << (width * layer) for layer in range(depth))


def warren(polynomials: int, degree: int, parameters: int) -> mpq:
    """At most so many sign patterns of polynomials (Bartlett et al. 2019, Lemma 17, after Warren 1968).

    ``2 (2 e m D/P)^P`` for ``m >= P`` polynomials of degree at most ``D >= 1`` in ``P`` variables, with a
    rational above e. Patterns are those of ``sgn`` with two values, ``sgn(0) = 1``.
    """
    degree, parameters = integer(degree, "degree", 1), integer(parameters, "parameters", 1)
    polynomials = integer(polynomials, "polynomials", parameters)
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
    labels = integer(labels, "labels", 1)
    require_short(2 * labels)
    if width is None:
        return _least(lambda p: mpq(4) ** labels <= mpq(2) ** p * (E_ABOVE * labels) ** (p * p))
    width = integer(width, "width", 1)

    def allowed(depth: int) -> bool:
        parameters = class_parameters(width, depth)
        require_short(parameters * width * depth)
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
    width, depth = integer(width, "width", 1), integer(depth, "depth", 0)
    pieces: int = (width + 1) ** depth
    return pieces


def cells(hyperplanes: int, dimension: int) -> int:
    """The number of cells of hyperplanes in general position through the origin: ``2 Σ_{i<d} C(m-1, i)``.

    It is the number of labellings of ``m`` points in general position by one unit (Cover 1965).
    """
    hyperplanes, dimension = integer(hyperplanes, "hyperplanes", 1), integer(dimension, "dimension", 1)
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
        integer(k, f"units_by_layer[{i}]", 1)
        integer(w, f"parameters_by_layer[{i}]", 1)


def integer(value: Any, name: str, least: int) -> int:
    """A size as an int; InputError if it is no integer, or less than `least`."""
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise InputError(f"{name} must be an integer of at least {least}, not {show(value)}")
    return int(value)


def require_short(bits: int) -> None:
    """Raise BudgetExceeded if an inequality is between numbers of too many bits."""
    if bits > MAX_BITS:
        raise BudgetExceeded(
            f"the inequality is between numbers of more than {MAX_BITS} bits; ask about smaller sizes"
        )
