"""How the optimum of ReLU networks depends on depth."""

from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.functions import Dataset
from exactrelu.lasso.solution import LassoSolution
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem
from exactrelu.theorems.zeger2024.dual_norms import hinge_sums
from exactrelu.theorems.zeger2024.equivalence import GOLDEN
from exactrelu.theorems.zeger2024.subject import Case, cases, certified, columns, largest_beta, thinned


@dataclass(frozen=True)
class Depths:
    """Certified optima for 2, 3 and 4 layers at one β."""

    two: LassoSolution
    three: LassoSolution
    four: LassoSolution


def depths(case: Case, tally: Tally) -> Depths:
    """Solve three times."""
    data = thinned(case.data, 7)
    beta = case.share * largest_beta(data, columns(data, "relu-2"))
    if beta <= 0:
        raise NotApplicable("constant data, or β = 0")
    found = (certified(data, columns(data, name), beta, tally) for name in ("relu-2", "relu-3", "relu-4"))
    return Depths(*found)


def two_suffice(d: Depths) -> bool:
    """A shallow network does it all."""
    return bool(d.three.objective == d.two.objective)


def always_better(d: Depths) -> bool:
    """A third layer helps whenever the optimum is not constant."""
    if not d.two.support:
        raise NotApplicable("the optimum is constant")
    return bool(d.three.objective < d.two.objective)


def four_better(d: Depths) -> bool:
    """If the third layer helps, so does the fourth."""
    if d.three.objective == d.two.objective:
        raise NotApplicable("the third layer does not help")
    return bool(d.four.objective < d.three.objective)


def same_fit(d: Depths) -> bool:
    """As in shallow networks of minimal norm, the fitted values do not depend on depth."""
    return d.two.fitted == d.three.fitted


@theorem(
    "zeger2024.depth",
    statement=(
        "For ReLU sub-networks of width 1 the optimum for L = 3 is at most that for L = 2, below it iff "
        "max h - min h > 1 for the 2-layer dual, and equal to that for L = 4."
    ),
    source="Zeger et al. 2024 for L ≤ 4 as Lasso problems; the comparison derived for this project",
    instances=cases,
    prepare=depths,
    mutants=[
        Mutant(
            "two-layers-suffice",
            statement="A third layer never helps.",
            check=two_suffice,
            witness=Case(GOLDEN, "relu-2", mpq(1, 50)),
        ),
        Mutant(
            "third-always-helps",
            statement="A third layer helps whenever the 2-layer optimum is not constant.",
            check=always_better,
            witness=Case(Dataset.read([0, 1], [0, 1]), "relu-2", mpq(1, 2)),
        ),
        Mutant(
            "fourth-helps",
            statement="Where a third layer helps, a fourth helps more.",
            check=four_better,
            witness=Case(GOLDEN, "relu-2", mpq(1, 50)),
        ),
        Mutant(
            "same-fit",
            statement="The fitted values are the same for L = 2 and L = 3.",
            check=same_fit,
            witness=Case(GOLDEN, "relu-2", mpq(1, 50)),
        ),
    ],
)
def comparison(d: Depths) -> None:
    """Three certified optima at one β, and the criterion."""
    if d.three.objective > d.two.objective:
        raise Refuted(f"L = 3: its optimum {d.three.objective} is above that of L = 2, {d.two.objective}")
    if d.four.objective != d.three.objective:
        raise Refuted(f"L = 4: its optimum {d.four.objective} is not that of L = 3, {d.three.objective}")
    h = hinge_sums(d.two.data.x, d.two.dual)
    if (d.three.objective < d.two.objective) != (max(h) - min(h) > 1):
        raise Refuted("criterion: max h - min h > 1 does not tell whether L = 3 is better")
