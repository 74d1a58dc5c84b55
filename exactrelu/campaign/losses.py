"""Batches that are lost with the worker that had them: done again, said in the report, up to a limit.

A batch whose worker died is cut in halves, so that an instance that kills every worker is soon alone. One
that has killed three is set aside: it counts as failed, and the campaign goes on.
"""

import logging
from collections import Counter
from dataclasses import replace

from exactrelu.arithmetic.errors import ExactReluError
from exactrelu.campaign.examine import Task
from exactrelu.campaign.outcome import Failure, Outcome, Witnessed
from exactrelu.theorems.registry import registry

_MOST = 3
_MOST_IN_A_ROW = 5  # instances set aside while nothing else succeeds
_MOST_EVENTS = 100
log = logging.getLogger("exactrelu.campaign")


class WorkersLostError(ExactReluError, RuntimeError):
    """The campaign cannot go on: work is lost again and again, or there is nobody left to do the rest."""


class WorkerDiedError(ExactReluError, RuntimeError):
    """What a future of an executor raises when the work has killed every worker that had it."""


class Losses:
    """What was lost, for the report; knows when to try again, when to set aside and when to give up."""

    def __init__(self, events: list[str]) -> None:
        self._events = events
        self._times: Counter[Task] = Counter()
        self._unstarted = self._aside = 0

    def note(self, event: str) -> None:
        """Say it on standard error now, and in the report, which keeps the first hundred."""
        if len(self._events) < _MOST_EVENTS:
            self._events.append(event)
        elif len(self._events) == _MOST_EVENTS:
            self._events.append("there were more events like these")
        log.warning("%s", event)

    def success(self) -> None:
        """A batch is done."""
        self._aside = 0

    def started(self) -> None:
        """A worker is ready for its first batch."""
        self._unstarted = 0

    def unstarted(self, how: str) -> None:
        """Count a worker that ended before its first batch.

        Raises
        ------
        WorkersLostError
            At the third in a row.
        """
        self._unstarted += 1
        if self._unstarted == _MOST:
            raise WorkersLostError(f"{how} before its first batch, as did the two before it")
        self.note(f"{how} before its first batch: another was started")

    def count(self, task: Task, how: str) -> None:
        """Count the loss of a batch that is nobody's fault, and is to be done again.

        Raises
        ------
        WorkersLostError
            At the third loss of this batch.
        """
        self._times[task] += 1
        if self._times[task] == _MOST:
            raise WorkersLostError(f"{how}, for the third time at {place(task)}")

    def killed(self, task: Task, how: str, *, most: int = _MOST) -> tuple[list[Task], Outcome | None]:
        """A batch has killed its worker: what to do again, or the outcome of what is set aside instead.

        Raises
        ------
        WorkersLostError
            At the fifth that would be set aside while nothing else succeeded: it is not the instances.
        """
        parts = _halves(task)
        if parts:
            self.note(f"{how} at {place(task)}: done again in two parts")
            return parts, None
        self._times[task] += 1
        if self._times[task] < most:
            self.note(f"{how} at {place(task)}: done again by another")
            return [task], None
        self._aside += 1
        if self._aside == _MOST_IN_A_ROW:
            raise WorkersLostError(
                f"{how} each time at {place(task)}, as at {_MOST_IN_A_ROW - 1} others before it, and nothing "
                "succeeded in between"
            )
        self.note(f"{how} at {place(task)} each time: set aside, counted as failed")
        return [], _set_aside(task, how)


def _halves(task: Task) -> list[Task]:
    """The batch in two, the witnesses of the mutants apart; nothing for what is one piece."""
    if task.witnesses and task.stop > task.start:
        return [replace(task, stop=task.start), replace(task, witnesses=False)]
    if task.stop - task.start < 2:
        return []
    middle = (task.start + task.stop) // 2
    return [replace(task, stop=middle), replace(task, start=middle)]


def _set_aside(task: Task, how: str) -> Outcome:
    """A single instance, or the witnesses, counted as failed."""
    mutants = registry[task.theorem].mutants
    outcome = Outcome.empty(len(mutants))
    if task.witnesses:
        failure = Failure(None, f"{how} each time at the witnesses of the mutants", "", lost=True)
        outcome.witnesses = {m.name: Witnessed("failed", failure=failure) for m in mutants if m.has_witness}
    else:
        outcome.theorem.fail(Failure(task.start, f"{how} each time", "", lost=True))
        outcome.instances = 1
    return outcome


def place(task: Task) -> str:
    """The instances of a batch, in words."""
    first, last = task.start, task.stop - 1
    if first > last:
        return f"the witnesses of {task.theorem}"
    which = f"instance {first}" if first == last else f"instances {first} to {last}"
    return f"{which} of {task.theorem}"
