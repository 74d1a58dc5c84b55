"""Options that several commands share, and the checks of their values."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import click
from gmpy2 import mpq

from exactrelu.arithmetic.errors import InputError
from exactrelu.arithmetic.text import MAX_DIGITS, parse_rational

_F = TypeVar("_F", bound=Callable[..., Any])


def _seconds(ctx: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    # At most a century: the timer of the operating system takes no more.
    if value is not None and not (math.isfinite(value) and 0 < value < 3e9):
        raise click.BadParameter(f"{value} is not a positive number of seconds", ctx, parameter)
    return value


def _positive_rational(ctx: click.Context, parameter: click.Parameter, value: str | None) -> mpq | None:
    if value is None:
        return None
    try:
        number = parse_rational(value)
    except InputError as error:
        raise click.BadParameter(str(error), ctx, parameter) from None
    if number <= 0:
        raise click.BadParameter(f"{value} is not positive", ctx, parameter)
    return number


def columns(function: _F) -> _F:
    """Add ``--x`` and ``--y``."""
    function = click.option("--y", "y", metavar="NAME", help="The column of y, likewise.")(function)
    text = "The column of x in DATA: a name, or a number from 1."
    return click.option("--x", "x", metavar="NAME", help=text)(function)


def variant(function: _F) -> _F:
    """Add ``--free-bias`` and ``--no-skip``."""
    text = "No free skip connection (no free affine part)."
    function = click.option("--no-skip", is_flag=True, help=text)(function)
    return click.option("--free-bias", is_flag=True, help="Do not count the biases in the norm.")(function)


def as_json(function: _F) -> _F:
    """Add ``--json``."""
    text = "Print JSON, with every number exact."
    return click.option("--json", "as_json", is_flag=True, help=text)(function)


def timeout(function: _F) -> _F:
    """Add ``--timeout``."""
    text = "Give up after this time."
    option = click.option("--timeout", type=float, metavar="SECONDS", callback=_seconds, help=text)
    return option(function)


def max_digits(function: _F) -> _F:
    """Add ``--max-digits``."""
    text = "Refuse numbers with more digits in numerator or denominator."
    kind = click.IntRange(1, 10**9)
    option = click.option(
        "--max-digits", type=kind, default=MAX_DIGITS, show_default=True, metavar="N", help=text
    )
    return option(function)


def tolerance(function: _F) -> _F:
    """Add ``--tolerance``."""
    text = (
        "With penalised biases: a certified approximation in short numbers, with bounds of the norm this "
        "close, relative to it, e.g. 1e-12."
    )
    return click.option("--tolerance", metavar="Q", callback=_positive_rational, help=text)(function)


def state_dict(function: _F) -> _F:
    """Add ``--activation`` and ``--slope``, for files that do not say what acts between their layers."""
    text = "What acts between the layers of a PyTorch state dict, which does not say it."
    kinds = click.Choice(["relu", "leaky_relu", "abs"])
    slope = click.option(
        "--slope", default="0", show_default=True, metavar="Q", help="With leaky_relu: its slope left of 0."
    )
    activation = click.option("--activation", type=kinds, default="relu", show_default=True, help=text)
    return activation(slope(function))
