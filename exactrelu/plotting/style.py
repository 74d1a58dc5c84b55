"""What all pictures share: the palette, the file formats, matplotlib asked for politely."""

import os
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import inf
from typing import Any

from exactrelu.arithmetic.atomic import atomic_write
from exactrelu.arithmetic.errors import InputError, MissingExtraError

FORMATS = (".png", ".pdf", ".svg")

# Of the palette of Okabe and Ito, which colour-blind readers can tell apart; markers and dashes differ too.
BLUE, ORANGE, GREEN, PURPLE, AMBER, SKY, BLACK, GREY = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#000000",
    "#767676",
)
CYCLE = (BLUE, ORANGE, GREEN, PURPLE, AMBER, SKY)
MARKERS = ("o", "s", "^", "D", "v", "P")
_LARGEST = 1e306  # of numbers in pictures, whose margins and differences are to be floats, too


def check_target(path: str | os.PathLike[str]) -> None:
    """Refuse a picture that could not be made: an unknown kind of file, or matplotlib missing.

    Raises InputError or MissingExtraError.
    """
    suffix = os.path.splitext(os.fspath(path))[1].lower()
    if suffix not in FORMATS:
        raise InputError(f"cannot draw {os.fspath(path)!r}: the name must end in {', '.join(FORMATS)}")
    matplotlib_figure()


def save(fig: Any, path: str | os.PathLike[str]) -> None:
    """Write a figure as PNG, PDF or SVG, as the name of the file says: all or nothing.

    Raises InputError when the name says something else or the file cannot be written.
    """
    atomic_write(path, image(fig, path))


def image(fig: Any, path: str | os.PathLike[str]) -> bytes:
    """What `save` writes. Raises InputError when the name says something other than PNG, PDF or SVG."""
    check_target(path)
    drawn = BytesIO()
    fig.savefig(drawn, format=os.path.splitext(os.fspath(path))[1][1:].lower(), dpi=150)
    return drawn.getvalue()


def matplotlib_figure() -> Any:
    """The class `Picture` of figures that draw without a display; MissingExtraError without matplotlib."""
    try:
        from exactrelu.plotting.picture import Picture
    except ImportError:
        raise MissingExtraError.of("pictures need matplotlib", "plot") from None
    return Picture


def canvas(*, width: float = 8, height: float = 4.5) -> tuple[Any, Any]:
    """A new figure with one pair of axes and a light grid."""
    fig = matplotlib_figure()(figsize=(width, height), layout="constrained")
    axes = fig.add_subplot()
    axes.grid(visible=True, alpha=0.3)
    axes.set_axisbelow(True)
    return fig, axes


def label(axes: Any, x: str, y: str) -> None:
    """Label the axes. Labels are text, not formulas: a dollar sign in the name of a column stays one."""
    axes.set_xlabel(x, parse_math=False)
    axes.set_ylabel(y, parse_math=False)


def legend_below(fig: Any, panels: Sequence[Any]) -> None:
    """One legend under the axes, where it covers nothing; an entry that two panels share appears once."""
    entries: dict[str, Any] = {}
    for axes in panels:
        handles, texts = axes.get_legend_handles_labels()
        entries |= dict(zip(texts, handles, strict=True))
    # Columns are as wide as their longest text: about 0.08 inches a character, and 0.7 for the handle.
    widest = 0.7 + 0.08 * max(map(len, entries))
    columns = max(1, min(len(entries), int(fig.get_figwidth() / widest)))
    # As few columns as take no more rows.
    columns = -(-len(entries) // -(-len(entries) // columns))
    fig.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=columns, frameon=False)


def marker_size(count: int) -> float:
    """The size of a marker in points, smaller where many must fit."""
    return 5 if count <= 60 else 3 if count <= 400 else 1.5


def show_middle(axes: Any, values: Sequence[float]) -> None:
    """Cut outer pieces that leave the height of these values: a steep one would flatten the rest."""
    low, high = min(values), max(values)
    bottom, top = axes.get_ylim()
    room = 0.25 * (high - low)
    if room and room < float("inf"):
        axes.set_ylim(max(bottom, low - room), min(top, high + room))


def edge_width(count: int) -> float:
    """The width of the edge of a hollow marker in points, thinner where many must fit."""
    return 1.0 if count <= 60 else 0.5


def floats(values: Iterable[Any]) -> list[float]:
    """The numbers as floats, in which pictures are drawn; InputError where margins would leave them."""
    try:
        drawn = [float(v) for v in values]
    except OverflowError:
        drawn = [inf]
    if any(abs(v) > _LARGEST for v in drawn):
        raise InputError(f"a number is too large to be drawn (above {_LARGEST:g})")
    return drawn
