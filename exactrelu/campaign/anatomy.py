"""The parts of a value: what shrinking takes apart, changes, and puts together again."""

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from gmpy2 import mpq, mpz

from exactrelu.functions.dataset import Dataset
from exactrelu.functions.piecewise_linear import PiecewiseLinear
from exactrelu.functions.shallow_network import ShallowNetwork

_MPQ, _MPZ = type(mpq()), type(mpz())
_LISTS = ("input_weights", "biases", "output_weights")
ENTRY = "*"
"""The label of every entry of a sequence."""
Path = tuple[int, ...]


class Unfit(Exception):  # noqa: N818 - a candidate that is no value, nothing went wrong
    """The parts do not fit together: there is no such value."""


class Parts(NamedTuple):
    """The parts of a value with their labels, and the function that makes a value of other parts."""

    labels: Sequence[Any]
    values: Sequence[Any]
    fold: Callable[[Sequence[Any]], Any]

    def changed(self, values: Sequence[Any]) -> Any:
        """The value with these parts. Raises Unfit where its class refuses them."""
        try:
            return self.fold(values)
        except Exception as error:  # whatever the class raises
            raise Unfit from error


def unfold(value: Any) -> Parts | None:
    """The parts of a value; None for what has none, or is of a kind that is not known."""
    kind = type(value)
    if isinstance(value, Dataset):
        return Parts("xy", (list(value.x), list(value.y)), lambda parts: Dataset.read(*parts))
    if isinstance(value, PiecewiseLinear):
        return Parts(
            ("slope", "intercept", "kinks"),
            (value.slope, value.intercept, list(value.kinks)),
            lambda parts: PiecewiseLinear._merge(*parts),
        )
    if kind is ShallowNetwork:
        rest = ("output_bias", "skip_slope")
        return Parts(
            (*_LISTS, *rest),
            (*(list(getattr(value, name)) for name in _LISTS), *(getattr(value, name) for name in rest)),
            lambda parts: ShallowNetwork(*parts[:3], output_bias=parts[3], skip_slope=parts[4]),
        )
    if kind is list:
        return Parts([ENTRY] * len(value), value, list)
    if kind is tuple:
        return Parts(range(len(value)), value, tuple)
    if kind is dict:
        return Parts(list(value), list(value.values()), lambda parts: dict(zip(value, parts, strict=True)))
    if kind is set or kind is frozenset:
        return Parts([ENTRY] * len(value), sorted(value, key=repr), kind)
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return Parts(kind._fields, value, lambda parts: kind(*parts))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [f.name for f in dataclasses.fields(value) if f.init]
        return Parts(
            names,
            [getattr(value, name) for name in names],
            lambda parts: dataclasses.replace(value, **dict(zip(names, parts, strict=True))),
        )
    return _array(value) if is_array(value) else None


def is_array(value: Any) -> bool:
    """Whether it is a numpy array of numbers or objects, with at least one axis."""
    numpy = sys.modules.get("numpy")  # whoever has an array has imported it
    return (
        numpy is not None and type(value) is numpy.ndarray and value.ndim > 0 and value.dtype.kind in "biufO"
    )


def _array(value: Any) -> Parts:
    numpy, shape = sys.modules["numpy"], value.shape
    labels = [ENTRY] * value.size if value.ndim == 1 else [i % shape[-1] for i in range(value.size)]

    def fold(parts: Sequence[Any]) -> Any:
        flat = numpy.empty(len(parts), value.dtype)
        flat[:] = parts
        return flat.reshape(shape)

    return Parts(labels, value.ravel().tolist(), fold)


def can_shrink(value: Any) -> bool:
    """Whether shrinking knows the kind of the value, or of some part of it."""
    return bool(sequences(value)) or any(exact(leaf) is not None for _, leaf in leaves(value))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """What has no parts, with the labels on the way to it."""
    parts = unfold(value)
    if parts is None:
        yield path, value
    else:
        for label, part in zip(parts.labels, parts.values, strict=True):
            yield from leaves(part, (*path, label))


def outline(value: Any) -> str:
    """A text in which values of one kind differ where they differ."""
    parts = unfold(value)
    if parts is None or isinstance(value, Dataset | PiecewiseLinear):
        return repr(value)
    inner = ",".join(map(outline, parts.values))
    labels = repr(list(parts.labels)) if type(value) is dict else ""
    return f"{type(value).__qualname__}{labels}({inner})"


def exact(leaf: Any) -> mpq | None:
    """The number that it is; None for everything else, infinities and nan too."""
    if isinstance(leaf, int | Fraction | _MPQ | _MPZ):
        return mpq(leaf)
    if isinstance(leaf, float):
        return mpq(leaf) if leaf - leaf == 0 else None
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(leaf, numpy.integer | numpy.floating | numpy.bool_):
        return exact(leaf.item())
    return None


