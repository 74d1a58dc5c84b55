"""Gradient flow on labels of teacher networks: what it ends with, judged exactly.

    python -m tests.campaigns.flow [SEEDS] [--width W] [--points N] [--scale S] [--largest R] [--plot FILE]

For each r from 1 to R a teacher of r units, drawn until its sign switches r - 1 times on N random points of
[-2, 2]; then networks of W units, trained from SEEDS random starts (200 by default) of size S until the least
margin is 10000, for 1000 steps at most.  With 200 seeds it takes about ten minutes of one core (less with
OMP_NUM_THREADS=1: the matrices are small).  The table says, in exact arithmetic on the final weights:

- right: the share of runs that have all labels right;
- regions: linear regions of the function, least - median - largest (float weights never coincide);
- within 1%: those that are left when bends of one per cent of the margin between the first and the last datum
  are overlooked, and the bounds for KKT points, 3 K + 4 (5 if K = 0) and 32 r + 67;
- residual: upper bounds of the distance from the KKT conditions, median and largest;
- margin/best: the normalised margin against the certified optimum, least and median.  A KKT point need not
  reach 1.
"""

from __future__ import annotations

import argparse
import sys
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np
from gmpy2 import mpq

from exactrelu.classification import (
    FlowRun,
    MaxMarginClassifier,
    effective_regions,
    gradient_flow,
    max_margin_classifier,
)
from exactrelu.functions import Dataset, ShallowNetwork

PERCENT = mpq(1, 100)
LEGEND = """\
r units of the teacher, K switches of the labels; of the networks trained:
right: share with all labels right; regions: linear regions, least - median - largest;
within 1%: those left when bends of 1 % of the margin are overlooked; 3K+4, 32r+67: bounds for KKT points;
residual: distance from the KKT conditions at most, median and largest; margin/best: least and median.
"""


def teacher(r: int, points: int, seed: int = 0) -> tuple[ShallowNetwork, Dataset]:
    """The first random teacher of `r` units, and points, with ``r - 1`` switches."""
    rng = np.random.default_rng([r, points, seed])
    while True:
        network = ShallowNetwork(*(rng.normal(size=r).round(3) for _ in range(3)))
        x = sorted({mpq(round(t), 1000) for t in rng.uniform(-2000, 2000, points)})
        values = network.function.values_at_sorted(x)
        if 0 in values:
            continue
        y = [mpq(1) if v > 0 else mpq(-1) for v in values]
        if sum(a != b for a, b in pairwise(y)) == r - 1:
            return network, Dataset(x, y)


class Judged(NamedTuple):
    """One run, judged."""

    accuracy: mpq
    regions: int
    effective: int | None
    residual: mpq | None
    margin: float


def judge(run: FlowRun, best: MaxMarginClassifier) -> Judged:
    """Exact values of the final network; the last one is rounded."""
    answer, f, x = run.residual, run.network.function, run.data.x
    cost = best.cost if best.is_exact else best.cost.midpoint  # type: ignore[union-attr]
    effective = None
    if answer.margin > 0:
        effective = effective_regions(f / answer.margin, x[0], x[-1], PERCENT)
    return Judged(
        run.accuracy,
        f.linear_regions,
        effective,
        answer.bound,
        2 * float(answer.normalized_margin) * float(cost),
    )


def spread(values: list[int]) -> str:
    """Least, median, largest."""
    return f"{min(values)} - {median(values):g} - {max(values)}" if values else "none"


def main(arguments: list[str]) -> None:
    """Print the table, a row as soon as it is known."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaigns.flow",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("seeds", nargs="?", type=int, default=200, help="random starts (%(default)s)")
    parser.add_argument("--width", type=int, default=48, metavar="W", help="units (%(default)s)")
    parser.add_argument("--points", type=int, default=12, metavar="N", help="random points (%(default)s)")
    parser.add_argument("--scale", type=float, default=0.5, metavar="S", help="of the starts (%(default)s)")
    parser.add_argument("--largest", type=int, default=5, metavar="R", help="units of teachers (%(default)s)")
    parser.add_argument(
        "--plot", metavar="FILE", help="draw the margins along the runs of the largest teacher"
    )
    options = parser.parse_args(arguments)
    titles = ("r", "K", "right", "regions", "within 1%", "3K+4", "32r+67", "residual", "margin/best")
    form = "{:>2} {:>2} {:>7} {:>13} {:>11} {:>5} {:>7} {:>15} {:>13}"
    print(LEGEND)
    print(form.format(*titles), flush=True)
    for r in range(1, options.largest + 1):
        data = teacher(r, options.points)[1]
        best = max_margin_classifier(data.x, data.y, skip=False)
        runs = gradient_flow(
            data.x, data.y, width=options.width, seeds=options.seeds, initial_scale=options.scale, steps=1000
        )
        found = [judge(run, best) for run in runs]
        right = [j for j in found if j.accuracy == 1]
        residuals = [float(j.residual) for j in right if j.residual is not None]
        margins = [j.margin for j in right]
        row = (
            r, r - 1, f"{100 * len(right) / len(found):.4g} %", spread([j.regions for j in right]),
            spread([j.effective for j in right if j.effective is not None]),
            3 * r + 1 if r > 1 else 5, 32 * r + 67,
            f"{median(residuals):.4f} {max(residuals):.4f}" if residuals else "none",
            f"{min(margins):.4f} {median(margins):.4f}" if margins else "none",
        )  # fmt: skip
        print(form.format(*row), flush=True)
    if options.plot:
        from exactrelu import plotting

        cost = best.cost if best.is_exact else best.cost.midpoint  # type: ignore[union-attr]
        plotting.save(plotting.flow(runs, best=1 / (2 * float(cost))), options.plot)


if __name__ == "__main__":
    main(sys.argv[1:])
