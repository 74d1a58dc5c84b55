"""The runner: counts, verdicts, the same report from any executor, constant memory, failures told apart."""

import ast
import gc
import time
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from random import Random

import pytest

import exactrelu as er
from exactrelu.arithmetic import ExactReluError, InputError
from exactrelu.campaign import Report, instance, verify
from exactrelu.campaign.html import page
from exactrelu.campaign.losses import WorkersLostError
from exactrelu.campaign.outcome import Failure, Outcome, Verdicts
from exactrelu.campaign.table import plain
from exactrelu.instances import KINDS
from exactrelu.theorems import registry, theorem

TROUBLES = "the mutant holds", "the check does not apply"
HEADER = "from exactrelu.theorems import Mutant, NotApplicable, Refuted, theorem\n"


class Unordered(ThreadPoolExecutor):
    """Threads that finish in a random order; notes the tasks."""

    def __init__(self, seed):
        super().__init__(4)
        self.rng, self.tasks = Random(seed), []

    def submit(self, function, task):
        self.tasks.append(task)
        pause = self.rng.random() / 50

        def late():
            time.sleep(pause)
            return function(task)

        return super().submit(late)


def test_a_theorem_that_holds(theorem_file):
    report = verify(theorem_file(), instances=60)
    assert report.ok
    assert report.exit_code == 0
    (row,) = report.rows
    assert (row.verdict, row.refuted, row.failed) == ("holds", 0, 0)
    small = sum(instance("sample.signs", index=i).n < 3 for i in range(60))
    assert (row.held, row.inapplicable) == (60 - small, small)
    assert row.counts == (("prepared", 61),)  # once an instance, and once for the witness
    convex, no_zero = row.mutants
    assert convex.held + convex.refuted == 60
    assert 0 < convex.held < 60
    assert (convex.witness, convex.is_refuted, convex.ok) == ("refuted", True, True)
    assert (no_zero.witness, no_zero.is_refuted, no_zero.ok) == ("none", True, True)
    first = no_zero.first
    assert first is not None
    assert 0 in instance("sample.signs", index=first).curvatures
    assert all(0 not in instance("sample.signs", index=i).curvatures for i in range(first))
    assert row.counterexample is None


def test_the_report_is_the_same_for_any_jobs_and_executor(theorem_file, false_file):
    names = [theorem_file(), false_file]
    one = verify(names, instances=90, seed=5)
    assert verify(names, instances=90, seed=5) == one
    assert verify(names, instances=90, seed=5, jobs=2) == one
    with ThreadPoolExecutor(3) as threads:
        assert verify(names, instances=90, seed=5, executor=threads) == one
        assert threads.submit(int).result() == 0  # not shut down
    with ProcessPoolExecutor(1) as processes:
        assert verify(names, instances=90, seed=5, jobs=3, executor=processes) == one
    assert verify(names, instances=90, seed=6) != one


def test_any_order_of_completion_gives_the_same_report(false_file):
    one = verify(false_file, instances=200)
    for seed in range(3):
        with Unordered(seed) as threads:
            assert verify(false_file, instances=200, executor=threads, jobs=4) == one
        ranges = sorted((task.start, task.stop) for task in threads.tasks)
        assert [start for start, _ in ranges] == [0, *(stop for _, stop in ranges[:-1])]
        assert ranges[-1][1] == 200
        assert sum(task.witnesses for task in threads.tasks) == 1
        assert len(threads.tasks) > 8


def test_outcomes_add_up_in_any_order():
    parts = []
    for index in range(6):
        seen = Verdicts(held=index, inapplicable=1)
        if index % 2:
            seen.refute(index, Exception(f"clause {index}"))
            seen.fail(Failure(index, "summary", "traceback"))
        parts.append(Outcome(seen, [seen], instances=index + 2))
    sums = []
    for seed in range(5):
        total = Outcome.empty(1)
        for part in Random(seed).sample(parts, len(parts)):
            total.add(part)
        sums.append(total)
    assert all(total == sums[0] for total in sums)
    assert sums[0].theorem.refutation == (1, "clause 1")
    assert sums[0].theorem.failure == Failure(1, "summary", "traceback")
    assert (sums[0].instances, sums[0].theorem.refuted, sums[0].theorem.held) == (27, 3, 15)


