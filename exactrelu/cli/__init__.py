"""The command line.

This module imports nothing heavy, so that the handling of Ctrl-C is in place before anything else loads.
The group of commands is in `group.py`; each command is a file of its own that names its click command
`command` and returns its exit code (None means 0).
"""

import contextlib
import io
import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit code.

    0 holds or done, 1 refuted or rejected, 2 bad usage or input, 3 the tool failed, 130 interrupted.
    """
    code: int | str | None = 0
    if isinstance(sys.stdout, io.TextIOWrapper):
        raw: object = sys.stdout.buffer
        if sys.stdout is sys.__stdout__ and isinstance(raw, io.RawIOBase):
            # Unbuffered (PYTHONUNBUFFERED), Python forgets what a full disk did not take, and no error tells.
            sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), sys.stdout.encoding, write_through=True)
        # Where the encoding lacks a character (σ in Latin-1), write \u03c3 and not a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        from exactrelu.cli.group import cli

        cli.main(prog_name="exactrelu")
    except KeyboardInterrupt:
        code = 130
    except SystemExit as exit_:
        code = exit_.code
    if code == 130:
        _leave_at_once(130)
    sys.exit(code)


def _leave_at_once(code: int) -> None:
    """End now: neither wait for worker processes nor run exit handlers that wait for them."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    multiprocessing = sys.modules.get("multiprocessing")
    if multiprocessing is not None:
        for child in multiprocessing.active_children():
            child.kill()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)
