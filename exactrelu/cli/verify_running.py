"""What surrounds a campaign on the command line: signals, the progress bar."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from exactrelu.campaign.runner import Progress


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