def test_a_refuted_theorem(false_file, printed):
    report = verify(false_file, instances=50, seed=3)
    assert not report.ok
    assert report.exit_code == 1
    (row,) = report.rows
    assert row.verdict == "refuted"
    assert row.held + row.refuted == 50
    found = row.counterexample
    assert found.found == f"instance {found.index} of seed 3"
    original = instance("sample.convex", index=found.index, seed=3)
    assert registry["sample.convex"].refutation(original) == found.clause
    assert printed(found.python) == found.shrunk_clause
    x, y = (ast.literal_eval(found.python.split(f"\n{name} = ")[1].splitlines()[0]) for name in "xy")
    assert len(x) == 3
    assert sorted(map(abs, x + y)) == [0, 0, 0, 1, 1, 1]


def test_a_refutation_in_prepare_is_one_of_the_theorem(theorem_file):
    report = verify(
        theorem_file(
            HEADER
            + """
def solve(data):
    if data.n > 2:
        raise Refuted("the certificate is rejected")
    return data.n

@theorem("sample.prepared", statement="s", source="s", prepare=solve,
         mutants=[Mutant("m", statement="s", check=lambda n: n == 1)])
def check(n):
    return True
"""
        ),
        instances=100,
    )
    (row,) = report.rows
    assert row.counterexample.shrunk_clause == "the certificate is rejected"
    assert row.mutants[0].inapplicable == row.refuted > 80


@pytest.mark.parametrize(
    ("mutant", "is_refuted", "ok"),
    [
        ('Mutant("m", statement="s", check=lambda data: True)', False, False),
        ('Mutant("m", statement="s", check=lambda data: True, witness=Dataset.read([0], [0]))', False, False),
        ('Mutant("m", statement="s", check=lambda d: d.n < 3, witness=Dataset.read([0], [0]))', True, False),
        ('Mutant("m", statement="s", check=never, witness=Dataset.read([0], [0]))', False, False),
        (
            'Mutant("m", statement="s", check=lambda d: d.x != (7,), witness=Dataset.read([7], [0]))',
            True,
            True,
        ),
        ('Mutant("m", statement="s", check=lambda d: d.n < 3)', True, True),
    ],
)
def test_a_mutant_that_stands_is_a_failure_of_the_check(theorem_file, mutant, is_refuted, ok):
    text = f"""
from exactrelu.functions import Dataset

def never(data):
    raise NotApplicable

@theorem("sample.m", statement="s", source="s", mutants=[{mutant}])
def check(data):
    return True
"""
    report = verify(theorem_file(HEADER + text), instances=20)
    (row,) = report.rows
    assert row.verdict == "holds"
    assert row.mutants[0].is_refuted is is_refuted
    assert row.mutants[0].ok is ok
    assert report.exit_code == (0 if ok else 1)
    (shown,) = report.to_json()["rows"][0]["mutants"]
    held, never = (f"its witness does not refute it: {how} there" for how in TROUBLES)
    trouble = never if "check=never" in mutant else held if "witness" in mutant and not ok else None
    assert shown["trouble"] == row.mutants[0].trouble == trouble
    assert shown["verdict"].startswith("refuted (" if is_refuted else "not refuted")
    line = next(line for line in str(report).splitlines() if line.startswith("  mutant m"))
    assert line.endswith(f"  {shown['verdict']}; {trouble}" if trouble else f"  {shown['verdict']}")
    assert trouble is None or trouble in page(report)
    assert ("1 of 1 mutant refuted; 1 witness does not" in str(report)) is (is_refuted and not ok)
    assert Report.from_json(report.to_json()) == report


