"""Where the time of each solver goes, as Markdown: ``python -m tests.benchmarks.stages [NAME ...]``.

The profiler slows calls of Python functions more than long operations, so shares are rough.  Campaigns are in
`campaigns`.
"""

import cProfile
import pstats
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import exactrelu as er
from tests.benchmarks.growth import labelled, nearly_affine, noise, roots, sign, sine, squares
from tests.benchmarks.measure import chosen, show
from tests.benchmarks.table import lasso_data, random_data

MOST = 4
Prepared = Callable[[], Callable[[], Any]]


def _check() -> Callable[[], Any]:
    certificate = er.min_norm_interpolant(*random_data(20_000)).certificate
    return lambda: er.check(certificate)


def _build() -> Callable[[], Any]:
    solved = er.min_norm_interpolant(*random_data(20_000))
    return lambda: solved.certificate


def _check_lasso() -> Callable[[], Any]:
    certificate = er.lasso.path(*lasso_data(200)).solutions[180].certificate
    return lambda: er.check(certificate)


def _solver(function: Callable[..., Any], data: tuple[Any, ...], **options: Any) -> Prepared:
    return lambda: lambda: function(*data, **options)


def tasks() -> dict[str, Prepared]:
    """What is profiled."""
    solve, classify, path = er.min_norm_interpolant, er.max_margin_classifier, er.lasso.path
    free, hard = {"penalize_bias": False}, {"skip": False}
    return {
        "penalised biases, random, n = 20,000": _solver(solve, random_data(20_000)),
        "penalised biases, `x²`, n = 1,000": _solver(solve, squares(1_000)),
        "penalised biases, `sin`, to 1e-30, n = 20,000": _solver(solve, sine(20_000), tolerance="1e-30"),
        "penalised biases, no skip, n = 80": _solver(solve, nearly_affine(80), **hard),
        "free biases, n = 20,000": _solver(solve, noise(20_000), **free),
        "free biases, no skip, n = 20,000": _solver(solve, noise(20_000), **free, **hard),
        "classification, free biases, n = 20,000": _solver(classify, labelled(20_000), **free),
        "classification, penalised biases, n = 20,000": _solver(classify, labelled(20_000)),
        "certificate, n = 20,000": _build,
        "its check": _check,
        "Lasso path, 2 layers, n = 200": _solver(path, lasso_data(200)),
        "Lasso path, 3 layers, n = 200": _solver(path, lasso_data(200), layers=3),
        "check of one breakpoint, n = 200": _check_lasso,
        "sign of 100,000 roots": _solver(sign, roots(100_000)),
    }


def profiled(prepare: Prepared) -> tuple[float, list[tuple[str, float]]]:
    """Processor seconds without the profiler, and the functions with the most time of their own."""
    function = prepare()
    profiler = cProfile.Profile()
    profiler.enable()
    function()
    profiler.disable()
    function = prepare()
    start = time.process_time()
    function()
    seconds = time.process_time() - start
    found = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    own: dict[str, float] = {}
    for (file, _, name), (_, _, spent, _, _) in found.items():
        place = name if file == "~" else f"{Path(file).stem}.{name}"
        own[place] = own.get(place, 0.0) + spent
    total = sum(own.values())
    largest = sorted(own.items(), key=lambda item: -item[1])[:MOST]
    return seconds, [(place, spent / total) for place, spent in largest]


def main(arguments: list[str]) -> int:
    """One row a solver."""
    prepared = tasks()
    names = chosen(__doc__, arguments, list(prepared))
    print("| solver | time | most of it, own time of functions |\n|---|---|---|", flush=True)
    for name in names:
        seconds, shares = profiled(prepared[name])
        parts = ", ".join(f"`{place}` {share:.0%}" for place, share in shares)
        print(f"| {name} | {show(seconds)} | {parts} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
