"""Tables of text (CSV and its relatives): delimiter, header and columns recognised."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from gmpy2 import mpq

from exactrelu.arithmetic.errors import InputError
from exactrelu.arithmetic.text import parse_rational, quoted

# The order decides between delimiters that fit equally well. None stands for any run of blanks.
_DELIMITERS: tuple[str | None, ...] = ("\t", ";", ",", "|", None)
_SAMPLE = 50  # rows from which the delimiter is guessed
_MAX_COLUMNS = 10_000

# What its author meant as a number, though it may be none (nan, 1,5, 2020-01-31): a row with such an entry is
# data, so that a mistake in the first row is reported and not taken for a header. The pattern is linear: each
# character has one role only.
_LIKE_A_NUMBER = re.compile(
    r"[+-]?[.,]?[0-9][0-9.,:/_-]*([eE][+-]?[0-9]+)?%?|[+-]?(nan|inf|infinity)|#?n/?a|null|none|-+|#[a-z0/]+[!?]",
    re.IGNORECASE,
)

# Not comments: what spreadsheets write into cells that they cannot compute.
_FAILED_CELL = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NUM!", "#NAME?", "#NULL!")

_Row = tuple[int, list[str]]  # line number as a text editor counts, cells


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text, equally long.

    Attributes
    ----------
    name : str
        What messages call the source.
    header : tuple of str, or None
        The first row, where it names the columns.
    rows : list of (int, list of str)
        For each row its number in the file as a text editor counts, and its cells without outer blanks.
    width : int
        The number of columns.
    """

    name: str
    header: tuple[str, ...] | None
    rows: list[_Row]
    width: int

    def label(self, column: int) -> str:
        """What messages call a column: its name, else its number from 1."""
        title = self.header[column] if self.header else ""
        return f"column {quoted(title)}" if title else f"column {column + 1}"

    def listing(self) -> str:
        """The columns by number and name, for a message."""
        titles = self.header or ("",) * self.width
        listed = [f"{i} {quoted(title, 30)}" if title else f"{i}" for i, title in enumerate(titles[:20], 1)]
        return ", ".join(listed) + (", ..." if self.width > 20 else "")

    def find(self, selector: str, option: str) -> int:
        """The position of the column of this name or, if none has it, of this number, counted from 1.

        Raises InputError that lists the columns.
        """
        named = [i for i, title in enumerate(self.header or ()) if title == selector.strip()]
        if len(named) == 1:
            return named[0]
        if named:
            numbers = " and ".join(str(i + 1) for i in named)
            raise InputError(
                f"{self.name}: columns {numbers} are all named {quoted(selector)}; give {option} a number"
            )
        if re.fullmatch(r"[0-9]{1,9}", selector) and 1 <= int(selector) <= self.width:
            return int(selector) - 1
        raise InputError(f"{self.name}: {option} {quoted(selector)} is none of the columns: {self.listing()}")


def meant_as_number(cell: str) -> bool:
    """Whether it looks like a number or a missing one, or has digits (−2, 1 000, ½) and no letters."""
    if _LIKE_A_NUMBER.fullmatch(cell):
        return True
    return any(map(str.isnumeric, cell)) and not any(map(str.isalpha, cell))


def read_number(text: str, *, max_digits: int) -> mpq:
    """`parse_rational` for a cell of a file, where the bound on the digits is an option."""
    try:
        return parse_rational(text, max_digits=max_digits)
    except InputError as error:
        if str(error).endswith(f"more than {max_digits} digits"):
            raise InputError(f"{error}; --max-digits allows more") from None
        if any(dash in text for dash in "−–—‐‑"):
            raise InputError(f"{error}; the minus sign is the hyphen -") from None
        raise


