"""The dual certificate: a function between its two bounds that touches them at the kinks."""

from itertools import pairwise
from math import hypot, isqrt
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.arithmetic import parse_rational
from exactrelu.arithmetic.errors import UnsupportedError
from exactrelu.plotting.style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    canvas,
    edge_width,
    floats,
    label,
    legend_below,
    marker_size,
)

if TYPE_CHECKING:
    from exactrelu.interpolation.result import MinNormInterpolant


def dual_certificate(found: "MinNormInterpolant", *, x_label: str = "x") -> Any:
    """A `Figure` of the dual function ``g``, which proves the interpolant minimal.

    ``g`` is affine between the data and 0 at the ends and beyond. It stays between ``±√(1+t²)`` (between
    ``±1`` when biases are free) and touches ``+`` at every kink that bends up, ``-`` at every one that bends
    down. Between two data the bound is drawn as a curve, for the touches inside a gap.

    Raises MissingExtraError without matplotlib, InputError beyond the range of floats, and UnsupportedError
    without a skip connection, where the dual is another one. Linear.
    """
    if not found.skip:
        raise UnsupportedError("the picture of the dual is of the variants with a skip connection")
    data, penalized = found.data, found.penalize_bias
    x, g = floats(data.x), _values(found)
    knots = found.function.knots
    # All kinks are between the first and the last datum, so is all that g is not zero on.
    margin = (x[-1] - x[0]) / 12 or 0.5
    ends = (x[0] - margin, x[-1] + margin)
    grid = _refined([ends[0], *x, ends[1]])
    bound = [hypot(1.0, t) if penalized else 1.0 for t in grid]
    name = "±√(1 + t²)" if penalized else "±1"
    fig, axes = canvas()
    style: dict[str, Any] = {"color": GREY, "linewidth": 1.2}
    axes.plot(grid, bound, label=f"bounds {name}", **style)
    axes.plot(grid, [-b for b in bound], **style)
    axes.fill_between(grid, bound, [-b for b in bound], color=GREY, alpha=0.07, linewidth=0)
    axes.plot([ends[0], *x, ends[1]], [0, *g, 0], color=BLUE, linewidth=1.6, label="dual g")
    size = marker_size(max(data.n, len(knots)))
    dots: dict[str, Any] = {"linestyle": "none", "zorder": 3}
    axes.plot(x, g, marker="o", markersize=size, color=BLACK, label=f"data ({data.n})", **dots)
    for sign, marker, what in ((1, "^", "up"), (-1, "v", "down")):
        touches = [t for t, c in found.function.kinks if (c > 0) == (sign > 0)]
        if touches:
            ring: dict[str, Any] = {
                "marker": marker,
                "markersize": size + 4,
                "markerfacecolor": "none",
                "markeredgewidth": edge_width(len(knots)),
                "color": ORANGE,
            }
            heights = [sign * (hypot(1.0, float(t)) if penalized else 1.0) for t in touches]
            axes.plot(
                floats(touches), heights, label=f"kinks that bend {what} ({len(touches)})", **ring, **dots
            )
    label(axes, x_label, "dual g")
    axes.set_title(f"Dual certificate: g within {name}, touching at every kink")
    legend_below(fig, [axes])
    return fig


def _values(found: "MinNormInterpolant") -> list[float]:
    """The dual at the data as the certificate has it; values may be signed squares."""
    dual = found.certificate.to_json()["dual"]
    if "g" in dual:
        return floats(parse_rational(v) for v in dual["g"])
    return [_root(parse_rational(v)) for v in dual["signed_squares"]]


def _root(square: mpq) -> float:
    """``sgn(r) √|r|``, to 60 bits whatever the size of ``r``."""
    r = abs(square)
    shift = max(0, 120 - r.numerator.bit_length() + r.denominator.bit_length()) // 2
    (value,) = floats([mpq(isqrt(int((r * mpq(4) ** shift) // 1)), 2**shift)])
    return -value if square < 0 else value


def _refined(points: list[float]) -> list[float]:
    """Points between neighbours so that a curve looks like one, about 500 in all."""
    steps = max(2, 500 // len(points))
    grid = [a + (b - a) * k / steps for a, b in pairwise(points) for k in range(steps)]
    return [*grid, points[-1]]
