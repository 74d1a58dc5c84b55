"""The interpolant of least cost: that it is least, unique and rational."""

from itertools import pairwise
from random import Random
from typing import NamedTuple

from gmpy2 import is_square, isqrt, mpq

from exactrelu import certificates
from exactrelu.arithmetic import RadicalSum
from exactrelu.functions import Dataset, PiecewiseLinear, total_variation
from exactrelu.instances import number
from exactrelu.interpolation.solve import interpolate
from exactrelu.theorems.boursier_flammarion2023.subject import (
    CONVEX_RUN,
    ZERO,
    Kink,
    Minimiser,
    cost,
    datasets,
    minimiser,
    signs,
)
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem

NOTEBOOK = Dataset.read(["-100/7", "-40/7", "20/7"], [4, "5/4", 3])

# -- least ----------------------------------------------------------------------------------------------

Contest = tuple[Dataset, PiecewiseLinear]


class Contestants(NamedTuple):
    """The minimiser and another interpolant of the same data."""

    least: Minimiser
    other: PiecewiseLinear


def contests(rng: Random, size: int, bits: int) -> Contest:
    """Data, and a function `b`; the competitor is ``dots + b - dots_b``, where dots connects the dots.

    That interpolates whatever `b` is, and gives every interpolant for some `b`.
    """
    data = datasets(rng, size, bits)
    kind = rng.choice(("integer", "rational", "float64"))
    kinks = []
    for _ in range(rng.randrange(size)):
        if rng.random() < 0.8 and data.n > 1:
            i = rng.randrange(data.n - 1)
            t = data.x[i] + (data.x[i + 1] - data.x[i]) * mpq(rng.randint(0, 8), 8)
        else:
            t = number(rng, kind, bits)
        kinks.append((t, number(rng, kind, bits)))
    return data, PiecewiseLinear._merge(ZERO, ZERO, kinks)


def contestants(contest: Contest, tally: Tally) -> Contestants:
    """Solve, and build the competitor."""
    data, b = contest
    chords = Dataset._make(data.x, tuple(b.values_at_sorted(data.x)))
    least = minimiser(data, tally)
    return Contestants(least, PiecewiseLinear._through(data) + b - PiecewiseLinear._through(chords))


def is_affine_outside(contestants: Contestants) -> None:
    """The search space of the published notebook, which takes the outer slopes of the data."""
    least = contestants.least
    if least.outer:
        raise Refuted(f"the minimiser bends at {least.outer[0].t}, strictly inside an outer gap")


def minimises_one_plus_t(contestants: Contestants) -> None:
    """The weight of the 1-norm of ``(w, b)`` in the place of the Euclidean one."""
    least, other = contestants

    def weighted(f: PiecewiseLinear) -> mpq:
        return sum((abs(c) * (1 + abs(t)) for t, c in f.kinks), ZERO)

    found = weighted(least.function)
    for f in (other, PiecewiseLinear._through(least.data)):
        if weighted(f) < found:
            raise Refuted(f"{f} has Σ |c| (1 + |t|) = {weighted(f)}, the minimiser {found}")


@theorem(
    "boursier_flammarion2023.minimiser",
    statement="For n >= 2 points an interpolant of least Σ |c_k| √(1 + t_k²) exists.",
    source="Boursier & Flammarion 2023, existence of the minimal-norm interpolant",
    instances=contests,
    prepare=contestants,
    mutants=[
        Mutant(
            "affine-on-outer-gaps",
            statement=(
                "It is affine on (-∞, x_2] and on [x_(n-1), ∞), so its outer slopes are known in advance."
            ),
            check=is_affine_outside,
            witness=(NOTEBOOK, PiecewiseLinear.from_kinks(0, 0)),
        ),
        Mutant(
            "one-plus-t",
            statement="It also has the least Σ |c_k| (1 + |t_k|).",
            check=minimises_one_plus_t,
            witness=(Dataset.read([-2, 1, 2], [0, 0, 1]), PiecewiseLinear.from_kinks(0, 0, [(0, "3/2")])),
        ),
    ],
)
def least_cost(contestants: Contestants) -> None:
    """The solver's dual is accepted, and no interpolant is cheaper: the dots, a random one, one close by."""
    least, other = contestants
    f, data = least.function, least.data
    nearby = f + (other - f) * mpq(1, 1024)
    for competitor in (other, nearby, PiecewiseLinear._through(data)):
        if competitor.values_at_sorted(data.x) != list(data.y):
            raise AssertionError("the competitor does not interpolate")
        if competitor != f and not cost(competitor) > least.cost:
            raise Refuted(f"{competitor} costs {cost(competitor)}, the optimum {least.cost}")


# -- unique ---------------------------------------------------------------------------------------------


class Solution(NamedTuple):
    """Data and the solver's optimum."""

    data: Dataset
    function: PiecewiseLinear


def solution(data: Dataset) -> Solution:
    """Solve; one point too."""
    return Solution(data, interpolate(data).function)


def _are_two_minimisers(
    data: Dataset, f: PiecewiseLinear, g: PiecewiseLinear, *, penalize_bias: bool, dual: dict[str, list[mpq]]
) -> None:
    """Refuted when the checker agrees that both are minimisers."""
    certificate = certificates.non_uniqueness(data, f, g, penalize_bias=penalize_bias, skip=True, dual=dual)
    report = certificates.check(certificate)
    if not report.accepted:
        raise AssertionError(f"no second minimiser after all: {report.message}")
    raise Refuted(f"{f} and {g} are two minimisers")


