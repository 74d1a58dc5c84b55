"""Sign networks: what depth, width and trees give."""

from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from exactrelu.functions import Dataset
from exactrelu.lasso.architecture import architecture
from exactrelu.lasso.dictionary import Dictionary
from exactrelu.lasso.solution import LassoSolution
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem
from exactrelu.theorems.zeger2024.subject import Case, cases, certified, columns, largest_beta, thinned


def network(data: Dataset, layers: int, widths: tuple[int, ...] | None, shape: str | None) -> Dictionary:
    """The dictionary of a sign architecture."""
    options: dict[str, Any] = {"layers": layers, "activation": "sign", "widths": widths, "shape": shape}
    return Dictionary._make(data.x, architecture(**options))


@dataclass(frozen=True)
class Signs:
    """Certified optima at one β: how many switches each has, and its optimum."""

    two: LassoSolution
    narrow: LassoSolution
    three: LassoSolution
    rectangular: LassoSolution
    tree: LassoSolution
    wide: LassoSolution


def optima(case: Case, tally: Tally) -> Signs:
    """2 layers; 3 layers of width 1 and 2; 4 layers 2-3, tree 2-2; 3 layers of width 4."""
    data = thinned(case.data, 10)
    beta = case.share * largest_beta(data, columns(data, "sign-2"))
    if beta <= 0:
        raise NotApplicable("constant data, or β = 0")
    kinds: tuple[tuple[int, tuple[int, ...] | None, str | None], ...] = (
        (2, None, None),
        (3, (1,), None),
        (3, (2,), None),
        (4, (2, 3), None),
        (4, (2, 2), "tree"),
        (3, (4,), None),
    )
    return Signs(*(certified(data, network(data, *kind), beta, tally) for kind in kinds))


def one_switch_less(s: Signs) -> bool:
    """With 2 units below, the last switch is never needed."""
    return bool(s.narrow.objective == s.three.objective)


def deeper_is_better(s: Signs) -> bool:
    """A layer more in a rectangular network helps, unless the fit cannot get better."""
    if s.three.objective == s.wide.objective:
        raise NotApplicable("even 4 switches do not help")
    return bool(s.rectangular.objective < s.three.objective)


def tree_adds_nothing(s: Signs) -> bool:
    """As in rectangular networks, the first layer decides."""
    return bool(s.tree.objective == s.three.objective)


def sums_of_switches(s: Signs) -> bool:
    """Since two steps add up to a bump, 2 layers are as good."""
    return bool(s.two.objective == s.three.objective)


BUMPS = Dataset.read(range(6), [0, 1, 0, 1, 0, 1])


@theorem(
    "zeger2024.sign-networks",
    statement=(
        "Sign networks of L ≥ 3 layers are Lasso problems over sign vectors with at most m_1 switches "
        "(rectangular: depth beyond 3 adds nothing) or m_1···m_{L-2} (tree: depth adds); L = 2 has one."
    ),
    source="Zeger et al. 2024 (arXiv 2403.01046), sign activation, in the words of this project",
    instances=cases,
    prepare=optima,
    mutants=[
        Mutant(
            "one-pattern-too-few",
            statement="m_1 - 1 switches suffice for m_1 = 2.",
            check=one_switch_less,
            witness=Case(BUMPS, "sign-2", mpq(1, 2)),
        ),
        Mutant(
            "depth-helps-rectangular",
            statement="A fourth layer helps a rectangular network whenever wider ones would do better.",
            check=deeper_is_better,
            witness=Case(BUMPS, "sign-2", mpq(1, 2)),
        ),
        Mutant(
            "tree-adds-nothing",
            statement="A tree 2-2 is no better than 3 layers of width 2.",
            check=tree_adds_nothing,
            witness=Case(BUMPS, "sign-2", mpq(1, 2)),
        ),
        Mutant(
            "two-layers-suffice",
            statement="3 layers are no better than 2.",
            check=sums_of_switches,
            witness=Case(BUMPS, "sign-2", mpq(1, 2)),
        ),
    ],
)
def switches(s: Signs) -> None:
    """Certified optima of six architectures, each attained by its rebuilt network."""
    for found in (s.three, s.rectangular, s.tree):
        of = found.dictionary.architecture
        if found.network.objective(found.data, found.beta) != found.objective:
            raise Refuted(f"{of}: the rebuilt network does not attain the optimum")
    if s.two.objective != s.narrow.objective:
        raise Refuted("one switch: L = 2 and L = 3 of width 1 differ")
    if s.rectangular.objective != s.three.objective:
        raise Refuted("rectangular: the fourth layer changes the optimum")
    if s.tree.objective != s.wide.objective:
        raise Refuted("tree: 2-2 is not as good as width 4")
    values = [s.two.objective, s.three.objective, s.tree.objective]
    if sorted(values, reverse=True) != values:
        raise Refuted("more switches: the optimum increases")
