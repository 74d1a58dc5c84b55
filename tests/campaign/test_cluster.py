"""A campaign on a Dask cluster of real processes, one of which is killed; and what is no cluster."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed import Client

from exactrelu.arithmetic import InputError, MissingExtraError
from exactrelu.campaign import Report, cluster, verify

COUNTS = """
import os, pathlib, time
from exactrelu.theorems import Mutant, theorem

SEEN = pathlib.Path({folder!r})

@theorem("sample.counts", statement="s", source="s",
         mutants=[Mutant("m", statement="s", check=lambda d: d.n > 2)])
def check(data, tally):
    tally["points"] += data.n
    if os.getpid() != {parent}:
        (SEEN / str(os.getpid())).touch()
        time.sleep(0.01)
"""


class Processes:
    """Processes of Dask, which end with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.running = folder, []

    def start(self, module: str, *options: str) -> subprocess.Popen:
        log = self.folder / f"{len(self.running)}.log"
        with log.open("wb") as stream:
            command = [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *options]
            # Else what a dead worker holds is asked for half a minute long.
            environment = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"}
            process = subprocess.Popen(
                command, cwd=self.folder, stdout=stream, stderr=stream, env=environment
            )
        self.running.append(process)
        return process

    def until(self, condition, what: str) -> None:
        end = time.monotonic() + 300
        while not condition():
            logs = [f"{path.name}: {path.read_text()[-2000:]}" for path in sorted(self.folder.glob("*.log"))]
            assert time.monotonic() < end, f"{what} did not happen: {logs}"
            time.sleep(0.05)

    def address(self) -> str:
        file = self.folder / "scheduler.json"

        def read():
            try:
                return json.loads(file.read_text())["address"]
            except (FileNotFoundError, ValueError):
                return None

        self.until(read, "the start of the scheduler")
        return read()

    def end(self) -> None:
        for process in self.running:
            process.kill()
        for process in self.running:
            process.wait(60)


@pytest.fixture
def processes(tmp_path):
    folder = tmp_path / "dask"
    folder.mkdir()
    started = Processes(folder)
    here = "--scheduler-file", "scheduler.json"
    started.start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", *here)
    for _ in range(2):
        started.start("dask_worker", "--no-nanny", "--nthreads", "1", *here)
    yield started
    started.end()


def test_a_worker_of_the_cluster_is_killed_in_the_middle(processes, theorem_file, tmp_path, caplog):
    seen, target = tmp_path / "seen", tmp_path / "report.json"
    seen.mkdir()
    path = theorem_file(COUNTS.format(folder=str(seen), parent=os.getpid()))
    address = processes.address()
    victim = processes.running[1]
    killed = []

    def progress(done, total, doing):
        """Kill the worker once both have worked, and batches are under way on either."""
        pids = {int(found.name) for found in seen.iterdir()}
        if not killed and done > 20 and len(pids) == 2:
            victim.send_signal(signal.SIGKILL)
            killed.append(done)

    with Client(address, set_as_default=False) as client:
        processes.until(lambda: len(client.nthreads()) == 2, "the start of the workers")
    report = verify(path, instances=300, seed=2, scheduler=address, report=target, progress=progress)
    assert killed
    assert killed[0] < 300
    # No instance is lost or counted twice: the counts are those of a campaign in one process.
    assert report == verify(path, instances=300, seed=2)
    assert (report.rows[0].held, report.done) == (300, 300)
    (event,) = report.events
    assert event.startswith("worker tcp://127.0.0.1:")
    assert event.endswith(" of the campaign: done again by others")
    assert event in caplog.text
    assert f"\nnote: {event}" in str(report)
    assert Report.load(target).events == report.events

    # The scheduler's own executor does as well.
    with Client(address, set_as_default=False) as client:
        assert verify(path, instances=20, executor=client.get_executor()) == verify(path, instances=20)
        worker = next(iter(client.nthreads()))
    with pytest.raises(InputError, match="there is a Dask worker; give the address of the scheduler"):
        verify(path, scheduler=worker)

    # From the command line, with the scheduler ending in the middle: exit code 3, and the report goes on.
    options = f"--instances 3000 --report cut.json --scheduler {address}".split()
    command = [sys.executable, "-m", "exactrelu", "verify", path, *options]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True)
    processes.until((tmp_path / "cut.json").exists, "the first report")
    processes.running[0].send_signal(signal.SIGKILL)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 3, err
    assert "unfinished, " in out
    assert "Traceback" not in err
    assert "; go on with: exactrelu verify --resume cut.json " in err.splitlines()[-1]
    assert 0 < Report.load(tmp_path / "cut.json").done < 3000


def test_no_scheduler_there(theorem_file, monkeypatch):
    monkeypatch.setattr(cluster, "_SECONDS_TO_ANSWER", 0.5)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        for address in (f"tcp://127.0.0.1:{port}", "nonsense", "no-such-thing://x:1", "127.0.0.1:port", ""):
            with pytest.raises(
                InputError, match=r"^no Dask scheduler answers at .*; start one with"
            ) as caught:
                verify(theorem_file(), scheduler=address)
            assert repr(address) in str(caught.value)
            assert "\n" not in str(caught.value)


def test_no_workers(processes, theorem_file, monkeypatch):
    monkeypatch.setattr(cluster, "_SECONDS_FOR_WORKERS", 0.1)
    for process in processes.running[1:]:
        process.kill()
        process.wait(60)
    address = processes.address()
    with pytest.raises(
        InputError, match=f"the scheduler at {address} has no workers; start some with 'dask worker"
    ):
        verify(theorem_file(), scheduler=address)


def test_the_extra_is_named_when_it_is_missing(theorem_file, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"the extra 'dask'.*: pip install '\.\[dask\]'$"):
        verify(theorem_file(), scheduler="tcp://127.0.0.1:1")
