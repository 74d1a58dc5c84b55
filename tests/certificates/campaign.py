"""The large campaign, run by hand: random certificates of every kind, and random mutants.

    python tests/certificates/campaign.py [--instances 10000] [--mutants 100000] [--seed 0] [--jobs 1] [KIND]

Every certificate must be accepted by the checker. Of every mutant the checker and the oracle must agree: what
is accepted is true. Counts go to stdout, a failure to stdout with its kind and index; exit code 1 if any.
"""

import argparse
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import factory
import oracle
from mutations import some_mutants

from exactrelu import checker
from exactrelu.arithmetic import BudgetExceeded

LARGEST = 40
ATTEMPTS = 60  # per instance asked for: few data have a non-unique minimiser, say


def accept(name: str, indices: range, seed: int) -> tuple[int, int, Counter, float, list[str]]:
    """Certificates asked for, built, their sizes, seconds in the checker, failures."""
    built, seconds, sizes, failures = 0, 0.0, Counter(), []
    for i in indices:
        try:
            certificate = factory.instance(name, i, seed, LARGEST)
        except BudgetExceeded as error:  # the solver gives up, and says so: no certificate to judge
            print(f"{name} {i}: {error}", flush=True)
            continue
        if certificate is None:
            continue
        document = certificate.to_json()
        start = time.perf_counter()
        code, line = checker.judge(document)
        seconds += time.perf_counter() - start
        built += 1
        sizes[len(document["problem"].get("x", ()))] += 1
        if code:
            failures.append(f"{name} {i}: {line}")
    return len(indices), built, sizes, seconds, failures


def mutate(name: str, indices: range, seed: int, largest: int = 12) -> tuple[int, int, int, list[str]]:
    """Mutants, those accepted, those rejected although the oracle would accept, failures."""
    count = accepted = strict = 0
    failures = []
    for i in indices:
        certificate = factory.instance(name, i, seed, largest)
        if certificate is None:
            continue
        document = certificate.to_json()
        for change, mutant in some_mutants(document, 60, random.Random(f"{seed} {name} {i}")):
            count += 1
            code, line = checker.judge(mutant)
            proved = oracle.holds(mutant)
            accepted += code == 0
            if code == 0 and not proved:
                failures.append(f"{name} {i}: {change}: accepted although false")
            elif code == 1 and proved and "uniqueness" not in name and "too large" not in line:
                failures.append(f"{name} {i}: {change}: {line}, although the oracle finds it proved")
            strict += code != 0 and proved
    return count, accepted, strict, failures


def chunks(total: int, size: int = 250) -> list[range]:
    return [range(i, min(i + size, total)) for i in range(0, total, size)]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("kinds", nargs="*", help="parts of the names of kinds; all by default")
    parser.add_argument("--instances", type=int, default=10_000)
    parser.add_argument("--mutants", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    kinds = [k for k in factory.KINDS if not options.kinds or any(part in k for part in options.kinds)]
    failed: list[str] = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for name in kinds if options.instances else ():
            asked = built = 0
            sizes, seconds, step = Counter(), 0.0, max(1, min(250, options.instances // 4))
            while built < options.instances and asked < ATTEMPTS * options.instances:
                missing = options.instances - built
                parts = [range(asked + p.start, asked + p.stop) for p in chunks(missing, step)]
                seeds = [options.seed] * len(parts)
                for a, b, c, d, e in pool.map(accept, [name] * len(parts), parts, seeds):
                    asked, built, sizes, seconds = asked + a, built + b, sizes + c, seconds + d
                    failed += e
            tiny = sum(v for k, v in sizes.items() if k <= 2)
            print(
                f"{name}: {built} certificates, n <= 2 in {tiny}, n up to {max(sizes, default=0)},"
                f" {1e6 * seconds / max(built, 1):.0f} us each; failures so far: {len(failed)}",
                flush=True,
            )
        share = options.mutants // len(kinds)
        total: Counter = Counter()
        for name in kinds if share else ():
            part: Counter = Counter()
            start = 0
            while part["mutants"] < share and start < 100 * share:
                step = range(start, start + 25)
                start += 25
                count, accepted, strict, failures = mutate(name, step, options.seed)
                part.update(mutants=count, accepted=accepted, strict=strict)
                failed += failures
            total += part
            print(
                f"{name}: {part['mutants']} mutants, {part['accepted']} accepted and true,"
                f" {part['strict']} rejected although provable (malformed, too large, or left open);"
                f" failures so far: {len(failed)}",
                flush=True,
            )
    print(f"mutants in all: {total['mutants']}, accepted {total['accepted']}")  # fmt: skip
    print("\n".join(failed) or "no failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