def test_a_witness_that_refutes_the_theorem_itself(theorem_file):
    text = """
from exactrelu.functions import Dataset

@theorem("sample.w", statement="s", source="s",
         mutants=[Mutant("m", statement="s", check=lambda d: d.n != 3,
                         witness=Dataset.read([5, 6, 7], [5, 6, 7]))])
def check(data):
    if data.x == data.y and data.n > 1:
        raise Refuted("x is y")
"""
    report = verify(theorem_file(HEADER + text), instances=5)
    (row,) = report.rows
    assert row.refuted == 0
    assert row.verdict == "refuted"
    assert report.exit_code == 1
    assert row.counterexample.found == "the witness of mutant m"
    assert row.counterexample.index is None
    assert "x = [0, 1]\ny = [0, 1]\n" in row.counterexample.python


@pytest.mark.parametrize(
    ("check", "summary"),
    [
        ("1 / (data.n - data.n)", "ZeroDivisionError: division by zero at "),
        ("data.no_such_thing", "AttributeError: "),
        ("data.n", "TypeError: the check of sample.f returned "),
        ("__import__('sys').exit(4)", "SystemExit: 4 at "),
        ("[][data.n]", "IndexError: list index out of range at "),
    ],
)
def test_a_check_that_fails_is_no_refutation(theorem_file, printed, check, summary):
    text = f"""
@theorem("sample.f", statement="s", source="s")
def check(data):
    return {check}
"""
    path = theorem_file(HEADER + text)
    report = verify(path, instances=10)
    (row,) = report.rows
    assert (row.verdict, row.failed, row.counterexample) == ("failed", 10, None)
    assert report.exit_code == 3
    assert row.failure.summary.startswith(summary)
    assert row.failure.where == "instance 0 of seed 0"
    assert "Traceback" in row.failure.traceback
    with pytest.raises((Exception, SystemExit)):
        printed(row.failure.python)
    assert verify(path, instances=10, jobs=2) == report


def test_failures_of_mutants_and_generators(theorem_file):
    text = """
from exactrelu.functions import Dataset

def mistaken(data):
    raise ValueError("no " + str(data.n))

def broken(rng, size, bits):
    if rng.index == 3:
        raise OSError("no number three")
    return rng.randint(0, size)

@theorem("sample.mutant", statement="s", source="s",
         mutants=[Mutant("m", statement="s", check=mistaken, witness=Dataset.read([0], [0]))])
def check(data):
    return True

@theorem("sample.generator", statement="s", source="s", instances=broken)
def other(n):
    return True
"""
    report = verify(theorem_file(HEADER + text), instances=5)
    one, two = report.rows
    assert report.exit_code == 3
    assert one.verdict == "holds"
    assert one.mutants[0].witness == "failed"
    assert one.mutants[0].failure.where == "mutant m on instance 0 of seed 0"
    assert one.mutants[0].failure.python.endswith(
        "print(registry['sample.mutant'].refutation(Dataset.read(x, y), mutant='m'))"
    )
    assert (two.held, two.failed) == (4, 1)
    assert two.failure.where == "making instance 3 of seed 0"
    assert "instance('sample.generator', index=3, seed=0, size=8, bits=8)" in two.failure.python


def test_refutations_count_more_than_failures(theorem_file):
    text = """
@theorem("sample.both", statement="s", source="s")
def check(data):
    return 1 / (data.n - 1) < 0
"""
    report = verify(theorem_file(HEADER + text), instances=60)
    (row,) = report.rows
    assert row.failed
    assert row.refuted
    assert row.verdict == "refuted"
    assert report.exit_code == 1


def test_a_theorem_that_applies_to_nothing_is_not_verified(theorem_file):
    text = """
@theorem("sample.vacuous", statement="s", source="s")
def check(data):
    raise NotApplicable("n is at least 1000")
"""
    report = verify(theorem_file(HEADER + text), instances=10)
    assert report.rows[0].verdict == "untested"
    assert report.exit_code == 1
    assert "applies to none of 10" in plain(report)


def test_a_check_that_answers_at_random_is_not_called_reproducible(theorem_file):
    text = """
seen = []


@theorem("sample.random", statement="s", source="s")
def check(data):
    seen.append(data)
    return len(seen) != 5  # and of no other instance is any answer false
"""
    report = verify(theorem_file(HEADER + text), instances=20)
    found = report.rows[0].counterexample
    assert found.index == 4
    assert found.python.startswith("# Run again, the check did not refute this instance each time")
    exec(compile(found.python, "replay", "exec"), {})


