"""The dual plane: lines of the data, the path that visits them in order, and the path unfolded."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

from exactrelu.arithmetic.errors import UnsupportedError
from exactrelu.dualplane import WAVE, Run, joints, split_into_runs, taut_parents
from exactrelu.dualplane.sleeve import portal_directions
from exactrelu.plotting.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SKY,
    floats,
    legend_below,
    marker_size,
    matplotlib_figure,
)

if TYPE_CHECKING:
    from exactrelu.interpolation.result import MinNormInterpolant

Point = tuple[float, float]
Sides = tuple[float, float, float, float]  # left, right, low, high


def dual_plane(found: "MinNormInterpolant") -> Any:
    """A `Figure` of the interpolant as a touring path in the plane of its pieces ``a x + b``.

    Left: a datum ``(x_i, y_i)`` is the line ``a x_i + b = y_i``; the pieces of the interpolant are points,
    its kinks the segments between them, and with penalised biases the cost is the length of the path. Where
    the path meets a line away from the chords (where neighbouring lines cross) it is reflected in it.
    Right, with penalised biases and a bend: the longest run of data that bend one way, unfolded by these
    reflections into a strip of triangles, in which the path is a shortest one.

    Raises MissingExtraError without matplotlib, InputError when a number is beyond the range of floats, and
    UnsupportedError for fewer than two data. Linear.

    Source: the dual plane of `exactrelu.dualplane`; shortest paths in a strip, Lee & Preparata 1984.
    """
    if found.data.n < 2:
        raise UnsupportedError(
            "the dual plane of a single datum is a line without a path; two data are needed"
        )
    runs = split_into_runs(found.data.x, found.data.curvatures) if found.penalize_bias and found.skip else []
    panels = 2 if runs else 1
    fig = matplotlib_figure()(figsize=(5.6 * panels, 5.6), layout="constrained")
    plane, *strip = fig.subplots(1, panels, squeeze=False)[0]
    _draw_plane(plane, found)
    if strip:
        run = max(runs, key=lambda r: r.last - r.first)
        _draw_strip(strip[0], run)
    for axes in (plane, *strip):
        axes.grid(visible=True, alpha=0.25)
        axes.set_axisbelow(True)
    legend_below(fig, [plane, *strip])
    return fig


def _draw_plane(axes: Any, found: "MinNormInterpolant") -> None:
    data, f = found.data, found.function
    path = [(a, b) for a, b in zip(*map(floats, zip(*f.pieces, strict=True)), strict=True)]
    slopes = floats(data.slopes)
    chords = list(
        zip(
            slopes,
            floats(y - d * x for x, y, d in zip(data.x, data.y, data.slopes, strict=False)),
            strict=True,
        )
    )
    size = marker_size(max(data.n, len(path)))
    xs, ys = floats(data.x), floats(data.y)
    sides = _square(axes, [*path, *chords])
    crossings = [_crossings(x, y, sides) for x, y in zip(xs, ys, strict=True)]
    _draw_lines(axes, [[min(ends), max(ends)] for ends in crossings if ends], data.n)
    if data.n <= 20:
        _name_lines(axes, crossings, sides)
    dots: dict[str, Any] = {"linestyle": "none", "zorder": _over_the_path(data.n)}
    axes.plot(*_columns(chords), marker="s", markersize=size, color=GREEN, label="chords", **dots)
    axes.plot(*_columns(path), color=BLUE, linewidth=2, zorder=2.5, label="path")
    axes.plot(*_columns(path), marker="o", markersize=size, color=BLUE, label=f"pieces ({len(path)})", **dots)
    places = set(chords)
    turns = [p for p in path[1:-1] if p not in places]
    if turns:
        few = len(turns) <= 60
        ring = {"markerfacecolor": "none", "markeredgewidth": 1.5 if few else 0.3}
        style = {"marker": "o", "markersize": size + (5 if few else 2), "color": ORANGE, **ring}
        axes.plot(*_columns(turns), label=f"reflections ({len(turns)})", **style, **dots)
    _arrow(axes, path)
    axes.set_xlabel("slope a")
    axes.set_ylabel("intercept b")
    axes.set_title("Dual plane: a x + b as the point (a, b)", pad=18)


def _square(axes: Any, points: Sequence[Point]) -> Sides:
    """Show a square with all points and some room, so that angles look as they are; its sides."""
    (left, right), (low, high) = ((min(v), max(v)) for v in zip(*points, strict=True))
    a, b = (left + right) / 2, (low + high) / 2
    # Not so narrow that floats near the middle cannot tell its sides apart.
    half = max(0.6 * max(right - left, high - low), 1e-9 * max(abs(a), abs(b))) or 1.0
    axes.set_xlim(a - half, a + half)
    axes.set_ylim(b - half, b + half)
    axes.set_aspect("equal")
    return a - half, a + half, b - half, b + half


def _over_the_path(count: int) -> float:
    """Where dots are drawn: over the path, whose order is 2.5, unless so many would hide it."""
    return 3 if count <= 400 else 2.4


def _crossings(x: float, y: float, sides: Sides) -> list[Point]:
    """Where the line ``a x + b = y`` meets the frame, the right side first, the upper one next."""
    left, right, low, high = sides
    ends = [(right, y - right * x)]
    ends += [((y - high) / x, high)] if x else []
    ends += [(left, y - left * x)]
    ends += [((y - low) / x, low)] if x else []
    return [(a, b) for a, b in ends if left <= a <= right and low <= b <= high]


def _draw_lines(axes: Any, segments: list[list[Point]], count: int) -> None:
    from matplotlib.collections import LineCollection

    width = 0.9 if count <= 40 else 0.4
    lines = LineCollection(segments, colors=SKY, linewidths=width, zorder=1)
    lines.set_label(f"lines of the data ({count})")
    axes.add_collection(lines, autolim=False)


def _name_lines(axes: Any, crossings: Sequence[Sequence[Point]], sides: Sides) -> None:
    """Write ℓ_i outside the frame where its line leaves it, on the right or above where there is room."""
    left, right, _, high = sides
    apart = (right - left) / 22
    taken: list[Point] = []
    for i, ends in enumerate(crossings):
        for a, b in ends:
            # Ticks are on the left and below; names there would cover them.
            if (a < right and b < high) or any(hypot(a - u, b - v) < apart for u, v in taken):
                continue
            taken.append((a, b))
            dx, dy = (5, 0) if a == right else (0, 2)
            style = {"ha": "left" if dx else "center", "va": "center" if dx else "bottom"}
            axes.annotate(
                f"$\\ell_{{{i + 1}}}$",
                (a, b),
                xytext=(dx, dy),
                textcoords="offset points",
                color=GREY,
                fontsize=9,
                annotation_clip=False,
                **style,
            )
            break


def _draw_strip(axes: Any, run: Run) -> None:
    """The strip of a run in floats, and the path through it."""
    x, bends = floats(run.x), floats(run.bends)
    small = Run(run.sign, run.first, run.last, x, bends, run.wave, run.mirrored)
    corners = _unfold(small)
    path = joints(taut_parents(small))
    count = len(bends)
    size = marker_size(count)
    for i in range(1, count):  # the triangle between portals i - 1 and i
        axes.fill(*_columns(corners[i - 1 : i + 2]), color=SKY, alpha=0.18, linewidth=0)
    for i in range(count):
        label = f"lines of the data, unfolded ({count})" if i == 0 else None
        style = {"color": SKY, "linewidth": 1.2, "linestyle": (0, (4, 2)), "zorder": 1}
        axes.plot(*_columns(corners[i : i + 2]), label=label, **style)
    if small.wave:
        foot = _foot(corners, path[1], x[0])
        beyond = (1.25 * foot[0], 1.25 * foot[1])
        style = {"color": SKY, "linewidth": 1.2, "linestyle": (0, (1, 1.5)), "zorder": 1}
        axes.plot(*_columns([corners[0], beyond]), label="outer line, where the path may start", **style)
    points = [_foot(corners, path[1], x[0]) if g == WAVE else corners[g] for g in path]
    dots: dict[str, Any] = {"linestyle": "none", "marker": "s", "markersize": size}
    dots["zorder"] = _over_the_path(count)
    axes.plot(*_columns(corners), color=GREEN, label="_chords", **dots)
    axes.plot(*_columns(points), color=BLUE, linewidth=2, zorder=2.5, label="_path")
    _arrow(axes, points)
    _square(axes, [*corners, *points])
    axes.set_xlabel("unfolded, in the same unit of length")
    first, last = run.first + 1, run.last + 1
    what = f"datum {first}" if first == last else f"data {first} to {last}"
    axes.set_title(f"Unfolded at {what}: the shortest path", pad=18)


def _unfold(run: Run) -> list[Point]:
    """The unfolded chords; a free start adds a portal before the first, which only `_foot` needs."""
    directions = portal_directions(run.x, 0 if run.wave else 1)
    if run.wave:
        next(directions)
    corners = [(0.0, 0.0)]
    for bend, (vx, vy) in zip(run.bends, directions, strict=False):
        px, py = corners[-1]
        corners.append((px + bend * vx, py + bend * vy))
    return corners


def _foot(corners: Sequence[Point], target: int, x: float) -> Point:
    """Where the perpendicular from a chord meets the first line, of direction ``(1, -x)``, through (0, 0)."""
    px, py = corners[target]
    along = (px - x * py) / (1 + x * x)
    return along, -x * along


def _arrow(axes: Any, points: Sequence[Point]) -> None:
    """The direction of travel, on the longest segment."""
    pairs = [(hypot(b[0] - a[0], b[1] - a[1]), a, b) for a, b in pairwise(points)]
    if not pairs or not max(pairs)[0]:
        return
    _, (ax, ay), (bx, by) = max(pairs)
    head, tail = ((ax + 2 * bx) / 3, (ay + 2 * by) / 3), ((2 * ax + 3 * bx) / 5, (2 * ay + 3 * by) / 5)
    arrow = {"arrowstyle": "-|>", "color": BLUE, "linewidth": 0, "mutation_scale": 18}
    axes.annotate("", xy=head, xytext=tail, arrowprops=arrow, zorder=2.6)


def _columns(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [a for a, _ in points], [b for _, b in points]