def is_unique_for_one_point(subject: Solution) -> None:
    """The paper's theorem without its assumption."""
    data, f = subject
    if data.n == 1:
        line = PiecewiseLinear._make(mpq(1), data.y[0] - data.x[0], ())
        _are_two_minimisers(data, f, line, penalize_bias=True, dual={"signed_squares": [ZERO]})


def is_unique_with_free_biases(subject: Solution) -> None:
    """The dots and the minimiser with penalised biases, which differ where the latter bends inside a gap."""
    data, f = subject
    dots = PiecewiseLinear._through(data)
    if f != dots and total_variation(f) == total_variation(dots):
        dual = {"g": [mpq(e) for e in signs(data)]}
        _are_two_minimisers(data, f, dots, penalize_bias=False, dual=dual)


@theorem(
    "boursier_flammarion2023.unique",
    statement="For n >= 2 points the interpolant of least Σ |c_k| √(1 + t_k²) is unique.",
    source="Boursier & Flammarion 2023, uniqueness",
    instances=datasets,
    prepare=solution,
    mutants=[
        Mutant(
            "one-point",
            statement="It is unique for every number of points.",
            check=is_unique_for_one_point,
            witness=Dataset.read([0], [0]),
        ),
        Mutant(
            "free-biases",
            statement="The interpolant of least Σ |c_k|, biases free, is unique as well.",
            check=is_unique_with_free_biases,
            witness=CONVEX_RUN,
        ),
    ],
)
def unique(subject: Solution, tally: Tally) -> None:
    """The certificate of uniqueness: the dual touches ±√(1+t²) where only one interpolant can bend."""
    if subject.data.n == 1:
        raise NotApplicable("one point")
    minimiser(subject.data, tally)


# -- rational -------------------------------------------------------------------------------------------


def parts(least: Minimiser) -> list[list[Kink]]:
    """The kinks grouped so that the path meets no chord ``I_i`` between those of a group.

    Between two kinks strictly inside adjacent gaps it does not; a kink at a datum leads from chord to chord.
    """
    found: list[list[Kink]] = []
    for kink in least.kinks:
        last = found[-1][-1] if found else None
        if last is None or last.at_datum or kink.at_datum or kink.gap != last.gap + 1:
            found.append([])
        found[-1].append(kink)
    return found


def squared_cost(kink: Kink) -> mpq:
    """``c² (1 + t²)``."""
    return kink.c * kink.c * (1 + kink.t * kink.t)


def root(q: mpq) -> mpq | None:
    """The square root of a positive rational, or None if it is irrational."""
    if not (is_square(q.numerator) and is_square(q.denominator)):
        return None
    return mpq(isqrt(q.numerator), isqrt(q.denominator))


def _are_commensurable(a: Kink, b: Kink) -> bool:
    return root(squared_cost(a) / squared_cost(b)) is not None


def has_single_root(least: Minimiser) -> None:
    """The clause about parts, claimed of the whole."""
    for a, b in pairwise(least.kinks):
        if not _are_commensurable(a, b):
            raise Refuted(f"the costs of the kinks {a.t} and {b.t} are not commensurable")


def has_single_root_along_runs(least: Minimiser) -> None:
    """The clause about parts, claimed of runs."""
    e = signs(least.data)
    for a, b in pairwise(least.kinks):
        between = set(e[a.gap + (not a.at_datum) : b.gap + 1])
        if len(between) == 1 and 0 not in between and not _are_commensurable(a, b):
            raise Refuted(f"the costs of the kinks {a.t} and {b.t} of one run are not commensurable")


@theorem(
    "boursier_flammarion2023.rational",
    statement=(
        "For rational data every kink of the minimiser is rational, and its cost is a sum of square roots of "
        "rationals, one for each part: kinks between which the path in the dual plane meets no chord have "
        "costs that are rational multiples of one square root."
    ),
    source="derived for this project",
    instances=datasets,
    prepare=minimiser,
    mutants=[
        Mutant(
            "one-root",
            statement="The cost is a rational multiple of one square root.",
            check=has_single_root,
            witness=Dataset.read([0, 1, 2, 3], [0, 0, 1, 1]),
        ),
        Mutant(
            "one-root-a-run",
            statement="The costs of the kinks of one run are rational multiples of one square root.",
            check=has_single_root_along_runs,
            witness=Dataset.read([-3, 1, 2, 3], [1, 0, 0, 1]),
        ),
    ],
)
def rational(least: Minimiser) -> None:
    """The checker has accepted rational kinks; inside a part the ratios of costs are rational, and add up."""
    total = []
    for part in parts(least):
        first = squared_cost(part[0])
        ratios = [root(squared_cost(kink) / first) for kink in part]
        if None in ratios:
            raise Refuted(f"the kinks from {part[0].t} to {part[-1].t} need more than one square root")
        total.append((sum(filter(None, ratios), ZERO), first))
    if RadicalSum._make(total) != least.cost:
        raise Refuted(f"the cost {least.cost} is not the sum over the parts")
