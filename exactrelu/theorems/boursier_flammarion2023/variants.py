"""The least cost of an interpolant in the four variants, compared.

With penalised biases and no skip connection the minimum is algebraic of high degree in general.  The solver
encloses it between the value of a feasible dual and the cost of a function, and the checker judges both.
"""

from random import Random
from typing import NamedTuple, TypeAlias

from gmpy2 import mpq

from exactrelu import certificates
from exactrelu.arithmetic import Enclosure, RadicalSum
from exactrelu.functions import Dataset, PiecewiseLinear, representation_cost
from exactrelu.interpolation import MinNormInterpolant
from exactrelu.interpolation.solve import interpolate
from exactrelu.theorems.boursier_flammarion2023.subject import datasets
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem

Exact: TypeAlias = mpq | RadicalSum


def certified(data: Dataset, tally: Tally, *, penalize_bias: bool, skip: bool) -> MinNormInterpolant:
    """Solve a variant, and have the checker confirm the result."""
    result = interpolate(data, penalize_bias=penalize_bias, skip=skip)
    report = certificates.check(result.certificate)
    if not report.accepted:
        raise Refuted(report.message)
    tally["certificates"] += 1
    return result


# -- exact minima ---------------------------------------------------------------------------------------


class Minima(NamedTuple):
    """The least cost of an interpolant in three variants."""

    free_skip: Exact
    free_no_skip: Exact
    penalized_skip: Exact


def minima(data: Dataset, tally: Tally) -> Minima:
    """Solve the three variants that have exact answers."""
    variants = ((False, True), (False, False), (True, True))
    return Minima(*(certified(data, tally, penalize_bias=p, skip=s).cost for p, s in variants))


def keeps_free_biases_cheaper(minima: Minima) -> None:
    """As if free biases were worth more than a skip connection."""
    free, penalized = minima.free_no_skip, minima.penalized_skip
    if free > penalized:
        raise Refuted(f"free biases without skip: {free}, penalised biases with skip: {penalized}")


def keeps_skip_cheaper(minima: Minima) -> None:
    """As if a skip connection were worth more than free biases."""
    free, penalized = minima.free_no_skip, minima.penalized_skip
    if penalized > free:
        raise Refuted(f"free biases without skip: {free}, penalised biases with skip: {penalized}")


@theorem(
    "boursier_flammarion2023.minimum-order",
    statement=(
        "The least cost of an interpolant with free biases and skip is at most that with free biases and no "
        "skip, and at most that with penalised biases and skip."
    ),
    source="derived for this project, after Boursier & Flammarion 2023",
    instances=datasets,
    prepare=minima,
    mutants=[
        Mutant(
            "free-biases-are-cheaper",
            statement=(
                "The minimum with free biases, even without skip, is at most the one with penalised biases."
            ),
            check=keeps_free_biases_cheaper,
            witness=Dataset.read([0, 1], [0, 1]),
        ),
        Mutant(
            "skip-is-cheaper",
            statement="The minimum with skip, even with penalised biases, is at most the one without skip.",
            check=keeps_skip_cheaper,
            witness=Dataset.read([0, 1, 2], [0, 0, 1]),
        ),
    ],
)
def minimum_order(minima: Minima) -> None:
    """Three certified minima; two of them are not comparable."""
    if not (minima.free_skip <= minima.free_no_skip and minima.free_skip <= minima.penalized_skip):
        raise Refuted(f"{minima}")


# -- penalised biases, no skip --------------------------------------------------------------------------


class WithoutSkip(NamedTuple):
    """Bounds for the least cost without skip, and the minimiser with skip."""

    data: Dataset
    lower: Exact
    upper: Exact
    function: PiecewiseLinear
    skip_minimum: Exact
    skip_function: PiecewiseLinear


def small_datasets(rng: Random, size: int, bits: int) -> Dataset:
    """The usual instances with at most five points, as the enclosure takes a while."""
    data = datasets(rng, min(size, 5), bits)
    return data if data.n <= 8 else Dataset._make(data.x[:5], data.y[:5])


def without_skip(data: Dataset, tally: Tally) -> WithoutSkip:
    """Solve both variants with penalised biases."""
    result = certified(data, tally, penalize_bias=True, skip=False)
    skip = certified(data, tally, penalize_bias=True, skip=True)
    cost = result.cost
    lower, upper = (cost.lower, cost.upper) if isinstance(cost, Enclosure) else (cost, cost)
    return WithoutSkip(data, lower, upper, result.function, skip.cost, skip.function)


def skip_saves_nothing(subject: WithoutSkip) -> None:
    """As if one could always arrange that D = 0."""
    if subject.lower > subject.skip_minimum:
        raise Refuted(f"with skip {subject.skip_minimum}, without it at least {float(subject.lower)}")


def skip_minimiser_stays(subject: WithoutSkip) -> None:
    """As if the affine part did not matter for where to bend."""
    found = representation_cost(subject.skip_function, skip=False)
    if found > subject.upper:
        raise Refuted(f"without skip the minimiser with skip costs {found}, another {float(subject.upper)}")


@theorem(
    "boursier_flammarion2023.minimum-without-skip",
    statement=(
        "For n >= 2 points and penalised biases, the least cost without skip is at least that with skip, "
        "with equality iff D = 0 for the minimiser with skip; it is at least the least cost with free biases "
        "and no skip."
    ),
    source="derived for this project",
    instances=small_datasets,
    prepare=without_skip,
    mutants=[
        Mutant(
            "skip-is-idle",
            statement="The least cost is the same with and without skip.",
            check=skip_saves_nothing,
            witness=Dataset.read([0, 1], [0, 1]),
        ),
        Mutant(
            "same-minimiser",
            statement="The minimiser with skip is a minimiser without it too.",
            check=skip_minimiser_stays,
            witness=Dataset.read([0, 1], [0, 1]),
        ),
    ],
)
def minimum_without_skip(subject: WithoutSkip, tally: Tally) -> None:
    """Certified bounds against the certified minimum with skip; the two functions against the bounds."""
    data, lower, upper, f, skip_minimum, skip_function = subject
    if data.n == 1:
        raise NotApplicable("one point")
    if f.values_at_sorted(data.x) != list(data.y):
        raise Refuted("the function does not interpolate")
    if not lower <= representation_cost(f, skip=False) <= upper:
        raise Refuted(f"the function costs {representation_cost(f, skip=False)}, outside the bounds")
    if upper < skip_minimum:
        raise Refuted(f"without skip at most {float(upper)}, with skip {skip_minimum}")
    if upper < interpolate(data, penalize_bias=False, skip=False).cost:
        raise Refuted(f"at most {float(upper)}, but more with free biases")
    for g in (skip_function, PiecewiseLinear._through(data)):
        if representation_cost(g, skip=False) < lower:
            raise Refuted(f"{g} costs less than the lower bound")
    if representation_cost(skip_function, skip=False) == skip_minimum:
        tally["no excess"] += 1
        if not lower <= skip_minimum <= upper:
            raise Refuted("the minimiser with skip has D = 0, and is not minimal")
    else:  # strictly more, which bounds show unless they are as wide as the difference
        tally["strictly more" if lower > skip_minimum else "not separated"] += 1
