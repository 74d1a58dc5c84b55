"""Dictionaries: the columns ``f(X)`` of the Lasso problem, one for each sub-network of an architecture."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from math import lcm
from typing import TYPE_CHECKING, Any, NoReturn, overload

from gmpy2 import mpq

from exactrelu.arithmetic import rationals
from exactrelu.arithmetic.errors import BudgetExceeded, InputError
from exactrelu.lasso.architecture import Architecture, architecture
from exactrelu.lasso.subnetwork import SubNetwork, narrow, switching

if TYPE_CHECKING:
    from exactrelu.lasso.design import Design

MAX_COLUMNS = 2_000_000
MAX_ENTRIES = 20_000_000  # of columns that are all different: some 2 GB
_set = object.__setattr__
Values = tuple[int, ...]


class Dictionary(Sequence[SubNetwork]):
    """The columns in the order of the paper, each with the sub-network that makes it; immutable, hashable.

    ``dictionary[j]`` is the sub-network of column ``j`` and ``dictionary.column(j)`` its values at ``x``.
    Columns that are equal, or zero, are merged for the solver and remembered here.

    Attributes
    ----------
    x : tuple of mpq
        The data points, increasing.
    architecture : Architecture
    scale : int
        Columns times this are integers.

    Notes
    -----
    The order of columns, with ``s`` first +1, then -1, and ``j`` from 0:

    - narrow networks of 2 layers: ``σ(s (x - x_j))`` by ``(s, j)``, that is ``2n`` (``|x - x_j|`` and
      ``sign(x - x_j)``: ``n``);
    - ReLU, 3 and 4 layers: by ``(s_1, j_1, s_2, j_2, ..)``, each layer with the breakpoint ``x_j``: ``4n²``;
      with 4 layers the whole list twice, the second time with the first breakpoint reflected,
      ``2 x_{j_2} - x_{j_1}``: ``16n³``;
    - absolute value, 3 layers: ``||x - x_i| - |x_j - x_i||`` by ``(i, j)``, then, by ``i < j``, the same with
      the midpoint of ``x_i, x_j`` in place of ``x_i``: ``n² + n(n-1)/2``;
    - sign, 3 layers and more: vectors of ±1 that start at +1, by the number of sign changes, at most
      ``architecture.switches``, then by their places.
    """

    __slots__ = (
        "_design",
        "_distinct",
        "_dropped",
        "_patterns",
        "_representative",
        "_values",
        "architecture",
        "scale",
        "x",
    )

    x: tuple[mpq, ...]
    architecture: Architecture
    scale: int
    _patterns: tuple[tuple[int, ...], ...]
    _representative: tuple[int | None, ...] | None
    _values: dict[int, Values]
    _distinct: tuple[int, ...]
    _dropped: frozenset[int]
    _design: "Design | None"

    def __init__(self) -> None:
        raise TypeError("use exactrelu.lasso.dictionary(x, layers=..., activation=...)")

    @classmethod
    def _make(
        cls, x: tuple[mpq, ...], of: Architecture, dropped: frozenset[int] = frozenset()
    ) -> "Dictionary":
        """Trusted: x strictly increasing. ``dropped``: columns whose classes the solver is not to use."""
        self = object.__new__(cls)
        _set(self, "x", x)
        _set(self, "architecture", of)
        halves = 2 if of.activation == "abs" and of.layers == 3 else 1
        scale = lcm(*(int(v.denominator) for v in x)) * halves * int(of.slope.denominator)
        _set(self, "scale", scale if of.is_continuous else 1)
        _set(self, "_representative", None)
        _set(self, "_design", None)
        _set(self, "_dropped", dropped)
        patterns: tuple[tuple[int, ...], ...] = ()
        if of.activation == "sign" and of.layers > 2:
            self._require_few()
            most = min(of.switches, len(x) - 1)
            patterns = tuple(c for k in range(most + 1) for c in combinations(range(1, len(x)), k))
        _set(self, "_patterns", patterns)
        return self

    # -- columns --------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """The number of columns, also where there are too many for ``len``."""
        return _count(self.architecture, len(self.x))

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, j: int) -> SubNetwork: ...
    @overload
    def __getitem__(self, j: slice) -> list[SubNetwork]: ...
    def __getitem__(self, j: int | slice) -> SubNetwork | list[SubNetwork]:
        if isinstance(j, slice):
            return [self[i] for i in range(*j.indices(len(self)))]
        if not -self.size <= j < self.size:
            raise IndexError(f"column {j}: the dictionary has {self.size} columns")
        j %= self.size
        if self._patterns:
            return switching(self.architecture, [self.x[i] for i in self._patterns[j]])
        return narrow(self.architecture, self._steps(j))

    def column(self, j: int) -> tuple[mpq, ...]:
        """The values of column ``j`` at the data points."""
        if self._patterns:
            return tuple(map(mpq, self._signs(self._patterns[j])))
        network = self[j]
        return tuple(map(network, self.x))

    def first_entry(self, j: int) -> mpq:
        """The value of column ``j`` at the first data point."""
        return mpq(1) if self._patterns else self[j](self.x[0])

    def switches(self, j: int) -> tuple[mpq, ...]:
        """Where column ``j`` of a sign dictionary changes its sign between data points."""
        if not self._patterns:
            j %= self.size
            return self.x[j : j + 1] if j else ()
        return tuple(self.x[i] for i in self._patterns[j])

    def label(self, j: int) -> str:
        """The sub-network of column ``j`` as a formula."""
        if self._patterns:
            places = ", ".join(map(str, self.switches(j)))
            return f"+1 switching at {places}" if places else "+1"
        return str(self[j])

    @property
    def distinct(self) -> tuple[int, ...]:
        """The columns that are left when zero columns go and, of equal ones, all but the first."""
        self._merge()
        return self._distinct

    @property
    def distinct_count(self) -> int | None:
        """How many there are; None where there are too many columns to make them all."""
        return None if self._excess() else len(self.distinct)

    @property
    def representative(self) -> tuple[int | None, ...]:
        """For each column the first one equal to it; None for a zero column."""
        self._merge()
        assert self._representative is not None
        return self._representative

    def equal_columns(self, j: int) -> tuple[int, ...]:
        """All columns equal to column ``j``, itself included."""
        mine = self.representative[j]
        return tuple(i for i, r in enumerate(self.representative) if r == mine)

    def without(self, *columns: int) -> "Dictionary":
        """The same list of columns, but the solver has to do without these and all that equal them."""
        dropped = self._dropped.union(j % self.size for j in columns)
        return Dictionary._make(self.x, self.architecture, dropped)

    def integers(self, j: int) -> Values:
        """Column ``j`` times `scale`."""
        if self._representative is not None and j in self._values:
            return self._values[j]
        return tuple(int(v * self.scale) for v in self.column(j))

    @property
    def is_all_ramps(self) -> bool:
        """Whether it is that of a ReLU network of 3 layers or more, with no column left out (see `ramps`)."""
        return self.architecture.activation == "relu" and self.architecture.layers > 2 and not self._dropped

    @property
    def design(self) -> "Design":
        """The distinct columns as the solver uses them."""
        if self._design is None:
            from exactrelu.lasso.design import Design

            _set(self, "_design", Design(self))
        assert self._design is not None
        return self._design

    # -- inside ---------------------------------------------------------------------------------------

    def _steps(self, j: int) -> list[tuple[int, mpq]]:
        """Signs and thresholds of a narrow sub-network."""
        x, n, of = self.x, len(self.x), self.architecture
        if of.activation in ("abs", "sign"):
            if of.layers == 2:
                return [(1, x[j])]
            if j < n * n:
                return [(1, x[j // n]), (1, abs(x[j % n] - x[j // n]))]
            i, k = _pair(j - n * n, n)
            return [(1, (x[i] + x[k]) / 2), (1, (x[k] - x[i]) / 2)]
        digits = []
        for _ in range(of.layers - 1):
            j, digit = divmod(j, 2 * n)
            digits.append(digit)
        digits.reverse()
        places = [x[d % n] for d in digits]
        if j:  # the second half of the list with 4 layers
            places[0] = 2 * places[1] - places[0]
        steps: list[tuple[int, mpq]] = []
        for digit, place in zip(digits, places, strict=True):
            here = narrow(of, steps)(place) if steps else place
            steps.append((1 if digit < n else -1, here))
        return steps

    def _signs(self, places: tuple[int, ...]) -> Values:
        """±1 at the data, from +1 on with a new sign at each of the places."""
        signs: list[int] = []
        for k, (a, b) in enumerate(pairwise((0, *places, len(self.x)))):
            signs += [1 - k % 2 * 2] * (b - a)
        return tuple(signs)

    def _excess(self) -> str:
        """What there is too much of to make all columns; "" where there is not."""
        if self.size > MAX_COLUMNS:
            return f"more than {MAX_COLUMNS} columns"
        of, n = self.architecture, len(self.x)
        if (of.activation, of.layers) == ("abs", 3) and self.size * n > MAX_ENTRIES:
            return f"{self.size} columns of {n} entries, more than {MAX_ENTRIES} in all"
        return ""

    def _require_few(self) -> None:
        """BudgetExceeded when there are too many columns to make them all."""
        if excess := self._excess():
            raise BudgetExceeded(f"the dictionary has {excess}; use fewer points, layers or units")

    def _merge(self) -> None:
        if self._representative is not None:
            return
        self._require_few()
        first: dict[Values, int] = {}
        found: list[int | None] = []
        for j, values in enumerate(self._all_values()):
            found.append(first.setdefault(values, j) if any(values) else None)
        dropped = {found[j] for j in self._dropped}
        _set(self, "_values", {j: values for values, j in first.items() if any(values)})
        _set(self, "_distinct", tuple(j for j in self._values if j not in dropped))
        _set(self, "_representative", tuple(found))

    def _all_values(self) -> Iterator[Values]:
        """The columns times `scale`, in order; equal ones mostly the same object."""
        of, n = self.architecture, len(self.x)
        if self._patterns:
            yield from map(self._signs, self._patterns)
            return
        if not of.is_continuous:
            low = -1 if of.activation == "sign" else 0
            for i in range(n):
                yield (low,) * i + (1,) * (n - i)
            if of.activation == "threshold":
                for i in range(n):
                    yield (1,) * (i + 1) + (0,) * (n - i - 1)
            return
        unit = self.scale // int(of.slope.denominator)
        points = [int(v * unit) for v in self.x]
        if of.activation == "abs":
            yield from _absolute_values(points, of.layers)
        else:
            above, below = int(of.slope.denominator), int(of.slope.numerator)
            yield from _ramp_values(points, of.layers, lambda v: v * above if v >= 0 else v * below)

    # -- a value --------------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Dictionary is immutable; cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Dictionary is immutable; cannot delete {name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dictionary):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        return (self.x, self.architecture, self._dropped)

    def __reduce__(self) -> tuple[Any, ...]:
        return Dictionary._make, self._key()

    def __repr__(self) -> str:
        return f"<Dictionary: {self.architecture}, {len(self.x)} points, {self.size} columns>"


def dictionary(
    x: Iterable[Any],
    *,
    layers: int = 2,
    activation: str = "relu",
    slope: Any = None,
    shape: str | None = None,
    widths: Sequence[int] | None = None,
) -> Dictionary:
    """The dictionary of an architecture at data points.

    Parameters
    ----------
    x : sequence of rational-like numbers
        The data points in any order; repeated ones count once.
    layers : int
        ``L``, the output layer counted: 2 to 4 for ``"relu"``, 2 or 3 for ``"abs"``, 2 for ``"leaky_relu"``
        and ``"threshold"``, at least 2 for ``"sign"``.
    activation : str
    slope : rational-like
        ``"leaky_relu"``: the slope for negative arguments.
    shape : ``"rectangular"`` or ``"tree"``
        ``"sign"`` with 3 layers or more.
    widths : sequence of ``L - 2`` positive integers
        ``"sign"`` with 3 layers or more: ``m_1 .. m_{L-2}``.

    Raises
    ------
    InputError, UnsupportedError
        For arguments that make no sense, and for architectures that no theorem covers.
    BudgetExceeded
        Beyond two million columns: at once for sign networks, otherwise when all of them are asked for.

    References
    ----------
    Zeger, Wang, Mishkin, Ergen, Candès, Pilanci, A Library of Mirrors, 2024 (arXiv 2403.01046).

    >>> d = dictionary([0, 4, 5, 7, 10, 11], layers=3)
    >>> len(d), len(d.distinct), str(d[0])
    (144, 30, 'σ(σ(x))')
    """
    return Dictionary._make(
        _points(x),
        architecture(layers=layers, activation=activation, slope=slope, shape=shape, widths=widths),
    )


def _points(x: Iterable[Any]) -> tuple[mpq, ...]:
    points = tuple(sorted(set(rationals(x, name="x"))))
    if not points:
        raise InputError("the data are empty; at least one point is needed")
    return points


def _count(of: Architecture, n: int) -> int:
    if of.activation == "sign" and of.layers > 2:
        number = patterns = 1
        for k in range(min(of.switches, n - 1)):
            patterns = patterns * (n - 1 - k) // (k + 1)  # n - 1 choose k + 1
            number += patterns
        return number
    if of.activation in ("abs", "sign"):
        return n if of.layers == 2 else n * n + n * (n - 1) // 2
    return int((2 * n) ** (of.layers - 1)) * (2 if of.layers == 4 else 1)


def _pair(k: int, n: int) -> tuple[int, int]:
    """The k-th pair i < j below n in lexicographic order."""
    i = 0
    while k >= n - 1 - i:
        k -= n - 1 - i
        i += 1
    return i, i + 1 + k


def _absolute_values(points: list[int], layers: int) -> Iterator[Values]:
    if layers == 2:
        for a in points:
            yield tuple(abs(v - a) for v in points)
        return
    for a in points:
        f = [abs(v - a) for v in points]
        for c in f:
            yield tuple(abs(v - c) for v in f)
    for a, b in combinations(points, 2):
        # All points are even multiples here, so the midpoint is an integer.
        yield tuple(abs(abs(v - (a + b) // 2) - (b - a) // 2) for v in points)


def _ramp_values(points: list[int], layers: int, sigma: Callable[[int], int]) -> Iterator[Values]:
    """Columns of narrow networks, layer by layer; a layer sees only the values of the one below."""
    n = len(points)
    seen: dict[Values, Values] = {}

    def layer(values: Values | list[int], digit: int, at: int) -> Values:
        made = tuple(sigma(v - at) for v in values) if digit < n else tuple(sigma(at - v) for v in values)
        return seen.setdefault(made, made)

    @_memo
    def after(values: Values) -> list[Values]:
        """The columns one layer up, by the digit (sign, breakpoint)."""
        return [layer(values, d, values[d % n]) for d in range(2 * n)]

    first = after(tuple(points))
    if layers == 2:
        yield from first
        return
    for f in first:
        for g in after(f):
            if layers == 3:
                yield g
            else:
                yield from after(g)
    if layers == 4:
        for d in range(2 * n):
            for e in range(2 * n):
                f = layer(points, d, 2 * points[e % n] - points[d % n])
                yield from after(layer(f, e, f[e % n]))


def _memo(function: Callable[[Values], list[Values]]) -> Callable[[Values], list[Values]]:
    known: dict[Values, list[Values]] = {}

    def call(values: Values) -> list[Values]:
        if values not in known:
            known[values] = function(values)
        return known[values]

    return call
