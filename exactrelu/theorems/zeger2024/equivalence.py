"""The training problem and the Lasso problem have the same optimum."""

from random import Random

from gmpy2 import mpq

from exactrelu.functions import Dataset
from exactrelu.lasso.solve import solution
from exactrelu.lasso.subnetwork import activate
from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Tally, theorem
from exactrelu.theorems.zeger2024.subject import (
    ZERO,
    Case,
    Solved,
    cases,
    certified,
    columns,
    dot,
    largest_beta,
    random_units,
)


def optimum(case: Case, tally: Tally) -> Solved:
    """Solve at ``β = share · β_max``, certified."""
    dictionary = columns(case.data, case.name)
    beta = case.share * largest_beta(case.data, dictionary)
    if beta <= 0:
        raise NotApplicable("constant data, or β = 0")
    return Solved(case, certified(case.data, dictionary, beta, tally))


def one_column_less(s: Solved) -> bool:
    """Some column can always be replaced by others."""
    if not s.solution.support:
        raise NotApplicable("no column is used")
    sizes = dict(zip(s.solution.support, map(abs, s.solution.values), strict=True))
    left = s.dictionary.without(max(sizes, key=lambda j: sizes[j]))
    return bool(solution(s.data, left, s.solution.beta).objective == s.solution.objective)


def all_in_the_output(s: Solved) -> bool:
    """The coefficients as output weights, all other weights 1: it is the same function."""
    of = s.dictionary.architecture
    cost = sum((of.degree - 1 + abs(z) ** of.degree for z in s.solution.values), ZERO) / of.degree
    return bool(cost == s.solution.norm)


def half_the_decay(s: Solved) -> bool:
    """The factor of weight decay is ½ whatever the power."""
    weights = [w for unit in s.solution.network.units for w in unit.penalised]
    return bool(sum((w.power() for w in weights), ZERO) / 2 == s.solution.norm)


GOLDEN = Dataset.read([0, 4, 5, 7, 10, 11], [0, 0, 0, 2, 3, 3])


@theorem(
    "zeger2024.equivalence",
    statement=(
        "The minimum of ½Σ(f(x_i) - y_i)² + (β/L)Σ|θ_w|^L over parallel networks equals that of "
        "½|Az + ξ - y|² + β|z|_1 over the dictionary, and the weights |z|^(1/L) attain it. (Of steps, whose "
        "inner weights do not matter, the penalty is (β/2)Σ(amplitude² + output weight²) at any depth.)"
    ),
    source="Zeger et al. 2024 (arXiv 2403.01046), main theorems and reconstruction",
    instances=cases,
    prepare=optimum,
    mutants=[
        Mutant(
            "one-column-less",
            statement="Without the column of the largest coefficient the optimum is the same.",
            check=one_column_less,
            witness=Case(GOLDEN, "relu-2", mpq(1, 50)),
        ),
        Mutant(
            "all-in-the-output",
            statement="Unit weights with z as the output weight attain the optimum, too.",
            check=all_in_the_output,
            witness=Case(GOLDEN, "relu-3", mpq(1, 50)),
        ),
        Mutant(
            "half-at-any-depth",
            statement="The network pays |z|_1 under the penalty ½Σ|θ|^L.",
            check=half_the_decay,
            witness=Case(GOLDEN, "relu-3", mpq(1, 50)),
        ),
    ],
)
def equivalence(s: Solved, tally: Tally) -> None:
    """From above the rebuilt network; from below every column, and random and improved sub-networks."""
    found, network = s.solution, s.solution.network
    if tuple(network(x) for x in s.data.x) != found.fitted:
        raise Refuted("reconstruction: the network does not compute the fitted values")
    if network.objective(s.data, found.beta) != found.objective:
        raise Refuted("reconstruction: the objectives of network and Lasso differ")
    w, dictionary = found.dual, s.dictionary
    rng = Random(f"{s.data.n}{s.case.name}{s.case.share}")
    listed = range(len(dictionary)) if len(dictionary) <= 300 else rng.sample(range(len(dictionary)), 150)
    for j in listed:
        if abs(dot(dictionary.column(j), w)) > 1:
            raise Refuted(f"lower bound: column {j}, {dictionary.label(j)}, has a product above 1")
    tally["columns"] += len(listed)
    of = dictionary.architecture
    if of.shape == "narrow":
        for unit in random_units(of, s.data, rng, 40):
            if abs(dot([unit(x) for x in s.data.x], w)) > 1:
                raise Refuted(f"lower bound: the sub-network {unit} has a product above 1")
        tally["random sub-networks"] += 40
        cheaper_network(s, rng)
    else:
        for _ in range(20):
            values = random_sign_unit(s, rng)
            if abs(dot(values, w)) > 1:
                raise Refuted(f"lower bound: a sign network with values {values} has a product above 1")
        tally["random sub-networks"] += 20


def cheaper_network(s: Solved, rng: Random) -> None:
    """Perturb the weights and biases of the optimal network: nothing is cheaper."""
    of, data, beta = s.dictionary.architecture, s.data, s.solution.beta
    if not of.is_continuous or not s.solution.support:
        return
    for _ in range(3):
        outputs, decay = [s.solution.intercept] * data.n, ZERO
        for j, z in zip(s.solution.support, s.solution.values, strict=True):
            values, size = list(data.x), abs(z)
            for k, (sign, c) in enumerate(dictionary_steps(s, j)):
                # Weights of any size, |z| in the first layer, and biases moved a little.
                weight = sign * (size if k == 0 else 1) * mpq(rng.randint(28, 36), 32)
                bias = -sign * (size * c) * mpq(rng.randint(63, 65), 64)
                values = [activate(of, weight * v + bias) for v in values]
                decay += abs(weight) ** of.degree
            out = (1 if z > 0 else -1) * mpq(rng.randint(28, 36), 32)
            decay += abs(out) ** of.degree
            outputs = [a + out * v for a, v in zip(outputs, values, strict=True)]
        loss = sum(((y - v) ** 2 for y, v in zip(data.y, outputs, strict=True)), ZERO) / 2
        if loss + beta * decay / of.degree < s.solution.objective:
            raise Refuted("lower bound: a network with other weights is cheaper")


def dictionary_steps(s: Solved, j: int) -> tuple[tuple[int, mpq], ...]:
    """Signs and thresholds of column j."""
    return s.dictionary[j].steps


def random_sign_unit(s: Solved, rng: Random) -> list[int]:
    """A sign sub-network of the architecture with random weights, evaluated at the data."""
    of, x = s.dictionary.architecture, s.data.x

    def first() -> list[int]:
        t, up = rng.choice(x), rng.choice((1, -1))
        return [up if v >= t else -up for v in x]

    def combined(parts: list[list[int]]) -> list[int]:
        weights = [mpq(rng.randint(-4, 4)) for _ in parts]
        bias = mpq(rng.randint(-9, 9), 2)
        sums = [dot(weights, column) + bias for column in zip(*parts, strict=True)]
        return [1 if v >= 0 else -1 for v in sums]

    if of.shape == "tree":

        def tree(depth: int) -> list[int]:
            return first() if depth == 0 else combined([tree(depth - 1) for _ in range(of.widths[depth - 1])])

        return tree(len(of.widths))
    layer = [first() for _ in range(of.widths[0])]
    for width in (*of.widths[1:], 1):
        layer = [combined(layer) for _ in range(width)]
    return layer[0]
