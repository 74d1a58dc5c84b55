"""The two ways a sum of square roots is held: raw terms as they were given, and its signed squares."""

from typing import TypeAlias

from gmpy2 import isqrt, mpq, mpz

from exactrelu.arithmetic.square_classes import square_classes

Terms: TypeAlias = tuple[tuple[mpq, mpq], ...]
"""Pairs (q, d) that mean q√d, with d >= 0, in any order, repetitions and zeros included."""

_SHORT = 32
"""Terms up to this many are joined by copying, more by reference."""
_ZERO = mpq(0)


class Join:
    """Two parts of a long sum by reference, so that adding up m sums one by one costs O(m), not O(m²)."""

    __slots__ = ("_length", "left", "right")

    def __init__(self, left: "Terms | Join", right: "Terms | Join") -> None:
        self.left, self.right, self._length = left, right, len(left) + len(right)

    def __len__(self) -> int:
        return self._length

    def flat(self) -> Terms:
        """All terms in order. No recursion: sums are often joined one by one, thousands deep."""
        terms: list[tuple[mpq, mpq]] = []
        stack: list[Terms | Join] = [self]
        while stack:
            part = stack.pop()
            if isinstance(part, Join):
                stack += (part.right, part.left)
            else:
                terms += part
        return tuple(terms)


def joined(left: Terms | Join, right: Terms | Join) -> Terms | Join:
    """The terms of both."""
    if isinstance(left, Join) or isinstance(right, Join) or len(left) + len(right) > _SHORT:
        return Join(left, right)
    return left + right


def collected(terms: Terms) -> Terms:
    """The same sum with one term for each radicand as it is written, none of them zero."""
    coefficients: dict[mpq, mpq] = {}
    for q, d in terms:
        before = coefficients.get(d)
        coefficients[d] = q if before is None else before + q
    return tuple((q, d) for d, q in coefficients.items() if q and d)


def signed_squares(terms: Terms) -> tuple[mpq, ...]:
    """The canonical form: sorted rationals r in distinct square classes with Σ sgn(r)√|r| = Σ q√d.

    Unique: a number has one way to be written as Σ c_j √d_j over distinct square classes with all c_j ≠ 0,
    but for the choice of d_j within its class (proved in `square_classes`), and r_j = sgn(c_j) c_j² d_j does
    not depend on that choice, because |c_j|√d_j does not.  So equal numbers have equal forms, and nothing
    was factored.
    """
    coefficients: dict[mpz, mpq] = {}
    for q, d in terms:
        if q and d:
            n, m = d.numerator, d.denominator
            radicand = n * m  # √(n/m) = √(nm)/m
            coefficients[radicand] = coefficients.get(radicand, _ZERO) + q / m
    squares = []
    for e, members in square_classes(coefficients):
        # √d = √(de)/e · √e, where √(de) is an integer: the class adds up to (total/e)·√e.
        total = sum((coefficients[d] * isqrt(d * e) for d in members), _ZERO)
        if total:
            squares.append(abs(total) * total / e)
    return tuple(sorted(squares))
