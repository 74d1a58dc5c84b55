"""Mutation score of the checker: cosmic-ray's operators, the corpus and the hostile files as tests.

Run by hand: `python tests/certificates/score.py [--jobs 2] [--part i/n]` (needs `pip install cosmic-ray`).
cosmic-ray starts a test command for every mutant; here each mutant runs in a fork of one process that holds
the cases: those that call the mutated function, first those that killed other mutants of it, until one gives
another line or exit code, raises, or takes far longer than it should.
Survivors that change nothing are listed in `equivalent.json`, by reason; others are printed.
"""

import argparse
import ast
import difflib
import json
import os
import resource
import signal
import sys
import tempfile
import threading
import time
import types
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from cases import Case, corpus, hostile, run

SOURCE = Path(__file__).parents[2] / "exactrelu" / "checker.py"
EQUIVALENT = Path(__file__).parent / "equivalent.json"
SECONDS, FACTOR = 0.5, 8  # of processor time, for a case: this many, and this many times what it takes
# These two need arguments that name variables; the rest is everything cosmic-ray has.
LEFT_OUT = ("VariableReplacer", "VariableInserter")


def mutants(blocks: list[str]) -> Iterator[tuple[str, int, str]]:
    """Operator, number of the block, and its mutated text, each once."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    seen = set()
    for name in sorted(operator_names()):
        if name.endswith(LEFT_OUT):
            continue
        operator = get_operator(name)()
        for i, block in enumerate(blocks):
            occurrence = 0
            while (mutant := mutate_code(block, operator, occurrence)) is not None:
                if mutant != block and (i, mutant) not in seen:
                    seen.add((i, mutant))
                    yield name.removeprefix("core/"), i, mutant
                occurrence += 1


def is_definition(block: str) -> bool:
    """Whether the block is one function or class, which runs only when it is called."""
    nodes = ast.parse(block).body
    return len(nodes) == 1 and isinstance(nodes[0], ast.FunctionDef | ast.ClassDef)


class Trial:
    """Decides which mutants survive."""

    def __init__(self, blocks: list[str], cases: list[Case]) -> None:
        """The cases in the order of their cost."""
        self.codes = [compile(block, str(i), "exec") for i, block in enumerate(blocks)]
        timed = sorted(((*self.cost(case), case) for case in cases), key=lambda result: result[0])
        self.limits = [SECONDS + FACTOR * result[0] for result in timed]
        self.cases = [result[2] for result in timed]
        # A block that is one function or class, and the cases that call it; all cases for other blocks.
        self.concerned = [
            [j for j, (_, called, _) in enumerate(timed) if i in called or not is_definition(block)]
            for i, block in enumerate(blocks)
        ]
        self.kills: dict[int, Counter] = {i: Counter() for i in range(len(blocks))}
        self.lock = threading.Lock()

    def cost(self, case: Case) -> tuple[float, set[int]]:
        """Processor time of a case, which the checker itself must pass, and the blocks that it calls."""
        module, called = types.ModuleType("checker"), set()
        for code in self.codes:
            exec(code, module.__dict__)
        start = time.process_time()
        assert run(module.main, case.arguments) == (case.code, case.line), case
        seconds = time.process_time() - start
        sys.setprofile(lambda frame, event, _: called.add(frame.f_code.co_filename))
        run(module.main, case.arguments)
        sys.setprofile(None)
        return seconds, {int(name) for name in called if name.isdigit()}

    def survives(self, i: int, mutant: str) -> bool:
        """Whether every case gives what it should with block i replaced; in a child process."""
        with self.lock:
            first = [j for j, _ in self.kills[i].most_common()]
            order = first + [j for j in self.concerned[i] if j not in self.kills[i]]
            reading, writing = os.pipe()
            child = os.fork()
            if not child:
                self.judge(i, mutant, order, writing)
            os.close(writing)
        with open(reading) as told:
            killers = told.read().split()
        status = os.waitpid(child, 0)[1]
        if killers and status:
            with self.lock:
                self.kills[i][int(killers[-1])] += 1
        return status == 0

    def judge(self, i: int, mutant: str, order: list[int], writing: int) -> None:
        """In the child: tells every case it starts, exits with 0 if all are as they should be."""
        try:
            resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, 1)
            os.dup2(devnull, 2)
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            module = types.ModuleType("checker")
            for j, code in enumerate(self.codes):
                exec(compile(mutant, "checker.py", "exec") if j == i else code, module.__dict__)
            for j in order:
                os.write(writing, b"%d " % j)
                signal.setitimer(signal.ITIMER_PROF, self.limits[j])  # its signal ends the process
                if run(module.main, self.cases[j].arguments) != (self.cases[j].code, self.cases[j].line):
                    os._exit(1)
            os._exit(0)
        except BaseException:
            os._exit(1)


def change(block: str, mutant: str) -> str:
    """The changed lines, before and after, and the first line of their block."""
    lines = list(difflib.unified_diff(block.splitlines(), mutant.splitlines(), n=0, lineterm=""))[2:]
    where = next((line for line in block.splitlines() if line.startswith(("def ", "class "))), "module")
    text = " ".join(" ".join(line[1:].split()) if line[0] == "-" else f"-> {' '.join(line[1:].split())}"
                    for line in lines if not line.startswith("@@"))  # fmt: skip
    return f"{where.split('(')[0].split(':')[0]}: {text}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=2, help="worker processes (%(default)s)")
    parser.add_argument("--part", default="0/1", help="i/n: every n-th mutant from the i-th on")
    parser.add_argument("--again", type=Path, help="only the mutants that this output lists as alive")
    options = parser.parse_args()
    part, parts = map(int, options.part.split("/"))
    blocks = SOURCE.read_text().split("\n\n\n")
    listed = json.loads(EQUIVALENT.read_text()) if EQUIVALENT.exists() else {}
    reasons = {entry: reason for reason, entries in listed.items() for entry in entries}
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(blocks, corpus() + hostile(Path(folder)))
        assert trial.survives(0, blocks[0]), "the checker itself fails"
        found = list(mutants(blocks))[part::parts]
        if options.again:
            before = {line.partition(" | ")[2] for line in options.again.read_text().splitlines()}
            found = [m for m in found if change(blocks[m[1]], m[2]) in before]
        alive: Counter = Counter()
        with ThreadPoolExecutor(options.jobs) as pool:
            verdicts = pool.map(lambda m: trial.survives(m[1], m[2]), found)
            for done, ((name, i, mutant), survived) in enumerate(zip(found, verdicts, strict=True), 1):
                if survived:
                    text = change(blocks[i], mutant)
                    alive[reasons.get(text)] += 1
                    if text not in reasons:
                        print(f"{name} | {text}", flush=True)
                if done % 100 == 0:
                    print(f"{done} of {len(found)}, {alive.total()} alive", file=sys.stderr, flush=True)
    killed = len(found) - alive.total()
    print(f"{len(found)} mutants, {killed} killed, {100 * killed / len(found):.2f} %")
    for reason, count in alive.most_common():
        print(f"{count:5} alive: {reason or 'not explained'}")


if __name__ == "__main__":
    main()
