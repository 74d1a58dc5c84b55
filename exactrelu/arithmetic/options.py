"""Options of the public routines, checked in one place; every refusal says what would be right."""

from numbers import Integral, Real
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic.boundary import rational
from exactrelu.arithmetic.errors import InputError


def check_flags(**flags: Any) -> None:
    """Raise InputError, naming the flag, unless all are True or False: 0, 1 and texts are likely mistakes."""
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            raise InputError(f"{name} is {flag!r:.60}; it must be True or False")


def read_tolerance(tolerance: Any) -> mpq | None:
    """The tolerance as a rational; None for none.  Raises InputError unless it is positive."""
    if tolerance is None:
        return None
    exact = rational(tolerance, name="tolerance")
    if exact <= 0:
        raise InputError(f"tolerance is {exact}; it must be a positive number")
    return exact


def read_timeout(timeout: Any) -> float | None:
    """The seconds as a float, a century at most; None for none.  Raises InputError unless they are positive.

    >>> read_timeout(2), read_timeout(float("inf"))
    (2.0, 3000000000.0)
    """
    if timeout is None:
        return None
    value: Any = timeout
    if isinstance(timeout, bool) or not isinstance(timeout, Real) or not value > 0:
        raise InputError(f"timeout is {timeout!r:.60}; it must be a positive number of seconds")
    return float(min(value, 3 * 10**9))


def read_count(value: Any, name: str) -> int | None:
    """The integer; None for none.  Raises InputError unless it is a positive one."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < 1:
        raise InputError(f"{name} is {value!r:.60}; it must be a positive integer")
    return int(value)
