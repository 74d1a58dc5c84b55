"""Running the campaign of a report again."""

import os
from collections.abc import Iterable
from concurrent.futures import Executor

from exactrelu.arithmetic.errors import InputError
from exactrelu.campaign.feed import Plan
from exactrelu.campaign.keeping import require_nothing_unfinished
from exactrelu.campaign.report import Report
from exactrelu.campaign.runner import Progress, campaign, require_integer
from exactrelu.campaign.sources import Source, home_of
from exactrelu.theorems.registry import registry


def replay(
    report: Report,
    files: Iterable[str | os.PathLike[str]] = (),
    *,
    jobs: int = 1,
    executor: Executor | None = None,
    scheduler: str | None = None,
    saved_as: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run again what a report is about: the same theorems, seed and instances.

    ``again.differences(report)`` then lists what came out differently. Files of theorems are run only when
    they are named here again, so that a report from elsewhere cannot run a file of its choice. `jobs`,
    `executor`, `scheduler` and `progress` are those of `verify`, `saved_as` is its `report`.

    Raises
    ------
    InputError
        If a theorem of the report is not registered, its file is not among `files`, or `saved_as` holds an
        unfinished campaign.
    """
    require_integer("jobs", jobs, 1)
    require_nothing_unfinished(saved_as)
    for path in files:
        Source.read(path).register()
    return campaign(
        plan_of(report),
        report.settings,
        jobs=jobs,
        executor=executor,
        scheduler=scheduler,
        report=saved_as,
        progress=progress,
    )


def plan_of(report: Report) -> Plan:
    """The theorems of the report. Raises InputError if one is not registered."""
    plan: Plan = []
    for name in report.settings.theorems:
        if name not in registry:
            needed = ", ".join(path for path, _ in report.settings.files)
            hint = f"name its file again ({needed})" if needed else "install the package that registers it"
            raise InputError(f"the report is about theorem {name}, which is not registered; {hint}")
        plan.append((registry[name], home_of(registry[name])))
    return plan