def read_table(text: str, name: str, *, selectors: Sequence[str] = ()) -> Table:
    """Read a table whose delimiter is a comma, semicolon, tab, vertical bar, or blanks.

    The first row is a header when none of its entries is meant as a number, or when one of them is among
    `selectors`, the columns that the user asked for by name. Empty rows, lines that start with ``#``, a first
    line ``sep=;`` as spreadsheets write it and empty columns at the right are skipped; cells may be quoted as
    in CSV.

    Raises InputError for an empty table, a header without rows, and rows of different lengths. Linear.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # Comments become empty lines, which keeps the count of lines.
    lines = ["" if line.startswith("#") and not line.startswith(_FAILED_CELL) else line for line in lines]
    if re.fullmatch(r"sep=.", lines[0]):
        lines[0] = ""
    rows = [row for row in _split(lines, _delimiter(lines, name), name) if any(row[1])]
    if not rows:
        raise InputError(f"{name}: the file is empty; two columns of numbers are expected")
    # A trailing delimiter makes an empty cell that is no column; a missing value does too. So the width is
    # the usual one of the rows without their trailing empty cells.
    widths = Counter(_filled(cells) for _, cells in rows)
    width = max(widths, key=lambda w: (widths[w], w))
    for line, cells in rows:
        if _filled(cells) > width or len(cells) < width:
            has = max(_filled(cells), min(len(cells), width))
            columns = "column" if has == 1 else "columns"
            raise InputError(f"{name}: row {line} has {has} {columns}, and the others have {width}")
        del cells[width:]
    first = rows[0][1]
    header = None
    if not any(map(meant_as_number, first)) or any(_names(s, first) for s in selectors):
        header = tuple(first)
        del rows[0]
        if not rows:
            raise InputError(f"{name}: the file has a header and no rows of numbers below it")
    return Table(name, header, rows, width)


def _names(selector: str, titles: list[str]) -> bool:
    is_position = re.fullmatch(r"[0-9]{1,9}", selector) and 1 <= int(selector) <= len(titles)
    return not is_position and selector.strip() in titles


def _filled(cells: list[str]) -> int:
    """The number of cells without the empty ones at the right."""
    n = len(cells)
    while n and not cells[n - 1]:
        n -= 1
    return n


def _delimiter(lines: list[str], name: str) -> str | None:
    """The delimiter that cuts the first rows most evenly into two columns or more, then into most numbers."""
    sample = list(islice((line for line in lines if line.strip()), _SAMPLE))
    best, best_score = None, (-1.0, -1.0)
    for delimiter in _DELIMITERS:
        for line in sample:
            # Counted without splitting: a line of ten million commas costs no memory.
            count = line.count(delimiter) + 1 if delimiter else len(line.split(None, _MAX_COLUMNS))
            if count > _MAX_COLUMNS:
                raise InputError(
                    f"{name}: row {lines.index(line) + 1} has more than {_MAX_COLUMNS} columns; "
                    "each row is to hold one point, an x and a y"
                )
        rows = [cells for _, cells in _split(sample, delimiter, name, strict=False)]
        widths = Counter(map(_filled, rows))
        width, even = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if width < 2:
            continue
        numbers = [meant_as_number(cell) for cells in rows for cell in cells]
        score = (even / len(rows), sum(numbers) / len(numbers))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _split(lines: list[str], delimiter: str | None, name: str, *, strict: bool = True) -> Iterator[_Row]:
    """Number the rows and cut them into cells. A quoted cell may contain delimiters and line breaks."""
    if not any('"' in line for line in lines):
        for number, line in enumerate(lines, 1):
            if line:
                yield number, [cell.strip() for cell in line.split(delimiter)]
        return
    if delimiter is None:
        delimiter, lines = " ", [line.replace("\t", " ").strip() for line in lines]
    ended = (line + "\n" for line in lines)
    reader = csv.reader(ended, delimiter=delimiter, skipinitialspace=True, strict=strict)
    limit = csv.field_size_limit(2**31 - 1)  # a long number is refused later, with a better message
    number = 1
    try:
        for cells in reader:
            yield number, [cell.strip() for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}: row {number} has a badly quoted cell: {error}") from None
    finally:
        csv.field_size_limit(limit)
