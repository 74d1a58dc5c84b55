"""How many linear regions a KKT point has: as published, and a smaller bound that is derived here.

**The bound 3K + 4** (``proofs/kkt_touches.py``, ``proofs/kkt_regions.py``). Let ``g(t) = Σ λ_i s_i σ(x_i -
t)``, ``h(t) = Σ λ_i s_i σ(t - x_i)``. At the kink of a unit that faces right, with an output weight of the
sign ``e``, the conditions say that ``g`` touches ``e √(1+t²)``, value and slope; ``h`` does for units that
face left. Over a group of equal labels both are convex (or concave), so that few touches are possible: three
a group count. With ``K ≥ 1`` switches there are ``3(K+1)`` kinks at most; with none, four.
"""

from random import Random

from gmpy2 import mpq

from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem
from exactrelu.theorems.safran_vardi_lee2022.kkt import CROSSED, FOUR
from exactrelu.theorems.safran_vardi_lee2022.subject import (
    ONE,
    Case,
    Judged,
    judged,
    kkt_networks,
    kkt_point,
    switches,
)


def kkt_points_only(found: Judged) -> None:
    """What the theorem is about; a mutant leaves it out."""
    if not found.answer:
        raise NotApplicable("no KKT point")


def one_less(found: Judged) -> bool:
    """``r - 1``, ``r`` the number of switches."""
    kkt_points_only(found)
    return found.function.linear_regions <= len(switches(found.data)) - 1


def published(found: Judged) -> bool:
    """``32 r + 67``: ``r`` units have ``r + 1`` pieces, so ``r ≥ K - 1``."""
    return found.function.linear_regions <= 32 * max(len(switches(found.data)) - 1, 1) + 67


def any_classifier(found: Judged) -> bool:
    """The bound without the conditions."""
    return found.margin <= 0 or published(found)


def fence(case: Case) -> Case:
    """The same on the data, with more regions than allowed: kinks right of all data, one after the other."""
    end, count = case.data.x[-1], 32 * max(len(switches(case.data)) - 1, 1) + 67
    return Case(case.data, (*case.units, *((ONE, -end - k, mpq((-1) ** k)) for k in range(1, count + 1))))


def some_fenced(rng: Random, size: int, bits: int) -> Case:
    """KKT points, and now and then one with a fence, which is none."""
    case = kkt_networks(rng, size, bits)
    few = len(switches(case.data)) <= 3
    return fence(case) if few and rng.random() < 0.1 else case


@theorem(
    "safran_vardi_lee2022.kkt-regions",
    statement=(
        "If the sign of a network of r units labels the data, a KKT point has at most 32 r + 67 linear "
        "regions."
    ),
    source="Safran, Vardi & Lee 2022; the constants as a secondary source has them",
    instances=some_fenced,
    prepare=judged,
    mutants=[
        Mutant(
            "r-minus-1",
            statement="A KKT point has at most r - 1 linear regions, r the number of switches.",
            check=one_less,
            witness=CROSSED,
        ),
        Mutant(
            "every-classifier",
            statement=(
                "If the sign of a network of r units labels the data, any network that classifies them has "
                "at most 32 r + 67 linear regions."
            ),
            check=any_classifier,
            witness=fence(CROSSED),
        ),
    ],
)
def kkt_regions(found: Judged) -> None:
    """Regions of the function, counted."""
    kkt_points_only(found)
    if not published(found):
        raise Refuted(f"{found.function.linear_regions} regions")


def as_few_as_needed(found: Judged) -> bool:
    """A labelling network of least width has ``K + 1`` units, and that many pieces."""
    return found.function.linear_regions <= len(switches(found.data)) + 1


def a_kink_a_group(found: Judged) -> bool:
    """As in the minimiser with a skip connection."""
    return found.function.linear_regions <= max(len(switches(found.data)), 1)


@theorem(
    "safran_vardi_lee2022.kkt-regions-sharp",
    statement="A KKT point has at most 3 K + 4 linear regions, K the number of switches; 5 if K = 0.",
    source="derived for this project",
    instances=kkt_networks,
    prepare=kkt_point,
    mutants=[
        Mutant(
            "as-few-as-needed",
            statement="A KKT point has at most K + 1 linear regions.",
            check=as_few_as_needed,
            witness=FOUR,
        ),
        Mutant(
            "as-the-minimiser",
            statement="A KKT point has at most max(K, 1) linear regions.",
            check=a_kink_a_group,
            witness=CROSSED,
        ),
    ],
)
def kkt_regions_sharp(found: Judged, tally: Tally) -> None:
    """Regions of the function, counted, against the switches."""
    count, k = found.function.linear_regions, len(switches(found.data))
    tally["regions beyond K + 1"] += max(count - k - 1, 0)
    if count > (3 * k + 4 if k else 5):
        raise Refuted(f"{count} regions, {k} switches")
