"""P. Savarese, I. Evron, D. Soudry, N. Srebro, How do infinite width bounded norm networks look in function
space?, COLT 2019: biases and output bias free, but no skip connection.

A function costs ``max(TV(f'), |f'(-∞) + f'(+∞)|)``. With ``K = Σ |κ_i|`` and ``S = δ_1 + δ_{n-1}``, the
minimum over the interpolants of ``n ≥ 2`` data is ``max(K, (K + |S|)/2)``.
"""

from dataclasses import dataclass
from random import Random

from gmpy2 import mpq

from exactrelu import certificates, instances
from exactrelu.functions import Dataset, PiecewiseLinear, total_variation
from exactrelu.interpolation import MinNormInterpolant, ridgeless_interpolants
from exactrelu.interpolation.solve import interpolate
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem


@dataclass(frozen=True, slots=True)
class Optimum:
    """The certified minimiser, ``K`` and ``|S|``."""

    solution: MinNormInterpolant
    bends: mpq
    total: mpq


def optimum(data: Dataset, tally: Tally) -> Optimum:
    """Solve, and let the independent checker judge the certificate: function and dual."""
    if data.n < 2:
        raise NotApplicable("a single point has no slopes")
    solution = interpolate(data, penalize_bias=False, skip=False)
    report = certificates.check(solution.certificate)
    if not report.accepted:
        raise Refuted(f"the certificate of the optimum: {report.message}")
    tally["certificates"] += 1
    bends = sum(map(abs, data.curvatures), mpq(0))
    return Optimum(solution, bends, abs(data.slopes[0] + data.slopes[-1]))


def cost(f: PiecewiseLinear) -> mpq:
    """``max(TV(f'), |f'(-∞) + f'(+∞)|)``."""
    return max(total_variation(f), abs(f.slopes[0] + f.slopes[-1]))


def dots(o: Optimum) -> bool:
    """Connecting the dots minimises both terms of the cost at once."""
    return bool(o.solution.cost == max(o.bends, o.total))


def skip_for_nothing(o: Optimum) -> bool:
    """Two units make an affine function, and those are for free."""
    return bool(o.solution.cost == o.bends)


def average(o: Optimum) -> bool:
    """A change of an outer slope always pays."""
    return bool(o.solution.cost == (o.bends + o.total) / 2)


def unique_as_with_skip(o: Optimum) -> bool:
    """What is unique among functions that are equally good up to affine ones stays unique."""
    data = o.solution.data
    return o.solution.is_unique == ridgeless_interpolants(data.x, data.y).is_unique


@theorem(
    "savarese2019.minimal-cost",
    statement=(
        "The minimal max(TV(f'), |f'(-∞) + f'(+∞)|) over the interpolants f of n ≥ 2 data is "
        "max(K, (K + |S|)/2), K = Σ|κ_i|, S = δ_1 + δ_{n-1}."
    ),
    source=(
        "Savarese, Evron, Soudry, Srebro 2019, Theorem 3.1 for the cost; "
        "the closed form derived for this project"
    ),
    instances=instances.datasets,
    prepare=optimum,
    mutants=[
        Mutant(
            "outer-slopes-stay",
            statement="The minimum is max(K, |S|), as connecting the dots is optimal.",
            check=dots,
            witness=Dataset.read([0, 1], [0, 2]),
        ),
        Mutant(
            "skip-for-nothing",
            statement="The minimum is K.",
            check=skip_for_nothing,
            witness=Dataset.read([0, 1, 2], [0, 1, 3]),
        ),
        Mutant(
            "average",
            statement="The minimum is (K + |S|)/2.",
            check=average,
            witness=Dataset.read([0, 1, 2], [0, 1, 0]),
        ),
        Mutant(
            "unique-as-with-skip",
            statement="The minimiser is unique if the ridgeless interpolant is.",
            check=unique_as_with_skip,
            witness=Dataset.read([0, 1], [0, 2]),
        ),
    ],
)
def minimal_cost(o: Optimum) -> None:
    """The certified optimum against the closed form; changed outer slopes are never cheaper."""
    closed_form = max(o.bends, (o.bends + o.total) / 2)
    s, data = o.solution, o.solution.data
    if s.cost != closed_form or cost(s.function) != closed_form:
        raise Refuted(f"minimal value: {s.cost}, function {cost(s.function)}, closed form {closed_form}")
    rng, unit = Random(data.n), max(map(abs, data.slopes)) or mpq(1)
    f = PiecewiseLinear._through(data)
    for _ in range(4):
        first, last = (unit * mpq(rng.randint(-8, 8), 4) for _ in range(2))
        kinks = [(data.x[0], f.slope - first), *f.kinks, (data.x[-1], last - f.slopes[-1])]
        g = PiecewiseLinear._merge(first, data.y[0] - first * data.x[0], kinks)
        if cost(g) < closed_form:
            raise Refuted(f"minimal value: {g!r} costs {cost(g)}, less than {closed_form}")
