"""How time grows with n and with the length of numbers, as Markdown.

``python -m tests.benchmarks.growth [FILE.svg] [TITLE ...]``: for each solver (those with such a part in their
title, if any is named) the exponent e of time ~ n^e, fitted to a range of sizes, and the same for its peer in
the same run; then with n fixed, against the bits of the data.  Peers in floats have no bits to grow with.
One thread, processor time.  With a file name the points are drawn, one panel a solver.
"""

import random
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import flint
import numpy as np
from gmpy2 import mpq
from scipy.optimize import linprog
from sklearn.linear_model import lars_path
from threadpoolctl import threadpool_limits

import exactrelu as er
from exactrelu.arithmetic import RadicalSum
from exactrelu.interpolation.float_penalized import solve as float_penalized
from tests.benchmarks.measure import HAS_CVXPY, chosen, exponent, timed
from tests.benchmarks.table import lasso_data, random_data
from tests.interpolation.test_penalized_no_skip import peer as penalized_no_skip_clarabel
from tests.peers import kink_programme, lasso_matrix, penalized_skip_clarabel, penalized_skip_grid

Task = Callable[[int], Callable[[], Any]]
"""From a size to what is to be measured at this size; preparations are not."""


@dataclass(frozen=True)
class Curve:
    """A method and the sizes it is measured at."""

    name: str
    task: Task
    sizes: Sequence[int]


@dataclass(frozen=True)
class Panel:
    """A solver, ours and the peer's curves against one quantity."""

    title: str
    against: str
    ours: Curve
    peer: Curve | None = None
    measured: dict[str, list[float]] = field(default_factory=dict)

    def measure(self) -> None:
        """Fill `measured`."""
        for curve in (self.ours, self.peer):
            if curve is not None:
                print(f"{self.title}: {curve.name}", file=sys.stderr, flush=True)
                self.measured[curve.name] = [timed(curve.task(size))[0] for size in curve.sizes]

    def row(self) -> str:
        """Markdown."""
        cells = [self.title, self.against]
        for curve in (self.ours, self.peer):
            if curve is None:
                cells += ["", "", ""]
                continue
            seconds = self.measured[curve.name]
            cells += [
                f"{curve.name}" if curve is self.peer else "",
                f"{curve.sizes[0]:,} to {curve.sizes[-1]:,}, {seconds[-1]:.2g} s",
                f"{exponent(curve.sizes, seconds):.2f}",
            ]
        del cells[2]
        return f"| {' | '.join(cells)} |"


def by(function: Callable[..., Any], data: Callable[[int], tuple[Any, ...]], **options: Any) -> Task:
    """The task to call a function with the data of a size."""

    def task(size: int) -> Callable[[], Any]:
        arguments = data(size)
        return lambda: function(*arguments, **options)

    return task


def squares(n: int) -> tuple[Any, Any]:
    x = np.arange(n, dtype=float)
    return x, x * x


def sine(n: int) -> tuple[Any, Any]:
    x = np.linspace(0, 10, n)
    return x, np.sin(x)


def long_numbers(n: int) -> Callable[[int], tuple[Any, Any]]:
    """``n`` points whose coordinates are fractions with so many bits above and below."""

    def data(bits: int) -> tuple[Any, Any]:
        rng = random.Random(bits)

        def number() -> mpq:
            return mpq(rng.getrandbits(bits) - (1 << (bits - 1)), rng.getrandbits(bits) | 1)

        return sorted(i + number() / (1 << (bits + 2)) for i in range(n)), [number() for _ in range(n)]

    return data


