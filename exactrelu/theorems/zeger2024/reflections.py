"""Breakpoints that mirror a datum in another: needed for absolute values, alternatives only for ReLU."""

from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.functions import Dataset
from exactrelu.lasso.dictionary import Dictionary
from exactrelu.lasso.solution import LassoSolution
from exactrelu.lasso.solve import solution
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem
from exactrelu.theorems.zeger2024.subject import ZERO, Case, cases, certified, columns, largest_beta, thinned


@dataclass(frozen=True)
class Mirrors:
    """Certified optima at one β: absolute value with 2 and 3 layers, ReLU with 4."""

    data: Dataset
    two: LassoSolution
    three: LassoSolution
    relu: LassoSolution

    @property
    def beta(self) -> mpq:
        """β."""
        return self.three.beta


def optima(case: Case, tally: Tally) -> Mirrors:
    """Solve three times."""
    data = thinned(case.data, 6)
    beta = case.share * largest_beta(data, columns(data, "abs-2"))
    if beta <= 0:
        raise NotApplicable("constant data, or β = 0")
    kinds = ("abs-2", "abs-3", "relu-4")
    return Mirrors(data, *(certified(data, columns(data, kind), beta, tally) for kind in kinds))


def without_mirrors(dictionary: Dictionary) -> Dictionary:
    """Leave out the columns that have a breakpoint between the first and last datum that is no datum."""
    x = dictionary.x
    inside = set(x[1:-1])
    dropped = [
        j
        for j in dictionary.distinct
        if any(x[0] < t < x[-1] and t not in inside for t in dictionary[j].function.knots)
    ]
    # A class may also be made by a network whose breakpoints are data; then the column stays.
    kept = {
        dictionary.representative[j]
        for j in range(len(dictionary))
        if dictionary.representative[j] in dropped
        and all(t in inside for t in dictionary[j].function.knots if x[0] < t < x[-1])
    }
    return dictionary.without(*(j for j in dropped if j not in kept))


def no_mirrors(m: Mirrors) -> bool:
    """Breakpoints at the data are enough, as they are for 2 layers."""
    left = without_mirrors(m.three.dictionary)
    return bool(solution(m.data, left, m.beta).objective == m.three.objective)


def no_midpoints(m: Mirrors) -> bool:
    """Mirrors at data are enough."""
    d, n = m.three.dictionary, m.data.n
    centred_at_data = {d.representative[j] for j in range(n * n)}
    midpoints = [j for j in range(n * n, len(d)) if d.representative[j] not in centred_at_data]
    return bool(solution(m.data, d.without(*midpoints), m.beta).objective == m.three.objective)


def two_layers(m: Mirrors) -> bool:
    """One absolute value is enough."""
    return bool(m.two.objective == m.three.objective)


# The smallest data that need a mirror (proofs/lasso_searches.py), and data that need a midpoint as well.
SMALLEST = Dataset.read([-1, 0, "1/3", 1], [0, 1, 0, 0])
MIDWAY = Dataset.read([0, 2, 3, 5], [0, 1, 0, 1])


@theorem(
    "zeger2024.reflections",
    statement=(
        "3-layer absolute-value networks have the dictionary ||x - a| - |x_j - a||, a a datum or a midpoint "
        "of two, with breakpoints mirrored in a; 4-layer ReLU networks do not need reflected breakpoints."
    ),
    source=(
        "Zeger et al. 2024 (arXiv 2403.01046); midpoints and the comparison for ReLU derived for this project"
    ),
    instances=cases,
    prepare=optima,
    mutants=[
        Mutant(
            "no-mirrors",
            statement="Breakpoints at data suffice for 3-layer absolute-value networks.",
            check=no_mirrors,
            witness=Case(SMALLEST, "abs-3", mpq(1, 20)),
        ),
        Mutant(
            "no-midpoints",
            statement="Centres at data suffice for 3-layer absolute-value networks.",
            check=no_midpoints,
            witness=Case(MIDWAY, "abs-3", mpq(1, 20)),
        ),
        Mutant(
            "two-layers-suffice",
            statement="For absolute values a third layer never helps.",
            check=two_layers,
            witness=Case(SMALLEST, "abs-3", mpq(1, 20)),
        ),
    ],
)
def mirrors(m: Mirrors, tally: Tally) -> None:
    """No centre and radius on a fine grid beats the dictionary; ReLU without the reflected half."""
    if m.three.objective > m.two.objective:
        raise Refuted("absolute value: 3 layers are worse than 2")
    x, w = m.data.x, m.three.dual
    width = x[-1] - x[0]
    for i in range(-6, 23):
        a = x[0] + width * mpq(i, 16)
        for r in (*(abs(t - a) for t in x), *(width * mpq(k, 8) for k in range(9))):
            product = sum((v * abs(abs(t - a) - r) for t, v in zip(x, w, strict=True)), ZERO)
            if abs(product) > 1:
                raise Refuted(f"absolute value: centre {a}, radius {r} have a product above 1")
    tally["centres"] += 29
    d = m.relu.dictionary
    half = len(d) // 2
    plain = {d.representative[j] for j in range(half)}
    reflected = [j for j in d.distinct if j not in plain]
    if solution(m.data, d.without(*reflected), m.beta).objective != m.relu.objective:
        raise Refuted("ReLU: without reflected breakpoints the optimum is another")
    tally["reflected columns"] += len(reflected)
