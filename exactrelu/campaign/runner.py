"""The runner: batches of instances to wherever they are worked on, their outcomes to a report."""

import os
import platform
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from typing import Any

from exactrelu._version import __version__
from exactrelu.arithmetic.errors import InputError
from exactrelu.campaign.examine import Task, perform
from exactrelu.campaign.executors import in_executor, width_of
from exactrelu.campaign.feed import Feed, Plan
from exactrelu.campaign.keeping import Keeper, require_nothing_unfinished
from exactrelu.campaign.losses import Losses
from exactrelu.campaign.outcome import Outcome
from exactrelu.campaign.report import Report, Settings
from exactrelu.campaign.rows import row_of
from exactrelu.campaign.sources import Names, Source, select
from exactrelu.campaign.state import Done
from exactrelu.campaign.workers import in_processes, most_processes
from exactrelu.instances import DEFAULT_BITS, DEFAULT_SIZE
from exactrelu.theorems.registry import registry

Progress = Callable[[int, int, str], None]
"""Called when a theorem begins and after every batch: the instances done, those there are in all, and what is
going on: the name of the theorem under way (of several the first), or "shrinking" and a name."""


def verify(
    names: Names = None,
    *,
    instances: int = 100,
    seed: int = 0,
    size: int = DEFAULT_SIZE,
    bits: int = DEFAULT_BITS,
    jobs: int = 1,
    executor: Executor | None = None,
    scheduler: str | None = None,
    report: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check theorems on random instances, and refute their mutants.

    Parameters
    ----------
    names : str, path, or several of them, optional
        Names of theorems, prefixes of names (``"hanin2021"``), globs (``"*.minimal-*"``), or paths of Python
        files (``"my_theorem.py"``) that register theorems. A file contributes all of its theorems, or, if
        other names given mean some of them, only those. The default is every registered theorem.
    instances : int, at least 1
        How many random instances a theorem is checked on.
    seed : int
        Instance ``i`` of a theorem is a function of the seed, its name, ``i``, `size` and `bits` alone.
    size, bits : int, at least 1
        Roughly the number of points of an instance, and the bit length of random numerators and denominators.
    jobs : int, at least 1
        Worker processes, at most four a core (or eight); with `executor` or `scheduler`, how many batches it
        works on at a time (default: its own number of workers). The report does not depend on it.
    executor : concurrent.futures.Executor, optional
        Where to run the batches instead. It is not shut down.
    scheduler : str, optional
        The address of a Dask scheduler, such as ``"tcp://10.0.0.1:8786"``, on whose cluster to run the
        batches instead; needs the extra ``dask``.
    report : path, optional
        Where to write the report, now and then while the campaign runs and when it ends, however it ends;
        :func:`exactrelu.campaign.resume` continues a campaign from there.
    progress : function (done, total, doing), optional
        Called when a theorem begins, after every batch, and when shrinking begins.

    Returns
    -------
    Report
        ``report.ok``, ``report.rows``; ``print(report)`` shows a table and the counterexamples.

    Raises
    ------
    InputError
        If a name means no theorem, a file cannot be used, a number is out of range, the scheduler does not
        answer, or `report` holds an unfinished campaign.
    MissingExtraError
        If `scheduler` is given and ``distributed`` is not installed.
    WorkersLostError
        If worker processes do not start, or die again and again while nothing else succeeds. One that dies
        otherwise is replaced and its batch done again; an instance that has killed three workers is set
        aside and counts as failed. ``report.events`` says so.

    Notes
    -----
    Memory, and the size of the report, do not grow with the number of instances. Whatever ends a campaign
    early, Ctrl-C too, has the report of what was done as its attribute ``report``, if anything was.

    >>> import exactrelu as er
    >>> report = er.verify("hanin2021", instances=5)
    >>> report.ok
    True
    """
    options = {"instances": instances, "size": size, "bits": bits, "jobs": jobs}
    for name, number in options.items():
        require_integer(name, number, 1)
    require_integer("seed", seed, None)
    require_nothing_unfinished(report)
    plan = _plan(names)
    files = dict.fromkeys(home for _, home in plan if isinstance(home, Source))
    settings = Settings(
        theorems=tuple(theorem.name for theorem, _ in plan),
        instances=instances,
        seed=seed,
        size=size,
        bits=bits,
        files=tuple((source.path, source.digest) for source in files),
    )
    return campaign(
        plan,
        settings,
        jobs=jobs,
        executor=executor,
        scheduler=scheduler,
        report=report,
        progress=progress,
    )


def campaign(
    plan: Plan,
    settings: Settings,
    *,
    jobs: int = 1,
    executor: Executor | None = None,
    scheduler: str | None = None,
    report: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    before: Report | None = None,
) -> Report:
    """Run what `verify` has planned, or what is left of it `before` this run."""
    if executor is not None and scheduler is not None:
        raise InputError("a campaign runs in an executor or on the cluster of a scheduler; give one of them")
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise InputError(f"executor has to be a concurrent.futures.Executor, not {executor!r}")
    run = _Run(plan, settings, jobs, before)
    already = 0 if before is None or before.unfinished is None else before.done
    keeper = Keeper(report)

    def tell(doing: str) -> None:
        if progress is not None:
            progress(sum(part.outcome.instances for part in run.done), settings.instances * len(plan), doing)

    try:
        with ExitStack() as stack:
            if scheduler is not None:
                from exactrelu.campaign.cluster import cluster

                executor = stack.enter_context(cluster(scheduler, run.losses))
            for position in stack.enter_context(closing(run.results(executor, tell))):
                tell(run.doing or plan[position][0].name)
                keeper.now_and_then(run.unfinished)
        finished = run.finished(tell)
    except BaseException as error:  # Ctrl-C too
        so_far = run.unfinished()
        if so_far.done > already:
            vars(error)["report"] = so_far
            keeper.write(so_far)
        raise
    keeper.finished(finished)
    return finished


class _Run:
    """One run of a campaign: what is done, and what to say of it."""

    def __init__(self, plan: Plan, settings: Settings, jobs: int, before: Report | None) -> None:
        self.plan, self.settings, self.jobs = plan, settings, jobs
        self.done = [Done.nothing(len(theorem.mutants)) for theorem, _ in plan]
        self.doing: str | None = None
        self.events: list[str] = []
        self._began = time.perf_counter()
        if before is not None and before.unfinished is not None:
            self.done = list(before.unfinished)
            self.events += before.events
            self._began -= float(dict(before.run).get("seconds", 0))
        self.losses = Losses(self.events)

    def results(self, executor: Executor | None, tell: Callable[[str], None]) -> Generator[int, None, None]:
        """Perform the tasks and add up the outcomes; the position of the theorem after each."""

        def width() -> int:
            return most_processes(self.jobs) if executor is None else width_of(executor, self.jobs)

        feed = Feed(self.plan, self.settings, self.done, width, tell)
        with closing(_perform(feed.tasks(), self.jobs, executor, self.losses)) as results:
            for task, position, outcome in results:
                feed.learn(position, outcome)
                # One assignment: an interruption comes before it or after it.
                self.done[position] = self.done[position].plus(task.start, task.stop, outcome)
                self.doing = feed.doing
                yield position

    def finished(self, tell: Callable[[str], None]) -> Report:
        """The report of all instances, counterexamples shrunk."""
        rows = []
        for (theorem, home), part in zip(self.plan, self.done, strict=True):
            if list(part.gaps(self.settings.instances)):
                raise RuntimeError(f"instances of {theorem.name} are missing")
            if part.outcome.theorem.refuted:
                tell(f"shrinking {theorem.name}")
            rows.append(row_of(theorem, home, part.outcome, self.settings))
        return Report(self.settings, tuple(rows), self._how())

    def unfinished(self) -> Report:
        """The report of what is done so far."""
        done = tuple(self.done)
        rows = tuple(
            row_of(theorem, home, part.outcome, self.settings, final=False)
            for (theorem, home), part in zip(self.plan, done, strict=True)
        )
        return Report(self.settings, rows, self._how(), done)

    def _how(self) -> tuple[tuple[str, Any], ...]:
        run: dict[str, Any] = {
            "exactrelu": __version__,
            "python": platform.python_version(),
            "jobs": self.jobs,
            "seconds": round(time.perf_counter() - self._began, 3),
            "seconds_by_theorem": {
                theorem.name: round(part.outcome.seconds, 3)
                for (theorem, _), part in zip(self.plan, self.done, strict=True)
            },
        }
        if self.events:
            run["events"] = list(self.events)
        return tuple(run.items())


def _perform(
    tasks: Iterable[tuple[Task, int]], jobs: int, executor: Executor | None, losses: Losses
) -> Generator[tuple[Task, int, Outcome], None, None]:
    """Perform the tasks: here, in processes of our own, or in an executor."""
    if executor is not None:
        return in_executor(iter(tasks), jobs, executor, losses)
    if jobs > 1:
        return in_processes(iter(tasks), jobs, losses)
    return ((task, position, perform(task)) for task, position in tasks)


def require_integer(name: str, number: object, least: int | None) -> None:
    """Refuse, naming the option, what is not an integer of at least `least`."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise InputError(f"{name} has to be an integer, not {number!r}")
    if least is not None and number < least:
        raise InputError(f"{name} has to be at least {least}, not {number}")


def _plan(names: Names) -> Plan:
    """The theorems that the names mean."""
    homes = select(names)
    if not homes:
        raise InputError("there is no theorem to check; name one, or a Python file that registers one")
    return [(registry[name], home) for name, home in homes.items()]
