"""An instance that kills every worker is set aside and counted as failed; the campaign goes on."""

import multiprocessing
import os
import re
import sys
from multiprocessing import resource_tracker

import pytest

from exactrelu.campaign import Report, resume, verify
from exactrelu.campaign.examine import Task
from exactrelu.campaign.feed import Feed
from exactrelu.campaign.losses import Losses, WorkerDiedError, WorkersLostError
from exactrelu.campaign.outcome import Outcome, Verdicts
from exactrelu.campaign.report import Settings
from exactrelu.campaign.state import Done
from exactrelu.cli.group import cli
from exactrelu.theorems import registry

KILLS = """
import os, signal
from exactrelu.theorems import Mutant, theorem

def dies(value):
    if value in {kill} and os.getpid() != {parent}:
        os.kill(os.getpid(), signal.SIGSEGV)
    return value

@theorem("sample.numbers", statement="s", source="s", instances=lambda rng, size, bits: rng.randrange(10**6),
         mutants=[Mutant("even", statement="s", check=lambda v: v % 2 == 0, witness={witness}),
                  Mutant("below", statement="s", check=lambda v: v < 10**5, witness=10**6)], prepare=dies)
def check(value, tally):
    tally["seen"] += 1
    return value >= 0
"""
HOW = "a worker process ended unexpectedly (SIGSEGV)"


@pytest.fixture
def kills(theorem_file):
    """A file whose check kills the process on some of its first 40 instances; and what they are."""

    def write(*indices, witness=1):
        harmless = KILLS.format(kill="()", parent=0, witness=witness)
        path = theorem_file(harmless, "harmless.py")
        verify(path, instances=1)
        from exactrelu.campaign import instance

        values = [instance("sample.numbers", index=i) for i in range(40)]
        registry.discard(["sample.numbers"])
        kill = tuple(values[i] for i in indices) or (witness,)
        return theorem_file(KILLS.format(kill=(*kill, -1), parent=os.getpid(), witness=witness))

    return write


@pytest.mark.parametrize("index", [0, 17])
def test_the_instance_counts_as_failed_and_the_rest_is_done(kills, index, tmp_path, capsys):
    path, target = kills(index), tmp_path / "report.json"
    with pytest.raises(SystemExit) as ended:
        cli.main(["verify", path, "--instances", "40", "--jobs", "2", "--report", str(target)])
    out, err = capsys.readouterr()
    assert ended.value.code == 3
    assert "Traceback" not in out + err
    report = Report.load(target)
    row = report.rows[0]
    assert (row.verdict, row.held, row.failed, report.exit_code) == ("failed", 39, 1, 3)
    assert (dict(row.counts), report.done) == ({"seen": 41}, 40)  # the witnesses too, once
    assert [m.witness for m in row.mutants] == ["refuted", "refuted"]
    assert row.failure.where == f"instance {index} of seed 0"
    assert row.failure.summary == f"{HOW} each time"
    assert f"instance('sample.numbers', index={index}, seed=0" in row.failure.python
    assert f"the check failed on instance {index} of seed 0: {HOW} each time" in out
    assert "0 of 1 theorem held; 2 of 2 mutants refuted; 1 theorem failed" in out
    place = f"instance {index} of sample.numbers"
    assert [e for e in report.events if e.endswith(f"{place}: done again by another")] == [
        f"{HOW} at {place}: done again by another"
    ] * 2
    assert report.events[-1] == f"{HOW} at {place} each time: set aside, counted as failed"
    assert Report.from_json(report.to_json()).to_json() == report.to_json()


def test_witnesses_that_kill(kills):
    report = verify(kills(witness=-5), instances=10, jobs=2)
    row = report.rows[0]
    assert (row.verdict, row.held, report.exit_code) == ("holds", 10, 3)
    for mutant in row.mutants:
        assert (mutant.verdict, mutant.witness) == ("failed", "failed")
        assert mutant.failure.summary == f"{HOW} each time at the witnesses of the mutants"
        assert mutant.failure.python.startswith("from exactrelu")
    assert report.events[-1].endswith(
        "the witnesses of sample.numbers each time: set aside, counted as failed"
    )


