"""The targets of speed and what is reached, as Markdown: ``python -m tests.benchmarks.targets [NAME ...]``.

Each in a process of its own, so that its peak of memory is its own; processor time on one core, reading the
data included.
"""

import resource
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import exactrelu as er
from exactrelu.arithmetic import RadicalSum
from tests.benchmarks.growth import roots, sine
from tests.benchmarks.measure import chosen, show, timed
from tests.benchmarks.table import lasso_data, random_data

Measured = Callable[[], Any]


def _prepared(name: str) -> tuple[Measured, str]:
    """What to time, and what is asked of it."""
    squares = range(2_001), [k * k for k in range(2_001)]
    if name.startswith(("build", "check")):
        solved = er.min_norm_interpolant(*random_data(100_000))
        if name.startswith("build"):
            return lambda: solved.certificate, "the same order"
        certificate = solved.certificate
        return lambda: _accepted([certificate]), "the same order"
    if name.startswith("Lasso"):
        n, layers = (300, 3 if "3 layers" in name else 2) if "300" in name else (64, 3)
        x, y = lasso_data(n)
        if "certificates" in name:
            path = er.lasso.path(x, y, layers=layers)
            return lambda: _accepted([s.certificate for s in path.solutions]), "minutes"
        return lambda: er.lasso.path(x, y, layers=layers), "minutes"
    if name.startswith("sign"):
        (terms,) = roots(100_000)
        return lambda: RadicalSum._make(terms).sign(), "seconds"
    million = 1_000_000
    cases: dict[str, tuple[Callable[..., Any], Callable[[], tuple[Any, Any]], dict[str, Any], str]] = {
        NAMES[0]: (er.min_norm_interpolant, lambda: random_data(100_000), {}, "5 s"),
        NAMES[1]: (er.min_norm_interpolant, lambda: random_data(million), {}, "120 s, 4 GiB"),
        NAMES[2]: (er.floating.min_norm_interpolant, lambda: random_data(million), {}, "1 s"),
        NAMES[3]: (er.min_norm_interpolant, lambda: squares, {}, "60 s"),
        NAMES[4]: (er.min_norm_interpolant, lambda: sine(100_000), {"tolerance": "1e-30"}, "60 s"),
    }
    function, make, keywords, target = cases[name]
    data = make()
    return lambda: function(*data, **keywords), target


NAMES = [
    "exact, random, n = 100,000",
    "exact, random, n = 1,000,000",
    "float path, random, n = 1,000,000",
    "exact, `x²` on 2,001 integers",
    "`sin` on 100,000 points, tolerance 1e-30",
    "build the certificate, random, n = 100,000",
    "check the certificate, random, n = 100,000",
    "Lasso path, 2 layers, n = 300",
    "Lasso path, 2 layers, n = 300: certificates of all breakpoints built and checked",
    "Lasso path, 3 layers, n = 64",
    "Lasso path, 3 layers, n = 64: certificates of all breakpoints built and checked",
    "Lasso path, 3 layers, n = 300",
    "sign of a sum of 100,000 roots",
]


def _accepted(certificates: list[Any]) -> bool:
    verdicts = [er.check(c) for c in certificates]
    assert all(v.accepted for v in verdicts)
    return True


def one(name: str) -> str:
    """A row of the table."""
    function, target = _prepared(name)
    seconds, _ = timed(function)
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # kilobytes on Linux
    return f"| {name} | {target} | {show(seconds)} | {gigabytes:.2f} GiB |"


def main(arguments: list[str]) -> int:
    """The whole table, or the row of one name after ``--one``."""
    if arguments[:1] == ["--one"]:
        print(one(arguments[1]))
        return 0
    names = chosen(__doc__, arguments, NAMES)
    print("| task | target | time | peak |\n|---|---|---|---|", flush=True)
    for name in names:
        command = [sys.executable, "-m", "tests.benchmarks.targets", "--one", name]
        subprocess.run(command, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
