"""The report file of a campaign under way.

It is written now and then, so that little is lost whatever ends the campaign.
"""

import os
import shlex
import time
from collections.abc import Callable
from typing import Self

from exactrelu.arithmetic.atomic import is_replaceable
from exactrelu.arithmetic.errors import InputError
from exactrelu.campaign.losses import log
from exactrelu.campaign.report import Report

_FIRST_SECONDS, _MOST_SECONDS = 1.0, 30.0


class UnwrittenReportError(InputError):
    """The campaign is done and its report, which is in `report`, cannot be written."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report

    def __reduce__(self) -> tuple[type[Self], tuple[str, Report]]:
        return type(self), (str(self), self.report)


def require_nothing_unfinished(path: str | os.PathLike[str] | None) -> None:
    """Refuse to replace the report of an unfinished campaign, which may be hours of work.

    Raises InputError that says how to go on with it. What is no such report is replaced like any output.
    """
    if path is None or not os.path.isfile(path):
        return
    try:
        found = Report.load(path)
    except InputError:
        return
    if found.unfinished is not None:
        where = os.fspath(path)
        files = [file for file, _ in found.settings.files]
        command = shlex.join(["exactrelu", "verify", "--resume", where, *files])
        raise InputError(
            f"{where} is the report of an unfinished campaign ({found.done:,} of {found.total:,} instances "
            f"done); go on with: {command}; or remove it to begin a new one"
        )


class Keeper:
    """Writes the report of what is done so far, after one second and then at growing intervals.

    A path that is no regular file (a pipe, ``/dev/stdout``) gets the finished report only.
    """

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self._path = path
        self._unfinished = path if path is not None and is_replaceable(path) else None
        self._wait = _FIRST_SECONDS
        self._next = time.monotonic() + self._wait

    def now_and_then(self, report: Callable[[], Report]) -> None:
        """Write the report if it is time."""
        if self._unfinished is None or time.monotonic() < self._next:
            return
        began = time.monotonic()
        self.write(report())
        now = time.monotonic()
        # Of slow file systems too, writing takes a small part of the time.
        self._wait = max(min(1.5 * self._wait, _MOST_SECONDS), 50 * (now - began))
        self._next = now + self._wait

    def write(self, so_far: Report) -> None:
        """Write what is done so far; should that fail, a warning."""
        if self._unfinished is not None:
            try:
                so_far.save(self._unfinished)
            except InputError as error:
                log.warning("%s", error)

    def finished(self, report: Report) -> None:
        """Write the finished report. Raises UnwrittenReportError when the place cannot be written."""
        if self._path is not None:
            try:
                report.save(self._path)
            except InputError as error:
                raise UnwrittenReportError(str(error), report) from error