def test_the_replay_imports_a_module_once(theorem_file):
    text = """
class Odd:
    pass


def odd(rng, size, bits):
    return Odd()


@theorem("sample.odd", statement="s", source="s", instances=odd)
def check(value):
    return False
"""
    found = verify(theorem_file(HEADER + text), instances=2).rows[0].counterexample
    assert "from exactrelu.campaign import instance, load\n" in found.python
    assert "Run again" not in found.python


def test_instances_of_other_kinds_shrink_and_paste(theorem_file, printed):
    text = """
from exactrelu.instances import datasets, number

class Opaque:
    def __init__(self, number):
        self.number = number

def pair(rng, size, bits):
    return datasets(rng, size, bits), number(rng, "rational", bits)

@theorem("sample.pair", statement="s", source="s", instances=pair)
def check(instance):
    data, q = instance
    return q <= data.n

@theorem("sample.opaque", statement="s", source="s", instances=lambda rng, size, bits: Opaque(rng.random()))
def opaque(value):
    return value.number < 0.5
"""
    pair, opaque = verify(theorem_file(HEADER + text), instances=50).rows
    assert "instance = (Dataset.read([0], [0]), mpq('2'))" in pair.counterexample.python
    index = opaque.counterexample.index
    assert (
        f"value = instance('sample.opaque', index={index}, seed=0, size=8, bits=8)"
        in opaque.counterexample.python
    )
    for found in (pair.counterexample, opaque.counterexample):
        assert printed(found.python) == "the check returned False"


def test_every_kind_is_shrunk_or_said_not_to_be(theorem_file, printed):
    text = """
import dataclasses
import numpy as np
from typing import NamedTuple

@dataclasses.dataclass(frozen=True)
class Scaled:
    value: int
    def __post_init__(self):
        if self.value < 3:
            raise ValueError("too small")

class Sizes(NamedTuple):
    rows: int
    columns: int

class Opaque:
    def __init__(self, number):
        self.number = number

def made(name, make, check):
    theorem("kind." + name, statement="s", source="s", instances=lambda rng, size, bits: make(rng))(check)

made("dataclass", lambda rng: Scaled(rng.randint(50, 99)), lambda v: v.value < 5)
made("named", lambda rng: Sizes(rng.randint(50, 99), rng.randint(1, 99)), lambda v: v.rows < 5)
made("array", lambda rng: np.array([rng.random() + 9 for _ in range(9)]), lambda v: not (v > 5).any())
made("opaque", lambda rng: Opaque(rng.randint(50, 99)), lambda v: v.number < 5)
made("mixed", lambda rng: (Opaque(7), rng.randint(50, 99)), lambda v: v[1] < 5)
made("text", lambda rng: "abc", lambda v: v < "a")
"""
    path = theorem_file(HEADER + text)
    found = {row.theorem[5:]: row.counterexample for row in verify(path, instances=3).rows}
    assert "instance = module.Scaled(value=5)" in found["dataclass"].python
    assert "instance = module.Sizes(rows=5, columns=0)" in found["named"].python
    assert "instance = numpy.array([6.0], dtype='float64')" in found["array"].python
    assert {found[kind].shrunk for kind in ("dataclass", "named", "array")} == {"Shrunk"}
    kept = "As drawn (instances of this kind are not shrunk)"
    assert found["opaque"].shrunk == found["text"].shrunk == kept
    drawn = instance("kind.opaque", index=0).number
    assert found["opaque"].python.startswith(f"# Opaque object with {{'number': {drawn}}}\n")
    assert "instance = 'abc'" in found["text"].python
    assert found["mixed"].shrunk == "As drawn (the shrunk one, in the comment, has no form that pastes)"
    assert found["mixed"].python.startswith("# (<")
    assert found["mixed"].python.splitlines()[0].endswith(".Opaque object>, 5)")
    for one in found.values():
        assert printed(one.python) == "the check returned False"
        assert one.shrunk_clause == "the check returned False"
    report = verify(path, instances=3)
    assert Report.from_json(report.to_json()) == report


