"""Processes that tests start."""

import signal


def hears_signals() -> None:
    """In the new process: the tests may run under nohup, or in the background, where these are ignored."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
