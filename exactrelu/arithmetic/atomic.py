"""Writing a file all or nothing."""

import contextlib
import os
import re
import stat
import sys
import tempfile
from pathlib import Path

from exactrelu.arithmetic.errors import InputError


def atomic_write(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write `content` (text as UTF-8) to `path`: afterwards the file is complete, or as it was before.

    The content goes to a new file beside the target, which then takes its name in one step. An interruption
    leaves nothing behind. A target that is no regular file (a pipe, `/dev/stdout`) is written directly.

    Raises
    ------
    InputError
        When the place cannot be written; the message says why.
    BrokenPipeError
        When the place is standard output, and its reader has gone.

    >>> import tempfile, pathlib
    >>> target = pathlib.Path(tempfile.mkdtemp()) / "note.txt"
    >>> atomic_write(target, "one\\n")
    >>> target.read_text()
    'one\\n'
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        descriptor = _descriptor(path)
        if descriptor is not None:
            _append(descriptor, data)
        elif not is_replaceable(path):
            Path(path).write_bytes(data)
        else:
            # Follow links: the file behind a link is replaced, not the link.
            target = Path(os.path.realpath(path))
            _replace(target, data, _permissions(target))
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _descriptor(path) == 1:
            raise  # as when anything else is printed to a reader that has gone
        reason = error.strerror or type(error).__name__
        raise InputError(f"cannot write {os.fspath(path)!r}: {reason.lower()}") from error


def obstacle(path: str | os.PathLike[str]) -> str | None:
    """Why `atomic_write` would fail here and now, tried with an empty file; None where it would not.

    >>> obstacle("."), obstacle("no/such/place/note.txt")
    ('is a directory', 'no such file or directory')
    """
    if not is_replaceable(path):
        return None
    try:
        target = Path(os.path.realpath(path))
        _permissions(target)
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.", suffix=".tmp")
        os.close(handle)
        os.unlink(beside)
    except OSError as error:
        return (error.strerror or type(error).__name__).lower()
    return None


def is_replaceable(path: str | os.PathLike[str]) -> bool:
    """Whether there is a regular file at `path`, or nothing yet: no pipe, no terminal, no ``/dev/stdout``."""
    if _descriptor(path) is not None:
        return False
    try:
        mode = os.stat(path).st_mode  # of the path as it is: what /proc shows of a pipe is no path to it
    except OSError:
        return True  # nothing there, or no way to it: writing will tell
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _descriptor(path: str | os.PathLike[str]) -> int | None:
    """The open file that the path names, such as 1 for ``/dev/stdout``."""
    name = os.path.abspath(os.fspath(path))
    standard = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}.get(name)
    numbered = re.fullmatch(r"/dev/fd/(\d+)|/proc/self/fd/(\d+)", name)
    return int(numbered[1] or numbered[2]) if numbered else standard


def _append(descriptor: int, data: bytes) -> None:
    """Write to an open file, after what was printed to it; opening it anew would cut that off."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(data)


def _permissions(target: Path) -> int:
    """The mode that the file is to have."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(21, "is a directory")
    return stat.S_IMODE(mode)


def _replace(target: Path, data: bytes, mode: int) -> None:
    """Write beside the target, then rename: renaming within a directory is atomic."""
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(beside, mode)
        os.replace(beside, target)
    except BaseException:  # Ctrl-C too
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
