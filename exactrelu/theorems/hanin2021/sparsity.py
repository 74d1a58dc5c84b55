"""The sparsest interpolants: ``Σ ⌈r/2⌉`` kinks over the runs of equal non-zero signs."""

from dataclasses import dataclass
from itertools import groupby

from gmpy2 import mpq

from exactrelu import instances
from exactrelu.functions import Dataset, PiecewiseLinear
from exactrelu.interpolation import RidgelessInterpolants
from exactrelu.theorems.hanin2021.subject import signs
from exactrelu.theorems.registry import Mutant, Refuted, theorem


@dataclass(frozen=True, slots=True)
class Sparsest:
    """A sparsest member, and the fewest kinks that any interpolant of the data has."""

    data: Dataset
    function: PiecewiseLinear
    fewest: int


def sparsest_member(data: Dataset) -> Sparsest:
    """Ask the set for its sparsest member; count without it, and without curvatures, what is possible."""
    return Sparsest(data, RidgelessInterpolants(data).sparsest(), fewest_kinks_of_all(data))


def fewest_kinks_of_all(data: Dataset) -> int:
    """The fewest kinks of any interpolant, ridgeless or not, by dynamic programming over the gaps. ``O(n)``.

    With `kinks` kinks so far, the fewest possible, f can leave the datum with slope `point`, with any slope
    less than it if `below`, with any greater slope if `above`; with one more, a kink at the datum, with
    any slope at all. Over a gap with chord slope d, either f leaves with slope d and bends nowhere, or it
    leaves with a slope on one side of d, bends once and arrives with any slope on the other side, or it
    bends twice or more, which kinks at the ends of the gap do as well.
    """
    kinks, point, below, above = 0, mpq(0), True, True
    for d in data.slopes:
        straight = d == point or (below if d < point else above)
        if straight:
            point, below, above = d, False, False
        else:
            kinks += 1  # leave with slope d after a kink at the datum, or bend once in the gap
            less, greater = below or point < d, above or point > d
            point, below, above = d, greater, less
    return kinks


def half_of_runs(data: Dataset, *, zeros: str) -> int:
    """``Σ ⌈r/2⌉``; zero curvatures end a run, or they continue it, or their data are dropped."""
    e = signs(data)[1:-1]
    if zeros == "continue":
        for i in range(1, len(e)):
            e[i] = e[i] or e[i - 1]
    elif zeros == "drop":
        e = [s for s in e if s]
    return sum((len(list(run)) + 1) // 2 for s, run in groupby(e) if s)


def zeros_continue(s: Sparsest) -> bool:
    """Only a change of sign ends a run, and a zero counts as one of it."""
    return s.fewest == half_of_runs(s.data, zeros="continue")


def zeros_dropped(s: Sparsest) -> bool:
    """Collinear points may be merged first."""
    return s.fewest == half_of_runs(s.data, zeros="drop")


def rounded_down(s: Sparsest) -> bool:
    """Every kink serves two data, up to one odd datum in each run of one."""
    return s.fewest == sum(max(len(list(run)) // 2, 1) for e, run in groupby(signs(s.data)[1:-1]) if e)


def only_one(s: Sparsest) -> bool:
    """The sparsest member is the same, however one looks for it: from the left or from the right."""
    data = s.data
    mirrored = Dataset._make(tuple(-t for t in reversed(data.x)), tuple(reversed(data.y)))
    return RidgelessInterpolants(mirrored).sparsest().compose_affine(-1) == s.function


@theorem(
    "hanin2021.sparsest",
    statement=(
        "The sparsest ridgeless interpolants have Σ⌈r/2⌉ kinks, r the lengths of the maximal runs of equal "
        "non-zero signs ε_i; sign changes and zeros end a run. No interpolant at all has fewer kinks."
    ),
    source=("after Hanin 2021 (arXiv 2109.12960); the zeros and the last sentence derived for this project"),
    instances=instances.datasets,
    prepare=sparsest_member,
    mutants=[
        Mutant(
            "zeros-continue-runs",
            statement="The fewest kinks are Σ⌈r/2⌉ where only a change of sign ends a run.",
            check=zeros_continue,
            witness=Dataset.read(range(7), [0, 0, 1, 3, 5, 8, 12]),  # curvatures 1, 1, 0, 1, 1: not 3
        ),
        Mutant(
            "collinear-data-merged",
            statement="The fewest kinks are Σ⌈r/2⌉ for the runs left when data with κ_i = 0 are dropped.",
            check=zeros_dropped,
            witness=Dataset.read(range(5), [0, 0, 1, 2, 4]),  # curvatures 1, 0, 1: not 1
        ),
        Mutant(
            "rounded-down",
            statement="The fewest kinks are Σ max(1, ⌊r/2⌋).",
            check=rounded_down,
            witness=Dataset.read(range(5), [0, 0, 1, 3, 6]),  # curvatures 1, 1, 1: not 1
        ),
        Mutant(
            "unique",
            statement="There is a single sparsest ridgeless interpolant.",
            check=only_one,
            witness=Dataset.read(range(5), [0, 0, 1, 3, 6]),
        ),
    ],
)
def sparsest(s: Sparsest) -> None:
    """The member that the solver returns, the formula, and the fewest kinks that are possible."""
    reason = RidgelessInterpolants(s.data).why_not(s.function)
    if reason is not None:
        raise Refuted(f"sparsest member: {s.function!r} is no ridgeless interpolant, as {reason}")
    count, formula = len(s.function.kinks), half_of_runs(s.data, zeros="end")
    if count != formula:
        raise Refuted(f"sparsest member: it has {count} kinks, Σ⌈r/2⌉ = {formula}")
    if s.fewest != formula:
        raise Refuted(f"fewest kinks of all interpolants: {s.fewest}, Σ⌈r/2⌉ = {formula}")
