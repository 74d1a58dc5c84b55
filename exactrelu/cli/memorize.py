"""`exactrelu memorize`: a network that takes the labels of data from a file, checked point by point."""

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from gmpy2 import mpq

from exactrelu.arithmetic import InputError
from exactrelu.arithmetic.atomic import atomic_write
from exactrelu.arithmetic.text import quoted, seconds
from exactrelu.cli import display, options
from exactrelu.cli.alarm import deadline
from exactrelu.cli.data import with_keys
from exactrelu.cli.source import (
    check_outputs,
    kind,
    looks_like_json,
    read_json,
    read_text,
    source_name,
)
from exactrelu.cli.tables import read_number, read_table

if TYPE_CHECKING:
    from exactrelu.memorization import MemorizationCheck, Memorizer

SCHEMA = "exactrelu/memorizer/1"
_CONSTRUCTIONS = ("auto", "piecewise-linear", "grid", "bit-extraction")
_PRECISIONS = ("float32", "float64", "double-double")


@dataclass(frozen=True, slots=True)
class _Labelled:
    name: str
    points: list[tuple[mpq, ...]]
    labels: list[mpq]
    classes: tuple[str, ...]  # the names of labels 0, 1, .. where they are no numbers


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """A network and its verdicts: exact, and in each float format."""

    found: "Memorizer"
    exact: "MemorizationCheck"
    floats: "dict[str, MemorizationCheck]"


@click.command(
    short_help="A network that takes given labels, exactly.",
    epilog="Example: exactrelu memorize --construction bit-extraction --json labels.csv",
)
@click.argument("data", metavar="DATA")
@click.option(
    "--construction",
    type=click.Choice(_CONSTRUCTIONS),
    default="auto",
    show_default=True,
    help="How to build it; auto takes the one with the fewest parameters.",
)
@click.option(
    "--block",
    type=click.IntRange(min=1),
    metavar="N",
    help="With grid and bit-extraction: steps or points of a block, at most as many as there are; by default "
    "the best number.",
)
@click.option("--compare", is_flag=True, help="Build and evaluate every construction that applies.")
@click.option("--network", metavar="FILE", help="Write the network as JSON, every weight exact.")
@click.option(
    "--plot",
    metavar="FILE",
    help="Draw parameters against the number of points, for all constructions, over the lower bound by "
    "counting: .png, .pdf or .svg.",
)
@options.as_json
@options.timeout
@options.max_digits
def command(
    data: str,
    construction: str,
    block: int | None,
    compare: bool,
    network: str | None,
    plot: str | None,
    as_json: bool,
    timeout: float | None,
    max_digits: int,
) -> int:
    """Build a ReLU network that takes the labels of DATA, and evaluate it exactly at every point.

    DATA is CSV, the last column the label and the others the coordinates of a point, or JSON
    {"x": [...], "y": [...]} with numbers or lists of coordinates in x; "-" reads standard input. Labels that
    are no numbers are numbered in alphabetic order.

    The network is evaluated in three float formats as well: there a label is wrong where the output is off by
    half the least distance of two different labels, or more. The lower bound is what counting says of
    networks of any shape: with fewer parameters none can fit all 0/1 labels of as many points.
    """
    check_outputs(network, plot=plot, sources=[data])
    drawn = None
    with deadline(timeout, f"there was no checked network within {seconds(timeout)}; allow more time"):
        read = _read(data, max_digits)
        from exactrelu.memorization.constructions import memorize_points

        try:
            found = memorize_points(read.points, read.labels, construction, block=block)
        except InputError as error:
            raise InputError(f"{read.name}: {error}") from None
        built = [_evaluated(found)]
        if compare:
            others = [a.construction for a in found.alternatives if not a.reason]
            built += [
                _evaluated(memorize_points(read.points, read.labels, name, block=block))
                for name in others
                if name != found.construction
            ]
        if plot is not None:
            from exactrelu import plotting

            drawn = plotting.image(plotting.growth_figure(found), plot)
        text = _json(built, read, compare) if as_json else _text(built, read, compare)
    if network is not None:
        _save(found, network)
    if plot is not None and drawn is not None:
        atomic_write(plot, drawn)
    click.echo(text)
    for each in built:
        if not each.exact.correct:
            name = each.found.construction
            click.echo(f"error: the {name} network is wrong at {len(each.exact.wrong)} points", err=True)
            return 3
    return 0


