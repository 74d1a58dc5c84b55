"""When the optimal network is constant."""

from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.functions import Dataset
from exactrelu.lasso.dictionary import Dictionary
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem
from exactrelu.theorems.zeger2024.subject import (
    ZERO,
    Case,
    cases,
    certified,
    columns,
    dot,
    largest_beta,
)


@dataclass(frozen=True)
class Threshold:
    """The formula, and whether the optimum is constant there and just below."""

    data: Dataset
    dictionary: Dictionary
    beta: mpq
    constant_at: bool
    constant_above: bool
    constant_below: bool


def threshold(case: Case, tally: Tally) -> Threshold:
    """Certified optima at the formula, above it and just below."""
    data, dictionary = case.data, columns(case.data, case.name)
    beta = largest_beta(data, dictionary)
    if not beta:
        raise NotApplicable("constant data: every optimum is constant")
    at, above, below = (
        certified(data, dictionary, beta * factor, tally) for factor in (1, mpq(3, 2), mpq(999, 1000))
    )
    return Threshold(data, dictionary, beta, not at.support, not above.support, not below.support)


def uncentred(t: Threshold) -> bool:
    """The intercept is not regularised, so it does not matter."""
    d = t.dictionary
    return bool(max((abs(dot(d.column(j), t.data.y)) for j in d.distinct), default=ZERO) == t.beta)


def one_direction(t: Threshold) -> bool:
    """Units to the right are mirrored by units to the left."""
    mean = sum(t.data.y, ZERO) / t.data.n
    centred = [v - mean for v in t.data.y]
    first = [j for j in t.dictionary.distinct if t.dictionary[j].layers[0][0][0][0] > 0]
    return bool(max((abs(dot(t.dictionary.column(j), centred)) for j in first), default=ZERO) == t.beta)


def one_percent(t: Threshold) -> bool:
    """Just below, nothing happens yet."""
    return t.constant_below


@theorem(
    "zeger2024.beta-max",
    statement="The optimal network is constant iff β ≥ max_j |A_jᵀ(y - ȳ)|.",
    source="Lasso optimality, used throughout Zeger et al. 2024; derived for this project",
    instances=cases,
    prepare=threshold,
    mutants=[
        Mutant(
            "uncentred",
            statement="The bound is max_j |A_jᵀ y|.",
            check=uncentred,
            witness=Case(Dataset.read([0, 1, 2], [1, 1, 2]), "relu-2", mpq(1)),
        ),
        Mutant(
            "one-direction",
            statement="For the bound, sub-networks whose first unit faces right are enough.",
            check=one_direction,
            witness=Case(Dataset.read([0, 1, 2], [2, -1, 1]), "relu-2", mpq(1)),
        ),
        Mutant(
            "slack",
            statement="The optimal network is constant for β a thousandth below the bound.",
            check=one_percent,
            witness=Case(Dataset.read([0, 1], [0, 1]), "relu-2", mpq(1)),
        ),
    ],
)
def constant_iff(t: Threshold) -> None:
    """Certified optima at the bound, above, and a thousandth below."""
    if not t.constant_at or not t.constant_above:
        raise Refuted("constant: the optimum at or above the bound is not constant")
    if t.constant_below:
        raise Refuted("constant: the optimum just below the bound is still constant")
