"""Continuing a campaign that was interrupted, from its report."""

import os
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from exactrelu._version import __version__
from exactrelu.arithmetic.errors import InputError
from exactrelu.campaign.keeping import require_nothing_unfinished
from exactrelu.campaign.replaying import plan_of
from exactrelu.campaign.report import Report
from exactrelu.campaign.runner import Progress, campaign, require_integer
from exactrelu.campaign.sources import Names, Source, is_file, listed, select


def resume(
    path: str | os.PathLike[str],
    names: Names = None,
    *,
    jobs: int = 1,
    executor: Executor | None = None,
    scheduler: str | None = None,
    report: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Report:
    """Do what an interrupted campaign left undone; the result is that of a campaign never interrupted.

    Parameters
    ----------
    path : path
        The report that ``verify(..., report=path)`` left behind. One that is finished comes back as it is.
    names : as for `verify`, optional
        Files of theorems have to be named again, as a report does not run a file of its choice, and must not
        have changed. Other names are not needed; they have to mean the theorems of the report.
    jobs, executor, scheduler, progress : as for `verify`
    report : path, optional
        Where to write the report from now on; the default is `path`.
    settings : mapping, optional
        What the campaign is expected to have been begun with, such as ``{"seed": 3}``.

    Raises
    ------
    InputError
        If the file is no report or a damaged one, or is about other theorems, other versions of them, other
        `settings` or another version of exactrelu; if `report` is another unfinished one; and as `verify`.
    """
    require_integer("jobs", jobs, 1)
    before = Report.load(path)
    where = os.fspath(path)
    if report is not None and not (os.path.exists(report) and os.path.samefile(report, path)):
        require_nothing_unfinished(report)
    for name, value in (settings or {}).items():
        begun = getattr(before.settings, name)
        if begun != value:
            raise InputError(
                f"{where} is of a campaign with {name} {begun}, not {value}; leave {name} out to continue "
                "it, or begin a new one"
            )
    _same_theorems(before, where, names)
    if before.unfinished is None:
        if report is not None:
            before.save(report)
        return before
    begun_with = dict(before.run).get("exactrelu")
    if begun_with != __version__:
        raise InputError(
            f"{where} was begun with exactrelu {begun_with}, and this is {__version__}; continue with that "
            "version, or begin a new campaign"
        )
    plan = plan_of(before)
    for (theorem, _), row in zip(plan, before.rows, strict=True):
        if [m.name for m in theorem.mutants] != [m.name for m in row.mutants]:
            raise InputError(f"theorem {theorem.name} has other mutants than when {where} was begun")
    return campaign(
        plan,
        before.settings,
        jobs=jobs,
        executor=executor,
        scheduler=scheduler,
        report=where if report is None else report,
        progress=progress,
        before=before,
    )


def _same_theorems(before: Report, where: str, names: Names) -> None:
    """Refuse files that are not those of the report, and names that mean other theorems."""
    given = [] if names is None else listed(names)
    known = {digest for _, digest in before.settings.files}
    for file in filter(is_file, given):
        if Source.read(file).digest not in known:
            raise InputError(
                f"{where} was not begun with {os.fspath(file)} as it is now; restore the file, or begin "
                "a new campaign"
            )
    meant = set(select(given))
    if not all(map(is_file, given)) and meant != set(before.settings.theorems):
        odd = sorted(meant ^ set(before.settings.theorems))
        which = "is not among those named" if odd[0] in before.settings.theorems else "is not in it"
        raise InputError(
            f"{where} is of a campaign with other theorems: {odd[0]} {which}; leave the names out to "
            "continue it, or begin a new one"
        )
