"""Structured simplifications: of many entries, or many numbers, of a value at once.

Hypothesis lowers one number at a time, and instances that fail because of their pattern, far from 0 say, do
not let it. Each pass here gets a value and a function that says whether a candidate is simpler and fails too,
and returns the simplest value that it came to.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

from gmpy2 import mpq

from exactrelu.campaign.anatomy import (
    ENTRY,
    Path,
    Unfit,
    at,
    complexity,
    data_sets,
    kept,
    numbers,
    replaced,
    sequences,
    with_numbers,
)
from exactrelu.campaign.vectors import Vector, bent, like, lowered, primitive, rounded, stepped
from exactrelu.functions.dataset import Dataset

Accept = Callable[[Any], bool]
"""Whether the candidate is simpler than the best so far and fails too; it is then the best."""

_PAIRS = 12  # of up to so many entries every two are left out together
_BLOCKS = 32  # of longer sequences first so many parts are tried
_MANY = 60  # of more numbers only the simplest and the next smaller are tried for each


def descend(value: Any, accept: Accept) -> Any:
    """All passes, one after the other; of long values first those that change many entries at once."""
    if max((length for _, length in sequences(value)), default=0) > _BLOCKS:
        value = zeros(deletions(value, accept, _BLOCKS), accept, _BLOCKS)
        value = patterns(shapes(value, accept), accept)
    for one in (deletions, zeros, shapes, patterns, steps, singles, sums):
        value = one(value, accept)
    return value


def deletions(value: Any, accept: Accept, blocks: int | None = None) -> Any:
    """Leave out entries: all, halves, quarters, ..., each, pairs; first of all sequences of one length.

    With `blocks`, only parts as large as one of so many.
    """
    done: set[tuple[Path, ...]] = set()
    while left := [bundle for bundle in _bundles(value) if bundle not in done]:
        done.add(left[0])
        value = _shortened(value, left[0], accept, blocks)
    return value


def _bundles(value: Any) -> list[tuple[Path, ...]]:
    found = sequences(value)
    equal: dict[tuple[int, int], list[Path]] = {}
    for path, length in found:
        equal.setdefault((len(path), length), []).append(path)
    return [tuple(paths) for paths in equal.values() if len(paths) > 1] + [(path,) for path, _ in found]


def _shortened(value: Any, bundle: tuple[Path, ...], accept: Accept, blocks: int | None) -> Any:
    length = dict(sequences(value))[bundle[0]]

    def tried(gone: Iterable[int]) -> bool:
        nonlocal value, length
        which = [i for i in range(length) if i not in gone]
        new = value
        try:
            for path in bundle:
                new = replaced(new, path, kept(at(new, path), which))
        except Unfit:
            return False
        found = accept(new)
        if found:
            value, length = new, len(which)
        return found

    width = length
    while width and (blocks is None or width * blocks >= length):
        start = 0
        while start < length:
            if not tried(range(start, min(start + width, length))):
                start += width
        width //= 2
    while (
        blocks is None
        and length <= _PAIRS
        and any(tried(pair) for pair in list(combinations(range(length), 2)))
    ):
        pass
    return value


def sums(value: Any, accept: Accept) -> Any:
    """In short lists of numbers: two entries replaced by their sum."""

    def candidates() -> Iterator[Any]:
        for path, length in sequences(value):
            entries = at(value, path)
            terms = _whole(entries)
            if isinstance(entries, Dataset) or len(terms) != length or length > _PAIRS:
                continue
            for i, j in combinations(range(length), 2):
                which = [k for k in range(length) if k != j]
                total = [terms[k] + terms[j] * (k == i) for k in which]
                try:
                    yield replaced(value, path, with_numbers(kept(entries, which), total))
                except Unfit:
                    continue

    while (shorter := next(filter(accept, candidates()), None)) is not None:
        value = shorter
    return value


def zeros(value: Any, accept: Accept, blocks: int | None = None) -> Any:
    """Set all numbers to 0, halves of them, quarters, ..., each; or, with `blocks`, as in `deletions`."""
    width = length = len(numbers(value))
    while width and (blocks is None or width * blocks >= length):
        start = 0
        while start < len(whole := _whole(value)):
            block = range(start, min(start + width, len(whole)))
            if any(whole[i] for i in block):
                value, _ = _changed(value, whole, dict.fromkeys(block, mpq(0)), accept)
            start += width
        width //= 2
    return value


def patterns(value: Any, accept: Accept) -> Any:
    """Numbers that belong together: the same order, differences or ratios among simpler numbers."""
    return _grouped(value, accept, like)


def steps(value: Any, accept: Accept) -> Any:
    """Numbers that belong together: one step between two of them made smaller, or equal ones lowered."""
    return _grouped(value, accept, stepped)


def _grouped(value: Any, accept: Accept, simpler: Callable[[Vector], Iterable[Vector]]) -> Any:
    """For each group in turn the first simpler vector that is accepted, until none is for any."""
    found = True
    while found:
        found = False
        for place in range(len(_groups(value))):
            groups, whole = _groups(value), _whole(value)
            if place < len(groups):
                group = groups[place]
                for vector in simpler(tuple(whole[i] for i in group)):
                    value, found_here = _changed(value, whole, dict(zip(group, vector, strict=True)), accept)
                    if found_here:
                        found = True
                        break
    return value


def _groups(value: Any) -> list[tuple[int, ...]]:
    """Numbers that belong together: all x, all first entries, all entries of a list, all there are."""
    groups: dict[Any, list[int]] = {}
    for i, (path, _) in enumerate(numbers(value)):
        last = [label for label in path if label != ENTRY][-1:]
        for key in (("path", *path), ("last", *last), ("within", *path[:-1]), ("all",)):
            groups.setdefault(key, []).append(i)
    return list(dict.fromkeys(tuple(group) for group in groups.values() if len(group) > 1))


def singles(value: Any, accept: Accept) -> Any:
    """Each number on its own, again and again until none can be lowered."""
    idle, i = 0, 0  # how many in a row could not be lowered, and which one is next
    while idle < len(whole := _whole(value)):
        i %= len(whole)
        options = lowered(whole[i])
        if len(whole) > _MANY:
            options = options[:1] + options[1:][-1:]
        idle += 1
        for option in options:
            value, found = _changed(value, whole, {i: option}, accept)
            if found:
                idle = 0
                break
        else:
            i += 1
    return value


def _whole(value: Any) -> list[mpq]:
    return [q for _, q in numbers(value)]


def _changed(value: Any, whole: Sequence[mpq], new: dict[int, mpq], accept: Accept) -> tuple[Any, bool]:
    """The value with these numbers changed, if that is accepted."""
    try:
        candidate = with_numbers(value, [new.get(i, q) for i, q in enumerate(whole)])
    except Unfit:
        return value, False
    return (candidate, True) if accept(candidate) else (value, False)


def shapes(value: Any, accept: Accept) -> Any:
    """Data sets: on other abscissae, of the same curvatures or only signs of them, less an affine part."""
    found = True
    while found:
        found = False
        for path in data_sets(value):
            for data in _shaped(at(value, path)):
                try:
                    candidate = replaced(value, path, data)
                except Unfit:
                    continue
                if accept(candidate):
                    value, found = candidate, True
                    break
    return value


def _shaped(data: Dataset) -> list[Dataset]:
    if data.n < 2:
        return []
    simpler = [(complexity(new), new) for new in dict.fromkeys(_reshaped(data))]
    simpler = [(c, new) for c, new in simpler if c < complexity(data)]
    return [new for _, new in sorted(simpler, key=lambda pair: pair[0])]


def _reshaped(data: Dataset) -> Iterator[Dataset]:
    x, y, curvatures = data.x, data.y, data.curvatures
    bends = [
        tuple(mpq((c > 0) - (c < 0)) for c in curvatures),
        primitive(curvatures),
        *rounded(curvatures)[1:3],
    ]
    for over in (x, *(w for w in like(x) if all(a < b for a, b in pairwise(w)))):
        yield Dataset._make(over, y)
        for bend in bends:
            z = bent(over, bend)
            yield Dataset._make(over, z)
            yield Dataset._make(over, tuple(-q for q in z))
            yield Dataset._make(
                over,
                tuple(q - z[-1] * (t - over[0]) / (over[-1] - over[0]) for q, t in zip(z, over, strict=True)),
            )
    mean = (y[-1] - y[0]) / (x[-1] - x[0])
    for slope in (data.slopes[0], data.slopes[-1], mean):
        for part in (slope, mpq(slope.numerator // slope.denominator)):
            level = tuple(q - part * t for q, t in zip(y, x, strict=True))
            for c in (mpq(0), level[0], level[-1], min(level)):
                yield Dataset._make(x, tuple(q - c for q in level))
    yield Dataset._make(tuple(-t for t in reversed(x)), tuple(reversed(y)))
