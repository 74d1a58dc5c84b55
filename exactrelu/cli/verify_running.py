"""What surrounds a campaign on the command line: the time limit, signals, the progress bar."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from exactrelu.arithmetic.errors import BudgetExceeded
from exactrelu.arithmetic.text import seconds as in_words

if TYPE_CHECKING:
    from exactrelu.campaign.runner import Progress


class _TimeIsUp(BaseException):
    """No Exception: the campaign counts those as failures of the check they come out of."""


@contextmanager
def deadline(seconds: float | None, doing: Callable[[], str], advice: Callable[[], str]) -> Iterator[None]:
    """End the block with BudgetExceeded after this time; the message says what it was doing."""
    if seconds is None or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_: object) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _TimeIsUp as up:
        what = doing()
        if what and not what.startswith("shrinking "):
            what = f"checking {what}"
        while_doing = f" (it was {what})" if what else ""
        error = BudgetExceeded(
            f"the campaign was not done within {in_words(seconds)}{while_doing}; {advice()}"
        )
        vars(error).update(vars(up))  # the report of what was done
        raise error from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def progress_bar(doing: str = "") -> "Iterator[Progress]":
    """A progress bar on standard error, when that is a terminal; `doing` is what goes on at first."""
    if not sys.stderr.isatty():
        yield lambda done, total, doing: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns: list[Any] = [
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    ]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task(doing, total=None)
        yield lambda done, total, doing: bar.update(shown, completed=done, total=total, description=doing)


@contextmanager
def interruptible() -> Iterator[None]:
    """Take SIGTERM, as batch systems send it, and SIGHUP, when the terminal goes, for Ctrl-C."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {}
    for number in (getattr(signal, name) for name in names):
        if signal.getsignal(number) is signal.SIG_DFL:  # not under nohup, which ignores SIGHUP
            before[number] = signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
