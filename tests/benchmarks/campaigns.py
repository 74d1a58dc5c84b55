"""What campaigns cost, as Markdown: ``python -m tests.benchmarks.campaigns NAME [NUMBER]``.

- ``throughput [INSTANCES]``: instances a second of one core, each with one solve, one certificate built and
  accepted, and one mutant;
- ``jobs [INSTANCES]``: the same campaign with one worker process and with two;
- ``memory [INSTANCES]``: the largest resident set of campaigns of growing length, and their reports;
- ``profile [INSTANCES]``: where `exactrelu verify` spends its time, by subpackage and by theorem.

Processor time, which other load on the machine changes little; ``jobs`` measures the clock too, and prints
the load.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from types import FrameType

from gmpy2 import mpq

import exactrelu
from exactrelu import certificates, instances
from exactrelu.campaign import verify
from exactrelu.campaign.examine import Task, perform
from exactrelu.functions import Dataset
from exactrelu.interpolation import MinNormInterpolant, RidgelessInterpolants, interpolate
from exactrelu.theorems import Mutant, Refuted, registry, theorem

HOME = Path(exactrelu.__file__).parent


# -- the theorems of the target -------------------------------------------------------------------------


def eight(rng: Random, size: int, bits: int) -> Dataset:
    """Eight points at random, rationals of `bits` bits."""
    x: set[mpq] = set()
    while len(x) < 8:
        x.add(instances.number(rng, "rational", bits))
    return Dataset._make(tuple(sorted(x)), tuple(instances.number(rng, "rational", bits) for _ in range(8)))


def certified(data: Dataset, *, penalize_bias: bool) -> MinNormInterpolant:
    """One solve, one certificate built and accepted."""
    solution = interpolate(data, penalize_bias=penalize_bias)
    report = certificates.check(solution.certificate)
    if not report.accepted:
        raise Refuted(report.message)
    return solution


def sparsest(data: Dataset) -> bool:
    """A sparsest ridgeless interpolant, without a certificate: a cheap check, for the longest campaigns."""
    f = RidgelessInterpolants(data).sparsest()
    return f.values_at_sorted(data.x) == list(data.y)


def interpolates(s: MinNormInterpolant) -> bool:
    """The check."""
    return s.function.values_at_sorted(s.data.x) == list(s.data.y)


def kinks_at_data(s: MinNormInterpolant) -> bool:
    """The mutant."""
    return all(t in s.data.x for t, _ in s.function.kinks)


def register() -> list[str]:
    """The theorems ``benchmark.*``, in this process; workers find them here too."""
    names = []
    for variant, penalize_bias in (("ridgeless", False), ("penalised", True)):
        for data, generator in (("eight", eight), ("mixture", instances.datasets)):
            names.append(f"benchmark.{variant}-{data}")
            mutant = Mutant("kinks-at-data", statement="All kinks are at data.", check=kinks_at_data)
            theorem(
                names[-1],
                statement="The certified optimum interpolates.",
                source="a benchmark",
                instances=generator,
                prepare=partial(certified, penalize_bias=penalize_bias),
                mutants=[mutant],
            )(interpolates)
    plain = theorem("benchmark.sparsest", statement="It interpolates.", source="a benchmark", instances=eight)
    plain(sparsest)
    return names


# -- throughput -----------------------------------------------------------------------------------------


def throughput(count: int = 3000) -> Iterator[str]:
    """Instances a processor second, the best of three."""
    yield f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    yield "| theorem | instances a second | of it making them |"
    yield "|---|---|---|"
    for name in register():
        chosen = registry[name]
        make = chosen.instances
        assert make is not None
        rates, shares = [], []
        for seed in range(3):
            start = time.process_time()
            outcome = perform(Task(name, __name__, seed, 8, 8, 0, count))
            whole = time.process_time() - start
            assert outcome.theorem.held == count
            assert outcome.mutants[0].refuted
            start = time.process_time()
            for index in range(count):
                make(instances.Stream(seed, name, index), 8, 8)
            rates.append(count / whole)
            shares.append((time.process_time() - start) / whole)
        yield f"| {name} | {max(rates):,.0f} | {min(shares):.0%} |"


# -- jobs -----------------------------------------------------------------------------------------------


def jobs(count: int = 2000) -> Iterator[str]:
    """The clock, and the processor time of the workers, with one process and with two, each twice."""
    yield "| jobs | clock | processor time of workers | instances a second of it | load before |"
    yield "|---|---|---|---|---|"
    verify("hanin2021", instances=2)  # imports
    for number in (1, 2, 1, 2):
        load, start, before = os.getloadavg()[0], time.perf_counter(), _spent(number)
        report = verify("hanin2021", instances=count, jobs=number)
        clock, spent = time.perf_counter() - start, _spent(number) - before
        rate = report.done / spent
        yield f"| {number} | {clock:.1f} s | {spent:.1f} s | {rate:,.0f} | {load:.1f} |"


def _spent(jobs: int) -> float:
    """Processor time: of this process, or of the workers that have ended."""
    used = resource.getrusage(resource.RUSAGE_SELF if jobs == 1 else resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# -- memory ---------------------------------------------------------------------------------------------

_CAMPAIGN = """
import resource, sys, time
from exactrelu.campaign import verify
from tests.benchmarks.campaigns import register
register()
verify("benchmark.sparsest", instances=int(sys.argv[1]), report=sys.argv[2])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time())
"""


def memory(most: int = 1_000_000) -> Iterator[str]:
    """A process for each length; the least is a hundredth of the most."""
    yield "| instances | largest resident set | processor time | report |"
    yield "|---|---|---|---|"
    for count in (most // 100, most // 10, most):
        with tempfile.TemporaryDirectory() as folder:
            target = os.path.join(folder, "report.json")
            command = [sys.executable, "-c", _CAMPAIGN, str(count), target]
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            size = os.path.getsize(target)
        yield f"| {count:,} | {int(printed[0]) / 1024:.1f} MiB | {float(printed[1]):.0f} s | {size:,} bytes |"


# -- profile --------------------------------------------------------------------------------------------


class Sampler:
    """Looks at the stack every millisecond of processor time: which subpackage runs, which wait for it."""

    def __init__(self) -> None:
        self.own: Counter[str] = Counter()
        self.within: Counter[str] = Counter()
        self.samples = 0

    def __enter__(self) -> "Sampler":
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _look(self, _: int, frame: FrameType | None) -> None:
        packages = []
        while frame is not None:
            package = _subpackage(frame.f_code.co_filename)
            if package is not None:
                packages.append(package)
            frame = frame.f_back
        if packages:
            self.samples += 1
            self.own[packages[0]] += 1  # what libraries do counts for the subpackage that called them
            self.within.update(set(packages))


def _subpackage(filename: str) -> str | None:
    try:
        place = Path(filename).relative_to(HOME)
    except ValueError:
        return None
    return place.parts[0].removesuffix(".py")


def profile(count: int = 50) -> Iterator[str]:
    """All theorems, in this process, without shrinking."""
    verify(instances=4)  # imports
    with Sampler() as seen:
        report = verify(instances=count)
    yield "| subpackage | own time | with what it calls |"
    yield "|---|---|---|"
    for package, own in seen.own.most_common():
        yield f"| {package} | {own / seen.samples:.1%} | {seen.within[package] / seen.samples:.1%} |"
    run = dict(report.run)
    yield f"\n{count} instances of {len(report.rows)} theorems, {run['seconds']:.1f} s\n"
    yield "| theorem | ms an instance |"
    yield "|---|---|"
    by_theorem: dict[str, float] = run["seconds_by_theorem"]
    for name, seconds in sorted(by_theorem.items(), key=lambda item: -item[1])[:12]:
        yield f"| {name} | {1000 * seconds / count:.2f} |"


COMMANDS: dict[str, Callable[..., Iterator[str]]] = {
    "throughput": throughput,
    "jobs": jobs,
    "memory": memory,
    "profile": profile,
}


def main(arguments: list[str]) -> int:
    """Run one of the commands."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    for line in COMMANDS[arguments[0]](*map(int, arguments[1:])):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
