"""Text from a file or standard input, bounded, and JSON from it; every failure is one sentence."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any, BinaryIO, NoReturn

from exactrelu.arithmetic.atomic import is_replaceable, obstacle
from exactrelu.arithmetic.errors import InputError
from exactrelu.arithmetic.text import quoted

MAX_BYTES = 10**8
STDIN = "-"


def source_name(source: str) -> str:
    """What messages call the source."""
    return "standard input" if source == STDIN else source or "''"


def read_text(source: str, *, max_bytes: int = MAX_BYTES) -> str:
    """The UTF-8 text of the file `source`, or of standard input for ``-``, without a byte order mark.

    Raises InputError when there is no such file, it cannot be read, is larger than `max_bytes`, or is no
    text in UTF-8.
    """
    name = source_name(source)
    if source == STDIN and sys.stdin is None:  # as after `<&-`
        raise InputError(f"{name} is closed, and data are expected there")
    try:
        if source == STDIN:
            raw = _bounded(sys.stdin.buffer, max_bytes)
        else:
            with open(source, "rb") as stream:
                raw = _bounded(stream, max_bytes)
    except FileNotFoundError:
        raise InputError(f"{name}: there is no such file") from None
    except IsADirectoryError:
        raise InputError(f"{name}: this is a directory, and a file is expected") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{name}: the file cannot be read: {reason.lower()}") from None
    if len(raw) > max_bytes:
        raise InputError(f"{name}: the file is larger than {max_bytes} bytes")
    return _decoded(raw, name)


def _bounded(stream: BinaryIO, max_bytes: int) -> bytes:
    return stream.read(max_bytes + 1)


def _decoded(raw: bytes, name: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{name}: the text is in UTF-16; save it as UTF-8")
    null = raw.find(b"\0")
    if null >= 0:
        raise InputError(f"{name}: this is a binary file (null byte at offset {null}); text is expected")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name}: row {line} is not UTF-8 text (byte 0x{raw[error.start]:02x}); save the file as UTF-8"
        ) from None


def looks_like_json(text: str) -> bool:
    """Whether the text opens an object or a list, as no table of numbers does."""
    return text.lstrip()[:1] in ("{", "[")


def read_json(text: str, name: str) -> Any:
    """The JSON value with its numbers as they are written, strings: ``0.1`` is to mean 1/10.

    Raises InputError for broken JSON, a repeated key, NaN and infinities, and nesting too deep for the
    parser. Linear in the length of the text.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        document = dict(pairs)
        if len(document) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            twice = next(key for key, count in counts.items() if count > 1)
            raise InputError(f"{name}: the key {quoted(twice)} appears twice in one object")
        return document

    def refuse(constant: str) -> NoReturn:
        raise InputError(f"{name}: {constant} is not a finite number (nor JSON)")

    try:
        return json.loads(
            text, parse_int=str, parse_float=str, parse_constant=refuse, object_pairs_hook=unique
        )
    except json.JSONDecodeError as error:
        where = f"row {error.lineno}, character {error.colno}"
        raise InputError(f"{name}: broken JSON at {where}: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except RecursionError:
        raise InputError(f"{name}: the JSON is nested too deeply") from None


def kind(value: object) -> str:
    """What a value of JSON is, for a message."""
    names = {dict: "an object", list: "a list", str: "a number or string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def check_outputs(*files: str | None, plot: str | None = None, sources: Iterable[str | None] = ()) -> None:
    """Refuse output files that could not be written, before a long computation and not after it.

    `plot` is a picture. No output may replace one of the `sources`, which are read, nor another output. A
    name that begins with ``--`` is taken for an option whose predecessor lacks its file, and refused.

    Raises InputError, or MissingExtraError for a picture; what this misses, for example a full disk, the
    writing itself reports.
    """
    seen: set[str] = set()
    for path in (*files, plot):
        if path is None:
            continue
        _check_writable(path)
        if not is_replaceable(path):
            continue  # to a pipe or a terminal, one is written after the other
        if any(source is not None and _is_input(path, source) for source in sources):
            raise InputError(f"cannot write {path!r}: it is the input")
        place = os.path.realpath(path)
        if place in seen:
            raise InputError(f"cannot write {path!r}: two options name this file; give each its own")
        seen.add(place)
    if plot is not None:
        from exactrelu import plotting

        plotting.check_target(plot)


def _is_input(path: str, source: str) -> bool:
    """Whether both are one file; standard input is what it was redirected from."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(0) if source == STDIN else os.stat(source))
    except OSError:
        return False  # one of them is no file


def _check_writable(path: str) -> None:
    if path.startswith("--"):
        raise InputError(
            f"{path} looks like an option where the name of an output file is expected; "
            f"write ./{path} for a file of that name"
        )
    directory = os.path.dirname(os.path.abspath(path))
    if not path:
        reason = "it has no name"
    elif os.path.isdir(path):
        reason = "it is a directory"
    elif not os.path.exists(directory):
        reason = f"the directory {directory!r} does not exist"
    elif not os.path.isdir(directory):
        reason = f"{directory!r} is not a directory"
    elif os.path.exists(path) and not os.access(path, os.W_OK):
        reason = "permission denied"
    else:
        reason = obstacle(path) or ""
        if not reason:
            return
    raise InputError(f"cannot write {path!r}: {reason}")
