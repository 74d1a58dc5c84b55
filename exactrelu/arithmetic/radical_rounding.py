"""Correct rounding of a sum of square roots to floats, binary neighbours and decimals.

Each routine looks at intervals that shrink around the value until both ends round alike; rounding is
monotone, so everything between them rounds alike too.  The points where a rounding jumps are rational: an
irrational value parts from them after finitely many steps, and a rational value is known exactly.
"""

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING

from gmpy2 import f_div, mpq, mpz

from exactrelu.arithmetic.errors import InputError
from exactrelu.arithmetic.radical_text import decimal_text

if TYPE_CHECKING:
    from exactrelu.arithmetic.radical_sum import RadicalSum

_EXPONENT = re.compile(r"(?<=[0-9])[eE][-+]")


def to_float(value: "RadicalSum") -> float:
    """The nearest float, ties to even; raises ``OverflowError`` beyond the range."""
    for low, high, k in value._intervals():
        a, b = _rounded(low, k), _rounded(high, k)
        if a == b and math.copysign(1, a) == math.copysign(1, b):
            if math.isinf(a):
                raise OverflowError("the RadicalSum is too large to convert to float")
            return a
    exact = _known(value)
    return int(exact.numerator) / int(exact.denominator)


def neighbours(value: "RadicalSum", bits: int) -> tuple[mpq, mpq]:
    """The numbers of ``bits`` significant bits just below and just above, both the value if it is one."""
    _check_positive(bits, "bits")
    sign = value.sign()
    if sign == 0:
        return mpq(0), mpq(0)
    floor, is_exact, power = _leading(abs(value), 2, bits)
    unit = mpq(2) ** -power
    near, far = floor * unit, (floor if is_exact else floor + 1) * unit
    return (near, far) if sign > 0 else (-far, -near)


def decimal(value: "RadicalSum", digits: int, *, trim: bool) -> str:
    """``digits`` significant decimal digits, to nearest, ties to even."""
    _check_positive(digits, "digits")
    sign = value.sign()
    if sign == 0:
        return "0"
    # One digit more than asked for, cut off again: that digit, and whether anything follows it, says on which
    # side of the midpoint the value is.
    floor, is_exact, power = _leading(abs(value), 10, digits + 1)
    kept, last = divmod(floor, 10)
    if last > 5 or (last == 5 and not (is_exact and kept % 2 == 0)):
        kept += 1  # perhaps to 10^digits, one digit longer
    text = str(kept)
    exponent = len(text) - power
    text = text[:digits].rstrip("0") if trim else text[:digits]
    return decimal_text(sign < 0, text, exponent, plain_below=digits)


def formatted(value: "RadicalSum", spec: str) -> str:
    """The value by a format specification: like a `Decimal` for ``e f g %``; else as text.

    But exponents have two digits at least, as those of floats have.
    """
    match = re.fullmatch(r"(.*?)(\.[0-9]+)?([eEfFgG%])?", spec, re.DOTALL)
    assert match is not None
    options, precision, kind = match.groups()
    if precision is None and kind is None:
        return format(str(value), spec)
    sign, places = value.sign(), int(precision[1:]) if precision else 6
    nearby = Decimal(0)
    if sign:
        # Cut off behind every digit that is asked for; a last digit 1 stands for whatever follows, so this
        # number is on the same side of all rounding boundaries as the value, or on the same boundary.
        exponent = -_leading(abs(value), 10, 1)[2]
        floor, is_exact, power = _leading(abs(value), 10, places + max(exponent, 0) + 4)
        digits = str(10 * floor + (not is_exact))
        kept = digits[: -power - 1] + digits[-power - 1 :].rstrip("0")  # no zeros at the end of the fraction
        nearby = Decimal(f"{'-' if sign < 0 else ''}{kept}e{len(digits) - len(kept) - power - 1}")
    try:
        with localcontext(rounding=ROUND_HALF_EVEN):
            ending = f"{precision or '.6'}{kind or 'g'}"
            if re.search("[eE][-+][0-9]$", format(nearby, ending)):
                return _EXPONENT.sub(r"\g<0>0", format(nearby, _narrower(options) + ending), count=1)
            return format(nearby, options + ending)
    except ValueError:
        raise ValueError(f"Invalid format specifier {spec!r} for object of type 'RadicalSum'") from None


def _narrower(options: str) -> str:
    """The options of a format with a width that is less by one."""
    match = re.fullmatch(r"(.?[<>=^])?([-+ ]?z?0?)([0-9]+)?(.*)", options, re.DOTALL)
    assert match is not None
    align, flags, width, grouping = match.groups("")
    return f"{align}{flags}{int(width) - 1 or '' if width else ''}{grouping}"


def _known(value: "RadicalSum") -> mpq:
    """The rational value of a sum whose intervals have come to an end."""
    exact = value.as_rational()
    assert exact is not None
    return exact


def _rounded(mantissa: mpz, k: int) -> float:
    """mantissa · 2^-k to the nearest float, infinite beyond the range.

    Python divides integers with correct rounding, subnormal results included.
    """
    try:
        return int(mantissa) / (1 << k) if k >= 0 else float(int(mantissa) << -k)
    except OverflowError:
        return math.inf if mantissa > 0 else -math.inf


def floor(value: "RadicalSum") -> int:
    """The largest integer that is not above the value."""
    return int(_floor(value)[0])


def _floor(value: "RadicalSum") -> tuple[mpz, bool]:
    """floor(value), and whether the value is that integer."""
    for low, high, k in value._intervals(64):
        floor = low >> k
        # An interval that touches the integer below does not tell whether the value is that integer.
        if floor << k < low and high >> k == floor:
            return floor, False
    exact = _known(value)
    return f_div(exact.numerator, exact.denominator), exact.denominator == 1


def _leading(value: "RadicalSum", base: int, places: int) -> tuple[mpz, bool, int]:
    """(f, exact, p) for a value v > 0: f = floor(v·base^p) has ``places`` digits; exact iff f = v·base^p.

    An enclosure gives p up to an error of one or two; the length of f corrects it.
    """
    for low, _, k in value._intervals():
        if low > 0:
            bits = int(low.bit_length()) - k
            break
    else:
        exact = _known(value)
        bits = int(exact.numerator.bit_length() - exact.denominator.bit_length())
    exponent = math.floor(bits / math.log2(base))
    least = mpz(base) ** (places - 1)
    while True:
        power = places - 1 - exponent
        floor, is_exact = _floor(value * mpq(base) ** power)
        if least <= floor < base * least:
            return floor, is_exact, power
        exponent += 1 if floor >= least else -1


def _check_positive(value: int, name: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InputError(f"{name} = {value!r}: a positive integer is expected")
