"""Small HTML tables for notebooks: escaped, long data and long numbers cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.arithmetic import Enclosure, RadicalSum, format_rational
from exactrelu.functions.display import count, summary

if TYPE_CHECKING:
    from exactrelu.functions.piecewise_linear import PiecewiseLinear

MOST = 12  # rows or kinks shown
_BITS = 80  # of numerator and denominator of a number that is shown exactly
_DIGITS = 15
_CERTIFY = 1000  # points of data whose certificate is built for display
_COLLECT = 1000  # terms of a sum that are added up for display
_ONE = mpq(1)


def number(value: mpq | RadicalSum | Enclosure) -> str:
    """The number: exact where short, else a rounded decimal after ``~``; no long number is written out.

    >>> number(mpq(1, 3)), number(mpq(10) ** 100_000 / 3)
    ('1/3', '~ 3.33333333333333e99999')
    """
    if isinstance(value, Enclosure):
        if value.lower == value.upper:
            return number(value.lower)
        width = RadicalSum._make([(value.width, _ONE)]).decimal(2)
        return f"~ {_decimal(value.midpoint)}, an enclosure of width ~ {width}"
    if isinstance(value, RadicalSum):
        approximation = value.decimal(_DIGITS, trim=True)
        terms = value.terms if len(value._raw) <= _COLLECT else ()
        short = 0 < len(terms) <= 3 and all(_bits(q) + _bits(d) <= _BITS for q, d in terms)
        return f"{value} ~ {approximation}" if short else f"~ {approximation}"
    return format_rational(value) if _bits(value) <= _BITS else f"~ {_decimal(value)}"


def function(f: PiecewiseLinear) -> str:
    """What a function is, in a line: its first piece and where its slope changes."""
    sign = "-" if f.intercept < 0 else "+"
    start = f"{number(f.slope)} · x {sign} {number(abs(f.intercept))}"
    if not f.kinks:
        return f"{start}, affine"
    shown = f.kinks if len(f.kinks) <= MOST else f.kinks[: MOST // 2]
    changes = ", ".join(f"by {number(c)} at {number(t)}" for t, c in shown)
    more = ", …" if len(shown) < len(f.kinks) else ""
    return f"{count(len(f.kinks), 'kink')}: {start} at the left, the slope changes {changes}{more}"


def solution_summary(solution: Any) -> str:
    """What the prompt shows of solutions of the minimal-norm and the max-margin problem."""
    unique = {True: "unique", False: "not unique", None: "uniqueness not decided"}[solution.is_unique]
    return summary(
        solution,
        count(solution.data.n, "point"),
        count(len(solution.function.kinks), "kink"),
        f"cost {number(solution.cost)}",
        unique,
    )


def solution_rows(solution: Any) -> list[tuple[str, str]]:
    """The facts that solutions of the minimal-norm and the max-margin problem have in common.

    The certificate of long data is not built for display.
    """
    unique = {True: "yes", False: "no", None: "not decided"}[solution.is_unique]
    made = "certificate" in vars(solution) or solution.data.n <= _CERTIFY
    claim = solution.certificate.claim if made else "made when asked for"
    bias, skip = ("yes" if v else "no" for v in (solution.penalize_bias, solution.skip))
    return [
        ("data", count(solution.data.n, "point")),
        ("function", function(solution.function)),
        ("cost", number(solution.cost)),
        ("unique", unique),
        ("biases penalised", bias),
        ("skip connection", skip),
        ("certificate", claim),
    ]


def facts(title: str, rows: Iterable[tuple[str, Any]]) -> str:
    """A table of names and values, under a title; everything is escaped."""
    body = "".join(f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in rows)
    return f"<table><caption>{escape(title)}</caption><tbody>{body}</tbody></table>"


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table with a head, under a title; everything is escaped. `outer` picks rows of long data."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    caption = f"<caption>{escape(title)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def outer(count: int) -> list[int | None]:
    """Positions to show of `count`: all, or the first and last with None for what is between."""
    if count <= MOST:
        return list(range(count))
    return [*range(MOST // 2), None, *range(count - MOST // 2, count)]


def _bits(q: mpq) -> int:
    return int(q.numerator.bit_length() + q.denominator.bit_length())


def _decimal(q: mpq) -> str:
    return RadicalSum._make([(q, _ONE)]).decimal(_DIGITS, trim=True)
