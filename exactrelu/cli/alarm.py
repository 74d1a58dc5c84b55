"""The end of the time that ``--timeout`` gives."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from exactrelu.arithmetic.errors import BudgetExceeded

_AGAIN = 0.002  # seconds until the next look, where the alarm rang in the middle of somebody else's code
_PATIENCE = 200  # looks, after which it interrupts wherever that is: a wait for workers, say
_FOREIGN = sys.stdlib_module_names | {"click", "coverage", "hypothesis", "rich"}  # whole packages


class _TimeIsUp(BaseException):
    """No Exception: nothing on the way may take it for a failure, as a campaign would for one of a check."""


@contextmanager
def deadline(seconds: float | None, message: str | Callable[[], str]) -> Iterator[None]:
    """Raise BudgetExceeded with `message` when the block takes longer than `seconds`.

    It has the attributes that the interruption has gathered on its way, without notes: in the last replay of
    a search Hypothesis takes it for a failure to report. The solvers watch the clock themselves; this covers
    what they do not, such as reading and the checker.
    """
    if seconds is None or not hasattr(signal, "setitimer"):
        yield
        return
    looks = 0

    def ring(_: int, frame: FrameType | None) -> None:
        nonlocal looks
        looks += 1
        if looks <= _PATIENCE and not _interruptible(frame):
            signal.setitimer(signal.ITIMER_REAL, _AGAIN, 1.0)
        else:
            raise _TimeIsUp

    def lost(unraisable: Any) -> None:
        """The alarm rang in a finaliser or the like, out of which no exception comes: it rings again."""
        if unraisable.exc_type is _TimeIsUp:
            signal.setitimer(signal.ITIMER_REAL, 0.01, 1.0)
        else:
            hook(unraisable)

    before, hook = signal.signal(signal.SIGALRM, ring), sys.unraisablehook
    try:
        try:
            sys.unraisablehook = lost
            signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # and again, should anything catch it
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _TimeIsUp as up:
        error = BudgetExceeded(message if isinstance(message, str) else message())
        vars(error).update((name, value) for name, value in vars(up).items() if name != "__notes__")
        raise error from None
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGALRM, before)


def _interruptible(frame: FrameType | None) -> bool:
    """Whether an exception raised in `frame` harms nobody.

    In the middle of other code it can: a lock of a progress bar or a tracer stays locked for good, a
    directory half removed, and Hypothesis takes an interrupted draw for a strategy that changes its mind. It
    calls checks from one place.
    """
    if frame is None or _module(frame) in _FOREIGN:
        return False
    outer: FrameType | None = frame
    while outer is not None and outer.f_code.co_qualname != "_Search._refutes":
        if _module(outer) == "hypothesis":
            return False
        outer = outer.f_back
    return True


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
