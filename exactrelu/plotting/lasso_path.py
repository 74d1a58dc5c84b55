"""The picture of a regularisation path: every coefficient over β."""

from itertools import pairwise
from math import floor, log10, nan
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.plotting.style import CYCLE, GREY, MARKERS, canvas, floats, label, legend_below

if TYPE_CHECKING:
    from exactrelu.lasso import LassoPath

_NAMED = 12  # coefficients that get a name, a colour and a marker of their own
_CROWDED = 8  # of the largest breakpoint to the median: above, β is drawn on a logarithmic scale
_STEPS = 12  # points on a piece of the path that the scale bends


def path_figure(path: "LassoPath") -> Any:
    """A matplotlib `Figure`: the coefficients that are not zero, joined at the breakpoints exactly.

    Where most breakpoints crowd near 0, the axis of β is logarithmic, but linear from 0 to the power of ten
    below the least positive one; straight lines are bent by it. Raises MissingExtraError without matplotlib,
    and InputError when a number is beyond the range of floats.
    """
    betas = sorted(path.breakpoints)
    solutions = sorted(path.solutions, key=lambda s: s.beta)
    rows = [dict(zip(s.support, s.values, strict=True)) for s in solutions]
    used = sorted(set().union(*rows))
    fig, axes = canvas()
    positive = [b for b in betas if b]
    crowded = bool(positive) and positive[-1] > _CROWDED * positive[len(positive) // 2]
    if crowded:
        least, most = floats([positive[0], positive[-1]])
        linear = 10 ** floor(log10(least))
        # A tenth of the axis at least, so that the labels at both ends of the linear part do not meet.
        axes.set_xscale("symlog", linthresh=linear, linscale=max(0.3, log10(most / linear) / 9))
        axes.set_xlim(0, 1.1 * most)
    steps = _STEPS if crowded else 1
    grid = [a + (b - a) * mpq(k, steps) for a, b in pairwise(betas) for k in range(steps)] + betas[-1:]
    x, named = floats(grid), len(used) <= _NAMED
    for i, j in enumerate(used):
        at = [row.get(j, mpq(0)) for row in rows]
        values = [u + (v - u) * mpq(k, steps) for u, v in pairwise(at) for k in range(steps)] + at[-1:]
        # A stretch of zeros is not drawn: those of all coefficients would lie on each other.
        near = [0, *values, 0]
        shown = [v if any(near[k : k + 3]) else nan for k, v in enumerate(values)]
        style: dict[str, Any] = {"color": CYCLE[i % len(CYCLE)], "linewidth": 1.2}
        style["linestyle"] = "-" if i < len(CYCLE) else (0, (5, 2))
        if named:
            style |= {"marker": MARKERS[i % len(MARKERS)], "markersize": 4, "markevery": steps}
            style["label"] = path.dictionary.label(j).replace("$", r"\$")
        axes.plot(x, floats(shown), **style)
    label(axes, "β", "coefficients" if named else f"coefficients ({len(used)} are not 0 somewhere)")
    axes.set_title(f"Regularisation path, {path.dictionary.architecture}", parse_math=False)
    if not used:
        place = {"transform": axes.transAxes, "ha": "center", "va": "center", "color": GREY}
        axes.text(0.5, 0.5, "all coefficients are 0 at every β: the best network is a constant", **place)
        axes.set_yticks([])
    if used and named:
        legend_below(fig, [axes])
    return fig
