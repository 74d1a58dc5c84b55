"""Sums of rational multiples of square roots, with every comparison exact.

A decision climbs a ladder.  First the intervals of `bounds` at 128 bits: cheap, and they settle nearly
everything.  If they do not, in a long sum terms with the same radicand are added up (two long sums that are
compared often share most of them) and intervals at 256 and 512 bits are tried, all of it cheaper than the
canonical form of many terms.  Then the canonical form tells whether the value is rational (then it is known
exactly, zero included); if it is irrational it differs from every rational, so intervals of growing precision
must part from the rational at hand (0 for a sign, a rounding boundary for a float) after finitely many steps.
The precision reached is at most about twice what the separation needs.
"""

import math
import operator
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self

from gmpy2 import is_square, isqrt, mpq, mpz

from exactrelu.arithmetic import radical_rounding, radical_text
from exactrelu.arithmetic.boundary import operand, rational
from exactrelu.arithmetic.bounds import SignedRoot, interval, roots_of, signed_roots, top_bit
from exactrelu.arithmetic.errors import InputError, UnsupportedError
from exactrelu.arithmetic.terms import Join, Terms, collected, joined, signed_squares
from exactrelu.arithmetic.text import format_rational

if TYPE_CHECKING:
    from exactrelu.arithmetic.enclosure import Enclosure

_ZERO, _ONE = mpq(0), mpq(1)
_FIRST_BITS = 128
_LONG = 64
"""From this many terms on, two more intervals cost less than the canonical form."""