def test_what_was_set_aside_is_not_tried_again_after_an_interruption(kills, tmp_path):
    path, target = kills(2), tmp_path / "report.json"

    def stop(done, total, doing):
        if done > 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        verify(path, instances=40, jobs=2, report=target, progress=stop)
    assert caught.value.report == Report.load(target)
    assert caught.value.report.done > 30
    jobs = 1 if caught.value.report.rows[0].failed else 2  # in this process it would not be survived
    report = resume(target, path, jobs=jobs)
    assert (report.rows[0].held, report.rows[0].failed, report.exit_code) == (39, 1, 3)


def test_witnesses_that_were_lost_before_an_interruption_are_run_once(theorem_file):
    verify(theorem_file(), instances=1)
    theorem = registry["sample.signs"]
    plan = [(theorem, theorem.check.__module__)]
    held = Verdicts(held=4)
    for ranges, instances in ([((0, 4),), 9], [((0, 4),), 4], [(), 9]):
        outcome = Outcome(held if ranges else Verdicts(), [held if ranges else Verdicts()] * 2)
        done = [Done(ranges, outcome)]
        settings = Settings(("sample.signs",), instances, 0, 8, 8)
        feed = Feed(plan, settings, done, lambda: 1, lambda _: None)
        tasks = [task for task, _ in feed.tasks()]
        assert [task.witnesses for task in tasks].count(True) == 1
        assert tasks[0].witnesses
        covered = [i for task in tasks for i in range(task.start, task.stop)]
        assert covered == list(range(4 if ranges else 0, instances))
        first = tasks[0]
        after = done[0].plus(first.start, first.stop, Outcome.empty(2))
        assert sum(b - a for a, b in after.ranges) == (4 if ranges else first.stop)


def test_an_executor_that_reports_killed_workers(theorem_file):
    from concurrent.futures import Future, ThreadPoolExecutor

    class Kills(ThreadPoolExecutor):
        """A cluster whose workers die of instance 7."""

        def submit(self, function, task):
            if not task.start <= 7 < task.stop:
                return super().submit(function, task)
            future = Future()
            future.set_exception(WorkerDiedError("workers of the cluster ended unexpectedly"))
            return future

    path = theorem_file()
    with Kills(2) as executor:
        report = verify(path, instances=90, executor=executor)
    row, whole = report.rows[0], verify(path, instances=90).rows[0]
    assert (row.failed, row.verdict, report.exit_code) == (1, "failed", 3)
    assert row.held + row.inapplicable + 1 == whole.held + whole.inapplicable == 90
    assert row.failure.summary == "workers of the cluster ended unexpectedly each time"


@pytest.mark.skipif(sys.platform == "win32", reason="a script of the shell")
def test_workers_that_do_not_start(theorem_file, tmp_path):
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\nkill -9 $$\n")
    script.chmod(0o755)
    context = multiprocessing.get_context("spawn")
    before = multiprocessing.spawn.get_executable()
    resource_tracker.ensure_running()  # else it would be started by the script, too
    context.set_executable(str(script))
    try:
        with pytest.raises(
            WorkersLostError, match=r"before its first batch, as did the two before it"
        ) as caught:
            verify(theorem_file(), instances=40, jobs=2)
    finally:
        context.set_executable(before)
    assert not hasattr(caught.value, "report")  # nothing was done


def test_halves_cover_a_batch_and_the_events_have_an_end(theorem_file):
    verify(theorem_file(), instances=1)
    events = []
    losses = Losses(events)
    todo, done, aside = [Task("sample.signs", "m", 0, 8, 8, 0, 200, True)], [], []
    while todo:
        task = todo.pop()
        if not task.witnesses and not any(task.start <= i < task.stop for i in (3, 150)):
            losses.success()
            done.append(task)
            continue
        again, outcome = losses.killed(task, "it died")
        todo += again
        if outcome is not None:
            aside.append((task.start, task.stop, task.witnesses))
    assert sorted(aside) == [(0, 0, True), (3, 4, False), (150, 151, False)]
    covered = [i for task in done for i in range(task.start, task.stop)]
    assert sorted(covered) == [i for i in range(200) if i not in (3, 150)]
    for _ in range(300):
        losses.note("again")
    assert len(events) == 101
    assert re.search("more events", events[-1])
