"""Any executor gives the same report; what a dead worker or a failing executor loses is done again, once."""

import multiprocessing
import os
import threading
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from joblib.externals.loky import get_reusable_executor

from exactrelu.arithmetic import InputError
from exactrelu.campaign import Report, executors, verify
from exactrelu.campaign.losses import WorkersLostError
from exactrelu.campaign.workers import most_processes

NAMES = ["hanin2021.minimal-cost", "boursier_flammarion2023.minimum-without-skip"]

KILLS = """
import os, pathlib, signal
from exactrelu.theorems import theorem

FLAGS = pathlib.Path(__file__).parent

def once(name):
    try:
        (FLAGS / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True

@theorem("sample.kills", statement="s", source="s")
def check(data, tally):
    tally["points"] += data.n
    if data.n > 50 and os.getpid() != {parent} and once("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def kills(theorem_file):
    """A theorem that kills the first worker that sees a long instance, and what it shows otherwise."""
    path = theorem_file(KILLS.format(parent=os.getpid()), "kills.py")
    return path, verify(path, instances=300)


@pytest.fixture(scope="module")
def ours():
    return verify(NAMES, instances=8, seed=9)


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_process_pools(ours, method):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as processes:
        assert verify(NAMES, instances=8, seed=9, executor=processes) == ours


def test_threads_share_nothing_that_matters(ours):
    with ThreadPoolExecutor(4) as threads:
        assert verify(NAMES, instances=8, seed=9, executor=threads) == ours


def test_loky(ours):
    processes = get_reusable_executor(2)
    try:
        assert verify(NAMES, instances=8, seed=9, executor=processes) == ours
    finally:
        processes.shutdown(kill_workers=True)


def test_a_thousand_jobs_are_no_thousand_processes():
    assert most_processes(1000) == max(8, 4 * os.cpu_count())
    assert [most_processes(jobs) for jobs in (1, 2, 8)] == [1, 2, 8]


def test_a_worker_that_dies_is_replaced(kills, caplog):
    path, whole = kills
    report = verify(path, instances=300, jobs=2)
    assert report == whole
    (event,) = report.events
    assert event.startswith(
        "a worker process ended unexpectedly (SIGKILL, as when memory runs out) at instance"
    )
    assert event.endswith(" of sample.kills: done again in two parts")
    assert event in caplog.text
    assert f"\nnote: {event}\n" in f"{report}\n"
    assert Report.from_json(report.to_json()).events == report.events


def test_a_process_pool_that_breaks_is_left(kills):
    path, whole = kills
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        report = verify(path, instances=300, executor=processes)
        assert report == whole
        (event,) = report.events
        assert event.startswith("the executor broke down (BrokenProcessPool: ")
        assert event.endswith("what was left were done by worker processes of exactrelu's own")
        with pytest.raises(InputError, match=r"^the executor takes no work \(BrokenProcessPool: "):
            verify(path, instances=300, executor=processes)


class Failing(ThreadPoolExecutor):
    """Threads that lose the work with the given numbers."""

    def __init__(self, lose, error):
        super().__init__(2)
        self.lose, self.error, self.count, self.lock = lose, error, 0, threading.Lock()

    def submit(self, function, task):
        with self.lock:
            number = self.count
            self.count += 1
        if not self.lose(number):
            return super().submit(function, task)
        future = Future()
        function(task)  # done, but the result is lost on the way
        future.set_exception(self.error)
        return future


def test_lost_batches_are_done_again(theorem_file, false_file):
    names = [theorem_file(), false_file]
    whole = verify(names, instances=90)
    with Failing(lambda number: number % 3 == 0, ConnectionError("the line is down.\nTry again")) as threads:
        report = verify(names, instances=90, executor=threads)
    assert report == whole
    assert report.events
    how = "the executor failed (ConnectionError: the line is down. Try again)"
    assert f"{how} at instances 0 to 3 of sample.signs: done again" in report.events


def test_one_that_fails_always_is_given_up(theorem_file, tmp_path):
    path = tmp_path / "report.json"
    failing = Failing(lambda number: number > 3, ConnectionError("down"))
    message = r"^the executor failed .*, for the third time at instance"
    with failing as threads, pytest.raises(WorkersLostError, match=message):
        verify(theorem_file(), instances=900, executor=threads, report=path)
    assert 0 < Report.load(path).done < 900


class Breaking(Executor):
    """Does some of the work, breaks, and leaves futures behind that never end."""

    _max_workers = 3

    def __init__(self, after):
        self.after, self.tasks = after, []

    def submit(self, function, task):
        if len(self.tasks) > self.after:
            raise BrokenExecutor("no more")
        self.tasks.append(task)
        future = Future()
        if len(self.tasks) % 2:
            future.set_result(function(task))
        return future


@pytest.mark.parametrize("after", [1, 5])
def test_what_a_broken_executor_holds_back_is_done_again_once(theorem_file, monkeypatch, after):
    monkeypatch.setattr(executors, "_GRACE", 0.1)
    path = theorem_file()
    report = verify(path, instances=90, executor=Breaking(after))
    assert report == verify(path, instances=90)
    (event,) = report.events
    assert "the executor broke down (BrokenExecutor: no more): what it lost, " in event


def test_what_is_no_executor(theorem_file):
    path = theorem_file()
    with pytest.raises(InputError, match=r"executor has to be a concurrent\.futures\.Executor, not 3"):
        verify(path, executor=3)
    threads = ThreadPoolExecutor(1)
    threads.shutdown()
    with pytest.raises(InputError, match=r"the executor takes no work \(RuntimeError: cannot schedule"):
        verify(path, executor=threads)
    with pytest.raises(InputError, match="in an executor or on the cluster of a scheduler; give one of them"):
        verify(path, executor=threads, scheduler="tcp://127.0.0.1:1")


def test_a_worker_of_another_version_is_refused(theorem_file, monkeypatch):
    from exactrelu.campaign import examine

    path = theorem_file()
    task = examine.Task("sample.signs", "nowhere", 0, 8, 8, 0, 4)
    monkeypatch.setattr(examine, "__version__", "0.0.1")
    with pytest.raises(
        InputError, match=r"a worker has exactrelu 0.0.1, and the campaign is one of exactrelu"
    ):
        examine.perform(task)
    with ThreadPoolExecutor(1) as threads, pytest.raises(InputError, match="install the same version"):
        verify(path, instances=5, executor=threads)
