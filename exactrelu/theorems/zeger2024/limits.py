"""The limit β → 0: the least ``|z|_1`` of an interpolant."""

from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.functions import Dataset
from exactrelu.lasso.solution import LassoSolution
from exactrelu.theorems.registry import Mutant, Refuted, Tally, theorem
from exactrelu.theorems.zeger2024.equivalence import GOLDEN
from exactrelu.theorems.zeger2024.subject import ZERO, certified, columns, small


@dataclass(frozen=True)
class Limits:
    """Certified limits for L = 2 and L = 3; ``Σ|κ_i|`` and the outer chord slopes."""

    two: LassoSolution
    three: LassoSolution
    bends: mpq
    first: mpq
    last: mpq


def both(data: Dataset, tally: Tally) -> Limits:
    """Follow both paths to 0."""
    slopes = data.slopes or (ZERO,)
    bends = sum(map(abs, data.curvatures), ZERO)
    two, three = (certified(data, columns(data, name), ZERO, tally) for name in ("relu-2", "relu-3"))
    return Limits(two, three, bends, slopes[0], slopes[-1])


def no_outer_slopes(s: Limits) -> bool:
    """Only bends cost anything."""
    return bool(s.three.norm == s.bends / 2)


def skip_for_nothing(s: Limits) -> bool:
    """As with a free skip connection."""
    return bool(s.two.norm == s.bends)


def same(s: Limits) -> bool:
    """Interpolation costs the same at any depth."""
    return bool(s.three.norm == s.two.norm)


@theorem(
    "zeger2024.limits",
    statement=(
        "As β → 0 the least |z|_1 of an interpolant is max(K, (K + |δ_1 + δ_{n-1}|)/2) for L = 2 and "
        "(|δ_1| + K + |δ_{n-1}|)/2 for L = 3, K = Σ|κ_i|."
    ),
    source="L = 2: Savarese et al. 2019 with Zeger et al. 2024; L = 3 derived for this project",
    instances=small,
    prepare=both,
    mutants=[
        Mutant(
            "outer-slopes-free",
            statement="For L = 3 it is K/2.",
            check=no_outer_slopes,
            witness=Dataset.read([0, 1], [0, 1]),
        ),
        Mutant(
            "skip-for-nothing",
            statement="For L = 2 it is K.",
            check=skip_for_nothing,
            witness=Dataset.read([0, 1], [0, 1]),
        ),
        Mutant(
            "depth-does-not-matter",
            statement="For L = 3 it is the same as for L = 2.",
            check=same,
            witness=GOLDEN,
        ),
    ],
)
def closed_forms(s: Limits) -> None:
    """The certified limits interpolate and cost what the formulas say."""
    for found in (s.two, s.three):
        if any(found.residual):
            raise Refuted("limit: the certified limit does not interpolate")
    two = max(s.bends, (s.bends + abs(s.first + s.last)) / 2)
    three = (abs(s.first) + s.bends + abs(s.last)) / 2
    if s.two.norm != two:
        raise Refuted(f"L = 2: the limit costs {s.two.norm}, the formula gives {two}")
    if s.three.norm != three:
        raise Refuted(f"L = 3: the limit costs {s.three.norm}, the formula gives {three}")
