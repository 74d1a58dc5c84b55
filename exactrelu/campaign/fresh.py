"""Small random data in the place of those of an instance: what no step from the instance leads to."""

from collections.abc import Iterator
from random import Random
from typing import Any

from gmpy2 import mpq

from exactrelu.campaign.anatomy import Unfit, at, data_sets, kept, replaced, sequences
from exactrelu.campaign.vectors import bent
from exactrelu.functions.dataset import Dataset

_MOST = 7  # points


def fresh(value: Any, draws: int) -> Iterator[Any]:
    """At most so many values in which every data set is a small random one; always the same.

    They have at most as many points. What else has one entry for each point keeps as many entries.
    """
    paths = data_sets(value)
    if not paths:
        return
    length = at(value, paths[0]).n
    beside = [path for path, n in sequences(value) if n == length and path not in paths]
    random = Random(0)
    for _ in range(draws):
        n = random.randint(min(3, length), min(length, _MOST))
        new = value
        try:
            for path in beside:
                new = replaced(new, path, kept(at(new, path), range(n)))
            for path in paths:
                new = replaced(new, path, _data(random, n, at(value, path)))
        except Unfit:
            continue
        yield new


def _data(random: Random, n: int, before: Dataset) -> Dataset:
    top = random.choice((3, 5, 7))
    x = tuple(mpq(t) for t in sorted(random.sample(range(-top, top + 1), n)))
    labels = sorted(set(before.y))
    style = 0 if len(labels) <= 2 and before.n > 2 else random.randrange(4)
    if style == 0:
        y = [random.choice(labels) for _ in x]
    elif style == 1:
        y = [mpq(random.randint(-top, top)) for _ in x]
    else:
        weights = random.choice(((0, 1), (0, 0, 1, -1), (0, 1, 1, 2, -1)))
        slope = random.randint(-3, 3)
        y = [
            q + slope * (t - x[0])
            for q, t in zip(bent(x, [mpq(random.choice(weights)) for _ in x[2:]]), x, strict=True)
        ]
    return Dataset._make(x, tuple(y))
