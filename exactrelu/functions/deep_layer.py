"""One layer of a deep network as sparse exact rows: reading, composition, blocks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gmpy2 import mpq

from exactrelu.arithmetic import rational, rationals
from exactrelu.arithmetic.errors import InputError
from exactrelu.functions.display import show

_ZERO, _ONE = mpq(0), mpq(1)

Row = tuple[tuple[int, mpq], ...]
"""The non-zero entries ``(column, weight)`` of a row, columns increasing."""


class Layer(NamedTuple):
    """An affine map ``v -> W v + b``: sparse rows of ``W``, ``b``, and the number of columns of ``W``."""

    rows: tuple[Row, ...]
    biases: tuple[mpq, ...]
    inputs: int

    @property
    def outputs(self) -> int:
        """The number of rows."""
        return len(self.rows)

    @property
    def parameters(self) -> int:
        """Entries of ``W`` and ``b``, zeros included."""
        return len(self.rows) * (self.inputs + 1)

    @property
    def nonzero(self) -> int:
        """Entries of ``W`` and ``b`` that are not zero."""
        return sum(map(len, self.rows)) + sum(1 for b in self.biases if b)

    @property
    def bits(self) -> int:
        """The bit length of the longest numerator or denominator."""
        numbers = [w for row in self.rows for _, w in row]
        numbers += self.biases
        return max((max(q.numerator.bit_length(), q.denominator.bit_length()) for q in numbers), default=1)

    def dense(self) -> tuple[tuple[tuple[mpq, ...], ...], tuple[mpq, ...]]:
        """``(W, b)`` with all zeros written out."""
        matrix = []
        for row in self.rows:
            line = [_ZERO] * self.inputs
            for k, w in row:
                line[k] = w
            matrix.append(tuple(line))
        return tuple(matrix), self.biases


def sparse_row(weights: Mapping[int, mpq] | Iterable[tuple[int, mpq]]) -> Row:
    """The canonical row of a mapping from columns to weights."""
    return tuple(sorted((k, w) for k, w in dict(weights).items() if w))


def read_layer(layer: Any, name: str) -> Layer:
    """``(W, b)`` with rational-like entries; raises InputError that names the place."""
    try:
        weights, biases = layer
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a pair (W, b), not {show(layer)}") from None
    try:
        lines = list(weights)
    except TypeError:
        raise InputError(f"the weights of {name} must be a matrix, not {show(weights)}") from None
    if not lines:
        raise InputError(f"the weights of {name} have no rows; a layer needs at least one unit")
    rows, columns = [], -1
    for i, line in enumerate(lines):
        entries = rationals(line, name=f"{name} W[{i}]")
        if columns not in (-1, len(entries)):
            raise InputError(
                f"the rows of the weights of {name} must be equally long: row 0 has {columns} entries and "
                f"row {i} has {len(entries)}"
            )
        columns = len(entries)
        rows.append(tuple((k, w) for k, w in enumerate(entries) if w))
    if not columns:
        raise InputError(f"the rows of the weights of {name} are empty; one entry an input is expected")
    shifts = rationals(biases, name=f"{name} b")
    if len(shifts) != len(rows):
        raise InputError(
            f"{name} has {len(rows)} rows of weights and {len(shifts)} biases; as many are expected"
        )
    return Layer(tuple(rows), shifts, columns)


def after(second: Layer, first: Layer) -> Layer:
    """The affine map `second` after `first`."""
    rows, biases = [], []
    for row, bias in zip(second.rows, second.biases, strict=True):
        entries: dict[int, mpq] = {}
        for k, w in row:
            bias += w * first.biases[k]
            for j, v in first.rows[k]:
                entries[j] = entries.get(j, _ZERO) + w * v
        rows.append(sparse_row(entries))
        biases.append(bias)
    return Layer(tuple(rows), tuple(biases), first.inputs)


def beside(layers: Sequence[Layer]) -> Layer:
    """The direct sum: block-diagonal weights."""
    rows: list[Row] = []
    biases: list[mpq] = []
    shift = 0
    for layer in layers:
        rows += [tuple((k + shift, w) for k, w in row) for row in layer.rows]
        biases += layer.biases
        shift += layer.inputs
    return Layer(tuple(rows), tuple(biases), shift)


def identity(n: int) -> Layer:
    """The identity of ``R^n``."""
    return Layer(tuple(((k, _ONE),) for k in range(n)), (_ZERO,) * n, n)


def split_signs(n: int) -> Layer:
    """``v -> (v, -v)``, entry by entry: what a hidden layer needs to carry ``v`` on."""
    rows = [((k, sign),) for k in range(n) for sign in (_ONE, -_ONE)]
    return Layer(tuple(rows), (_ZERO,) * (2 * n), n)


def join_signs(n: int) -> Layer:
    """``(σ(v), σ(-v)) -> v``, entry by entry."""
    return Layer(tuple(((2 * k, _ONE), (2 * k + 1, -_ONE)) for k in range(n)), (_ZERO,) * n, 2 * n)


def layer_from_json(document: Any, name: str) -> Layer:
    """Read an object with "weights" and "biases"; with "inputs", rows are objects from columns to weights."""
    if not isinstance(document, dict) or "weights" not in document or "biases" not in document:
        raise InputError(f'{name} must be an object with "weights" and "biases", not {show(document)}')
    weights = document["weights"]
    if "inputs" not in document:
        return read_layer((weights, document["biases"]), name)
    inputs = document["inputs"]
    if not isinstance(inputs, int) or isinstance(inputs, bool) or inputs < 1 or not isinstance(weights, list):
        raise InputError(f'{name}: "inputs" must be a positive integer and "weights" a list of rows')
    rows = []
    for i, entries in enumerate(weights):
        if not isinstance(entries, dict):
            raise InputError(f"{name} W[{i}] must be an object from columns to weights, not {show(entries)}")
        row = {}
        for key, w in entries.items():
            # Without zeros in front, so that no column has two names.
            if not (isinstance(key, str) and re.fullmatch("0|[1-9][0-9]{0,11}", key) and int(key) < inputs):
                raise InputError(f"{name} W[{i}] has the column {show(key)}; 0 to {inputs - 1} are expected")
            row[int(key)] = rational(w, name=f"{name} W[{i}][{key}]")
        rows.append(sparse_row(row))
    shifts = rationals(document["biases"], name=f"{name} b")
    if not rows or len(shifts) != len(rows):
        raise InputError(
            f"{name} has {len(rows)} rows of weights and {len(shifts)} biases; as many are expected"
        )
    return Layer(tuple(rows), shifts, inputs)
