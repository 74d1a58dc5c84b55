"""Costs and other sums: an mpq where the value is rational, else a RadicalSum."""

from typing import TypeAlias

from gmpy2 import mpq

from exactrelu.arithmetic import RadicalSum, UnsupportedError

Exact: TypeAlias = mpq | RadicalSum


def simplest(value: Exact) -> Exact:
    """The value as an mpq if it is rational."""
    if isinstance(value, RadicalSum):
        q = value.as_rational()
        return value if q is None else q
    return value


def squared_norm(w: mpq, b: Exact, unit: int) -> mpq:
    """``w² + b²``, rational also for biases such as ``q √3``; UnsupportedError otherwise."""
    square = simplest(b * b)
    if isinstance(square, RadicalSum):
        raise UnsupportedError(
            f"unit {unit} has the bias {b}, whose square is irrational: its norm is no sum of square roots"
        )
    return w * w + square
