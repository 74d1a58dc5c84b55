"""Ctrl-C and sudden death: exit code 130 at once, no traceback, no process and no half-written file left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from exactrelu.campaign import Report
from tests.processes import hears_signals

SLOW = """
import os, pathlib, time
from exactrelu.theorems import theorem

PIDS = pathlib.Path(__file__).parent / "pids"
(PIDS.parent / "registered").touch()


@theorem("sample.slow", statement="s", source="s")
def check(data):
    (PIDS / str(os.getpid())).touch()
    time.sleep({seconds})
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts `exactrelu verify` on a slow theorem; what still runs at the end of the test is killed."""
    started: list[subprocess.Popen] = []

    def call(
        *options: str, seconds: float = 0.05, report: Sequence[str] = ("--report", "report.json")
    ) -> subprocess.Popen:
        (tmp_path / "pids").mkdir()
        (tmp_path / "slow.py").write_text(SLOW.format(seconds=seconds))
        process = subprocess.Popen(
            [sys.executable, "-m", "exactrelu", "verify", "slow.py", *report, *options],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=hears_signals,
        )
        started.append(process)
        return process

    yield call
    for process in started:
        with process:
            process.kill()


def until(condition, seconds=300.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc/self").exists()
    return state != "Z"


def workers(folder: Path) -> list[int]:
    return [int(path.name) for path in (folder / "pids").iterdir()]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("seconds", [0.05, 3600.0], ids=["between checks", "within a check"])
def test_ctrl_c(start, tmp_path, jobs, seconds):
    process = start("--instances", "100000", "--jobs", str(jobs), seconds=seconds)
    until(lambda: len(workers(tmp_path)) == jobs)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    out, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "Traceback" not in out
    left = {path.name for path in tmp_path.iterdir()} - {"__pycache__"}
    assert left - {"report.json"} == {"pids", "registered", "slow.py"}
    assert ("--resume report.json slow.py" in err) is ("report.json" in left)
    if "report.json" in left:
        assert 0 < Report.load(tmp_path / "report.json").done < 100_000
    until(lambda: not any(map(alive, workers(tmp_path))))


@pytest.mark.parametrize("delay", [0, 0.2, 0.5])
def test_ctrl_c_while_workers_start(start, tmp_path, delay):
    process = start("--instances", "100000", "--jobs", "2")
    until((tmp_path / "registered").exists)  # the campaign has the file, and goes on to start workers
    time.sleep(delay)  # any is right
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "Traceback" not in err
    until(lambda: not any(map(alive, workers(tmp_path))))


def test_workers_end_with_a_parent_that_is_killed(start, tmp_path):
    process = start("--instances", "100000", "--jobs", "2")
    until(lambda: len(workers(tmp_path)) == 2)
    process.kill()
    process.communicate(timeout=300)
    until(lambda: not any(map(alive, workers(tmp_path))))


@pytest.mark.parametrize("kept", [True, False])
def test_ctrl_c_shows_what_was_done(start, tmp_path, kept):
    """The table so far on standard output, one sentence on standard error."""
    options = ["--report", "report.json"] if kept else []
    process = start("--instances", "100000", "--jobs", "2", report=options)
    until(lambda: len(workers(tmp_path)) == 2)
    time.sleep(3)  # a batch is done by then, or not yet: either is right
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 130
    if out:
        assert out.splitlines()[1].endswith("  100 %  holds so far (no mutants)")
        assert " of 100,000 instances done; 1 of 1 theorem held so far; no mutants\n" in out
    endings = {True: "go on with: exactrelu verify --resume report.json slow.py", False: "with --report FILE"}
    ending = endings[kept] if out or not kept else "nothing was done yet"
    assert err.startswith("interrupted; ")
    assert ending in err
    assert err.count("\n") == 1


def test_ctrl_c_after_the_reader_has_gone(start, tmp_path):
    with start("--instances", "100000") as process:
        until(lambda: len(workers(tmp_path)) == 1)
        process.stdout.close()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()
        assert process.wait(300) == 130
    assert "Traceback" not in err
