"""The DATA argument of the commands: CSV or JSON, from a file or standard input, to exact points."""

import re
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic.errors import InputError
from exactrelu.arithmetic.text import MAX_DIGITS, quoted
from exactrelu.cli import display
from exactrelu.cli.source import kind, looks_like_json, read_json, read_text, source_name
from exactrelu.cli.tables import Table, read_number, read_table
from exactrelu.functions.dataset import Dataset, unequal
from exactrelu.functions.display import two_names


@dataclass(frozen=True, slots=True)
class Data:
    """Points and the names that their source gives to `x` and `y`."""

    name: str
    points: Dataset
    x_name: str
    y_name: str
    rows: int

    @property
    def extent(self) -> str:
        """What there is: "y over x: 5 points, 0 to 4"; also how many rows only repeat others."""
        x = self.points.x
        first, last = display.number(x[0], 10), display.number(x[-1], 10)
        count = f"1 point, {first}" if len(x) == 1 else f"{len(x)} points, {first} to {last}"
        again = self.rows - len(x)
        repeats = "1 row repeats another" if again == 1 else f"{again} rows repeat others"
        repeated = f" ({repeats})" if again else ""
        return f"{self.y_name} over {self.x_name}: {count}{repeated}"


def read_data(
    source: str,
    *,
    x: str | None = None,
    y: str | None = None,
    y_last: bool = False,
    y_advice: str = "",
    max_digits: int = MAX_DIGITS,
) -> Data:
    """Read points from the file `source`, or from standard input for ``-``.

    Parameters
    ----------
    source : str
        CSV with or without a header, or JSON ``{"x": [...], "y": [...]}``.
    x, y : str, optional
        The columns: names, or numbers counted from 1; keys in JSON. Needed when there are more than two.
    y_last : bool
        Whether `y` holds labels: the last column of a table unless it is given, and ``labels`` in JSON too.
    y_advice : str
        What `y` is to be, for messages about an entry that is no number.
    max_digits : int
        The bound on the digits of a numerator or denominator.

    Raises
    ------
    InputError
        One sentence that names the file, the row as a text editor counts it, and the column.
    """
    text = read_text(source)
    name = source_name(source)
    if looks_like_json(text):
        return _from_json(text, name, x or "x", y, max_digits, y_last, y_advice)
    table = read_table(text, name, selectors=[s for s in (x, y) if s is not None])
    i, j = _columns(table, x, y, y_last)
    xs, ys = _numbers(table, i, max_digits), _numbers(table, j, max_digits, y_advice)
    lines = [line for line, _ in table.rows]
    titles = table.header or ("",) * table.width
    return Data(name, _dataset(name, xs, ys, lines), titles[i] or "x", titles[j] or "y", len(xs))


def _columns(table: Table, x: str | None, y: str | None, y_last: bool) -> tuple[int, int]:
    """The positions of the columns x and y."""
    if table.width == 1:
        raise InputError(
            f"{table.name}: there is only one column; two are expected, x and y, "
            "separated by commas, semicolons, tabs or blanks"
        )
    if table.width > 2 and (x is None or (y is None and not y_last)):
        raise InputError(
            f"{table.name}: there are {table.width} columns; choose two with --x and --y "
            f"out of: {table.listing()}"
        )
    i = table.find(x, "--x") if x is not None else None
    j = table.find(y, "--y") if y is not None else None
    if j is None and table.width > 2:
        j = table.width - 1
    if i is None:
        i = 0 if j is None else 1 - j
    if j is None:
        j = 1 - i
    if i == j:
        raise InputError(f"{table.name}: --x and --y are the same, {table.label(i)}")
    return i, j


def _numbers(table: Table, column: int, max_digits: int, advice: str = "") -> list[mpq]:
    """A column as rationals."""
    values = []
    for line, cells in table.rows:
        cell = cells[column]
        try:
            values.append(read_number(cell, max_digits=max_digits))
        except InputError as error:
            if not cell:
                reason = "the cell is empty, and a number is expected"
            elif re.fullmatch(r"[+-]?[0-9]{1,20},[0-9]{1,20}", cell):
                reason = f"{error}; write a decimal point, not a comma"
            else:
                reason = _advised(str(error), advice, [cells[column] for _, cells in table.rows])
            raise InputError(f"{table.name}: row {line}, {table.label(column)}: {reason}") from None
    return values


def _advised(reason: str, advice: str, values: list[Any]) -> str:
    """With how to write `values`, if they are labels."""
    if not advice or "--max-digits" in reason:
        return reason
    return f"{reason}; {advice}{two_names(v for v in values if isinstance(v, str))}"


def _from_json(
    text: str, name: str, x: str, given: str | None, max_digits: int, labels: bool, advice: str
) -> Data:
    document = read_json(text, name)
    y = given or "y"
    if (
        labels
        and given is None
        and isinstance(document, dict)
        and "y" not in document
        and "labels" in document
    ):
        y = "labels"  # as certificates call them
    wanted = f'{{"{x}": [...], "{y}": [...]}}' if len(x) + len(y) < 60 else '{"x": [...], "y": [...]}'
    document = with_keys(document, (x, y), name, wanted)
    if x == y:
        raise InputError(f"{name}: --x and --y are the same key {quoted(x)}")
    xs, ys = (
        _entries(document[key], f"{name}: {quoted(key, 30)[1:-1]}", max_digits, said)
        for key, said in ((x, ""), (y, advice))
    )
    if len(xs) != len(ys):
        raise InputError(f"{name}: {unequal(len(xs), len(ys), x, y)}")
    lines = [f"{i + 1} (index {i})" for i in range(len(xs))]
    return Data(name, _dataset(name, xs, ys, lines), x, y, len(xs))


def with_keys(document: Any, keys: tuple[str, ...], name: str, wanted: str) -> dict[str, Any]:
    """The JSON, if it is an object that has these keys; InputError otherwise."""
    if not isinstance(document, dict):
        raise InputError(f"{name}: the JSON is {kind(document)}; an object {wanted} is expected")
    for key in keys:
        if key not in document:
            there = ", ".join(quoted(k, 20) for k in list(document)[:8]) or "none"
            raise InputError(
                f"{name}: the JSON object has no key {quoted(key)} (its keys: {there}); {wanted} is expected"
            )
    return document


def _entries(values: Any, place: str, max_digits: int, advice: str) -> list[mpq]:
    """A list of JSON, its numbers and strings read by the same rule."""
    if not isinstance(values, list):
        raise InputError(f"{place} is {kind(values)}, and a list of numbers is expected")
    read = []
    for i, value in enumerate(values):
        if not isinstance(value, str):
            reason = f"{place}[{i}] is {kind(value)}, and a number is expected"
            raise InputError(_advised(reason, advice, []))
        try:
            read.append(read_number(value, max_digits=max_digits))
        except InputError as error:
            raise InputError(f"{place}[{i}]: {_advised(str(error), advice, values)}") from None
    return read


def _dataset(name: str, xs: list[mpq], ys: list[mpq], rows: list[Any]) -> Dataset:
    try:
        return Dataset.read(xs, ys, rows=rows)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
