"""Batches in any `concurrent.futures.Executor`, with few of them under way at any time."""

import os
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import chain
from typing import TypeVar

from exactrelu.arithmetic.errors import InputError
from exactrelu.campaign.examine import Task, perform
from exactrelu.campaign.losses import Losses, WorkerDiedError, WorkersLostError, place
from exactrelu.campaign.outcome import Outcome
from exactrelu.campaign.workers import in_processes

_Label = TypeVar("_Label")
_GRACE = 5.0  # seconds for the futures of an executor that broke to say so too


def width_of(executor: Executor, jobs: int) -> int:
    """How many batches the executor works on at a time: `jobs`, or for 1 its own number of workers."""
    if jobs > 1:
        return jobs
    workers = getattr(executor, "_max_workers", None)
    return workers if isinstance(workers, int) and workers > 0 else os.cpu_count() or 1


def in_executor(
    tasks: Iterator[tuple[Task, _Label]], jobs: int, executor: Executor, losses: Losses
) -> Generator[tuple[Task, _Label, Outcome], None, None]:
    """Perform the tasks, twice as many under way as there are workers.

    A batch whose future fails is submitted again; one that has killed its workers in two parts, and a single
    instance that did is set aside. An executor that breaks for good, as a process pool does when a worker
    dies, is left; worker processes of our own do what it lost, and the rest.

    Raises
    ------
    InputError
        If the executor takes no work at all, or its workers do not know a theorem.
    WorkersLostError
        If one batch is lost three times, or nothing but instances set aside comes out of it.
    """
    pending: dict[Future[Outcome], tuple[Task, _Label]] = {}
    lost: deque[tuple[Task, _Label]] = deque()
    broken: BaseException | None = None
    submitted = False
    try:
        while broken is None:
            while len(pending) < 2 * width_of(executor, jobs):
                item = lost.popleft() if lost else next(tasks, None)
                if item is None:
                    break
                try:
                    pending[executor.submit(perform, item[0])] = item
                except WorkersLostError:
                    raise
                except RuntimeError as error:  # BrokenExecutor is one; or it has been shut down
                    if not submitted:
                        raise InputError(f"the executor takes no work ({_sentence(error)})") from error
                    lost.append(item)
                    broken = error
                    break
                submitted = True
            if broken is not None:
                break
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                item = pending.pop(future)
                try:
                    outcome = future.result()
                except (InputError, WorkersLostError):
                    raise
                except BrokenExecutor as error:
                    broken = error
                    lost.append(item)
                except WorkerDiedError as error:
                    parts, set_aside = losses.killed(item[0], str(error), most=1)
                    lost.extend((part, item[1]) for part in parts)
                    if set_aside is not None:
                        yield *item, set_aside
                except Exception as error:
                    how = f"the executor failed ({_sentence(error)})"
                    losses.count(item[0], how)
                    losses.note(f"{how} at {place(item[0])}: done again")
                    lost.append(item)
                else:
                    losses.success()
                    yield *item, outcome
        wait(pending, timeout=_GRACE)
        for future in list(pending):
            item = pending.pop(future)
            if future.done() and not future.cancelled() and future.exception() is None:
                yield *item, future.result()
            else:  # should it come after all, nobody looks at it
                future.cancel()
                lost.append(item)
    finally:
        for future in pending:
            future.cancel()
    losses.note(
        f"the executor broke down ({_sentence(broken)}): what it lost, {len(lost)} of its batches, and what "
        "was left were done by worker processes of exactrelu's own"
    )
    lost_first = sorted(lost, key=lambda item: (item[0].theorem, item[0].start))
    yield from in_processes(
        chain(lost_first, tasks), min(width_of(executor, jobs), os.cpu_count() or 1), losses
    )


def _sentence(error: BaseException | None) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": .")
