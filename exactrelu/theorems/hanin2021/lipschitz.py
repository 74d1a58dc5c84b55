"""Data from a Lipschitz function: what every ridgeless interpolant inherits, and how wrong it can be."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from gmpy2 import mpq

from exactrelu import instances
from exactrelu.functions import Dataset, PiecewiseLinear
from exactrelu.interpolation import RidgelessInterpolants, interpolate
from exactrelu.theorems.hanin2021 import subject
from exactrelu.theorems.hanin2021.subject import ONE, ZERO, Sampled, connected, corner_members, steepest
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, theorem

# -- the Lipschitz constant -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Members:
    """Ridgeless interpolants of some data, with the extreme ones among them."""

    data: Dataset
    functions: tuple[PiecewiseLinear, ...]


def some_members(data: Dataset) -> Members:
    """The dots connected, those with corners in every other gap, and three at random."""
    if data.n < 2:
        raise NotApplicable("every slope is possible through a single point")
    everyone = RidgelessInterpolants(data)
    functions = (*corner_members(data), *(everyone.sample(seed) for seed in range(3)))
    for f in functions:
        reason = everyone.why_not(f)
        if reason is not None:
            raise Refuted(f"membership: {f!r} is not ridgeless, as {reason}")
    return Members(data, functions)


def outer_chords_suffice(m: Members) -> bool:
    """Convex functions are steepest at the ends."""
    bound = max(abs(m.data.slopes[0]), abs(m.data.slopes[-1]))
    return all(f.lipschitz_constant <= bound for f in m.functions)


def penalised_biases_too(m: Members) -> bool:
    """Whatever norm is minimised, the interpolant is no steeper than the data."""
    return bool(interpolate(m.data).function.lipschitz_constant <= steepest(m.data))


def every_sparsest(m: Members) -> bool:
    """Kinks are what makes a function steep: with the fewest possible, it is no steeper than the data."""
    f = RidgelessInterpolants(m.data).sparsest()
    x = m.data.x
    if not f.kinks or f.kinks[-1][0] != x[-2]:
        return True
    # As many kinks, the last one in the middle of the last gap: it has to bend twice as much.
    late = ((x[-2] + x[-1]) / 2, 2 * f.kinks[-1][1])
    g = PiecewiseLinear._make(f.slope, f.intercept, (*f.kinks[:-1], late))
    if g.values_at_sorted(x) != list(m.data.y):
        raise AssertionError("the late kink misses a datum")
    return bool(g.lipschitz_constant <= steepest(m.data))


@theorem(
    "hanin2021.lipschitz",
    statement="Every ridgeless interpolant of n ≥ 2 data has the Lipschitz constant max|δ_i|.",
    source="Hanin 2021 (arXiv 2109.12960), as an inequality; as an equation derived for this project",
    instances=instances.datasets,
    prepare=some_members,
    mutants=[
        Mutant(
            "outer-chords",
            statement="Every ridgeless interpolant has at most the Lipschitz constant max(|δ_1|, |δ_{n-1}|).",
            check=outer_chords_suffice,
            witness=Dataset.read([0, 1, 2, 3], [0, 0, 1, 1]),
        ),
        Mutant(
            "penalised-biases-too",
            statement="With penalised biases too, the minimal interpolant is max|δ_i|-Lipschitz.",
            check=penalised_biases_too,
            witness=Dataset.read(["-100/7", "-40/7", "20/7"], [4, "5/4", 3]),
        ),
        Mutant(
            "every-sparsest-interpolant",
            statement="Every interpolant with the fewest kinks has the Lipschitz constant max|δ_i|.",
            check=every_sparsest,
            witness=Dataset.read([0, 1, 2], [0, 0, 1]),
        ),
    ],
)
def lipschitz(m: Members) -> None:
    """Extreme and random members against the steepest chord."""
    bound = steepest(m.data)
    for f in m.functions:
        if f.lipschitz_constant != bound:
            raise Refuted(f"{f!r} has the Lipschitz constant {f.lipschitz_constant}, and max|δ_i| = {bound}")


# -- the error on a gap ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Errors:
    """A target sampled, its Lipschitz constant, and errors of members as multiples of ``L`` times a length.

    `on_gaps` are the largest errors on the gaps, in units of ``L`` times the length of the gap; `beyond` the
    largest beyond the data, in units of ``L`` times the distance from them.
    """

    on_gaps: tuple[mpq, ...]
    beyond: mpq


def targets(rng: Random, size: int, bits: int) -> Sampled:
    """A target through data of the fixed mixture: any interpolant, or the largest with its constant."""
    if rng.random() < 0.25:
        data = four_points(gaps(rng, size, bits))
        return Sampled(list(data.x), greatest_lipschitz(data))
    data = instances.datasets(rng, size, bits)
    if rng.random() < 0.4:
        return Sampled(list(data.x), greatest_lipschitz(data))
    draw = rng.choice((subject.ridgeless, subject.tented, subject.cornered, subject.wild))
    return Sampled(list(data.x), draw(data, rng))


def greatest_lipschitz(data: Dataset) -> PiecewiseLinear:
    """The greatest of the functions through the data whose Lipschitz constant is ``max |δ_i|`` (McShane)."""
    x, y, slope = data.x, data.y, steepest(data)
    points = {x[0] - 1: y[0] + slope, x[-1] + 1: y[-1] + slope, **dict(zip(x, y, strict=True))}
    for i in range(data.n - 1 if slope else 0):
        # Where the two greatest continuations meet: y_i + L (t - x_i) = y_{i+1} + L (x_{i+1} - t).
        t = (x[i] + x[i + 1] + (y[i + 1] - y[i]) / slope) / 2
        points[t] = y[i] + slope * (t - x[i])
    return connected(points)


def errors(sampled: Sampled) -> Errors:
    """The errors of the extreme members, which no other member exceeds, as all lie between these."""
    data, target = sampled.data, sampled.f
    unit = target.lipschitz_constant
    if data.n < 2:
        raise NotApplicable("there is no gap")
    if not unit:
        return Errors((ZERO,) * (data.n - 1), ZERO)
    x = data.x
    on_gaps, beyond = [ZERO] * (data.n - 1), ZERO
    for f in corner_members(data):
        difference = f - target
        places = [x[0] - 1, *(t for t, _ in difference.kinks), x[-1] + 1]
        for t in places:
            error, i = abs(difference(t)) / unit, subject.gap_of(x, t)
            if i < 0 or t > x[-1]:
                beyond = max(beyond, error / (x[0] - t if i < 0 else t - x[-1]))
            elif t < x[-1]:
                on_gaps[i] = max(on_gaps[i], error / (x[i + 1] - x[i]))
    return Errors(tuple(on_gaps), beyond)


def at_most(bound: mpq) -> Callable[[Errors], bool]:
    """The same with another constant."""

    def check(e: Errors) -> bool:
        return bool(max(e.on_gaps) <= bound)

    return check


def at_most_beyond(e: Errors) -> bool:
    """The same beyond the data, where the distance takes the place of the length."""
    return bool(e.beyond <= 1)


# Data 1, 0, 0, 1 at 0, 1, 2, 3; the target goes up to 1/2 in the middle, a ridgeless one down to -1/2.
ZIGZAG = Sampled([mpq(i) for i in range(4)], PiecewiseLinear.from_kinks(-1, 1, [(1, 2), ("3/2", -2), (2, 2)]))


@theorem(
    "hanin2021.error",
    statement=(
        "If the data come from an L-Lipschitz function g, then |f - g| ≤ L·h on every gap of length h, "
        "for every ridgeless interpolant f."
    ),
    source="Hanin 2021 (arXiv 2109.12960), with a constant of at most 2; constant 1 derived for this project",
    instances=targets,
    prepare=errors,
    mutants=[
        Mutant(
            "half",
            statement="|f - g| ≤ L·h/2 on every gap, which is true of connecting the dots.",
            check=at_most(mpq(1, 2)),
            witness=ZIGZAG,
        ),
        Mutant(
            "slightly-smaller-constant",
            statement="|f - g| ≤ (99/100)·L·h on every gap.",
            check=at_most(mpq(99, 100)),
            witness=ZIGZAG,
        ),
        Mutant(
            "beyond-the-data-too",
            statement="Beyond the data, |f - g| is at most L times the distance from them.",
            check=at_most_beyond,
            witness=Sampled([ZERO, ONE], PiecewiseLinear.from_kinks(1, 0, [(1, -2)])),
        ),
    ],
)
def error(e: Errors) -> None:
    """The largest error of any member on every gap."""
    for i, multiple in enumerate(e.on_gaps, 1):
        if multiple > 1:
            raise Refuted(f"the error on gap {i} is {multiple} times L·h")


# -- the constant is sharp ------------------------------------------------------------------------------


class Gap(NamedTuple):
    """A gap ``[x_2, x_3]`` with its neighbours, as four abscissae and three chord slopes."""

    x: tuple[mpq, mpq, mpq, mpq]
    slopes: tuple[mpq, mpq, mpq]


@dataclass(frozen=True, slots=True)
class Worst:
    """The largest error on the middle gap over all members and all targets, as a multiple of ``L·h``."""

    slopes: tuple[mpq, ...]
    steepest: mpq
    multiple: mpq


def gaps(rng: Random, size: int, bits: int) -> Gap:
    """Four abscissae of the fixed mixture, and slopes: any, extreme ones, or nearly extreme ones."""
    data = instances.datasets(rng, max(size, 4), bits)
    if data.n < 4:
        a = data.x[0]
        return Gap((a, a + 1, a + 3, a + 4), _slopes(rng, [ONE]))
    i = rng.randrange(data.n - 3)
    a, b, c, d = data.x[i : i + 4]
    return Gap((a, b, c, d), _slopes(rng, data.slopes[i : i + 3]))


def four_points(gap: Gap) -> Dataset:
    """The data, with ``y_2 = 0``."""
    x, (a, b, c) = gap.x, gap.slopes
    if not x[0] < x[1] < x[2] < x[3]:
        raise NotApplicable("the abscissae do not increase")
    height = b * (x[2] - x[1])
    return Dataset._make(x, (a * (x[0] - x[1]), ZERO, height, height + c * (x[3] - x[2])))


def _slopes(rng: Random, found: Iterable[mpq]) -> tuple[mpq, mpq, mpq]:
    found = list(found)
    if len(found) == 3 and rng.random() < 0.25:
        return found[0], found[1], found[2]
    steep = (max(map(abs, found)) or ONE) * rng.choice((1, -1))
    extreme = [-steep, ZERO, steep]
    if rng.random() < 0.5:
        i = rng.randrange(3)
        extreme[i] = steep * mpq(rng.randint(-8, 8), 8)
    return extreme[0], extreme[1], extreme[2]


def worst(gap: Gap) -> Worst:
    """Targets through the data with ``L = max |δ_i|`` lie between the least and the greatest of them."""
    x, data = gap.x, four_points(gap)
    unit = steepest(data)
    if not unit:
        raise NotApplicable("the data are constant")
    greatest = greatest_lipschitz(data)
    least = -greatest_lipschitz(Dataset._make(data.x, tuple(-v for v in data.y)))
    largest = ZERO
    for f in corner_members(data):
        for target in (least, greatest):
            difference = f - target
            if difference(x[1]) or difference(x[2]) or target.lipschitz_constant != unit:
                raise Refuted("the extreme target is not one of the targets")
            inside = (abs(difference(t)) for t, _ in difference.kinks if x[1] < t < x[2])
            largest = max(largest, *inside, ZERO)
    return Worst(gap.slopes, unit, largest / (unit * (x[2] - x[1])))


def never_attained(w: Worst) -> bool:
    """There is room between 1 and the truth."""
    return bool(w.multiple < 1)


def outer_slopes_suffice(w: Worst) -> bool:
    """What counts are the neighbouring chords, extended."""
    a, _, c = w.slopes
    return bool((w.multiple == 1) == (a == -c and abs(a) == w.steepest))


def one_neighbour_suffices(w: Worst) -> bool:
    """One steep neighbour of a flat gap."""
    a, b, c = w.slopes
    return bool((w.multiple == 1) == (b == 0 and max(abs(a), abs(c)) == w.steepest and a * c < 0))


_UNIT = (ZERO, ONE, mpq(2), mpq(3))


@theorem(
    "hanin2021.sharp",
    statement=(
        "Four data, L = max|δ_i| > 0, h the length of the middle gap: the largest |f - g| there, for "
        "ridgeless f and L-Lipschitz g through the data, is at most L·h, and L·h exactly if δ = ±(-L, 0, L)."
    ),
    source="derived for this project: the constant of hanin2021.error is the best one",
    instances=gaps,
    prepare=worst,
    mutants=[
        Mutant(
            "never-attained",
            statement="The largest error on a gap is less than L·h.",
            check=never_attained,
            witness=Gap(_UNIT, (-ONE, ZERO, ONE)),
        ),
        Mutant(
            "outer-slopes-suffice",
            statement="The largest error is L·h exactly if δ_1 = -δ_3 and |δ_1| = L.",
            check=outer_slopes_suffice,
            witness=Gap(_UNIT, (-ONE, mpq(1, 2), ONE)),
        ),
        Mutant(
            "one-neighbour-suffices",
            statement="The largest error is L·h exactly if δ_2 = 0, δ_1 δ_3 < 0 and |δ_1| = L or |δ_3| = L.",
            check=one_neighbour_suffices,
            witness=Gap(_UNIT, (-ONE, ZERO, mpq(1, 2))),
        ),
    ],
)
def sharp(w: Worst) -> None:
    """The largest error, computed exactly from the extreme members and the extreme targets."""
    a, b, c = w.slopes
    if w.multiple > 1:
        raise Refuted(f"the largest error is {w.multiple} times L·h")
    extreme = b == 0 and a == -c and abs(a) == w.steepest
    if (w.multiple == 1) != extreme:
        raise Refuted(f"the largest error is {w.multiple} times L·h for slopes {a}, {b}, {c}")
