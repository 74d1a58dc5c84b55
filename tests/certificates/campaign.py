"""The large campaign, run by hand: random certificates of every kind, and random mutants.

    python tests/certificates/campaign.py [--instances 10000] [--mutants 100000] [--seed 0] [KIND …]

Every certificate must be accepted by the checker. Of every mutant the checker and the oracle must agree: what
is accepted is true. Where the solver gives up there is no certificate to judge; the counts say how often.
Counts go to stdout, a failure to stdout with its kind and index; exit code 1 if any.
"""

import argparse
import math
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
FEW = 60  # mutants of one certificate, at most
ATTEMPTS = 60  # per instance asked for: few data have a non-unique minimiser, say


def accept(name: str, indices: range, seed: int) -> tuple[Counter, Counter, float, list[str]]:
    """How many were asked for, built, given up; sizes of their data; seconds in the checker; failures."""
    counts, seconds, sizes, failures = Counter(asked=len(indices)), 0.0, Counter(), []
    for i in indices:
        try:
            certificate = factory.instance(name, i, seed, LARGEST)
        except BudgetExceeded as error:
            print(f"{name} {i}: {error}", flush=True)
            counts["given up"] += 1
            continue
        if certificate is None:
            continue
        document = certificate.to_json()
        start = time.perf_counter()
        code, line = checker.judge(document)
        seconds += time.perf_counter() - start
        counts["built"] += 1
        if "x" in document["problem"]:
            sizes[len(document["problem"]["x"])] += 1
        if code:
            failures.append(f"{name} {i}: {line}")
    return counts, sizes, seconds, failures


def mutate(name: str, wanted: int, seed: int, largest: int = 12) -> tuple[Counter, list[str]]:
    """About so many mutants: those accepted, those rejected although the oracle would accept; failures."""
    found, failures = Counter(), []
    most = min(FEW, math.ceil(wanted / 8))  # of one certificate, so that there are several
    for i in range(100 * wanted):
        if found["mutants"] >= wanted:
            break
        try:
            certificate = factory.instance(name, i, seed, largest)
        except BudgetExceeded:
            continue
        if certificate is None:
            continue
        document = certificate.to_json()
        for change, mutant in some_mutants(document, most, random.Random(f"{seed} {name} {i}")):
            code, line = checker.judge(mutant)
            proved = oracle.holds(mutant)
            found.update(mutants=1, accepted=code == 0, strict=code != 0 and proved)
            if code == 0 and not proved:
                failures.append(f"{name} {i}: {change}: accepted although false")
            elif code == 1 and proved and "uniqueness" not in name and "too large" not in line:
                failures.append(f"{name} {i}: {change}: {line}, although the oracle finds it proved")
    return found, failures


def chunks(total: int, size: int = 250) -> list[range]:
    return [range(i, min(i + size, total)) for i in range(0, total, size)]


def main() -> int:
    """Print what was found, a line a kind."""
    parser = argparse.ArgumentParser(
        description="Random certificates of every kind, which the checker has to accept, and random mutants "
        "of them, of which it must accept none that the oracle finds false."
    )
    parser.add_argument(
        "kinds", nargs="*", metavar="KIND", help="parts of the names of kinds; all by default"
    )
    for name, default, text in (
        ("instances", 10_000, "certificates of each kind"),
        ("mutants", 100_000, "mutants, about so many in all, the same share of each kind"),
        ("seed", 0, "the same seed makes the same certificates and mutants"),
        ("jobs", 1, "worker processes"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N", help=f"{text} (%(default)s)")
    options = parser.parse_args()
    kinds = [k for k in factory.KINDS if not options.kinds or any(part in k for part in options.kinds)]
    if not kinds:
        parser.error(
            f"no kind has {' or '.join(options.kinds)} in its name; there are: {', '.join(factory.KINDS)}"
        )
    failed: list[str] = []
    total: Counter = Counter()
    with ProcessPoolExecutor(options.jobs) as pool:
        for name in kinds if options.instances else ():
            counts, sizes, seconds = Counter(), Counter(), 0.0
            step = max(1, min(250, options.instances // 4))
            while counts["built"] < options.instances and counts["asked"] < ATTEMPTS * options.instances:
                first, missing = counts["asked"], options.instances - counts["built"]
                parts = [range(first + p.start, first + p.stop) for p in chunks(missing, step)]
                for a, b, c, d in pool.map(accept, [name] * len(parts), parts, [options.seed] * len(parts)):
                    counts, sizes, seconds = counts + a, sizes + b, seconds + c
                    failed += d
            total += counts
            print(f"{name}: {summary(counts, sizes, seconds)}; failures so far: {len(failed)}", flush=True)
    for name in kinds if options.mutants else ():
        found, failures = mutate(name, math.ceil(options.mutants / len(kinds)), options.seed)
        failed += failures
        total += found
        print(
            f"{name}: {found['mutants']} mutants, {found['accepted']} accepted and true,"
            f" {found['strict']} rejected although provable (malformed, too large, or left open);"
            f" failures so far: {len(failed)}",
            flush=True,
        )
    print(
        f"in all {total['built']} certificates, {total['given up']} given up by the solver;"
        f" {total['mutants']} mutants, {total['accepted']} accepted"
    )
    print("\n".join(failed) or "no failures")
    return 1 if failed else 0


def summary(counts: Counter, sizes: Counter, seconds: float) -> str:
    """One kind's certificates in words; the sizes of data only where there are any."""
    tiny = sum(v for k, v in sizes.items() if k <= 2)
    points = f", n <= 2 in {tiny}, n up to {max(sizes)}" if sizes else ""
    given_up = f", {counts['given up']} more given up by the solver" if counts["given up"] else ""
    each = 1e6 * seconds / max(counts["built"], 1)
    return f"{counts['built']} certificates{points}, {each:.0f} us each{given_up}"


if __name__ == "__main__":
    sys.exit(main())