def _like(q: mpq, leaf: Any) -> Any:
    """The number in the kind of the leaf."""
    kind = type(leaf)
    if exact(leaf) == q:
        return leaf
    if kind is Fraction:
        return Fraction(int(q.numerator), int(q.denominator))
    if kind is _MPQ:
        return q
    try:
        new = kind(float(q)) if isinstance(leaf, float) else kind(int(q))
    except Exception as error:  # a class of numbers of the user's
        raise Unfit from error
    if not isinstance(leaf, float) and exact(new) != q:
        raise Unfit
    return new


def numbers(value: Any) -> list[tuple[tuple[Any, ...], mpq]]:
    """Every number of the value, with the labels on the way to it."""
    found = ((path, exact(leaf)) for path, leaf in leaves(value))
    return [(path, q) for path, q in found if q is not None]


def with_numbers(value: Any, new: Iterable[mpq]) -> Any:
    """The value with other numbers, in the order of `numbers`. Raises Unfit where there is none."""
    upcoming = iter(new)

    def renewed(part: Any) -> Any:
        parts = unfold(part)
        if parts is None:
            return part if exact(part) is None else _like(next(upcoming), part)
        return parts.changed([renewed(p) for p in parts.values])

    return renewed(value)


def sequences(value: Any, path: Path = ()) -> list[tuple[Path, int]]:
    """Where the value has entries that can be left out (points, kinks, units, items), and how many."""
    length = entries(value)
    found = [] if length is None else [(path, length)]
    parts = None if is_whole(value) else unfold(value)
    for i, part in enumerate(() if parts is None else parts.values):
        found += sequences(part, (*path, i))
    return found


def is_whole(value: Any) -> bool:
    """Whether entries of its parts cannot be left out on their own: data, functions, networks, arrays."""
    return isinstance(value, Dataset | PiecewiseLinear | ShallowNetwork) or is_array(value)


def at(value: Any, path: Path) -> Any:
    """The part at this path."""
    for i in path:
        parts = unfold(value)
        assert parts is not None
        value = parts.values[i]
    return value


def replaced(value: Any, path: Path, part: Any) -> Any:
    """The value with another part at this path. Raises Unfit where there is none."""
    if not path:
        return part
    parts = unfold(value)
    assert parts is not None
    values = list(parts.values)
    values[path[0]] = replaced(values[path[0]], path[1:], part)
    return parts.changed(values)


def entries(value: Any) -> int | None:
    """How many entries the value itself has that can be left out; None where it is no sequence."""
    if isinstance(value, Dataset):
        return value.n
    if isinstance(value, PiecewiseLinear):
        return len(value.kinks)
    if type(value) is ShallowNetwork:
        return value.width
    if type(value) in (list, set, frozenset) or is_array(value):
        return len(value)
    return None


def kept(value: Any, which: Sequence[int]) -> Any:
    """The sequence with only these of its entries. Raises Unfit where there is none."""
    if isinstance(value, Dataset):
        if not which:
            raise Unfit
        return Dataset._make(tuple(value.x[i] for i in which), tuple(value.y[i] for i in which))
    if isinstance(value, PiecewiseLinear):
        return PiecewiseLinear._make(value.slope, value.intercept, tuple(value.kinks[i] for i in which))
    if type(value) is ShallowNetwork:
        w, b, a = (tuple(getattr(value, name)[i] for i in which) for name in _LISTS)
        return ShallowNetwork._make(w, b, a, value.output_bias, value.skip_slope)
    if is_array(value):
        return value[list(which)]
    ordered = value if type(value) is list else sorted(value, key=repr)
    return type(value)(ordered[i] for i in which)


def data_sets(value: Any, path: Path = ()) -> list[Path]:
    """Where the value has data sets."""
    if isinstance(value, Dataset):
        return [path]
    parts = None if is_whole(value) else unfold(value)
    if parts is None:
        return []
    return [found for i, part in enumerate(parts.values) for found in data_sets(part, (*path, i))]


def complexity(value: Any) -> tuple[int, int, int, int, mpq]:
    """How hard the value is to read: its leaves, those that are no integers, digits, minus signs, sizes."""
    atoms = fractions = digits = minus = 0
    size = mpq(0)
    for _, leaf in leaves(value):
        atoms += 1
        q = exact(leaf)
        if q is not None:
            fractions += q.denominator != 1
            digits += int(abs(q.numerator)).bit_length() + int(q.denominator).bit_length() - 1
            minus += q < 0
            size += abs(q)
    return atoms, fractions, digits, minus, size
