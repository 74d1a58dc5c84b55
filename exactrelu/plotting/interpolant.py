"""The picture of an interpolant: data, function, kinks."""

from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.plotting.style import (
    BLACK,
    BLUE,
    ORANGE,
    canvas,
    edge_width,
    floats,
    label,
    legend_below,
    marker_size,
    show_middle,
)

if TYPE_CHECKING:
    from exactrelu.interpolation.result import MinNormInterpolant


def interpolant(found: "MinNormInterpolant", *, x_label: str = "x", y_label: str = "y") -> Any:
    """A matplotlib `Figure`: the data, their interpolant, and its kinks.

    Raises MissingExtraError without matplotlib, and InputError when a number is beyond the range of floats,
    in which pictures are drawn. Linear.
    """
    f, data = found.function, found.data
    left, right = data.x[0], data.x[-1]
    knots = f.knots
    low, high = min([left, *knots[:1]]), max([right, *knots[-1:]])
    margin = (high - low) / 20 or max(abs(left) / 20, mpq(1, 2))
    ends = (low - margin, high + margin)
    grid = [ends[0], *knots, ends[1]]
    fig, axes = canvas()
    line = {"color": BLUE, "linewidth": 1.5, "label": "interpolant"}
    axes.plot(floats(grid), floats(f.values_at_sorted(grid)), **line)
    size = marker_size(max(data.n, len(knots)))
    dots = {"linestyle": "none", "marker": "o", "markersize": size, "color": BLACK, "zorder": 3}
    axes.plot(floats(data.x), floats(data.y), label=f"data ({data.n})", **dots)
    values = floats(f.values_at_sorted(knots))
    if knots:
        dots |= {"marker": "D", "markersize": size + 1.5, "markerfacecolor": "none", "color": ORANGE}
        dots["markeredgewidth"] = edge_width(len(knots))
        axes.plot(floats(knots), values, label=f"kinks ({len(knots)})", **dots)
    show_middle(axes, [*values, *floats(data.y)])
    label(axes, x_label, y_label)
    axes.set_title(title(found))
    legend_below(fig, [axes])
    return fig


def title(found: "MinNormInterpolant") -> str:
    """The variant of the problem in words."""
    biases, skip = "penalised" if found.penalize_bias else "free", "free" if found.skip else "no"
    return f"Minimal-norm interpolant, biases {biases}, {skip} skip connection"