def _evaluated(found: "Memorizer") -> _Evaluated:
    floats = {precision: found.float_check(precision=precision) for precision in _PRECISIONS}
    return _Evaluated(found, found.check(), floats)


def _save(found: "Memorizer", path: str) -> None:
    atomic_write(path, json.dumps(found.network.to_json()))


def _json(built: list[_Evaluated], read: _Labelled, compare: bool) -> str:
    from exactrelu.memorization.bounds import least_parameters

    found = built[0].found
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "points": len(found.points),
        "dimension": len(found.points[0]),
        **_sizes(built[0]),
        "alternatives": [
            {
                "construction": a.construction,
                "width": a.width,
                "depth": a.depth,
                "parameters": a.parameters,
                "reason": a.reason or None,
            }
            for a in found.alternatives
        ],
        "least_parameters": least_parameters(len(found.points)),
    }
    if compare:
        document["compared"] = [_sizes(each) for each in _in_order(built)]
    if read.classes:
        document["classes"] = list(read.classes)
    return json.dumps(document)


def _sizes(each: _Evaluated) -> dict[str, Any]:
    found = each.found
    return {
        "construction": found.construction,
        "width": found.width,
        "depth": found.depth,
        "parameters": found.parameters,
        "nonzero_parameters": found.network.nonzero_parameters,
        "weight_bits": found.weight_bits,
        "direction": [str(u) for u in found.direction],
        "correct": each.exact.correct,
        "floating": {name: {"wrong": len(check.wrong)} for name, check in each.floats.items()},
    }


def _in_order(built: list[_Evaluated]) -> list[_Evaluated]:
    """As the constructions are listed, whichever was chosen."""
    return sorted(built, key=lambda each: _CONSTRUCTIONS.index(each.found.construction))


def _text(built: list[_Evaluated], read: _Labelled, compare: bool) -> str:
    from exactrelu.memorization.bounds import least_parameters

    found, n = built[0].found, len(built[0].found.points)
    titles = ["construction", "width", "depth", "parameters"]
    rows = [
        [a.construction, *("-" if v is None else str(v) for v in (a.width, a.depth, a.parameters))]
        for a in found.alternatives
    ]
    if compare:
        titles += ["weight bits", "exact", *_PRECISIONS]
        scores = {
            each.found.construction: [
                str(each.found.weight_bits),
                *(_brief(check) for check in (each.exact, *each.floats.values())),
            ]
            for each in built
        }
        rows = [row + scores.get(row[0], ["-"] * (2 + len(_PRECISIONS))) for row in rows]
    summary = [
        ("data", f"{n} {'point' if n == 1 else 'points'} of R^{len(found.points[0])}"),
        ("construction", found.construction),
        ("width", str(found.width)),
        ("depth", str(found.depth)),
        ("parameters", f"{found.parameters}, {found.network.nonzero_parameters} of them not 0"),
        ("lower bound", f"{least_parameters(n)}, by counting, where all 0/1 labels are to be possible"),
        ("weight bits", str(found.weight_bits)),
        ("exact", _score(built[0].exact)),
        *((name, _score(check)) for name, check in built[0].floats.items()),
    ]
    if read.classes:
        numbered = [f"{i} {quoted(name, 20)}" for i, name in enumerate(read.classes[:10])]
        summary.append(("labels", ", ".join(numbered) + (", ..." if len(read.classes) > 10 else "")))
    lines = display.aligned(rows, titles=titles)
    lines += [f"{a.construction} does not apply: {a.reason}" for a in found.alternatives if a.reason]
    return "\n".join([*lines, "", *(f"{title:<13}  {value}" for title, value in summary)])


def _brief(check: "MemorizationCheck") -> str:
    return "right" if check.correct else f"{len(check.wrong)} wrong"


