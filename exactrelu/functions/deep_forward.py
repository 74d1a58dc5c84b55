"""Exact forward passes of deep networks for many points at once.

**Units are affine in rows.** What a unit computes at all points is stored as ``factor (row + shift)``, where
a row is an array of integers (`deep_rows`). Only a sum of two or more rows, and a ReLU that some points
switch on and others off, make a new row; everything else costs two rationals a unit, whatever the number of
points. That a unit is on (or off) at all points follows from the least and the largest number of its row. And
constructions carry a number ``v`` of any sign on as the pair ``σ(v)``, ``σ(-v)``; since ``σ(v) - σ(-v) = v``,
the difference is taken without computing either.

**Blocks.** Points are sorted along the first unit and evaluated in blocks: neighbours agree on most signs. So
a network of depth ``N`` on a line, each layer of which bends at one of ``N`` points, costs about ``N^{3/2}``
operations in all instead of ``N²``.

A layer with many weights a unit is one integer matrix product (FLINT). Points whose coordinates have no short
common denominator are scaled each by their own, with all constants: ReLU commutes with positive factors. At
few points with long weights, ball arithmetic decides signs first (`deep_balls`), and only units that are on
are computed.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import isqrt
from typing import Any, NamedTuple

from flint import fmpz_mat
from gmpy2 import lcm, mpq

from exactrelu.functions.deep_balls import has_long_values, signs
from exactrelu.functions.deep_layer import Layer
from exactrelu.functions.deep_rows import Points, Row, array, combined, read, reduced, short

_DENSE = 8  # weights a unit, points and rows from which a matrix product pays
_BLOCK = 8  # times √n points a block; from 4 to 16 about equally fast
_ZERO, _ONE = mpq(0), mpq(1)


class _Unit(NamedTuple):
    """``factor (row + shift)``; with `clip` = ±1 ``factor σ(±(row + shift))``. Without a row: `shift`."""

    row: Row | None
    factor: mpq
    shift: mpq
    clip: int


_OFF = _Unit(None, _ONE, _ZERO, 0)
_Clips = dict[tuple[int, mpq], Row | None]


def forward(layers: Sequence[Layer], columns: Sequence[Sequence[mpq]]) -> list[list[mpq]]:
    """The outputs of the network at points given by coordinates: one list an output, one entry a point.

    At most one product and sum of rows for each non-zero weight.
    """
    n = len(columns[0])
    if n < _DENSE and has_long_values(layers):
        alone = [_block(layers, [[q] for q in p], signs(layers, p)) for p in zip(*columns, strict=True)]
        return [[value[0] for value in values] for values in zip(*alone, strict=True)]
    size = _BLOCK * isqrt(n)
    if n <= size or len(layers) == 1:
        return _block(layers, columns, None)
    first = next((row for row in layers[0].rows if row), ())
    position = [sum((w * columns[k][i] for k, w in first), _ZERO) for i in range(n)]
    order = sorted(range(n), key=position.__getitem__)
    out = [[_ZERO] * n for _ in layers[-1].rows]
    blocks = -(-n // size)
    for begin, end in pairwise(n * b // blocks for b in range(blocks + 1)):
        chosen = order[begin:end]
        found = _block(layers, [[column[i] for i in chosen] for column in columns], None)
        for mine, values in zip(out, found, strict=True):
            for i, value in zip(chosen, values, strict=True):
                mine[i] = value
    return out


def _block(
    layers: Sequence[Layer], columns: Sequence[Sequence[mpq]], decided: Sequence[Sequence[int]] | None
) -> list[list[mpq]]:
    points, state = _read_all(columns)
    for i, layer in enumerate(layers[:-1]):
        known = None if decided is None else decided[i]
        state = [_relu(unit) for unit in _affine(layer, state, points, known)]
    return [_write(unit, points) for unit in _affine(layers[-1], state, points, None)]


def _read_all(columns: Sequence[Sequence[mpq]]) -> tuple[Points, list[_Unit]]:
    """The coordinates as units; scaled point by point if they have no short common denominator."""
    n = len(columns[0])
    denominators = {q.denominator for column in columns for q in column}
    if len(denominators) < 8 or lcm(*denominators).bit_length() <= 64:
        points, scales = Points(n), None
    else:
        scales = [int(lcm(*(q.denominator for q in point))) for point in zip(*columns, strict=True)]
        points = Points(n, array(scales, max(scales)), max(scales))
    return points, [_Unit(read(column, scales), _ONE, _ZERO, 0) for column in columns]


def _write(unit: _Unit, points: Points) -> list[mpq]:
    row, factor, shift, _ = unit
    if row is None:
        return [shift] * points.n
    d = row.denominator
    if points.scales is None:
        found = [mpq(v, d) for v in row.values.tolist()]
    else:
        found = [mpq(v, d * c) for v, c in zip(row.values.tolist(), points.scales.tolist(), strict=True)]
    return found if factor == 1 and not shift else [factor * (v + shift) for v in found]


def _affine(layer: Layer, state: list[_Unit], points: Points, known: Sequence[int] | None) -> list[_Unit]:
    """All units of a layer before ReLU; those of `known` sign -1 are left out, since ReLU makes them 0."""
    clips: _Clips = {}
    if points.n >= _DENSE and sum(map(len, layer.rows)) >= _DENSE * len(layer.rows):
        inputs = [_combine(((k, _ONE),), _ZERO, state, points, clips) for k in range(len(state))]
        if len({id(unit.row) for unit in inputs}) > _DENSE:
            return _dense(layer, inputs, points)
    out: list[_Unit] = []
    opposite: tuple[Any, mpq] | None = None
    for i, (row, bias) in enumerate(zip(layer.rows, layer.biases, strict=True)):
        if known is not None and known[i] < 0:
            out.append(_OFF)
            opposite = None
        elif opposite == (row, bias):  # the second of a pair v, -v
            out.append(_negated(out[-1]))
            opposite = None
        else:
            out.append(_combine(row, bias, state, points, clips))
            opposite = tuple((k, -w) for k, w in row), -bias
    return out


def _negated(unit: _Unit) -> _Unit:
    return unit._replace(shift=-unit.shift) if unit.row is None else unit._replace(factor=-unit.factor)


def _relu(unit: _Unit) -> _Unit:
    row, factor, shift, _ = unit
    if row is None:
        return unit if shift > 0 else _OFF
    side = row.side(shift)
    if side:
        return unit if (side > 0) == (factor > 0) else _OFF
    return _Unit(row, abs(factor), shift, 1 if factor > 0 else -1)


def _combine(weights: Any, bias: mpq, state: list[_Unit], points: Points, clips: _Clips) -> _Unit:
    """``Σ w u + bias`` for one unit; `clips` holds the ReLUs that other units of the layer have computed."""
    shift = bias
    rows: dict[int, Row] = {}
    slopes: dict[int, mpq] = {}  # Σ c row
    bends: dict[tuple[int, mpq], mpq] = {}  # Σ c σ(row + offset)
    for k, w in weights:
        row, factor, offset, clip = state[k]
        if row is None:
            if offset:
                shift += w * offset
            continue
        c = w if factor == 1 else w * factor
        place = id(row)
        rows[place] = row
        if clip:
            bends[place, offset] = bends.get((place, offset), _ZERO) + c
            if clip > 0:
                continue
            c = -c  # σ(-z) = σ(z) - z
        slopes[place] = slopes.get(place, _ZERO) + c
        if offset:
            shift += c * offset
    for (place, offset), c in bends.items():
        if not c:
            continue
        if (place, offset) not in clips:
            clips[place, offset] = rows[place].clipped(offset, points)
        kept = clips[place, offset]
        if kept is not None:  # σ(row + offset) = kept + offset
            rows[id(kept)] = kept
            slopes[id(kept)] = slopes.get(id(kept), _ZERO) + c
            shift += c * offset
    terms = [(c, rows[place]) for place, c in slopes.items() if c]
    if len(terms) <= 1 and short(shift):
        if not terms:
            return _Unit(None, _ONE, shift, 0)
        c, row = terms[0]
        if short(c):
            return _Unit(row, c, shift / c, 0)
    made, shift = combined(terms, shift, points)
    return _Unit(made, _ONE, shift, 0)


def _dense(layer: Layer, inputs: list[_Unit], points: Points) -> list[_Unit]:
    """All units of a layer at once: an integer matrix product over one denominator."""
    rows = {id(unit.row): unit.row for unit in inputs if unit.row is not None}
    place = {key: i for i, key in enumerate(rows)}
    common = lcm(1, *(row.denominator for row in rows.values()))
    stacked: list[int] = []
    for row in rows.values():
        factor = int(common // row.denominator)
        stacked += [int(a) * factor for a in row.values.tolist()]
    lines, shifts = [], []
    for weights, shift in zip(layer.rows, layer.biases, strict=True):
        line = [_ZERO] * len(rows)
        for k, w in weights:
            unit = inputs[k]
            c = w * unit.factor
            if unit.row is not None:
                line[place[id(unit.row)]] += c
            shift += c * unit.shift
        lines.append(line)
        shifts.append(shift)
    scale = lcm(1, *{w.denominator for line in lines for w in line})
    matrix = fmpz_mat(len(lines), len(rows), [int(w * scale) for line in lines for w in line])
    entries = [int(a) for a in (matrix * fmpz_mat(len(rows), points.n, stacked)).entries()]
    out = []
    for i, shift in enumerate(shifts):
        own = entries[i * points.n : (i + 1) * points.n]
        made = reduced(array(own, max(map(abs, own))), common * scale, points, 0)
        out.append(_Unit(made, _ONE, shift, 0))
    return out
