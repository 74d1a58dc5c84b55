"""The number boundary: the one place where values from outside become ``gmpy2.mpq``.

Every accepted kind holds a rational value, and exactly that value is taken: ``0.1`` is the dyadic number
3602879701896397/2^55 when it comes as a float, and 1/10 when it comes as a string or a ``Decimal``.

The readers below say only why a value is refused; `rational` and `rationals` add its name and the value.
"""

import math
import sys
from collections.abc import Callable, Iterable, Mapping, Set
from decimal import Decimal
from fractions import Fraction
from numbers import Number, Rational
from typing import Any

import gmpy2
from gmpy2 import mpc, mpfr, mpq, mpz

from exactrelu.arithmetic.errors import InputError
from exactrelu.arithmetic.text import MAX_DIGITS, parse, quoted

_PLAIN_DTYPES = frozenset({"i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"})
_EXPECTED = "a finite rational number is expected"
_BOOLEAN = "a boolean is not a number here; write 0 or 1"
_COMPLEX = "a complex number is not accepted, not even with imaginary part 0"
_IRRATIONAL = "it is irrational, and only rational numbers are accepted"


def rational(value: Any, *, name: str = "value", max_digits: int = MAX_DIGITS) -> mpq:
    """The exact rational number that ``value`` holds.

    Accepted: ``int``, ``Fraction``, ``Decimal``, gmpy2 ``mpz``/``mpq``, flint ``fmpz``/``fmpq``, sympy
    ``Integer``/``Rational``, numpy integers, strings (see `parse_rational`), and floats of every make
    (``float``, numpy, ``mpmath.mpf``, ``gmpy2.mpfr``, ``sympy.Float``), read as the dyadic value they hold;
    0-dimensional arrays of these; a ``RadicalSum`` whose value is rational.

    Raises ``InputError`` naming ``name`` and the value for everything else: NaN, infinities, complex
    numbers, booleans, dates, masked entries, irrational or symbolic numbers, and decimal or binary
    exponents that would need more than ``max_digits`` digits.  Linear in the length of the number, but for
    strings and decimals (radix conversion).

    >>> rational("1/3"), rational(0.5)
    (mpq(1,3), mpq(1,2))
    >>> rational(float("nan"), name="x[3]")
    Traceback (most recent call last):
    exactrelu.arithmetic.errors.InputError: x[3] = nan: a finite rational number is expected
    """
    if type(value) is mpq:
        return value
    try:
        return _read(value, max_digits)
    except InputError as error:
        raise InputError(f"{name} = {_shown(value)}: {error}") from None


def operand(value: Any) -> mpq | None:
    """``value`` as an mpq for ``+ - * /``; None if it is no number at all, so that the other operand may try.

    Raises ``InputError`` for numbers that are not rational, NaN and booleans, as `rational` does.
    """
    kind = type(value)
    if kind is mpq:
        return value
    if kind is int or kind is mpz:
        return mpq(value)
    if isinstance(value, str | bytes):
        return None
    try:
        return rational(value)
    except InputError:
        if isinstance(value, Number):
            raise
        return None


def rationals(values: Iterable[Any], *, name: str = "x", max_digits: int = MAX_DIGITS) -> tuple[mpq, ...]:
    """The exact rational numbers that a one-dimensional sequence or array holds, in its order.

    Raises ``InputError`` naming ``name[i]`` (counted from 0) and the value, or the shape when ``values`` is
    not one-dimensional; strings, mappings and sets are no sequences of numbers.

    >>> rationals([1, "0.1", 0.25])
    (mpq(1,1), mpq(1,10), mpq(1,4))
    >>> rationals([1, None], name="y")
    Traceback (most recent call last):
    exactrelu.arithmetic.errors.InputError: y[1] = None: a finite rational number is expected, not NoneType
    """
    if getattr(values, "ndim", 1) != 1:
        shape = getattr(values, "shape", None)
        raise InputError(f"{name}: a one-dimensional sequence of numbers is expected, not shape {shape}")
    if isinstance(values, str | bytes | bytearray | Mapping | Set) or not isinstance(values, Iterable):
        raise InputError(f"{name}: a sequence of numbers is expected, not {type(values).__name__}")
    np = sys.modules.get("numpy")
    elements: Any = values
    if np is not None and type(elements) is np.ndarray and elements.dtype.str[1:] in _PLAIN_DTYPES:
        elements = elements.tolist()  # to Python's int and float without loss, and much faster to read
    read: list[mpq] = []
    value: Any = None
    try:
        for value in elements:
            read.append(value if type(value) is mpq else _read(value, max_digits))
    except InputError as error:
        raise InputError(f"{name}[{len(read)}] = {_shown(value)}: {error}") from None
    return tuple(read)


def _shown(value: object) -> str:
    """The value for a message: one short line, also for integers beyond CPython's limit on digits."""
    if isinstance(value, str):
        return quoted(value)
    try:
        text = " ".join(repr(value).split())
    except Exception:
        return f"an object of type {type(value).__name__}"
    return text if len(text) <= 60 else text[:60] + "..."


def _read(value: Any, max_digits: int) -> mpq:
    return _READERS.get(type(value), _from_other)(value, max_digits)


def _from_exact(value: Any, max_digits: int) -> mpq:
    return mpq(value)


def _from_ratio(value: Any, max_digits: int) -> mpq:
    # Parts need not be int: Fraction(mpq(1, 3)) keeps mpz, which mpq(Fraction) chokes on.
    return mpq(int(value.numerator), int(value.denominator))


def _from_float(value: Any, max_digits: int) -> mpq:
    try:
        return mpq(*value.as_integer_ratio())  # several times as fast as mpq(float)
    except (OverflowError, ValueError):  # infinite, not a number
        raise InputError(_EXPECTED) from None


