"""Numbers as people read them: exact where short, else rounded and marked by ``~``; columns aligned."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gmpy2 import mpq

from exactrelu.arithmetic import Enclosure, RadicalSum, format_rational, parse_rational

if TYPE_CHECKING:
    from exactrelu.functions import PiecewiseLinear

_ONE = mpq(1)
SHORT = 24  # characters of an exact number that are still read with pleasure
DIGITS = 15  # of a decimal in a column
COST_DIGITS = 30


def decimal(q: mpq, digits: int) -> str:
    """The rational to `digits` significant digits, correctly rounded, without zeros at the end."""
    return RadicalSum._make([(q, _ONE)]).decimal(digits, trim=True)


def is_short(q: mpq) -> bool:
    """Whether its exact text is short; decided without writing a long one."""
    bits = q.numerator.bit_length() + q.denominator.bit_length()
    return bits < 4 * SHORT and len(format_rational(q)) <= SHORT


def number(q: mpq, digits: int = DIGITS) -> str:
    """Exact when short, else a decimal marked as rounded by ``~``."""
    return format_rational(q) if is_short(q) else f"~ {decimal(q, digits)}"


def places(points: Sequence[mpq], digits: int, *, most: int = 12) -> str:
    """Where the points are: "at 0, 1", or "at ~ 0.333, 1" where some are rounded; of many the outer ones."""
    if not points:
        return "none"
    chosen = [*points[: most // 2], *points[-(most // 2) :]] if len(points) > most else list(points)
    shown = [decimal(t, digits) for t in chosen]
    rounded = any(parse_rational(text) != t for text, t in zip(shown, chosen, strict=True))
    if len(points) > most:
        shown[most // 2 : most // 2] = ["..."]
    return f"at {'~ ' * rounded}{', '.join(shown)}"


def cost(value: "mpq | RadicalSum | Enclosure") -> str:
    """A cost: exact with its decimal when short, else the decimal and what the exact cost is."""
    if isinstance(value, Enclosure):
        if value.lower == value.upper:
            return cost(value.lower)
        relative = value.relative_width
        # As many digits as the two ends share, and three more.
        ratio = 1 if relative is None else relative.denominator // relative.numerator
        shared = max(6, ratio.bit_length() // 3)
        digits = min(shared + 3, COST_DIGITS)
        return f"between {_outward(value.lower, -1, digits)} and {_outward(value.upper, 1, digits)}"
    if isinstance(value, mpq):
        if not is_short(value):
            return f"~ {decimal(value, COST_DIGITS)} (a rational of about {_digits(value)} digits)"
        text, approximation = format_rational(value), decimal(value, DIGITS)
        if text == approximation:
            return text
        return f"{text} {'=' if parse_rational(approximation) == value else '~'} {approximation}"
    terms = value.terms
    approximation = value.decimal(COST_DIGITS)
    text = str(value) if len(terms) <= 3 else ""
    if text and len(text) <= 3 * SHORT:
        return f"{text} ~ {approximation}"
    what = "an exact square root" if len(terms) == 1 else f"an exact sum of {len(terms)} square roots"
    return f"~ {approximation} ({what})"


def aligned(rows: Sequence[Sequence[str]], *, titles: Sequence[str]) -> list[str]:
    """Lines of a table, columns aligned at the decimal point (or at the right, where there is none)."""
    columns = []
    for i, title in enumerate(titles):
        parts = [row[i].partition(".") for row in rows]
        left = max((len(a) for a, _, _ in parts), default=0)
        cells = [a.rjust(left) + point + b for a, point, b in parts]
        width = max([len(title), *map(len, cells)])
        block = max(map(len, cells), default=0)
        columns.append([title.rjust(width), *(cell.ljust(block).rjust(width) for cell in cells)])
    return ["  ".join(line).rstrip() for line in zip(*columns, strict=True)]


def number_columns(values: Sequence[mpq], title: str) -> tuple[list[str], list[list[str]]]:
    """Titles and columns for numbers: exact ones when all are short, decimals unless all are integers."""
    short = all(map(is_short, values))
    exact = [format_rational(q) for q in values] if short else []
    if short and all(q.denominator == 1 for q in values):
        return [title], [exact]
    rounded = [decimal(q, DIGITS) for q in values]
    if not short:
        return [f"{title} (rounded)"], [rounded]
    return [title, "(rounded)"], [exact, rounded]


def kink_table(f: "PiecewiseLinear") -> list[str]:
    """Lines with location and slope change of every kink, and an empty one; nothing without kinks."""
    if not f.kinks:
        return []
    titles, columns = ["kink"], [[str(k) for k in range(1, len(f.kinks) + 1)]]
    for values, title in zip(zip(*f.kinks, strict=True), ("location", "slope change"), strict=True):
        more_titles, more_columns = number_columns(values, title)
        titles += more_titles
        columns += more_columns
    return [*aligned(list(zip(*columns, strict=True)), titles=titles), ""]


def pieces(f: "PiecewiseLinear") -> list[tuple[str, str]]:
    """How many kinks a function has, and its outer pieces."""
    if not f.kinks:
        return [("kinks", "0"), ("function", affine(f.slope, f.intercept))]
    return [
        ("kinks", str(len(f.kinks))),
        ("first piece", affine(*f.pieces[0])),
        ("last piece", affine(*f.pieces[-1])),
    ]


def affine(slope: mpq, intercept: mpq) -> str:
    """``slope * x + intercept``, without what is zero or one."""
    if not slope:
        return number(intercept)
    is_exact = is_short(slope) and is_short(intercept)
    write = format_rational if is_exact else lambda q: decimal(q, DIGITS)
    text = {1: "x", -1: "-x"}.get(slope) or f"{write(slope)} * x"
    if intercept:
        text += f" {'-' if intercept < 0 else '+'} {write(abs(intercept))}"
    return text if is_exact else f"~ {text}"


def _outward(q: mpq, direction: int, digits: int) -> str:
    """A decimal of about `digits` digits that lies on the given side of `q`, or equals it."""
    text = decimal(q, digits)
    if (parse_rational(text) - q) * direction >= 0:
        return text
    # |q| < 10^(e+1), and rounding was off by at most half of 10^(e+1-digits): one such unit is enough.
    return decimal(q + direction * abs(q) * mpq(10) ** (1 - digits), digits)


def _digits(q: mpq) -> int:
    return int((q.numerator.bit_length() + q.denominator.bit_length()) * 0.30103)
