"""The largest product of a vector with a sub-network: what the dictionary must contain.

For ``w`` with sum 0 let ``h(t) = Σ w_i max(x_i - t, 0)``, with ``h_i = h(x_i)``; ``h_n = 0``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from gmpy2 import mpq

from exactrelu.functions import Dataset
from exactrelu.lasso.architecture import architecture
from exactrelu.theorems.registry import Mutant, Refuted, Tally, theorem
from exactrelu.theorems.zeger2024.subject import ZERO, columns, dot, random_units, tiny


@dataclass(frozen=True)
class Products:
    """A vector of sum 0, ``h`` at the data, and the largest product by enumeration of each dictionary."""

    data: Dataset
    w: tuple[mpq, ...]
    h: tuple[mpq, ...]
    two: mpq
    three: mpq
    four: mpq


def hinge_sums(x: Sequence[mpq], w: Sequence[mpq]) -> tuple[mpq, ...]:
    """``h`` at the data."""
    h, slope = [ZERO], ZERO
    for (t, u), v in zip(pairwise(reversed(x)), reversed(w), strict=False):
        slope += v
        h.append(h[-1] + slope * (t - u))
    return tuple(reversed(h))


def vectors(rng: Random, size: int, bits: int) -> Dataset:
    """Points of the fixed mixture; values of it, or small integers that have little to do with the points."""
    data = tiny(rng, size, bits)
    if rng.random() < 0.4:
        return data
    return Dataset._make(data.x, tuple(mpq(rng.randint(-4, 4)) for _ in data.x))


def products(data: Dataset, tally: Tally) -> Products:
    """Enumerate the ReLU dictionaries of 2, 3 and 4 layers; ``w`` is y centred."""
    mean = sum(data.y, ZERO) / data.n
    w = tuple(v - mean for v in data.y)
    found = []
    for name in ("relu-2", "relu-3", "relu-4"):
        d = columns(data, name)
        found.append(max((abs(dot(d.column(j), w)) for j in d.distinct), default=ZERO))
        tally["columns"] += len(d)
    return Products(data, w, hinge_sums(data.x, w), *found)


def right_facing(p: Products) -> bool:
    """The left-facing units mirror the right-facing ones."""
    return bool(p.two == max(map(abs, p.h)))


def twice(p: Products) -> bool:
    """A ramp is the difference of two hinges, each at its best."""
    return bool(p.three == 2 * max(map(abs, p.h)))


def as_two(p: Products) -> bool:
    """A ramp is no better than a hinge."""
    return bool(p.three == p.two)


@theorem(
    "zeger2024.dual-norms",
    statement=(
        "For Σw = 0 the largest |w·f(X)| over ReLU sub-networks with unit weights is "
        "max_i max(|h_i|, |h_i - h_1|) for L = 2 and max h - min h for every L ≥ 3."
    ),
    source="derived for this project, from the dictionaries of Zeger et al. 2024",
    instances=vectors,
    prepare=products,
    mutants=[
        Mutant(
            "right-facing-only",
            statement="For L = 2 it is max_i |h_i|.",
            check=right_facing,
            witness=Dataset.read([0, 1, 2], [2, -1, 1]),
        ),
        Mutant(
            "twice-the-best-hinge",
            statement="For L = 3 it is 2 max_i |h_i|.",
            check=twice,
            witness=Dataset.read([0, 1], [0, 1]),
        ),
        Mutant(
            "depth-does-not-matter",
            statement="For L = 3 it is the same as for L = 2.",
            check=as_two,
            witness=Dataset.read([0, 1, 2, 3], [0, 2, -1, 1]),
        ),
    ],
)
def dual_norms(p: Products, tally: Tally) -> None:
    """Enumeration against the formulas; sub-networks of up to 7 layers with random thresholds, too."""
    two = max(max(abs(v), abs(v - p.h[0])) for v in p.h)
    three = max(p.h) - min(p.h)
    if p.two != two:
        raise Refuted(f"L = 2: the dictionary gives {p.two}, the formula {two}")
    if p.three != three:
        raise Refuted(f"L = 3: the dictionary gives {p.three}, the formula {three}")
    if p.four != three:
        raise Refuted(f"L = 4: the dictionary gives {p.four}, the formula {three}")
    beats = min(p.h) < min(ZERO, p.h[0]) and max(ZERO, p.h[0]) < max(p.h)
    if (three > two) != beats:
        raise Refuted("L = 3 beats L = 2 iff h_1 and h_n lie strictly between min h and max h: it does not")
    rng = Random(p.data.n)
    for layers in (2, 3, 4, 7):
        for unit in random_units(replace(architecture(), layers=layers), p.data, rng, 20):
            if abs(dot([unit(x) for x in p.data.x], p.w)) > (two if layers == 2 else three):
                raise Refuted(f"L = {layers}: the sub-network {unit} exceeds the formula")
    tally["random sub-networks"] += 80
