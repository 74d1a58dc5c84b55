"""The penalised interpolant against a cone solver, the float path and the checker, on many instances.

    python -m tests.campaigns.penalized [COUNT] [SEED]

Prints how often each agreed.  Where Clarabel's value differs by more than its accuracy, the exact cost has
an accepted certificate, so the error is Clarabel's.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

import exactrelu as er
from exactrelu import instances
from exactrelu.interpolation.float_penalized import solve as float_solve
from tests.peers import penalized_skip_clarabel


def main(arguments: list[str]) -> None:
    """Run instances of the mixture, sizes up to 40."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaigns.penalized",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("count", nargs="?", type=int, default=5000, help="how many instances (%(default)s)")
    parser.add_argument("seed", nargs="?", type=int, default=0, help="which ones (%(default)s)")
    options = parser.parse_args(arguments)
    count, seed = options.count, options.seed
    accepted = agreed = departed = floats = skipped = 0
    worst = 0.0
    for i in range(count):
        data = instances.datasets(instances.Stream(seed, "penalized", i), 4 + i % 37, 4 + i % 29)
        s = er.min_norm_interpolant(data.x, data.y)
        report = er.check(s.certificate)
        if not report.accepted:
            sys.exit(f"rejected: {report.message}\n{data!r}")
        accepted += 1
        approximate = er.min_norm_interpolant(data.x, data.y, tolerance="1e-20")
        if data.n > 1 and not (approximate.cost.lower <= s.cost <= approximate.cost.upper):
            sys.exit(f"the certified bounds miss the exact cost\n{data!r}")
        x, y = np.array([float(v) for v in data.x]), np.array([float(v) for v in data.y])
        if data.n < 3 or not np.all(np.diff(x) > 0) or tuple(x) != tuple(map(float, data.x)):
            skipped += 1
            continue
        rounded = er.min_norm_interpolant(x, y)  # of what the floats hold
        exact = float(rounded.cost)
        scale = np.max(np.abs(y)) / np.min(np.diff(x)) * np.hypot(1.0, np.max(np.abs(x)))
        if abs(float_solve(x, y)[3] - exact) > 1e-9 * exact + 1e-12 * scale:
            sys.exit(f"the float path is off\n{data!r}")
        floats += 1
        outside = penalized_skip_clarabel(x, y)
        size = max(float(max(map(abs, rounded.data.curvatures))), exact) or 1.0
        if abs(outside - exact) <= 1e-6 * size:
            agreed += 1
        else:
            departed += 1
            worst = max(worst, abs(outside - exact) / size)
    print(f"{accepted} certificates accepted; exact cost within the certified bounds every time")
    print(f"{floats} float costs agree; {skipped} instances are too small or too fine for floats")
    print(f"Clarabel agrees {agreed} times to 1e-6, departs {departed} times, by {worst:.1e} at worst")


if __name__ == "__main__":
    main(sys.argv[1:])
