"""How the table and the growth plots measure: processor time of one process, ratios within one run."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import log
from typing import Any

from gmpy2 import mpq

HAS_CVXPY = find_spec("cvxpy") is not None  # of the benchmark extra
ENOUGH = 0.5
"""Seconds; what is shorter is run up to three times, and the least counts."""


@dataclass(frozen=True)
class Row:
    """One method on one task; the first row of a task is what the others are divided by."""

    task: str
    method: str
    seconds: float
    accuracy: str


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds (all threads of the process), which other load on the machine hardly changes."""
    best, spent, value = float("inf"), 0.0, None
    for _ in range(3):
        start = time.process_time()
        value = function()
        seconds = time.process_time() - start
        best, spent = min(best, seconds), spent + seconds
        if spent > ENOUGH:
            break
    return max(best, 1e-7), value


def error(value: Any, exact: mpq) -> str:
    """The relative error against the exact value, or an enclosure of it that is far more accurate."""
    if not exact:
        return f"{float(abs(mpq(value))):.0e}"
    relative = abs(mpq(value) - exact) / abs(exact)
    return f"{float(relative):.0e}" if relative else "0"


def rows(task: str, methods: Iterable[tuple[str, Callable[[], Any], Callable[[Any], str]]]) -> Iterator[Row]:
    """Run the methods of a task: pairs of a function and what says how accurate its value is."""
    for method, function, accuracy in methods:
        print(f"{task}: {method}", file=sys.stderr, flush=True)
        seconds, value = timed(function)
        yield Row(task, method, seconds, accuracy(value))


def markdown(found: Sequence[Row]) -> str:
    """A table of all rows."""
    lines = ["| task | method | time | ratio | relative error |", "|---|---|---|---|---|"]
    task, unit = "", 1.0
    for row in found:
        first = row.task != task
        if first:
            task, unit = row.task, row.seconds
        method = f"**{row.method}**" if first else row.method
        ratio = "1" if first else f"{row.seconds / unit:.3g}"
        lines.append(
            f"| {row.task if first else ''} | {method} | {show(row.seconds)} | {ratio} | {row.accuracy} |"
        )
    return "\n".join(lines)


def show(seconds: float) -> str:
    """Three digits."""
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def chosen(doc: str | None, parts: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names that have one of the `parts` in them, all without any; exits if a part is in none."""
    unknown = [part for part in parts if not any(part in name for name in names)]
    if unknown:
        listing = "\n".join(f"  {name}" for name in names)
        if unknown[0] in ("-h", "--help"):
            print(f"{doc}\nParts of these names choose among them:\n{listing}")
            sys.exit(0)
        print(f"no name has {unknown[0]!r} in it; there are:\n{listing}", file=sys.stderr)
        sys.exit(2)
    return [name for name in names if not parts or any(part in name for part in parts)]


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The slope of log time over log size, by least squares."""
    a, b = [log(v) for v in sizes], [log(v) for v in seconds]
    mean = sum(a) / len(a)
    return sum((u - mean) * v for u, v in zip(a, b, strict=True)) / sum((u - mean) ** 2 for u in a)
