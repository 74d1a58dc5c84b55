"""One-dimensional data: points with distinct abscissae, sorted, exact."""

from collections.abc import Sequence
from itertools import islice
from operator import lt
from typing import Any, NoReturn

from gmpy2 import mpq

from exactrelu.arithmetic import rationals
from exactrelu.arithmetic.errors import InputError
from exactrelu.functions.display import count, paste_list, show

_set = object.__setattr__


class Dataset:
    """Points ``(x_i, y_i)`` with ``x_1 < ... < x_n``, ``n >= 1``; immutable, hashable.

    Build one with `read`, which accepts the points in any order.

    >>> data = Dataset.read([2, 0, 1, 2], [3, 0, "1/2", 3])
    >>> data
    Dataset.read([0, 1, 2], [0, '1/2', 3])
    >>> data.n, data.slopes, data.curvatures
    (3, (mpq(1,2), mpq(5,2)), (mpq(2,1),))
    """

    __slots__ = ("_curvatures", "_slopes", "x", "y")

    x: tuple[mpq, ...]
    y: tuple[mpq, ...]
    _slopes: tuple[mpq, ...] | None
    _curvatures: tuple[mpq, ...] | None

    def __init__(self, x: Any, y: Any) -> None:
        other = Dataset.read(x, y)
        _set(self, "x", other.x)
        _set(self, "y", other.y)
        _set(self, "_slopes", None)
        _set(self, "_curvatures", None)

    @classmethod
    def _make(cls, x: tuple[mpq, ...], y: tuple[mpq, ...]) -> "Dataset":
        """Trusted constructor: ``x`` strictly increasing, both non-empty tuples of mpq of one length."""
        self = object.__new__(cls)
        _set(self, "x", x)
        _set(self, "y", y)
        _set(self, "_slopes", None)
        _set(self, "_curvatures", None)
        return self

    @classmethod
    def read(cls, x: Any, y: Any, *, rows: Sequence[object] | None = None) -> "Dataset":
        """Validate, sort and merge data given as two sequences of rational-like numbers.

        Parameters
        ----------
        x, y : sequences of equal length ``n >= 1``
            Anything `exactrelu.rational` accepts, in any order. A repeated point counts once.
        rows : sequence of length ``n``, optional
            What to call the points in error messages, for instance line numbers of a file. The default
            is their positions ``0, 1, ...``.

        Raises
        ------
        InputError
            If the data are empty, of unequal length, not rational, or give one ``x`` two different ``y``.

        Notes
        -----
        ``O(n)`` when ``x`` is sorted, else ``O(n log n)``.
        """
        xs, ys = rationals(x, name="x"), rationals(y, name="y")
        if len(xs) != len(ys):
            raise InputError(unequal(len(xs), len(ys)))
        if not xs:
            raise InputError("the data are empty; at least one point is needed")
        if rows is not None and len(rows) != len(xs):
            raise InputError(unequal(len(rows), len(xs), "rows", "x"))
        if all(map(lt, xs, islice(xs, 1, None))):
            return cls._make(xs, ys)
        order = sorted(range(len(xs)), key=xs.__getitem__)
        kept = [order[0]]
        for i in order[1:]:
            if xs[i] != xs[kept[-1]]:
                kept.append(i)
            elif ys[i] != ys[kept[-1]]:
                _conflict(xs, ys, kept[-1], i, rows)
        return cls._make(tuple(xs[i] for i in kept), tuple(ys[i] for i in kept))

    @property
    def n(self) -> int:
        """The number of points."""
        return len(self.x)

    @property
    def slopes(self) -> tuple[mpq, ...]:
        """Chord slopes ``(y_{i+1} - y_i)/(x_{i+1} - x_i)``, ``n - 1`` of them."""
        if self._slopes is None:
            x, y = self.x, self.y
            _set(self, "_slopes", tuple((y[i + 1] - y[i]) / (x[i + 1] - x[i]) for i in range(len(x) - 1)))
        assert self._slopes is not None
        return self._slopes

    @property
    def curvatures(self) -> tuple[mpq, ...]:
        """Differences of consecutive chord slopes, one for each inner point: ``max(n - 2, 0)`` of them."""
        if self._curvatures is None:
            s = self.slopes
            _set(self, "_curvatures", tuple(s[i + 1] - s[i] for i in range(len(s) - 1)))
        assert self._curvatures is not None
        return self._curvatures

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Dataset is immutable; cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Dataset is immutable; cannot delete {name!r}")

    def __len__(self) -> int:
        return len(self.x)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash((Dataset, self.x, self.y))

    def __reduce__(self) -> tuple[Any, ...]:
        return Dataset._make, (self.x, self.y)

    def __repr__(self) -> str:
        return f"Dataset.read({paste_list(self.x)}, {paste_list(self.y)})"

    def _repr_html_(self) -> str:
        from exactrelu.functions import html

        rows = [
            ("…", "…") if i is None else (html.number(self.x[i]), html.number(self.y[i]))
            for i in html.outer(self.n)
        ]
        return html.table(f"Dataset: {count(self.n, 'point')}", ("x", "y"), rows)


def unequal(first: int, second: int, one: str = "x", other: str = "y") -> str:
    """What to say of two sequences of different lengths."""
    entries = "entry" if first == 1 else "entries"
    return f"{one} has {first} {entries} and {other} has {second}; they must have equally many"


def _conflict(
    xs: Sequence[mpq], ys: Sequence[mpq], first: int, second: int, rows: Sequence[object] | None
) -> NoReturn:
    a, b = sorted((first, second))
    names = (a, b) if rows is None else (rows[a], rows[b])
    raise InputError(
        f"rows {names[0]} and {names[1]} have the same x = {show(xs[a])} but different y, "
        f"{show(ys[a])} and {show(ys[b])}; "
        "each x needs a single y"
    )