def _score(check: "MemorizationCheck") -> str:
    return "all labels right" if check.correct else f"{len(check.wrong)} of {check.points} labels wrong"


def _read(source: str, max_digits: int) -> _Labelled:
    text = read_text(source)
    name = source_name(source)
    if looks_like_json(text):
        return _from_json(text, name, max_digits)
    table = read_table(text, name)
    if table.width < 2:
        raise InputError(
            f"{name}: there is only one column; at least two are expected, the last of them the label"
        )
    points = []
    for line, row in table.rows:
        coordinates = []
        for column, cell in enumerate(row[:-1]):
            try:
                coordinates.append(read_number(cell, max_digits=max_digits))
            except InputError as error:
                raise InputError(f"{name}: row {line}, {table.label(column)}: {error}") from None
        points.append(tuple(coordinates))
    lines = [line for line, _ in table.rows]
    places = [f"{name}: row {line}, {table.label(table.width - 1)}" for line in lines]
    labels, classes = _labels([row[-1] for _, row in table.rows], places, max_digits)
    _require_consistent(points, labels, name, lines)
    return _Labelled(name, points, labels, classes)


def _require_consistent(points: list[tuple[mpq, ...]], labels: list[mpq], name: str, rows: list[int]) -> None:
    seen: dict[tuple[mpq, ...], int] = {}
    for i, p in enumerate(points):
        j = seen.setdefault(p, i)
        if labels[j] != labels[i]:
            raise InputError(f"{name}: rows {rows[j]} and {rows[i]} are the same point with different labels")


def _labels(cells: list[str], places: list[str], max_digits: int) -> tuple[list[mpq], tuple[str, ...]]:
    """Numbers where all are; otherwise classes, numbered in alphabetic order."""
    numbers: list[mpq] = []
    wrong: list[tuple[int, InputError]] = []
    for i, cell in enumerate(cells):
        if not cell.strip():
            raise InputError(f"{places[i]} is empty, and a label is expected")
        try:
            numbers.append(read_number(cell, max_digits=max_digits))
        except InputError as error:
            wrong.append((i, error))
    if not wrong:
        return numbers, ()
    # Among numbers, what starts like a number is a slip and no name.
    for i, reason in wrong if numbers else ():
        if re.match(r"[+-]?([.\d]|(nan|inf\w*|n/?a|null|none)$)", cells[i].strip(), re.IGNORECASE):
            raise InputError(f"{places[i]}: {reason} (other labels are numbers)")
    classes = sorted(set(cells))
    number = {name: mpq(i) for i, name in enumerate(classes)}
    return [number[cell] for cell in cells], tuple(classes)


def _from_json(text: str, name: str, max_digits: int) -> _Labelled:
    document = with_keys(read_json(text, name), ("x", "y"), name, '{"x": [...], "y": [...]}')
    x, y = document["x"], document["y"]
    if not isinstance(x, list) or not isinstance(y, list) or len(x) != len(y) or not x:
        raise InputError(f"{name}: x and y must be lists of equal length with at least one entry")
    points = []
    for i, entry in enumerate(x):
        coordinates = entry if isinstance(entry, list) else [entry]
        points.append(tuple(_number(v, f"{name}: x[{i}]", max_digits) for v in coordinates))
        if len(points[i]) != len(points[0]) or not points[i]:
            raise InputError(
                f"{name}: x[{i}] has {len(points[i])} coordinates and x[0] has {len(points[0])}; as many, "
                "and at least one, are expected"
            )
    for i, entry in enumerate(y):
        if not isinstance(entry, str):
            raise InputError(f"{name}: y[{i}] is {kind(entry)}, and a label is expected")
    labels, classes = _labels(y, [f"{name}: y[{i}]" for i in range(len(y))], max_digits)
    _require_consistent(points, labels, name, list(range(len(x))))
    return _Labelled(name, points, labels, classes)


def _number(value: Any, place: str, max_digits: int) -> mpq:
    if not isinstance(value, str):
        raise InputError(f"{place} is {kind(value)}, and a number is expected")
    try:
        return read_number(value, max_digits=max_digits)
    except InputError as error:
        raise InputError(f"{place}: {error}") from None