def _from_decimal(value: Decimal, max_digits: int) -> mpq:
    if not value.is_finite():
        raise InputError(_EXPECTED)
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # finite
    if len(digits) + max(exponent, 0) > max_digits or -exponent > max_digits:
        raise InputError(f"it needs more than {max_digits} digits")
    return mpq(Fraction(value))


def _dyadic(mantissa: mpz, exponent: int, max_digits: int) -> mpq:
    """``mantissa * 2**exponent``; the exponent is bounded because these formats allow 2^62 and more."""
    if abs(exponent) > max_digits * math.log2(10):
        raise InputError(f"it needs more than {max_digits} digits")
    return mpq(mantissa << exponent) if exponent >= 0 else mpq(mantissa, mpz(1) << -exponent)


def _from_mpfr(value: Any, max_digits: int) -> mpq:
    if not gmpy2.is_finite(value):
        raise InputError(_EXPECTED)
    mantissa, exponent = value.as_mantissa_exp()
    return _dyadic(mantissa, int(exponent), max_digits)


def _from_mpmath_tuple(value: tuple[int, int, int, int], max_digits: int) -> mpq:
    sign, mantissa, exponent, _ = value
    if not mantissa and exponent:  # mpmath's encoding of nan and the infinities
        raise InputError(_EXPECTED)
    return _dyadic(mpz(-mantissa if sign else mantissa), int(exponent), max_digits)


def _from_complex(value: Any, max_digits: int) -> mpq:
    raise InputError(_COMPLEX)


def _from_bool(value: Any, max_digits: int) -> mpq:
    raise InputError(_BOOLEAN)


_READERS: dict[type, Callable[[Any, int], mpq]] = {
    mpq: _from_exact,
    mpz: _from_exact,
    bool: _from_bool,
    int: _from_exact,
    Fraction: _from_ratio,
    float: _from_float,
    str: parse,
    Decimal: _from_decimal,
    mpfr: _from_mpfr,
    complex: _from_complex,
    mpc: _from_complex,
}


def _from_other(value: Any, max_digits: int) -> mpq:
    """A kind that belongs to another package, or a subclass of a plain kind.

    A package is consulted only when it is loaded: nobody can hold its objects otherwise.  The packages come
    first, because ``np.float64`` is a ``float`` and ``np.timedelta64`` an ``np.integer``.
    """
    for module, read in _PACKAGES.items():
        if (loaded := sys.modules.get(module)) is not None:
            exact = read(loaded, value, max_digits)
            if exact is not None:
                return exact
    if isinstance(value, Rational):  # subclasses of int and Fraction among them
        return _from_ratio(value, max_digits)
    for kind, plain in _READERS.items():
        if isinstance(value, kind):
            return plain(value, max_digits)
    if isinstance(value, bytes | bytearray):
        raise InputError("bytes are not a number; decode them to a string first")
    raise InputError(f"{_EXPECTED}, not {type(value).__name__}")


def _from_numpy(np: Any, value: Any, max_digits: int) -> mpq | None:
    if isinstance(value, np.ndarray):
        if value.shape != ():
            raise InputError(f"a single number is expected, not an array of shape {value.shape}")
        if isinstance(value, np.ma.MaskedArray) and np.ma.getmaskarray(value)[()]:
            raise InputError("the entry is masked, and a number is expected")
        return _read(value.item() if value.dtype == object else np.asarray(value)[()], max_digits)
    if not isinstance(value, np.generic):
        return None
    if isinstance(value, np.bool_):
        raise InputError(_BOOLEAN)
    if isinstance(value, np.complexfloating):
        raise InputError(_COMPLEX)
    if isinstance(value, np.timedelta64):
        raise InputError("a duration is not a number; divide it by a unit first")
    if isinstance(value, np.integer):
        return mpq(int(value))
    if isinstance(value, np.floating):
        return _from_float(value, max_digits)
    return None


def _from_flint(flint: Any, value: Any, max_digits: int) -> mpq | None:
    if isinstance(value, flint.fmpz):
        return mpq(int(value))
    if isinstance(value, flint.fmpq):
        return mpq(int(value.p), int(value.q))
    return None


def _from_mpmath(mp: Any, value: Any, max_digits: int) -> mpq | None:
    if isinstance(value, mp._constant):  # pi, e, ...: a subclass of _mpf
        raise InputError(_IRRATIONAL)
    if isinstance(value, mp._mpc):
        raise InputError(_COMPLEX)
    return _from_mpmath_tuple(value._mpf_, max_digits) if isinstance(value, mp._mpf) else None


def _from_sympy(sympy: Any, value: Any, max_digits: int) -> mpq | None:
    if not isinstance(value, sympy.Basic):
        return None
    if isinstance(value, sympy.Rational):
        return mpq(int(value.p), int(value.q))
    if isinstance(value, sympy.Float):
        return _from_mpmath_tuple(value._mpf_, max_digits)
    raise InputError("of sympy's objects only Integer, Rational and Float are read as rational numbers")


def _from_radical_sum(module: Any, value: Any, max_digits: int) -> mpq | None:
    if not isinstance(value, module.RadicalSum):
        return None
    exact = value.as_rational()
    if exact is None:
        raise InputError(_IRRATIONAL)
    return exact


_PACKAGES: dict[str, Callable[[Any, Any, int], mpq | None]] = {
    "numpy": _from_numpy,
    "flint": _from_flint,
    "mpmath.ctx_mp_python": _from_mpmath,
    "sympy": _from_sympy,
    "exactrelu.arithmetic.radical_sum": _from_radical_sum,
}
