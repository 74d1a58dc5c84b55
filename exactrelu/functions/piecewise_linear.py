"""Continuous piecewise-linear functions of one variable, exact."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import itemgetter, le
from typing import Any, NoReturn

from gmpy2 import mpq

from exactrelu.arithmetic import format_rational, rational
from exactrelu.arithmetic.boundary import operand
from exactrelu.arithmetic.errors import InputError, MissingExtraError
from exactrelu.functions.arrays import is_array, on_array
from exactrelu.functions.dataset import Dataset
from exactrelu.functions.display import function_latex, paste, show

_set = object.__setattr__
_location = itemgetter(0)
_ZERO = mpq(0)


class PiecewiseLinear:
    """A continuous piecewise-linear function ``R -> R`` with rational kinks; immutable, hashable.

    It is ``slope * x + intercept + sum c_k * max(x - t_k, 0)``: ``slope`` and ``intercept`` belong to the
    left-most piece, ``kinks`` are the pairs ``(t_k, c_k)`` of location and slope change. The form is
    canonical (``t_k`` strictly increasing, ``c_k != 0``), so equal functions are equal objects.

    >>> f = PiecewiseLinear.through([0, 1, 2], [0, 0, 3])
    >>> f
    PiecewiseLinear.from_kinks(0, 0, [(1, 3)])
    >>> f("3/2"), f(0.5)
    (mpq(3,2), mpq(0,1))
    >>> f - f == 0 * f
    True
    """

    __slots__ = ("_knots", "_pieces", "intercept", "kinks", "slope")
    __array_ufunc__ = None  # numpy numbers and arrays leave `*` and `+` to this class

    slope: mpq
    intercept: mpq
    kinks: tuple[tuple[mpq, mpq], ...]
    _knots: tuple[mpq, ...] | None
    _pieces: tuple[tuple[mpq, mpq], ...] | None

    def __init__(self) -> None:
        raise TypeError("use PiecewiseLinear.through(x, y) or .from_kinks(slope, intercept, kinks)")

    # -- constructors ---------------------------------------------------------------------------------

    @classmethod
    def _make(cls, slope: mpq, intercept: mpq, kinks: tuple[tuple[mpq, mpq], ...]) -> "PiecewiseLinear":
        """Trusted constructor: all entries mpq, ``kinks`` strictly increasing with non-zero slope changes."""
        self = object.__new__(cls)
        _set(self, "slope", slope)
        _set(self, "intercept", intercept)
        _set(self, "kinks", kinks)
        _set(self, "_knots", None)
        _set(self, "_pieces", None)
        return self

    @classmethod
    def _merge(cls, slope: mpq, intercept: mpq, kinks: Iterable[tuple[mpq, mpq]]) -> "PiecewiseLinear":
        """Trusted constructor for kinks (pairs of mpq) in any order, repeated or zero.

        Linear when ``kinks`` consists of few sorted runs (Timsort merges them).
        """
        merged: list[tuple[mpq, mpq]] = []
        for t, c in sorted(kinks, key=_location):
            if merged and merged[-1][0] == t:
                merged[-1] = (t, merged[-1][1] + c)
            else:
                merged.append((t, c))
        return cls._make(slope, intercept, tuple(k for k in merged if k[1]))

    @classmethod
    def through(cls, x: Any, y: Any) -> "PiecewiseLinear":
        """Connect the dots, the two outer pieces extended to infinity.

        ``x`` and ``y`` are equally long sequences of rational-like numbers in any order; a single point
        gives a constant. Raises InputError as `Dataset.read` does. ``O(n log n)``.
        """
        return cls._through(Dataset.read(x, y))

    @classmethod
    def _through(cls, data: Dataset) -> "PiecewiseLinear":
        s = data.slopes
        if not s:
            return cls._make(_ZERO, data.y[0], ())
        kinks = tuple((t, c) for t, c in zip(islice(data.x, 1, None), data.curvatures, strict=False) if c)
        return cls._make(s[0], data.y[0] - s[0] * data.x[0], kinks)

    @classmethod
    def from_kinks(cls, slope: Any, intercept: Any, kinks: Iterable[Any] = ()) -> "PiecewiseLinear":
        """Build from the left-most piece ``slope * x + intercept`` and pairs ``(location, slope change)``.

        Kinks may come in any order; those at one location are added up, zero changes dropped. Raises
        InputError if an entry is not rational or a kink is not a pair. ``O(K log K)``.
        """
        pairs = [_pair(kink, f"kinks[{i}]") for i, kink in enumerate(_entries(kinks, "kinks"))]
        return cls._merge(rational(slope, name="slope"), rational(intercept, name="intercept"), pairs)

    # -- shape ----------------------------------------------------------------------------------------

    @property
    def knots(self) -> tuple[mpq, ...]:
        """The kink locations, increasing."""
        if self._knots is None:
            _set(self, "_knots", tuple(t for t, _ in self.kinks))
        assert self._knots is not None
        return self._knots

    @property
    def pieces(self) -> tuple[tuple[mpq, mpq], ...]:
        """``(slope, intercept)`` of every linear piece from left to right, ``K + 1`` of them."""
        if self._pieces is None:
            a, b = self.slope, self.intercept
            pieces = [(a, b)]
            for t, c in self.kinks:
                a, b = a + c, b - c * t
                pieces.append((a, b))
            _set(self, "_pieces", tuple(pieces))
        assert self._pieces is not None
        return self._pieces

    @property
    def slopes(self) -> tuple[mpq, ...]:
        """The slope of every linear piece from left to right."""
        return tuple(a for a, _ in self.pieces)

    @property
    def linear_regions(self) -> int:
        """The number of maximal intervals on which the function is affine."""
        return len(self.kinks) + 1

    @property
    def lipschitz_constant(self) -> mpq:
        """The smallest Lipschitz constant, ``max |slope|``."""
        return max(map(abs, self.slopes))

    # -- evaluation -----------------------------------------------------------------------------------

    def __call__(self, v: Any) -> Any:
        """Evaluate exactly: a number gives an mpq, an array or sequence an object array of its shape.

        ``O(log K)`` a number; ``m`` numbers in increasing order ``O(m + K)``.
        """
        if is_array(v):
            return on_array(v, self._values)
        q = rational(v, name="v")
        a, b = self.pieces[bisect_right(self.knots, q)]
        return a * q + b

    def _values(self, xs: tuple[mpq, ...]) -> list[mpq]:
        if all(map(le, xs, islice(xs, 1, None))):
            return self.values_at_sorted(xs)
        knots, pieces = self.knots, self.pieces
        values = []
        for q in xs:
            a, b = pieces[bisect_right(knots, q)]
            values.append(a * q + b)
        return values

    def values_at_sorted(self, xs: Sequence[mpq]) -> list[mpq]:
        """Values at ``xs``, mpq in non-decreasing order (not checked), in ``O(len(xs) + K)``."""
        knots, pieces = self.knots, self.pieces
        values, j, last = [], 0, len(knots)
        for q in xs:
            while j < last and knots[j] <= q:
                j += 1
            a, b = pieces[j]
            values.append(a * q + b)
        return values

    # -- arithmetic -----------------------------------------------------------------------------------

    def __add__(self, other: Any) -> "PiecewiseLinear":
        if isinstance(other, PiecewiseLinear):
            return PiecewiseLinear._merge(
                self.slope + other.slope, self.intercept + other.intercept, self.kinks + other.kinks
            )
        q = operand(other)
        if q is None:
            return NotImplemented
        return PiecewiseLinear._make(self.slope, self.intercept + q, self.kinks)

    __radd__ = __add__

    def __neg__(self) -> "PiecewiseLinear":
        return PiecewiseLinear._make(-self.slope, -self.intercept, tuple((t, -c) for t, c in self.kinks))

    def __sub__(self, other: Any) -> "PiecewiseLinear":
        if isinstance(other, PiecewiseLinear):
            return self + -other
        q = operand(other)
        if q is None:
            return NotImplemented
        return PiecewiseLinear._make(self.slope, self.intercept - q, self.kinks)

    def __rsub__(self, other: Any) -> "PiecewiseLinear":
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> "PiecewiseLinear":
        q = operand(other)
        if q is None:
            return NotImplemented
        if not q:
            return PiecewiseLinear._make(_ZERO, _ZERO, ())
        kinks = tuple((t, q * c) for t, c in self.kinks)
        return PiecewiseLinear._make(q * self.slope, q * self.intercept, kinks)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "PiecewiseLinear":
        q = operand(other)
        if q is None:
            return NotImplemented
        if not q:
            raise ZeroDivisionError("division of a piecewise-linear function by zero")
        return self.__mul__(1 / q)

    def compose_affine(self, scale: Any, shift: Any = 0) -> "PiecewiseLinear":
        """The function ``x -> self(scale * x + shift)``; ``compose_affine(-1)`` reflects."""
        p, q = rational(scale, name="scale"), rational(shift, name="shift")
        if not p:
            return PiecewiseLinear._make(_ZERO, self(q), ())
        kinks = [((t - q) / p, c * abs(p)) for t, c in self.kinks]
        if p < 0:
            kinks.reverse()
        a, b = self.pieces[0 if p > 0 else -1]
        return PiecewiseLinear._make(a * p, a * q + b, tuple(kinks))

    # -- object protocol ------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PiecewiseLinear):
            return NotImplemented
        return self.slope == other.slope and self.intercept == other.intercept and self.kinks == other.kinks

    def __hash__(self) -> int:
        return hash((PiecewiseLinear, self.slope, self.intercept, self.kinks))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"PiecewiseLinear is immutable; cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"PiecewiseLinear is immutable; cannot delete {name!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return PiecewiseLinear._make, (self.slope, self.intercept, self.kinks)

    def __repr__(self) -> str:
        kinks = ", ".join(f"({paste(t)}, {paste(c)})" for t, c in self.kinks)
        return f"PiecewiseLinear.from_kinks({paste(self.slope)}, {paste(self.intercept)}, [{kinks}])"

    def _repr_latex_(self) -> str:
        return function_latex(self)

    # -- other representations ------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict: ``{"slope": "p/q", "intercept": "p/q", "kinks": [["t", "c"], ...]}``."""
        return {
            "slope": format_rational(self.slope),
            "intercept": format_rational(self.intercept),
            "kinks": [[format_rational(t), format_rational(c)] for t, c in self.kinks],
        }

    @classmethod
    def from_json(cls, document: Any) -> "PiecewiseLinear":
        """Read what `to_json` wrote; other keys are ignored. Raises InputError on anything else."""
        if not isinstance(document, dict):
            raise InputError(
                f"a function is a JSON object with slope, intercept and kinks, not {show(document)}"
            )
        for key in ("slope", "intercept", "kinks"):
            if key not in document:
                raise InputError(f"the function lacks the key {key!r}; it needs slope, intercept and kinks")
        return cls.from_kinks(document["slope"], document["intercept"], document["kinks"])

    def to_sympy(self, variable: Any = "x") -> Any:
        """The function as a sympy ``Piecewise`` in ``variable``, a sympy symbol or its name."""
        import sympy

        x = sympy.Symbol(variable, real=True) if isinstance(variable, str) else variable
        rows = [_sympy(a) * x + _sympy(b) for a, b in self.pieces]
        ends = [x <= _sympy(t) for t in self.knots]
        return sympy.Piecewise(*zip(rows, [*ends, True], strict=True))

    def to_ppoly(self) -> Any:
        """The function as a `scipy.interpolate.PPoly` in floats, its outer pieces extrapolated.

        Kinks that round to one float are merged. Raises MissingExtraError without SciPy, and InputError when
        a number is beyond the range of floats.

        >>> PiecewiseLinear.from_kinks(0, 0, [(1, 2)]).to_ppoly()([-5, 1.5, 4]).tolist()
        [0.0, 1.0, 6.0]
        """
        try:
            from scipy.interpolate import PPoly
        except ImportError:
            raise MissingExtraError.of("to_ppoly needs SciPy", "scipy") from None
        inner = self.knots or (_ZERO,)
        # A break left and right of all kinks, however large they are: PPoly extrapolates its outer pieces.
        breaks = (inner[0] - 1 - abs(inner[0]), *self.knots, inner[-1] + 1 + abs(inner[-1]))
        try:
            rows = [
                (float(left), float(right), float(a), float(a * left + b))
                for left, right, (a, b) in zip(breaks, breaks[1:], self.pieces, strict=False)
            ]
        except OverflowError:
            raise InputError("a number is too large for the floats of SciPy (above 1.8e308)") from None
        rows = [row for row in rows if row[0] < row[1]]
        ends = [row[0] for row in rows] + [rows[-1][1]]
        return PPoly([[a for *_, a, _ in rows], [value for *_, value in rows]], ends, extrapolate=True)


def _sympy(q: mpq) -> Any:
    import sympy

    return sympy.Rational(int(q.numerator), int(q.denominator))


def _entries(value: Any, name: str) -> list[Any]:
    if isinstance(value, str | bytes | dict) or not isinstance(value, Iterable):
        raise InputError(f"{name} must be a sequence of (location, slope change) pairs, not {show(value)}")
    return list(value)


def _pair(kink: Any, name: str) -> tuple[mpq, mpq]:
    if isinstance(kink, str | bytes | dict) or not isinstance(kink, Iterable):
        raise InputError(f"{name} must be a pair (location, slope change), not {show(kink)}")
    entries = list(kink)
    if len(entries) != 2:
        size = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
        raise InputError(f"{name} must be a pair (location, slope change), but has {size}")
    return rational(entries[0], name=f"{name}[0]"), rational(entries[1], name=f"{name}[1]")
