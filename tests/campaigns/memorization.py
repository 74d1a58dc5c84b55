"""Memorisation in a table: every construction at growing N, its size and bits, and what floats make of it.

    python -m tests.campaigns.memorization [EXPONENT]
    python -m tests.campaigns.memorization grid|irregular|space N

The first: N = 2^4 … 2^EXPONENT (12 by default), random labels: 0/1 on the grid 1..N, and at random float64
points of the line; 0 to 3 at points of R^3 that are at least 1/1000 apart. Every label is checked in exact
arithmetic. Then the first N and the first separation at which each float format takes a wrong label, found by
search. The second: one N, exact arithmetic only.
"""

from __future__ import annotations

import argparse
import resource
import sys
from random import Random
from time import process_time

from gmpy2 import mpq

from exactrelu.functions.deep_floating import PRECISIONS
from exactrelu.memorization import CONSTRUCTIONS, Memorizer, first_failure, memorize
from exactrelu.memorization.constructions import Candidate, candidates

Data = tuple[list[tuple[mpq, ...]], list[mpq]]


def grid(n: int) -> Data:
    """0/1 labels at 1..n."""
    rng = Random(n)
    return [(mpq(k),) for k in range(1, n + 1)], [mpq(rng.randrange(2)) for _ in range(n)]


def irregular(n: int) -> Data:
    """0/1 labels at random float64 numbers."""
    rng = Random(n)
    points = sorted({(mpq(rng.random()),) for _ in range(n)})
    return points, [mpq(rng.randrange(2)) for _ in points]


def space(n: int) -> Data:
    """Four labels at points of R^3, coordinates multiples of 1/1000."""
    rng = Random(n)
    points = sorted({tuple(mpq(rng.randrange(1000), 1000) for _ in range(3)) for _ in range(n)})
    return points, [mpq(rng.randrange(4)) for _ in points]


def row(m: Memorizer, *, floats: bool) -> str:
    """One line; exits if a label is wrong."""
    started = process_time()
    if not m.check():
        sys.exit(f"wrong labels: {m.network!r}")
    seconds = process_time() - started
    right = [("right" if m.float_check(precision=p) else "wrong") if floats else "-" for p in PRECISIONS]
    cells = (len(m.points), m.construction, m.width, m.depth, m.parameters, m.weight_bits, *right)
    return " ".join(f"{cell!s:>{16 if i == 1 else 8}}" for i, cell in enumerate(cells)) + f" {seconds:9.2f}"


def table(name: str, data: Data, *, floats: bool) -> None:
    """All constructions that apply."""
    found = candidates(*data)
    for construction in CONSTRUCTIONS:
        if isinstance(found[construction], Candidate):
            print(f"{name:>9} {row(memorize(*data, construction), floats=floats)}", flush=True)


def failures() -> None:
    """The first N on the grid, and the first separation 2^-b of four points, at which each format fails."""

    def close(b: int) -> Memorizer:
        points = [mpq(1, 3), mpq(1, 3) + mpq(1, 2**b), 1, 2]
        return memorize(points, [1, 2, 1, 3], "bit-extraction", block=2)

    def near(b: int) -> Memorizer:
        points = [mpq(1, 3), mpq(1, 3) + mpq(1, 2**b), 1, 2]
        return memorize(points, [1, 2, 1, 3], "piecewise-linear")

    for p in PRECISIONS:
        sizes = range(16, 4097, 16)
        first = [
            first_failure(sizes, lambda n, c=c: memorize(*grid(n), c), precision=p)
            for c in ("grid", "bit-extraction")
        ]
        bits = [first_failure(range(2, 130), build, precision=p) for build in (close, near)]
        print(
            f"{p}: N = {first[0]} (grid), {first[1]} (bit extraction), in steps of 16; separation "
            f"2^-{bits[0]} (bit extraction), 2^-{bits[1]} (connecting dots)",
            flush=True,
        )


def main(arguments: list[str]) -> None:
    """Print all, or one kind of points."""
    kinds = {"grid": grid, "irregular": irregular, "space": space}
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaigns.memorization",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="%(prog)s [EXPONENT] | %(prog)s grid|irregular|space N",
    )
    parser.add_argument("kind", nargs="?", default="12", help="EXPONENT, or the kind of points")
    parser.add_argument("n", nargs="?", type=int, metavar="N", help="the number of points of this kind")
    options = parser.parse_args(arguments)
    if (options.n is None) != options.kind.isdecimal() or (
        options.n is not None and options.kind not in kinds
    ):
        parser.error(f"EXPONENT, or one of {', '.join(kinds)} and a number, is expected")
    titles = ("N", "construction", "width", "depth", "params", "bits", "float32", "float64", "dd")
    print("   points " + " ".join(f"{t:>{16 if i == 1 else 8}}" for i, t in enumerate(titles)) + "   check/s")
    if options.n is not None:
        table(options.kind, kinds[options.kind](options.n), floats=False)
    else:
        for e in range(4, int(options.kind) + 1, 2):
            for name, data in kinds.items():
                table(name, data(1 << e), floats=True)
        failures()
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