def test_size_and_bits_reach_the_generator(theorem_file):
    text = """
@theorem("sample.size", statement="s", source="s", instances=lambda rng, size, bits: (size, bits))
def check(instance):
    return instance == (3, 5)
"""
    path = theorem_file(HEADER + text)
    assert verify(path, instances=3, size=3, bits=5).ok
    assert not verify(path, instances=3, size=4, bits=5).ok


@pytest.mark.parametrize("option", ["instances", "size", "bits", "jobs"])
@pytest.mark.parametrize("value", [0, -1, 2.0, "3", True, None])
def test_options_are_positive_integers(option, value):
    with pytest.raises(InputError, match=rf"^{option} has to be "):
        verify("sample.any", **{option: value})


@pytest.mark.parametrize("seed", [1.5, "0", None, False])
def test_the_seed_is_an_integer(seed):
    with pytest.raises(InputError, match="seed has to be an integer"):
        verify(seed=seed)


def test_names_are_checked_before_anything_runs(theorem_file):
    with pytest.raises(InputError, match="there is no theorem named 'no-such'"):
        verify([theorem_file(), "no-such"])
    with pytest.raises(InputError, match="there is no theorem to check"):
        verify([])


def test_public_names():
    assert er.verify is verify
    assert er.theorem is theorem
    assert er.registry is registry


def test_an_interactive_theorem_runs_here_and_not_in_workers():
    try:

        @theorem("sample.interactive", statement="s", source="s")
        def check(data):
            return True

        check.__module__ = "__main__"
        assert verify("sample.interactive", instances=5).ok
        with pytest.raises(InputError, match=r"do not know theorem sample.interactive.*use jobs=1"):
            verify("sample.interactive", instances=5, jobs=2)
    finally:
        registry.discard(["sample.interactive"])


def test_a_check_that_always_kills_ends_the_campaign(theorem_file, monkeypatch):
    text = """
import os

@theorem("sample.dies", statement="s", source="s")
def check(data):
    os._exit(1)
"""
    monkeypatch.setattr("exactrelu.campaign.losses._MOST_IN_A_ROW", 3)
    message = r"ended unexpectedly \(exit code 1\) each time at instance \d of sample.dies, as at 2 others"
    with pytest.raises(WorkersLostError, match=message) as caught:
        verify(theorem_file(HEADER + text), instances=9, jobs=2)
    assert isinstance(caught.value, ExactReluError)
    assert caught.value.report.rows[0].failed == caught.value.report.done == 2


def test_an_interruption_of_a_batch_comes_through(theorem_file):
    text = """
@theorem("sample.interrupted", statement="s", source="s")
def check(data):
    raise KeyboardInterrupt
"""
    with pytest.raises(KeyboardInterrupt):
        verify(theorem_file(HEADER + text), instances=5)


def test_progress_counts_every_instance_once(theorem_file, false_file):
    calls = []
    verify([theorem_file(), false_file], instances=40, progress=lambda *call: calls.append(call))
    done = [call[0] for call in calls]
    assert done == sorted(done)
    assert done[-1] == 80
    assert {call[1] for call in calls} == {80}
    assert calls[-1][2] == "shrinking sample.convex"


def test_memory_does_not_grow_with_the_number_of_instances(theorem_file):
    text = """
@theorem("sample.many", statement="s", source="s", instances=lambda rng, size, bits: rng.random(),
         mutants=[Mutant("m", statement="s", check=lambda v: v < 0.9)])
def check(value, tally):
    tally["seen"] += 1
    return value < 1
"""
    path = theorem_file(HEADER + text)
    verify(path, instances=100)

    def peak(instances):
        gc.collect()
        tracemalloc.start()
        verify(path, instances=instances)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few, many = peak(500), peak(15_000)
    assert many < few + 200_000


def test_the_mixture_has_its_shares_in_a_campaign(theorem_file):
    text = """
@theorem("sample.kinds", statement="s", source="s")
def check(data, tally):
    tally["long"] += data.n >= 50
"""
    report = verify(theorem_file(HEADER + text), instances=60)
    shapes = [shape for shape, _, _ in KINDS]
    assert report.rows[0].counts == (("long", 3 * shapes.count("long")),)