def labelled(n: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(n)
    return np.cumsum(rng.exponential(size=n)), rng.choice([-1, 1], size=n)


def noise(n: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(n)
    return np.cumsum(rng.exponential(size=n)), rng.normal(size=n)


def nearly_affine(n: int) -> tuple[Any, Any]:
    """Far above the axis, so that the affine part has to be paid for."""
    x = np.linspace(1, 2, n)
    return x, 10 + 3 * x + np.random.default_rng(n).normal(size=n) / (50 * n)


def _ramps(x: Any) -> tuple[Any, Any, Any]:
    n = len(x)
    ramps = np.maximum(x[:, None] - x, 0)
    matrix_ = np.hstack([ramps, -ramps, np.ones((n, 1)), x[:, None]])
    return matrix_, np.concatenate([np.ones(2 * n), [0.0, 0.0]]), [(0, None)] * (2 * n) + [(None, None)] * 2


def interpolation_program(x: Any, y: Any) -> float:
    """HiGHS with a neuron at every datum."""
    A, cost, bounds = _ramps(x)
    return float(linprog(cost, A_eq=A, b_eq=y, bounds=bounds).fun)


def margin_program(x: Any, labels: Any) -> float:
    """HiGHS with a neuron at every datum."""
    A, cost, bounds = _ramps(x)
    return float(linprog(cost, A_ub=-labels[:, None] * A, b_ub=-np.ones(len(x)), bounds=bounds).fun)


def hard_program(x: Any, y: Any) -> float:
    """HiGHS without skip: neurons in both directions at every datum."""
    right, left = np.maximum(x[:, None] - x, 0), np.maximum(x - x[:, None], 0)
    A = np.hstack([right, left, -right, -left, np.ones((len(x), 1))])
    cost = np.append(np.ones(4 * len(x)), 0.0)
    bounds = [(0, None)] * (4 * len(x)) + [(None, None)]
    return float(linprog(cost, A_eq=A, b_eq=y, bounds=bounds).fun)


def margin_cone_program(x: Any, labels: Any) -> float:
    """The cone programme of `peers.kink_programme` with the values at the data free beyond the margin."""
    import cvxpy

    cosines, sines, _, _ = kink_programme(x, labels.astype(float))
    norms, widths = np.hypot(1.0, x)[1:-1], np.diff(x)
    plus, minus = (cvxpy.Variable((2, len(x) - 1), nonneg=True) for _ in range(2))
    y = cvxpy.Variable(len(x))
    slopes = cvxpy.multiply(1 / widths, y[1:] - y[:-1])
    total = plus - minus
    length = sum(
        cvxpy.sum(
            cvxpy.norm(
                cvxpy.vstack([v[0] + cvxpy.multiply(cosines, v[1]), cvxpy.multiply(sines, v[1])]), axis=0
            )
        )
        for v in (plus, minus)
    )
    bends = cvxpy.multiply(norms, slopes[1:] - slopes[:-1])
    held = [total[1, :-1] + total[0, 1:] == bends, cvxpy.multiply(labels, y) >= 1]
    return float(cvxpy.Problem(cvxpy.Minimize(length), held).solve(solver=cvxpy.CLARABEL))


def curvatures(x: Any, y: Any) -> Fraction:
    """The minimal cost with free biases, by hand."""
    x, y = ([Fraction(int(q.numerator), int(q.denominator)) for q in v] for v in (x, y))
    slopes = [(y[i + 1] - y[i]) / (x[i + 1] - x[i]) for i in range(len(x) - 1)]
    return sum((abs(b - a) for a, b in pairwise(slopes)), Fraction(0))


def lars(layers: int) -> Task:
    def task(n: int) -> Callable[[], Any]:
        x, y = lasso_data(n)
        A = lasso_matrix(er.lasso.dictionary(x, layers=layers))
        centred, target = A - A.mean(axis=0), np.array(y, dtype=float) - np.mean(y)

        def run() -> Any:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return lars_path(centred, target, method="lasso")

        return run

    return task


def roots(m: int, bits: int = 20) -> tuple[list[tuple[mpq, mpq]]]:
    rng = random.Random(m)
    return (
        [(mpq(rng.getrandbits(bits) - (1 << (bits - 1))), mpq(rng.getrandbits(bits) + 1)) for _ in range(m)],
    )


def by_arb(terms: list[tuple[mpq, mpq]]) -> bool:
    with flint.ctx.workprec(128):
        total = flint.arb(0)
        for q, d in terms:
            total += flint.fmpq(int(q.numerator), int(q.denominator)) * flint.arb(int(d)).sqrt()
    return bool(total > 0)


def sign(terms: list[tuple[mpq, mpq]]) -> int:
    return RadicalSum._make(terms).sign()


def by_mpmath(terms: list[tuple[mpq, mpq]]) -> Any:
    import mpmath

    with mpmath.workprec(128):
        total = mpmath.mpf(0)
        for q, d in terms:
            total += mpmath.mpf(int(q.numerator)) / int(q.denominator) * mpmath.sqrt(int(d))
        return mpmath.sign(total)


interpolant, classifier, path = er.min_norm_interpolant, er.max_margin_classifier, er.lasso.path
FREE, HARD = {"penalize_bias": False}, {"skip": False}
BITS = (32, 128, 512, 2_048)
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)


def panels() -> list[Panel]:
    """All of them."""
    hundred, thousand = long_numbers(100), long_numbers(1_000)
    clarabel, highs = "Clarabel", "HiGHS, a neuron at every datum"
    return [
        Panel(
            "penalised biases, random",
            "n",
            Curve("exact", by(interpolant, random_data), SIZES),
            Curve(clarabel, by(penalized_skip_clarabel, random_data), SIZES[:4]),
        ),
        Panel(
            "penalised biases, `x²`",
            "n",
            Curve("exact", by(interpolant, squares), (125, 250, 500, 1_000)),
            Curve(clarabel, by(penalized_skip_clarabel, squares), (125, 250, 500, 1_000)),
        ),
        Panel(
            "penalised biases, `sin`, to 1e-30",
            "n",
            Curve("enclosure", by(interpolant, sine, tolerance="1e-30"), SIZES[:4]),
            Curve(clarabel, by(penalized_skip_clarabel, sine), SIZES[:4]),
        ),
        Panel(
            "penalised biases, float path",
            "n",
            Curve("float", by(float_penalized, random_data), (10_000, 100_000, 1_000_000)),
            Curve("grid program", by(penalized_skip_grid, random_data), SIZES[:3]),
        ),
        Panel(
            "penalised biases, no skip, to 1e-12",
            "n",
            Curve("enclosure", by(interpolant, nearly_affine, **HARD), (10, 20, 40, 80, 160)),
            Curve(clarabel, by(penalized_no_skip_clarabel, nearly_affine), (10, 20, 40, 80, 160)),
        ),
        Panel(
            "free biases",
            "n",
            Curve("exact", by(interpolant, noise, **FREE), SIZES),
            Curve(highs, by(interpolation_program, noise), (50, 100, 200, 400)),
        ),
        Panel(
            "free biases, no skip",
            "n",
            Curve("exact", by(interpolant, noise, **FREE, **HARD), SIZES),
            Curve("HiGHS, two neurons at every datum", by(hard_program, noise), (50, 100, 200, 400)),
        ),
        Panel(
            "classification, free biases",
            "n",
            Curve("exact", by(classifier, labelled, **FREE), SIZES[:4]),
            Curve(highs, by(margin_program, labelled), (50, 100, 200, 400)),
        ),
        Panel(
            "classification, penalised biases",
            "n",
            Curve("exact", by(classifier, labelled), SIZES[:4]),
            Curve("CVXPY with Clarabel", by(margin_cone_program, labelled), (100, 300, 1_000, 3_000))
            if HAS_CVXPY
            else None,
        ),
        Panel(
            "Lasso path, 2 layers",
            "n",
            Curve("exact", by(path, lasso_data), (25, 50, 100, 200, 400)),
            Curve("`lars_path`", lars(2), (25, 50, 100, 200, 400)),
        ),
        Panel(
            "Lasso path, 3 layers",
            "n",
            Curve("exact", by(path, lasso_data, layers=3), (25, 50, 100, 200, 400)),
            Curve("`lars_path`", lars(3), (8, 16, 32, 64)),
        ),
        Panel(
            "sign of a sum of roots",
            "terms",
            Curve("exact", by(sign, roots), (1_000, 10_000, 100_000)),
            Curve("arb", by(by_arb, roots), (1_000, 10_000, 100_000)),
        ),
        Panel(
            "penalised biases, n = 1,000",
            "bits",
            Curve("exact", by(interpolant, thousand), BITS),
        ),
        Panel(
            "free biases, n = 1,000",
            "bits",
            Curve("exact", by(interpolant, thousand, **FREE), BITS),
            Curve("`Fraction`, the cost by hand", by(curvatures, hundred), BITS[:3]),
        ),
        Panel(
            "Lasso path, 2 layers, n = 30", "bits", Curve("exact", by(path, long_numbers(30)), (32, 128, 256))
        ),
        Panel(
            "Lasso path, 3 layers, n = 30",
            "bits",
            Curve("exact", by(path, long_numbers(30), layers=3), (32, 128, 256)),
        ),
        Panel(
            "sign of a sum of 10,000 roots",
            "bits",
            Curve("exact", by(sign, lambda bits: roots(10_000, bits)), BITS),
            Curve("mpmath", by(by_mpmath, lambda bits: roots(10_000, bits)), BITS),
        ),
    ]


def draw(found: Sequence[Panel], file: str) -> None:
    """Small multiples, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    columns = 3
    figure, axes = pyplot.subplots(-(-len(found) // columns), columns, figsize=(11, 15), layout="constrained")
    for panel, axis in zip(found, axes.flat, strict=False):
        for curve, marker in ((panel.ours, "o"), (panel.peer, "s")):
            if curve is not None:
                slope = exponent(curve.sizes, panel.measured[curve.name])
                label = f"{curve.name.replace('`', '')}, {slope:.2f}"
                axis.loglog(curve.sizes, panel.measured[curve.name], marker=marker, markersize=3, label=label)
        axis.set_title(panel.title.replace("`", ""), fontsize=9)
        axis.set_xlabel(panel.against, fontsize=8)
        axis.tick_params(labelsize=7)
        axis.legend(fontsize=7, frameon=False)
    for axis in axes.flat[len(found) :]:
        axis.remove()
    figure.supylabel("processor time in seconds", fontsize=9)
    figure.savefig(file)


def main(arguments: list[str]) -> int:
    """Measure, print the exponents, and draw when a file is named; other arguments pick panels by title."""
    files = [a for a in arguments if a.endswith(".svg")]
    parts = [a for a in arguments if a not in files]
    titles = chosen(__doc__, parts, list(dict.fromkeys(p.title for p in panels())))
    found = [p for p in panels() if p.title in titles]
    with threadpool_limits(1):
        for panel in found:
            panel.measure()
    print("| solver | against | sizes, time at the largest | exponent | peer | its sizes | its exponent |")
    print("|---|---|---|---|---|---|---|")
    for panel in found:
        print(panel.row())
    for file in files:
        draw(found, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
