"""Worker processes that end when their work does: at the last result, at Ctrl-C, or with their parent.

Each worker has a pipe to the parent and one batch at a time. `ProcessPoolExecutor` would do the same with
queues, locks and a thread, all of which speak up on standard error when they are killed in the middle; and it
gives up for good when a worker dies, where this one starts another.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeVar

from exactrelu.campaign.examine import Task, perform
from exactrelu.campaign.losses import Losses, WorkersLostError
from exactrelu.campaign.outcome import Outcome

_Label = TypeVar("_Label")
_SIGNALS = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}


def most_processes(jobs: int) -> int:
    """How many processes `jobs` come to: no more than four a core, as more only take memory."""
    return min(jobs, max(8, 4 * (os.cpu_count() or 1)))


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    ready: bool = False


def in_processes(
    tasks: Iterator[tuple[Task, _Label]], jobs: int, losses: Losses
) -> Generator[tuple[Task, _Label, Outcome], None, None]:
    """Perform the tasks in `jobs` processes; results come as they are ready. Close the iterator to stop.

    Processes are spawned, not forked: the parent may have threads (a progress bar has one), and what a worker
    computes must not depend on what the parent did before. One that dies is replaced, and its batch done
    again in two parts; a single instance that has killed three is set aside.

    Raises
    ------
    WorkersLostError
        If processes do not start, or nothing but instances set aside comes out of them.
    """
    workers: dict[Connection, _Worker] = {}
    under_way: dict[Connection, tuple[Task, _Label]] = {}
    lost: deque[tuple[Task, _Label]] = deque()

    def give(worker: _Worker | None = None) -> None:
        """The next batch to an idle worker, or else to a new one."""
        item = lost.popleft() if lost else next(tasks, None)
        if item is not None:
            worker = worker or _start(workers)
            under_way[worker.pipe] = item
            with suppress(OSError):  # a process that has ended: receiving from it says so
                worker.pipe.send(item[0])

    try:
        for _ in range(most_processes(jobs)):
            give()
        while under_way:
            ready = set(wait(list(under_way)))
            for pipe in [pipe for pipe in under_way if pipe in ready]:
                worker = workers[pipe]
                try:
                    answer = pipe.recv()
                except (EOFError, OSError):
                    task, label = under_way.pop(pipe)
                    del workers[pipe]
                    how = _ending(worker)
                    again, set_aside = [task], None
                    if worker.ready:
                        again, set_aside = losses.killed(task, how)
                    else:
                        losses.unstarted(how)
                    lost.extend((part, label) for part in again)
                    give()
                    if set_aside is not None:
                        yield task, label, set_aside
                    continue
                if answer is None:
                    worker.ready = True
                    losses.started()
                    continue
                if isinstance(answer, Exception):
                    raise answer
                assert isinstance(answer, Outcome)
                losses.success()
                item = under_way.pop(pipe)
                give(worker)
                yield *item, answer
        for pipe in workers:
            pipe.close()  # which ends the process
        for worker in workers.values():
            worker.process.join()
    finally:
        for worker in workers.values():
            worker.process.kill()
        for worker in workers.values():
            worker.process.join()


def _start(workers: dict[Connection, _Worker]) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True)
    with _quietly():
        process.start()
        worker = workers[ours] = _Worker(process, ours)
    theirs.close()
    return worker


def _ending(worker: _Worker) -> str:
    """How a worker ended, in words; raises where another one would fare no better."""
    worker.pipe.close()
    worker.process.join(1.0)
    worker.process.kill()  # if it has closed its pipe and lives on
    worker.process.join()
    code = worker.process.exitcode or 0
    if not worker.ready and code > 0:
        raise WorkersLostError(
            "a worker process ended unexpectedly before its first batch; in a script, call verify under "
            "if __name__ == '__main__'"
        )
    return f"a worker process ended unexpectedly ({_reason(code)})"


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"{name}, as when memory runs out" if name == "SIGKILL" else name


@contextmanager
def _quietly() -> Iterator[None]:
    """Hold back SIGINT and the like, and have the process started in the block never see them.

    A terminal sends Ctrl-C to parent and workers alike, a batch system SIGTERM. A worker interrupted while it
    is still importing would print a traceback; the signal mask is the one thing that it inherits before it
    runs any code. The parent gets a signal that came meanwhile at the end of the block. The mask is not
    enough for that: another thread may take the signal, and Python then runs the handler here.
    """
    came: list[int] = []
    handlers = {}
    if threading.current_thread() is threading.main_thread():
        for number in (*_SIGNALS, getattr(signal, "SIGALRM", signal.SIGINT)):
            if callable(signal.getsignal(number)):
                handlers[number] = signal.signal(number, lambda number, _: came.append(number))
    mask = None
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()  # else starting it inside the block would lift the mask
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)


def _work(pipe: Connection) -> None:
    """What a worker process does: say that it is there, then answer until the parent closes the pipe."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            task = pipe.recv()
            answer: Outcome | Exception
            try:
                answer = perform(task)
            except Exception as error:
                answer = error
            pipe.send(answer)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
