"""Source text, short text and LaTeX of functions and networks."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.arithmetic import RadicalSum

if TYPE_CHECKING:
    from exactrelu.functions.exact import Exact
    from exactrelu.functions.piecewise_linear import PiecewiseLinear
    from exactrelu.functions.shallow_network import ShallowNetwork

_MOST = 12  # pieces or units shown in a formula


def paste(value: "Exact") -> str:
    """Source text that the constructors read back as ``value``.

    Integer literals stop at CPython's 4,300 digits, strings do not.
    """
    if isinstance(value, RadicalSum):
        return repr(value)
    text = str(value)
    return text if value.denominator == 1 and len(text) <= 40 else repr(text)


def paste_list(values: Iterable["Exact"]) -> str:
    """A list of `paste` texts."""
    return "[" + ", ".join(map(paste, values)) + "]"


def show(value: Any) -> str:
    """A short text of anything, for messages."""
    try:
        text = str(value) if isinstance(value, mpq) else repr(value)
    except ValueError:  # an integer beyond CPython's digit limit somewhere inside
        text = f"an object of type {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def summary(result: object, *facts: str) -> str:
    """What the prompt shows of a result, which may hold thousands of numbers: ``<Kind: fact, fact>``."""
    return f"<{type(result).__name__}: {', '.join(facts)}>"


def count(number: int, what: str) -> str:
    """
    >>> count(1, "point"), count(2_000, "kink")
    ('1 point', '2,000 kinks')
    """
    return f"{number:,} {what}{'s' * (number != 1)}"


def two_names(values: Iterable[str]) -> str:
    """How to write labels that are two different names, for messages; nothing where they are not.

    >>> two_names(["dog", "cat", "dog"])
    ": write -1 for 'cat' and 1 for 'dog'"
    """
    names = set(values)
    if len(names) != 2 or any(re.match(r"\s*([-+]?[.\d]|$)", v) for v in names):
        return ""
    first, second = sorted(names)
    return f": write -1 for {show(first)} and 1 for {show(second)}"


def latex(value: "Exact") -> str:
    """The number in LaTeX, without dollar signs."""
    if isinstance(value, RadicalSum):
        return value._repr_latex_().strip("$")
    if value.denominator == 1:
        return str(value)
    sign = "-" if value < 0 else ""
    return rf"{sign}\tfrac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _affine(a: "Exact", b: "Exact") -> str:
    """``a x + b`` in LaTeX."""
    if a == 0:
        return latex(b)
    head = "x" if a == 1 else "-x" if a == -1 else f"{_factor(a)} x"
    return head if b == 0 else f"{head} {_signed(b)}"


def _factor(value: "Exact") -> str:
    text = latex(value)
    return rf"\left({text}\right)" if isinstance(value, RadicalSum) and len(value.terms) > 1 else text


def _signed(value: "Exact") -> str:
    text = latex(value)
    return text if text.startswith("-") else f"+ {text}"


def function_latex(f: "PiecewiseLinear") -> str:
    """``f(x)`` by cases; long functions are cut in the middle."""
    if not f.kinks:
        return f"$f(x) = {_affine(f.slope, f.intercept)}$"
    ends = [rf"x \le {latex(f.knots[0])}"]
    ends += [rf"{latex(s)} \le x \le {latex(t)}" for s, t in zip(f.knots, f.knots[1:], strict=False)]
    ends.append(rf"x \ge {latex(f.knots[-1])}")
    rows = [f"{_affine(a, b)} & {end}" for (a, b), end in zip(f.pieces, ends, strict=True)]
    if len(rows) > _MOST:
        rows[_MOST // 2 : -_MOST // 2] = [r"\vdots & \vdots"]
    return r"$f(x) = \begin{cases} " + r" \\ ".join(rows) + r" \end{cases}$"


def network_latex(network: "ShallowNetwork") -> str:
    """``f(x) = Σ a σ(w x + b) + a x + b``; wide networks are cut."""
    terms = [
        ("" if a == 1 else "-" if a == -1 else rf"{_factor(a)}\,") + rf"\sigma({_affine(w, b)})"
        for w, b, a in zip(
            network.input_weights[:_MOST], network.biases[:_MOST], network.output_weights[:_MOST], strict=True
        )
    ]
    if network.width > _MOST:
        terms.append(r"\cdots")
    if network.skip_slope or network.output_bias or not terms:
        terms.append(_affine(network.skip_slope, network.output_bias))
    text = " ".join(term if i == 0 or term.startswith("-") else f"+ {term}" for i, term in enumerate(terms))
    return f"$f(x) = {text}$"