class RadicalSum:
    """The real number ``Σ q √d`` of pairs ``(q, d)``, ``q`` rational and ``d >= 0`` rational.

    ``+``, ``-``, ``*`` with a ``RadicalSum`` or a rational; ``**`` by an ``int >= 0``; ``/`` by a rational,
    or by a value that is a single square root.  ``==``, ``<``, ... are exact, also against rationals and
    floats (NaN and infinities as usual).  Floats are read as the dyadic value they hold, in arithmetic too,
    where NaN, infinities and other numbers that are not rational raise ``InputError``.  The hash agrees with
    ``==``: a rational value hashes like ``mpq``, ``Fraction`` and ``int``.  ``float()`` is correctly rounded
    (to nearest, ties to even) and raises ``OverflowError`` beyond the range; ``int()``, ``math.floor`` and
    ``math.ceil`` are exact.  Immutable, picklable.

    Terms are kept as given until a canonical form is needed (``==`` between equal values, ``hash``,
    ``terms``, ``as_rational``, an undecided sign), which costs ``O(m log m)`` for m random radicands.

    Raises ``InputError`` for a pair that is not two rationals or has ``d < 0``.

    >>> r = RadicalSum([("1/2", 8), (-1, "9/4")])
    >>> r
    RadicalSum([('-3/2', '1'), ('1', '2')])
    >>> print(r, float(r))
    -3/2 + sqrt(2) -0.08578643762690495
    >>> r + 3 > sqrt(2), sqrt(8) == 2 * sqrt(2)
    (True, True)
    """

    __slots__ = ("_raw", "_roots", "_squares")
    _raw: Terms | Join
    _roots: list[SignedRoot] | None
    _squares: tuple[mpq, ...] | None

    def __init__(self, terms: Iterable[tuple[Any, Any]] = ()) -> None:
        if not isinstance(terms, Iterable):
            raise InputError(f"terms: pairs (q, d) are expected, not {type(terms).__name__}")
        read = []
        for i, term in enumerate(terms):
            try:
                q, d = term
            except (TypeError, ValueError):
                raise InputError(f"terms[{i}]: a pair (q, d) that means q*sqrt(d) is expected") from None
            read.append((rational(q, name=f"terms[{i}][0]"), _radicand(d, f"terms[{i}][1]")))
        self._raw = tuple(read)
        self._roots = self._squares = None

    @classmethod
    def _make(cls, terms: Iterable[tuple[mpq, mpq]]) -> Self:
        """Trusted: pairs of ``mpq`` with ``d >= 0``."""
        self = object.__new__(cls)
        self._raw = tuple(terms)
        self._roots = self._squares = None
        return self

    # -- the two forms ----------------------------------------------------------------------------------

    def _flat(self) -> Terms:
        """The raw terms, in order."""
        raw = self._raw
        if isinstance(raw, Join):
            self._raw = raw = raw.flat()
        return raw

    def _signed_roots(self) -> list[SignedRoot]:
        if self._roots is None:
            self._roots = signed_roots(self._flat())
        return self._roots

    def _canonical(self) -> tuple[mpq, ...]:
        """The signed squares of the value: sorted rationals r in distinct square classes, value Σ sgn(r)√|r|.

        Equal values have equal ones (`terms.signed_squares`).
        """
        if self._squares is None:
            self._squares = signed_squares(self._flat())
        return self._squares

    def as_rational(self) -> mpq | None:
        """The value when it is rational, else None. Exact; cost of the canonical form.

        >>> (sqrt(2) * sqrt(8)).as_rational(), sqrt(2).as_rational()
        (mpq(4,1), None)
        """
        squares = self._canonical()
        if not squares:
            return _ZERO
        # A rational value is c√1 with one class, that of 1; n/m in lowest terms is a square iff n and m are.
        r = squares[0]
        n, m = abs(r.numerator), r.denominator
        if len(squares) > 1 or not (is_square(m) and is_square(n)):
            return None
        return mpq(isqrt(n) if r > 0 else -isqrt(n), isqrt(m))

    @property
    def terms(self) -> Terms:
        """The value as pairs (q, d) by increasing d: integers d > 0 in distinct square classes, q ≠ 0.

        Equal values have equal terms.  The d are free of the squares of primes below 1000, and square-free
        where they are short enough to be factored in microseconds; large numbers are not factored.

        >>> (sqrt("13/4") * 2 + 5).terms
        ((mpq(5,1), mpq(1,1)), (mpq(1,1), mpq(13,1)))
        """
        terms = [radical_text.simplest_term(r) for r in self._canonical()]
        return tuple(sorted(terms, key=lambda term: term[1]))

    # -- decisions --------------------------------------------------------------------------------------

    def _intervals(self, k: int | None = None) -> Iterator[tuple[mpz, mpz, int]]:
        """Shrinking intervals (a, b, k), a <= 2^k · value <= b; the iteration ends iff the value is rational.

        The first has scale 2^k, by default such that the largest term has 128 bits.  It ends after that one,
        or two more, if the value is rational, known by `as_rational` then; else it goes on with b - a at most
        the number of terms and k unbounded, so whoever waits for the interval to exclude a rational gets it.
        """
        roots = self._signed_roots()
        if not roots:
            return
        if k is None:
            k = _FIRST_BITS - top_bit(roots)
        yield (*interval(roots, k), k)
        step = _FIRST_BITS
        if len(roots) > _LONG:
            self._collect()
            roots = self._signed_roots()
            if not roots:
                return
            k = max(k, -top_bit(roots))
            for _ in range(2):
                k += step
                step *= 2
                yield (*interval(roots, k), k)
        if self.as_rational() is None:
            roots = roots_of(self._canonical())
            while True:
                k += step
                step *= 2
                yield (*interval(roots, k), k)

    def _collect(self) -> None:
        """Add up raw terms with the same radicand: what two sums share leaves their difference."""
        terms = self._flat()
        kept = collected(terms)
        if len(kept) < len(terms):
            self._raw, self._roots = kept, None

    def sign(self) -> int:
        """-1, 0 or 1, exactly. One interval at 128 bits (about 0.5 µs a term) unless terms nearly cancel.

        >>> (sqrt(2) + sqrt(3) - sqrt("9.898")).sign(), (sqrt(50) - 5 * sqrt(2)).sign()
        (1, 0)
        """
        for low, high, _ in self._intervals():
            if low > 0:
                return 1
            if high < 0:
                return -1
        exact = self.as_rational()
        return (exact > 0) - (exact < 0)  # type: ignore[operator]

    def __bool__(self) -> bool:
        return self.sign() != 0

    def _minus(self, other: "RadicalSum") -> "RadicalSum":
        """The difference; the signed roots that comparisons need come from the operands, which keep them."""
        difference = self - other
        negated = [(not negative, n, m) for negative, n, m in other._signed_roots()]
        difference._roots = self._signed_roots() + negated
        return difference

    def _compare(self, other: Any, relation: Callable[[Any, Any], bool]) -> bool:
        """``relation(self, other)`` by the sign of the difference; `NotImplemented` for foreign kinds."""
        if isinstance(other, RadicalSum):
            return relation(0 if self._raw == other._raw else self._minus(other).sign(), 0)
        if isinstance(other, float):
            if not math.isfinite(other):
                return relation(0.0, other)
            return relation((self - mpq(other)).sign(), 0)
        try:
            exact = operand(int(other) if isinstance(other, bool) else other)
        except InputError:
            return NotImplemented  # type: ignore[no-any-return]
        return NotImplemented if exact is None else relation((self - exact).sign(), 0)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RadicalSum):
            return self._compare(other, operator.eq)
        if self._raw == other._raw:
            return True
        if self._squares is None or other._squares is None:
            difference = self._minus(other)
            low, high, _ = next(difference._intervals(), (0, 0, 0))
            if low > 0 or high < 0:
                return False
            if len(difference._raw) > _LONG:
                # For the terms that are left: the sign climbs the rest of the ladder.
                return difference.sign() == 0
        # The canonical forms are kept, so the next comparison and the hash are free.
        return self._canonical() == other._canonical()

    def __lt__(self, other: Any) -> bool:
        return self._compare(other, operator.lt)

    def __le__(self, other: Any) -> bool:
        return self._compare(other, operator.le)

    def __gt__(self, other: Any) -> bool:
        return self._compare(other, operator.gt)

    def __ge__(self, other: Any) -> bool:
        return self._compare(other, operator.ge)

    def __hash__(self) -> int:
        exact = self.as_rational()
        return hash(self._canonical() if exact is None else exact)

    # -- arithmetic -------------------------------------------------------------------------------------

    def _plus(self, raw: Terms | Join) -> "RadicalSum":
        result = RadicalSum._make(())
        result._raw = joined(self._raw, raw)
        return result

    def __add__(self, other: Any) -> "RadicalSum":
        if isinstance(other, RadicalSum):
            return self._plus(other._raw)
        exact = operand(other)
        if exact is None:
            return NotImplemented
        return self._plus(((exact, _ONE),)) if exact else self

    __radd__ = __add__

    def __sub__(self, other: Any) -> "RadicalSum":
        if isinstance(other, RadicalSum):
            return self._plus((-other)._raw)
        exact = operand(other)
        if exact is None:
            return NotImplemented
        return self._plus(((-exact, _ONE),)) if exact else self

    def __rsub__(self, other: Any) -> "RadicalSum":
        return (-self).__add__(other)

    def __neg__(self) -> "RadicalSum":
        return RadicalSum._make([(-q, d) for q, d in self._flat()])

    def __pos__(self) -> "RadicalSum":
        return self

    def __abs__(self) -> "RadicalSum":
        return -self if self.sign() < 0 else self

    def __mul__(self, other: Any) -> "RadicalSum":
        if isinstance(other, RadicalSum):
            return RadicalSum._make([(p * q, d * e) for p, d in self._few() for q, e in other._few()])
        exact = operand(other)
        if exact is None:
            return NotImplemented
        return RadicalSum._make([(q * exact, d) for q, d in self._flat()])

    __rmul__ = __mul__

    def __pow__(self, exponent: Any) -> "RadicalSum":
        if type(exponent) is not int or exponent < 0:
            return NotImplemented
        half = self ** (exponent // 2) if exponent > 1 else RadicalSum._make([(_ONE, _ONE)])
        return half * half * self if exponent % 2 else half * half

    def _few(self) -> Terms:
        """As few terms as the value has, when there may be many: products of products stay small so."""
        if len(self._raw) <= 4:
            return self._flat()
        return tuple((_ONE if r > 0 else -_ONE, abs(r)) for r in self._canonical())

    def __truediv__(self, other: Any) -> "RadicalSum":
        exact = other.as_rational() if isinstance(other, RadicalSum) else operand(other)
        if exact is not None:
            if not exact:
                raise ZeroDivisionError("division of a RadicalSum by zero")
            return self.__mul__(1 / exact)
        if not isinstance(other, RadicalSum):
            return NotImplemented
        squares = other._canonical()
        if len(squares) > 1:
            raise UnsupportedError(
                "division by a sum of two or more square roots; only a rational or one square root can divide"
            )
        # 1/(sgn(r)√|r|) = sgn(r)√|r|/|r| = √|r|/r
        return self * RadicalSum._make([(1 / squares[0], abs(squares[0]))])

    def __rtruediv__(self, other: Any) -> "RadicalSum":
        exact = operand(other)
        if exact is None:
            return NotImplemented
        return RadicalSum._make([(exact, _ONE)]) / self

    # -- rounding ---------------------------------------------------------------------------------------

    def __floor__(self) -> int:
        return radical_rounding.floor(self)

    def __ceil__(self) -> int:
        return -radical_rounding.floor(-self)

    def __trunc__(self) -> int:
        return self.__ceil__() if self.sign() < 0 else self.__floor__()

    __int__ = __trunc__

    def __float__(self) -> float:
        return radical_rounding.to_float(self)

    def enclosure(self, bits: int = 64) -> "Enclosure":
        """The value between two neighbours among the numbers of ``bits`` significant bits.

        The tightest such enclosure, so a function of the value: a single point iff the value itself has at
        most ``bits`` significant bits; otherwise its width is at most ``2**(1 - bits)`` times the value.

        >>> sqrt(2).enclosure(8)
        Enclosure('181/128', '91/64')
        """
        from exactrelu.arithmetic.enclosure import Enclosure

        return Enclosure._make(*radical_rounding.neighbours(self, bits))

    def decimal(self, digits: int = 20, *, trim: bool = False) -> str:
        """The value to ``digits`` significant decimal digits, correctly rounded (to nearest, ties to even).

        Plain notation where that is readable, else ``d.ddde-12``; zero is ``"0"``.  ``trim=True`` leaves out
        zeros at the end of the fraction.

        >>> sqrt(2).decimal(30), sqrt("1/4").decimal(3), (sqrt(10**41) / 10**30).decimal(5)
        ('1.41421356237309504880168872421', '0.500', '3.1623e-10')
        """
        return radical_rounding.decimal(self, digits, trim=trim)

    # -- display and exchange ---------------------------------------------------------------------------

    def __repr__(self) -> str:
        inside = ", ".join(f"('{format_rational(q)}', '{format_rational(d)}')" for q, d in self.terms)
        return f"RadicalSum([{inside}])"

    def __str__(self) -> str:
        return radical_text.plain(self.terms)

    def __format__(self, spec: str) -> str:
        """As a `Decimal` by ``e f g %`` or with a precision, correctly rounded; else the plain text.

        Exponents are written as those of floats: ``e+00``.
        """
        return radical_rounding.formatted(self, spec)

    def _repr_latex_(self) -> str:
        return f"${radical_text.latex(self.terms)}$"

    def to_sympy(self) -> Any:
        """The same number as a sympy expression."""
        import sympy

        def number(value: mpq) -> Any:
            return sympy.Rational(int(value.numerator), int(value.denominator))

        return sympy.Add(*(number(q) * sympy.sqrt(number(d)) for q, d in self.terms))

    # Without this hook sympy would quietly take float(self).
    _sympy_ = to_sympy

    def to_json(self) -> dict[str, Any]:
        """``{"terms": [["q", "d"], ...], "decimal": "..."}``; the decimal, of 20 digits, is for reading."""
        return {
            "terms": [[format_rational(q), format_rational(d)] for q, d in self.terms],
            "decimal": self.decimal(),
        }

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Read what `to_json` wrote, but for ``decimal``; raises ``InputError`` for anything else."""
        terms = document.get("terms") if isinstance(document, dict) else None
        if not isinstance(terms, list):
            raise InputError("a radical sum is an object with a list 'terms' of pairs ['q', 'd']")
        for i, term in enumerate(terms):
            if not (isinstance(term, list) and len(term) == 2 and all(isinstance(v, str) for v in term)):
                raise InputError(f"terms[{i}]: a pair of rationals as strings, ['q', 'd'], is expected")
        return cls(terms)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (self._flat(),)


def sqrt(d: Any) -> RadicalSum:
    """The square root of a rational ``d >= 0``; raises ``InputError`` otherwise.

    >>> print(sqrt("13/4"))
    sqrt(13)/2
    """
    return RadicalSum._make([(_ONE, _radicand(d, "d"))])


def _radicand(value: Any, name: str) -> mpq:
    d = rational(value, name=name)
    if d < 0:
        raise InputError(f"{name} = {format_rational(d)}: it is negative and has no real square root")
    return d


def _unpickle(terms: Terms) -> RadicalSum:
    return RadicalSum._make(terms)
